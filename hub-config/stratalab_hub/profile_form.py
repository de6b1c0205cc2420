"""The form in which a person chooses the size of a workspace."""

from __future__ import annotations

import html
from collections.abc import Mapping

from .admission import Profile


def render_profiles(profiles: list[Profile], chosen: str | None, image: str | None = None) -> str:
    """One radio button per profile; empty when there is nothing to choose, and then the Hub starts at once."""
    if len(profiles) < 2 and not any(len(profile.images) > 1 for profile in profiles):
        return ""
    names = [profile.name for profile in profiles]
    checked = chosen if chosen in names else names[0]
    rows = "".join(_row(profile, profile.name == checked, image) for profile in profiles)
    return f'<fieldset class="stratalab-profiles"><legend class="h6">Size</legend>{rows}</fieldset>'


def read_profile(form: Mapping[str, list[str]]) -> dict[str, str]:
    """User options from the form or from `?profile=…`; whatever else was sent is dropped."""
    profile, *_ = form.get("profile") or [""]
    image, *_ = form.get(f"image-{profile}") or form.get("image") or [""]
    return {name: value for name, value in (("profile", profile), ("image", image)) if value}


def size_of(profile: Profile) -> str:
    """`2 cores, 4 GiB, 1 GPU`"""
    parts = [f"{profile.cpu:g} {'core' if profile.cpu == 1 else 'cores'}", f"{profile.memory_mib / 1024:.3g} GiB"]
    if profile.gpu_count:
        parts.append(f"{profile.gpu_count} {'GPU' if profile.gpu_count == 1 else 'GPUs'}")
    return ", ".join(parts)


def _row(profile: Profile, is_checked: bool, image: str | None) -> str:
    name, title, text = (html.escape(part) for part in (profile.name, profile.display_name, profile.description))
    checked = " checked" if is_checked else ""
    return (
        f'<div class="form-check my-2"><input class="form-check-input" type="radio" name="profile" id="profile-{name}" '
        f'value="{name}"{checked}><label class="form-check-label" for="profile-{name}"><strong>{title}</strong> '
        f'<span class="text-body-secondary">{html.escape(size_of(profile))}</span><br>{text}</label>{_images(profile, image)}</div>'
    )


def _images(profile: Profile, chosen: str | None) -> str:
    """A choice only where there is one."""
    if len(profile.images) < 2:
        return ""
    options = "".join(
        f'<option value="{html.escape(image.name)}"{" selected" if image.name == chosen else ""}>{html.escape(image.display_name)}</option>' for image in profile.images
    )
    label = html.escape(f"Image of {profile.display_name}")
    return f'<select class="form-select form-select-sm mt-1" name="image-{html.escape(profile.name)}" aria-label="{label}">{options}</select>'
