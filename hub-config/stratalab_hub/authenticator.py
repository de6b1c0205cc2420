"""Sign-in with local accounts, limited in how often it may fail."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from jupyterhub.auth import Authenticator
from jupyterhub.handlers import BaseHandler
from tornado import web
from traitlets import List, Unicode

from .accounts import Accounts
from .client_address import client_address
from .invitations import InvitationHandler, WelcomeHandler
from .sharing import SHARING_OFF
from .throttle import WINDOW_SECONDS, Throttle

ATTEMPTS_PER_USER = 5
ATTEMPTS_PER_ADDRESS = 30


class LocalAccountAuthenticator(Authenticator):
    """People of this installation; whoever the administrators added to the Hub may sign in."""

    accounts_path = Unicode(help="SQLite file of accounts and invitations.").tag(config=True)
    trusted_proxies = List(Unicode(), help="Addresses of reverse proxies in front of ours.").tag(config=True)
    # The Hub refuses unknown users: an account alone is not enough, an administrator must have added the person.
    allow_existing_users = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.accounts = Accounts(Path(self.accounts_path))
        self._by_user = Throttle(ATTEMPTS_PER_USER)
        self._by_address = Throttle(ATTEMPTS_PER_ADDRESS)

    async def authenticate(self, handler: BaseHandler, data: dict[str, str]) -> str | None:
        """The name when the password is right; as slow for an unknown name. Raises 429 after too many failures."""
        name = self.normalize_username(data.get("username", ""))
        known = name if self.validate_username(name) else ""
        address = client_address(handler.request.headers, "direct", self.trusted_proxies)
        if not self._by_address.take(address) or not self._by_user.take(known):
            raise too_many_failures()
        if not await asyncio.to_thread(self.accounts.verify, known, data.get("password", "")):
            who = known if self.accounts.has_password(known) else "an unknown name"
            self.log.warning("Sign-in failed for %s from %s", who, address)
            return None
        self._by_user.forget(known)
        self._by_address.give_back(address)
        return known

    def delete_user(self, user: Any) -> None:
        """The account goes with the user: a later person of the same name starts afresh."""
        super().delete_user(user)
        self.accounts.remove(user.name)

    def get_handlers(self, app: Any) -> list[tuple[str, type]]:
        """Our routes come first, so that those of the Hub that we close stay closed."""
        own = [("/welcome", WelcomeHandler), ("/api/stratalab/invites", InvitationHandler)]
        return [*SHARING_OFF, *own, *super().get_handlers(app)]


def too_many_failures() -> web.HTTPError:
    """The answer to a sign-in that is not even tried."""
    error = web.HTTPError(429, "Too many failed sign-ins. Wait five minutes, then try again.")
    error.headers = {"Retry-After": str(int(WINDOW_SECONDS))}
    return error
