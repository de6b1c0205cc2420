"""SQL over datasets of the catalogue."""

from __future__ import annotations

from typing import Any

from .arguments import Words, read_reference
from .connection import Connection
from .problem import usage
from .show import Table

OPTIONS = ("limit", "into", "datasets")
DEFAULT_ROWS = 1000
MOST_ROWS = 10_000


def run(connection: Connection, words: Words, sql: str) -> Any:
    """
    Runs one SELECT; each dataset is a table of its own name, in its newest version unless `datasets=name@3` fixes one.
    Returns a pandas DataFrame where pandas is installed, else a Table. Raises Problem.
    """
    if words.plain:
        raise usage(f"'{words.plain[0]}' is not an option.", "The query stands in the lines below %%sql.")
    if not sql.strip():
        raise usage("There is no query.", "Write it in the lines below %%sql: select * from flights limit 10")
    body: dict[str, Any] = {"sql": sql.strip(), "rowLimit": words.number("limit", DEFAULT_ROWS, 0, MOST_ROWS)}
    fixed = [read_reference(text.strip()) for text in words.options.get("datasets", "").split(",") if text.strip()]
    if fixed:
        body["datasets"] = [{"name": name, **({} if version is None else {"version": version})} for name, version in fixed]
    answer = connection.call("pipelines", "POST", "/queries", body=body)
    if answer["isTruncated"]:
        print(f"Only the first {answer['rowCount']} rows are here; ask for more with limit={min(MOST_ROWS, max(1, answer['rowCount']) * 10)}, or aggregate in SQL.")
    return frame_of(answer)


def frame_of(answer: dict[str, Any]) -> Any:
    """The rows with their column names; dates, times and exact numbers in the types pandas has for them."""
    columns = answer["columns"]
    names = [column["name"] for column in columns]
    try:
        import pandas
    except ImportError:
        rows = [dict(zip(names, row, strict=True)) for row in answer["rows"]]
        return Table(rows, {name: lambda row, name=name: _plain(row[name]) for name in names}, "The query found no rows.")
    # by position first: a query may name two columns alike
    frame = pandas.DataFrame(answer["rows"], columns=range(len(names)))
    for index, column in enumerate(columns):
        kind = column["type"].upper()
        if kind.startswith(("TIMESTAMP", "DATE")):
            frame[index] = pandas.to_datetime(frame[index], errors="coerce", utc=kind == "TIMESTAMP WITH TIME ZONE" or kind == "TIMESTAMPTZ")
        elif kind.startswith(("DECIMAL", "HUGEINT", "UHUGEINT", "BIGINT", "UBIGINT", "DOUBLE", "FLOAT")):
            frame[index] = pandas.to_numeric(frame[index], errors="coerce")
    frame.columns = names
    return frame


def _plain(value: Any) -> str | int | float | None:
    return value if value is None or isinstance(value, (str, int, float)) else str(value)
