"""Password hashes: scrypt (RFC 7914) with its cost and salt stored beside each hash, so that the cost can be raised later."""

from __future__ import annotations

import hashlib
import hmac
import os

SHORTEST = 10
LONGEST = 1024
# 32 MiB and about 0.1 s per check on one core.
COST = {"n": 2**15, "r": 8, "p": 1}
MEMORY_BYTES = 64 * 1024 * 1024
KEY_BYTES = 32


class PasswordRefused(Exception):
    """The password is not acceptable; the message says why."""


def check_acceptable(password: str) -> None:
    """Raises PasswordRefused for one that is too short or too long."""
    if len(password) < SHORTEST:
        raise PasswordRefused(f"A password needs at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise PasswordRefused(f"A password has at most {LONGEST} characters.")


def hash_password(password: str) -> str:
    """`scrypt$n$r$p$salt$key` with a fresh salt."""
    salt = os.urandom(16)
    key = _derive(password, salt, COST)
    return f"scrypt${COST['n']}${COST['r']}${COST['p']}${salt.hex()}${key.hex()}"


def verify_password(password: str, stored: str) -> bool:
    """Whether the password is the one that was hashed; compares in constant time."""
    _, n, r, p, salt, key = stored.split("$")
    candidate = _derive(password[: LONGEST + 1], bytes.fromhex(salt), {"n": int(n), "r": int(r), "p": int(p)})
    return hmac.compare_digest(candidate, bytes.fromhex(key))


def _derive(password: str, salt: bytes, cost: dict[str, int]) -> bytes:
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=salt, maxmem=MEMORY_BYTES, dklen=KEY_BYTES, **cost)
