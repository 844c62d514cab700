"""Executed notebooks as pages: text, code and outputs in order, and nothing in an output that runs or loads."""

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report import layout, outputs
from pipeline.report.pages import notebooks
from pipeline.report.tables import Tables
from pipeline.schemas import table as t


def code(source: str, *found: dict[str, object]) -> dict[str, object]:
    return {"cell_type": "code", "source": [source], "outputs": list(found)}


def displayed(**data: str) -> dict[str, object]:
    return {"output_type": "display_data", "data": {name.replace("_", "/"): text for name, text in data.items()}}


def test_text_code_and_outputs_stand_in_order_without_the_title() -> None:
    picture = {"output_type": "display_data", "data": {"image/svg+xml": "<svg/>", "text/plain": "alt.Chart(...)"}}
    said = {"output_type": "stream", "name": "stdout", "text": ["3 ", "rows\n"]}
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "Words"]},
        code("1 < 2", displayed(text_html=pd.DataFrame({"a": [1]}).to_html(), text_plain="   a"), said),
        code("chart", picture),
    ]
    found, charts = notebooks.parts(cells, "01_toy")
    assert [(part.kind, part.number) for part in found] == [
        ("text", 0), ("code", 1), ("table", 1), ("result", 1), ("code", 2), ("chart", 2)
    ]  # fmt: skip
    assert "Title" not in found[0].content
    assert found[3].content == "3 rows"
    assert charts == {"notebook/01_toy-1.svg": "<svg/>"}
    assert notebooks.title(cells, "x") == "Title"


def test_a_data_frame_becomes_a_table_with_headings_for_rows_and_columns() -> None:
    frame = pd.DataFrame({"share": [0.5]}, index=pd.Index(["Dy"], name="element"))
    found = outputs.tables_in(frame.to_html())
    assert '<th scope="col">share</th>' in found
    assert '<th scope="row">Dy</th>' in found
    # The corner is no heading.
    assert "<tr><td></td>" in found.replace("\n", "").replace(" " * 6, "").replace(" " * 4, "")


@pytest.mark.parametrize(
    "harm",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "<iframe src=https://example.org></iframe>",
        "<style>@import url(https://example.org)</style>",
        '<a href="javascript:alert(1)">go</a>',
    ],
)
def test_markup_in_an_output_neither_runs_nor_loads(harm: str) -> None:
    for source in (harm, f"<table onclick='alert(1)'><tr><td>{harm}</td></tr></table>", pd.DataFrame({"a": [harm]}).to_html()):
        found = str(outputs.tables_in(source))
        assert "<script" not in found
        assert "<img" not in found
        assert "<iframe" not in found
        assert "<style" not in found
        assert "<a" not in found
        assert "onclick" not in found


@given(st.text(max_size=40))
def test_a_cell_says_what_the_data_say(text: str) -> None:
    found = str(outputs.tables_in(pd.DataFrame({"a": [text]}).to_html(index=False)))
    assert found.count("<td>") == 1
    assert found.count("<") == found.count(">")


def test_an_executed_notebook_is_shown_with_its_outputs_and_the_file_without(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {"cells": [code("1 + 1")]}
    run = {"cells": [code("1 + 1", {"output_type": "execute_result", "data": {"text/plain": ["2"]}})]}
    for place, notebook in (("notebooks", kept), ("processed/notebooks", run)):
        (data_folder / place).mkdir(parents=True, exist_ok=True)
        (data_folder / place / "01_sum.ipynb").write_text(json.dumps(notebook))
    listed, page = notebooks.pages(Tables(lambda name: t.empty(name)))
    assert listed.values["notebooks"] == [("notebook/01_sum.html", "01 sum", "notebook/01_sum.ipynb")]
    assert page.files == {"notebook/01_sum.ipynb": json.dumps(kept)}
    assert "<code>2</code>" in layout.render(page, frozenset())
