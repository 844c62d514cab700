"""Supply risk: the toy world by hand, what is unknown stays unknown, and the scores of the published library."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.measures.helpers.trade import NotWhole
from pipeline.measures.supply_risk import LINEAGE, supply_risk
from pipeline.measures.supply_risk_published import supply_risk_published
from tests.measures import toy

INPUTS = ("mine_production", "material_codes", "governance", "countries", "country_codes")


def inputs() -> dict[str, pd.DataFrame]:
    return {name: toy.tidy(name) for name in INPUTS}


def test_toy_world():
    toy.assert_as_worked("supply_risk", supply_risk(toy.trade_flows(), **inputs()))


WORLD = "toy_metal"
CODES = pd.DataFrame(
    [(WORLD, "260300", "Toy metal", "Toy Metal", True, "s")],
    columns=["material", "hs6", "reference_name", "table_name", "main", "source_id"],
)
NUMBERS = pd.DataFrame(
    [("baci", str(n), c, c, 1900, 2100, None) for n, c in enumerate(("CHN", "DEU", "FRA", "GUY", "PYF", "TWN", "X_697", "ZAF"))]
    + [("wmd", "156", "CHN", "China", 1900, 2100, None)],
    columns=["scheme", "code", "iso3", "name_as_published", "valid_from", "valid_to", "note"],
)
COUNTRIES = pd.DataFrame(
    [(c, c, None, c in ("DEU", "FRA"), False) for c in ("CHN", "DEU", "FRA", "GUF", "GUY", "PYF", "TWN", "XKX", "X_697", "ZAF")],
    columns=["iso3", "name", "m49", "eu27", "g7"],
)


def mined(rows: dict[str, float], unit: str = "t", year: int = 2020) -> pd.DataFrame:
    tonne = {"t": 1.0, "kg": 1000.0}.get(unit, float("nan"))
    frame = pd.DataFrame({"country": list(rows), "amount": [float(v) for v in rows.values()]})
    return frame.assign(
        year=year, material=WORLD, unit=unit, quantity_t=frame["amount"] / tonne, flag=None, source_id="s", edition="1"
    )


def governed(rows: dict[str, float], error: float = 0.2, year: int = 2020) -> pd.DataFrame:
    frame = pd.DataFrame({"country": list(rows), "wgi_pv": list(rows.values())}).assign(
        year=year, standard_error=error, sources=3
    )
    return frame.assign(edition="1", flag=pd.Series(None, index=frame.index, dtype="str"), source_id="s")


def world(flows: list[tuple], production: pd.DataFrame, governance: pd.DataFrame, published: bool = False) -> pd.DataFrame:
    """Scores by importer of flows (exporter, importer, thousand USD, tonnes) of one material in the production's year."""
    year = int(production["year"].iloc[0])
    trade = toy.trade([(year, exporter, importer, "260300", value, tonnes) for exporter, importer, value, tonnes in flows])
    make, name = (supply_risk_published, "supply_risk_published") if published else (supply_risk, "supply_risk")
    made = make(toy.flows(trade), production, CODES, governance, COUNTRIES, NUMBERS)
    return toy.made(name, made).set_index("importer")


STABLE_AND_NOT = {"CHN": -2.5, "ZAF": 0.0, "DEU": 2.5, "FRA": 2.5}


def test_score_is_concentration_times_weighted_imports():
    """Production 3 : 1, HHI 10/16. Germany buys 30 t at weight 1 and 10 t at ½ and mines 40 t: 35 of 80."""
    flows = [("CHN", "DEU", 300.0, 30.0), ("ZAF", "DEU", 100.0, 10.0)]
    row = world(flows, mined({"CHN": 120, "DEU": 40}), governed(STABLE_AND_NOT)).loc["DEU"]
    assert [row.production_hhi, row.import_risk, row.price_usd_per_kg] == pytest.approx([10 / 16, 35 / 80, 10.0])
    assert row.geopolrisk_score == pytest.approx(10 / 16 * 35 / 80)
    assert row.characterization_factor == pytest.approx(10 * 10 / 16 * 35 / 80)


def test_who_digs_for_itself_is_less_at_risk():
    flows = [("CHN", "DEU", 1.0, 1.0), ("CHN", "FRA", 1.0, 1.0)]
    rows = world(flows, mined({"CHN": 10, "DEU": 5}), governed(STABLE_AND_NOT))
    assert rows.geopolrisk_score["DEU"] < rows.geopolrisk_score["FRA"]


def test_a_kilogram_of_a_dear_metal_is_flagged():
    """1 kg for 900 thousand dollars has the higher price, but is below the floor of a million; a million itself is not."""
    rows = world([("CHN", "DEU", 900.0, 0.001), ("CHN", "FRA", 1000.0, 10.0)], mined({"CHN": 10}), governed(STABLE_AND_NOT))
    assert rows.characterization_factor["DEU"] > rows.characterization_factor["FRA"]
    assert rows.below_floor[["DEU", "FRA"]].tolist() == [True, False]
    assert rows.imports_kusd["DEU"] == 900


def test_union_buys_from_outside_and_digs_together():
    """Germany and France sell each other 100 t; from outside come 10 t, and they mine 10 t: half of the supply is bought."""
    flows = [("DEU", "FRA", 1.0, 100.0), ("FRA", "DEU", 1.0, 100.0), ("CHN", "DEU", 1.0, 10.0)]
    production = mined({"CHN": 100, "DEU": 4, "FRA": 6})
    ours = world(flows, production, governed(STABLE_AND_NOT)).loc["EUU"]
    assert [ours.imports_t, ours.production_t, ours.import_risk] == [10, 10, 0.5]
    theirs = world(flows, production, governed(STABLE_AND_NOT), published=True).loc["EUU"]
    assert theirs.import_risk == pytest.approx(10 / 220)


def test_missing_quantity_is_left_out_and_counted():
    flows = [("CHN", "DEU", 100.0, 10.0), ("ZAF", "DEU", 900.0, None), ("ZAF", "FRA", 5.0, None)]
    ours = world(flows, mined({"CHN": 1}), governed(STABLE_AND_NOT))
    assert ours.loc["DEU", ["price_usd_per_kg", "flows_without_quantity", "quantity_coverage"]].tolist() == [10, 1, 0.1]
    assert ours.loc["FRA", ["import_risk", "price_usd_per_kg"]].isna().all()
    theirs = world(flows, mined({"CHN": 1}), governed(STABLE_AND_NOT), published=True)
    assert theirs.loc[["DEU", "FRA"], "price_usd_per_kg"].tolist() == [100, 0]


def test_missing_estimate_is_neither_stable_nor_average():
    flows = [("CHN", "DEU", 1.0, 30.0), ("PYF", "DEU", 1.0, 10.0), ("PYF", "FRA", 1.0, 10.0)]
    governance = governed({"CHN": 0.0}, error=1e-9)
    ours = world(flows, mined({"CHN": 1}), governance)
    score, low, high = ours.loc["DEU", ["geopolrisk_score", "geopolrisk_score_low", "geopolrisk_score_high"]]
    assert [score, low, high, ours.loc["DEU", "governance_coverage"]] == pytest.approx([0.5, 15 / 40, 25 / 40, 0.75])
    assert ours.loc["FRA"].filter(like="score").isna().all()
    assert ours.loc["FRA", "governance_coverage"] == 0
    assert world(flows, mined({"CHN": 1}), governance, published=True).loc["FRA", "import_risk"] == 0.5


def test_a_doubtful_estimate_is_none():
    governance = governed({"CHN": 0.0}).assign(flag="doubtful")
    assert np.isnan(world([("CHN", "DEU", 1.0, 1.0)], mined({"CHN": 1}), governance).loc["DEU", "import_risk"])


def test_own_production_in_the_right_unit_or_unknown():
    flows = [("CHN", "DEU", 1.0, 10.0)]
    kilograms = world(flows, mined({"CHN": 1000, "DEU": 10_000}, "kg"), governed(STABLE_AND_NOT)).loc["DEU"]
    assert [kilograms.production_t, kilograms.import_risk] == [10, 0.5]
    metres = world(flows, mined({"CHN": 1000, "DEU": 10}, "million m3"), governed(STABLE_AND_NOT))
    assert metres.loc["DEU", ["production_t", "import_risk"]].isna().all()
    assert metres.loc["CHN", "import_risk"] == 0
    theirs = world(flows, mined({"CHN": 1000, "DEU": 10}, "million m3"), governed(STABLE_AND_NOT), published=True)
    assert theirs.loc["DEU", "import_risk"] == 0.5


def test_trade_held_twice_is_refused():
    flow = (2020, "CHN", "DEU", "260300", 1.0, 1.0)
    twice = pd.concat([toy.trade([flow]), toy.trade([flow], source_id="another")])
    for make in (supply_risk, supply_risk_published):
        with pytest.raises(NotWhole, match="260300 in 2020 is held more than once"):
            make(toy.flows(twice), mined({"CHN": 1}), CODES, governed(STABLE_AND_NOT), COUNTRIES, NUMBERS)


def test_nobody_digs_nobody_is_scored():
    for make in (supply_risk, supply_risk_published):
        for production in (mined({"CHN": 0}), mined({"CHN": 1}).iloc[:0]):
            trade = toy.flows(toy.trade([(2020, "CHN", "DEU", "260300", 1.0, 1.0)]))
            made = make(trade, production, CODES, governed(STABLE_AND_NOT), COUNTRIES, NUMBERS)
            assert toy.made(make.__name__, made).empty


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["CHN", "ZAF", "FRA", "PYF"]),
            st.sampled_from(["DEU", "GUY"]),
            st.integers(1, 10**6),
            st.integers(0, 10**6),
        ),
        min_size=1,
        max_size=8,
        unique_by=lambda flow: flow[:2],
    ),
    st.dictionaries(st.sampled_from(["CHN", "DEU", "ZAF"]), st.integers(1, 10**6), min_size=1),
)
def test_scores_lie_between_low_and_high_and_below_concentration(flows, production):
    rows = world([(e, i, float(v), q / 10) for e, i, v, q in flows], mined(production), governed(STABLE_AND_NOT))
    known = rows.dropna(subset="geopolrisk_score")
    assert (known.geopolrisk_score <= known.production_hhi).all()
    assert (known.geopolrisk_score_low <= known.geopolrisk_score + 1e-12).all()
    assert (known.geopolrisk_score <= known.geopolrisk_score_high + 1e-12).all()
    turned = world([(e, i, float(v), q / 10) for e, i, v, q in flows[::-1]], mined(production), governed(STABLE_AND_NOT))
    pd.testing.assert_frame_equal(rows, turned, check_exact=True)


def test_a_million_dollars_of_imports_is_not_below_the_floor_and_less_is():
    rows = world([("CHN", "DEU", 1000.0, 1.0), ("CHN", "FRA", 999.5, 1.0)], mined({"ZAF": 1}), governed(STABLE_AND_NOT))
    assert rows.below_floor[["DEU", "FRA"]].tolist() == [False, True]


def test_a_kilogram_has_a_score_and_no_mass_has_no_price():
    """Germany buys a kilogram, the least that trade_flows shows, for 2 USD; South Africa 5 USD of no mass."""
    flows = [("CHN", "DEU", 0.002, 0.001), ("CHN", "ZAF", 0.005, float("nan"))]
    rows = world(flows, mined({"GUY": 1}), governed(STABLE_AND_NOT))
    assert rows.price_usd_per_kg["DEU"] == pytest.approx(2.0)
    assert rows.governance_coverage["DEU"] == 1.0
    assert rows.quantity_coverage[["DEU", "ZAF"]].tolist() == [1.0, 0.0]
    assert pd.notna(rows.geopolrisk_score_low["DEU"])
    assert rows.loc["ZAF", ["price_usd_per_kg", "governance_coverage"]].isna().all()


def test_a_dollar_of_imports_has_a_coverage():
    rows = world([("CHN", "DEU", 0.001, 1.0)], mined({"GUY": 1}), governed(STABLE_AND_NOT))
    assert rows.quantity_coverage["DEU"] == 1.0


def test_who_neither_buys_nor_makes_any_has_no_score():
    """South Africa is named with nothing made and buys nothing; China is named and makes all."""
    rows = world([("CHN", "DEU", 1.0, 1.0)], mined({"CHN": 1, "ZAF": 0}), governed(STABLE_AND_NOT))
    assert "CHN" in rows.index
    assert "ZAF" not in rows.index


def test_rows_shown_for_a_score_are_flows_of_whole_years_from_outside():
    """Of Germany's flows the one of a cut year is not counted; of the EU's the one between members neither."""
    flows = toy.trade([(2020, "CHN", "DEU", "260300", 5.0, 2.0), (2020, "FRA", "DEU", "260300", 3.0, 1.0)])
    cut = toy.trade([(2020, "ZAF", "DEU", "260300", 7.0, 4.0)], coverage="top6")

    class Finished:
        load_table = staticmethod({"material_codes": CODES, "countries": COUNTRIES}.__getitem__)
        scan_table = staticmethod(lambda name: toy.flows(pd.concat([flows, cut], ignore_index=True)))

    def shown(importer: str) -> list[str]:
        row = {"year": 2020, "importer": importer, "material": WORLD}
        return LINEAGE["supply_risk", "trade_flows"](row, Finished())[1]["exporter"].tolist()

    assert shown("DEU") == ["CHN", "FRA"]
    assert shown("EUU") == ["CHN"]
