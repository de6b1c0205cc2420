"""
Prints the path of a one-time sign-in link: `python -m stratalab_hub.invite --admin NAME`.

Prints nothing when the account has a password already. With STRATALAB_ADMIN_PASSWORD in the environment (never in the
arguments, which every user of the machine can read) the password is set instead, and nothing is printed either.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from .accounts import Accounts
from .passwords import PasswordRefused


def main(arguments: list[str], environ: dict[str, str]) -> int:
    """Exit status 2 with a line on standard error when a setting is missing or the password is not acceptable."""
    parser = argparse.ArgumentParser(prog="python -m stratalab_hub.invite", description=__doc__)
    parser.add_argument("--admin", metavar="NAME", help="the account to sign in to")
    parser.add_argument("name", nargs="?", help="the same")
    options = parser.parse_args(arguments)
    name = options.admin or options.name
    data = environ.get("STRATALAB_DATA", "")
    if not name or not data:
        print("Give a name, and the data folder in STRATALAB_DATA.", file=sys.stderr)
        return 2
    accounts = Accounts(Path(data) / "hub" / "accounts.sqlite")
    password = environ.get("STRATALAB_ADMIN_PASSWORD", "")
    if password:
        return _set_password(accounts, name, password)
    if not accounts.has_password(name):
        token, _ = accounts.invite(name)
        print(f"/hub/welcome#{token}")
    return 0


def _set_password(accounts: Accounts, name: str, password: str) -> int:
    try:
        if not accounts.verify(name, password):
            accounts.set_password(name, password)
    except PasswordRefused as refusal:
        print(f"STRATALAB_ADMIN_PASSWORD: {refusal}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], dict(os.environ)))
