"""Diversification: the toy world by hand, trade within a bloc, and which capacities may stand in one sum."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import catalog
from pipeline.measures import diversification as d
from pipeline.schemas import table as t
from tests.measures import toy


def made(
    trade: pd.DataFrame,
    plants: pd.DataFrame | None = None,
    demand: pd.DataFrame | None = None,
    shares: pd.DataFrame | None = None,
) -> pd.DataFrame:
    given_or_none = {
        name: t.empty(catalog.table(name)) for name in ("facilities", "china_output", "stage_shares", "rare_earth_magnets")
    }
    result = d.diversification(
        toy.flows(trade),
        toy.no_outliers(),
        toy.tidy("products"),
        toy.tidy("blocs"),
        given_or_none["facilities"] if plants is None else plants,
        given_or_none["china_output"] if demand is None else demand,
        given_or_none["stage_shares"] if shares is None else shares,
        given_or_none["rare_earth_magnets"],
    )
    return toy.made("diversification", result)


def plant(facility: str, phase: str = "whole", **changes: object) -> dict[str, object]:
    return {
        "facility": facility, "phase": phase, "products": "NdFeB", "as_of": "2025-06", "as_of_precision": "month",
        "operator": "Firm", "country": "USA", "stage": "magnet", "stages": "magnet", "status": "operating", "capacity": None,
        "capacity_low": None, "capacity_high": None, "capacity_basis": "t/yr", "start_year": None, "part_of": None,
        "part_of_phase": None, "source_id": "toy", "document_id": "toy", "note": None,
    } | changes  # fmt: skip


def plants(*rows: dict[str, object]) -> pd.DataFrame:
    return t.frame(catalog.table("facilities"), list(rows))


MAGNETS = toy.trade([(2024, "CHN", "USA", "850511", 900.0, 30.0), (2024, "EST", "USA", "850511", 100.0, 10.0)])


def capacity(*rows: dict[str, object], trade: pd.DataFrame = MAGNETS) -> pd.DataFrame:
    table = made(trade, plants(*rows))
    return table[table["basis"].str.startswith("capacity")].set_index(["bloc", "basis"])


def test_toy_world():
    """The trade; the one plant is compared with its row in the build of the whole toy world."""
    result = d.diversification(
        toy.trade_flows(),
        toy.expected("flow_outliers"),
        toy.tidy("products"),
        toy.tidy("blocs"),
        t.empty(catalog.table("facilities")),
        toy.tidy("china_output"),
        toy.tidy("stage_shares"),
        toy.expected("rare_earth_magnets"),
    )
    worked = toy.expected("diversification").query("not basis.str.startswith('capacity')").reset_index(drop=True)
    pd.testing.assert_frame_equal(toy.made("diversification", result), worked, rtol=1e-12, atol=1e-12)


def test_nothing_in_nothing_out():
    assert made(t.empty(catalog.table("trade_flows"))).empty


def test_what_is_planned_contains_what_operates():
    """Phase 1 operates and is part of phase 2: 2,000 operate, 3,000 more are planned; a second plant prints a range."""
    row = capacity(
        plant("Narrow", "phase 1", capacity=2000.0, part_of="Narrow", part_of_phase="phase 2"),
        plant("Narrow", "phase 2", capacity=5000.0, status="planned", capacity_basis="t/yr total"),
        plant("Wide", capacity_low=100.0, capacity_high=300.0, status="construction"),
    ).loc[("USA", "capacity_magnets")]
    assert [row.capacity_operating, row.capacity_operating_high] == [2000, 2000]
    assert [row.capacity_announced, row.capacity_announced_high] == [3100, 3300]
    assert [row.plants, row.plants_left_out] == [2, 0]
    assert [row.capacity_year_from, row.capacity_year_to, row.capacity_countries] == [2025, 2025, 1]
    assert pd.isna(row.demand)


def test_other_bases_are_counted_not_added():
    table = capacity(
        plant("Oxide", stage="separation", products="REO", capacity=700.0, capacity_basis="t REO/yr"),
        plant("Feed", stage="separation", products="MREC", capacity=9000.0, capacity_basis="t feed/yr"),
        plant("Silent", stage="separation", products="NdPr"),
        plant("Cobalt", products="SmCo", capacity=500.0),
    )
    oxide, magnets = table.loc[("USA", "capacity_reo")], table.loc[("USA", "capacity_magnets")]
    assert [oxide.capacity_operating, oxide.plants, oxide.plants_left_out] == [700, 1, 2]
    assert pd.isna(magnets.capacity_operating)
    assert [magnets.plants, magnets.plants_left_out] == [0, 1]


def test_plants_in_china_shelved_undated_or_unknown_do_not_count():
    rows = [
        plant("Here", capacity=1.0, country="CHN"),
        plant("Gone", capacity=1.0, status="shelved"),
        plant("When", capacity=1.0, as_of="undated", as_of_precision="undated"),
        plant("What", capacity=1.0, status="unknown"),
    ]
    assert capacity(*rows).empty


OXIDE = plant("Oxide", stage="separation", products="REO", capacity=1.0, capacity_basis="t REO/yr")


def demands(years: list[int], values: list[float]) -> pd.DataFrame:
    output = toy.tidy("china_output").iloc[[0] * len(years)].assign(measure="demand_outside_china", basis="REO")
    output = output.assign(period=[str(y) for y in years], year=pd.array(years, dtype="Int64"), value=values)
    return output.reset_index(drop=True)


def oxide_capacity(years: list[int], values: list[float], shares: pd.DataFrame | None = None) -> pd.DataFrame:
    table = made(MAGNETS, plants(OXIDE), demands(years, values), shares)
    return table[table["basis"] == "capacity_reo"].set_index("bloc")


def test_demand_is_the_newest_that_is_printed():
    rows = oxide_capacity([2009, 2024], [5.0, 2.0])
    assert rows.loc["outside_china", ["demand", "demand_year", "demand_met_operating"]].tolist() == [2, 2024, 0.5]
    assert pd.isna(rows.loc["USA", "demand"])


def test_old_demand_is_shown_and_not_divided_by():
    """The plant is of 2025, the demand of 2012."""
    row = oxide_capacity([2012], [2.0]).loc["outside_china"]
    assert [row.demand, row.demand_year, row.capacity_year_to] == [2, 2012, 2025]
    assert pd.isna(row.demand_met_operating)
    assert pd.isna(row.demand_met_with_announced)


def separated_by(country: str, kind: str = "actual") -> pd.DataFrame:
    row = {
        "year": "2024", "country": country, "share": "0.05", "stage": "separation", "material": "rare_earths", "publisher": "A",
        "edition": "2025", "basis": "refined output", "kind": kind, "source_id": "s", "document_id": "d", "note": None,
    }  # fmt: skip
    return toy.typed("stage_shares", pd.DataFrame([row]))


def test_a_producer_without_a_plant_makes_capacity_a_lower_bound():
    """Malaysia is known to separate and has no plant here: the world outside China is incomplete, the USA is not."""
    rows = oxide_capacity([2024], [2.0], separated_by("MYS"))
    assert rows.loc["outside_china", "producers_missing"] == "MYS"
    assert pd.isna(rows.loc["outside_china", "demand_met_operating"])
    assert pd.isna(rows.loc["USA", "producers_missing"])


@pytest.mark.parametrize("shares", [separated_by("USA"), separated_by("MYS", "projection")], ids=["counted", "foreseen"])
def test_producers_counted_or_foreseen_are_not_missing(shares):
    row = oxide_capacity([2024], [2.0], shares).loc["outside_china"]
    assert pd.isna(row.producers_missing)
    assert row.demand_met_operating == 0.5


def test_magnets_of_all_metals_have_no_tonnes():
    assert set(made(MAGNETS).query("group == 'magnets'")["basis"]) == {"value"}


def test_a_group_cut_to_the_largest_partners_has_no_row():
    cut = toy.trade([(2023, "CHN", "USA", "284610", 5.0, 1.0)], coverage="top6")
    whole = toy.trade([(2023, "CHN", "USA", "284690", 5.0, 1.0), (2023, "CHN", "USA", "280530", 5.0, 1.0)])
    assert set(made(pd.concat([cut, whole]))["group"]) == {"metals"}


COUNTRIES = ["CHN", "MYS", "EST", "USA"]
FLOWS = st.dictionaries(
    st.tuples(st.sampled_from(COUNTRIES), st.sampled_from(COUNTRIES)).filter(lambda pair: pair[0] != pair[1]),
    st.integers(1, 10**6),
    min_size=1,
)


@given(FLOWS)
def test_bloc_buys_what_its_members_buy_outside_it(flows: dict[tuple[str, str], int]):
    trade = toy.trade([(2024, e, i, "284690", float(usd), None) for (e, i), usd in flows.items()])
    table = made(trade)
    for bloc, members in {"USA": {"USA"}, "EUU": {"EST"}, "PAIR": {"USA", "EST"}}.items():
        bought = {pair: usd for pair, usd in flows.items() if pair[1] in members and pair[0] not in members}
        rows = table[table["bloc"] == bloc]
        assert rows["imports"].sum() == pytest.approx(sum(bought.values()))
        if bought:
            elsewhere = sum(usd for (exporter, _), usd in bought.items() if exporter != "CHN")
            assert rows["non_china_share"].item() == pytest.approx(elsewhere / sum(bought.values()))
            assert 1 - 1e-12 <= rows["effective_suppliers"].item() <= rows["suppliers"].item() + 1e-9
