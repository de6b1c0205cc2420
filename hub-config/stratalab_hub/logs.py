"""What the Hub writes to its log: one line per request, no secret, nothing of unbounded length (T71)."""

from __future__ import annotations

import logging
import re
from typing import Any

from jupyterhub.log import CoroutineLogFormatter, _scrub_uri
from jupyterhub.metrics import prometheus_log_method
from tornado.log import access_log
from tornado.web import HTTPError

LONGEST_PATH = 200
WITHHELD = "[withheld]"
# What the Hub and Tornado quote of a request: query strings and header lists, names typed into the sign-in form (people
# type passwords there), refused redirects, bodies that are not JSON.
_QUOTED = re.compile(
    r"(?P<query>\?)[^\s'\"<>]+"
    r"|(?P<words>Failed login for |Disallowing redirect outside JupyterHub: |Bad JSON: |'(?:_xsrf|token)' argument )[^\n]*"
    r"|(?P<scheme>\b(?:token|bearer|basic) )[\w.~+/=-]{8,}",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """The text without what may be a secret."""
    return _QUOTED.sub(lambda found: (found["query"] or found["words"] or found["scheme"]) + WITHHELD, text)


class RedactingFormatter(CoroutineLogFormatter):
    """The Hub's formatter; every line, tracebacks included, passes `redact`."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def log_request(handler: Any) -> None:
    """Replaces the Hub's request log, which writes all headers of a failed request."""
    status = handler.get_status()
    path = _scrub_uri(handler.request.path)
    if len(path) > LONGEST_PATH:
        path = f"{path[:LONGEST_PATH]}…({len(path)} characters)"
    duration = 1000 * handler.request.request_time()
    access_log.log(_level(status), "%d %s %s (%s) %.0fms", status, handler.request.method, path, _user_name(handler), duration)
    prometheus_log_method(handler)


def _level(status: int) -> int:
    if status >= 500:
        return logging.ERROR
    return logging.WARNING if status >= 400 else logging.DEBUG


def _user_name(handler: Any) -> str:
    try:
        user = handler.current_user
    except (HTTPError, RuntimeError, AttributeError):
        return "-"
    return getattr(user, "name", "-")


def configure_logs(c: Any, level: str) -> None:
    """Applies both to the Hub."""
    c.JupyterHub.log_level = level
    c.JupyterHub.tornado_settings = {"log_function": log_request}
    c.JupyterHub.logging_config = {"formatters": {"console": {"class": f"{__name__}.{RedactingFormatter.__name__}"}}}
