"""Sharing of workspaces is off for everybody, administrators included (T08)."""

from __future__ import annotations

from typing import Any

from jupyterhub.apihandlers.base import APIHandler
from jupyterhub.handlers.base import BaseHandler
from tornado import web

REASON = "Sharing workspaces is off: without a domain per user, a shared server could act as whoever opens it."


class SharingOff(BaseHandler):
    """Answers every way to share or to accept a share."""

    # Refused before anything is looked at, the XSRF cookie included.
    async def prepare(self) -> None:
        raise web.HTTPError(403, REASON)


class SharingOffAPI(APIHandler):
    """The same, as JSON."""

    async def prepare(self) -> None:
        raise web.HTTPError(403, REASON)


# Placed before the Hub's own routes, which would serve these.
SHARING_OFF: list[tuple[str, type]] = [
    (r"/accept-share", SharingOff),
    (r"/api/(?:shares|share-codes)(?:/.*)?", SharingOffAPI),
    (r"/api/(?:users|groups)/[^/]+/shared(?:/.*)?", SharingOffAPI),
]


def sharing_problems(config: Any) -> list[str]:
    """What in a Hub configuration would let one user open a server to another without a domain per user."""
    # only a configured value: reading a missing one makes traitlets invent a truthy placeholder
    if "subdomain_host" in config.JupyterHub and config.JupyterHub.subdomain_host:
        return []
    return [
        f"The role '{role['name']}' grants '{scope}', but sharing needs JupyterHub.subdomain_host."
        for role in config.JupyterHub.load_roles
        for scope in role.get("scopes", [])
        if scope.partition("!")[0].split(":")[-1] == "shares" and not scope.startswith(("read:", "list:"))
    ]
