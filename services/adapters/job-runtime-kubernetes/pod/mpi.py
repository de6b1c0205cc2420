"""
MPI over the pods of a gang, without ssh, without a right to exec and without a listening port of ours.

Open MPI starts one daemon per host through an agent: a program that is told a host and the daemon's words. Ours leaves the words on the shared volume, in the
folder of the attempt that only this gang's pods mount, and the pod they are for picks them up. From then on the daemons talk to each other as always.

    mpi.py agent HOST …             called by mpirun, once per pod beside the first
    mpi.py rank REQUEST TOKEN PRIVATE   called by the daemons, once per process
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pod

PREPARED_SECONDS = 120
TERMINATION_LOG = Path("/dev/termination-log")
HOSTS = "STRATALAB_MPI_HOSTS"
FOLDER = "STRATALAB_MPI_FOLDER"


def agent(words: list[str]) -> None:
    """Leaves what follows `prted` for the pod with this address. The daemon stays in the foreground there: the pod lives as long as it does."""
    host, command = words[0], words[1:]
    begin = next(index for index, word in enumerate(command) if word.endswith("/prted") or word == "prted") + 1
    daemon = [word.strip('"') for word in command[begin:] if word != "--daemonize"]
    place = Path(os.environ[FOLDER]) / f"daemon-{os.environ[HOSTS].split(',').index(host)}.json"
    part = place.with_suffix(".part")
    part.write_text(json.dumps(daemon), encoding="utf-8")
    part.rename(place)


def addresses(names: list[str]) -> list[str]:
    """Names of a fresh gang take some seconds to be known."""
    deadline = time.monotonic() + PREPARED_SECONDS
    found: dict[str, str] = {}
    while len(found) < len(names):
        for name in names:
            try:
                found.setdefault(name, socket.gethostbyname(name))
            except OSError:
                if time.monotonic() > deadline:
                    sys.exit(f"The address of {name} is not known.")
        time.sleep(0.2)
    return [found[name] for name in names]


def wait_for_daemon(path: Path) -> list[str]:
    deadline = time.monotonic() + PREPARED_SECONDS
    while not path.exists():
        if time.monotonic() > deadline:
            sys.exit("The first pod of the gang did not start MPI here.")
        time.sleep(0.1)
    return json.loads(path.read_text(encoding="utf-8"))


def supervise(command: list[str], environment: dict[str, str]) -> int:
    """Runs a program in a process group of its own and passes the wish to end on. Returns its exit code, or 128 and the signal."""
    child = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)
    signal.signal(signal.SIGTERM, lambda *_: child.send_signal(signal.SIGTERM))
    code = child.wait()
    return 128 - code if code < 0 else code


def run(job: dict, request: Path, secrets: list[str], environment: dict[str, str]) -> int:
    """This pod's part: mpirun in the first one, its daemon in each other. Returns the exit code of the pod."""
    log = os.open(Path(job["logs"]) / "launcher.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    folder = request.parent / "mpi"
    folder.mkdir(exist_ok=True)
    prted = shutil.which("prted", path=environment["PATH"])
    if prted is None:
        sys.exit("There is no Open MPI in this image.")
    prefix = str(Path(prted).parent.parent)
    # A user without an entry in /etc/passwd has no shell; Open MPI looks for one, though our agent uses none.
    # Its session files are small and many; the memory the pod shares is the place for them.
    base = {**environment, "TMPDIR": "/dev/shm", "PRTE_PREFIX": prefix, "PMIX_PREFIX": prefix, "OPAL_PREFIX": prefix, "LD_LIBRARY_PATH": f"{prefix}/lib", "SHELL": "/bin/sh"}
    index = int(os.environ.get("VC_TASK_INDEX", "0"))
    words = mpirun(job, request, secrets, folder, base) if index == 0 else [prted, *wait_for_daemon(folder / f"daemon-{index}.json")]
    code = supervise(words, base)
    failed = folder / "failed"
    if index == 0 and failed.exists():
        rank, code = (int(word) for word in failed.read_text().split())
        TERMINATION_LOG.write_text(f"rank {rank} ended with {code}")
    # Which process failed is for the first pod to say; a daemon that was told to end did nothing wrong.
    return 0 if index != 0 and failed.exists() else code


def mpirun(job: dict, request: Path, secrets: list[str], folder: Path, base: dict[str, str]) -> list[str]:
    hosts = addresses(os.environ.get("VC_WORKER_HOSTS", "127.0.0.1").split(","))
    base.update({HOSTS: ",".join(hosts), FOLDER: str(folder)})
    program = str(Path(__file__).resolve())
    gang = ["-np", str(job["processes"]), "--host", ",".join(f"{host}:1" for host in hosts), "--map-by", "node", "--bind-to", "none"]
    if os.getuid() == 0:
        gang.append("--allow-run-as-root")
    launch = ["--prtemca", "plm_ssh_agent", f"python3 {program} agent", "--prtemca", "plm_ssh_no_tree_spawn", "1"]
    return ["mpirun", *gang, *launch, "python3", program, "rank", str(request), *secrets]


def rank_of_mpi(request: Path, secrets: list[str]) -> int:
    """One process of the program, with everything a process of a job has. The first that fails leaves its rank and code for the pod that reports."""
    job = json.loads(request.read_text(encoding="utf-8"))
    rank, world = os.environ["OMPI_COMM_WORLD_RANK"], os.environ["OMPI_COMM_WORLD_SIZE"]
    words, environment = pod.become(job, rank, world, [Path(path) for path in secrets])
    kept = {name: value for name, value in os.environ.items() if name.startswith(("OMPI_", "PMIX_", "PRTE_", "OPAL_", "LD_LIBRARY_PATH"))}
    code = supervise(words, {**kept, **environment})
    if code != 0:
        try:
            with os.fdopen(os.open(request.parent / "mpi" / "failed", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(f"{rank} {code}")
        except FileExistsError:
            pass
    return code


if __name__ == "__main__":
    if sys.argv[1] == "agent":
        agent(sys.argv[2:])
    else:
        sys.exit(rank_of_mpi(Path(sys.argv[2]), sys.argv[3:]))
