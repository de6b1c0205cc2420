"""Settings of the Hub, read from the environment that the supervisor sets."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path

from .cluster.settings import ClusterSettings, read_cluster
from .errors import SettingsError

__all__ = ["Settings", "SettingsError", "forget_secrets", "read_settings"]

HIGHEST_PORT = 65_000
LOG_LEVELS = {"trace": "DEBUG", "debug": "DEBUG", "info": "INFO", "warn": "WARN", "error": "ERROR", "fatal": "CRITICAL"}
# Read once, then taken out of the environment: neither the proxy nor a service nor a workspace inherits them.
SECRET_VARIABLES = ("DATABASE_URL", "STRATALAB_ADMIN_PASSWORD", "STRATALAB_OPS_TOKEN", "STRATALAB_OIDC_CLIENT_SECRET")
# Meant for the Hub alone; every other STRATALAB_ variable is handed on to the platform.
HUB_ONLY = ("STRATALAB_ADMIN_PASSWORD", "STRATALAB_OPS_TOKEN", "STRATALAB_OIDC_")


@dataclass(frozen=True)
class Settings:
    """What the Hub needs to know. Ports are consecutive: public, proxy API, hub, platform, metrics."""

    root: Path
    data: Path
    secrets: Path
    environment: Path
    node: str
    port: int
    database_url: str = field(repr=False)
    admin: str = "admin"
    public_origin: str = ""
    spawner: str = "local"
    # Address of the public port: loopback, or every address of this machine where pods or a load balancer must reach it.
    listen: str = "127.0.0.1"
    cluster: ClusterSettings | None = None
    jail: str = "auto"
    idle_seconds: int = 3600
    spawn_limit: int = 8
    log_level: str = "INFO"
    trusted_proxies: tuple[str, ...] = ()
    ui_test: bool = False
    ops_token: str = field(default="", repr=False)
    oidc: Mapping[str, str] = field(default_factory=dict, repr=False)
    passed_on: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def proxy_api_port(self) -> int:
        return self.port + 1

    @property
    def hub_port(self) -> int:
        return self.port + 2

    @property
    def service_port(self) -> int:
        return self.port + 3

    @property
    def metrics_port(self) -> int:
        return self.port + 4

    @property
    def origin(self) -> str:
        return self.public_origin or f"http://127.0.0.1:{self.port}"

    def secret(self, name: str) -> str:
        """Reads a secret file (0600). Raises SettingsError when it is missing or empty."""
        path = self.secrets / name
        try:
            text = path.read_text().strip()
        except OSError as error:
            raise SettingsError(f"The secret file {path} cannot be read ({error.strerror}); `npm start` makes it.") from error
        if not text:
            raise SettingsError(f"The secret file {path} is empty; remove it, then `npm start` makes a new one.")
        return text


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Reads and checks the settings. Raises SettingsError naming what is wrong."""
    root = Path(environ.get("STRATALAB_ROOT") or Path(__file__).resolve().parents[2])
    data = Path(_required(environ, "STRATALAB_DATA"))
    spawner = _choice(environ, "STRATALAB_SPAWNER", ("local", "kubernetes"))
    return Settings(
        root=root,
        data=data,
        secrets=Path(environ.get("STRATALAB_SECRETS") or data / "secrets"),
        environment=Path(environ.get("STRATALAB_VENV") or root / ".venv"),
        node=_node(environ, root),
        port=_number(environ, "STRATALAB_PORT", 8000, (1, HIGHEST_PORT)),
        database_url=_required(environ, "DATABASE_URL"),
        admin=environ.get("STRATALAB_ADMIN") or "admin",
        public_origin=environ.get("STRATALAB_ORIGIN", "").rstrip("/"),
        spawner=spawner,
        listen=_choice(environ, "STRATALAB_LISTEN", ("127.0.0.1", "0.0.0.0")),
        cluster=read_cluster(environ, data) if spawner == "kubernetes" else None,
        jail=_choice(environ, "STRATALAB_JAIL", ("auto", "on", "off")),
        idle_seconds=_number(environ, "STRATALAB_IDLE_SECONDS", 3600, (5, 30 * 86_400)),
        spawn_limit=_number(environ, "STRATALAB_SPAWN_LIMIT", 4 * (os.cpu_count() or 1), (1, 1000)),
        log_level=LOG_LEVELS[_choice(environ, "STRATALAB_LOG_LEVEL", ("info", *LOG_LEVELS))],
        trusted_proxies=tuple(part.strip() for part in environ.get("STRATALAB_TRUSTED_PROXIES", "").split(",") if part.strip()),
        ui_test=environ.get("STRATALAB_UI_TEST", "") == "1",
        ops_token=environ.get("STRATALAB_OPS_TOKEN", ""),
        oidc={name: value for name, value in environ.items() if name.startswith("STRATALAB_OIDC_") and value},
        passed_on={name: value for name, value in environ.items() if name.startswith("STRATALAB_") and not name.startswith(HUB_ONLY)},
    )


def forget_secrets(environ: MutableMapping[str, str] = os.environ) -> None:
    """Takes the secrets out of this process's environment, so that no child inherits one that is not meant for it."""
    for name in SECRET_VARIABLES:
        environ.pop(name, None)


def _required(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "")
    if not value:
        raise SettingsError(f"{name} is not set; start the Hub with `npm start`.")
    return value


def _node(environ: Mapping[str, str], root: Path) -> str:
    node = environ.get("STRATALAB_NODE") or shutil.which("node", path=str(root / "node_modules/.bin")) or shutil.which("node")
    if not node:
        raise SettingsError("Node is not installed; run `npm start`, which installs it.")
    return node


def _number(environ: Mapping[str, str], name: str, default: int, limits: tuple[int, int]) -> int:
    text = environ.get(name) or str(default)
    lowest, highest = limits
    number = int(text) if text.isascii() and text.isdigit() else lowest - 1
    if not lowest <= number <= highest:
        raise SettingsError(f"{name} is {text!r}; it must be a whole number between {lowest} and {highest}.")
    return number


def _choice(environ: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    """One of the allowed words; the first is the default."""
    word = environ.get(name) or allowed[0]
    if word not in allowed:
        raise SettingsError(f"{name} is {word!r}; it must be one of: {', '.join(dict.fromkeys(allowed))}.")
    return word
