"""
Becomes one process of a job in a pod: rank 0 prepares the home, then each takes its log, its limits, its credential and runs the program.

    pod.py REQUEST TOKEN_FOLDER PRIVATE_FOLDER

Standard library only: any image with Python 3 will do.
"""

import json
import os
import resource
import shutil
import sys
import time
from pathlib import Path

MIB = 1024 * 1024
PREPARED_SECONDS = 120


def prepare(job: dict, home: Path, mark: Path) -> None:
    """Code, dataset links and empty output folders; checkpoints of an earlier attempt stay. A job may have put links in their places."""
    for name in ("datasets", "outputs", "checkpoints"):
        path = home / name
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            path.unlink()
        path.mkdir(mode=0o700, exist_ok=True)
    code = home / job["fileName"]
    code.unlink(missing_ok=True)
    code.write_text(job["code"], encoding="utf-8")
    for mount in job["mounts"]:
        link = home / "datasets" / mount["mountName"]
        link.unlink(missing_ok=True)
        link.symlink_to(mount["path"])
    for name in job["outputs"]:
        folder = home / "outputs" / name
        if folder.is_symlink() or folder.is_file():
            folder.unlink()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    mark.touch()


def wait_for(mark: Path) -> None:
    deadline = time.monotonic() + PREPARED_SECONDS
    while not mark.exists():
        if time.monotonic() > deadline:
            sys.exit("The first process of the gang did not prepare the home.")
        time.sleep(0.1)


def take_log(path: Path, attempt: int) -> None:
    is_later = attempt > 1 and path.exists()
    log = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    if is_later:
        os.write(log, f"\n--- attempt {attempt} ---\n".encode())
    os.dup2(log, 1)
    os.dup2(log, 2)


def take_token(source: Path, private: Path) -> tuple[str, str]:
    """The Secret's file may belong to somebody else; the program gets one that only it can read. Returns path and text."""
    text = (source / "token").read_text().strip()
    path = private / "token"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    return str(path), text


def command(job: dict, program: list[str], rank: str, master: str) -> list[str]:
    if job["launcher"] != "torchrun":
        return program
    gang = ["--nnodes", str(job["processes"]), "--node_rank", rank, "--nproc_per_node", "1", "--master_addr", master]
    return ["torchrun", *gang, "--master_port", os.environ["MASTER_PORT"], "--max_restarts", "0", *program[1:]]


def become(job: dict, rank: str, world: str, secrets: list[Path]) -> tuple[list[str], dict[str, str]]:
    """Makes this process one of the job: its log, its limits, its credential, its folder. Returns the program's words and its environment."""
    master = os.environ.get("VC_WORKER_HOSTS", "127.0.0.1").split(",")[0]
    home = Path(job["home"])
    take_log(Path(job["logs"]) / f"{rank}.log", job["attempt"])
    token_file, token = take_token(*secrets)
    environment = {
        **basic_environment(job),
        "RANK": rank, "LOCAL_RANK": "0", "WORLD_SIZE": world, "MASTER_ADDR": master, "MASTER_PORT": os.environ["MASTER_PORT"],
        "STRATALAB_OUTPUTS": str(home / "outputs"), "CHECKPOINT_DIR": str(home / "checkpoints"),
        "STRATALAB_TOKEN_FILE": token_file, "MLFLOW_TRACKING_TOKEN": token,
    }  # fmt: skip
    # What a process asks for, not what it touches: too much is a MemoryError with a line number instead of a killed pod.
    limit = job["memoryMiB"] * MIB
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    os.chdir(home)
    return command(job, ["python3", job["fileName"], *job["arguments"]], rank, master), environment


def basic_environment(job: dict) -> dict[str, str]:
    words = job["environment"]
    # After what the job brings and the platform offers, what the image has.
    packages = [part for name in (words, os.environ) for part in name.get("PYTHONPATH", "").split(":") if part]
    path = {"PYTHONPATH": ":".join(dict.fromkeys(packages))} if packages else {}
    return {**words, **path, "HOME": job["home"], "PATH": os.environ.get("PATH", os.defpath), "MASTER_PORT": os.environ["MASTER_PORT"]}


def main() -> None:
    request, token_folder, private = (Path(word) for word in sys.argv[1:4])
    job = json.loads(request.read_text(encoding="utf-8"))
    rank = os.environ.get("VC_TASK_INDEX", "0")
    mark = request.with_name("prepared")
    if rank == "0":
        prepare(job, Path(job["home"]), mark)
    else:
        wait_for(mark)
    if job["launcher"] == "mpi":
        import mpi

        os.chdir(job["home"])
        sys.exit(mpi.run(job, request, [str(token_folder), str(private)], basic_environment(job)))
    words, environment = become(job, rank, os.environ["WORLD_SIZE"], [token_folder, private])
    os.execvpe(words[0], words, environment)


if __name__ == "__main__":
    main()
