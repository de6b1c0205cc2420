"""Expected failures: a title, what happened, what to do; never a traceback."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Problem(Exception):
    """
    A failure the platform expects (RFC 9457), or one of the way to it. Test by `code`.

    In a notebook it shows as a few lines and the cell counts as failed, so that "Run all" stops there.
    """

    def __init__(self, code: str, title: str, *, detail: str = "", hint: str = "", request_id: str = "", fields: Mapping[str, Any] | None = None) -> None:
        super().__init__(detail or title)
        self.code = code
        self.title = title
        self.detail = detail
        self.hint = hint
        self.request_id = request_id
        #: limit, used, requested, resource and errors, where the problem has them
        self.fields = dict(fields or {})

    @classmethod
    def from_document(cls, status: int, document: object) -> Problem:
        """From the body of a failed answer; one that is no problem document becomes `unavailable`."""
        if not isinstance(document, dict) or not isinstance(document.get("code"), str):
            return cls("unavailable", "The platform did not answer as it should", detail=f"It answered {status}.", hint="Try again in a moment.")
        known = {"code", "title", "detail", "hint", "instance", "type", "status", "retryable"}
        return cls(
            document["code"],
            str(document.get("title", document["code"])),
            detail=str(document.get("detail", "")),
            hint=str(document.get("hint", "")),
            request_id=str(document.get("instance", "")),
            fields={name: value for name, value in document.items() if name not in known},
        )

    def lines(self) -> list[str]:
        """What a person is told, line by line."""
        rows = [self.title, self.detail, *self._errors(), self.hint and f"Hint: {self.hint}", self.request_id and f"Request {self.request_id}"]
        return [row for row in rows if row]

    def _errors(self) -> list[str]:
        errors = self.fields.get("errors")
        if not isinstance(errors, list):
            return []
        return [f"  {error.get('path', '')}: {error.get('message', '')}" for error in errors if isinstance(error, dict)]

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def _render_traceback_(self) -> list[str]:
        # IPython asks for this instead of printing a traceback
        return self.lines()


def usage(message: str, hint: str = "") -> Problem:
    """A magic that was not called as it is meant to be."""
    return Problem("invalid-request", message, hint=hint)
