"""
Stratalab in a notebook and in a job; standard library only.

In a notebook: `%load_ext stratalab`, then `%stratalab` lists the magics. In a job: `from stratalab import progress`.
"""

from __future__ import annotations

from typing import Any

from .connection import Connection
from .datasets import mount
from .problem import Problem
from .reporting import progress

__all__ = ["Connection", "Problem", "load_ipython_extension", "mount", "progress"]
__version__ = "0.1.0"


def load_ipython_extension(shell: Any) -> None:
    """Adds the magics and the completion of names to an IPython shell; called by `%load_ext stratalab`."""
    # imported here: a job needs neither IPython nor the magics
    from .completion import add_completion
    from .magics import StratalabMagics

    shell.register_magics(StratalabMagics)
    add_completion(shell)
