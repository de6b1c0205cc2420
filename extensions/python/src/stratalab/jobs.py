"""Jobs: from a cell to the queue, and their output back into the cell."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timezone
from typing import Any

from .arguments import NAME, Words, read_mebibytes, read_reference
from .connection import Connection, quote
from .problem import Problem, usage
from .show import Table, ago

OPTIONS = ("processes", "gpus", "gpu_kind", "cpu", "memory", "name", "launcher", "datasets", "output", "model", "retries", "deadline", "experiment", "wait")
LAUNCHERS = ("python", "torchrun", "mpi", "ray")
FINAL = ("succeeded", "failed", "cancelled")
JOB_ID = re.compile(r"[0-9a-z]{26}\Z")
SHOWN_AT_MOST = 50


def job_of(cell: str, words: Words) -> dict[str, Any]:
    """What `%%job` asks for. Raises Problem for options that make no sense."""
    if words.plain:
        raise usage(f"'{words.plain[0]}' is not an option.", "Write %%job processes=2 name=train datasets=flights output=scores")
    if not cell.strip():
        raise usage("The cell is empty.", "The lines below %%job are what runs.")
    options = words.options
    name = options.get("name", f"cell-{datetime.now(timezone.utc):%Y%m%d-%H%M%S}")
    if not NAME.match(name):
        raise usage(f"'{name}' cannot be the name of a job.", "Names are letters, digits, dots, dashes and underscores.")
    launcher = options.get("launcher", "python")
    if launcher not in LAUNCHERS:
        raise usage(f"There is no launcher '{launcher}'.", f"The launchers are {', '.join(LAUNCHERS)}.")
    job: dict[str, Any] = {
        "name": name,
        "code": {"kind": "cell", "text": cell},
        "launcher": launcher,
        "processes": words.number("processes", 1, 1, 64),
        "datasets": [_dataset(text) for text in _list(options.get("datasets", ""))],
        "outputs": _outputs(options),
        "retries": words.number("retries", 0, 0, 10),
    }
    if {"cpu", "memory", "gpus"} & options.keys():
        job["resourcesPerProcess"] = {"cpu": words.amount("cpu", 1), "memoryMiB": read_mebibytes(options.get("memory", "1024")), "gpu": words.number("gpus", 0, 0, 64)}
    if "gpu_kind" in options:
        job["gpuKind"] = options["gpu_kind"]
    if "deadline" in options:
        job["deadlineSeconds"] = words.number("deadline", 3600, 5, 30 * 86_400)
    if "experiment" in options:
        job["experiment"] = options["experiment"]
    return job


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _dataset(text: str) -> dict[str, str]:
    name, version = read_reference(text)
    return {"name": name, **({} if version is None else {"version": version})}


def _outputs(options: dict[str, str]) -> list[dict[str, str]]:
    """`output=scores` publishes what the job writes to `$STRATALAB_OUTPUTS/scores`; `model=` the same as a model version."""
    wanted = [("dataset", name) for name in _list(options.get("output", ""))] + [("model", name) for name in _list(options.get("model", ""))]
    return [{"name": folder_of(read_reference(name)[0]), "kind": kind, "as": name} for kind, name in wanted]


def folder_of(name: str) -> str:
    """The folder of an output below STRATALAB_OUTPUTS: its name in small letters, with dashes for other marks."""
    return re.sub(r"[^a-z0-9_-]+", "-", name.lower())[:63].strip("-_") or "output"


def submit(connection: Connection, job: dict[str, Any]) -> dict[str, Any]:
    """Puts a job into the queue; safe to repeat while the platform restarts, it is queued once. Raises Problem."""
    return connection.call("compute", "POST", "/jobs", body=job, key=secrets.token_hex(16))


def get(connection: Connection, job_id: str) -> dict[str, Any]:
    """One job. Raises Problem."""
    if not JOB_ID.match(job_id):
        raise usage(f"'{job_id}' is not the id of a job.", "%jobs lists them with their ids.")
    return connection.call("compute", "GET", f"/jobs/{quote(job_id)}")


def cancel(connection: Connection, job_id: str) -> dict[str, Any]:
    """Asks a job to end; after its grace time it is killed. Raises Problem."""
    return connection.call("compute", "POST", f"/jobs/{quote(get(connection, job_id)['id'])}/cancel")


def retry(connection: Connection, job_id: str) -> dict[str, Any]:
    """Runs a finished job again, as a new job. Raises Problem."""
    return connection.call("compute", "POST", f"/jobs/{quote(get(connection, job_id)['id'])}/retry", key=secrets.token_hex(16))


def find(connection: Connection, activity: str | None) -> Table:
    """Jobs of the tenant, newest first; `active` or `finished` ones only when asked for."""
    rows = list(connection.pages("compute", "/jobs", query={"activity": activity}, limit=SHOWN_AT_MOST))
    return Table(
        rows,
        {
            "job": lambda row: row["id"],
            "name": lambda row: row["name"],
            "state": lambda row: sentence_of(row),
            "processes": lambda row: row["processes"],
            "by": lambda row: row["createdBy"],
            "created": lambda row: ago(row["createdAt"]),
        },
        "There are no jobs yet. Put %%job above the lines of a cell to run it as one.",
    )


def sentence_of(job: dict[str, Any]) -> str:
    """State of a job in one plain sentence: why it waits, how far it is, why it ended."""
    state = job["state"]
    if job.get("isCancelling") and state not in FINAL:
        return "is being cancelled"
    if state == "queued":
        place = f", place {job['place']}" if job.get("place") else ""
        return f"waiting{place}: {job['waitReason']}" if job.get("waitReason") else f"waiting{place}"
    progress = job.get("progress")
    if state == "running" and progress:
        parts = [f"{progress['fraction']:.0%}" if progress.get("fraction") is not None else "", progress.get("message") or "", _eta(progress.get("etaSeconds"))]
        return "running: " + ", ".join(part for part in parts if part) if any(parts) else "running"
    return f"{state}: {job['reason']}" if job.get("reason") else state


def _eta(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{round(seconds)} s left" if seconds < 120 else f"{round(seconds / 60)} min left"


def failure_of(job: dict[str, Any]) -> Problem | None:
    """Why the cell of a finished job counts as failed; `None` when it does not."""
    if job["state"] == "failed":
        return Problem("invalid-state", f"The job '{job['name']}' failed", detail=job.get("reason") or "", hint=f"Run it again with %job {job['id']} retry")
    if job["state"] == "cancelled":
        return Problem("invalid-state", f"The job '{job['name']}' was cancelled", detail=job.get("reason") or "")
    lost = [output for output in job.get("outputs", []) if output.get("problem")]
    if lost:
        return Problem("invalid-state", f"The job '{job['name']}' ran, but not all of its outputs were published", detail="; ".join(f"{row['as']}: {row['problem']}" for row in lost))
    return None
