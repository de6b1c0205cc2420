"""Objects as the platform would answer them; the test platform checks them against the contracts."""

from __future__ import annotations

from typing import Any

TIME = "2026-01-01T00:00:00.000Z"
JOB_ID = "01hzzzzzzzzzzzzzzzzzzzzzzz"


def page(*items: dict[str, Any]) -> dict[str, Any]:
    return {"items": list(items), "nextCursor": None}


def dataset(name: str = "flights", **fields: Any) -> dict[str, Any]:
    return {
        "name": name,
        "urn": f"urn:strata:demo:dataset:{name}",
        "excerpt": "Flights from New York",
        "tags": [],
        "owner": "mia",
        "updatedAt": TIME,
        "latestVersion": "2",
        "state": "ready",
        "format": "parquet",
        "rowCount": 336776,
        "sizeBytes": 5_000_000,
        "columnCount": 19,
        "contractState": "none",
        "isSample": True,
        "matchedColumns": [],
        **fields,
    }


def job(state: str = "queued", **fields: Any) -> dict[str, Any]:
    return {
        "id": JOB_ID,
        "urn": f"urn:strata:demo:job:{JOB_ID}",
        "name": "train",
        "createdBy": "mia",
        "createdAt": TIME,
        "startedAt": None,
        "finishedAt": None,
        "state": state,
        "isCancelling": False,
        "waitReason": None,
        "place": None,
        "reason": None,
        "priority": 0,
        "launcher": "python",
        "processes": 1,
        "resourcesPerProcess": {"cpu": 1, "memoryMiB": 1024, "gpu": 0},
        "attempt": 1,
        "progress": None,
        "gpuKind": None,
        "code": {"kind": "cell", "fileName": "cell.py", "sha256": "0" * 64, "text": "print(1)"},
        "arguments": [],
        "environment": {},
        "inputs": [],
        "outputs": [],
        "retries": 0,
        "deadlineSeconds": None,
        "experiment": None,
        "exitCode": None,
        "retryOf": None,
        "logParts": ["0"],
        **fields,
    }


def job_summary(state: str, **fields: Any) -> dict[str, Any]:
    whole = job(state, **fields)
    for name in ("gpuKind", "code", "arguments", "environment", "inputs", "outputs", "retries", "deadlineSeconds", "experiment", "exitCode", "retryOf", "logParts"):
        del whole[name]
    return whole


def model(name: str = "chat", **fields: Any) -> dict[str, Any]:
    return {
        "name": name,
        "urn": f"urn:strata:demo:model:{name}",
        "description": "",
        "tags": [],
        "aliases": [{"alias": "champion", "version": 2}],
        "latestVersion": 3,
        "versionCount": 3,
        "format": "gguf",
        "createdBy": "mia",
        "createdAt": TIME,
        "updatedAt": TIME,
        **fields,
    }


def served_model(name: str = "chat") -> dict[str, Any]:
    return {"name": name, "version": 3, "alias": None, "urn": f"urn:strata:demo:model:{name}@3", "format": "gguf", "sizeBytes": 1}


def deployment(state: str, **fields: Any) -> dict[str, Any]:
    return {
        "name": "chat",
        "urn": "urn:strata:demo:deployment:chat",
        "endpointUrn": "urn:strata:demo:endpoint:chat",
        "kind": "chat",
        "model": served_model(),
        "state": state,
        "message": "Replica 0 loads the model.",
        "wantedReplicas": 1,
        "readyReplicas": 1 if state == "ready" else 0,
        "replicas": [],
        "resources": {"cpu": 1, "memoryMiB": 512},
        "contextTokens": 2048,
        "conditions": [],
        "generation": 1,
        "observedGeneration": 1,
        "usageToday": {"requests": 0, "inputTokens": 0, "outputTokens": 0},
        "createdBy": "mia",
        "createdAt": TIME,
        "updatedAt": TIME,
        **fields,
    }


def endpoint(name: str, *, is_ready: bool) -> dict[str, Any]:
    return {"name": name, "urn": f"urn:strata:demo:endpoint:{name}", "kind": "chat", "isReady": is_ready, "deployment": name, "model": served_model(), "message": "It loads the model."}
