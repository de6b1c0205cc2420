"""T73: five hundred people start a workspace at once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import requests
from support.hub import SPAWN_LIMIT, RunningHub
from support.waiting import wait_until

STORM = 500


def test_T73_a_storm_is_answered_429_and_no_admitted_workspace_fails(hub: RunningHub) -> None:
    names = [f"storm{number}" for number in range(STORM)]
    assert hub.api("POST", "/users", json={"usernames": names}).status_code == 201

    def start(name: str) -> requests.Response:
        return hub.start_server(name)

    with ThreadPoolExecutor(64) as pool:
        answers = dict(zip(names, pool.map(start, names), strict=True))
    status = Counter(answer.status_code for answer in answers.values())
    admitted = [name for name, answer in answers.items() if answer.status_code in (201, 202)]
    assert set(status) <= {201, 202, 429}
    assert status[429] > STORM / 2
    assert len(admitted) >= SPAWN_LIMIT
    assert all(30 <= int(answer.headers["Retry-After"]) <= 60 for answer in answers.values() if answer.status_code == 429)

    def ready() -> bool:
        users = hub.api("GET", "/users?state=ready&limit=600").json()
        return set(admitted) <= {user["name"] for user in users}

    wait_until(ready, 60, 0.3)
    asked = {call["body"]["subject"] for call in hub.asked() if call["body"] and call["body"]["subject"].startswith("storm")}
    assert asked == set(admitted), "the platform is asked for none of those who were turned away"
    for name in admitted:
        hub.api("DELETE", f"/users/{name}/server")
