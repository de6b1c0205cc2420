"""Starting and stopping workspaces: admission, refusals, environment, profiles."""

from __future__ import annotations

import json
import os
import signal
import stat
from typing import Any

import pytest
import requests
from support.hub import RunningHub
from support.waiting import wait_until


def look_inside(hub: RunningHub, name: str) -> dict[str, Any]:
    """What the stand-in of a workspace says about itself."""
    token = hub.api("POST", f"/users/{name}/tokens", json={"scopes": [f"access:servers!user={name}"]}).json()["token"]
    return requests.get(f"{hub.url}/user/{name}/", headers={"Authorization": f"token {token}"}, timeout=30).json()


@pytest.fixture(scope="module")
def workspace(hub: RunningHub) -> dict[str, Any]:
    hub.add_user("wanda", "demo:editor", "other:viewer", "unrelated")
    hub.start_server("wanda", profile="large", image="ignored")
    hub.wait_for_server("wanda")
    return look_inside(hub, "wanda")


def test_the_platform_is_asked_first_with_the_services_credential(hub: RunningHub, workspace: dict[str, Any]) -> None:
    [asked] = [call for call in hub.asked() if (call["body"] or {}).get("subject") == "wanda"]
    assert asked["path"] == "/services/stratalab/api/control/v1/admissions"
    assert asked["authorization"] == f"token {hub.secret('hub-service-token')}"
    assert asked["body"] == {"subject": "wanda", "server": "", "profile": "large", "groups": ["demo:editor", "other:viewer", "unrelated"]}


def test_a_workspace_gets_its_tenant_its_size_and_an_own_folder(hub: RunningHub, workspace: dict[str, Any]) -> None:
    environment = workspace["environment"]
    home = hub.data / "home/wanda"
    assert workspace["cwd"] == environment["HOME"] == str(home)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    expected = {"STRATALAB_TENANT": "demo", "STRATALAB_PROFILE": "large", "OMP_NUM_THREADS": "8", "CPU_LIMIT": "8.0", "MEM_LIMIT": str(16384 * 1024 * 1024)}
    assert expected.items() <= environment.items()
    assert environment["STRATALAB_URL"] == f"{hub.url}/services/stratalab/"
    assert environment["MLFLOW_TRACKING_URI"] == f"{hub.url}/services/stratalab/mlflow/demo"
    assert environment["MLFLOW_TRACKING_TOKEN"] == environment["JUPYTERHUB_API_TOKEN"]


def test_no_secret_of_the_installation_reaches_a_workspace(hub: RunningHub, workspace: dict[str, Any]) -> None:
    assert not {"DATABASE_URL", "STRATALAB_SECRETS", "STRATALAB_OPS_TOKEN", "STRATALAB_ADMIN_PASSWORD", "CONFIGPROXY_AUTH_TOKEN"} & workspace["environment"].keys()
    known = [hub.ops_token, "canary-database-password", "canary-admin-password", *(path.read_text() for path in (hub.data / "secrets").iterdir())]
    assert not [secret for secret in known if secret in json.dumps(workspace)]


def test_the_platform_gets_its_database_but_not_the_hubs_own_secrets(hub: RunningHub) -> None:
    environment = json.loads((hub.data / "platform-environment.json").read_text())
    assert "canary-database-password" in environment["DATABASE_URL"]
    assert environment["JUPYTERHUB_SERVICE_PREFIX"] == "/services/stratalab/"
    assert environment["STRATALAB_LOG_LEVEL"] == "debug"
    assert not {"STRATALAB_OPS_TOKEN", "STRATALAB_ADMIN_PASSWORD", "CONFIGPROXY_AUTH_TOKEN"} & environment.keys()


def test_a_kernels_token_works_at_the_platform_without_administration(hub: RunningHub, workspace: dict[str, Any]) -> None:
    model = hub.api("GET", "/user", workspace["environment"]["JUPYTERHUB_API_TOKEN"]).json()
    assert {"custom:stratalab:read", "custom:stratalab:write", "access:services!service=stratalab"} <= set(model["scopes"])
    assert not [scope for scope in model["scopes"] if scope.startswith(("admin", "tokens", "custom:stratalab:admin"))]
    assert sorted(model["groups"]) == ["demo:editor", "other:viewer", "unrelated"]


def test_what_a_kernel_prints_is_not_in_the_hubs_log(hub: RunningHub, workspace: dict[str, Any]) -> None:
    log = hub.data / "logs/workspaces/wanda.log"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert "printed by wanda" in log.read_text()
    assert "printed by wanda" not in hub.log


def test_a_stopped_workspace_gives_its_quota_back(hub: RunningHub) -> None:
    hub.add_user("wstop@x", "demo:editor")
    hub.start_server("wstop@x")
    hub.wait_for_server("wstop@x")
    hub.stop_server("wstop@x")
    released = {"method": "DELETE", "path": "/services/stratalab/api/control/v1/admissions/wstop%40x", "authorization": f"token {hub.secret('hub-service-token')}", "body": None}
    wait_until(lambda: released in hub.asked())


def test_a_workspace_that_dies_gives_its_quota_back(hub: RunningHub) -> None:
    hub.add_user("wdies", "demo:editor")
    hub.start_server("wdies")
    hub.wait_for_server("wdies")
    pid = hub.api("GET", "/users/wdies?include_stopped_servers=1").json()["servers"][""]["state"]["pid"]
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: [call for call in hub.asked() if call["path"].endswith("/wdies") and call["method"] == "DELETE"], 60)


def test_the_form_offers_the_platforms_profiles_with_the_last_choice_selected(hub: RunningHub) -> None:
    hub.add_person("wform", "demo:editor")
    browser, _ = hub.sign_in("wform")
    page = browser.get(f"{hub.url}/hub/spawn", timeout=30).text
    assert "A notebook &lt;b&gt;&amp;&lt;/b&gt; a terminal" in page
    assert '<input class="form-check-input" type="radio" name="profile" id="profile-small" value="small" checked>' in page
    assert "8 cores, 16 GiB, 1 GPU" in page
    answer = browser.post(f"{hub.url}/hub/spawn/wform", data={"profile": "large", "_xsrf": browser.cookies.get("_xsrf", path="/hub/")}, timeout=60, allow_redirects=False)
    assert answer.status_code == 302
    hub.wait_for_server("wform")
    hub.stop_server("wform")
    assert 'value="large" checked' in browser.get(f"{hub.url}/hub/spawn", timeout=30).text


def test_a_refusal_shows_limit_used_requested_and_hint(hub: RunningHub) -> None:
    hub.add_person("over-wilma", "demo:editor")
    browser, _ = hub.sign_in("over-wilma")
    browser.get(f"{hub.url}/hub/spawn", timeout=30)
    answer = browser.post(f"{hub.url}/hub/spawn/over-wilma", data={"profile": "large", "_xsrf": browser.cookies.get("_xsrf", path="/hub/")}, timeout=60)
    assert answer.status_code == 409
    for words in ("The quota does not allow this", "Limit 12, used 6, requested 8 cores", "Ask for at most 6 cores.", "&lt;i&gt;demo&lt;/i&gt;"):
        assert words in answer.text
    assert "<i>demo" not in answer.text
    assert not hub.api("GET", "/users/over-wilma").json()["servers"]


def test_a_refusal_is_told_to_scripts_too(hub: RunningHub) -> None:
    hub.add_user("over-script", "demo:editor")
    answer = hub.start_server("over-script", profile="large")
    assert answer.status_code == 409
    assert "Limit 12, used 6, requested 8 cores. Ask for at most 6 cores." in answer.json()["message"]


def test_a_platform_that_fails_is_told_as_something_to_try_again(hub: RunningHub) -> None:
    hub.add_user("unlucky-walt", "demo:editor")
    answer = hub.start_server("unlucky-walt")
    message = answer.json()["message"]
    assert (answer.status_code, "does not answer right now" in message, "Try again" in message) == (503, True, True)


def test_names_that_are_no_folder_names_get_a_folder_of_their_own(hub: RunningHub) -> None:
    for name in ("w.dot", "w-dot"):
        hub.add_user(name, "demo:editor")
        hub.start_server(name)
        hub.wait_for_server(name)
    homes = {look_inside(hub, name)["cwd"] for name in ("w.dot", "w-dot")}
    assert len(homes) == 2
    assert {home.rpartition("/")[0] for home in homes} == {str(hub.data / "home")}
