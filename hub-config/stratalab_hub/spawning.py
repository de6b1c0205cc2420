"""Workspaces as local processes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from jupyterhub.spawner import SimpleLocalProcessSpawner
from traitlets import List, Unicode, default

from .admitted import AdmittedSpawner
from .jail import jailed
from .process_identity import start_ticks
from .roles import tenants_of
from .slugs import slug

LONGEST_LOG_BYTES = 5 * 1024 * 1024


class WorkspaceSpawner(AdmittedSpawner, SimpleLocalProcessSpawner):
    """Starts a single-user server after the platform admitted it, in a home folder of its own (0700)."""

    jail_script = Unicode(help="Sandbox to start workspaces in; none when empty.").tag(config=True)
    command = List(Unicode(), help="Command of the single-user server.").tag(config=True)

    @default("home_dir")
    def _home_folder(self) -> str:
        return str(self.home_folder)

    async def start(self) -> Any:
        """Admits and starts the workspace. Raises WorkspaceRefused; the Hub then calls `stop` and the hook below."""
        admitted = await self.admit()
        self.cpu_limit = admitted.profile.cpu
        self.mem_limit = admitted.profile.memory_mib * 1024 * 1024
        Path(self.home_dir).mkdir(parents=True, exist_ok=True, mode=0o700)
        self.cmd = [*self._jail_words(self.group_names), *self.command]
        log = self._open_log()
        try:
            self.popen_kwargs = {"cwd": self.home_dir, "stdin": subprocess.DEVNULL, "stdout": log, "stderr": subprocess.STDOUT}
            return await super().start()
        finally:
            os.close(log)
            self.popen_kwargs = {}

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
