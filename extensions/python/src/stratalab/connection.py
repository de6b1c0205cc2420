"""A tiny HTTP client of the platform: JSON in and out, the caller's own credential, failures as `Problem`."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from .problem import Problem

TIMEOUT_SECONDS = 60
# After an answer that may be another one soon: the platform is restarted within some seconds.
RETRY_SECONDS = (0.5, 1.0, 2.0, 4.0)
RETRYABLE_STATUS = (502, 503, 504)
PAGE_SIZE = 100


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the credential somewhere else; the platform never sends one."""

    def redirect_request(self, *_arguments: Any) -> None:
        return None


def _opener(url: str) -> urllib.request.OpenerDirector:
    handlers: list[Any] = [_NoRedirect()]
    if urllib.parse.urlsplit(url).hostname in ("127.0.0.1", "::1", "localhost"):
        # a proxy cannot reach this machine's own loopback
        handlers.append(urllib.request.ProxyHandler({}))
    return urllib.request.build_opener(*handlers)


class Connection:
    """Where the platform is, in which tenant one works there, and with what one proves who one is."""

    def __init__(self, environ: Mapping[str, str] | None = None, pause: Callable[[float], None] = time.sleep) -> None:
        self._environ = os.environ if environ is None else environ
        self._pause = pause
        self._tenant = self._environ.get("STRATALAB_TENANT", "")

    @property
    def url(self) -> str:
        """Base URL without a slash at the end. Raises Problem outside a workspace or job."""
        url = self._environ.get("STRATALAB_URL", "")
        if not url.startswith(("http://", "https://")):
            raise Problem("unavailable", "There is no platform here", detail="STRATALAB_URL is not set.", hint="Run this in a Stratalab workspace, or set STRATALAB_URL and a token.")
        return url.rstrip("/")

    @property
    def tenant(self) -> str:
        """The tenant of this workspace or job; elsewhere the first one of the caller. Raises Problem when there is none."""
        if not self._tenant:
            tenants = self.request("GET", "/api/control/v1/whoami")["tenants"]
            if not tenants:
                raise Problem("forbidden", "You are not a member of any tenant", hint="Ask an administrator to add you to a tenant.")
            self._tenant = tenants[0]["name"]
        return self._tenant

    def token(self) -> str:
        """The credential: the file of a job, which is renewed, before the variable of a workspace. Raises Problem."""
        path = self._environ.get("STRATALAB_TOKEN_FILE", "")
        if path:
            try:
                return Path(path).read_text().strip()
            except OSError as error:
                raise Problem("unauthenticated", "The token file cannot be read", detail=f"{path}: {error.strerror}.") from error
        token = self._environ.get("JUPYTERHUB_API_TOKEN", "") or self._environ.get("STRATALAB_TOKEN", "")
        if not token:
            raise Problem("unauthenticated", "There is no credential here", hint="Run this in a Stratalab workspace, or set STRATALAB_TOKEN_FILE.")
        return token

    def call(self, service: str, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: object = None, key: str = "") -> Any:
        """
        One call in the tenant; `path` begins with a slash and has its names quoted (`quote`).
        `key` makes a POST safe to repeat. Raises Problem.
        """
        return self.request(method, f"/api/{service}/v1/tenants/{quote(self.tenant)}{path}", query=query, body=body, key=key)

    def pages(self, service: str, path: str, *, query: Mapping[str, Any] | None = None, limit: int = 1000) -> Iterator[Any]:
        """The rows of a list, page by page, at most `limit` of them."""
        cursor, left = None, limit
        while left > 0:
            page = self.call(service, "GET", path, query={**(query or {}), "cursor": cursor, "limit": min(PAGE_SIZE, left)})
            yield from page["items"]
            left -= len(page["items"])
            cursor = page["nextCursor"]
            if cursor is None:
                return

    def request(self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: object = None, key: str = "") -> Any:
        """One request below the base URL; reads are repeated while the platform restarts, writes only with a `key`. Raises Problem."""
        parameters = {name: value for name, value in (query or {}).items() if value is not None}
        url = f"{self.url}{path}" + (f"?{urllib.parse.urlencode(parameters)}" if parameters else "")
        headers = {"Accept": "application/json", **({"Content-Type": "application/json"} if body is not None else {}), **({"Idempotency-Key": key} if key else {})}
        data = None if body is None else json.dumps(body).encode()
        is_repeatable = method == "GET" or key != ""
        for seconds in (*RETRY_SECONDS, None):
            try:
                return self._send(method, url, headers, data)
            except _Unsettled as error:
                if seconds is None or not is_repeatable:
                    raise error.problem from error.__cause__
                self._pause(seconds)
        raise AssertionError("the last try returns or raises")

    def pause(self, seconds: float) -> None:
        """Waits; replaceable for tests."""
        self._pause(seconds)

    def _send(self, method: str, url: str, headers: Mapping[str, str], data: bytes | None) -> Any:
        request = urllib.request.Request(url, data, {**headers, "Authorization": f"token {self.token()}"}, method=method)
        try:
            with _opener(url).open(request, timeout=TIMEOUT_SECONDS) as answer:
                return _json(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                problem = Problem.from_document(error.code, _json(error.read()))
            if error.code in RETRYABLE_STATUS:
                raise _Unsettled(problem) from error
            raise problem from None
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            reason = getattr(error, "reason", error)
            problem = Problem("unavailable", "The platform cannot be reached", detail=f"{self.url}: {reason}", hint="Is it running? Try again in a moment.")
            raise _Unsettled(problem) from error


class _Unsettled(Exception):
    """A failure that may be gone soon."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.title)
        self.problem = problem


def _json(text: bytes) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None


def quote(name: str) -> str:
    """A name as one segment of a path."""
    return urllib.parse.quote(name, safe="")


_shared: Connection | None = None


def shared() -> Connection:
    """The connection of this process, made from its environment when it is first needed."""
    global _shared
    if _shared is None:
        _shared = Connection()
    return _shared


def use(connection: Connection | None) -> None:
    """Replaces the connection of this process; `None` makes a new one from the environment when it is next needed."""
    global _shared
    _shared = connection
