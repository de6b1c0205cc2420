"""The proxy in front of everything: configurable-http-proxy from the lockfile, on Node 24."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .lifetime import ending_with_the_hub
from .settings import Settings


def configure_proxy(c: Any, settings: Settings) -> None:
    """Public port; the API beside it is on loopback and needs the token of `secrets/proxy-token`, which travels by the environment."""
    run = settings.data / "run"
    run.mkdir(parents=True, exist_ok=True, mode=0o700)
    script = settings.root / "node_modules/configurable-http-proxy/bin/configurable-http-proxy"
    c.JupyterHub.bind_url = f"http://{settings.listen}:{settings.port}"
    c.JupyterHub.trusted_downstream_ips = list(settings.trusted_proxies)
    c.ConfigurableHTTPProxy.command = ending_with_the_hub([settings.node, str(script)])
    c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings.proxy_api_port}"
    c.ConfigurableHTTPProxy.auth_token = settings.secret("proxy-token")
    forget_stranger(run / "proxy.pid")
    c.ConfigurableHTTPProxy.pid_file = str(run / "proxy.pid")
    c.ConfigurableHTTPProxy.log_level = "error"


def forget_stranger(pid_file: Path) -> None:
    """
    Removes the file of an earlier proxy whose number another process has by now, or only a zombie.

    The Hub ends whatever process has that number, and does not start when it cannot.
    """
    try:
        command = Path(f"/proc/{int(pid_file.read_text())}/cmdline").read_bytes()
    except (OSError, ValueError):
        return
    if b"configurable-http-proxy" not in command:
        pid_file.unlink(missing_ok=True)
