"""What a Hub that was killed leaves behind, and what the next one makes of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from stratalab_hub.process_identity import start_ticks
from support.hub import PORTS_NEEDED, RunningHub, run_hub, start_hub
from support.waiting import wait_until


@pytest.fixture
def killed() -> Iterator[tuple[RunningHub, int]]:
    """A Hub that was killed -9 while a workspace ran, and the workspace's process."""
    folder = Path(tempfile.mkdtemp(prefix="stratalab-restart-"))
    running = start_hub(folder)
    running.add_user("rosa", "demo:editor")
    running.start_server("rosa")
    running.wait_for_server("rosa")
    pid = pid_of(running, "rosa")
    running.process.send_signal(signal.SIGKILL)
    running.process.wait(10)
    try:
        yield running, pid
    finally:
        if start_ticks(pid) is not None:
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


def pid_of(hub: RunningHub, name: str) -> int:
    return hub.api("GET", f"/users/{name}").json()["servers"][""]["state"]["pid"]


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_proxy_and_platform_end_with_the_hub_and_a_workspace_is_adopted(killed: tuple[RunningHub, int]) -> None:
    dead, pid = killed
    wait_until(lambda: all(is_free(dead.port + offset) for offset in range(PORTS_NEEDED)), 20)
    assert start_ticks(pid) is not None
    asked = len(dead.asked())
    again = run_hub(dead.data, dead.port, {})
    try:
        again.wait_for_server("rosa")
        assert pid_of(again, "rosa") == pid
        assert len(again.asked()) == asked, "an adopted workspace is not admitted again"
        again.stop_server("rosa")
        wait_until(lambda: again.asked()[-1]["method"] == "DELETE")
    finally:
        again.stop()


def test_a_process_that_only_has_the_number_of_a_workspace_is_not_touched(killed: tuple[RunningHub, int]) -> None:
    dead, pid = killed
    wait_until(lambda: all(is_free(dead.port + offset) for offset in range(PORTS_NEEDED)), 20)
    forget_when_it_started(dead)
    again = run_hub(dead.data, dead.port, {})
    try:
        wait_until(lambda: not again.api("GET", "/users/rosa").json()["servers"])
        assert start_ticks(pid) is not None
    finally:
        again.stop()


def forget_when_it_started(hub: RunningHub) -> None:
    """As if the number had been given to another process since."""
    with sqlite3.connect(hub.data / "hub/jupyterhub.sqlite") as database:
        [(state,)] = database.execute("select state from spawners where state like '%pid%'").fetchall()
        database.execute("update spawners set state = ? where state = ?", (json.dumps({**json.loads(state), "started": 1}), state))
