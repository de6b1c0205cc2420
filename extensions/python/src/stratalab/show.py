"""Plain rich output: tables and cards that escape everything and take their looks from the notebook."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timezone
from html import escape
from typing import Any

from .connection import quote

Cell = str | int | float | None


class Table(Sequence[dict[str, Any]]):
    """Rows as the platform gave them; shows as a table, indexes and iterates as dictionaries."""

    def __init__(self, rows: Sequence[dict[str, Any]], columns: dict[str, Callable[[dict[str, Any]], Cell]], empty: str) -> None:
        self._rows = list(rows)
        self._columns = columns
        self._empty = empty

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: Any) -> Any:
        return self._rows[index]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._rows)

    def _cells(self) -> list[list[str]]:
        return [[_text(cell(row)) for cell in self._columns.values()] for row in self._rows]

    def __repr__(self) -> str:
        if not self._rows:
            return self._empty
        lines = [list(self._columns), *self._cells()]
        widths = [max(len(line[index]) for line in lines) for index in range(len(self._columns))]
        return "\n".join("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines)

    def _repr_html_(self) -> str:
        if not self._rows:
            return f"<p>{escape(self._empty)}</p>"
        head = "".join(f"<th>{escape(name)}</th>" for name in self._columns)
        body = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in line)}</tr>" for line in self._cells())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def size(size_bytes: int | None) -> str:
    """A size with its binary unit; empty for none."""
    if size_bytes is None:
        return ""
    value = float(size_bytes)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 10 else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} TiB"


def ago(time: str | None, now: datetime | None = None) -> str:
    """How long ago, in the largest unit; empty for none."""
    if not time:
        return ""
    seconds = ((now or datetime.now(timezone.utc)) - datetime.fromisoformat(time)).total_seconds()
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{int(seconds // length)} {unit} ago"
    return "just now"


def link_to(urn: str) -> str:
    """Address that opens the page of an object in JupyterLab."""
    return f"{os.environ.get('JUPYTERHUB_SERVICE_PREFIX', '/')}lab?stratalab={quote(urn)}"


def open_button(urn: str, label: str) -> str:
    """HTML that opens the page of an object: in this Lab by its command, elsewhere by its address."""
    arguments = escape(json.dumps({"urn": urn}), quote=True)
    return (
        f'<a href="{escape(link_to(urn), quote=True)}" target="_blank" rel="noopener">{escape(label)}</a> '
        f'<button type="button" data-commandlinker-command="stratalab:open-object" data-commandlinker-args="{arguments}">Open here</button>'
    )


class Card:
    """A few lines about an object that change in place while one watches."""

    def __init__(self, urn: str, label: str) -> None:
        self.urn = urn
        self.label = label
        self.lines: list[str] = []
        #: 0..1, or None where nothing is known
        self.fraction: float | None = None

    def __repr__(self) -> str:
        return "\n".join([self.label, *self.lines])

    def _repr_html_(self) -> str:
        lines = "".join(f"<div>{escape(line)}</div>" for line in self.lines)
        bar = "" if self.fraction is None else f'<progress max="1" value="{self.fraction:.4f}"></progress>'
        return f"<div>{open_button(self.urn, self.label)}{lines}{bar}</div>"


class Display:
    """A place in the output of a cell; what is shown there replaces what was, and nothing is sent when nothing changed."""

    def __init__(self) -> None:
        self._handle: Any = None
        self._shown = ""

    def show(self, card: Card) -> None:
        html = card._repr_html_()
        if html == self._shown:
            return
        self._shown = html
        if self._handle is None:
            from IPython.display import display

            self._handle = display(card, display_id=True)
        else:
            self._handle.update(card)
