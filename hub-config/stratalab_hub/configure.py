"""Applies the settings to JupyterHub's configuration object."""

from __future__ import annotations

from typing import Any

from . import roles
from .admission import Admission
from .authenticator import LocalAccountAuthenticator
from .services import platform_service, test_service
from .settings import Settings
from .spawning import WorkspaceSpawner, lab_arguments, read_options, release_workspace, spawner_environment


def configure(c: Any, settings: Settings) -> None:
    """The whole Hub. Everything binds to loopback; all state lies in the data folder."""
    _hub(c, settings)
    _people(c, settings)
    _workspaces(c, settings)


def _hub(c: Any, settings: Settings) -> None:
    state = settings.data / "hub"
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    c.JupyterHub.bind_url = f"http://127.0.0.1:{settings.port}"
    c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{settings.hub_port}"
    c.JupyterHub.db_url = f"sqlite:///{state / 'jupyterhub.sqlite'}"
    c.JupyterHub.cookie_secret_file = str(settings.secrets / "cookie-secret")
    c.JupyterHub.template_paths = [str(settings.root / "hub-config/templates")]
    c.JupyterHub.concurrent_spawn_limit = 20
    c.JupyterHub.active_server_limit = 0
    c.JupyterHub.log_level = "WARN"
    c.JupyterHub.allow_named_servers = False
    c.JupyterHub.cleanup_servers = True
    c.ConfigurableHTTPProxy.pid_file = str(settings.data / "run/proxy.pid")
    c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings.proxy_api_port}"
    c.ConfigurableHTTPProxy.auth_token = settings.secret("proxy-token")
    c.ConfigurableHTTPProxy.command = [settings.node, str(settings.root / "node_modules/configurable-http-proxy/bin/configurable-http-proxy"), "--log-level", "error"]
    c.JupyterHub.custom_scopes = roles.CUSTOM_SCOPES
    c.JupyterHub.load_roles = roles.roles()
    c.JupyterHub.load_groups = {"stratalab-admins": {"users": [settings.admin]}}
    c.JupyterHub.services = [platform_service(settings)]
    test = test_service(settings)
    if test is not None:
        c.JupyterHub.services.append(test[0])
        c.JupyterHub.load_roles.append(test[1])


def _people(c: Any, settings: Settings) -> None:
    c.Authenticator.admin_users = {settings.admin}
    if settings.oidc:
        from oauthenticator.generic import GenericOAuthenticator

        option = settings.oidc.get
        c.JupyterHub.authenticator_class = GenericOAuthenticator
        c.GenericOAuthenticator.client_id = option("STRATALAB_OIDC_CLIENT_ID", "")
        c.GenericOAuthenticator.client_secret = option("STRATALAB_OIDC_CLIENT_SECRET", "")
        c.GenericOAuthenticator.authorize_url = option("STRATALAB_OIDC_AUTHORIZE_URL", "")
        c.GenericOAuthenticator.token_url = option("STRATALAB_OIDC_TOKEN_URL", "")
        c.GenericOAuthenticator.userdata_url = option("STRATALAB_OIDC_USERDATA_URL", "")
        c.GenericOAuthenticator.username_claim = option("STRATALAB_OIDC_USERNAME_CLAIM", "preferred_username")
        c.GenericOAuthenticator.scope = option("STRATALAB_OIDC_SCOPE", "openid profile").split()
        c.GenericOAuthenticator.oauth_callback_url = option("STRATALAB_OIDC_CALLBACK_URL", f"{settings.origin}/hub/oauth_callback")
        c.Authenticator.allow_existing_users = True
        return
    c.JupyterHub.authenticator_class = LocalAccountAuthenticator
    c.LocalAccountAuthenticator.accounts_path = str(settings.data / "hub/accounts.sqlite")


def _workspaces(c: Any, settings: Settings) -> None:
    platform = f"http://127.0.0.1:{settings.service_port}/services/{roles.SERVICE}"
    c.JupyterHub.spawner_class = WorkspaceSpawner
    c.WorkspaceSpawner.admission = Admission(platform, settings.secret("hub-service-token"))
    c.WorkspaceSpawner.home_dir_template = str(settings.data / "home/{username}")
    c.Spawner.env_keep = ["PATH", "LANG", "LC_ALL", "TZ", "TMPDIR"]
    c.Spawner.cmd = [str(settings.environment / "bin/jupyterhub-singleuser")]
    c.Spawner.args = lab_arguments(settings)
    c.Spawner.default_url = "/lab"
    c.Spawner.notebook_dir = "~"
    c.Spawner.environment = spawner_environment(settings)
    c.Spawner.http_timeout = 60
    c.Spawner.options_from_form = read_options
    c.Spawner.post_stop_hook = release_workspace
    c.Spawner.oauth_client_allowed_scopes = roles.PAGE_TOKEN_SCOPES
    c.Spawner.server_token_scopes = roles.KERNEL_TOKEN_SCOPES
