"""Notebooks run to the same bytes or fail with a clear message."""

import ast
import json
import re
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import yaml

from pipeline import catalog, paths
from pipeline.assets import report
from pipeline.report import notebooks
from tests.finished_world import source

NOTEBOOKS = sorted((paths.REPOSITORY / "notebooks").glob("*.ipynb"))


def write(file: Path, *cells: str) -> Path:
    """A notebook; cells that start with # are text."""
    file.parent.mkdir(parents=True, exist_ok=True)
    made = [
        nbformat.v4.new_markdown_cell(c, id=f"cell-{i}") if c.startswith("#") else nbformat.v4.new_code_cell(c, id=f"cell-{i}")
        for i, c in enumerate(cells)
    ]
    file.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=made)))
    return file


FIGURE = """
import altair as alt
import pandas as pd
alt.renderers.enable("svg")
alt.Chart(pd.DataFrame({"x": [1, 2], "y": [3, 4]})).mark_line(clip=True).encode(x="x:Q", y="y:Q")
"""
TEXT = "# A toy page"


@pytest.fixture
def world(data_folder: Path) -> Path:
    sources = {"mines": source("mines"), "trade": source("trade", redistribution="restricted")}
    (data_folder / "raw" / "sources.yml").write_text(yaml.safe_dump({"packages": {}, "sources": sources}))
    return data_folder


@pytest.fixture
def executed(world: Path) -> Path:
    target = paths.processed() / "notebooks" / "01_toy.ipynb"
    notebooks.execute(write(world / "own" / "01_toy.ipynb", TEXT, FIGURE), target)
    return target


# Notebooks as they are kept.


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda n: n.stem)
def test_a_notebook_is_stored_without_outputs_and_with_lasting_cell_names(notebook: Path) -> None:
    document = nbformat.read(notebook, as_version=4)
    code = [cell for cell in document.cells if cell.cell_type == "code"]
    assert code
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert len({cell.id for cell in document.cells}) == len(document.cells)
    assert set(document.metadata) <= {"kernelspec", "language_info"}


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda n: n.stem)
def test_a_notebook_reads_tables_through_the_catalog_and_nothing_else(notebook: Path) -> None:
    document = nbformat.read(notebook, as_version=4)
    tree = ast.parse("\n".join(cell.source for cell in document.cells if cell.cell_type == "code"))
    imported = {
        f"{node.module}.{alias.name}" if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    allowed = {"altair", "duckdb", "numpy", "pandas", "pipeline.restricted.open_rows"}
    calls = ("pipeline.catalog.", "pipeline.disrupt.", "pipeline.measures.")
    assert {name for name in imported if not name.startswith(calls)} <= allowed
    assert not re.search(r"\.read_\w+\(|\bopen\(", ast.unparse(tree))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda n: n.stem)
def test_prose_holds_no_typed_figure_but_years_and_customs_codes(notebook: Path) -> None:
    document = nbformat.read(notebook, as_version=4)
    prose = "\n".join(cell.source for cell in document.cells if cell.cell_type == "markdown")
    products = pd.read_csv(paths.REPOSITORY / "data" / "raw" / "reviewed" / "products.csv", dtype="str")
    figures = set(re.findall(r"\d[\d.,/]*\d|\d", prose)) - {*products["hs6"]}
    assert [f for f in figures if not re.fullmatch(r"(19|20)\d\d", f)] == []


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda n: n.stem)
def test_one_line_reads_a_release_and_every_table_named_is_one(notebook: Path) -> None:
    document = nbformat.read(notebook, as_version=4)
    first = next(cell.source for cell in document.cells if cell.cell_type == "code")
    assert 'os.environ["REO_DATA"]' in first.splitlines()[0]
    assert set(report.tables_read(notebook)) <= set(catalog.tables())


def test_a_notebook_waits_for_all_that_it_reads(tmp_path: Path) -> None:
    """Not only what it loads by name: a search reads the register, a description the checks."""
    notebook = write(
        tmp_path / "n.ipynb",
        "from pipeline.catalog import describe, load_table, search\n"
        "from pipeline.restricted import open_rows\nload_table('blocs')\nsearch('x')\ndescribe('blocs')",
    )
    found = {key.to_user_string() for key in report.notebook_asset(notebook).dependency_keys}
    assert found == {"tidy/blocs", "tidy/policy_events", "tidy/documents", "quality/expectations"}
    assert report.modules_imported(notebook) == ["pipeline.catalog", "pipeline.library", "pipeline.restricted"]


# Execution.


def test_an_executed_notebook_is_the_same_bytes_each_time(world: Path, executed: Path) -> None:
    again = executed.with_name("again.ipynb")
    notebooks.execute(world / "own" / "01_toy.ipynb", again)
    assert again.read_bytes() == executed.read_bytes()
    document = json.loads(executed.read_text())
    assert [output["output_type"] for output in document["cells"][1]["outputs"]] == ["execute_result"]
    assert all("execution" not in cell["metadata"] for cell in document["cells"])


def test_it_runs_on_the_current_interpreter_and_data_folder(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Another kernel of the same name must not be used.
    foreign = world / "jupyter" / "kernels" / "python3"
    foreign.mkdir(parents=True)
    (foreign / "kernel.json").write_text(json.dumps({"argv": ["false"], "display_name": "x", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(world / "jupyter"))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(world / "jupyter"))
    notebook = write(world / "own" / "where.ipynb", "import os, sys\nprint(sys.executable)\nprint(os.environ['REO_DATA'])")
    notebooks.execute(notebook, world / "where.ipynb")
    output = json.loads((world / "where.ipynb").read_text())["cells"][0]["outputs"][0]["text"]
    assert "".join(output).split() == [sys.executable, str(world.resolve())]


@pytest.mark.slow
def test_the_same_bytes_in_another_time_zone(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    times = FIGURE.replace('{"x": [1, 2]', '{"x": pd.to_datetime(["2024-01-01", "2024-02-01"])').replace("x:Q", "x:T")
    notebook = write(world / "own" / "01_times.ipynb", times, "import time\ntime.strftime('%H:%M %Z', time.localtime(0))")
    made = {}
    for zone in ("UTC", "Asia/Tokyo", "America/Lima"):
        monkeypatch.setenv("TZ", zone)
        notebooks.execute(notebook, world / "01_times.ipynb")
        made[zone] = (world / "01_times.ipynb").read_bytes()
    assert made["UTC"] == made["Asia/Tokyo"] == made["America/Lima"]


def test_a_failing_cell_is_named_and_the_last_good_notebook_stays(world: Path) -> None:
    bad = "from pipeline.catalog import load_table\nload_table('reserves')"
    notebook = write(world / "own" / "02_bad.ipynb", "# Text", "1 + 1", bad)
    target = world / "02_bad.ipynb"
    target.write_text("the last good one")
    with pytest.raises(notebooks.NotebookFailed) as failure:
        notebooks.execute(notebook, target)
    assert "notebook 02_bad.ipynb, cell 3: NoSuchTable: table reserves has not been built yet" in failure.value.problem
    assert target.read_text() == "the last good one"


def test_a_kernel_that_dies_is_one_clear_error(world: Path) -> None:
    notebook = write(world / "own" / "03_dies.ipynb", "import os\nos._exit(3)")
    with pytest.raises(notebooks.NotebookFailed, match=r"03_dies\.ipynb, cell 1: its Python process"):
        notebooks.execute(notebook, world / "03_dies.ipynb")
