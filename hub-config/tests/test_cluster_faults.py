"""The cluster's API fails: what the Hub then says about workspaces, against the real spawner with a failing API."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientConnectionError
from kubernetes_asyncio.client.rest import ApiException
from stratalab_hub.admission import Admitted
from stratalab_hub.cluster.failures import WorkspaceFailed
from stratalab_hub.cluster.spawner import ClusterWorkspaceSpawner
from support.pods import SMALL, make_spawner, settings_for

RUNNING = {"metadata": {"uid": "1", "namespace": "tenant-demo", "name": "workspace-ada"}, "spec": {}, "status": {"phase": "Running"}}


class Api:
    """Answers lists of pods, or fails as it is told; watches stay silent."""

    def __init__(self) -> None:
        self.failure: Exception | int | None = None

    async def list_namespaced_pod(self, namespace: str, **options: Any) -> Any:
        if isinstance(self.failure, Exception):
            raise self.failure
        if self.failure is not None:
            return Response(self.failure, {"message": "the server is not able to answer"})
        if options.get("watch"):
            await asyncio.Event().wait()
        return Response(200, {"metadata": {"resourceVersion": "1"}, "items": [RUNNING]})


@dataclass
class Response:
    status: int
    body: dict[str, Any]
    reason: str = "as told"

    @property
    def ok(self) -> bool:
        return self.status < 400

    async def json(self) -> Any:
        return self.body

    async def read(self) -> str:
        return json.dumps(self.body)


@pytest.fixture
def spawner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ClusterWorkspaceSpawner]:
    api = Api()
    monkeypatch.setattr("kubespawner.reflector.shared_client", lambda kind: api)
    monkeypatch.setattr(ClusterWorkspaceSpawner, "reflectors", {})
    made = make_spawner(settings_for(tmp_path), "ada", Admitted("demo", SMALL))
    made.api = api
    made.namespace, made.pod_name = "tenant-demo", "workspace-ada"
    yield made


@pytest.mark.parametrize("failure", [503, 429, ClientConnectionError("refused"), OSError("no route")])
async def test_F22_nobody_is_taken_for_stopped_because_the_api_server_is_away(spawner: ClusterWorkspaceSpawner, failure: Exception | int) -> None:
    spawner.api.failure = failure
    assert await spawner.poll() is None


async def test_a_namespace_that_is_no_longer_ours_is_an_end(spawner: ClusterWorkspaceSpawner) -> None:
    spawner.api.failure = 403
    with pytest.raises(ApiException):
        await spawner.poll()


async def test_F22_a_watch_that_never_began_or_gave_up_is_begun_anew(spawner: ClusterWorkspaceSpawner) -> None:
    spawner.api.failure = 503
    assert await spawner.poll() is None
    spawner.api.failure = None
    await spawner._start_watching_pods()
    first = spawner.pod_reflector
    assert first.pods.keys() == {"tenant-demo/workspace-ada"}
    first.watch_task.cancel()
    await asyncio.gather(first.watch_task, return_exceptions=True)
    await spawner._start_watching_pods()
    assert spawner.pod_reflector is not first
    assert spawner.pod_reflector.pods.keys() == {"tenant-demo/workspace-ada"}
    await spawner.pod_reflector.stop()


async def test_F23_a_start_without_an_api_server_is_refused_in_plain_words(spawner: ClusterWorkspaceSpawner) -> None:
    spawner.api.failure = ClientConnectionError("refused")

    async def admit() -> Admitted:
        return Admitted("demo", SMALL)

    spawner.admit = admit
    with pytest.raises(WorkspaceFailed, match="The cluster does not answer right now") as failed:
        await spawner.start()
    assert failed.value.status_code == 503
    assert failed.value.reason == "workspace-failed"
    assert (Path(spawner.data_folder) / "home/ada").stat().st_mode & 0o777 == 0o700
