"""One-time invitations: the page where an invited person chooses a password, and the route that makes the links."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from jupyterhub import orm
from jupyterhub.apihandlers.base import APIHandler
from jupyterhub.handlers import BaseHandler
from jupyterhub.scopes import needs_scope
from jupyterhub.utils import url_path_join
from tornado import web

from .passwords import SHORTEST, PasswordRefused
from .roles import tenants_of

NOT_VALID = "This link was used already or has expired. Ask an administrator for a new one."


class WelcomeHandler(BaseHandler):
    """Where an invitation leads. Its token stays in the URL's fragment, which browsers do not send and servers do not log."""

    async def get(self) -> None:
        self.finish(await self.render_template("welcome.html", shortest=SHORTEST))

    async def post(self) -> None:
        """Sets the password and signs in; answers JSON, `{next}` or `{problem}`. The XSRF token is checked before."""
        token = self.get_body_argument("invitation", "", strip=True)
        password = self.get_body_argument("password", "", strip=False)
        try:
            name = await asyncio.to_thread(self.authenticator.accounts.redeem, token, password)
        except PasswordRefused as refusal:
            return self._refuse(400, str(refusal))
        if name is None:
            return self._refuse(403, NOT_VALID)
        user = await self.auth_to_user({"name": name})
        await self._end_sessions(user)
        self.set_login_cookie(user)
        self.finish({"next": url_path_join(self.hub.base_url, "spawn")})

    def _refuse(self, status: int, problem: str) -> None:
        self.set_status(status)
        self.finish({"problem": problem})

    async def _end_sessions(self, user: Any) -> None:
        """A new password ends whatever the old one began: servers, tokens, browser sessions (T11)."""
        for name, spawner in list(user.spawners.items()):
            if spawner.active and not spawner.pending:
                await self.stop_single_user(user, name)
        for token in list(user.orm_user.api_tokens):
            self.db.delete(token)
        user.orm_user.cookie_id = orm.new_token()
        self.db.commit()


class InvitationHandler(APIHandler):
    """`POST {"name": …, "reset"?: true}` → `{url, expires}`, for administrators and the platform."""

    @needs_scope("admin:users")
    async def post(self) -> None:
        """
        201 with a one-time link whose `url` is a path of this origin; 204 when the person needs none.

        A link is a key to everything its person may do. Without `reset` it is made only for somebody who has no password
        yet, is no administrator, and belongs to at most one tenant: so that nobody who may add people to one tenant can
        take over an account that another tenant relies on. `reset` makes one in any case.
        """
        body = self.get_json_body()
        if not isinstance(body, dict) or not isinstance(body.get("name"), str):
            raise web.HTTPError(400, "The body must be a JSON object with a name.")
        name = self.authenticator.normalize_username(body["name"])
        if not self.authenticator.validate_username(name):
            raise web.HTTPError(400, "This is not an acceptable user name.")
        if body.get("reset") is not True and not self._needs_invitation(name):
            self.set_status(204)
            return
        token, expires = await asyncio.to_thread(self.authenticator.accounts.invite, name)
        self.set_status(201)
        url = f"{url_path_join(self.hub.base_url, 'welcome')}#{token}"
        self.finish({"url": url, "expires": datetime.fromtimestamp(expires, UTC).isoformat(timespec="seconds")})

    def _needs_invitation(self, name: str) -> bool:
        if self.authenticator.accounts.has_password(name):
            return False
        user = self.find_user(name)
        return user is None or (not user.admin and len(tenants_of([group.name for group in user.groups])) <= 1)
