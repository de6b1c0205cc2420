"""Threat cases of the reliability page that the Hub answers for, named by their ids."""

from __future__ import annotations

import base64
import json
import random
import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from stratalab_hub.roles import ADMINISTER, KERNEL_TOKEN_SCOPES, PAGE_TOKEN_SCOPES, PLATFORM_SCOPES
from stratalab_hub.sharing import sharing_problems
from stratalab_hub.slugs import LONGEST, slug
from support.hub import RunningHub
from traitlets.config import Config

SCOPES = [
    "admin:users", "admin:groups", "admin:servers", "admin:services", "tokens", "tokens!user", "servers!user", "self", "inherit", "list:users", "read:users",
    "access:servers", "access:services", "shares", "proxy", "shutdown", *PAGE_TOKEN_SCOPES,
]
PEOPLE = {"t07-viewer": ["demo:viewer"], "t07-editor": ["demo:editor"], "t07-tenant-admin": ["demo:admin"], "t07-administrator": ["stratalab-admins", "demo:admin"], "t07-nobody": []}


def scopes_of(hub: RunningHub, token: str) -> set[str]:
    return set(hub.api("GET", "/user", token).json()["scopes"])


def mint(hub: RunningHub, name: str, scopes: list[str], token: str | None = None) -> str | None:
    answer = hub.api("POST", f"/users/{name}/tokens", token, json={"scopes": scopes, "expires_in": 600})
    assert answer.status_code in (201, 400, 403)
    return answer.json()["token"] if answer.status_code == 201 else None


def test_T07_nobody_grants_more_than_they_have(hub: RunningHub) -> None:
    draw = random.Random(7)
    everything: dict[str, set[str]] = {}
    own: dict[str, str] = {}
    for name, groups in PEOPLE.items():
        hub.add_user(name, *groups)
        own[name] = mint(hub, name, ["inherit"]) or ""
        everything[name] = scopes_of(hub, own[name])
    granted = 0
    for _ in range(150):
        maker, target = draw.choice(list(PEOPLE)), draw.choice(list(PEOPLE))
        made = mint(hub, target, draw.sample(SCOPES, draw.randint(1, 2)), own[maker])
        if made is not None:
            granted += 1
            assert maker == target
            assert scopes_of(hub, made) <= everything[maker]
    assert granted > 5, "the property was never exercised"


def test_T07_the_tokens_of_pages_and_kernels_make_no_tokens(hub: RunningHub) -> None:
    hub.add_user("t07-editor", "demo:editor")
    kernel_scopes = [scope.replace("!server", "!server=t07-editor/").replace("!user", "!user=t07-editor") for scope in KERNEL_TOKEN_SCOPES]
    for scopes in ([scope for scope in PAGE_TOKEN_SCOPES if scope != ADMINISTER], kernel_scopes):
        token = mint(hub, "t07-editor", scopes)
        assert token is not None
        assert hub.api("POST", "/users/t07-editor/tokens", token, json={"scopes": ["self"]}).status_code in (403, 404)


@pytest.mark.parametrize("name", [name for name in PEOPLE if name != "t07-administrator"])
def test_T07_nobody_but_administrators_administers_the_hub(hub: RunningHub, name: str) -> None:
    hub.add_user(name, *PEOPLE[name])
    token = mint(hub, name, ["inherit"])
    assert token is not None
    assert "custom:stratalab:admin" not in scopes_of(hub, token)
    attempts = [
        ("PATCH", f"/users/{name}", {"admin": True}),
        ("POST", "/groups/stratalab-admins/users", {"users": [name]}),
        ("POST", "/groups/demo:admin/users", {"users": [name]}),
        ("POST", "/users/admin/tokens", {"scopes": ["self"]}),
        ("POST", "/users/t07-accomplice", None),
    ]
    for method, path, body in attempts:
        assert hub.api(method, path, token, json=body).status_code in (403, 404), path


def test_T07_the_platform_can_manage_people_but_not_become_them(hub: RunningHub) -> None:
    service = hub.secret("hub-service-token")
    assert scopes_of(hub, service).isdisjoint({"tokens", "access:servers", "admin:services", "admin:servers", "proxy", "shutdown", "shares"})
    assert hub.api("POST", "/users/admin/tokens", service, json={"scopes": ["self"]}).status_code in (403, 404)
    assert hub.api("POST", "/users/t07-made", service).status_code in (201, 409)
    assert hub.api("PATCH", "/users/t07-made", service, json={"admin": True}).status_code == 403
    assert "delete:servers" in PLATFORM_SCOPES


def test_T08_every_way_to_share_is_closed_even_for_an_administrator(hub: RunningHub) -> None:
    hub.add_user("t08-victim", "demo:viewer")
    admin = mint(hub, "admin", ["inherit"])
    assert admin is not None
    assert "shares" in scopes_of(hub, admin)
    attempts = [
        ("POST", "/shares/admin/", {"user": "t08-victim"}), ("POST", "/share-codes/admin/", {}), ("GET", "/shares/admin", None),
        ("GET", "/users/t08-victim/shared", None), ("DELETE", "/users/t08-victim/shared/admin/", None), ("GET", "/groups/demo:viewer/shared", None),
    ]
    for method, path, body in attempts:
        answer = hub.api(method, path, admin, json=body)
        assert (answer.status_code, "Sharing workspaces is off" in answer.text) == (403, True), path
    assert requests.get(f"{hub.url}/hub/accept-share?code=x", timeout=30, allow_redirects=False).status_code == 403


def test_T08_a_configuration_that_shares_without_a_domain_per_user_is_refused() -> None:
    config = Config()
    config.JupyterHub.load_roles = [{"name": "user", "scopes": ["self", "shares!user"]}, {"name": "x", "scopes": ["read:shares", "users:shares"]}]
    assert [problem.split("'")[3] for problem in sharing_problems(config)] == ["shares!user", "users:shares"]
    config.JupyterHub.subdomain_host = "https://example.org"
    assert sharing_problems(config) == []


def unsigned_jwt(algorithm: str) -> str:
    parts = [{"alg": algorithm, "typ": "JWT"}, {"sub": "admin", "name": "admin", "aud": "stratalab", "exp": 4_102_444_800}]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, "" if algorithm == "none" else "c2lnbmF0dXJl"])


FORGED: list[dict[str, str]] = [
    {}, {"Authorization": ""}, {"Authorization": "token "}, {"Authorization": "Bearer "}, {"Authorization": "bearer null"}, {"Authorization": "token undefined"},
    {"Authorization": f"Bearer {unsigned_jwt('none')}"}, {"Authorization": f"Bearer {unsigned_jwt('HS256')}"}, {"Authorization": "Basic YWRtaW46YWRtaW4="},
    {"Authorization": "token " + "0" * 30}, {"Authorization": "token " + "a" * 5000}, {"Authorization": "token ' or 1=1 --"},
    {"X-Forwarded-User": "admin"}, {"Remote-User": "admin"}, {"X-Remote-User": "admin"}, {"X-JupyterHub-User": "admin"}, {"X-Tenant-Id": "demo", "X-Forwarded-User": "admin"},
    {"Cookie": "jupyterhub-hub-login=admin"}, {"Cookie": "jupyterhub-session-id=admin"},
]


@pytest.mark.parametrize("headers", FORGED, ids=lambda headers: next(iter(headers.items()), ("none", ""))[0][:20])
@pytest.mark.parametrize("path", ["/user", "/users", "/groups", "/users/admin/tokens"])
def test_T09_forged_credentials_are_nobody(hub: RunningHub, path: str, headers: dict[str, str]) -> None:
    answer = requests.get(f"{hub.url}/hub/api{path}", headers=headers, timeout=30)
    assert answer.status_code in (401, 403)


def test_T09_an_expired_token_is_nobody(hub: RunningHub) -> None:
    hub.add_user("t09-late", "demo:viewer")
    made = hub.api("POST", "/users/t09-late/tokens", json={"scopes": ["read:users:name!user=t09-late"]}).json()
    assert hub.api("GET", "/user", made["token"]).status_code == 200
    assert hub.api("DELETE", f"/users/t09-late/tokens/{made['id']}").status_code == 204
    assert hub.api("GET", "/user", made["token"]).status_code == 403


label = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
names = st.one_of(st.text(max_size=80), st.text(alphabet="ab-._A", max_size=70), st.from_regex(label, fullmatch=True))


@settings(max_examples=500)
@given(st.lists(names, min_size=2, max_size=8, unique=True))
def test_T13_folders_of_different_people_never_meet(people: list[str]) -> None:
    slugs = [slug(name) for name in people]
    assert len(set(slugs)) == len(people)
    for made in slugs:
        assert label.fullmatch(made)
        assert len(made) <= LONGEST


def test_T13_colliding_looks_do_not_collide() -> None:
    alike = ["jane.doe", "jane-doe", "janedoe", "Jane-Doe", "jane--doe", "jané-doe", "jane_doe", "jane-doe ", "..", ".", "", "a" * 63, "a" * 64, slug("jane.doe")]
    assert len({slug(name) for name in alike}) == len(alike)
    assert slug("jane-doe") == "jane-doe"


ELSEWHERE = [
    "//evil.example", "///evil.example", "////evil.example/x", "/\\evil.example", "\\\\evil.example", "/\\/evil.example", "\\/evil.example", "https://evil.example",
    "https:evil.example", "https:/evil.example", "http:///evil.example", "javascript:alert(1)", "data:text/html,x", "/\t/evil.example", "\t//evil.example", "/\n/evil.example",
    " //evil.example", "//evil.example\\@{host}", "http://{host}@evil.example/", "http://{host}.evil.example/", "//{host}@evil.example", "http://evil.example#{host}/",
    "http://{host}\\@evil.example/", "/%5cevil.example/..//evil.example", "//%65vil.example", "{host}.evil.example",
]


def destination(base: str, location: str) -> str:
    """Host that a browser goes to: it drops tabs and line breaks and reads backslashes as slashes."""
    cleaned = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    if re.match(r"/{2,}", cleaned):
        cleaned = "//" + cleaned.lstrip("/")
    return urlsplit(urljoin(base, cleaned)).netloc


@pytest.fixture(scope="module")
def signed_in(hub: RunningHub) -> requests.Session:
    hub.add_person("t14", "demo:viewer")
    return hub.sign_in("t14")[0]


@pytest.mark.parametrize("payload", ELSEWHERE)
def test_T14_nothing_leads_to_another_site(hub: RunningHub, signed_in: requests.Session, payload: str) -> None:
    host = urlsplit(hub.url).netloc
    query: dict[str, Any] = {"params": {"next": payload.format(host=host)}}
    answers = [signed_in.get(f"{hub.url}{path}", allow_redirects=False, timeout=30, **query) for path in ("/hub/login", "/hub/", "/")]
    answers.append(hub.sign_in("t14", **query)[1])
    for answer in answers:
        assert answer.status_code == 302
        assert destination(hub.url, answer.headers["Location"]) == host, answer.headers["Location"]


def test_T14_a_path_of_our_own_is_followed(hub: RunningHub) -> None:
    assert hub.sign_in("t14", params={"next": "/services/stratalab/admin/?a=1"})[1].headers["Location"] == "/services/stratalab/admin/?a=1"
