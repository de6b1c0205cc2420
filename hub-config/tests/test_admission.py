"""The client of the platform's admissions, and the words of a refusal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from stratalab_hub import admission as module
from stratalab_hub.admission import Admission, Profile, WorkspaceImage
from stratalab_hub.profile_form import read_profile, render_profiles
from stratalab_hub.refusal import UNREACHABLE, WorkspaceRefused, read_problem
from support.hub import free_ports

SMALL = Profile("small", "Small", "", 1, 2048, 0)
LARGE = Profile("large", "Large", "", 2.5, 4096, 2)


async def test_a_platform_that_is_not_there_is_tried_again_then_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY_AFTER_SECONDS", (0.0, 0.0))
    with pytest.raises(WorkspaceRefused) as refused:
        await Admission(f"http://127.0.0.1:{free_ports()}/services/stratalab/", "secret").admit("ada", None, [])
    assert refused.value.status_code == 503
    assert "Try again in a few seconds" in refused.value.message
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"text"', b'{"status": 409}', b'{"title": 7}', b"\xff"])
def test_an_answer_that_is_no_problem_document_is_told_as_unreachable(body: bytes) -> None:
    assert read_problem(body) == UNREACHABLE


def test_a_refusal_escapes_every_word() -> None:
    evil = "<script>alert(1)</script>"
    problem = {"title": evil, "detail": evil, "hint": evil, "limit": 1, "used": 1, "requested": 1, "resource": evil, "code": "quota-exceeded", "status": 409}
    refusal = WorkspaceRefused(problem)
    assert "<script" not in refusal.message_html
    assert refusal.message_html.count("&lt;script&gt;") == 4


def test_numbers_are_told_only_when_all_three_are_there() -> None:
    partial = WorkspaceRefused({"title": "No", "limit": 5, "used": 1, "status": 409})
    whole = WorkspaceRefused({"title": "No", "limit": 32768, "used": 30000.5, "requested": 4096, "resource": "memory-mib", "status": 409})
    assert "Limit" not in partial.message
    assert "Limit 32,768, used 30,000.5, requested 4,096 MiB of memory." in whole.message


@pytest.mark.parametrize("status", [200, "409", None, 700])
def test_a_refusal_is_never_answered_as_a_success(status: object) -> None:
    assert WorkspaceRefused({"title": "No", "status": status}).status_code == 503


def test_one_profile_is_no_choice() -> None:
    assert render_profiles([SMALL], None) == ""
    assert render_profiles([], None) == ""


@pytest.mark.parametrize(("chosen", "selected"), [(None, "small"), ("large", "large"), ("gone", "small")])
def test_the_form_selects_the_last_choice_or_the_default(chosen: str | None, selected: str) -> None:
    assert f'value="{selected}" checked' in render_profiles([SMALL, LARGE], chosen)
    assert "2.5 cores, 4 GiB, 2 GPUs" in render_profiles([SMALL, LARGE], chosen)


def test_only_the_profile_is_read_from_a_form() -> None:
    assert read_profile({"profile": ["large", "small"], "command": ["evil"]}) == {"profile": "large"}
    assert read_profile({}) == {}


def test_an_image_is_chosen_only_where_there_are_several() -> None:
    images = tuple(WorkspaceImage(name, f"<{name}>", "x@sha256:0") for name in ("torch", "plain"))
    form = render_profiles([replace(SMALL, images=images)], None, "plain")
    assert '<select class="form-select form-select-sm mt-1" name="image-small" aria-label="Image of Small">' in form
    assert '<option value="plain" selected>&lt;plain&gt;</option>' in form
    assert "<select" not in render_profiles([replace(SMALL, images=images[:1]), LARGE], None)
    assert read_profile({"profile": ["small"], "image-small": ["plain"], "image-large": ["torch"]}) == {"profile": "small", "image": "plain"}
    assert read_profile({"profile": ["small"], "image": ["torch"]}) == {"profile": "small", "image": "torch"}
