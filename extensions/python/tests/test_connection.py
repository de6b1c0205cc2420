"""The way to the platform."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from contract_platform import TOKEN, Asked, Platform, Refused
from platform_objects import dataset, page

from stratalab import Problem
from stratalab.connection import Connection


def connection(platform: Platform, **environ: str) -> tuple[Connection, list[float]]:
    pauses: list[float] = []
    return Connection({"STRATALAB_URL": platform.url, "STRATALAB_TENANT": "demo", "JUPYTERHUB_API_TOKEN": TOKEN, **environ}, pauses.append), pauses


def test_reads_are_repeated_while_the_platform_restarts_writes_are_not(platform: Platform) -> None:
    def unavailable(_asked: Asked) -> object:
        raise Refused(503, "unavailable", title="Restarting")

    platform.answers.update(listDatasets=unavailable, mountDataset=unavailable)
    client, pauses = connection(platform)
    with pytest.raises(Problem, match="Restarting"):
        client.call("catalog", "GET", "/datasets")
    assert pauses == [0.5, 1.0, 2.0, 4.0]
    with pytest.raises(Problem):
        client.call("catalog", "POST", "/mounts", body={"dataset": "flights"})
    assert [asked.operation for asked in platform.asked].count("mountDataset") == 1


def test_lists_are_read_page_by_page_up_to_a_limit(platform: Platform) -> None:
    def answer(asked: Asked) -> object:
        first = int(asked.query.get("cursor", "0"))
        count = int(asked.query["limit"])
        return {**page(*(dataset(f"d{index}") for index in range(first, first + count))), "nextCursor": str(first + count)}

    platform.answers["listDatasets"] = answer
    client, _pauses = connection(platform)
    names = [row["name"] for row in client.pages("catalog", "/datasets", limit=150)]
    assert len(names) == 150
    assert names[-1] == "d149"
    assert [asked.query["limit"] for asked in platform.asked] == ["100", "50"]


def test_without_a_tenant_the_first_of_the_caller_counts(platform: Platform) -> None:
    platform.answers.update(
        whoAmI={"subject": "mia", "isAdministrator": False, "tenants": [{"name": "lab", "displayName": "Lab", "role": "editor"}]}, listDatasets=page()
    )
    client, _pauses = connection(platform, STRATALAB_TENANT="")
    client.call("catalog", "GET", "/datasets")
    assert platform.last("listDatasets").params == {"tenant": "lab"}


def test_the_token_of_a_job_is_read_again_from_its_file(platform: Platform, tmp_path: Path) -> None:
    path = tmp_path / "token"
    client, _pauses = connection(platform, STRATALAB_TOKEN_FILE=str(path), JUPYTERHUB_API_TOKEN="other")
    with pytest.raises(Problem, match="token file"):
        client.token()
    path.write_text(f"{TOKEN}\n")
    assert client.token() == TOKEN


def test_outside_a_workspace_it_says_what_to_do() -> None:
    with pytest.raises(Problem, match="STRATALAB_URL is not set"):
        Connection({}).url  # noqa: B018
    with pytest.raises(Problem, match="no credential"):
        Connection({"STRATALAB_URL": "http://127.0.0.1:1"}).token()


def test_nobody_listening_is_a_problem_with_a_hint() -> None:
    client = Connection({"STRATALAB_URL": "http://127.0.0.1:1", "STRATALAB_TENANT": "demo", "JUPYTERHUB_API_TOKEN": TOKEN}, lambda _seconds: None)
    with pytest.raises(Problem, match="cannot be reached"):
        client.call("catalog", "GET", "/datasets")


def test_the_package_needs_nothing_but_the_standard_library() -> None:
    source = Path(__file__).resolve().parents[1] / "src"
    code = "import sys; sys.path.insert(0, sys.argv[1]); import stratalab, stratalab.jobs, stratalab.follow, stratalab.ask, stratalab.sql, stratalab.models, stratalab.completion; stratalab.progress(0.5)"
    done = subprocess.run([sys.executable, "-S", "-I", "-c", code, str(source)], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0
