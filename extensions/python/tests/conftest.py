"""Fixtures: a platform that checks contracts, and an IPython shell with the extension loaded."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1] / "src")]

from contract_platform import TOKEN, Platform, start_platform  # noqa: E402

from stratalab.connection import Connection, use  # noqa: E402


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Platform]:
    """The platform this process would be in a workspace of; nothing waits, and every broken contract fails the test."""
    started, server = start_platform()
    environ = {"STRATALAB_URL": started.url, "STRATALAB_TENANT": "demo", "JUPYTERHUB_API_TOKEN": TOKEN, "JUPYTERHUB_SERVICE_PREFIX": "/user/mia/", "HOME": str(tmp_path)}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    use(Connection(environ, pause=lambda _seconds: None))
    yield started
    use(None)
    server.shutdown()
    server.server_close()
    assert started.broken == []


class Notebook:
    """Cells run in a real shell; what they print and show is kept."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell

    def run(self, source: str) -> Any:
        """Runs a cell; returns its value, text and whether it succeeded."""
        from IPython.utils.capture import capture_output

        with capture_output() as captured:
            outcome = self.shell.run_cell(source)
        return Cell(outcome.result, captured.stdout + captured.stderr, list(captured.outputs), outcome.success)


class Cell:
    def __init__(self, value: Any, text: str, shown: list[Any], is_good: bool) -> None:
        self.value = value
        self.text = text
        self.shown = shown
        self.is_good = is_good

    @property
    def html(self) -> str:
        return "\n".join(output.data.get("text/html", "") for output in self.shown)


@pytest.fixture
def notebook(platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Notebook]:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}}))
    shell.run_line_magic("load_ext", "stratalab")
    yield Notebook(shell)
    InteractiveShell.clear_instance()
