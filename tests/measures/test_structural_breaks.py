"""Breaks: planted ones, the search against every segmentation, and chance by hand."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline import catalog
from pipeline.measures.structural_breaks import (
    LEAST_NOISE,
    LEAST_YEARS,
    act_years,
    break_years,
    chance,
    longest_run,
    structural_breaks,
)
from pipeline.schemas import table as t
from tests.measures import toy

ACTS = pd.Series({"act": 2010}, dtype="int64")


def logs(values: list[float], first: int = 2000) -> pd.Series:
    return pd.Series(values, index=range(first, first + len(values)))


def wobbling(levels: dict[int, float], years: range) -> pd.Series:
    """A level from each named year on, ±0.05 in turn."""
    level = pd.Series(levels).reindex(years).ffill()
    return level + np.where(np.arange(len(years)) % 2, 0.05, -0.05)


def test_planted_breaks_are_found():
    assert break_years(wobbling({2000: 1.0, 2008: 2.5, 2015: 2.0}, range(2000, 2025)), 1.0) == [[2008, 2015]]


@pytest.mark.parametrize("level", [0.0, 3.7])
def test_constant_series_has_none(level: float):
    assert break_years(logs([level] * 20), 1.0) == [[]]


def test_wobble_alone_is_no_break():
    assert break_years(wobbling({2000: 1.0}, range(2000, 2025)), 1.0) == [[]]


def test_one_odd_year_is_no_level():
    odd = wobbling({2000: 1.0}, range(2000, 2025))
    odd[2010] += 0.3
    assert break_years(odd, 1.0) == [[]]


def cost(values: np.ndarray, places: tuple[int, ...], penalty: float) -> float:
    bounds = [0, *places, len(values)]
    parts = [values[start:end] for start, end in itertools.pairwise(bounds)]
    return sum(((part - part.mean()) ** 2).sum() for part in parts) + penalty * len(places)


@given(st.lists(st.floats(-3, 3).map(lambda x: round(x, 2)), min_size=10, max_size=10))
@example([0.0, 0.0, 0.0, 1.0, 1.5, 0.0, 0.0, 2.0, 2.0, -1.0])  # which Pelt of ruptures 1.1.10 gets wrong
def test_search_finds_the_cheapest_of_all_segmentations(values: list[float]):
    """No set of breaks of at least two years a segment costs less by the penalty 2 σ² ln n."""
    series = logs(values)
    steps = np.diff(values)
    sigma = max(1.4826 * np.median(np.abs(steps - np.median(steps))) / np.sqrt(2), LEAST_NOISE)
    penalty = 2 * sigma**2 * np.log(10)
    every = (places for count in range(5) for places in itertools.combinations(range(2, 9), count))
    allowed = [places for places in every if all(b - a >= 2 for a, b in itertools.pairwise((0, *places, 10)))]
    found = tuple(year - 2000 for year in break_years(series, 1.0)[0])
    cheapest = min(cost(np.array(values), places, penalty) for places in allowed)
    assert cost(np.array(values), found, penalty) == pytest.approx(cheapest, abs=1e-9)


def test_chance_by_hand():
    """12 years from 2004: a break can fall in 2006 to 2014, nine years; 2009, 2010 and 2011 are within a year of the act."""
    assert chance(list(range(2004, 2016)), ACTS) == 3 / 9


def test_two_near_acts_are_not_counted_twice():
    assert chance(list(range(2004, 2016)), pd.Series({"a": 2010, "b": 2011})) == 4 / 9


def test_act_outside_the_series_counts_for_nothing():
    assert chance(list(range(2004, 2016)), pd.Series({"a": 1990, "b": 2025})) == 0


def test_acts_that_count():
    """Of the toy world's acts the licence (in force December 2023) and its suspension are Chinese export controls."""
    found = act_years(toy.tidy("policy_events"))
    assert found.to_dict() == {"TOY-CHN-2023-licence": 2023, "TOY-CHN-2024-suspension": 2024}


def test_renewed_quotas_statements_and_doubtful_acts_do_not_count():
    events = toy.tidy("policy_events")
    licence = events["event_id"] == "TOY-CHN-2023-licence"
    for column, word in (("foreign_supply", "neutral"), ("legal_force", "statement"), ("confidence", "medium")):
        changed = events.copy()
        changed.loc[licence, column] = word
        assert "TOY-CHN-2023-licence" not in act_years(changed).index


def test_longest_run_of_years():
    amounts = pd.Series({**dict.fromkeys(range(1990, 2003), 2.0), **dict.fromkeys(range(2004, 2019), 3.0), 2003: 0.0})
    run = longest_run(amounts)
    assert [run.index[0], run.index[-1], len(run)] == [2004, 2018, 15]
    assert np.exp(run).tolist() == pytest.approx([3.0] * 15)


def test_short_series_are_not_searched():
    assert longest_run(pd.Series(dict.fromkeys(range(2010, 2010 + LEAST_YEARS - 1), 1.0))).empty


def mining(amounts: dict[int, float], **columns: object) -> pd.DataFrame:
    frame = pd.DataFrame({"year": list(amounts), "central": list(amounts.values())})
    rows = frame.assign(country="WLD", preferred_source_id="usgs", **{"warning": None, **columns})
    return rows.astype({"warning": "str"})


def made(production: pd.DataFrame) -> pd.DataFrame:
    tables = {name: t.empty(catalog.table(name)) for name in ("export_concentration", "unit_values", "import_dependence")}
    tables["production_reconciled"] = production
    typed = {name: toy.flows(rows) for name, rows in tables.items()}
    result = structural_breaks(**typed, products=toy.tidy("products"), policy_events=toy.tidy("policy_events"))
    return toy.made("structural_breaks", result)


def test_row_by_hand():
    """100 t with a wobble to 2022, 200 t from 2023: the act of 2023 is nearest. Of 2013–2023, eleven places, 2022 and 2023 are
    near it, 2023 also near that of 2024: chance 2/11."""
    steady = {year: 100.0 * np.exp(0.01 * (-1) ** year) for year in range(2011, 2023)}
    row = made(mining(steady | {2023: 200.0, 2024: 200.0})).iloc[0]
    assert [row.series, row.break_year, row.near] == ["mining/WLD/usgs", 2023, True]
    assert [row.nearest_act, row.years_from_act] == ["TOY-CHN-2023-licence", 0]
    assert row.magnitude == pytest.approx(np.log(2), abs=1e-8)
    assert [row.breaks, row.matches, row.stability] == [1, 1, 1]
    assert [row.chance, row.expected_matches] == pytest.approx([2 / 11, 2 / 11])


def test_years_with_a_warning_end_a_series():
    amounts = dict.fromkeys(range(2000, 2012), 100.0) | dict.fromkeys(range(2012, 2024), 300.0)
    rows = mining(amounts)
    assert made(rows)["break_year"].tolist() == [2012]
    rows.loc[rows["year"] >= 2012, "warning"] = "not of one basis"
    assert made(rows).empty


def test_two_sources_make_no_series():
    rows = mining(dict.fromkeys(range(2000, 2012), 100.0) | dict.fromkeys(range(2012, 2024), 300.0))
    rows.loc[rows["year"] >= 2012, "preferred_source_id"] = "another"
    assert made(rows).empty


def test_nothing_gives_an_empty_table():
    assert made(mining({})).empty
