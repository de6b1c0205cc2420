"""Datasets and SQL in a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from contract_platform import Platform, Refused
from platform_objects import TIME, dataset, page


def test_datasets_are_searched_by_the_service_and_shown_escaped(notebook: Any, platform: Platform) -> None:
    platform.answers["listDatasets"] = page(dataset(excerpt="<script>alert(1)</script>"))
    cell = notebook.run("%datasets delays per airport")
    assert platform.last("listDatasets").query == {"search": "delays per airport", "limit": "50"}
    assert cell.value[0]["name"] == "flights"
    assert "flights@2" in repr(cell.value)
    assert "&lt;script&gt;" in cell.value._repr_html_()
    assert "<script>" not in cell.value._repr_html_()


def test_an_empty_search_says_so(notebook: Any, platform: Platform) -> None:
    platform.answers["listDatasets"] = page()
    assert repr(notebook.run("%datasets nothing").value) == "No dataset fits 'nothing'."


def test_a_dataset_is_mounted_and_its_folder_is_a_path(notebook: Any, platform: Platform, tmp_path: Path) -> None:
    platform.answers["mountDataset"] = lambda asked: {
        "dataset": "flights",
        "version": "2",
        "urn": "urn:strata:demo:dataset:flights@2",
        "mountName": "flights@2",
        "path": "~/datasets/flights@2",
        "createdAt": TIME,
    }
    assert notebook.run("%dataset flights").value == tmp_path / "datasets/flights@2"
    assert platform.last("mountDataset").body == {"dataset": "flights"}
    notebook.run("path = %dataset flights@2\nassert path.name == 'flights@2'")
    assert platform.last("mountDataset").body == {"dataset": "flights", "version": "2"}


def test_a_failure_is_a_few_lines_without_a_traceback_and_the_cell_counts_as_failed(notebook: Any, platform: Platform) -> None:
    def refuse(_asked: Any) -> Any:
        raise Refused(409, "invalid-state", title="The object is not in a state that allows this", detail="Version 2 is being prepared.", hint="Try again in a moment.")

    platform.answers["mountDataset"] = refuse
    cell = notebook.run("%dataset flights")
    assert not cell.is_good
    assert "Version 2 is being prepared.\nHint: Try again in a moment.\nRequest request-1" in cell.text
    assert "Traceback" not in cell.text


@pytest.mark.parametrize("line", ["%dataset", "%dataset a b", "%dataset ../etc", "%dataset flights version=2", "%dataset 'flights"])
def test_a_line_that_cannot_be_meant_asks_nothing(notebook: Any, platform: Platform, line: str) -> None:
    assert not notebook.run(line).is_good
    assert platform.asked == []


def answer(**fields: Any) -> dict[str, Any]:
    return {
        "columns": [{"name": "origin", "type": "VARCHAR"}, {"name": "day", "type": "DATE"}, {"name": "n", "type": "HUGEINT"}],
        "rows": [["JFK", "2013-01-01", "12"], ["LGA", None, "3"]],
        "rowCount": 2,
        "isTruncated": False,
        "datasets": [],
        "durationMs": 3,
        **fields,
    }


def test_sql_becomes_a_frame_with_dates_and_numbers(notebook: Any, platform: Platform) -> None:
    platform.answers["runQuery"] = answer()
    frame = notebook.run("%%sql limit=5\nselect * from flights").value
    assert platform.last("runQuery").body == {"sql": "select * from flights", "rowLimit": 5}
    assert list(frame.columns) == ["origin", "day", "n"]
    assert frame["n"].sum() == 15
    assert frame["day"].dt.year[0] == 2013


def test_sql_says_when_rows_are_missing_and_keeps_a_frame_under_a_name(notebook: Any, platform: Platform) -> None:
    platform.answers["runQuery"] = answer(isTruncated=True)
    cell = notebook.run("%%sql into=delays datasets=flights@1\nselect 1")
    assert cell.value is None
    assert "Only the first 2 rows" in cell.text
    assert len(notebook.shell.user_ns["delays"]) == 2
    assert platform.last("runQuery").body["datasets"] == [{"name": "flights", "version": "1"}]


def test_sql_of_one_line_takes_the_whole_line(notebook: Any, platform: Platform) -> None:
    platform.answers["runQuery"] = answer()
    notebook.run("%sql select * from flights where origin = 'JFK'")
    assert platform.last("runQuery").body["sql"] == "select * from flights where origin = 'JFK'"


def test_sql_without_pandas_is_a_table(notebook: Any, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pandas", None)
    platform.answers["runQuery"] = answer(rows=[["<b>", None, "12"]], rowCount=1)
    table = notebook.run("%%sql\nselect 1").value
    assert table[0]["n"] == "12"
    assert "&lt;b&gt;" in table._repr_html_()
