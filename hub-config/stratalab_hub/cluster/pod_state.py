"""What the state of a pod says: how far its start is, and why it will not come up. Pure; a pod is the API's own JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Waiting reasons of a container that no further wait mends.
HOPELESS = {
    "InvalidImageName": "The name of the image is not valid.",
    "ErrImageNeverPull": "The image is not on the node, and may not be fetched.",
    "ImagePullBackOff": "The image cannot be fetched.",
    "CreateContainerConfigError": "The container cannot be configured.",
    "CreateContainerError": "The container cannot be made.",
    "RunContainerError": "The container cannot be started.",
    "CrashLoopBackOff": "The server ends again and again.",
}
ENDED = {
    "OOMKilled": "The server used more memory than its profile has.",
    "DeadlineExceeded": "The server ran out of time.",
    "StartError": "The command of the image cannot be started.",
    "ContainerCannotRun": "The command of the image cannot be started.",
}
LONGEST_MESSAGE = 500
Pod = Mapping[str, Any]


def failure_of(pod: Pod | None) -> tuple[str, str] | None:
    """Why this pod will never serve, as a sentence and the cluster's own words; None while it still may."""
    if pod is None:
        return None
    status = pod.get("status") or {}
    for container in status.get("containerStatuses") or []:
        state = container.get("state") or {}
        waiting, ended = state.get("waiting") or {}, state.get("terminated") or {}
        if waiting.get("reason") in HOPELESS:
            return HOPELESS[waiting["reason"]], _words(waiting)
        if ended:
            code = ended.get("exitCode")
            return ENDED.get(ended.get("reason") or "", f"The server ended right after its start, with exit code {code}."), _words(ended)
    if status.get("phase") in ("Failed", "Succeeded"):
        return "The pod of the workspace ended before it was ready.", _words(status)
    if (pod.get("metadata") or {}).get("deletionTimestamp"):
        return "The pod of the workspace was removed while it started.", _words(status)
    return None


def waiting_for(pod: Pod | None) -> str:
    """What the start waits for now, in plain words."""
    if pod is None:
        return "Asking the cluster for a pod"
    status = pod.get("status") or {}
    for condition in status.get("conditions") or []:
        if condition.get("type") == "PodScheduled" and condition.get("status") == "False":
            return f"Waiting for a node: {_words(condition)}"
    for container in status.get("containerStatuses") or []:
        waiting = (container.get("state") or {}).get("waiting") or {}
        if waiting.get("reason") == "ErrImagePull":
            return f"Fetching the image again: {_words(waiting)}"
        if waiting:
            return "Fetching the image and making the container"
    if status.get("phase") == "Running":
        return "Starting JupyterLab"
    return "Waiting for a node" if status.get("phase") == "Pending" and not (pod.get("spec") or {}).get("nodeName") else "Preparing the node"


def _words(part: Mapping[str, Any]) -> str:
    """Reason and message, shortened."""
    text = ": ".join(str(part[name]).strip() for name in ("reason", "message") if part.get(name))
    return text if len(text) <= LONGEST_MESSAGE else f"{text[:LONGEST_MESSAGE]}…"
