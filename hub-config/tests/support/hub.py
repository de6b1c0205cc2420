"""A real JupyterHub on loopback with the product's configuration and a temporary data folder."""

from __future__ import annotations

import itertools
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from .waiting import wait_until

SUPPORT = Path(__file__).resolve().parent
ROOT = SUPPORT.parents[2]
PORTS_NEEDED = 5
# Workspaces that the Hub of these tests starts at once.
SPAWN_LIMIT = 5
PASSWORD = "correct horse battery"


def free_ports() -> int:
    """The first of five ports in a row that nobody listens on."""
    for start in range(20_000 + os.getpid() % 5_000, 60_000, 10):
        sockets = [socket.socket() for _ in range(PORTS_NEEDED)]
        try:
            for offset, candidate in enumerate(sockets):
                candidate.bind(("127.0.0.1", start + offset))
            return start
        except OSError:
            continue
        finally:
            for candidate in sockets:
                candidate.close()
    raise RuntimeError("no five ports in a row are free")


class FromAddress(HTTPAdapter):
    """Connects from one of the loopback addresses, so that the Hub sees different clients."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, source_address=(self._address, 0), **options)


def new_browser(address: str | None = None) -> requests.Session:
    """A session without cookies, from an address nobody used before unless one is given."""
    browser = requests.Session()
    number = next(_addresses)
    browser.mount("http://", FromAddress(address or f"127.1.{number // 250}.{number % 250 + 1}"))
    return browser


_addresses = itertools.count()


@dataclass
class RunningHub:
    """The Hub under test and what a test needs to speak to it."""

    data: Path
    port: int
    ops_token: str
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.data / "hub.log").read_text(errors="replace")

    def secret(self, name: str) -> str:
        return (self.data / "secrets" / name).read_text()

    def api(self, method: str, path: str, token: str | None = None, **options: Any) -> requests.Response:
        """Calls the Hub's REST API, as the test service unless a token is given."""
        headers = {"Authorization": f"token {token or self.ops_token}", **options.pop("headers", {})}
        return requests.request(method, f"{self.url}/hub/api{path}", headers=headers, timeout=180, **options)

    def add_user(self, name: str, *groups: str) -> str:
        assert self.api("POST", f"/users/{name}").status_code in (201, 409)
        for group in groups:
            assert self.api("POST", f"/groups/{group}").status_code in (201, 409)
            assert self.api("POST", f"/groups/{group}/users", json={"users": [name]}).status_code == 200
        return name

    def invite(self, name: str, **body: Any) -> requests.Response:
        return self.api("POST", "/stratalab/invites", json={"name": name, **body})

    def redeem(self, token: str, password: str, session: requests.Session | None = None) -> requests.Response:
        """What the welcome page does with the token of its fragment."""
        browser = session or new_browser()
        browser.get(f"{self.url}/hub/welcome", timeout=30)
        body = {"invitation": token, "password": password}
        return browser.post(f"{self.url}/hub/welcome", data=body, headers={"X-XSRFToken": browser.cookies["_xsrf"]}, timeout=30)

    def add_person(self, name: str, *groups: str) -> str:
        """A user who chose PASSWORD by invitation."""
        self.add_user(name, *groups)
        token = self.invite(name, reset=True).json()["url"].partition("#")[2]
        assert self.redeem(token, PASSWORD).status_code == 200
        return name

    def sign_in(self, name: str, password: str = PASSWORD, **options: Any) -> tuple[requests.Session, requests.Response]:
        """Posts the sign-in form, with the given query and headers; the answer is the redirect or the form again."""
        browser = new_browser(options.pop("address", None))
        browser.headers.update(options.pop("headers", {}))
        target = f"{self.url}/hub/login"
        browser.get(target, timeout=30)
        form = {"username": name, "password": password, "_xsrf": browser.cookies["_xsrf"]}
        return browser, browser.post(target, data=form, allow_redirects=False, timeout=30, **options)

    def start_server(self, name: str, **options: Any) -> requests.Response:
        return self.api("POST", f"/users/{name}/server", json=options)

    def wait_for_server(self, name: str) -> dict[str, Any]:
        def ready() -> dict[str, Any] | None:
            server = self.api("GET", f"/users/{name}").json()["servers"].get("", {})
            return server if server.get("ready") else None

        return wait_until(ready, 60)

    def stop_server(self, name: str) -> None:
        self.api("DELETE", f"/users/{name}/server")
        wait_until(lambda: not self.api("GET", f"/users/{name}").json()["servers"], 60)

    def asked(self) -> list[dict[str, Any]]:
        """What the platform was asked so far; a line that is being written is not there yet."""
        path = self.data / "asked.jsonl"
        return [json.loads(line) for line in path.read_text().rpartition("\n")[0].splitlines()] if path.exists() else []

    def stop(self) -> None:
        """Ends the Hub in order and waits; kills its process group when it does not end."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)


def prepare_data(data: Path) -> None:
    """The part of the data folder that the supervisor makes."""
    for folder in ("secrets", "run", "hub", "home", "logs"):
        (data / folder).mkdir(parents=True, mode=0o700)
    for name in ("hub-service-token", "proxy-token", "cookie-secret", "internal-key"):
        path = data / "secrets" / name
        path.write_text(secrets.token_hex(32))
        path.chmod(0o600)


def start_hub(data: Path, **environment: str) -> RunningHub:
    """Starts a Hub on a new data folder and waits until its sign-in page answers through the proxy."""
    prepare_data(data)
    return run_hub(data, free_ports(), environment)


def run_hub(data: Path, port: int, environment: dict[str, str]) -> RunningHub:
    """The same on a folder and ports that may have been used before."""
    ops_token = secrets.token_hex(24)
    inherited = {name: os.environ[name] for name in ("PATH", "LANG", "HOME", "TMPDIR") if name in os.environ}
    env = {
        **inherited,
        "STRATALAB_DATA": str(data), "STRATALAB_ROOT": str(ROOT), "STRATALAB_PORT": str(port), "STRATALAB_VENV": sys.prefix,
        "STRATALAB_OPS_TOKEN": ops_token, "DATABASE_URL": "postgresql://canary-database-password@127.0.0.1/none", **environment,
    }
    command = [sys.executable, "-m", "jupyterhub", "-f", str(SUPPORT / "hub_config.py")]
    with (data / "hub.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=data, env=env, stdout=log, stderr=log, start_new_session=True)
    hub = RunningHub(data, port, ops_token, process)
    try:
        wait_until(lambda: _is_up(hub), 60, 0.1)
    except BaseException:
        hub.stop()
        raise RuntimeError(f"the Hub did not come up:\n{hub.log[-4000:]}") from None
    return hub


def _is_up(hub: RunningHub) -> bool:
    if hub.process.poll() is not None:
        raise RuntimeError("the Hub ended")
    try:
        return requests.get(f"{hub.url}/hub/login", timeout=5).status_code == 200
    except requests.RequestException:
        return False
