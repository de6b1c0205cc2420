"""The pod of a workspace: a function of person, profile and tenant, with no cluster in reach."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stratalab_hub.admission import Admitted
from stratalab_hub.cluster.pod import Workspace, pod_traits
from stratalab_hub.refusal import WorkspaceRefused
from stratalab_hub.slugs import hashed, slug
from support.pods import GPU, GPU_IMAGE, IMAGE, MIG, SMALL, make_pod, settings_for

DATA = Path("/var/lib/stratalab")


def pod_of(profile: Any = SMALL, user: str = "ada", tenant: str = "demo", image: str | None = None, **settings: str) -> dict[str, Any]:
    return asyncio.run(make_pod(settings_for(DATA, **settings), user, Admitted(tenant, profile), image))


def container_of(pod: dict[str, Any]) -> dict[str, Any]:
    (container,) = pod["spec"]["containers"]
    return dict(container)


def environment_of(pod: dict[str, Any]) -> dict[str, str]:
    return {variable["name"]: variable["value"] for variable in container_of(pod)["env"]}


def test_the_pod_stands_in_the_namespace_of_the_tenant_that_pays_under_a_name_of_its_owner() -> None:
    pod = pod_of(user="Ada Lovelace@example.org", tenant="acme", STRATALAB_CLUSTER_NAMESPACE_PREFIX="lab-")
    assert pod["metadata"]["namespace"] == "lab-acme"
    assert pod["metadata"]["name"] == slug("Ada Lovelace@example.org")
    assert pod_of(user="ada")["metadata"]["name"] == "workspace-ada"
    assert pod["metadata"]["labels"]["stratalab/tenant"] == "acme"
    assert pod_of(user="Ada Lovelace@example.com")["metadata"]["name"] != pod["metadata"]["name"]


@given(st.text(min_size=1, max_size=80) | st.from_regex(r"(workspace-)?[a-z0-9-]{1,70}", fullmatch=True))
def test_T13_a_pod_has_a_name_that_is_a_host_name_and_nobody_elses(user: str) -> None:
    name = Workspace(user, Admitted("demo", SMALL), DATA).name
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", name)
    # The name says which kind it is, and each kind says who: so two people never share one.
    assert name == (f"workspace-{user}" if "--" not in name else hashed(user))


def test_a_profile_is_guaranteed_what_it_may_use() -> None:
    resources = container_of(pod_of())["resources"]
    assert resources["requests"] == resources["limits"] == {"cpu": 1, "memory": 2048 * 1024 * 1024}


def test_gpus_come_from_the_tenants_queue_on_the_nodes_of_the_profile() -> None:
    pod = pod_of(GPU, tenant="acme")
    assert pod["spec"]["schedulerName"] == "volcano"
    assert pod["metadata"]["annotations"]["scheduling.volcano.sh/queue-name"] == "tenant-acme"
    assert container_of(pod)["resources"]["limits"]["nvidia.com/gpu"] == "1"
    assert pod["spec"]["nodeSelector"] == {"pool": "gpu"}
    assert pod["spec"]["tolerations"] == [{"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}]
    assert "schedulerName" not in pod_of()["spec"]


def test_a_slice_of_a_gpu_is_asked_for_by_its_own_resource() -> None:
    assert "nvidia.com/mig-1g.18gb" in container_of(pod_of(MIG))["resources"]["requests"]
    assert "nvidia.com/gpu" not in container_of(pod_of(MIG))["resources"]["requests"]
    assert "example.org/gpu" in container_of(pod_of(GPU, STRATALAB_CLUSTER_GPU_RESOURCE="example.org/gpu"))["resources"]["requests"]


def test_a_workspace_sees_its_home_and_what_its_tenant_published_and_nothing_else_of_the_volume() -> None:
    pod = pod_of(user="ada", tenant="acme")
    mounts = {mount["mountPath"]: mount for mount in container_of(pod)["volumeMounts"]}
    assert sorted(mounts) == ["/dev/shm", "/tmp", "/var/lib/stratalab/home/ada", "/var/lib/stratalab/tenants/acme/objects"]
    assert mounts["/var/lib/stratalab/home/ada"]["subPath"] == "ada"
    assert mounts["/var/lib/stratalab/tenants/acme/objects"] == {"name": "data", "mountPath": "/var/lib/stratalab/tenants/acme/objects", "subPath": "objects", "readOnly": True}
    assert environment_of(pod)["HOME"] == container_of(pod)["workingDir"] == "/var/lib/stratalab/home/ada"


@pytest.mark.parametrize(("reclaim", "name"), [("", "stratalab-workspace"), ("false", "stratalab-workspace"), ("true", "stratalab-reclaiming-workspace")])
def test_a_workspace_comes_before_every_job(reclaim: str, name: str) -> None:
    assert pod_of(STRATALAB_CLUSTER_RECLAIM=reclaim)["spec"]["priorityClassName"] == name


def test_T57_no_privilege_no_cluster_credential_and_no_way_to_ask_for_one() -> None:
    pod = pod_of()
    assert pod["spec"]["automountServiceAccountToken"] is False
    assert pod["spec"]["securityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    context = container_of(pod)["securityContext"]
    assert context["allowPrivilegeEscalation"] is False
    assert context["capabilities"] == {"drop": ["ALL"]}
    assert context["readOnlyRootFilesystem"] is True
    assert not {"hostNetwork", "hostPID", "hostIPC", "serviceAccountName"} & set(pod["spec"])


@pytest.mark.parametrize(("chosen", "image"), [(None, GPU_IMAGE), ("torch", GPU_IMAGE), ("plain", IMAGE)])
def test_an_image_is_one_of_those_the_profile_allows(chosen: str | None, image: str) -> None:
    assert container_of(pod_of(GPU, image=chosen))["image"] == image


def test_T62_an_image_that_is_not_on_the_list_is_refused() -> None:
    with pytest.raises(WorkspaceRefused, match="not on offer. The profile 'gpu' runs: torch, plain") as refused:
        pod_of(GPU, image="docker.io/evil:latest")
    assert refused.value.status_code == 403
    assert container_of(pod_of(SMALL, image="docker.io/evil:latest"))["image"] == IMAGE


def test_pods_reach_hub_and_platform_through_the_public_port() -> None:
    variables = environment_of(pod_of())
    assert variables["JUPYTERHUB_API_URL"] == "http://stratalab.platform.svc:8000/hub/api"
    assert variables["STRATALAB_URL"] == "http://stratalab.platform.svc:8000/services/stratalab/"
    assert variables["MLFLOW_TRACKING_URI"] == "http://stratalab.platform.svc:8000/services/stratalab/mlflow/demo"
    assert "127.0.0.1" not in json.dumps(variables)


def test_the_command_is_explicit_and_never_culls_a_busy_kernel() -> None:
    container = container_of(pod_of(STRATALAB_WORKSPACE_ROOT="/srv/lab", STRATALAB_IDLE_SECONDS="600"))
    assert container["command"] == ["/srv/lab/.venv/bin/jupyterhub-singleuser"]
    assert "--MappingKernelManager.cull_busy=False" in container["args"]
    assert "--ServerApp.shutdown_no_activity_timeout=600" in container["args"]
    assert "--allow-root" not in container["args"]


def test_a_brace_in_a_name_is_a_brace() -> None:
    pod = pod_of(user="{username}{0}")
    assert environment_of(pod)["JUPYTERHUB_USER"] == "{username}{0}"
    assert pod["metadata"]["annotations"]["hub.jupyter.org/username"] == "{username}{0}"


def test_operators_add_to_every_pod_and_users_to_none() -> None:
    more = {"nodeSelector": {"pool": "notebooks"}, "volumes": [{"name": "extra", "emptyDir": {}}], "volumeMounts": [{"name": "extra", "mountPath": "/extra"}], "imagePullSecrets": [{"name": "pull"}]}
    pod = pod_of(STRATALAB_WORKSPACE_POD=json.dumps(more))
    assert pod["spec"]["nodeSelector"] == {"pool": "notebooks"}
    assert pod["spec"]["imagePullSecrets"] == [{"name": "pull"}]
    assert container_of(pod)["volumeMounts"][-1] == {"name": "extra", "mountPath": "/extra"}


def test_every_field_is_set_anew_so_that_nothing_stays_of_the_last_profile() -> None:
    site = settings_for(DATA).cluster
    assert site is not None
    traits = [pod_traits(Workspace("ada", Admitted("demo", profile), DATA), site) for profile in (SMALL, GPU, MIG)]
    assert traits[0].keys() == traits[1].keys() == traits[2].keys()
