"""The pods of many people, made by the Hub's own spawner; as a program it prints them as one Kubernetes List."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from kubernetes_asyncio.client import ApiClient  # noqa: E402
from stratalab_hub.admission import Admitted, Profile, WorkspaceImage  # noqa: E402
from stratalab_hub.cluster.configure import configure_cluster  # noqa: E402
from stratalab_hub.cluster.pod import Workspace, pod_traits  # noqa: E402
from stratalab_hub.cluster.settings import ClusterSettings  # noqa: E402
from stratalab_hub.cluster.spawner import ClusterWorkspaceSpawner  # noqa: E402
from stratalab_hub.settings import Settings, read_settings  # noqa: E402
from traitlets.config import Config  # noqa: E402

IMAGE = f"registry.example/stratalab/notebook-cpu@sha256:{'0' * 64}"
GPU_IMAGE = f"registry.example/stratalab/notebook-gpu@sha256:{'1' * 64}"
SMALL = Profile("small", "Small", "", cpu=1, memory_mib=2048, gpu_count=0)
GPU = Profile("gpu", "GPU", "", cpu=2.5, memory_mib=8192, gpu_count=1, node_selector={"pool": "gpu"}, tolerations=({"key": "gpu", "operator": "Exists", "effect": "NoSchedule"},), images=(WorkspaceImage("torch", "PyTorch", GPU_IMAGE), WorkspaceImage("plain", "Plain", IMAGE)))
MIG = Profile("mig", "Slice of a GPU", "", cpu=2, memory_mib=4096, gpu_count=1, gpu_resource="nvidia.com/mig-1g.18gb")
PROFILES = (SMALL, GPU, MIG)


def settings_for(data: Path, **more: str) -> Settings:
    """Settings of a Hub on a cluster, as the environment gives them."""
    given = {"STRATALAB_SPAWNER": "kubernetes", "STRATALAB_WORKSPACE_IMAGE": IMAGE, "STRATALAB_WORKSPACE_ORIGIN": "http://stratalab.platform.svc:8000", **more}
    return read_settings({"STRATALAB_DATA": str(data), "DATABASE_URL": "postgresql://x", "STRATALAB_NODE": "/bin/true", **given})


def cluster_of(settings: Settings) -> ClusterSettings:
    assert settings.cluster is not None
    return settings.cluster


def make_spawner(settings: Settings, user: str, admitted: Admitted) -> ClusterWorkspaceSpawner:
    """A spawner as the Hub configures it, with the decision of the platform already there; it reaches no cluster."""
    c = Config()
    c.AdmittedSpawner.data_folder = str(settings.data)
    configure_cluster(c, settings, cluster_of(settings))
    person = SimpleNamespace(name=user, id=1, url=f"/user/{user}/", groups=[])
    with patch("kubespawner.spawner.load_config"), patch("kubespawner.spawner.shared_client"):
        hub = SimpleNamespace(public_host="", base_url="/hub/", api_url="http://127.0.0.1:8002/hub/api", url="http://127.0.0.1:8002/hub/")
        spawner = ClusterWorkspaceSpawner(config=c, _mock=True, user=person, hub=hub)
    spawner.admitted = admitted
    spawner.api_token = "the-token-of-this-workspace"
    return spawner


async def make_pod(settings: Settings, user: str, admitted: Admitted, image: str | None = None) -> dict[str, Any]:
    """The pod as it is sent to the API server."""
    spawner = make_spawner(settings, user, admitted)
    for name, value in pod_traits(Workspace(user, admitted, settings.data, image), cluster_of(settings)).items():
        setattr(spawner, name, value)
    pod: dict[str, Any] = ApiClient.sanitize_for_serialization(_Serializer(), await spawner.get_pod_manifest())
    return {"apiVersion": "v1", "kind": "Pod", **pod, "metadata": {**pod["metadata"], "namespace": spawner.namespace}}


class _Serializer(ApiClient):
    """The client's serializer, without a connection."""

    def __init__(self) -> None:
        self.configuration = SimpleNamespace(datetime_format="%Y-%m-%dT%H:%M:%S.%f%z", date_format="%Y-%m-%d")


async def _print(tenants: int, users: int, additions: str) -> None:
    settings = settings_for(Path("/var/lib/stratalab"), STRATALAB_WORKSPACE_POD=additions)
    people = [(f"tenant{t}", f"User {n}@{t}.example") for t in range(tenants) for n in range(users)]
    pods = [await make_pod(settings, user, Admitted(tenant, PROFILES[index % len(PROFILES)])) for index, (tenant, user) in enumerate(people)]
    json.dump({"apiVersion": "v1", "kind": "List", "items": pods}, sys.stdout)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenants", type=int, required=True)
    parser.add_argument("--users", type=int, required=True, help="in each tenant")
    parser.add_argument("--pod", default="{}", help="what the operator adds to each of them, as JSON")
    given = parser.parse_args()
    asyncio.run(_print(given.tenants, given.users, given.pod))
