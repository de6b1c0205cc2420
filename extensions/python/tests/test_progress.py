"""What a job reports about itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from contract_platform import TOKEN, Asked, Platform
from platform_objects import JOB_ID

import stratalab.reporting as module
from stratalab import progress


@pytest.fixture
def job(platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Platform:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    monkeypatch.setenv("STRATALAB_TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("STRATALAB_PROGRESS_URL", f"{platform.url}api/compute/v1/tenants/demo/jobs/{JOB_ID}/progress")
    monkeypatch.setattr(module, "_last_sent", float("-inf"))
    monkeypatch.setattr(module, "_has_complained", False)
    platform.answers["reportProgress"] = None
    return platform


def test_progress_is_a_report_in_the_shape_of_the_contract(job: Platform) -> None:
    progress(0.25, "epoch 1/4", step=100, loss=0.5, nonsense=float("nan"))
    assert job.last("reportProgress").body == {"trainerStatus": {"progressPercentage": 25.0, "message": "epoch 1/4", "step": 100, "metrics": [{"name": "loss", "value": 0.5}]}}


def test_reports_in_quick_succession_are_dropped_but_never_the_last(job: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = 0.0

    def answer_slowly(_asked: Asked) -> None:
        nonlocal seconds
        seconds += 1.0

    monkeypatch.setattr(module, "monotonic", lambda: seconds)
    job.answers["reportProgress"] = answer_slowly
    for index in range(50):
        progress(index / 100)
    seconds += 1.0
    for index in range(50, 100):
        progress(index / 100)
    progress(1.0)
    bodies: list[Any] = [asked.body["trainerStatus"]["progressPercentage"] for asked in job.asked]
    assert bodies == [0.0, 50.0, 100.0]


def test_other_ranks_and_other_places_report_nothing(job: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "1")
    progress(0.5)
    monkeypatch.delenv("RANK")
    monkeypatch.delenv("STRATALAB_PROGRESS_URL")
    progress(0.5)
    assert job.asked == []


def test_a_platform_that_does_not_answer_is_said_once_and_stops_nothing(job: Platform, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("STRATALAB_PROGRESS_URL", "http://127.0.0.1:1/nobody")
    for _ in range(3):
        monkeypatch.setattr(module, "_last_sent", float("-inf"))
        progress(0.5)
    assert capsys.readouterr().err.count("progress could not be reported") == 1
