"""
Runs the processes of one attempt on Ray, together or not at all: a placement group holds a place for each, and an actor on each place starts
the program as a process of its own. The program finds the same names, folders, log and limits as without Ray, and `ray.init()` joins the cluster.

    ray_gang.py REQUEST

Without an address in the request a Ray of its own is started and ends with it. Besides Ray only the standard library is needed.
"""

import json
import math
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

LOOK_SECONDS = 0.3
KILL_AFTER_SECONDS = 10
DEADLINE_GRACE_SECONDS = 10
# What Ray's own client needs in a process: threads and buffers, measured at 300 MiB of mostly untouched memory.
CLIENT_MIB = 256
OBJECT_STORE_BYTES = 128 * 1024 * 1024
LOST = 255


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write(path: str, value: dict) -> None:
    """All or nothing, and on the disk before it counts."""
    part = f"{path}.{os.getpid()}"
    with open(part, "w", encoding="utf-8") as file:
        json.dump(value, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


class Process:
    """One place of the gang. Its methods run on the node of the place."""

    def place(self) -> tuple[str, int]:
        import ray

        with socket.socket() as probe:
            probe.bind(("", 0))
            return ray.util.get_node_ip_address(), probe.getsockname()[1]

    def start(self, job: dict, names: dict) -> None:
        environment = {"PATH": os.environ.get("PATH", os.defpath), **job["environment"], **names}
        # After what the job brings and the platform offers, what the image has.
        packages = [part for of in (job["environment"], os.environ) for part in of.get("PYTHONPATH", "").split(":") if part]
        if packages:
            environment["PYTHONPATH"] = ":".join(dict.fromkeys(packages))
        for name in ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"):
            if name in os.environ:
                environment[name] = os.environ[name]
        if job["ray"].get("bundle", {}).get("GPU"):
            environment["CUDA_VISIBLE_DEVICES"] = os.environ.get("CUDA_VISIBLE_DEVICES", "")
        token = job["tokenFile"]
        if "tokenSource" in job:
            # A Secret's file may belong to somebody else; the program gets one that only it can read.
            Path(token).unlink(missing_ok=True)
            with os.fdopen(os.open(token, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(Path(job["tokenSource"]).read_text().strip())
        memory = str(job["memoryMiB"] + CLIENT_MIB)
        words = [sys.executable, job["rankProgram"], job["logs"], memory, token, sys.executable, job["fileName"], *job["arguments"]]
        self.job_id = job["jobId"]
        with open(os.devnull, "rb") as nothing:
            self.child = subprocess.Popen(words, cwd=job["home"], env={**environment, "STRATALAB_DIES_WITH_PARENT": str(os.getpid())}, stdin=nothing, process_group=0)

    def wait(self) -> int:
        code = self.child.wait()
        return 128 - code if code < 0 else code

    def end(self, number: int) -> None:
        try:
            os.killpg(self.child.pid, number)
        except ProcessLookupError:
            pass

    def sweep(self) -> None:
        """What the program started and left behind still carries the name of the gang."""
        mark = f"STRATALAB_GANG={self.job_id}".encode()
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                if mark in Path(f"/proc/{name}/environ").read_bytes().split(b"\0"):
                    os.kill(int(name), signal.SIGKILL)
            except OSError:
                continue


class Gang:
    def __init__(self, job: dict) -> None:
        self.job = job
        self.end: str | None = None
        self.kill_at: float | None = None
        self.deadline_at: float | None = None
        self.is_asked = False
        self.code = 0
        self.failed: int | None = None
        self.started: str | None = None
        self.message: str | None = None
        self.actors: list = []

    def ask(self, *_: object) -> None:
        self.is_asked = True

    def run(self) -> dict:
        import ray

        self.connect(ray)
        # Ray put its own in the place of ours.
        signal.signal(signal.SIGTERM, self.ask)
        try:
            if self.hold_places(ray):
                self.start(ray)
                self.watch(ray)
        except ray.exceptions.RayError as error:
            self.end, self.message = self.end or "lost", f"Ray lost the gang: {str(error).strip().splitlines()[0]}"
        finally:
            ray.shutdown()
        return self.outcome()

    def connect(self, ray) -> None:
        wanted = self.job["ray"]
        if wanted.get("address"):
            ray.init(address=wanted["address"], log_to_driver=False, logging_level="WARNING")
            return
        ray.init(
            num_cpus=max(1, math.ceil(wanted["cpus"])), num_gpus=wanted["gpus"], resources={"stratalab_process": self.job["processes"]},
            include_dashboard=False, object_store_memory=OBJECT_STORE_BYTES, log_to_driver=False, logging_level="WARNING",
            _node_ip_address="127.0.0.1", _temp_dir=os.environ.get("TMPDIR", "/tmp/stratalab-ray"),
        )  # fmt: skip

    def hold_places(self, ray) -> bool:
        """A place for every process at once: until then none starts. @returns False when the job was asked to end before"""
        count, wanted = self.job["processes"], self.job["ray"]
        bundle = wanted.get("bundle") or {"stratalab_process": 1}
        group = ray.util.placement_group([bundle] * count, strategy=wanted.get("strategy", "PACK"))
        print(f"Waiting for {count} places on Ray.", flush=True)
        while not group.wait(LOOK_SECONDS):
            if self.asked() is not None:
                self.end = "cancelled"
                return False
        for index in range(count):
            where = ray.util.scheduling_strategies.PlacementGroupSchedulingStrategy(group, placement_group_bundle_index=index)
            options = {"num_cpus": bundle.get("CPU", 0), "num_gpus": bundle.get("GPU", 0), "max_concurrency": 4, "scheduling_strategy": where}
            if "memory" in bundle:
                options["memory"] = bundle["memory"]
            others = {name: amount for name, amount in bundle.items() if name not in ("CPU", "GPU", "memory")}
            self.actors.append(ray.remote(Process).options(**options, resources=others).remote())
        return True

    def start(self, ray) -> None:
        places = ray.get([actor.place.remote() for actor in self.actors])
        address, port = places[0]
        hosts = [host for host, _ in places]
        common = {
            "WORLD_SIZE": str(len(places)), "MASTER_ADDR": address, "MASTER_PORT": str(port), "STRATALAB_GANG": self.job["jobId"],
            "RAY_ADDRESS": ray.get_runtime_context().gcs_address,
        }  # fmt: skip
        ray.get([
            actor.start.remote(self.job, {**common, "RANK": str(rank), "LOCAL_RANK": str(hosts[:rank].count(hosts[rank]))})
            for rank, actor in enumerate(self.actors)
        ])  # fmt: skip
        self.started = now()
        if "startedFile" in self.job:
            write(self.job["startedFile"], {"startedAt": self.started})
        if self.job.get("deadlineSeconds"):
            self.deadline_at = time.monotonic() + self.job["deadlineSeconds"]

    def watch(self, ray) -> None:
        """Until no process is left. When one fails the others are asked to end, then killed: a gang ends together."""
        waiting = {actor.wait.remote(): rank for rank, actor in enumerate(self.actors)}
        while waiting:
            ended, _ = ray.wait(list(waiting), num_returns=len(waiting), timeout=LOOK_SECONDS)
            for reference in ended:
                self.note(ray, reference, waiting.pop(reference))
            left = [self.actors[rank] for rank in waiting.values()]
            grace = self.asked()
            if grace is not None and self.end is None:
                self.stop("cancelled", left, grace)
            if self.deadline_at is not None and time.monotonic() >= self.deadline_at and self.end is None:
                self.stop("deadline", left, DEADLINE_GRACE_SECONDS)
            if self.failed is not None and self.kill_at is None:
                self.stop(self.end, left, KILL_AFTER_SECONDS)
            if self.kill_at is not None and time.monotonic() >= self.kill_at:
                self.kill_at = math.inf
                for actor in left:
                    actor.end.remote(int(signal.SIGKILL))
        swept = [actor.sweep.remote() for actor in self.actors]
        ray.wait(swept, num_returns=len(swept), timeout=KILL_AFTER_SECONDS)

    def note(self, ray, reference, rank: int) -> None:
        try:
            code = ray.get(reference)
        except ray.exceptions.RayError:
            code = LOST
            if self.failed is None:
                self.end, self.message = self.end or "lost", f"Process {rank} was lost with the machine it ran on."
        if code != 0 and self.failed is None:
            self.code, self.failed = code, rank

    def stop(self, end: str | None, left: list, grace_seconds: float) -> None:
        self.end = end
        self.kill_at = time.monotonic() + grace_seconds
        for actor in left:
            actor.end.remote(int(signal.SIGTERM))

    def asked(self) -> float | None:
        """Seconds a process may take to end; None while nobody asks. By signal another supervision kills in its own time."""
        if self.is_asked:
            return math.inf
        try:
            return json.loads(Path(self.job["cancelFile"]).read_text())["graceMs"] / 1000
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def outcome(self) -> dict:
        result = {"end": self.end or "exited", "endedAt": now(), "startedAt": self.started, "message": self.message}
        if self.started is None or self.end == "lost":
            return result
        return {**result, "exitCode": self.code, "failedRank": self.failed}


def prepare(job: dict) -> None:
    """Where no supervision did it before: the home, and in each log where another attempt begins."""
    from launch import prepare as prepare_home

    prepare_home(job)
    if job["attempt"] > 1:
        for path in Path(job["logs"]).glob("*.log"):
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW), "ab") as file:
                file.write(f"\n--- attempt {job['attempt']} ---\n".encode())


def take_log(path: Path) -> None:
    log = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)


def main() -> None:
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    gang = Gang(job)
    signal.signal(signal.SIGTERM, gang.ask)
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if not job["ray"].get("address"):
        os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN=secrets.token_urlsafe(32), RAY_memory_monitor_refresh_ms="0")
    if job.get("isPreparing"):
        # A head that was restarted may be given the same job again: an attempt runs once.
        try:
            os.close(os.open(job["onceFile"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            sys.exit("This attempt was started before.")
        prepare(job)
        take_log(Path(job["logs"]) / "launcher.log")
    try:
        result = gang.run()
    except Exception as error:
        result = {"end": "lost" if gang.started else "not-started", "endedAt": now(), "startedAt": gang.started, "message": f"Ray: {str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__}"}
        write(job["resultFile"], result)
        raise
    write(job["resultFile"], result)
    sys.exit(result.get("exitCode") or (0 if result["end"] == "exited" else 1))


if __name__ == "__main__":
    main()
