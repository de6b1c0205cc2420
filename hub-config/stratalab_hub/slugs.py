"""Names that are safe as a folder, a DNS label and an object name; two different names never share one."""

from __future__ import annotations

import base64
import hashlib
import re

LONGEST = 63
_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_MARK = "--"
_KEPT = 9


def slug(name: str) -> str:
    """
    A DNS-1123 label of at most 63 characters for any name, injective.

    A name that is one already stays as it is. Every other one becomes a few of its letters, two dashes and the whole
    SHA-256 in base32; names with two dashes in a row are never kept, so the two kinds cannot meet.
    """
    return name if is_plain(name) else hashed(name)


def is_plain(name: str) -> bool:
    """Whether the name is its own slug."""
    return _PLAIN.fullmatch(name) is not None and _MARK not in name


def hashed(name: str) -> str:
    """The other kind of slug, for any name."""
    digest = base64.b32encode(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()).decode().rstrip("=").lower()
    letters = re.sub(r"[^a-z0-9]", "", name.lower(), flags=re.ASCII)[:_KEPT]
    return f"{letters or 'x'}{_MARK}{digest}"
