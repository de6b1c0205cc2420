"""Datasets: finding them, and reading one as files without a copy."""

from __future__ import annotations

from pathlib import Path

from .arguments import read_reference
from .connection import Connection, shared
from .show import Table, ago, size

SHOWN_AT_MOST = 50


def find(connection: Connection, words: str) -> Table:
    """Datasets of the tenant, the best match first; newest change first without words."""
    rows = list(connection.pages("catalog", "/datasets", query={"search": words or None}, limit=SHOWN_AT_MOST))
    empty = f"No dataset fits '{words}'." if words else "There are no datasets yet. Upload one in the Data panel, or publish one from a job: %%job output=name"
    return Table(
        rows,
        {
            "dataset": lambda row: f"{row['name']}@{row['latestVersion']}" if row["latestVersion"] else row["name"],
            "rows": lambda row: row["rowCount"],
            "columns": lambda row: row["columnCount"],
            "size": lambda row: size(row["sizeBytes"]),
            "format": lambda row: row["format"],
            "owner": lambda row: row["owner"],
            "changed": lambda row: ago(row["updatedAt"]),
            "about": lambda row: row["excerpt"],
        },
        empty,
    )


def mount(reference: str, connection: Connection | None = None) -> Path:
    """
    Makes a dataset version (`name` or `name@version`) readable under `~/datasets` and returns its folder.
    No byte is copied, and nothing can be written there. Idempotent. Raises Problem.
    """
    name, version = read_reference(reference)
    body = {"dataset": name, **({} if version is None else {"version": version})}
    made = (connection or shared()).call("catalog", "POST", "/mounts", body=body)
    return Path(made["path"]).expanduser()
