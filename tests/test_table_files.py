"""A table's two files are written part by part and take their places together; a long table has Parquet alone."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet
import pytest

from pipeline import catalog, table_files
from pipeline.report.pages import data
from pipeline.schemas import contract
from tests.schemas.test_contract import flows

NAME = "trade_flows"


def of_year(year: int, rows: int = 3) -> pd.DataFrame:
    return contract.check(catalog.table(NAME), flows(rows).assign(year=year)).rows


def stored(*parts: pd.DataFrame) -> None:
    with catalog.draft(NAME) as draft:
        for part in parts:
            draft.add(part)
        catalog.put(NAME, draft, pd.DataFrame())


def test_parts_make_the_table_that_the_whole_makes_each_a_row_group(data_folder: Path) -> None:
    stored(of_year(2023), of_year(2024, 5))
    parts = catalog.load_table(NAME), catalog.csv_path(NAME).read_bytes()
    assert pyarrow.parquet.ParquetFile(catalog.parquet_path(NAME)).num_row_groups == 2
    assert [len(batch) for batch in catalog.batches(NAME, ["year"])] == [3, 5]
    catalog.save_table(NAME, pd.concat([of_year(2023), of_year(2024, 5)], ignore_index=True))
    pd.testing.assert_frame_equal(parts[0], catalog.load_table(NAME), check_exact=True)
    assert parts[1] == catalog.csv_path(NAME).read_bytes()


def test_what_is_not_put_leaves_the_last_table_and_no_file(data_folder: Path) -> None:
    stored(of_year(2023))
    before = {file.name: file.read_bytes() for file in catalog.parquet_path(NAME).parent.iterdir()}
    with catalog.draft(NAME) as draft:
        draft.add(of_year(2024))
    assert {file.name: file.read_bytes() for file in catalog.parquet_path(NAME).parent.iterdir()} == before


def test_a_long_table_has_no_csv_and_a_short_one_has_it_again(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored(of_year(2023))
    monkeypatch.setattr(table_files, "CSV_ROWS", 4)
    stored(of_year(2023), of_year(2024))
    assert catalog.stored_files(NAME) == [catalog.parquet_path(NAME)]
    assert not catalog.csv_path(NAME).exists()
    assert catalog.stored_hash(NAME)
    assert len(catalog.load_table(NAME)) == 6
    assert not data.entry(NAME, catalog.table(NAME), catalog.load_table(NAME))["csv"]
    stored(of_year(2024))
    assert catalog.stored_files(NAME) == [catalog.csv_path(NAME), catalog.parquet_path(NAME)]
    assert data.entry(NAME, catalog.table(NAME), catalog.load_table(NAME))["csv"]
    catalog.csv_path(NAME).unlink()
    assert catalog.stored_hash(NAME) is None, "a short table without its CSV is not as it must be"
