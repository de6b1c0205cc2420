"""A workspace that may not start, told to its owner in plain words."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any

from jupyterhub.spawner import SpawnException

UNREACHABLE = {
    "title": "The platform does not answer right now",
    "status": 503,
    "code": "unavailable",
    "hint": "Nothing is lost. Try again in a few seconds; if this stays, tell an administrator.",
}
UNITS = {"cpu": "cores", "memory-mib": "MiB of memory", "gpu": "GPUs", "workspaces": "workspaces"}


class WorkspaceRefused(SpawnException):
    """A spawn that must not happen. Its message is shown on the page and returned by the Hub's API."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        lines = describe(problem)
        status = problem.get("status", 503)
        super().__init__(
            " ".join(line if line.endswith(".") else f"{line}." for line in lines),
            reason=str(problem.get("code", "unavailable")),
            message_html=_paragraphs(lines),
            status_code=status if isinstance(status, int) and 400 <= status < 600 else 503,
        )
        # The names by which the Hub's pages look for the two.
        self.jupyterhub_message = self.message
        self.jupyterhub_html_message = self.message_html


def read_problem(body: bytes) -> Mapping[str, Any]:
    """The RFC 9457 problem of an answer; what to say instead when there is none."""
    try:
        problem = json.loads(body)
    except ValueError:
        return UNREACHABLE
    return problem if isinstance(problem, dict) and isinstance(problem.get("title"), str) else UNREACHABLE


def describe(problem: Mapping[str, Any]) -> list[str]:
    """Title, detail, the numbers and the hint, as far as the problem has them."""
    lines = [str(problem["title"])]
    if problem.get("detail"):
        lines.append(str(problem["detail"]))
    numbers = [problem.get(name) for name in ("limit", "used", "requested")]
    if all(isinstance(number, int | float) for number in numbers):
        limit, used, requested = (f"{number:,.10g}" for number in numbers)
        resource = str(problem.get("resource", ""))
        lines.append(f"Limit {limit}, used {used}, requested {requested} {UNITS.get(resource, resource)}".rstrip())
    if problem.get("hint"):
        lines.append(str(problem["hint"]))
    return lines


def _paragraphs(lines: list[str]) -> str:
    title, *rest = (html.escape(line) for line in lines)
    return f"<strong>{title}</strong>" + "".join(f"<br>{line}" for line in rest)
