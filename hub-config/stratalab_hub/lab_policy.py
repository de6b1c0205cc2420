"""A server extension of workspaces: what a Lab page may not change, because all workspaces share one installation (T64)."""

from __future__ import annotations

from typing import Any

from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web
from tornado.httputil import HTTPServerRequest
from tornado.routing import Matcher, Rule

# Installing, removing, enabling and disabling write into the shared Python environment.
CLOSED_ROUTES = ("lab/api/extensions", "lab/api/plugins")


class ExtensionsAreFixed(APIHandler):
    """Refuses; reading the lists stays possible, since only changes are routed here."""

    @web.authenticated
    async def post(self) -> None:
        raise web.HTTPError(403, "The extensions of this installation are chosen by its administrators.")

    put = patch = delete = post


class Changes(Matcher):
    """Matches every request to a route but those that only read."""

    def __init__(self, path: str) -> None:
        self._path = path

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        is_change = request.method not in ("GET", "HEAD", "OPTIONS")
        return {} if is_change and request.path.rstrip("/") == self._path else None


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Puts the refusals in front of Lab's own routes, whatever the order in which extensions load."""
    base_url = server.web_app.settings["base_url"]
    for route in CLOSED_ROUTES:
        server.web_app.default_router.rules.insert(0, Rule(Changes(url_path_join(base_url, route)), ExtensionsAreFixed))
