"""Where a request really comes from, told by our own proxy only."""

from __future__ import annotations

from collections.abc import Collection, Mapping


def client_address(headers: Mapping[str, str], peer: str, trusted: Collection[str] = ()) -> str:
    """
    The address our proxy saw, or the one the outermost trusted proxy saw.

    Our proxy appends it to X-Forwarded-For, so only the end of that list is true: what a client wrote stands before it.
    X-Real-IP, which Tornado would believe, is the client's word and not read.
    """
    hops = [part.strip() for part in headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    for hop in reversed(hops):
        address = hop.removeprefix("::ffff:")
        if address not in trusted:
            return address
    return hops[0].removeprefix("::ffff:") if hops else peer
