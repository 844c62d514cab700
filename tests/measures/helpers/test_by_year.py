"""A measure run on some years at a time gives what it gives on all years at once, bit for bit."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import catalog, wiring
from pipeline.measures.helpers.by_year import by_year
from pipeline.measures.helpers.trade import NotWhole
from pipeline.schemas import table as t
from tests.measures import toy

KNOWN: dict[str, Any] = {"countries": toy.tidy, "products": toy.tidy}


def others(table_name: str) -> dict[str, pd.DataFrame]:
    names = [name for name in wiring.inputs(table_name) if name != "trade_flows"]
    return {name: KNOWN[name](name) if name in KNOWN else toy.nothing(name) for name in names}


def assert_equal(table_name: str, one: Any, other: Any) -> None:
    pd.testing.assert_frame_equal(toy.made(table_name, one), toy.made(table_name, other), check_exact=True)


flow = st.tuples(
    st.integers(2022, 2024),
    st.sampled_from(["CHN", "EST", "MYS", "USA"]),
    st.sampled_from(["EST", "USA", "VNM"]),
    st.sampled_from(["284690", "280530"]),
    st.sampled_from([0.001, 1.0, 7.5, 333.333, 5e3]),
    st.sampled_from([None, 0.001, 3.0, 12.345, 1e4]),
)


@pytest.mark.parametrize("table_name", wiring.BY_YEAR)
@settings(max_examples=3)
@given(rows=st.lists(flow, min_size=10, max_size=60, unique_by=lambda row: row[:4]), most=st.integers(1, 9))
def test_some_years_at_a_time_give_what_all_give(table_name: str, rows: list[Any], most: int) -> None:
    frame, given_besides = toy.trade(rows), others(table_name)
    if "flow_outliers" in given_besides:
        given_besides["flow_outliers"] = frame[frame["quantity_t"].notna()].iloc[::3]
    flows = toy.flows(frame)
    at_once = wiring.maker(table_name)(flows, **given_besides)
    assert_equal(table_name, by_year(wiring.maker(table_name), flows, most=most, **given_besides).to_pandas(), at_once)


@pytest.mark.slow
@pytest.mark.parametrize("table_name", wiring.BY_YEAR)
def test_the_built_tables_by_year(table_name: str) -> None:
    names = [table_name, *wiring.inputs(table_name)]
    if not all(catalog.parquet_path(name).is_file() for name in names):
        pytest.skip(f"needs the tables {', '.join(names)}: run `reo build` first")
    given_besides = {name: catalog.load_table(name) for name in wiring.inputs(table_name) if name != "trade_flows"}
    made = by_year(wiring.maker(table_name), catalog.scan_table("trade_flows"), most=300_000, **given_besides)
    assert_equal(table_name, made.to_pandas(), catalog.load_table(table_name))


def test_each_row_is_of_one_year() -> None:
    """What makes it right to run a measure by year: the year is in its key."""
    assert all("year" in t.key(catalog.table(name)) for name in wiring.BY_YEAR)


def test_no_year_is_forgotten_and_none_is_run_twice() -> None:
    whom = ("EST", "USA", "VNM")
    rows: list[Any] = [(year, "CHN", importer, "284690", 10.0, 1.0) for year in range(2019, 2024) for importer in whom]
    made = by_year(lambda flows: flows, toy.flows(toy.trade(rows)), most=7)
    at_a_time = [sorted(set(part.to_pylist())) for part in made["year"].chunks]
    assert at_a_time == [[2019, 2020], [2021, 2022], [2023]]
    assert made.num_rows == 15


def test_a_year_held_twice_is_refused_wherever_it_is() -> None:
    once = toy.trade([(2019, "CHN", "USA", "284690", 10.0, 1.0), (2024, "CHN", "USA", "284690", 10.0, 1.0)])
    twice = pd.concat([once, once.tail(1).assign(source_id="another")], ignore_index=True)
    with pytest.raises(NotWhole, match="284690 in 2024"):
        by_year(wiring.maker("flow_outliers"), toy.flows(twice), most=1, **others("flow_outliers"))
