"""Sign-in at an OpenID Connect provider instead of local accounts."""

from __future__ import annotations

from typing import Any

from oauthenticator.generic import GenericOAuthenticator

from .settings import Settings, SettingsError
from .sharing import SHARING_OFF

REQUIRED = ("CLIENT_ID", "CLIENT_SECRET", "AUTHORIZE_URL", "TOKEN_URL", "USERDATA_URL")


class ProviderAuthenticator(GenericOAuthenticator):
    """GenericOAuthenticator with the Hub's sharing routes closed."""

    def get_handlers(self, app: Any) -> list[tuple[str, type]]:
        return [*SHARING_OFF, *super().get_handlers(app)]


def configure_oidc(c: Any, settings: Settings) -> None:
    """Applies the STRATALAB_OIDC_ settings. Raises SettingsError naming what is missing."""
    option = {name.removeprefix("STRATALAB_OIDC_"): value for name, value in settings.oidc.items()}
    missing = [f"STRATALAB_OIDC_{name}" for name in REQUIRED if not option.get(name)]
    if missing:
        raise SettingsError(f"Sign-in with OIDC is half configured; also set {', '.join(missing)}.")
    c.JupyterHub.authenticator_class = ProviderAuthenticator
    provider = c.ProviderAuthenticator
    provider.client_id = option["CLIENT_ID"]
    provider.client_secret = option["CLIENT_SECRET"]
    provider.authorize_url = option["AUTHORIZE_URL"]
    provider.token_url = option["TOKEN_URL"]
    provider.userdata_url = option["USERDATA_URL"]
    provider.username_claim = option.get("USERNAME_CLAIM", "preferred_username")
    provider.scope = option.get("SCOPE", "openid profile email").split()
    provider.login_service = option.get("NAME", "your organisation")
    provider.oauth_callback_url = option.get("CALLBACK_URL", f"{settings.origin}/hub/oauth_callback")
    # Whoever was added to the Hub may sign in; with ALLOW_ALL everybody the provider knows, who then sees no tenant yet.
    provider.allow_existing_users = True
    provider.allow_all = option.get("ALLOW_ALL") == "1"
