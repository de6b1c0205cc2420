"""One-time invitations: what a link may do, once."""

from __future__ import annotations

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor

from support.hub import PASSWORD, RunningHub


def token_of(hub: RunningHub, name: str, **body: bool) -> str:
    answer = hub.invite(name, **body)
    assert answer.status_code == 201
    return answer.json()["url"].partition("#")[2]


def test_a_link_carries_its_token_in_the_fragment_only(hub: RunningHub) -> None:
    hub.add_user("bea", "demo:viewer")
    answer = hub.invite("bea").json()
    path, _, token = answer["url"].partition("#")
    assert path == "/hub/welcome"
    assert len(token) == 43
    assert answer["expires"].endswith("+00:00")
    database = hub.data / "hub/accounts.sqlite"
    assert token.encode() not in database.read_bytes()
    assert stat.S_IMODE(database.stat().st_mode) == 0o600


def test_a_link_works_once(hub: RunningHub) -> None:
    hub.add_user("carl", "demo:viewer")
    token = token_of(hub, "carl")
    first = hub.redeem(token, PASSWORD)
    assert (first.status_code, first.json()) == (200, {"next": "/hub/spawn"})
    second = hub.redeem(token, "another long password")
    assert second.status_code == 403
    assert "used already" in second.json()["problem"]
    assert hub.sign_in("carl")[1].status_code == 302


def test_of_two_who_redeem_at_once_one_succeeds(hub: RunningHub) -> None:
    hub.add_user("twin", "demo:viewer")
    token = token_of(hub, "twin")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda number: hub.redeem(token, f"{PASSWORD} {number}").status_code, range(4)))
    assert sorted(answers) == [200, 403, 403, 403]


def test_a_short_password_is_refused_and_leaves_the_link_valid(hub: RunningHub) -> None:
    hub.add_user("dora", "demo:viewer")
    token = token_of(hub, "dora")
    answer = hub.redeem(token, "too short")
    assert (answer.status_code, answer.json()) == (400, {"problem": "A password needs at least 10 characters."})
    assert hub.redeem(token, PASSWORD).status_code == 200


def test_redeeming_needs_the_xsrf_token_of_the_page(hub: RunningHub) -> None:
    hub.add_user("eric", "demo:viewer")
    token = token_of(hub, "eric")
    browser, _ = hub.sign_in("nobody", "wrong password")
    forged = browser.post(f"{hub.url}/hub/welcome", data={"invitation": token, "password": PASSWORD}, timeout=30)
    assert forged.status_code == 403
    assert hub.redeem(token, PASSWORD).status_code == 200


def test_an_expired_link_is_refused(hub: RunningHub) -> None:
    hub.add_user("fred", "demo:viewer")
    token = token_of(hub, "fred")
    with sqlite3.connect(hub.data / "hub/accounts.sqlite") as database:
        database.execute("update invitation set expires = expires - 72 * 3600 - 1 where name = 'fred'")
    assert hub.redeem(token, PASSWORD).status_code == 403


def test_a_new_link_ends_the_earlier_one(hub: RunningHub) -> None:
    hub.add_user("gina", "demo:viewer")
    earlier, later = token_of(hub, "gina"), token_of(hub, "gina")
    assert hub.redeem(earlier, PASSWORD).status_code == 403
    assert hub.redeem(later, PASSWORD).status_code == 200


def test_who_has_a_password_needs_no_link_unless_it_is_reset(hub: RunningHub) -> None:
    hub.add_person("hans", "demo:viewer")
    assert hub.invite("hans").status_code == 204
    assert hub.redeem(token_of(hub, "hans", reset=True), "a different password").status_code == 200
    assert hub.sign_in("hans", "a different password")[1].status_code == 302


def test_nobody_gets_a_link_to_an_account_that_two_tenants_rely_on_or_that_administers(hub: RunningHub) -> None:
    hub.add_user("ines", "demo:viewer", "other:admin")
    assert hub.invite("ines").status_code == 204
    assert hub.invite("admin").status_code == 204


def test_a_new_password_ends_sessions_and_tokens_of_the_old_one(hub: RunningHub) -> None:
    hub.add_person("jane", "demo:viewer")
    browser, _ = hub.sign_in("jane")
    token = hub.api("POST", "/users/jane/tokens", json={"scopes": ["read:users:name!user=jane"]}).json()["token"]
    assert hub.api("GET", "/user", token).status_code == 200
    hub.redeem(token_of(hub, "jane", reset=True), "a different password")
    assert hub.api("GET", "/user", token).status_code == 403
    assert browser.get(f"{hub.url}/hub/home", allow_redirects=False, timeout=30).status_code == 302


def test_only_who_may_administer_users_makes_links(hub: RunningHub) -> None:
    hub.add_person("karl", "demo:admin")
    token = hub.api("POST", "/users/karl/tokens", json={}).json()["token"]
    assert hub.api("POST", "/stratalab/invites", token, json={"name": "karl", "reset": True}).status_code == 403
    service = hub.secret("hub-service-token")
    assert hub.api("POST", "/stratalab/invites", service, json={"name": "karl", "reset": True}).status_code == 201


def test_names_that_are_no_names_are_refused(hub: RunningHub) -> None:
    for name in ("", "..", "a/b", "-x", "x" * 101, "naïve", "a b", 7, None):
        assert hub.invite(name).status_code == 400, name
    assert hub.api("POST", "/stratalab/invites", data="[]").status_code == 400
