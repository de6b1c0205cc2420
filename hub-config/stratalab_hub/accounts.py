"""Local accounts: scrypt password hashes and one-time invitations in one SQLite file (0600)."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

SHORTEST_PASSWORD = 10
INVITATION_SECONDS = 72 * 3600
# RFC 7914 cost: 32 MiB and about 0.1 s per check on one core.
SCRYPT = {"n": 2**15, "r": 8, "p": 1}
SCRYPT_MEMORY = 64 * 1024 * 1024

SCHEMA = """
create table if not exists account (name text primary key, hash text not null, changed real not null);
create table if not exists invitation (digest text primary key, name text not null, expires real not null);
"""


class PasswordRefused(Exception):
    """The password is not acceptable; the message says why."""


class Accounts:
    """The accounts of one installation. Every method opens its own connection, so threads may share the object."""

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._now = now
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        with closing(self._connect()) as database:
            database.executescript(SCHEMA)

    def set_password(self, name: str, password: str) -> None:
        """Sets or changes a password. Raises PasswordRefused."""
        if len(password) < SHORTEST_PASSWORD:
            raise PasswordRefused(f"A password needs at least {SHORTEST_PASSWORD} characters.")
        if len(password) > 1024:
            raise PasswordRefused("A password has at most 1024 characters.")
        row = (name, hash_password(password), self._now())
        with closing(self._connect()) as database, database:
            database.execute("insert or replace into account (name, hash, changed) values (?, ?, ?)", row)

    def has_password(self, name: str) -> bool:
        with closing(self._connect()) as database:
            return database.execute("select 1 from account where name = ?", (name,)).fetchone() is not None

    def verify(self, name: str, password: str) -> bool:
        """Whether the password is right; takes as long for unknown names as for known ones."""
        with closing(self._connect()) as database:
            row = database.execute("select hash from account where name = ?", (name,)).fetchone()
        return verify_password(password, row[0] if row else UNKNOWN_HASH) and row is not None

    def invite(self, name: str) -> tuple[str, float]:
        """Makes a one-time token (256 random bits) by which `name` may choose a password; returns it and its expiry."""
        token = secrets.token_urlsafe(32)
        expires = self._now() + INVITATION_SECONDS
        with closing(self._connect()) as database, database:
            database.execute("delete from invitation where name = ? or expires < ?", (name, self._now()))
            database.execute("insert into invitation (digest, name, expires) values (?, ?, ?)", (_digest(token), name, expires))
        return token, expires

    def invited_name(self, token: str) -> str | None:
        """Whose invitation this is; None when it is unknown, used or expired."""
        with closing(self._connect()) as database:
            row = database.execute("select name from invitation where digest = ? and expires >= ?", (_digest(token), self._now())).fetchone()
        return row[0] if row else None

    def redeem(self, token: str, password: str) -> str | None:
        """Sets the password of the invited user and uses the invitation up; None when it is not valid (any more)."""
        name = self.invited_name(token)
        if name is None:
            return None
        self.set_password(name, password)
        with closing(self._connect()) as database, database:
            used = database.execute("delete from invitation where digest = ?", (_digest(token),)).rowcount
        return name if used else None

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=10)


def hash_password(password: str, salt: bytes | None = None) -> str:
    salt = salt or os.urandom(16)
    key = hashlib.scrypt(password.encode(), salt=salt, maxmem=SCRYPT_MEMORY, dklen=32, **SCRYPT)
    return f"scrypt${SCRYPT['n']}${SCRYPT['r']}${SCRYPT['p']}${salt.hex()}${key.hex()}"


def verify_password(password: str, stored: str) -> bool:
    _, n, r, p, salt, key = stored.split("$")
    candidate = hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), n=int(n), r=int(r), p=int(p), maxmem=SCRYPT_MEMORY, dklen=32)
    return hmac.compare_digest(candidate, bytes.fromhex(key))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


UNKNOWN_HASH = hash_password(secrets.token_urlsafe(16))
