"""What a proxy that was killed leaves behind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from stratalab_hub.proxy import forget_stranger
from support.waiting import wait_until


@pytest.fixture
def pid_file(tmp_path: Path) -> Path:
    return tmp_path / "proxy.pid"


@pytest.fixture
def left_behind() -> Iterator[subprocess.Popen[bytes]]:
    """A process with the command line of a proxy."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "configurable-http-proxy"])
    # A moment after it was started it has none yet.
    wait_until(lambda: b"configurable-http-proxy" in Path(f"/proc/{process.pid}/cmdline").read_bytes())
    yield process
    process.kill()
    process.wait()


def test_a_proxy_that_still_runs_is_remembered_for_the_hub_to_end_it(pid_file: Path, left_behind: subprocess.Popen[bytes]) -> None:
    pid_file.write_text(str(left_behind.pid))
    forget_stranger(pid_file)
    assert pid_file.exists()


def test_one_that_nobody_reaped_yet_is_not(pid_file: Path, left_behind: subprocess.Popen[bytes]) -> None:
    pid_file.write_text(str(left_behind.pid))
    left_behind.kill()
    os.waitid(os.P_PID, left_behind.pid, os.WEXITED | os.WNOWAIT)
    forget_stranger(pid_file)
    assert not pid_file.exists()


def test_a_process_that_only_has_its_number_is_left_alone(pid_file: Path) -> None:
    pid_file.write_text(str(os.getpid()))
    forget_stranger(pid_file)
    assert not pid_file.exists()


@pytest.mark.parametrize("text", ["", "no number", str(2**22 + 1)])
def test_what_names_no_process_is_the_hubs_to_drop(pid_file: Path, text: str) -> None:
    pid_file.write_text(text)
    forget_stranger(pid_file)
    assert pid_file.exists()
