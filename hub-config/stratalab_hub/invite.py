"""Prints a one-time sign-in path: `python -m stratalab_hub.invite NAME`; nothing when the account has a password already."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .accounts import Accounts, PasswordRefused


def main() -> int:
    name = sys.argv[1]
    accounts = Accounts(Path(os.environ["STRATALAB_DATA"]) / "hub" / "accounts.sqlite")
    password = os.environ.get("STRATALAB_ADMIN_PASSWORD", "")
    if password:
        try:
            if not accounts.verify(name, password):
                accounts.set_password(name, password)
        except PasswordRefused as refusal:
            print(f"STRATALAB_ADMIN_PASSWORD: {refusal}", file=sys.stderr)
            return 2
        return 0
    if not accounts.has_password(name):
        token, _ = accounts.invite(name)
        print(f"/hub/welcome#{token}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
