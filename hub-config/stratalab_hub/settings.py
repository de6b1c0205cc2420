"""Settings of the Hub, read from the environment that the supervisor sets."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class SettingsError(Exception):
    """A setting is missing or not valid; the message says which and what to do."""


@dataclass(frozen=True)
class Settings:
    """What the Hub needs to know. Ports are consecutive: public, proxy API, hub, platform, metrics."""

    root: Path
    data: Path
    secrets: Path
    environment: Path
    node: str
    port: int
    database_url: str
    ui_test: bool
    ops_token: str
    oidc: Mapping[str, str]
    admin: str
    idle_seconds: int

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
        return f"http://127.0.0.1:{self.port}"

    def secret(self, name: str) -> str:
        """Reads a secret file (0600)."""
        return (self.secrets / name).read_text().strip()


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Reads and checks the settings. Raises SettingsError naming what is wrong."""
    root = Path(__file__).resolve().parents[2]
    data = Path(_required(environ, "STRATALAB_DATA"))
    node = environ.get("STRATALAB_NODE") or shutil.which("node", path=str(root / "node_modules/.bin")) or shutil.which("node")
    if not node:
        raise SettingsError("Node is not installed; run `npm start`, which installs it.")
    return Settings(
        root=root,
        data=data,
        secrets=Path(environ.get("STRATALAB_SECRETS", data / "secrets")),
        environment=Path(environ.get("STRATALAB_VENV", root / ".venv")),
        node=node,
        port=_port(environ.get("STRATALAB_PORT", "8000")),
        database_url=_required(environ, "DATABASE_URL"),
        ui_test=environ.get("STRATALAB_UI_TEST", "") == "1",
        ops_token=environ.get("STRATALAB_OPS_TOKEN", ""),
        oidc={name: value for name, value in environ.items() if name.startswith("STRATALAB_OIDC_") and value},
        admin=environ.get("STRATALAB_ADMIN", "admin"),
        idle_seconds=int(environ.get("STRATALAB_IDLE_SECONDS", "3600")),
    )


def _required(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "")
    if not value:
        raise SettingsError(f"{name} is not set; start the Hub with `npm start`.")
    return value


def _port(text: str) -> int:
    try:
        port = int(text)
    except ValueError:
        port = 0
    if not 1 <= port <= 65_000:
        raise SettingsError(f"STRATALAB_PORT is {text!r}; it must be a number between 1 and 65000.")
    return port
