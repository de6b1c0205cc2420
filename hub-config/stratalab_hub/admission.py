"""Asks the platform, before each spawn, whether the workspace fits the tenant's quota."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from jupyterhub.spawner import SpawnException
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

TIMEOUT_SECONDS = 15


class WorkspaceRefused(SpawnException):
    """A spawn that must not happen; the message is shown to the person who asked."""

    def __init__(self, message: str, html_message: str) -> None:
        super().__init__(403, message)
        self.jupyterhub_message = message
        self.jupyterhub_html_message = html_message


class Admission:
    """The platform's admission of workspaces, over loopback with the service's own credential."""

    def __init__(self, base_url: str, token: str) -> None:
        self._url = f"{base_url}/api/control/v1/admissions"
        self._token = token

    async def admit(self, subject: str, groups: list[str], profile: str | None) -> Mapping[str, Any]:
        """Returns the admitted tenant and profile. Raises WorkspaceRefused with the numbers and what to do."""
        body: dict[str, Any] = {"subject": subject, "server": "", "groups": groups}
        if profile:
            body["profile"] = profile
        try:
            return await self._call("POST", self._url, body)
        except HTTPClientError as error:
            raise refusal(error.response.body if error.response else b"") from error
        except OSError as error:
            raise refusal(b"") from error

    async def release(self, subject: str) -> None:
        await self._call("DELETE", f"{self._url}/{quote(subject, safe='')}", None)

    async def profiles(self) -> list[Mapping[str, Any]]:
        answer = await self._call("GET", self._url.replace("/admissions", "/profiles"), None)
        return list(answer["items"])

    async def _call(self, method: str, url: str, body: dict[str, Any] | None) -> Mapping[str, Any]:
        request = HTTPRequest(
            url,
            method=method,
            headers={"Authorization": f"token {self._token}", "Content-Type": "application/json"},
            body=None if body is None else json.dumps(body),
            request_timeout=TIMEOUT_SECONDS,
        )
        if body is None:
            request.headers.pop("Content-Type")
        answer = await AsyncHTTPClient().fetch(request)
        return json.loads(answer.body) if answer.body else {}


def refusal(body: bytes) -> WorkspaceRefused:
    """Turns the platform's problem document into what the person sees; every word is escaped."""
    try:
        problem = json.loads(body)
    except ValueError:
        problem = {}
    if not isinstance(problem, dict) or "title" not in problem:
        problem = {"title": "The platform does not answer right now", "hint": "Try again in a few seconds."}
    lines = [str(problem["title"])]
    if "detail" in problem:
        lines.append(str(problem["detail"]))
    if all(name in problem for name in ("limit", "used", "requested")):
        lines.append(f"{problem.get('resource', 'quota')}: limit {problem['limit']:g}, used {problem['used']:g}, requested {problem['requested']:g}")
    if "hint" in problem:
        lines.append(str(problem["hint"]))
    return WorkspaceRefused(" · ".join(lines), "<br>".join(html.escape(line) for line in lines))
