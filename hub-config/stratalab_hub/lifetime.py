"""Processes that must not outlive the Hub."""

from __future__ import annotations

import shutil


def ending_with_the_hub(command: list[str]) -> list[str]:
    """
    The command, started so that the kernel ends it (SIGTERM) when the Hub is gone, even by kill -9.

    Otherwise an orphaned proxy or platform would hold its port, and the next start could not have it. Workspaces are not
    started this way: they go on computing and are adopted. Without setpriv (util-linux) the command is left as it is.
    """
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--", *command] if setpriv else command
