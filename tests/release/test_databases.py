"""The DuckDB and the SQLite file beside a release have its tables, wherever they are moved, and nothing else."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipeline import catalog
from pipeline.packed import NotAsReleased
from pipeline.release import databases
from pipeline.release.verify import verify


def test_every_table_is_in_both_and_they_can_be_moved(folder: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for name in (databases.DUCKDB, databases.SQLITE):
        shutil.copyfile(folder.parent / name, moved / name)
    shutil.rmtree(folder.parent)
    with duckdb.connect(str(moved / databases.DUCKDB)) as one, closing(sqlite3.connect(moved / databases.SQLITE)) as other:
        for name in catalog.tables():
            rows = catalog.row_count(name)
            assert one.sql(f"select count(*) from {name}").fetchall() == [(rows,)]
            assert other.execute(f"select count(*) from {name}").fetchall() == [(rows,)]
        flows = catalog.load_table("trade_flows")
        query = "select * from trade_flows order by year, exporter, importer, hs6, source_id"
        for found in (one.sql(query).df(), pd.read_sql_query(query, other)):
            assert (
                found["hs6"].tolist() == flows.sort_values(["year", "exporter", "importer", "hs6", "source_id"])["hs6"].tolist()
            )
            assert found["quantity_t"].isna().sum() == flows["quantity_t"].isna().sum()
        assert other.execute("pragma foreign_key_check").fetchall() == []


def test_an_edited_row_of_either_is_named(folder: Path) -> None:
    assert verify(folder).version == "0.1.0"
    with duckdb.connect(str(folder.parent / databases.DUCKDB)) as one:
        one.execute("update production set amount = amount * 2 where rowid = 0")
    with closing(sqlite3.connect(folder.parent / databases.SQLITE)) as other:
        other.execute("delete from countries where iso3 = 'CHN'")
        other.commit()
    with pytest.raises(NotAsReleased) as failure:
        verify(folder)
    assert "observatory.duckdb, beside it, has other rows in production" in str(failure.value)
    assert "observatory.sqlite, beside it, has other rows in countries" in str(failure.value)


def test_a_file_that_is_no_database_is_named(folder: Path) -> None:
    (folder.parent / databases.SQLITE).write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    with closing(duckdb.connect(str(folder.parent / databases.DUCKDB))) as one:
        one.execute("create table more as select 1")
    with pytest.raises(
        NotAsReleased, match=r"(?s)observatory\.duckdb.*tables differ: more.*observatory\.sqlite, beside it, cannot"
    ):
        verify(folder)
