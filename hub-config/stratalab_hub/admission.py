"""Asks the platform, before each spawn, whether the workspace fits the tenant's quota."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

from .refusal import UNREACHABLE, WorkspaceRefused, read_problem

TIMEOUT_SECONDS = 15
# A platform that starts or restarts is back within seconds; every call here is idempotent.
RETRY_AFTER_SECONDS = (0.3, 0.7, 1.5)
RETRIED_STATUS = (502, 503, 599)


@dataclass(frozen=True)
class WorkspaceImage:
    """One of the container images a profile may run, named by digest."""

    name: str
    display_name: str
    image: str


@dataclass(frozen=True)
class Profile:
    """A size of workspace on offer; the fields with a default matter only where workspaces are pods."""

    name: str
    display_name: str
    description: str
    cpu: float
    memory_mib: int
    gpu_count: int
    gpu_resource: str | None = None
    node_selector: Mapping[str, str] = field(default_factory=dict)
    tolerations: tuple[Mapping[str, Any], ...] = ()
    images: tuple[WorkspaceImage, ...] = ()


@dataclass(frozen=True)
class Admitted:
    """A workspace may start with this profile, on the quota of this tenant."""

    tenant: str
    profile: Profile


class Admission:
    """The platform's admission of workspaces, over loopback with the service's own credential."""

    def __init__(self, base_url: str, token: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._token = token

    async def admit(self, subject: str, profile: str | None, groups: list[str]) -> Admitted:
        """Takes the profile from the quota; a second call replaces the first. Raises WorkspaceRefused."""
        body: dict[str, Any] = {"subject": subject, "server": "", "groups": groups}
        if profile is not None:
            body["profile"] = profile
        answer = await self._call("POST", "/admissions", body)
        return Admitted(tenant=answer["tenant"], profile=_profile(answer["profile"]))

    async def release(self, subject: str) -> None:
        """Gives back what the person's workspace holds, if anything. Raises WorkspaceRefused."""
        await self._call("DELETE", f"/admissions/{quote(subject, safe='')}")

    async def profiles(self, groups: list[str]) -> list[Profile]:
        """Profiles the tenant that pays for this person may use, the default one first. Raises WorkspaceRefused."""
        return [_profile(row) for row in (await self._call("POST", "/admissions/profiles", {"groups": groups}))["items"]]

    async def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        for pause in (*RETRY_AFTER_SECONDS, None):
            try:
                return await self._send(method, path, body)
            except HTTPClientError as error:
                if error.code not in RETRIED_STATUS or pause is None:
                    raise WorkspaceRefused(read_problem(error.response.body if error.response else b"")) from error
            except OSError as error:
                if pause is None:
                    raise WorkspaceRefused(UNREACHABLE) from error
            await asyncio.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    async def _send(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        headers = {"Authorization": f"token {self._token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        request = HTTPRequest(
            f"{self._base_url}/api/control/v1{path}",
            method=method,
            headers=headers,
            body=None if body is None else json.dumps(body),
            request_timeout=TIMEOUT_SECONDS,
            follow_redirects=False,
        )
        answer = await AsyncHTTPClient().fetch(request)
        return json.loads(answer.body) if answer.body else {}


def _profile(row: Mapping[str, Any]) -> Profile:
    return Profile(
        name=str(row["name"]),
        display_name=str(row["displayName"]),
        description=str(row["description"]),
        cpu=float(row["cpu"]),
        memory_mib=int(row["memoryMiB"]),
        gpu_count=int(row["gpuCount"]),
        gpu_resource=row.get("gpuResource"),
        node_selector=dict(row.get("nodeSelector") or {}),
        tolerations=tuple(dict(toleration) for toleration in row.get("tolerations") or ()),
        images=tuple(WorkspaceImage(image["name"], image["displayName"], image["image"]) for image in row.get("images") or ()),
    )
