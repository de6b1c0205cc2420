"""Workspaces as local processes; a Kubernetes spawner becomes a second mode beside this one."""

from __future__ import annotations

import html
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyterhub.spawner import SimpleLocalProcessSpawner
from traitlets import Instance

from .admission import Admission
from .settings import Settings




class WorkspaceSpawner(SimpleLocalProcessSpawner):
    """Starts a single-user server after the platform admitted it."""

    admission = Instance(Admission, help="Who decides whether a workspace may start.").tag(config=True)

    def get_env(self) -> dict[str, str]:
        env = super().get_env()
        for name in list(env):
            if name in ("DATABASE_URL", "STRATALAB_SECRETS", "STRATALAB_ADMIN_PASSWORD", "STRATALAB_OPS_TOKEN", "CONFIGPROXY_AUTH_TOKEN"):
                del env[name]
        return env

    async def options_form_html(self) -> str:
        profiles = await self.admission.profiles()
        rows = "".join(_profile_row(profile, index == 0) for index, profile in enumerate(profiles))
        return f'<fieldset><legend>Workspace profile</legend>{rows}</fieldset>'

    async def start(self) -> Any:
        groups = [group.name for group in self.user.groups]
        admitted = await self.admission.admit(self.user.name, groups, self.user_options.get("profile"))
        profile = admitted["profile"]
        self.environment = {**self.environment, "STRATALAB_TENANT": admitted["tenant"], "OMP_NUM_THREADS": str(max(1, int(profile["cpu"])))}
        try:
            return await super().start()
        except BaseException:
            await self.admission.release(self.user.name)
            raise


async def release_workspace(spawner: WorkspaceSpawner) -> None:
    """After a stop, however it happened."""
    await spawner.admission.release(spawner.user.name)


def read_options(form: Mapping[str, list[str]]) -> dict[str, str]:
    return {"profile": form["profile"][0]} if form.get("profile") else {}


def _profile_row(profile: Mapping[str, Any], is_first: bool) -> str:
    name, title, text = (html.escape(str(profile[key])) for key in ("name", "displayName", "description"))
    size = f"{profile['cpu']:g} CPU, {profile['memoryMiB'] / 1024:g} GiB" + (f", {profile['gpuCount']} GPU" if profile["gpuCount"] else "")
    checked = " checked" if is_first else ""
    return f'<div class="form-check"><input class="form-check-input" type="radio" name="profile" id="profile-{name}" value="{name}"{checked}><label class="form-check-label" for="profile-{name}"><strong>{title}</strong> · {size} · {text}</label></div>'


def spawner_environment(settings: Settings) -> dict[str, str]:
    """Environment of a workspace: the product's Python, our extension, and Lab's files inside the user's home."""
    path = f"{settings.environment / 'bin'}{os.pathsep}{Path(settings.node).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {
        "PATH": path,
        "JUPYTER_PATH": str(settings.root / "share/jupyter"),
        "JUPYTER_CONFIG_PATH": str(settings.root / "hub-config/lab"),
        "PYTHONPATH": str(settings.root / "extensions/python/src"),
    }


def lab_arguments(settings: Settings) -> list[str]:
    """Command line of a single-user server. A busy kernel is never culled, nor one with an open page."""
    arguments = [
        f"--MappingKernelManager.cull_idle_timeout={settings.idle_seconds}",
        "--MappingKernelManager.cull_interval=60",
        "--MappingKernelManager.cull_busy=False",
        "--MappingKernelManager.cull_connected=False",
        f"--ServerApp.shutdown_no_activity_timeout={settings.idle_seconds * 2}",
        "--LabApp.extension_manager=readonly",
    ]
    if os.geteuid() == 0:
        arguments.append("--allow-root")
    if settings.ui_test:
        import jupyterlab

        arguments += ["--LabApp.expose_app_in_browser=True", f"--LabServerApp.extra_labextensions_path={Path(jupyterlab.__file__).parent / 'galata'}"]
    return arguments
