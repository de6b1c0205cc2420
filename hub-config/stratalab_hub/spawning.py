"""Workspaces as local processes, started only when the platform admits them; other spawners can stand beside this one."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from jupyterhub.spawner import SimpleLocalProcessSpawner
from traitlets import Instance, List, Unicode, default

from .admission import Admission, Admitted
from .jail import jailed
from .process_identity import start_ticks
from .profile_form import read_profile, render_profiles
from .refusal import WorkspaceRefused
from .roles import tenants_of
from .slugs import slug
from .workspace import admitted_environment

LONGEST_LOG_BYTES = 5 * 1024 * 1024


class WorkspaceSpawner(SimpleLocalProcessSpawner):
    """Starts a single-user server after the platform admitted it, in a home folder of its own (0700)."""

    platform_url = Unicode(help="Where the platform answers on loopback, with a slash at the end.").tag(config=True)
    platform_public_url = Unicode(help="The same as workspaces reach it, through the proxy.").tag(config=True)
    service_token_file = Unicode(help="File with the credential of the service `stratalab`.").tag(config=True)
    data_folder = Unicode(help="Data folder of the installation.").tag(config=True)
    jail_script = Unicode(help="Sandbox to start workspaces in; none when empty.").tag(config=True)
    command = List(Unicode(), help="Command of the single-user server.").tag(config=True)
    admission = Instance(Admission)
    admitted = Instance(Admitted, allow_none=True)

    @default("admission")
    def _admission(self) -> Admission:
        return Admission(self.platform_url, Path(self.service_token_file).read_text().strip())

    @default("home_dir")
    def _home_folder(self) -> str:
        return str(Path(self.data_folder) / "home" / slug(self.user.name))

    @default("options_form")
    def _options_form(self) -> Any:
        return WorkspaceSpawner.profile_form

    @default("options_from_form")
    def _options_from_form(self) -> Any:
        return read_profile

    async def profile_form(self) -> str:
        """The profiles on offer, the last chosen one selected. Raises WorkspaceRefused."""
        return render_profiles(await self.admission.profiles(), self.user_options.get("profile"))

    async def start(self) -> Any:
        """Admits and starts the workspace. Raises WorkspaceRefused; the Hub then calls `stop` and the hook below."""
        groups = sorted(group.name for group in self.user.groups)
        profile = self.user_options.get("profile")
        self.admitted = await self.admission.admit(self.user.name, profile, groups)
        self.cpu_limit = self.admitted.profile.cpu
        self.mem_limit = self.admitted.profile.memory_mib * 1024 * 1024
        Path(self.home_dir).mkdir(parents=True, exist_ok=True, mode=0o700)
        self.cmd = [*self._jail_words(groups), *self.command]
        log = self._open_log()
        try:
            self.popen_kwargs = {"cwd": self.home_dir, "stdin": subprocess.DEVNULL, "stdout": log, "stderr": subprocess.STDOUT}
            return await super().start()
        finally:
            os.close(log)
            self.popen_kwargs = {}

    def run_post_stop_hook(self) -> Any:
        """After a stop, however it happened, the quota is given back; a platform that is down must not block the stop."""
        return self._release()

    async def _release(self) -> None:
        try:
            await self.admission.release(self.user.name)
        except WorkspaceRefused as refusal:
            self.log.warning("The quota of %s's workspace could not be given back now: %s", self.user.name, refusal)

    def get_env(self) -> dict[str, str]:
        """Nothing of the Hub's own environment but what `env_keep` names."""
        env = super().get_env()
        if self.admitted is not None:
            env.update(admitted_environment(self.admitted, self.platform_public_url, self.api_token))
        return env

    def make_preexec_fn(self, name: str) -> None:
        """Nothing runs between fork and exec: the folder exists, and Popen changes to it."""

    def get_state(self) -> dict[str, Any]:
        state = super().get_state()
        if self.pid:
            state["started"] = start_ticks(self.pid)
        return state

    def load_state(self, state: dict[str, Any]) -> None:
        """After a restart of the Hub: a process that only has the same number is not ours, and is not touched."""
        super().load_state(state)
        if self.pid and start_ticks(self.pid) != state.get("started"):
            self.pid = 0

    def _jail_words(self, groups: list[str]) -> list[str]:
        if not self.jail_script or self.admitted is None:
            return []
        others = [tenant for tenant in tenants_of(groups) if tenant != self.admitted.tenant]
        return jailed(self.jail_script, {"data": self.data_folder, "home": self.home_dir}, [self.admitted.tenant, *others])

    def _open_log(self) -> int:
        """One log per workspace, apart from the Hub's: what kernels print is the user's, not the operator's."""
        path = Path(self.data_folder) / "logs" / "workspaces" / f"{slug(self.user.name)}.log"
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.exists() and path.stat().st_size > LONGEST_LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
