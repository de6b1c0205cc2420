"""What people read while a pod starts and when it does not come up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from kubernetes_asyncio.client.rest import ApiException
from stratalab_hub.cluster.failures import WorkspaceFailed, refused_by_cluster
from stratalab_hub.cluster.pod_state import failure_of, waiting_for
from stratalab_hub.settings import SettingsError, read_settings

UNSCHEDULABLE = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes are available: 3 Insufficient nvidia.com/gpu."}


def pod(phase: str = "Pending", state: dict[str, Any] | None = None, **status: Any) -> dict[str, Any]:
    containers = [] if state is None else [{"name": "notebook", "state": state}]
    return {"metadata": {"uid": "1"}, "spec": {}, "status": {"phase": phase, "containerStatuses": containers, **status}}


@pytest.mark.parametrize(
    ("state", "title", "reason"),
    [
        ({"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling image x"}}, "The image cannot be fetched.", "ImagePullBackOff: Back-off pulling image x"),
        ({"waiting": {"reason": "CreateContainerConfigError", "message": "secret not found"}}, "The container cannot be configured.", "CreateContainerConfigError: secret not found"),
        ({"terminated": {"exitCode": 137, "reason": "OOMKilled"}}, "The server used more memory than its profile has.", "OOMKilled"),
        ({"terminated": {"exitCode": 3, "reason": "Error"}}, "The server ended right after its start, with exit code 3.", "Error"),
    ],
)
def test_a_start_that_cannot_succeed_says_why(state: dict[str, Any], title: str, reason: str) -> None:
    assert failure_of(pod(state=state)) == (title, reason)


def test_an_evicted_and_a_removed_pod_are_failures_too() -> None:
    assert failure_of(pod("Failed", reason="Evicted", message="The node was low on memory.")) == ("The pod of the workspace ended before it was ready.", "Evicted: The node was low on memory.")
    removed = pod()
    removed["metadata"]["deletionTimestamp"] = "2026-11-25T00:00:00Z"
    assert failure_of(removed) is not None


def test_what_may_still_come_up_is_no_failure() -> None:
    assert failure_of(None) is None
    assert failure_of(pod(conditions=[UNSCHEDULABLE])) is None
    assert failure_of(pod(state={"waiting": {"reason": "ErrImagePull"}})) is None
    assert failure_of(pod("Running", state={"running": {}})) is None


def test_the_progress_says_what_is_waited_for() -> None:
    assert waiting_for(None) == "Asking the cluster for a pod"
    assert waiting_for(pod()) == "Waiting for a node"
    assert waiting_for(pod(conditions=[UNSCHEDULABLE])) == "Waiting for a node: Unschedulable: 0/3 nodes are available: 3 Insufficient nvidia.com/gpu."
    assert waiting_for(pod(state={"waiting": {"reason": "ContainerCreating"}})) == "Fetching the image and making the container"
    assert waiting_for(pod("Running", state={"running": {}})) == "Starting JupyterLab"


def test_words_of_the_cluster_have_a_bounded_length() -> None:
    failure = failure_of(pod(state={"waiting": {"reason": "RunContainerError", "message": "x" * 10_000}}))
    assert failure is not None
    assert len(failure[1]) < 600


def api_error(status: int, message: str) -> ApiException:
    error = ApiException(status=status, reason="Refused")
    error.body = json.dumps({"kind": "Status", "message": message})
    return error


@pytest.mark.parametrize(
    ("status", "message", "title", "answered"),
    [
        (404, 'namespaces "tenant-demo" not found', "The cluster has no namespace tenant-demo yet", 503),
        (403, "exceeded quota: stratalab, requested: pods=1, used: pods=1, limited: pods=1", "The cluster has no room left for this tenant", 409),
        (403, "status unknown for quota: stratalab, resources: pods", "The cluster has not counted yet what this tenant uses", 503),
        (403, 'violates PodSecurity "restricted:latest"', "The cluster refused the workspace", 502),
    ],
)
def test_what_the_api_server_refuses_is_told_with_its_own_words(status: int, message: str, title: str, answered: int) -> None:
    failure = refused_by_cluster(api_error(status, message), "tenant-demo")
    assert failure.message.startswith(f"{title}. {message}.")
    assert failure.status_code == answered


def test_an_answer_without_words_is_still_a_sentence() -> None:
    assert "500 Internal" in refused_by_cluster(ApiException(status=500, reason="Internal"), "tenant-demo").message


def test_the_log_of_a_failed_server_is_shown_escaped_to_its_owner_and_kept_out_of_the_hubs_log() -> None:
    failure = WorkspaceFailed("The server ended.", "Error", hint="Try again.", log="<script>\nModuleNotFoundError: x")
    assert "&lt;script&gt;\nModuleNotFoundError" in failure.message_html
    assert "ModuleNotFoundError" in failure.message
    assert "ModuleNotFoundError" not in str(failure)
    assert len(WorkspaceFailed("a", "b", hint="c", log="x" * 100_000).message) < 5_000


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("STRATALAB_WORKSPACE_IMAGE", "", "STRATALAB_WORKSPACE_IMAGE is not set"),
        ("STRATALAB_WORKSPACE_ORIGIN", "", "at which pods reach the public port"),
        ("STRATALAB_WORKSPACE_ORIGIN", "http://x/path", "STRATALAB_WORKSPACE_ORIGIN is 'http://x/path'"),
        ("STRATALAB_WORKSPACE_USER_ID", "root", "whole number between 0 and"),
        ("STRATALAB_WORKSPACE_ROOT", "opt", "absolute path inside the image"),
        ("STRATALAB_WORKSPACE_POD", "{", "is not JSON"),
        ("STRATALAB_WORKSPACE_POD", '{"hostNetwork": true}', "with some of: nodeSelector"),
        ("STRATALAB_CLUSTER_NAMESPACE_PREFIX", "Tenant", "a name prefix in lower case"),
        ("STRATALAB_CLUSTER_GPU_RESOURCE", "gpu", "a resource name like"),
        ("STRATALAB_LISTEN", "example.org", "must be one of: 127.0.0.1, 0.0.0.0"),
    ],
)
def test_a_setting_of_the_cluster_that_is_not_valid_is_refused_by_name(tmp_path: Path, name: str, value: str, words: str) -> None:
    given = {"STRATALAB_SPAWNER": "kubernetes", "STRATALAB_WORKSPACE_IMAGE": "x@sha256:0", "STRATALAB_WORKSPACE_ORIGIN": "http://10.0.0.1:8000"}
    with pytest.raises(SettingsError, match=words):
        read_settings({"STRATALAB_DATA": str(tmp_path), "DATABASE_URL": "postgresql://x", "STRATALAB_NODE": "/bin/true", **given, name: value})


def test_a_data_folder_with_a_brace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="brace"):
        read_settings({"STRATALAB_DATA": str(tmp_path / "{x}"), "DATABASE_URL": "postgresql://x", "STRATALAB_NODE": "/bin/true", "STRATALAB_SPAWNER": "kubernetes"})
