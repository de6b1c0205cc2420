"""Applies the settings to JupyterHub's configuration object."""

from __future__ import annotations

import hashlib
import os
from typing import Any

from . import roles
from .authenticator import LocalAccountAuthenticator
from .jail import find_jail
from .logs import configure_logs
from .proxy import configure_proxy
from .services import platform_service, test_service
from .settings import Settings, SettingsError
from .sharing import sharing_problems
from .spawning import WorkspaceSpawner
from .workspace import KEPT_VARIABLES, lab_arguments, workspace_environment

# Letters, digits and a few marks: names become parts of paths, URLs and log lines.
USER_NAME = r"[a-z0-9][a-z0-9._@+-]{0,99}\Z"


def configure(c: Any, settings: Settings) -> None:
    """The whole Hub. Everything binds to loopback; all state lies in the data folder. Raises SettingsError."""
    configure_proxy(c, settings)
    configure_logs(c, settings.log_level)
    _hub(c, settings)
    _permissions(c, settings)
    _people(c, settings)
    _workspaces(c, settings)
    problems = sharing_problems(c)
    if problems:
        raise SettingsError(" ".join(problems))


def _hub(c: Any, settings: Settings) -> None:
    state = settings.data / "hub"
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    templates = settings.root / "hub-config/templates"
    hub = c.JupyterHub
    hub.hub_bind_url = f"http://127.0.0.1:{settings.hub_port}"
    hub.db_url = f"sqlite:///{state / 'jupyterhub.sqlite'}"
    # 32 bytes whatever the form of the file
    hub.cookie_secret = hashlib.sha256(settings.secret("cookie-secret").encode()).digest()
    hub.pid_file = str(settings.data / "run/hub.pid")
    hub.template_paths = [str(templates)]
    hub.logo_file = str(templates / "logo.svg")
    hub.allow_named_servers = False
    # Above this many at once, a spawn is answered 429 with Retry-After and nothing is started (T73).
    hub.concurrent_spawn_limit = settings.spawn_limit
    hub.cleanup_servers = True


def _permissions(c: Any, settings: Settings) -> None:
    c.JupyterHub.custom_scopes = roles.CUSTOM_SCOPES
    c.JupyterHub.load_roles = roles.load_roles()
    c.JupyterHub.load_groups = {roles.ADMINISTRATORS: {"users": [settings.admin]}}
    c.JupyterHub.services = [platform_service(settings)]
    test = test_service(settings)
    if test is not None:
        c.JupyterHub.services.append(test[0])
        c.JupyterHub.load_roles.append(test[1])


def _people(c: Any, settings: Settings) -> None:
    c.Authenticator.admin_users = {settings.admin}
    if settings.oidc:
        # imported only where it is used: it costs start-up time
        from .oidc import configure_oidc

        configure_oidc(c, settings)
        return
    c.Authenticator.username_pattern = USER_NAME
    c.JupyterHub.authenticator_class = LocalAccountAuthenticator
    c.LocalAccountAuthenticator.accounts_path = str(settings.data / "hub/accounts.sqlite")
    c.LocalAccountAuthenticator.trusted_proxies = list(settings.trusted_proxies)


def _workspaces(c: Any, settings: Settings) -> None:
    spawner = c.AdmittedSpawner
    spawner.platform_url = f"http://127.0.0.1:{settings.service_port}/services/{roles.SERVICE}/"
    spawner.service_token_file = str(settings.secrets / "hub-service-token")
    spawner.data_folder = str(settings.data)
    spawner.default_url = "/lab"
    # how soon a workspace that died gives its quota back
    spawner.poll_interval = 10
    spawner.oauth_client_allowed_scopes = roles.PAGE_TOKEN_SCOPES
    spawner.server_token_scopes = roles.KERNEL_TOKEN_SCOPES
    if settings.cluster is None:
        _local_workspaces(c, settings)
        return
    # Imported only where it is used: its packages are installed only there.
    from .cluster.configure import configure_cluster

    configure_cluster(c, settings, settings.cluster)


def _local_workspaces(c: Any, settings: Settings) -> None:
    spawner = c.WorkspaceSpawner
    c.JupyterHub.spawner_class = WorkspaceSpawner
    spawner.platform_public_url = f"http://127.0.0.1:{settings.port}/services/{roles.SERVICE}/"
    spawner.jail_script = find_jail(settings) or ""
    spawner.command = [str(settings.environment / "bin/jupyterhub-singleuser")]
    spawner.args = lab_arguments(settings, is_root=os.geteuid() == 0)
    spawner.env_keep = KEPT_VARIABLES
    spawner.environment = workspace_environment(settings)
    spawner.notebook_dir = "~"
    spawner.start_timeout = 60
    spawner.http_timeout = 60
