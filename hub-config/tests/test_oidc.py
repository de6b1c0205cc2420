"""Sign-in at an OpenID Connect provider: who gets in, and what local accounts leave behind."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from stratalab_hub.configure import configure
from stratalab_hub.settings import SettingsError, read_settings
from support.hub import ROOT, RunningHub, new_browser, prepare_data, start_hub
from traitlets.config import Config


class Provider(BaseHTTPRequestHandler):
    """Gives every code the same person's token; the code names the person."""

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self._answer({"access_token": f"for {form['code'][0]}", "token_type": "bearer"})

    def do_GET(self) -> None:
        self._answer({"preferred_username": self.headers["Authorization"].rpartition(" ")[2]})

    def _answer(self, body: dict[str, str]) -> None:
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.fixture(scope="module")
def oidc_hub() -> Iterator[RunningHub]:
    provider = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=provider.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{provider.server_port}"
    settings = {"CLIENT_ID": "stratalab", "CLIENT_SECRET": "canary-client-secret", "AUTHORIZE_URL": f"{url}/authorize", "TOKEN_URL": f"{url}/token", "USERDATA_URL": f"{url}/me"}
    folder = Path(tempfile.mkdtemp(prefix="stratalab-oidc-"))
    running = start_hub(folder, **{f"STRATALAB_OIDC_{name}": value for name, value in settings.items()})
    try:
        yield running
    finally:
        running.stop()
        provider.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


def come_back_as(hub: RunningHub, name: str) -> requests.Response:
    """The whole way of a browser: to the provider and back with a code."""
    browser = new_browser()
    leaving = browser.get(f"{hub.url}/hub/oauth_login", allow_redirects=False, timeout=30)
    [state] = parse_qs(urlsplit(leaving.headers["Location"]).query)["state"]
    return browser.get(f"{hub.url}/hub/oauth_callback", params={"code": name, "state": state}, allow_redirects=False, timeout=30)


def test_who_was_added_gets_in_and_who_was_not_does_not(oidc_hub: RunningHub) -> None:
    assert come_back_as(oidc_hub, "olga").status_code == 403
    oidc_hub.add_user("olga", "demo:editor")
    assert come_back_as(oidc_hub, "olga").status_code == 302
    assert come_back_as(oidc_hub, "oskar").status_code == 403


def test_there_are_no_invitations_and_no_sharing(oidc_hub: RunningHub) -> None:
    assert oidc_hub.invite("olga").status_code == 404
    assert oidc_hub.api("GET", "/shares/admin").status_code == 403
    assert not (oidc_hub.data / "hub/accounts.sqlite").exists()


def test_a_made_up_state_is_refused_and_nothing_secret_is_logged(oidc_hub: RunningHub) -> None:
    answer = new_browser().get(f"{oidc_hub.url}/hub/oauth_callback", params={"code": "cAnArYcode", "state": "made-up"}, timeout=30)
    assert answer.status_code == 400
    assert not [secret for secret in ("cAnArYcode", "canary-client-secret") if secret in oidc_hub.log]


def test_half_a_configuration_is_refused_by_name(tmp_path: Path) -> None:
    prepare_data(tmp_path)
    environ = {"STRATALAB_DATA": str(tmp_path), "STRATALAB_ROOT": str(ROOT), "DATABASE_URL": "postgresql://x", "STRATALAB_OIDC_CLIENT_ID": "stratalab"}
    with pytest.raises(SettingsError, match="STRATALAB_OIDC_CLIENT_SECRET, STRATALAB_OIDC_AUTHORIZE_URL"):
        configure(Config(), read_settings(environ))
