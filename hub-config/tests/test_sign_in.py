"""Signing in with a local account, and who may not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import requests
from support.hub import PASSWORD, RunningHub


def test_the_right_password_leads_to_the_workspace(hub: RunningHub) -> None:
    hub.add_person("ada", "demo:editor")
    browser, answer = hub.sign_in("ada")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/hub/spawn"
    assert "ada" in browser.get(f"{hub.url}/hub/home", timeout=30).text


def test_wrong_password_and_unknown_name_get_the_same_answer(hub: RunningHub) -> None:
    hub.add_person("grace", "demo:editor")
    wrong = hub.sign_in("grace", "not the password")[1]
    unknown = hub.sign_in("nobody-by-this-name", "not the password")[1]
    assert (wrong.status_code, unknown.status_code) == (403, 403)
    assert "Invalid username or password" in wrong.text
    assert "Invalid username or password" in unknown.text


def test_the_form_needs_its_xsrf_token(hub: RunningHub) -> None:
    answer = requests.post(f"{hub.url}/hub/login", data={"username": "ada", "password": PASSWORD}, allow_redirects=False, timeout=30)
    assert answer.status_code == 403


def test_the_sixth_try_within_five_minutes_is_refused_even_with_the_right_password(hub: RunningHub) -> None:
    hub.add_person("mallory", "demo:viewer")
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda number: hub.sign_in("mallory", f"guess number {number}")[1].status_code, range(12)))
    assert sorted(answers) == [403] * 5 + [429] * 7
    late = hub.sign_in("mallory")[1]
    assert late.status_code == 429
    assert "Too many failed sign-ins" in late.text
    assert int(late.headers["Retry-After"]) == 300


def test_a_deleted_user_does_not_get_in_nor_does_a_later_one_inherit_the_password(hub: RunningHub) -> None:
    hub.add_person("temp", "demo:viewer")
    assert hub.api("DELETE", "/users/temp").status_code == 204
    assert hub.sign_in("temp")[1].status_code == 403
    hub.add_user("temp")
    assert hub.sign_in("temp")[1].status_code == 403


def test_the_administrator_exists_from_the_start(hub: RunningHub) -> None:
    admin = hub.api("GET", "/users/admin").json()
    assert admin["admin"] is True
    assert admin["groups"] == ["stratalab-admins"]


def test_thirty_failures_block_an_address_whatever_it_claims_to_be(hub: RunningHub) -> None:
    hub.add_person("ursula", "demo:viewer")
    address = "127.2.0.1"
    for number in range(30):
        claimed = {"X-Forwarded-For": f"10.0.0.{number}", "X-Real-Ip": f"10.0.1.{number}", "Forwarded": f"for=10.0.2.{number}"}
        assert hub.sign_in(f"someone-{number}", "a wrong password", address=address, headers=claimed)[1].status_code == 403
    assert hub.sign_in("ursula", address=address, headers={"X-Real-Ip": "10.9.9.9"})[1].status_code == 429
    assert hub.sign_in("ursula", address="127.2.0.2")[1].status_code == 302
