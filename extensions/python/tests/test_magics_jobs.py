"""Cells as jobs, watched, left and found again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from contract_platform import Asked, Platform, Refused
from platform_objects import JOB_ID, TIME, job, job_summary, page


def log_of(texts: dict[str, str]) -> Callable[[Asked], dict[str, Any]]:
    """The log of each rank, in pieces of at most seven bytes."""

    def read(asked: Asked) -> dict[str, Any]:
        rank, offset = asked.query.get("rank", "0"), int(asked.query.get("offset", "0"))
        text = texts[rank][offset : offset + 7]
        return {"rank": rank, "offset": offset, "nextOffset": offset + len(text), "text": text, "isEnded": False}

    return read


def one_after_another(*answers: Any) -> Callable[[Asked], Any]:
    """Each answer once, the last one for ever."""
    left = list(answers)
    return lambda _asked: left.pop(0) if len(left) > 1 else left[0]


def test_a_cell_becomes_a_job_and_its_output_comes_back(notebook: Any, platform: Platform) -> None:
    platform.answers["submitJob"] = job()
    waiting = job(waitReason="2 of 4 cores are free", place=2, logParts=[])
    running = job("running", progress={"fraction": 0.5, "message": "epoch 1/2", "etaSeconds": 30, "metrics": [], "updatedAt": TIME})
    done = job("succeeded", outputs=[{"name": "scores", "kind": "dataset", "as": "scores", "urn": "urn:strata:demo:dataset:scores@1", "problem": None}])
    platform.answers["getJob"] = one_after_another(waiting, running, running, done)
    platform.answers["getJobLog"] = log_of({"0": "epoch 1\nepoch 2\ndone\n"})
    cell = notebook.run("%%job name=train processes=2 launcher=torchrun datasets=flights@2,weather output=scores memory=2GiB gpus=1\nprint(1)\n")
    assert cell.is_good
    assert cell.text.count("epoch 1\nepoch 2\ndone\n") == 1
    asked = platform.last("submitJob")
    assert asked.body == {
        "name": "train",
        "code": {"kind": "cell", "text": "print(1)\n"},
        "launcher": "torchrun",
        "processes": 2,
        "datasets": [{"name": "flights", "version": "2"}, {"name": "weather"}],
        "outputs": [{"name": "scores", "kind": "dataset", "as": "scores"}],
        "retries": 0,
        "resourcesPerProcess": {"cpu": 1.0, "memoryMiB": 2048, "gpu": 1},
    }
    assert len(asked.headers["idempotency-key"]) == 32
    assert "waiting, place 2: 2 of 4 cores are free" in cell.html
    assert f"/user/mia/lab?stratalab=urn%3Astrata%3Ademo%3Ajob%3A{JOB_ID}" in cell.html


def test_a_cell_runs_on_ray(notebook: Any, platform: Platform) -> None:
    platform.answers.update(submitJob=job())
    assert notebook.run("%%job launcher=ray processes=2 wait=no\nimport ray\n").is_good
    assert platform.last("submitJob").body["launcher"] == "ray"


def test_a_cell_names_the_kind_of_its_gpus(notebook: Any, platform: Platform) -> None:
    platform.answers.update(submitJob=job())
    assert notebook.run("%%job gpus=2 gpu_kind=h200 wait=no\nprint(1)\n").is_good
    body = platform.last("submitJob").body
    assert (body["gpuKind"], body["resourcesPerProcess"]["gpu"]) == ("h200", 2)


def test_the_card_changes_in_place(notebook: Any, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[bool, str]] = []
    monkeypatch.setattr(type(notebook.shell.display_pub), "publish", lambda _self, data, update=False, **_rest: shown.append((update, data["text/html"])))
    running = job("running", progress={"fraction": 0.25, "message": None, "etaSeconds": 600, "metrics": [], "updatedAt": TIME})
    platform.answers.update(submitJob=job(), getJob=one_after_another(job(), running, running, job("succeeded")), getJobLog=log_of({"0": ""}))
    notebook.shell.run_cell("%%job\nprint(1)")
    assert [update for update, _html in shown] == [False, True, True]
    assert 'value="0.2500"' in shown[1][1]
    assert "25%, 10 min left" in shown[1][1]


def test_lines_of_several_processes_are_told_apart_and_stay_whole(notebook: Any, platform: Platform) -> None:
    platform.answers.update(submitJob=job(), getJob=job("succeeded", processes=2, logParts=["0", "1"]), getJobLog=log_of({"0": "hello from zero\n", "1": "one without an end"}))
    text = notebook.run("%%job processes=2\nprint(1)").text
    assert "[0] hello from zero\n" in text
    assert "[1] one without an end\n" in text


def test_a_failed_job_is_a_failed_cell_without_a_traceback(notebook: Any, platform: Platform) -> None:
    platform.answers.update(submitJob=job(), getJob=job("failed", reason="Process 0 ended with 1."), getJobLog=log_of({"0": "ValueError\n"}))
    cell = notebook.run("%%job\nraise ValueError")
    assert not cell.is_good
    assert "The job 'train' failed\nProcess 0 ended with 1." in cell.text
    assert f"%job {JOB_ID} retry" in cell.text
    assert "Traceback" not in cell.text


def test_an_interrupt_detaches_and_says_how_to_go_on(notebook: Any, platform: Platform) -> None:
    from stratalab.connection import Connection, use

    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    import os

    use(Connection(os.environ, pause=interrupt))
    platform.answers.update(submitJob=job(), getJob=job("running"), getJobLog=log_of({"0": ""}))
    cell = notebook.run("%%job\nprint(1)")
    assert cell.is_good
    assert f"%job {JOB_ID} cancel" in cell.text
    assert [asked.operation for asked in platform.asked].count("cancelJob") == 0


def test_a_job_is_watched_again_from_its_beginning_cancelled_and_run_again(notebook: Any, platform: Platform) -> None:
    again = JOB_ID[:-1] + "0"
    platform.answers["getJob"] = lambda asked: job("succeeded", id=asked.params["job"], isCancelling=False)
    platform.answers.update(getJobLog=log_of({"0": "hello\n"}), cancelJob=job("running", isCancelling=True), retryJob=job(id=again))
    assert "hello\n" in notebook.run(f"%job {JOB_ID}").text
    assert "is being cancelled" in notebook.run(f"%job {JOB_ID} cancel").text
    notebook.run(f"%job {JOB_ID} retry")
    assert platform.last("getJobLog").params["job"] == again


def test_wait_no_leaves_at_once(notebook: Any, platform: Platform) -> None:
    platform.answers["submitJob"] = job(waitReason="The queue is long", place=3)
    assert f"waiting, place 3: The queue is long. See it with  %job {JOB_ID}" in notebook.run("%%job wait=no\nprint(1)").text


def test_jobs_are_listed_with_what_they_wait_for(notebook: Any, platform: Platform) -> None:
    platform.answers["listJobs"] = page(job_summary("queued", waitReason="No GPU is free", place=1))
    assert "waiting, place 1: No GPU is free" in repr(notebook.run("%jobs active").value)
    assert platform.last("listJobs").query["activity"] == "active"
    assert not notebook.run("%jobs mine").is_good


def test_a_submission_that_was_cut_off_is_repeated_with_the_same_key(notebook: Any, platform: Platform) -> None:
    keys: list[str] = []

    def submit(asked: Asked) -> Any:
        keys.append(asked.headers["idempotency-key"])
        if len(keys) == 1:
            raise Refused(503, "unavailable")
        return job()

    platform.answers.update(submitJob=submit, getJob=job("succeeded"), getJobLog=log_of({"0": ""}))
    assert notebook.run("%%job\nprint(1)").is_good
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_a_quota_refusal_shows_what_the_platform_says(notebook: Any, platform: Platform) -> None:
    def refuse(_asked: Asked) -> Any:
        raise Refused(409, "quota-exceeded", title="The quota does not allow this", detail="This needs 2 GPUs; 2 of 2 are in use.", hint="Wait until something finishes.", limit=2, used=2, requested=2)

    platform.answers["submitJob"] = refuse
    cell = notebook.run("%%job gpus=2\nprint(1)")
    assert "The quota does not allow this\nThis needs 2 GPUs; 2 of 2 are in use.\nHint: Wait until something finishes." in cell.text


@pytest.mark.parametrize("line", ["processes=0", "processes=two", "launcher=spark", "gpu=1", "memory=lots", "name=a/b", "datasets=../x", "extra", "wait=maybe"])
def test_options_that_make_no_sense_queue_nothing(notebook: Any, platform: Platform, line: str) -> None:
    cell = notebook.run(f"%%job {line}\nprint(1)")
    assert not cell.is_good
    assert "Traceback" not in cell.text
    assert platform.asked == []
