"""The form in which a person chooses the size of a workspace."""

from __future__ import annotations

import html
from collections.abc import Mapping

from .admission import Profile


def render_profiles(profiles: list[Profile], chosen: str | None) -> str:
    """One radio button per profile; empty when there is nothing to choose, and then the Hub starts at once."""
    if len(profiles) < 2:
        return ""
    names = [profile.name for profile in profiles]
    checked = chosen if chosen in names else names[0]
    rows = "".join(_row(profile, profile.name == checked) for profile in profiles)
    return f'<fieldset class="stratalab-profiles"><legend class="h6">Size</legend>{rows}</fieldset>'


def read_profile(form: Mapping[str, list[str]]) -> dict[str, str]:
    """User options from the form or from `?profile=…`; whatever else was sent is dropped."""
    values = form.get("profile") or []
    return {"profile": values[0]} if values else {}


def size_of(profile: Profile) -> str:
    """`2 cores, 4 GiB, 1 GPU`"""
    parts = [f"{profile.cpu:g} {'core' if profile.cpu == 1 else 'cores'}", f"{profile.memory_mib / 1024:.3g} GiB"]
    if profile.gpu_count:
        parts.append(f"{profile.gpu_count} {'GPU' if profile.gpu_count == 1 else 'GPUs'}")
    return ", ".join(parts)


def _row(profile: Profile, is_checked: bool) -> str:
    name, title, text = (html.escape(part) for part in (profile.name, profile.display_name, profile.description))
    checked = " checked" if is_checked else ""
    return (
        f'<div class="form-check my-2"><input class="form-check-input" type="radio" name="profile" id="profile-{name}" '
        f'value="{name}"{checked}><label class="form-check-label" for="profile-{name}"><strong>{title}</strong> '
        f'<span class="text-body-secondary">{html.escape(size_of(profile))}</span><br>{text}</label></div>'
    )
