"""A table's function is its wiring, and its code version forgets no edit."""

import ast
import importlib
import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_type_hints

import pytest

from pipeline import catalog, paths, wiring
from pipeline.assets import code_version
from pipeline.errors import ReoError

CACHED = (wiring.signature, code_version._code, code_version._imported, code_version._reached, code_version._locked_libraries)


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """What a test reads of a changed module or list must not reach another test, nor the other way round."""
    for cached in CACHED:
        cached.cache_clear()
    yield
    for cached in CACHED:
        cached.cache_clear()


def test_every_table_has_a_maker_and_every_maker_a_table() -> None:
    assert set(wiring.MAKERS) == set(catalog.tables())


def test_what_is_read_from_the_text_is_what_python_sees() -> None:
    for name in wiring.MAKERS:
        function, read = wiring.maker(name), wiring.signature(name)
        assert function.__module__ == read.module
        assert function.__code__.co_firstlineno == read.line
        hints = get_type_hints(function)
        assert list(inspect.signature(function).parameters) == list(read.parameters)
        for parameter, kind in read.parameters.items():
            assert hints[parameter].__name__ == {"source": "SourceFiles", "frame": "DataFrame", "expression": "Table"}[kind]


def test_no_table_has_two_makers() -> None:
    listed = [name for names in wiring.MADE_IN.values() for name in names]
    assert len(listed) == len(set(listed))


def test_a_table_without_a_maker_says_how_to_give_it_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(wiring.MAKERS, "blocs")
    with pytest.raises(ReoError, match=r"no function makes the table blocs[^$]*list its name in pipeline/wiring.py"):
        wiring.inputs("blocs")


def test_a_maker_that_is_not_where_it_is_listed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(wiring.MAKERS, "blocs", "pipeline.sources.prices")
    with pytest.raises(ReoError, match="has no function blocs"):
        wiring.maker("blocs")


def test_inputs_are_sources_of_the_lock_or_tables() -> None:
    from pipeline.intake import lock

    known = set(lock.read().sources)
    for name in wiring.MAKERS:
        for entry, kind in wiring.inputs(name).items():
            assert entry in (known if kind == "source" else catalog.tables()), f"{name} wants {entry}"


def test_floors_know_only_floors_below() -> None:
    floors = ["pipeline.schemas", "pipeline.sources", "pipeline.measures"]
    for package in floors:
        for file in Path(importlib.import_module(package).__path__[0]).glob("*.py"):
            text = file.read_text("utf-8")
            for barred in ("dagster", "great_expectations", "pipeline.assets", "pipeline.quality", "pipeline.release"):
                assert f"import {barred}" not in text, file
                assert f"from {barred}" not in text, file


def version_after(monkeypatch: pytest.MonkeyPatch, module: Path, text: str) -> str:
    module.write_text(text)
    for cached in CACHED:
        cached.cache_clear()
    monkeypatch.setattr(code_version, "_file", lambda name: module if name == "pipeline.toy" else None)
    return code_version.source_version("pipeline.toy")


def test_the_version_changes_with_code_not_with_layout_or_comments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / "toy.py"
    first = version_after(monkeypatch, module, "def f(a):\n    return a in {'x', 'y'}\n")
    assert version_after(monkeypatch, module, "# why\n\ndef  f( a ):\n    return a in {'x',\n 'y'}\n") == first
    for other in ("def f(a):\n    return a in {'x', 'z'}\n", "def f(b):\n    return b in {'x', 'y'}\n"):
        assert version_after(monkeypatch, module, other) != first


def test_the_version_reaches_what_the_function_imports() -> None:
    reached = code_version._reached("pipeline.measures.export_concentration")
    assert {"pipeline.measures.helpers.shares", "pipeline.measures.helpers.trade"} <= reached


def test_composing_the_assets_loads_nothing_that_only_computing_needs() -> None:
    heavy = ("ibis", "duckdb", "scipy", "pyfixest", "altair", "great_expectations", "nbformat", "country_converter")
    code = f"import sys; from pipeline.definitions import compose; compose(); print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=paths.REPOSITORY)
    assert done.stdout.strip() == "[]"


def test_no_import_of_a_project_module_is_missed() -> None:
    for file in (paths.REPOSITORY / "pipeline").rglob("*.py"):
        module = ".".join(file.relative_to(paths.REPOSITORY).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("pipeline"):
                named = {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)} - {"pipeline"}
                assert {n for n in named if code_version._file(n)} <= code_version._imported(module), (file, node.lineno)


def test_lineage_rules_are_for_tables_made_in_the_same_module() -> None:
    """A rule under a misspelt name would never be asked."""
    for module, made in wiring.MADE_IN.items():
        rules = getattr(importlib.import_module(module), "LINEAGE", {})
        for table, entry in rules:
            assert table in made, (module, table)
            assert entry in wiring.inputs(table), (table, entry)
