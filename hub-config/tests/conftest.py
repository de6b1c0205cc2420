"""Fixtures: one real Hub for all tests that need one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from support.hub import SPAWN_LIMIT, RunningHub, start_hub

# A busy machine makes an example slow, not wrong.
settings.register_profile("stratalab", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("stratalab")


@pytest.fixture(scope="session")
def hub() -> Iterator[RunningHub]:
    """Logs at debug level, so that nothing that is ever logged escapes the test of the log."""
    folder = Path(tempfile.mkdtemp(prefix="stratalab-hub-"))
    running = start_hub(folder, STRATALAB_LOG_LEVEL="debug", STRATALAB_SPAWN_LIMIT=str(SPAWN_LIMIT), STRATALAB_ADMIN_PASSWORD="canary-admin-password")
    try:
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)
