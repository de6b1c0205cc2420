"""The sandbox that workspaces are started in, where the machine has what it needs."""

from __future__ import annotations

import subprocess

from .settings import Settings, SettingsError

SCRIPT = "services/adapters/job-runtime-local/jail.sh"
_PROBE = ["unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork", "true"]


def find_jail(settings: Settings) -> str | None:
    """
    Path of the sandbox script; None when workspaces run without it.
    Raises SettingsError when STRATALAB_JAIL=on and the script or unprivileged user namespaces are missing.
    """
    script = settings.root / SCRIPT
    if settings.jail == "off":
        return None
    if script.is_file() and _has_user_namespaces():
        return str(script)
    if settings.jail == "on":
        raise SettingsError("STRATALAB_JAIL is 'on', but this machine does not allow user namespaces or the sandbox script is missing.")
    return None


def jailed(script: str, workspace: dict[str, str], tenants: list[str]) -> list[str]:
    """The words that stand before the command of a workspace; `workspace` has its data and home folder."""
    tenant_words = [word for tenant in tenants for word in ("--tenant", tenant)]
    return [script, "--data", workspace["data"], "--home", workspace["home"], *tenant_words, "--"]


def _has_user_namespaces() -> bool:
    try:
        return subprocess.run(_PROBE, capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
