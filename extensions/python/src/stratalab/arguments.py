"""Words after a magic: plain ones and `name=value`."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field

from .problem import usage

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}\Z")


@dataclass(frozen=True)
class Words:
    """The words of a line, told apart."""

    plain: list[str]
    options: dict[str, str] = field(default_factory=dict)

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number within limits. Raises Problem."""
        text = self.options.get(name, str(default))
        value = int(text) if re.fullmatch(r"\d{1,9}", text) else least - 1
        if not least <= value <= most:
            raise usage(f"{name}={text} must be a whole number from {least} to {most}.")
        return value

    def amount(self, name: str, default: float) -> float:
        """A positive number, with or without decimals. Raises Problem."""
        text = self.options.get(name, str(default))
        if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", text) or float(text) <= 0:
            raise usage(f"{name}={text} must be a number above zero.")
        return float(text)


def read_words(line: str, known: tuple[str, ...]) -> Words:
    """Splits a line as a shell does. Raises Problem for an option that is not known."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise usage(f"The line cannot be read: {error}.") from error
    plain: list[str] = []
    options: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.isidentifier():
            plain.append(word)
        elif name not in known:
            raise usage(f"There is no option '{name}'.", f"The options are {', '.join(known)}." if known else "There are no options here.")
        else:
            options[name] = value
    return Words(plain, options)


def read_reference(text: str) -> tuple[str, str | None]:
    """`name` or `name@version`. Raises Problem."""
    name, _, version = text.partition("@")
    if not NAME.match(name):
        raise usage(f"'{name}' is not a name.", "Names are letters, digits, dots, dashes and underscores.")
    return name, version or None


def read_mebibytes(text: str) -> int:
    """`2048`, `512MiB` or `2GiB` as MiB. Raises Problem."""
    match = re.fullmatch(r"(\d{1,9}(?:\.\d+)?)\s*(m|g|mib|gib|mb|gb)?", text.strip().lower())
    if match is None:
        raise usage(f"'{text}' is not an amount of memory.", "Write 2048, 512MiB or 2GiB.")
    return max(1, round(float(match[1]) * (1024 if (match[2] or "m").startswith("g") else 1)))
