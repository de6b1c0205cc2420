"""
Inside the sandbox: starts the processes of one attempt together or not at all, and reports how they end.

Standard input: one line of JSON, then `stop` when the job should end; its end (the supervisor died) kills everything.
Standard output: one JSON object per line: started, exit (of one process), failed (nothing was started), end.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

RANK = str(Path(__file__).with_name("rank.py"))
RAY_GANG = str(Path(__file__).with_name("ray_gang.py"))
KILL_AFTER_SECONDS = 10


def say(**event: object) -> None:
    print(json.dumps(event), flush=True)


def prepare(job: dict) -> None:
    """Code, credential, dataset links and empty output folders in the home; a second attempt finds its checkpoints."""
    home = Path(job["home"])
    for folder in (".stratalab", "datasets", "outputs", "checkpoints"):
        path = home / folder
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            path.unlink()
        path.mkdir(mode=0o700, exist_ok=True)
    (home / job["fileName"]).write_text(job["code"], encoding="utf-8")
    token = home / ".stratalab" / "token"
    token.unlink(missing_ok=True)
    if "token" in job:
        with os.fdopen(os.open(token, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(job["token"])
    for mount in job["mounts"]:
        link = home / "datasets" / mount["mountName"]
        if link.is_symlink():
            link.unlink()
        link.symlink_to(mount["path"])
    for name in job["outputs"]:
        folder = home / "outputs" / name
        if folder.is_symlink() or folder.is_file():
            folder.unlink()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def commands(job: dict) -> list[list[str]]:
    """One command per process for plain Python, one for all of them under torchrun, mpirun and Ray."""
    token = str(Path(job["home"]) / ".stratalab" / "token")
    process = [job["python"], RANK, job["logs"], str(job["memoryMiB"]), token, job["python"], job["fileName"], *job["arguments"]]
    count = job["processes"]
    if job["launcher"] == "torchrun":
        torchrun = [job["python"], "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", str(count), "--max_restarts", "0"]
        if job["torchMajor"] < 2:
            # Before 2.0 its defaults for these flags are not found under Python 3.11.
            torchrun += ["-r", "2", "-t", "1", "--log_dir", str(Path(job["home"]) / ".stratalab" / "torchrun")]
        return [[*torchrun, "--no_python", *process]]
    if job["launcher"] == "ray":
        return [[job["python"], RAY_GANG, ray_request(job, token)]]
    if job["launcher"] == "mpi":
        mpirun = [job["mpirun"], "-np", str(count), "--map-by", ":OVERSUBSCRIBE", "--bind-to", "none"]
        if os.getuid() == 0:
            mpirun.append("--allow-run-as-root")
        return [[*mpirun, *process]]
    return [process] * count


def ray_request(job: dict, token: str) -> str:
    """What the gang on Ray needs to know, and where it says how it ended. Ray counts processes, not cores: its own tasks may use all of them."""
    folder = Path(job["home"]) / ".stratalab"
    path, result = str(folder / "gang.json"), str(folder / "gang-result.json")
    known = {name: job[name] for name in ("jobId", "attempt", "home", "logs", "memoryMiB", "processes", "fileName", "arguments", "environment")}
    with open(path, "w", encoding="utf-8") as file:
        json.dump({**known, "rankProgram": RANK, "tokenFile": token, "resultFile": result, "ray": job["ray"]}, file)
    return path


def ray_failed_rank(job: dict) -> int | None:
    try:
        return json.loads((Path(job["home"]) / ".stratalab" / "gang-result.json").read_text())["failedRank"]
    except (OSError, ValueError, KeyError):
        return None


def environments(job: dict, count: int) -> list[dict[str, str]]:
    base = {**job["environment"], "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port())}
    if job["launcher"] != "python":
        return [base]
    return [{**base, "RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": str(count)} for rank in range(count)]


def signal_all(pids: list[int], number: int) -> None:
    for pid in pids:
        try:
            os.killpg(pid, number)
        except ProcessLookupError:
            pass


def kill_everything(pids: list[int]) -> None:
    if os.getpid() == 1:
        os._exit(1)
    signal_all(pids, signal.SIGKILL)
    os._exit(1)


def listen(job: dict, pids: list[int]) -> None:
    for line in sys.stdin:
        if line.strip() != "stop":
            continue
        if job["launcher"] == "ray":
            # Ray's own processes are in the group too; the gang needs them to end in order.
            os.kill(pids[0], signal.SIGTERM)
        else:
            signal_all(pids, signal.SIGTERM)
    kill_everything(pids)


def start(job: dict) -> list[int]:
    """Process groups of all processes. Raises OSError after taking back what had been started."""
    pids: list[int] = []
    words = commands(job)
    try:
        for command, environment in zip(words, environments(job, len(words)), strict=True):
            with open(Path(job["logs"]) / "launcher.log", "ab") as log:
                pids.append(subprocess.Popen(command, cwd=job["home"], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, process_group=0).pid)
    except OSError:
        signal_all(pids, signal.SIGKILL)
        raise
    return pids


def wait(pids: list[int]) -> tuple[int, int | None]:
    """Exit code and rank of the first process that failed. When one fails the others are asked to end, then killed: a gang ends together."""
    code, failed = 0, None
    left = set(pids)
    while left:
        pid, status = os.waitpid(-1, 0)
        if pid not in left:
            continue
        left.discard(pid)
        ended = os.waitstatus_to_exitcode(status)
        ended = 128 - ended if ended < 0 else ended
        say(event="exit", rank=pids.index(pid), code=ended)
        if ended != 0 and failed is None:
            code, failed = ended, pids.index(pid)
            signal_all(list(left), signal.SIGTERM)
            timer = threading.Timer(KILL_AFTER_SECONDS, signal_all, (list(left), signal.SIGKILL))
            timer.daemon = True
            timer.start()
    return code, failed


def main() -> None:
    job = json.loads(sys.stdin.readline())
    # The supervisor decides over its end. A handler, because being ignored would be inherited by the job.
    signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        prepare(job)
        pids = start(job)
    except OSError as error:
        say(event="failed", message=error.strerror or str(error))
        return
    say(event="started")
    threading.Thread(target=listen, args=(job, pids), daemon=True).start()
    code, failed = wait(pids)
    if job["launcher"] == "ray":
        failed = ray_failed_rank(job)
    say(event="end", code=code, rank=failed)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
