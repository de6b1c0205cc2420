"""
Supervises one attempt of one job, in its own session, whatever happens to the platform. Everything it knows is on disk, in the folder
of the attempt: runner.json (who I am), started.json, result.json (the end; written once). A file `cancel` there asks it to stop the job.

    supervise.py FOLDER        (reads FOLDER/request.json)
"""

import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

LAUNCH = str(Path(__file__).with_name("launch.py"))
DEADLINE_GRACE_SECONDS = 10
LOOK_SECONDS = 0.5
GONE_SECONDS = 30


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write(path: Path, value: dict) -> None:
    """All or nothing, and on the disk before it counts."""
    part = path.with_suffix(f".{os.getpid()}")
    with open(part, "w", encoding="utf-8") as file:
        json.dump(value, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def identity() -> dict:
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    return {"pid": os.getpid(), "startTicks": int(fields[19]), "bootId": Path("/proc/sys/kernel/random/boot_id").read_text().strip()}


class Supervision:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.request = json.loads((folder / "request.json").read_text())
        self.end: str | None = None
        self.kill_at: float | None = None
        self.started: str | None = None
        self.result: dict = {}

    def run(self) -> dict:
        if (self.folder / "cancel").exists():
            return {"end": "cancelled"}
        logs = Path(self.request["logs"])
        if self.request["attempt"] > 1:
            # Where the supervision of the attempt before was killed its processes may still be dying: two attempts never run at once.
            self.clear()
            self.mark(logs)
        with open(logs / "launcher.log", "ab") as log:
            try:
                self.child = subprocess.Popen(
                    [*self.request["jail"], self.request["supervisorPython"], LAUNCH],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, cwd=self.request["home"], start_new_session=True, text=True,
                    env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"},
                )  # fmt: skip
            except OSError as error:
                return {"end": "not-started", "message": error.strerror}
        # Own and short: Open MPI names sockets in it by process number, and sandboxed jobs share those numbers.
        temporary = tempfile.mkdtemp(prefix="strata-", dir="/tmp")
        self.request["environment"]["TMPDIR"] = temporary
        try:
            self.send(json.dumps(self.request) + "\n")
            self.watch()
            self.reap()
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        return self.outcome()

    def mark(self, logs: Path) -> None:
        """Says in each log where another attempt begins."""
        for path in logs.glob("*.log"):
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW), "ab") as file:
                file.write(f"\n--- attempt {self.request['attempt']} ---\n".encode())

    def send(self, text: str) -> None:
        try:
            self.child.stdin.write(text)
            self.child.stdin.flush()
        except OSError:
            pass

    def watch(self) -> None:
        """Until the launcher has nothing more to say; asks for the end when the deadline passes or somebody cancels."""
        deadline = self.request.get("deadlineSeconds")
        deadline_at = time.monotonic() + deadline if deadline else None
        stdout = self.child.stdout
        buffer = b""
        while True:
            readable, _, _ = select.select([stdout], [], [], LOOK_SECONDS)
            if readable:
                piece = os.read(stdout.fileno(), 65536)
                if not piece:
                    return
                *lines, buffer = (buffer + piece).split(b"\n")
                for line in lines:
                    self.note(json.loads(line))
            if self.end is None and (self.folder / "cancel").exists():
                self.stop("cancelled", self.grace())
            if self.end is None and deadline_at is not None and time.monotonic() >= deadline_at:
                self.stop("deadline", DEADLINE_GRACE_SECONDS)
            if self.kill_at is not None and time.monotonic() >= self.kill_at:
                self.kill()

    def note(self, event: dict) -> None:
        if event["event"] == "started":
            self.started = now()
            write(self.folder / "started.json", {"startedAt": self.started})
        else:
            self.result[event["event"]] = event

    def grace(self) -> float:
        try:
            return json.loads((self.folder / "cancel").read_text())["graceMs"] / 1000
        except (OSError, ValueError, KeyError):
            return 0.0

    def stop(self, end: str, grace_seconds: float) -> None:
        self.end = end
        self.kill_at = time.monotonic() + grace_seconds
        self.send("stop\n")

    def kill(self) -> None:
        self.kill_at = None
        try:
            os.killpg(self.child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.kill_strays()

    def reap(self) -> None:
        self.child.stdin.close()
        try:
            self.child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            pass
        self.kill()
        self.child.wait()
        self.clear()

    def clear(self) -> None:
        """Until no process of the job is left. Dying takes time, and the end that is told gives away folders, memory and devices."""
        give_up_at = time.monotonic() + GONE_SECONDS
        while self.kill_strays() and time.monotonic() < give_up_at:
            time.sleep(0.05)

    def kill_strays(self) -> bool:
        """Some may have left the group; they still carry the id of the job. @returns whether there was one"""
        is_one_left = False
        mark = f"STRATALAB_JOB_ID={self.request['jobId']}".encode()
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                if mark in Path(f"/proc/{name}/environ").read_bytes().split(b"\0"):
                    os.kill(int(name), signal.SIGKILL)
                    is_one_left = True
            except OSError:
                continue
        return is_one_left

    def outcome(self) -> dict:
        result = {"end": self.end or "exited", "startedAt": self.started}
        ended = self.result.get("end")
        if self.started is None:
            return {**result, "end": self.end or "not-started", "message": self.result.get("failed", {}).get("message") or "The sandbox could not be set up; see the launcher's log."}
        if ended is not None:
            rank = ended["rank"] if self.request["launcher"] in ("python", "ray") else None
            return {**result, "exitCode": ended["code"], "failedRank": rank}
        return result if self.end else {**result, "end": "lost", "message": "Its processes were killed from outside."}


def main() -> None:
    folder = Path(sys.argv[1])
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    if (folder / "result.json").exists() or (folder / "runner.json").exists():
        return  # this attempt had its one supervision
    write(folder / "runner.json", identity())
    try:
        result = Supervision(folder).run()
    except Exception as error:
        write(folder / "result.json", {"end": "lost", "message": f"{type(error).__name__} in the supervision", "endedAt": now()})
        raise
    write(folder / "result.json", {**result, "endedAt": now()})


if __name__ == "__main__":
    main()
