"""T71: no secret in the log, whatever went wrong and however chatty the log is."""

from __future__ import annotations

import itertools
import re

import pytest
import requests
from stratalab_hub.logs import redact
from support.hub import RunningHub, new_browser
from support.waiting import wait_until

HEADERS = ["Authorization", "Cookie", "X-XSRFToken", "X-Api-Key", "X-Request-Id", "Referer", "User-Agent", "X-Forwarded-User", "Origin"]
PATHS = ["/hub/login", "/hub/welcome", "/hub/api/user", "/hub/api/stratalab/invites", "/hub/spawn", "/hub/home", "/hub/api/users/admin/tokens", "/hub/oauth_login", "/nowhere", "/hub/api/oauth2/authorize", "/services/stratalab/x", "/user/admin/api"]
FIELDS = ["username", "password", "token", "invitation", "_xsrf", "next", "code", "state", "name", "note", "profile", "anything"]


class Canaries:
    """A new secret each time, so that a find says where it came from."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self.places: dict[str, str] = {}

    def new(self, place: str) -> str:
        value = f"cAnArY{next(self._numbers):05d}zzz"
        self.places[value] = place
        return value


def send_everywhere(hub: RunningHub, canaries: Canaries) -> None:
    for path, method in itertools.product(PATHS, ("GET", "POST", "PUT")):
        where = f"{method} {path}"
        headers = {name: ("token " if name == "Authorization" else "a=" if name == "Cookie" else "") + canaries.new(f"{where} header {name}") for name in HEADERS}
        query = {name: canaries.new(f"{where} query {name}") for name in FIELDS}
        form = {name: canaries.new(f"{where} form {name}") for name in FIELDS}
        requests.request(method, f"{hub.url}{path}", headers=headers, params=query, data=form, timeout=30, allow_redirects=False)
        requests.request(method, f"{hub.url}{path}", headers={"Authorization": f"token {hub.ops_token}"}, data=canaries.new(f"{where} body that is no JSON"), timeout=30, allow_redirects=False)


def sign_in_with_canaries(hub: RunningHub, canaries: Canaries) -> None:
    hub.sign_in(canaries.new("sign-in name"), canaries.new("sign-in password"), params={"next": f"//evil.example/{canaries.new('sign-in next')}"})
    hub.redeem(canaries.new("invitation token"), canaries.new("invitation password"))
    hub.add_user("t71", "demo:viewer")
    token = hub.invite("t71").json()["url"].partition("#")[2]
    canaries.places[token] = "a real invitation"
    password = canaries.new("a real password")
    assert hub.redeem(token, password).status_code == 200
    assert hub.sign_in("t71", password)[1].status_code == 302
    made = hub.api("POST", "/users/t71/tokens", json={"scopes": ["read:users:name!user=t71"]}).json()["token"]
    canaries.places[made] = "a real token"
    assert hub.api("GET", "/user", made).status_code == 200
    assert requests.get(f"{hub.url}/hub/api/user", params={"token": made}, timeout=30).status_code == 403


def force_a_server_error(hub: RunningHub, canaries: Canaries) -> None:
    """An uncaught exception: Tornado quotes the whole request."""
    headers = {"Authorization": f"token {hub.ops_token}", "X-Api-Key": canaries.new("500 header"), "Cookie": f"a={canaries.new('500 cookie')}"}
    body = {"groups": 7}
    answer = requests.post(f"{hub.url}/hub/api/groups", params={"anything": canaries.new("500 query")}, json=body, headers=headers, timeout=30)
    assert answer.status_code == 500


def test_T71_no_secret_reaches_the_log(hub: RunningHub) -> None:
    canaries = Canaries()
    send_everywhere(hub, canaries)
    sign_in_with_canaries(hub, canaries)
    force_a_server_error(hub, canaries)
    # The line of a request is written after its answer was sent; it is the last of all.
    wait_until(lambda: "500 POST /hub/api/groups" in hub.log)
    log = hub.log
    assert re.search(r"^\[D ", log, re.MULTILINE), "the log is not at debug level"
    assert [place for value, place in canaries.places.items() if value in log] == []


def test_T71_the_log_holds_no_secret_of_the_installation(hub: RunningHub) -> None:
    secrets = [hub.ops_token, "canary-database-password", "canary-admin-password", *(path.read_text() for path in (hub.data / "secrets").iterdir())]
    assert [secret for secret in secrets if secret in hub.log] == []


def test_T71_nothing_of_unbounded_length_is_logged(hub: RunningHub) -> None:
    long = "u" * 20_000
    hub.sign_in(long, "a wrong password")
    requests.get(f"{hub.url}/hub/{long}", timeout=30)
    new_browser().get(f"{hub.url}/hub/login", params={"next": f"/{long}"}, timeout=30)
    assert max(len(line) for line in hub.log.splitlines()) < 2_000


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("302 GET /hub/login?next=/x&token=abc (a@b)", "302 GET /hub/login?[withheld] (a@b)"),
        ("uri='/hub/api?key=abc', version", "uri='/hub/api?[withheld]', version"),
        ("Authorization: token abcdefgh123", "Authorization: token [withheld]"),
        ("Failed login for 'my password'", "Failed login for [withheld]"),
        ("Why? Because.", "Why? Because."),
        ("the token is valid", "the token is valid"),
    ],
)
def test_redaction(line: str, expected: str) -> None:
    assert redact(line) == expected
