"""Settings: what is read, what is refused and in which words, and what the Hub makes of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from stratalab_hub.configure import configure
from stratalab_hub.jail import SCRIPT, find_jail, jailed
from stratalab_hub.settings import Settings, SettingsError, forget_secrets, read_settings
from support.hub import ROOT, SUPPORT, prepare_data
from traitlets.config import Config


def environ(data: Path, **more: str) -> dict[str, str]:
    return {"STRATALAB_DATA": str(data), "STRATALAB_ROOT": str(ROOT), "DATABASE_URL": "postgresql://secret@x", "STRATALAB_JAIL": "off", **more}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("STRATALAB_DATA", "", "STRATALAB_DATA is not set"),
        ("DATABASE_URL", "", "DATABASE_URL is not set"),
        ("STRATALAB_PORT", "70000", "between 1 and 65000"),
        ("STRATALAB_PORT", "eight", "STRATALAB_PORT is 'eight'"),
        ("STRATALAB_PORT", "²", "whole number"),
        ("STRATALAB_IDLE_SECONDS", "-1", "between 5 and 2592000"),
        ("STRATALAB_SPAWN_LIMIT", "0", "between 1 and 1000"),
        ("STRATALAB_SPAWNER", "docker", "must be one of: local, kubernetes"),
        ("STRATALAB_JAIL", "maybe", "must be one of: auto, on, off"),
        ("STRATALAB_LOG_LEVEL", "loud", "STRATALAB_LOG_LEVEL is 'loud'"),
    ],
)
def test_a_setting_that_is_not_valid_is_refused_by_name(tmp_path: Path, name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        read_settings({**environ(tmp_path), name: value})


def test_the_hub_says_in_one_line_why_it_cannot_start(tmp_path: Path) -> None:
    config = SUPPORT.parents[1] / "jupyterhub_config.py"
    command = [sys.executable, "-m", "jupyterhub", "-f", str(config)]
    ended = subprocess.run(command, cwd=tmp_path, env={"PATH": "/usr/bin:/bin", "STRATALAB_DATA": str(tmp_path)}, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode != 0
    assert ended.stderr.splitlines()[-1] == "The Hub cannot start: DATABASE_URL is not set; start the Hub with `npm start`."


def test_secrets_leave_the_environment_and_are_not_shown(tmp_path: Path) -> None:
    given = environ(tmp_path, STRATALAB_OPS_TOKEN="ops-secret", STRATALAB_ADMIN_PASSWORD="admin-secret", STRATALAB_OIDC_CLIENT_SECRET="oidc-secret")
    shown = repr(read_settings(given))
    forget_secrets(given)
    assert sorted(given) == ["STRATALAB_DATA", "STRATALAB_JAIL", "STRATALAB_ROOT"]
    assert "secret@x" not in shown
    assert "ops-secret" not in shown
    assert "oidc-secret" not in shown


def test_a_missing_or_empty_secret_file_is_named(tmp_path: Path) -> None:
    prepare_data(tmp_path)
    settings = read_settings(environ(tmp_path))
    (tmp_path / "secrets/proxy-token").write_text(" \n")
    with pytest.raises(SettingsError, match="proxy-token is empty"):
        settings.secret("proxy-token")
    with pytest.raises(SettingsError, match="other cannot be read"):
        settings.secret("other")


@pytest.fixture
def configured(tmp_path: Path) -> tuple[Settings, Any]:
    prepare_data(tmp_path)
    settings = read_settings(environ(tmp_path, STRATALAB_PORT="8600", STRATALAB_SERVICES="control", STRATALAB_ORIGIN="https://lab.example.org/"))
    config = Config()
    configure(config, settings)
    return settings, config


def test_everything_binds_to_loopback_on_consecutive_ports(configured: tuple[Settings, Any]) -> None:
    _, c = configured
    urls = [c.JupyterHub.bind_url, c.ConfigurableHTTPProxy.api_url, c.JupyterHub.hub_bind_url, c.JupyterHub.services[0]["url"]]
    assert [urlsplit(url).hostname for url in urls] == ["127.0.0.1"] * 4
    assert [urlsplit(url).port for url in urls] == [8600, 8601, 8602, 8603]
    assert c.JupyterHub.services[0]["environment"]["STRATALAB_METRICS_PORT"] == "8604"


def test_all_state_lies_in_the_data_folder(configured: tuple[Settings, Any]) -> None:
    settings, c = configured
    data = str(settings.data)
    places = [c.JupyterHub.db_url.removeprefix("sqlite:///"), c.JupyterHub.pid_file, c.ConfigurableHTTPProxy.pid_file, c.LocalAccountAuthenticator.accounts_path, c.AdmittedSpawner.data_folder]
    assert all(place.startswith(data) for place in places)
    assert "cookie_secret_file" not in c.JupyterHub
    assert len(c.JupyterHub.cookie_secret) == 32


def test_the_platform_gets_its_own_settings_handed_on(configured: tuple[Settings, Any]) -> None:
    _, c = configured
    environment = c.JupyterHub.services[0]["environment"]
    assert environment["STRATALAB_SERVICES"] == "control"
    assert environment["STRATALAB_ORIGIN"] == "https://lab.example.org"
    assert environment["DATABASE_URL"] == "postgresql://secret@x"


def test_no_command_line_holds_a_secret(configured: tuple[Settings, Any]) -> None:
    settings, c = configured
    words = [*c.ConfigurableHTTPProxy.command, *c.JupyterHub.services[0]["command"], *c.WorkspaceSpawner.command, *c.WorkspaceSpawner.args]
    secrets = [path.read_text() for path in settings.secrets.iterdir()]
    assert not [word for word in words if any(secret in word for secret in [*secrets, "secret@x"])]


def test_the_test_service_exists_only_with_its_token(tmp_path: Path, configured: tuple[Settings, Any]) -> None:
    assert [service["name"] for service in configured[1].JupyterHub.services] == ["stratalab"]
    c = Config()
    configure(c, read_settings(environ(tmp_path, STRATALAB_OPS_TOKEN="t" * 32)))
    assert [service["name"] for service in c.JupyterHub.services] == ["stratalab", "ops"]


def test_the_sandbox_is_used_where_it_is_there_and_demanded_where_it_is_asked_for(tmp_path: Path) -> None:
    root = tmp_path / "checkout"
    (root / SCRIPT).parent.mkdir(parents=True)
    with pytest.raises(SettingsError, match="STRATALAB_JAIL is 'on'"):
        find_jail(read_settings({**environ(tmp_path), "STRATALAB_ROOT": str(root), "STRATALAB_JAIL": "on", "STRATALAB_NODE": "/bin/true"}))
    (root / SCRIPT).write_text("#!/bin/sh\n")
    off = read_settings({**environ(tmp_path), "STRATALAB_ROOT": str(root), "STRATALAB_NODE": "/bin/true"})
    assert find_jail(off) is None
    words = jailed(str(root / SCRIPT), {"data": "/data", "home": "/data/home/ada"}, ["demo", "other"])
    assert words == [str(root / SCRIPT), "--data", "/data", "--home", "/data/home/ada", "--tenant", "demo", "--tenant", "other", "--"]
