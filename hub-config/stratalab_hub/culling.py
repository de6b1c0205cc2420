"""When an idle workspace ends."""

from __future__ import annotations

LONGEST_INTERVAL_SECONDS = 60


def culling_arguments(idle_seconds: int) -> list[str]:
    """
    Lab ends kernels and terminals that were idle for so long, and the server itself after as long again without any.

    A busy kernel is never ended, however long it computes and whether or not a page is open; nor is an idle one with an
    open page. The workspace's own server decides, because only it knows what its kernels do.
    """
    interval = max(1, min(LONGEST_INTERVAL_SECONDS, idle_seconds // 4))
    return [
        f"--MappingKernelManager.cull_idle_timeout={idle_seconds}",
        f"--MappingKernelManager.cull_interval={interval}",
        "--MappingKernelManager.cull_busy=False",
        "--MappingKernelManager.cull_connected=False",
        f"--TerminalManager.cull_inactive_timeout={idle_seconds}",
        f"--TerminalManager.cull_interval={interval}",
        f"--ServerApp.shutdown_no_activity_timeout={idle_seconds}",
    ]
