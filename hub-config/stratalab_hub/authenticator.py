"""Sign-in with local accounts, one-time invitations, and the page where an invited person chooses a password."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from jupyterhub.apihandlers.base import APIHandler
from jupyterhub.auth import Authenticator
from jupyterhub.handlers import BaseHandler
from jupyterhub.scopes import needs_scope
from jupyterhub.utils import url_path_join
from tornado import web
from traitlets import Unicode

from .accounts import Accounts, PasswordRefused
from .throttle import Throttle

FAILURES_PER_USER = 5
FAILURES_PER_ADDRESS = 30


class LocalAccountAuthenticator(Authenticator):
    """People of this installation; whoever the administrators added to the Hub may sign in."""

    accounts_path = Unicode(help="SQLite file of accounts and invitations.").tag(config=True)
    # The Hub refuses unknown users: an account alone is not enough, an administrator must have added the person.
    allow_existing_users = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.accounts = Accounts(Path(self.accounts_path))
        self._by_user = Throttle(FAILURES_PER_USER)
        self._by_address = Throttle(FAILURES_PER_ADDRESS)

    async def authenticate(self, handler: BaseHandler, data: dict[str, str]) -> str | None:
        name = self.normalize_username(data.get("username", ""))
        password = data.get("password", "")
        address = handler.request.remote_ip or ""
        if self._by_user.is_blocked(name) or self._by_address.is_blocked(address):
            raise web.HTTPError(429, "Too many failed sign-ins. Wait five minutes, then try again.")
        right = await asyncio.to_thread(self.accounts.verify, name, password)
        if not right:
            self._by_user.failed(name)
            self._by_address.failed(address)
            return None
        self._by_user.succeeded(name)
        return name

    def get_handlers(self, app: Any) -> list[tuple[str, type]]:
        return [*super().get_handlers(app), ("/welcome", WelcomeHandler), ("/api/stratalab/invites", InvitationHandler)]


class WelcomeHandler(BaseHandler):
    """Where an invitation leads. Its token stays in the URL's fragment, which browsers do not send and servers do not log."""

    async def get(self) -> None:
        self.finish(await self.render_template("welcome.html", xsrf=self.xsrf_token.decode("ascii"), problem=None))

    async def post(self) -> None:
        token = self.get_body_argument("invitation", "", strip=True)
        password = self.get_body_argument("password", "", strip=False)
        accounts: Accounts = self.authenticator.accounts
        try:
            name = await asyncio.to_thread(accounts.redeem, token, password)
        except PasswordRefused as refusal:
            self.finish(await self.render_template("welcome.html", xsrf=self.xsrf_token.decode("ascii"), problem=str(refusal)))
            return
        if name is None:
            problem = "This link was used already or has expired. Ask an administrator for a new one."
            self.set_status(403)
            self.finish(await self.render_template("welcome.html", xsrf=self.xsrf_token.decode("ascii"), problem=problem))
            return
        user = await self.auth_to_user({"name": name, "admin": None, "groups": None, "auth_state": None})
        self.set_login_cookie(user)
        self.redirect(url_path_join(self.hub.base_url, "spawn"))


class InvitationHandler(APIHandler):
    """`POST {"name": …}` → a one-time link, for administrators and the platform."""

    @needs_scope("admin:users")
    async def post(self) -> None:
        body = self.get_json_body() or {}
        name = self.authenticator.normalize_username(str(body.get("name", "")))
        if not self.authenticator.validate_username(name):
            raise web.HTTPError(400, "This is not an acceptable user name.")
        accounts: Accounts = self.authenticator.accounts
        if accounts.has_password(name) and not body.get("reset", False):
            self.set_status(204)
            return
        token, expires = await asyncio.to_thread(accounts.invite, name)
        url = f"{url_path_join(self.hub.base_url, 'welcome')}#{token}"
        self.set_status(201)
        self.finish(json.dumps({"url": url, "expires": datetime.fromtimestamp(expires, timezone.utc).isoformat()}))
