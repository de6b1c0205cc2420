"""Tells a process from a later one that got the same number."""

from __future__ import annotations

from pathlib import Path


def start_ticks(pid: int) -> int | None:
    """When the process started, in clock ticks since boot (field 22 of /proc/PID/stat); None when it does not run."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # the second field, the command in parentheses, may itself contain spaces and parentheses
    return int(stat.rpartition(")")[2].split()[19])
