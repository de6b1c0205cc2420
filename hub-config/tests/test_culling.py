"""A busy kernel is never culled; an idle one is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from jupyter_client import BlockingKernelClient
from stratalab_hub.culling import culling_arguments
from support.hub import free_ports
from support.waiting import wait_until

IDLE_SECONDS = 3
TOKEN = {"Authorization": "token for-this-test"}
# The server, whose sweeps do nothing until a file is there: a kernel that starts slowly would be idle for too long before it has anything to do.
SWEEPING_LATER = """
import os
from jupyter_server.serverapp import launch_new_instance
from jupyter_server.services.kernels.kernelmanager import MappingKernelManager

sweep = MappingKernelManager.cull_kernels

async def sweep_when_told(manager):
    if os.path.exists(os.environ["SWEEP_WHEN_THERE"]):
        await sweep(manager)

MappingKernelManager.cull_kernels = sweep_when_told
launch_new_instance()
"""


class Server:
    """A plain Jupyter Server with the arguments of our workspaces; it ends no kernel before `sweep`."""

    def __init__(self, folder: Path) -> None:
        port = free_ports()
        self.url = f"http://127.0.0.1:{port}/api"
        self.runtime = folder / "runtime"
        self._sweeps = folder / "sweep"
        environment = {
            **os.environ,
            "HOME": str(folder), "JUPYTER_RUNTIME_DIR": str(self.runtime), "JUPYTER_TOKEN": "for-this-test", "IPYTHONDIR": str(folder / "ipython"),
            "SWEEP_WHEN_THERE": str(self._sweeps),
        }
        options = [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}", "--no-browser", "--allow-root"]
        command = [sys.executable, "-c", SWEEPING_LATER, *options, *culling_arguments(IDLE_SECONDS)]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self.answers, 60)

    def sweep(self) -> None:
        """From now on what is idle for too long is ended."""
        self._sweeps.touch()

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/status", headers=TOKEN, timeout=5).ok
        except requests.RequestException:
            return False

    def kernels(self) -> dict[str, str]:
        return {kernel["id"]: kernel["execution_state"] for kernel in requests.get(f"{self.url}/kernels", headers=TOKEN, timeout=5).json()}

    def start_kernel(self) -> str:
        answer = requests.post(f"{self.url}/kernels", headers=TOKEN, json={"name": "python3"}, timeout=30)
        answer.raise_for_status()
        return answer.json()["id"]

    def run(self, kernel: str, code: str) -> BlockingKernelClient:
        """Runs code without an open page: straight at the kernel's sockets, as after a closed tab."""
        client: Any = BlockingKernelClient(connection_file=str(self.runtime / f"kernel-{kernel}.json"))
        client.load_connection_file()
        client.start_channels()
        client.wait_for_ready(timeout=30)
        client.execute(code)
        return client


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path)
    yield running
    running.process.terminate()
    running.process.wait(20)


def test_an_idle_kernel_is_culled_and_a_busy_one_without_a_page_is_not(server: Server) -> None:
    busy, idle = server.start_kernel(), server.start_kernel()
    clients = [server.run(busy, "import time; time.sleep(3600)"), server.run(idle, "1 + 1")]
    wait_until(lambda: server.kernels().get(busy) == "busy")
    server.sweep()
    wait_until(lambda: idle not in server.kernels(), 8 * IDLE_SECONDS)
    # The busy one is older than the idle one was: every sweep that could end it has come by.
    assert server.kernels() == {busy: "busy"}
    for client in clients:
        client.stop_channels()


def test_the_interval_suits_the_time() -> None:
    assert "--MappingKernelManager.cull_interval=60" in culling_arguments(3600)
    assert "--MappingKernelManager.cull_interval=1" in culling_arguments(5)
    assert "--MappingKernelManager.cull_busy=False" in culling_arguments(5)
