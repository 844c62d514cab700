"""Rows of a SQLite file are read as the tuples that sqlite3 itself gives, whatever the cells hold."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.intake import sqlite
from pipeline.intake.transcribed import SourceError

cell = st.none() | st.text(st.sampled_from(f"a1 ,ü\n\x00{sqlite.NEXT}{sqlite.MISSING}"), max_size=3)
rows_of_two = st.lists(st.tuples(st.integers(-9, 9), cell, cell), max_size=9, unique_by=lambda row: row[0])


def file(folder: Path, rows: list[tuple[Any, ...]]) -> Path:
    made = folder / "made.db"
    made.unlink(missing_ok=True)
    with closing(sqlite3.connect(made)) as database, database:
        database.execute("create table flows (a text, b text)")
        database.execute("create index of_a on flows (a, b)")
        database.executemany("insert into flows (rowid, a, b) values (?, ?, ?)", rows)
    return made


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows_of_two)
def test_every_cell_is_read_as_it_is(rows: list[tuple[int, str | None, str | None]], tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite, "BATCH", 4)
        found = sqlite.read(file(tmp_path, rows), "flows", ["a", "b"])
    assert found.index.tolist() == sorted(row[0] for row in rows)
    cells = [(a, b) for _rowid, a, b in sorted(rows, key=lambda row: row[0])]
    assert [tuple(None if pd.isna(c) else c for c in row) for row in found.itertuples(index=False)] == cells


def test_text_that_is_not_utf_8_is_one_error_that_shows_it(tmp_path: Path) -> None:
    made = file(tmp_path, [(n, "good", "good") for n in range(50)])
    with closing(sqlite3.connect(made)) as database, database:
        database.execute("update flows set b = cast(x'80' as text) where rowid = 7")
    with pytest.raises(SourceError, match="Could not decode to UTF-8") as raised:
        sqlite.read(made, "flows", ["a", "b"])
    assert "good" not in str(raised.value)
