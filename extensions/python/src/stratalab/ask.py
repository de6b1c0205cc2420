"""Questions to a collection, answered with citations that were checked."""

from __future__ import annotations

from html import escape
from typing import Any

from .arguments import Words, read_reference
from .connection import Connection, quote
from .problem import Problem, usage
from .show import open_button

OPTIONS = ("endpoint", "k", "mode")
MODES = ("hybrid", "dense", "bm25")
LONGEST_PASSAGE = 240
VERDICTS = {
    "cited": "Every sentence is supported by a passage it cites.",
    "partly-cited": "Some sentences are supported by no passage.",
    "uncited": "No sentence is supported by a passage; these are the best passages in their own words.",
    "no-passages": "Nothing was found, so no model was asked.",
}


class Answer:
    """An answer with its sources; `data` is all the platform said, the retrieval trace included."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data

    @property
    def text(self) -> str:
        return str(self.data["text"])

    def _sources(self) -> list[str]:
        """One line for each passage that stands behind the answer."""
        lines = []
        for citation in self.data["citations"]:
            if citation["isValid"]:
                place = f", page {citation['page']}" if citation["page"] else ""
                lines.append(f"[{citation['marker']}] {citation['documentName']}{place}: “{citation['quote'] or ''}”")
        for passage in self.data["passages"]:
            place = f", page {passage['page']}" if passage["page"] else ""
            lines.append(f"[{passage['marker']}] {passage['documentName']}{place}: “{_excerpt(passage['text'])}”")
        return list(dict.fromkeys(lines))

    def _verdict(self) -> str:
        return VERDICTS.get(self.data["verdict"], self.data["verdict"])

    def __repr__(self) -> str:
        return "\n\n".join(part for part in (self.text, "\n".join(self._sources()), self._verdict()) if part)

    def _repr_html_(self) -> str:
        paragraphs = "".join(f"<p>{escape(part)}</p>" for part in self.text.split("\n\n") if part.strip())
        sources = "".join(f"<li>{escape(line)}</li>" for line in self._sources())
        return f"<div>{paragraphs}<ul>{sources}</ul><p><em>{escape(self._verdict())}</em></p>{open_button(self.data['urn'], 'Answer with its trace')}</div>"


def _excerpt(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_PASSAGE else words[:LONGEST_PASSAGE].rstrip() + "…"


def ask(connection: Connection, words: Words, question: str) -> Answer:
    """Asks a collection through a chat endpoint, the first ready one unless named. Raises Problem."""
    if len(words.plain) != 1:
        raise usage("Name one collection.", "%%ask handbook endpoint=chat, and the question in the lines below")
    if not question.strip():
        raise usage("There is no question.", "Write it in the lines below %%ask.")
    collection, _ = read_reference(words.plain[0])
    body: dict[str, Any] = {"question": question.strip(), "endpoint": words.options.get("endpoint") or _first_chat(connection)}
    if "k" in words.options:
        body["k"] = words.number("k", 4, 1, 20)
    if "mode" in words.options:
        if words.options["mode"] not in MODES:
            raise usage(f"There is no mode '{words.options['mode']}'.", f"The modes are {', '.join(MODES)}.")
        body["mode"] = words.options["mode"]
    return Answer(connection.call("agents", "POST", f"/collections/{quote(collection)}/ask", body=body))


def _first_chat(connection: Connection) -> str:
    endpoints = list(connection.pages("serving", "/endpoints", query={"kind": "chat"}, limit=100))
    ready = [row for row in endpoints if row["isReady"]]
    if not ready:
        detail = f"'{endpoints[0]['name']}' is not ready: {endpoints[0]['message']}" if endpoints else "There is no chat endpoint in this tenant."
        raise Problem("invalid-state", "No chat endpoint answers", detail=detail, hint="Serve a chat model first: %deploy model")
    return str(ready[0]["name"])
