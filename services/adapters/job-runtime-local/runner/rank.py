"""Becomes one process of a job: its log, its limits, its rank, its credential; then the program itself."""

import ctypes
import os
import resource
import signal
import sys

# Open MPI's names first: under mpirun they are the truth.
RANK = ("OMPI_COMM_WORLD_RANK", "PMIX_RANK", "RANK")
LOCAL_RANK = ("OMPI_COMM_WORLD_LOCAL_RANK", "LOCAL_RANK")
WORLD_SIZE = ("OMPI_COMM_WORLD_SIZE", "WORLD_SIZE")
MIB = 1024 * 1024


def first(names: tuple[str, ...], default: str) -> str:
    return next((os.environ[name] for name in names if os.environ.get(name)), default)


def die_with_parent() -> None:
    """Where nobody supervises the process group: with the death of who started it this process ends too."""
    parent = os.environ.pop("STRATALAB_DIES_WITH_PARENT", None)
    if parent is None:
        return
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG; kept over exec
    if os.getppid() != int(parent):
        sys.exit("The process that started this one is gone.")


def main() -> None:
    die_with_parent()
    logs, memory_mib, token_file, *command = sys.argv[1:]
    rank = first(RANK, "0")
    os.environ.update(RANK=rank, LOCAL_RANK=first(LOCAL_RANK, rank), WORLD_SIZE=first(WORLD_SIZE, "1"))
    with open(token_file, encoding="utf-8") as file:
        os.environ["MLFLOW_TRACKING_TOKEN"] = file.read().strip()
    log = os.open(os.path.join(logs, f"{int(rank)}.log"), os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    # What a process asks for, not what it touches: a job that wants too much gets a MemoryError instead of the machine.
    resource.setrlimit(resource.RLIMIT_DATA, (int(memory_mib) * MIB, int(memory_mib) * MIB))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.execvpe(command[0], command, os.environ)


if __name__ == "__main__":
    main()
