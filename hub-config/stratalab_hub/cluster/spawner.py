"""Workspaces as pods: KubeSpawner does the Kubernetes work, this class decides what is started and tells people what went wrong."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientError
from kubernetes_asyncio.client.rest import ApiException
from kubespawner import KubeSpawner
from traitlets import Instance

from ..admitted import AdmittedSpawner
from .failures import WorkspaceFailed, refused_by_cluster
from .pod import CONTAINER, Workspace, pod_traits
from .pod_state import failure_of, waiting_for
from .settings import ClusterSettings

LOOK_SECONDS = 0.3
# Answers of an API server that cannot say; any other refusal says that the place of the pod is gone.
UNKNOWN_STATUS = (0, 429, 500, 502, 503, 504)
CONNECT_SECONDS = 3
LOG_LINES = 30
LOG_TIMEOUT_SECONDS = 5
# What the Hub grants a start beyond our own limit, so that ours is always the one that speaks.
SPARE_SECONDS = 30


class ClusterWorkspaceSpawner(AdmittedSpawner, KubeSpawner):
    """A pod in the namespace of the tenant that pays, after the platform admitted it."""

    has_images = True
    site = Instance(ClusterSettings).tag(config=True)

    async def load_user_options(self) -> None:
        """Nothing: profiles are the platform's, and what a person chose was read before the admission."""

    def _expand_all(self, src: Any) -> Any:
        """Nothing of ours is a template: what was decided is taken as it is."""
        return src

    async def _start_watching_pods(self, replace: bool = False) -> Any:
        """KubeSpawner's watch gives up when the API server is away for a minute, or refused at first; then a new one is begun."""
        watch = self.pod_reflector
        has_ended = watch is not None and watch.first_load_future.done() and (watch.watch_task is None or watch.watch_task.done())
        try:
            return await super()._start_watching_pods(replace=replace or has_ended)
        except Exception:
            # Told by what is raised here; left alone it would be told again as an error of nobody.
            if self.pod_reflector is not None and self.pod_reflector.first_load_future.done():
                self.pod_reflector.first_load_future.exception()
            raise

    async def start(self) -> str:
        """Address of the server once it listens. Raises WorkspaceRefused before a pod is made and WorkspaceFailed after."""
        admitted = await self.admit()
        workspace = Workspace(self.user.name, admitted, Path(self.data_folder), self.user_options.get("image"))
        for name, value in pod_traits(workspace, self.site).items():
            setattr(self, name, value)
        self._make_folders(admitted.tenant)
        try:
            await self._start_watching_pods()
            return await self._first_of(self._start_and_answer(), self._watch_for_failure())
        except ApiException as error:
            raise refused_by_cluster(error, self.namespace) from error
        except (ClientError, OSError) as error:
            hint = "Nothing is lost. Try again in a minute; if this stays, tell an administrator."
            raise WorkspaceFailed("The cluster does not answer right now", str(error), hint=hint, status=503) from error

    def get_env(self) -> dict[str, str]:
        return {**super().get_env(), "HOME": str(self.home_folder)}

    async def get_pod_manifest(self) -> Any:
        """With an explicit command: what KubeSpawner calls so is the image's arguments, which an entry point may swallow."""
        pod = await super().get_pod_manifest()
        (container,) = pod.spec.containers
        container.command, container.args = container.args[:1], container.args[1:]
        return pod

    async def poll(self) -> int | None:
        """As KubeSpawner's, but nobody is taken for stopped because the API server cannot be asked right now (F22)."""
        try:
            status: int | None = await super().poll()
            return status
        except (ApiException, ClientError, OSError) as error:
            if isinstance(error, ApiException) and error.status not in UNKNOWN_STATUS:
                raise
            self.log.warning("Whether the workspace of %s runs cannot be asked now: %s", self.user.name, error)
            return None

    async def progress(self) -> AsyncGenerator[dict[str, Any], None]:
        """What the start waits for, each time that changes."""
        last, percent = "", 5
        while True:
            message = waiting_for(self._pod())
            if message != last:
                last, percent = message, min(90, percent + 15)
                yield {"progress": percent, "message": message}
            await asyncio.sleep(LOOK_SECONDS)

    def _pod(self) -> Any:
        reflector = self.pod_reflector
        return reflector.pods.get(f"{self.namespace}/{self.pod_name}") if reflector else None

    def _make_folders(self, tenant: str) -> None:
        """The folders that the pod mounts; the home is owned by whom the pod runs as."""
        (Path(self.data_folder) / "tenants" / tenant / "objects").mkdir(parents=True, exist_ok=True)
        self.home_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if os.geteuid() == 0:
            os.chown(self.home_folder, self.site.user_id, self.site.group_id, follow_symlinks=False)

    async def _start_and_answer(self) -> str:
        url: str = await super()._start()
        at = urlsplit(url)
        while True:
            try:
                _, connection = await asyncio.wait_for(asyncio.open_connection(at.hostname, at.port), CONNECT_SECONDS)
                connection.close()
                return url
            except OSError:
                await asyncio.sleep(LOOK_SECONDS)

    async def _watch_for_failure(self) -> str:
        """Never returns. Raises WorkspaceFailed as soon as the pod cannot come up any more, or took too long."""
        deadline = asyncio.get_running_loop().time() + self.site.start_seconds
        earlier = (self._pod() or {}).get("metadata", {}).get("uid")
        while True:
            pod = self._pod()
            is_ours = pod is not None and pod["metadata"]["uid"] != earlier
            failure = failure_of(pod) if is_ours else None
            if failure is not None:
                title, reason = failure
                raise WorkspaceFailed(title, reason, hint="Try again; if this stays, show this to an administrator.", log=await self._read_log())
            if asyncio.get_running_loop().time() > deadline:
                title = f"The workspace was not ready within {self.site.start_seconds} seconds"
                hint = "Try again later or choose a smaller size; if this stays, tell an administrator."
                raise WorkspaceFailed(title, waiting_for(pod), hint=hint, log=await self._read_log(), status=504)
            await asyncio.sleep(LOOK_SECONDS)

    async def _read_log(self) -> str:
        """The last lines the server printed; nothing when there are none to be had."""
        try:
            reading = self.api.read_namespaced_pod_log(name=self.pod_name, namespace=self.namespace, container=CONTAINER, tail_lines=LOG_LINES)
            return str(await asyncio.wait_for(reading, LOG_TIMEOUT_SECONDS) or "")
        except (ApiException, TimeoutError):
            return ""

    async def _first_of(self, *works: Any) -> str:
        """The first that ends decides; the others are cancelled and their end is awaited."""
        tasks = [asyncio.ensure_future(work) for work in works]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return done.pop().result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
