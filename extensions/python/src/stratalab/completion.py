"""Names after a magic, completed from memory; the platform is asked at most twice a minute."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

from . import jobs, models
from . import sql as sqls
from .ask import MODES
from .ask import OPTIONS as ASK_OPTIONS
from .connection import Connection, shared
from .problem import Problem

KEPT_SECONDS = 30.0
MOST_NAMES = 500

Source = Callable[[Connection], list[str]]


def _names(service: str, path: str, field: str = "name", **query: str) -> Source:
    return lambda connection: [str(row[field]) for row in connection.pages(service, path, query=query, limit=MOST_NAMES)]


DATASETS = _names("catalog", "/datasets")
MODELS = _names("models", "/models")
COLLECTIONS = _names("agents", "/collections")
CHATS = _names("serving", "/endpoints", kind="chat")
JOBS = _names("compute", "/jobs", field="id", activity="active")


class Names:
    """Names of one kind of object, kept for half a minute; none when the platform does not answer."""

    def __init__(self) -> None:
        self._kept: dict[Source, tuple[float, list[str]]] = {}

    def of(self, source: Source) -> list[str]:
        kept = self._kept.get(source)
        if kept is not None and monotonic() - kept[0] < KEPT_SECONDS:
            return kept[1]
        try:
            names = source(shared())
        except Problem:
            # completion must never be what fails; the magic itself will say why
            names = []
        self._kept[source] = (monotonic(), names)
        return names


def complete(names: Names, magic: str, line: str, word: str) -> list[str]:
    """Continuations of the last word of a line that begins with a magic."""
    option, equals, value = word.partition("=")
    if equals:
        return [f"{option}={done}" for done in _values(names, option, value) if done.startswith(f"{value}")]
    is_first = len(line.split()) <= 1 or (len(line.split()) == 2 and not line.endswith(" "))
    subjects = {"%dataset": DATASETS, "%deploy": MODELS, "%%ask": COLLECTIONS, "%job": JOBS}
    found = names.of(subjects[magic]) if magic in subjects and is_first else []
    options = {"%%job": jobs.OPTIONS, "%deploy": models.OPTIONS, "%%ask": ASK_OPTIONS, "%%sql": sqls.OPTIONS}
    found = found + [f"{name}=" for name in options.get(magic, ()) if magic == "%%job" or not is_first or magic == "%%sql"]
    return [name for name in found if name.startswith(word)]


def _values(names: Names, option: str, value: str) -> list[str]:
    if option == "datasets":
        head = value.rpartition(",")[0]
        return [f"{head}," * bool(head) + name for name in names.of(DATASETS)]
    if option == "endpoint":
        return names.of(CHATS)
    return list({"launcher": jobs.LAUNCHERS, "wait": ("yes", "no"), "mode": MODES}.get(option, ()))


def add_completion(shell: Any) -> None:
    """Completes dataset, model, collection and endpoint names and options after the magics of this package."""
    names = Names()
    for magic in ("%dataset", "%deploy", "%%ask", "%%job", "%job", "%%sql"):

        def hook(_shell: Any, event: Any, magic: str = magic) -> list[str]:
            word = event.line.rpartition(" ")[2]
            # IPython replaces only what follows the last mark it splits at, such as = or @
            kept = len(word) - len(event.symbol)
            return [done[kept:] for done in complete(names, magic, event.line, word)]

        shell.set_hook("complete_command", hook, str_key=magic)
