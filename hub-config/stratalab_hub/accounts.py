"""Local accounts: password hashes and one-time invitations in one SQLite file (0600)."""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from .passwords import check_acceptable, hash_password, verify_password

INVITATION_SECONDS = 72 * 3600

SCHEMA = """
create table if not exists account (name text primary key, hash text not null, changed real not null);
create table if not exists invitation (digest text primary key, name text not null, expires real not null);
"""


class Accounts:
    """The accounts of one installation. Every method opens its own connection, so threads may share the object."""

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._now = now
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        path.chmod(0o600)
        with closing(self._connect()) as database:
            database.executescript(SCHEMA)

    def set_password(self, name: str, password: str) -> None:
        """Sets or changes a password. Raises PasswordRefused."""
        check_acceptable(password)
        with closing(self._connect()) as database, database:
            self._store(database, name, hash_password(password))

    def has_password(self, name: str) -> bool:
        with closing(self._connect()) as database:
            return database.execute("select 1 from account where name = ?", (name,)).fetchone() is not None

    def verify(self, name: str, password: str) -> bool:
        """Whether the password is right; takes as long for unknown names as for known ones."""
        with closing(self._connect()) as database:
            row = database.execute("select hash from account where name = ?", (name,)).fetchone()
        return verify_password(password, row[0] if row else UNKNOWN_HASH) and row is not None

    def invite(self, name: str) -> tuple[str, float]:
        """
        Makes a one-time token (256 random bits) by which `name` may choose a password; returns it and its expiry.
        Only its hash is stored. An earlier invitation of the same person ends.
        """
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
        """
        Sets the password of the invited person and uses the invitation up, both or neither; None when it is not valid
        (any more). Of two that come at once, one succeeds. Raises PasswordRefused, which leaves the invitation valid.
        """
        name = self.invited_name(token)
        if name is None:
            return None
        check_acceptable(password)
        stored = hash_password(password)
        with closing(self._connect()) as database, database:
            if database.execute("delete from invitation where digest = ? and expires >= ?", (_digest(token), self._now())).rowcount == 0:
                return None
            self._store(database, name, stored)
        return name

    def remove(self, name: str) -> None:
        """Forgets a person: a later one of the same name starts afresh. Idempotent."""
        with closing(self._connect()) as database, database:
            database.execute("delete from account where name = ?", (name,))
            database.execute("delete from invitation where name = ?", (name,))

    def _store(self, database: sqlite3.Connection, name: str, stored: str) -> None:
        database.execute("insert or replace into account (name, hash, changed) values (?, ?, ?)", (name, stored, self._now()))

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=10)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


UNKNOWN_HASH = hash_password(secrets.token_urlsafe(16))
