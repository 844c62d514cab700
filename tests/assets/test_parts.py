"""A table that its function yields in parts is checked, counted and quarantined as if it had come whole."""

from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from pipeline import catalog, wiring
from pipeline.assets import factory
from pipeline.quality import row_counts
from pipeline.schemas import contract
from pipeline.sources import baci
from tests.schemas.test_contract import flows

NAME = "trade_flows"
Made = Callable[..., list[object]]


@pytest.fixture
def made(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """`made(2023, 2024)`: the results of making a table of sound flows, or of those given, a part a year."""
    row_counts.path().parent.mkdir(parents=True)
    row_counts.path().write_text("table,year,rows\ntrade_flows,2023,100\ntrade_flows,2024,100\n")
    monkeypatch.setattr(wiring, "inputs_on_disk", lambda _name: {})

    def make(*years: int, parts: dict[int, pd.DataFrame] | None = None) -> list[object]:
        def trade_flows() -> Iterator[pd.DataFrame]:
            for year in years:
                yield (parts or {}).get(year, flows(100)).assign(year=year)

        monkeypatch.setattr(baci, NAME, trade_flows)
        return list(factory.checked_and_stored(catalog.table(NAME), None))

    return make


def test_every_part_is_stored_and_the_last_rows_are_shown(made: Made) -> None:
    results = made(2023, 2024)
    stored = catalog.load_table(NAME)
    assert stored.groupby("year").size().to_dict() == {2023: 100, 2024: 100}
    shown = results[-1]
    assert isinstance(shown, dg.MaterializeResult)
    assert shown.metadata
    assert shown.metadata["dagster/row_count"] == 200
    assert {record.data["year"] for record in shown.metadata["preview"].records} == {2024}


def test_two_of_two_hundred_rows_are_quarantined_wherever_they_are_and_three_refuse_the_table(made: Made) -> None:
    made(2023, 2024)
    two, one = flows(100), flows(100, quantity_t=-5.0)
    two.loc[:1, "quantity_t"] = [-1.0, -2.0]
    made(2023, 2024, parts={2023: two})
    assert len(catalog.load_table(NAME)) == 198
    assert pd.read_csv(catalog.quarantine_path(NAME))["quantity_t"].tolist() == [-1.0, -2.0]
    before = catalog.stored_hash(NAME)
    with pytest.raises(contract.ContractBroken, match=r"in 3 places.*\n.*quantity_t: .*: -1\.0 \(year=2023, .*\n.*\n.*year=2024"):
        made(2023, 2024, parts={2023: two, 2024: one})
    assert catalog.stored_hash(NAME) == before


@pytest.mark.parametrize(
    ("years", "error", "says"),
    [
        ((2024, 2023), contract.ContractBroken, "a part begins with year 2023, the one before it ends with 2024"),
        ((2023, 2023), contract.ContractBroken, "a part begins with year 2023"),
        ((2023,), row_counts.Unexpected, "trade_flows 2024: no rows, 100 expected"),
        ((), row_counts.Unexpected, "trade_flows 2023: no rows, 100 expected"),
    ],
    ids=["out of order", "one year in two parts", "a year is missing", "no part"],
)
def test_what_parts_as_a_whole_break_leaves_the_last_table(
    made: Made, years: tuple[int, ...], error: type[Exception], says: str
) -> None:
    made(2023, 2024)
    before = catalog.stored_hash(NAME)
    with pytest.raises(error, match=says):
        made(*years)
    assert catalog.stored_hash(NAME) == before
    assert not [file for file in catalog.parquet_path(NAME).parent.iterdir() if file.name.endswith(".part")]


def test_a_fault_in_a_later_part_is_one_error_and_leaves_the_last_table(made: Made) -> None:
    made(2023, 2024)
    before = catalog.stored_hash(NAME)
    with pytest.raises(contract.ContractBroken, match=r"exporter.*China"):
        made(2023, 2024, parts={2024: flows(100, exporter="China")})
    assert catalog.stored_hash(NAME) == before
