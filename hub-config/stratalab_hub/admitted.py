"""What every kind of workspace has in common: it starts only when the platform admits it, and gives its quota back when it stops."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from traitlets import Instance, Unicode, default
from traitlets.config import LoggingConfigurable

from .admission import Admission, Admitted
from .profile_form import read_profile, render_profiles
from .refusal import WorkspaceRefused
from .slugs import slug
from .workspace import admitted_environment


class AdmittedSpawner(LoggingConfigurable):
    """First base of the spawners of this Hub; the second is one of JupyterHub's own, which does the starting."""

    # Whether workspaces run an image, so that there may be one to choose.
    has_images = False
    # What this base uses of the other one.
    user: Any
    user_options: Any
    api_token: Any

    platform_url = Unicode(help="Where the platform answers on loopback, with a slash at the end.").tag(config=True)
    platform_public_url = Unicode(help="The same as workspaces reach it, through the proxy.").tag(config=True)
    service_token_file = Unicode(help="File with the credential of the service `stratalab`.").tag(config=True)
    data_folder = Unicode(help="Data folder of the installation.").tag(config=True)
    admission = Instance(Admission)
    admitted = Instance(Admitted, allow_none=True)

    @default("admission")
    def _admission(self) -> Admission:
        return Admission(self.platform_url, Path(self.service_token_file).read_text().strip())

    @default("options_form")
    def _options_form(self) -> Any:
        return AdmittedSpawner.profile_form

    @default("options_from_form")
    def _options_from_form(self) -> Any:
        return read_profile

    @property
    def home_folder(self) -> Path:
        """The person's home on the data volume, wherever the workspace runs."""
        return Path(self.data_folder) / "home" / slug(self.user.name)

    @property
    def group_names(self) -> list[str]:
        return sorted(group.name for group in self.user.groups)

    async def profile_form(self) -> str:
        """The profiles on offer, the last chosen one selected. Raises WorkspaceRefused."""
        profiles = await self.admission.profiles(self.group_names)
        if not self.has_images:
            profiles = [replace(profile, images=()) for profile in profiles]
        return render_profiles(profiles, self.user_options.get("profile"), self.user_options.get("image"))

    async def admit(self) -> Admitted:
        """Takes the chosen profile from the quota and remembers it. Raises WorkspaceRefused."""
        self.admitted = await self.admission.admit(self.user.name, self.user_options.get("profile"), self.group_names)
        return self.admitted

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
        env: dict[str, str] = super().get_env()  # type: ignore[misc]
        if self.admitted is not None:
            env.update(admitted_environment(self.admitted, self.platform_public_url, self.api_token))
        return env
