"""Indirect dependence: worked cases, what must always hold, and which output and flows count."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalog import table
from pipeline.measures.helpers.stage_output import calendar_years, stage_output
from pipeline.measures.helpers.supply_network import Network, network, networks
from pipeline.measures.indirect_dependence import ASSUMPTIONS, UNEXPLAINED, dependence, indirect_dependence, origins
from pipeline.schemas import table as t
from tests.measures import toy

INPUTS = ("products", "conversion_factors", "quotas", "china_output")
ALL_INPUTS = (*INPUTS, "processing", "feed_flows", "rare_earth_magnets")


def inputs(**given: pd.DataFrame) -> list[pd.DataFrame]:
    tables = {name: toy.tidy(name) for name in (*INPUTS, "feed_flows")}
    tables["processing"] = t.empty(table("processing"))
    tables["rare_earth_magnets"] = toy.expected("rare_earth_magnets")
    return [{**tables, **given}[name] for name in ALL_INPUTS]


def outliers() -> pd.DataFrame:
    return toy.expected("flow_outliers")


def of_flows(flows: list[tuple[str, str, float]], **printed: float) -> Network:
    return network(2024, "compounds", "excluded", pd.DataFrame(flows, columns=["exporter", "importer", "t"]), printed)


def total(made: Network, importer: str) -> pd.Series:
    rows = dependence(made, made, made, frozenset()).set_index("importer")
    return rows.loc[importer]


WORKED = [("CHN", "KOR", 30.0), ("CHN", "USA", 20.0), ("KOR", "USA", 20.0)]


def test_three_countries_on_paper():
    """docs/methods/indirect_dependence.md: China makes 90, Korea 10; 0.875 of US supply is China's, 0.75 to 1 by assumption."""
    usa = total(of_flows(WORKED, CHN=90, KOR=10), "USA")
    assert usa.total_china_origin_share == 0.875
    assert [usa.total_china_origin_share_low, usa.total_china_origin_share_high] == [0.75, 1.0]
    assert [usa.china_trade_share, usa.direct_china_share, usa.indirect_china_share] == [0.5, 0.5, 0.375]
    assert usa.main_intermediaries == "KOR 0.375"
    assert usa.unexplained_share == 0


def test_toy_world():
    made = indirect_dependence(toy.trade_flows(), outliers(), *inputs(), toy.tidy("countries"))
    toy.assert_as_worked("indirect_dependence", made)


def test_net_exports_in_place_of_output_make_china_nobody():
    """A net importer has no net exports: without its output on record nothing would originate in it."""
    flows = [("MMR", "CHN", 44.0), ("CHN", "USA", 28.0)]
    assert total(of_flows(flows, CHN=254.0), "USA").total_china_origin_share > 0.85
    easy = total(of_flows(flows), "USA")
    assert [easy.china_trade_share, easy.total_china_origin_share, easy.unexplained_share] == [1.0, 0.0, 1.0]


def test_output_below_net_exports_leaves_the_rest_unexplained():
    usa = total(of_flows([("CHN", "USA", 10.0), ("MYS", "USA", 10.0)], CHN=90, MYS=4), "USA")
    assert [usa.total_china_origin_share, usa.unexplained_share] == [0.5, 0.3]


def test_goods_that_only_circle_are_unexplained():
    made = of_flows([("BEL", "NLD", 5.0), ("NLD", "BEL", 5.0), ("CHN", "USA", 1.0)], CHN=9)
    assert total(made, "BEL").unexplained_share == 1
    assert total(made, "USA").total_china_origin_share == 1


def test_the_union_is_one_importer_and_its_inner_trade_is_none():
    made = of_flows([("CHN", "NLD", 10.0), ("NLD", "DEU", 8.0), ("JPN", "DEU", 10.0)], CHN=90, JPN=30)
    rows = dependence(made, made, made, frozenset({"NLD", "DEU"})).set_index("importer")
    assert rows.loc["EUU", "imports_t"] == 20
    assert rows.loc["EUU", "total_china_origin_share"] == 0.5
    assert rows.loc["DEU", "total_china_origin_share"] == pytest.approx(8 / 18)


countries = st.sampled_from(["CHN", "KOR", "USA", "JPN", "MYS", "EST"])
amounts = st.integers(1, 1000).map(float)
worlds = st.builds(
    lambda flows, printed: of_flows([(e, i, q) for (e, i), q in flows.items()], **printed),
    st.dictionaries(st.tuples(countries, countries).filter(lambda pair: pair[0] != pair[1]), amounts, min_size=1, max_size=12),
    st.dictionaries(countries, amounts, max_size=4),
)


@given(worlds, st.sampled_from(ASSUMPTIONS))
def test_origins_of_imports_sum_to_one(made: Network, assumption: str):
    _names, exported, imported = origins(made, assumption)
    buys = made.imports > 0
    assert np.allclose(imported[buys].sum(axis=1), 1, atol=1e-9)
    assert np.allclose(exported.sum(axis=1), 1, atol=1e-9)
    assert imported.min() > -1e-9


@given(worlds)
def test_every_tonne_made_is_used_somewhere(made: Network):
    """Proportional mixing: an origin's part of all use is what it made."""
    names, _exported, imported = origins(made)
    maker = [made.index(name) for name in names]
    for n, (name, place) in enumerate(zip(names, maker, strict=True)):
        if name == UNEXPLAINED or not made.reached(made.output > 0).all():
            continue
        own = np.zeros(len(made.countries))
        own[place] = made.recorded_output[place]
        mixed = (own + made.imports * imported[:, n]) / made.supply
        assert mixed @ made.use == pytest.approx(made.recorded_output[place], rel=1e-6)


@settings(max_examples=20, deadline=None)
@given(worlds)
def test_a_country_without_flows_changes_nothing(made: Network):
    cells = made.flows.tocoo()
    flows = [
        (made.countries[i], made.countries[j], float(q)) for i, j, q in zip(*cells.coords, cells.data, strict=True)
    ]  # fmt: skip
    printed = dict(zip(made.countries, made.recorded_output, strict=True))
    larger = of_flows(flows, **printed, ZWE=0.0)
    pd.testing.assert_frame_equal(dependence(made, made, made, frozenset()), dependence(larger, larger, larger, frozenset()))


def test_low_and_high_enclose_central():
    made = indirect_dependence(toy.trade_flows(), outliers(), *inputs(), toy.tidy("countries"))
    assert (made.total_china_origin_share_low <= made.total_china_origin_share).all()
    assert (made.total_china_origin_share <= made.total_china_origin_share_high).all()


@pytest.mark.parametrize("without", ["quotas", "conversion_factors", "products"])
def test_without_output_or_content_there_is_no_row(without: str):
    none = t.empty(table(without))
    made = indirect_dependence(toy.trade_flows(), outliers(), *inputs(**{without: none}), toy.tidy("countries"))
    assert toy.made("indirect_dependence", made).empty


def test_years_cut_to_the_largest_partners_have_no_row():
    trade = toy.tidy("trade_flows")
    trade.loc[(trade.year == 2024) & (trade.hs6 == "284610"), "coverage"] = "top6"
    assert indirect_dependence(toy.flows(trade), outliers(), *inputs(), toy.tidy("countries")).empty


def test_feed_counts_in_its_years_alone():
    feed = toy.tidy("feed_flows").assign(year_from=2020, year_to=2023)
    found = networks(toy.trade_flows(), outliers(), *inputs(feed_flows=feed))
    assert {n.feed: n.flows.sum() for n in found} == {"excluded": 205.0, "included": 205.0}


def printed(*rows: tuple[str, str, float], **columns: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["period_start", "period_end", "value"])
    about = {
        "document_id": "report", "edition": None, "stage": "separation", "material": "rare_earths", "country": "MYS",
        "company": "Firm", "site": "Site", "kind": "actual", "unit": "t", "dated_by": "period",
    }  # fmt: skip
    return frame.assign(**{**about, **columns})


def test_a_fiscal_year_less_its_quarters_gives_the_missing_one():
    """July 2024 to June 2025 made 100, of it 20 + 30 in 2025: 50 in the second half of 2024, after 40 + 5 in the first."""
    frame = printed(
        ("2024-01", "2024-03", 40), ("2024-04", "2024-06", 5), ("2024-07", "2025-06", 100),
        ("2025-01", "2025-03", 20), ("2025-04", "2025-06", 30),
    )  # fmt: skip
    assert calendar_years(frame) == {2024: (95.0, "report")}


def test_a_year_with_a_quarter_missing_is_not_given():
    assert calendar_years(printed(("2024-01", "2024-03", 40), ("2024-07", "2024-12", 5))) == {}


def output(**given: pd.DataFrame) -> pd.DataFrame:
    none = {name: t.empty(table(name)) for name in ("quotas", "china_output", "processing")}
    return stage_output(**{**none, **given}).set_index(["year", "group", "country"])


def test_what_was_made_stands_before_what_was_allowed():
    made = pd.DataFrame(
        [("china_output_separated_products", 2024, "text", 150.0, "t", "REO")],
        columns=["measure", "year", "document_id", "value", "unit", "basis"],
    ).assign(publisher="Ministry")
    row = output(quotas=toy.tidy("quotas"), china_output=made).loc[(2024, "compounds", "CHN")]
    assert [row.amount, row.basis] == [150, "output"]
    row = output(quotas=toy.tidy("quotas")).loc[(2024, "compounds", "CHN")]
    assert [row.amount, row.basis] == [180, "cap"]


def test_a_part_of_the_products_counts_where_the_whole_is_not_printed():
    part = printed(("2024-01", "2024-12", 12), material="NdPr")
    whole = printed(("2024-01", "2024-12", 80))
    assert output(processing=part).amount.tolist() == [12]
    assert output(processing=pd.concat([part, whole])).amount.tolist() == [80]


def test_plans_and_dates_of_texts_are_no_output():
    assert output(processing=printed(("2024-01", "2024-12", 12), kind="projection")).empty
    assert output(processing=printed(("2024-01", "2024-12", 12), dated_by="text")).empty


def test_magnets_of_a_year_with_tonnes():
    """The toy world's rare-earth magnets of 2024: China makes 100 t, sends 9 to the USA (published) and 5 to Estonia (estimated),
    which sends on none to all of 2 t of magnets, 1 as central. All is Chinese: 9 of 10 come straight. 2023 is held in part only.
    """
    made = printed(("2024-01", "2024-12", 100), stage="magnet", material="NdFeB", country="CHN", company="all", kind="estimate")
    rows = indirect_dependence(toy.trade_flows(), outliers(), *inputs(processing=made), toy.tidy("countries"))
    usa = rows.query("group == 'rare_earth_magnets'").set_index("importer").loc["USA"]
    assert usa.direct_china_share == pytest.approx(float(Fraction(9, 10)))
    assert [usa.total_china_origin_share, usa.feed, usa.basis, usa.china_output_basis] == [1, "included", "gross", "estimate"]
    # Nothing is on record of what Estonia makes: the least is what comes straight from China.
    assert usa.total_china_origin_share_low == usa.direct_china_share
    assert usa.imports_t == 10


def test_a_flow_of_nothing_and_what_a_country_sends_itself_are_no_links():
    made = of_flows([("CHN", "USA", 10.0), ("MYS", "USA", 0.0), ("CHN", "CHN", 5.0)], CHN=90)
    assert made.countries == ("CHN", "USA")
    assert made.imports.tolist() == [0.0, 10.0]


@pytest.mark.parametrize(("first", "last", "without_feed"), [(2024, 2024, 185.0), (2020, 2024, 185.0), (2025, 2026, 205.0)])
def test_feed_is_excluded_from_its_first_year_to_its_last(first, last, without_feed):
    """Malaysia sends China 40 t in 2024 under a code whose mix is half oxide: 20 t REO of 205."""
    feed = toy.tidy("feed_flows").assign(year_from=first, year_to=last)
    found = {n.feed: n.flows.sum() for n in networks(toy.trade_flows(), outliers(), *inputs(feed_flows=feed))}
    assert found == {"excluded": without_feed, "included": 205.0}


def test_flows_of_another_group_are_no_part_of_a_network():
    """The toy world's metals of 2024 go to Estonia and the USA: more of them changes neither tonnes nor the value in coverage."""
    trade = toy.tidy("trade_flows")
    more = trade.assign(value_kusd=trade["value_kusd"].mask(trade["hs6"] == "280530", 9e6))
    plain, other = (networks(toy.flows(frame), outliers(), *inputs()) for frame in (trade, more))
    assert [n.coverage for n in plain] == [n.coverage for n in other]
    assert [n.flows.sum() for n in plain] == [n.flows.sum() for n in other]


def magnet_networks(*flows: tuple[int, str, float]) -> list[Network]:
    """Networks of magnets from flows (year, exporter, t) to Japan; China makes 100 t in 2023 and 200 t in 2024."""
    made = printed(("2023-01", "2023-12", 100), ("2024-01", "2024-12", 200), stage="magnet", material="NdFeB", country="CHN")
    magnets = pd.DataFrame(flows, columns=["year", "exporter", "quantity_t"]).assign(
        importer="JPN", basis="hs850511_interval", hs850511_value_kusd=1.0, value_kusd=1.0
    )
    magnets = magnets.assign(quantity_t_low=magnets["quantity_t"], quantity_t_high=magnets["quantity_t"])
    found = networks(toy.trade_flows(), outliers(), *inputs(processing=made, rare_earth_magnets=magnets))
    return [n for n in found if n.group == "rare_earth_magnets"]


def test_each_year_has_its_own_flows_and_output():
    """Half a tonne of magnets a year from Germany to Japan; China makes 100 t, then 200 t, and ships 1 t, then 3 t."""
    found = magnet_networks((2023, "CHN", 1.0), (2024, "CHN", 3.0), (2023, "DEU", 0.5), (2024, "DEU", 0.5))
    ours = {n.year: (n.flows.sum(), n.recorded_output.tolist()) for n in found}
    assert ours == {2023: (1.5, [100.0, 0.0, 0.0]), 2024: (3.5, [200.0, 0.0, 0.0])}


def test_a_year_of_a_tonne_in_all_has_a_network():
    """Two flows of a quarter of a tonne, half a tonne together, are a network; a year of flows without tonnes is none."""
    found = magnet_networks((2023, "CHN", 0.0), (2023, "DEU", 0.0), (2024, "CHN", 0.25), (2024, "DEU", 0.25))
    assert [n.year for n in found] == [2024]


def test_one_code_without_a_factor_leaves_all_compounds_out():
    """The oxide content of 284690 is known, of 284610 it is not: a sum of one alone would be no sum of compounds."""
    factors = toy.tidy("conversion_factors")
    known = factors[~factors["material"].str.contains("284610")]
    assert len(known) < len(factors)
    assert networks(toy.trade_flows(), outliers(), *inputs(conversion_factors=known)) == []
