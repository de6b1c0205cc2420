"""The real single-user server as the Hub starts it: extensions fixed, page options, imports, secrets out of reach."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from stratalab_hub.settings import read_settings
from stratalab_hub.workspace import lab_arguments
from support.hub import ROOT, RunningHub

NOBODY = 65534
SCAN = "for file in /proc/[0-9]*/environ /proc/[0-9]*/cmdline; do tr '\\000' '\\n' < $file; done 2>/dev/null; find {data} -type f -exec cat {{}} + 2>/dev/null; true"


@pytest.fixture(scope="module")
def lab(hub: RunningHub) -> requests.Session:
    """A session at the workspace of `real-rita`, with the token that her page would have."""
    hub.add_user("real-rita", "demo:editor")
    hub.start_server("real-rita")
    hub.wait_for_server("real-rita")
    token = hub.api("POST", "/users/real-rita/tokens", json={"scopes": ["access:servers!user=real-rita", "read:users:name!user=real-rita"]}).json()["token"]
    session = requests.Session()
    session.headers["Authorization"] = f"token {token}"
    return session


def page_config(text: str) -> dict[str, object]:
    found = re.search(r'<script[^>]*id="jupyter-config-data"[^>]*>(.*?)</script>', text, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_the_page_knows_the_platform_and_asks_nobody_for_news(hub: RunningHub, lab: requests.Session) -> None:
    options = page_config(lab.get(f"{hub.url}/user/real-rita/lab", timeout=60).text)
    assert options["stratalabUrl"] == "/services/stratalab/"
    assert options["disabledExtensions"] == ["@jupyterlab/apputils-extension:announcements"]


@pytest.mark.parametrize("command", ["install", "uninstall", "enable", "disable"])
def test_T64_the_extension_manager_changes_nothing(hub: RunningHub, lab: requests.Session, command: str) -> None:
    body = {"cmd": command, "extension_name": "jupyterlab-git", "plugin_name": "@jupyterlab/apputils-extension:themes"}
    for route in ("extensions", "plugins", "extensions/"):
        answer = lab.post(f"{hub.url}/user/real-rita/lab/api/{route}", json=body, timeout=60, allow_redirects=False)
        assert answer.status_code == 403, answer.text
    assert "chosen by its administrators" in answer.text


def test_T64_what_is_installed_can_still_be_read(hub: RunningHub, lab: requests.Session) -> None:
    assert lab.get(f"{hub.url}/user/real-rita/lab/api/extensions", timeout=60).status_code == 200
    assert lab.get(f"{hub.url}/user/real-rita/lab/api/plugins", timeout=60).status_code == 200


def test_a_workspace_of_somebody_else_is_closed(hub: RunningHub, lab: requests.Session) -> None:
    hub.add_user("t-other", "demo:editor")
    token = hub.api("POST", "/users/t-other/tokens", json={}).json()["token"]
    answer = requests.get(f"{hub.url}/user/real-rita/api/contents", headers={"Authorization": f"token {token}"}, timeout=30)
    assert answer.status_code == 403


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can look with the eyes of another user")
def test_T63_another_user_of_the_machine_sees_no_secret(hub: RunningHub, lab: requests.Session) -> None:
    visible = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "canary-in-an-argument"])
    try:
        seen = subprocess.run(["sh", "-c", SCAN.format(data=hub.data)], user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True, check=True).stdout.decode(errors="replace")
    finally:
        visible.kill()
        visible.wait()
    assert "canary-in-an-argument" in seen, "the scan does not see what it could see"
    secrets = [hub.ops_token, "canary-database-password", "canary-admin-password", *(path.read_text() for path in (hub.data / "secrets").iterdir())]
    secrets += own_tokens(hub)
    assert len(secrets) > 8
    assert not [secret for secret in secrets if secret in seen]


def own_tokens(hub: RunningHub) -> list[str]:
    """Credentials in the environments of every process the Hub started."""
    found: list[str] = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            variables = path.read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if any(str(hub.data) in variable or f":{hub.port + 2}" in variable for variable in variables):
            found += [value for name, _, value in (variable.partition("=") for variable in variables) if "TOKEN" in name and value]
    return found


def test_galata_gets_what_it_needs_only_when_asked(tmp_path: Path) -> None:
    environ = {"STRATALAB_DATA": str(tmp_path), "DATABASE_URL": "postgresql://x", "STRATALAB_ROOT": str(ROOT)}
    assert not [word for word in lab_arguments(read_settings(environ), is_root=False) if "expose_app" in word]
    words = lab_arguments(read_settings({**environ, "STRATALAB_UI_TEST": "1"}), is_root=False)
    assert "--LabApp.expose_app_in_browser=True" in words
    [folder] = [word.partition("=")[2] for word in words if "extra_labextensions_path" in word]
    assert [path for path in Path(folder).iterdir() if path.is_dir()]
