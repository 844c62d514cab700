"""Concentration of exporters: the toy world by hand, what must hold for any trade, and what is refused."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.measures.export_concentration import export_concentration
from pipeline.measures.helpers.trade import NotWhole
from tests.measures import toy

COUNTRIES = ["AUS", "CHN", "EST", "JPN", "MYS", "USA"]
amounts = st.integers(min_value=1, max_value=10**10).map(lambda n: n / 1000)
suppliers = st.dictionaries(st.sampled_from(COUNTRIES), st.tuples(amounts, st.none() | amounts), min_size=1)
NO_FEED = toy.nothing("feed_flows")
few = settings(max_examples=4, deadline=None)


def exports(of: dict[str, tuple[float, float | None]], importer: str = "VNM") -> pd.DataFrame:
    return toy.trade([(2024, exporter, importer, "284690", value, tonnes) for exporter, (value, tonnes) in of.items()])


def concentration(frame: pd.DataFrame, outliers: pd.DataFrame | None = None) -> pd.DataFrame:
    return toy.made(
        "export_concentration",
        export_concentration(toy.flows(frame), toy.no_outliers() if outliers is None else outliers, NO_FEED),
    )


def test_toy_world_exports():
    toy.assert_as_worked(
        "export_concentration", export_concentration(toy.trade_flows(), toy.expected("flow_outliers"), toy.tidy("feed_flows"))
    )


def test_feed_for_separation_is_no_supply_even_where_it_is_an_outlier():
    """Myanmar's 900 t of ore for China leave both bases, an outlier among them once; what it sells to Japan stays."""
    flows = toy.trade(
        [
            (2024, "MMR", "CHN", "284690", 90.0, 900.0),
            (2024, "MMR", "JPN", "284690", 10.0, 5.0),
            (2024, "CHN", "JPN", "284690", 30.0, 15.0),
        ]
    )
    feed = toy.typed("feed_flows", toy.tidy("feed_flows").assign(exporter="MMR", year_from=2020))
    outlying = toy.typed("flow_outliers", toy.expected("flow_outliers").head(1).assign(
        year=2024, exporter="MMR", importer="CHN", hs6="284690", value_kusd=90.0, quantity_t=900.0
    ))  # fmt: skip
    rows = toy.made("export_concentration", export_concentration(toy.flows(flows), outlying, feed)).set_index("basis")
    assert rows.loc["value", "top_country"] == "MMR"
    assert rows.loc["value_without_feed", ["top_country", "china_share", "total"]].tolist() == ["CHN", 0.75, 40.0]
    assert rows.loc["quantity_clean_without_feed", ["top_country", "china_share", "total"]].tolist() == ["CHN", 0.75, 20.0]


@few
@given(suppliers)
def test_hhi_lies_between_equal_shares_and_monopoly(of):
    for row in concentration(exports(of)).itertuples():
        assert 1 / row.exporters <= row.hhi * (1 + 1e-12)
        assert row.hhi <= 1
        assert row.cr1**2 <= row.hhi <= row.cr1 * (1 + 1e-12)
        assert row.cr1 <= row.cr3 <= 1


@few
@given(suppliers)
def test_shares_of_all_countries_sum_to_one(of):
    """China's share once for every country, each in its turn named CHN."""
    together = 0.0
    for turn in of:
        renamed = {({"CHN": "XKX"} | {turn: "CHN"}).get(c, c): amount for c, amount in of.items()}
        together += concentration(exports(renamed)).set_index("basis").loc["value", "china_share"]
    assert together == pytest.approx(1, abs=1e-12)


@few
@given(suppliers, st.randoms())
def test_order_of_rows_and_scale_change_nothing(of, random):
    rows = list(of.items())
    random.shuffle(rows)
    plain = concentration(exports(of))
    assert plain.equals(concentration(exports(dict(rows))))
    thousandfold = {c: (value * 1000, tonnes and tonnes * 1000) for c, (value, tonnes) in of.items()}
    scaled = concentration(exports(thousandfold)).drop(columns="total")
    pd.testing.assert_frame_equal(scaled, plain.drop(columns="total"), rtol=1e-12)


@few
@given(suppliers)
def test_supplier_of_nothing_changes_nothing(of):
    frame = exports(of)
    nothing = toy.trade([(2024, "ZAF", "VNM", "284690", 0.0, 0.0)])
    assert concentration(frame).equals(concentration(pd.concat([frame, nothing], ignore_index=True)))


@few
@given(suppliers)
def test_splitting_a_flow_among_importers_changes_no_exporter_share(of):
    halves = [exports({c: (v, q) for c, (v, q) in of.items()}, importer) for importer in ("VNM", "KOR")]
    single, double = concentration(exports(of)), concentration(pd.concat(halves, ignore_index=True))
    pd.testing.assert_series_equal(single["hhi"], double["hhi"], rtol=1e-12)


@few
@given(suppliers, st.data())
def test_setting_a_flow_aside_never_raises_tonnage_and_touches_no_other_basis(of, data):
    frame = exports(of)
    aside = frame[frame["exporter"] == data.draw(st.sampled_from(sorted(of)))].dropna(subset=["quantity_t"])
    before, after = concentration(frame), concentration(frame, aside)
    totals = after.set_index("basis")["total"]
    assert totals.get("quantity_clean", 0) <= totals.get("quantity", 0)
    others = ["value", "quantity"]
    assert before[before.basis.isin(others)].reset_index(drop=True).equals(after[after.basis.isin(others)].reset_index(drop=True))
    left = concentration(frame.drop(index=aside.index))
    columns = ["hhi", "cr1", "cr3", "top_country", "china_share", "exporters", "total"]
    clean = after.loc[after.basis == "quantity_clean", columns].reset_index(drop=True)
    assert clean.equals(left.loc[left.basis == "quantity", columns].reset_index(drop=True))


def test_equals_are_ranked_by_code():
    frame = exports({"USA": (5.0, 1.0), "AUS": (5.0, 1.0), "CHN": (4.0, 1.0)})
    assert concentration(frame)["top_country"].tolist() == ["AUS", "AUS", "AUS"]


def test_a_code_without_any_mass_has_shares_of_value_of_which_none_is_weighed():
    rows = concentration(exports({"CHN": (3.0, None), "USA": (1.0, None)}))
    assert rows[["basis", "cr1", "quantity_coverage"]].to_numpy().tolist() == [["value", 0.75, 0.0]]


def test_trillions_of_dollars_do_not_overflow():
    frame = exports({"SAU": (3e9, 4e9), "RUS": (1e9, 4e9)})
    assert concentration(frame).set_index("basis").loc["value", "hhi"] == pytest.approx(10 / 16, rel=1e-15)


def test_years_cut_to_the_largest_partners_have_no_row():
    cut = toy.trade([(2023, "CHN", "USA", "850511", 900.0, None)], coverage="top6", nomenclature="HS17")
    whole = exports({"CHN": (9.0, 1.0)})
    both = pd.concat([cut, whole], ignore_index=True)
    assert set(concentration(both)["hs6"]) == {"284690"}


def test_year_and_code_half_cut_is_refused():
    frame = pd.concat([exports({"CHN": (9.0, 1.0)}), exports({"USA": (9.0, 1.0)}).assign(coverage="top6")], ignore_index=True)
    with pytest.raises(NotWhole, match=r"284690 in 2024.*coverage top6.*coverage whole"):
        export_concentration(toy.flows(frame), toy.no_outliers(), NO_FEED)


def test_year_and_code_of_two_sources_is_refused():
    frame = pd.concat(
        [exports({"CHN": (9.0, 1.0)}), exports({"CHN": (8.0, 1.0)}).assign(source_id="un_comtrade")], ignore_index=True
    )
    with pytest.raises(NotWhole, match=r"284690 in 2024.*cepii_baci.*un_comtrade"):
        export_concentration(toy.flows(frame), toy.no_outliers(), NO_FEED)


def test_the_three_largest_of_four_by_each_basis():
    """40, 30, 20 and 10 of each: 0.9 for the three largest, 0.3 = 0.16 + 0.09 + 0.04 + 0.01."""
    rows = concentration(exports({"MYS": (10.0, 1.0), "AUS": (20.0, 2.0), "CHN": (40.0, 4.0), "USA": (30.0, 3.0)}))
    assert rows["basis"].tolist() == ["quantity", "quantity_clean", "value"]
    for row in rows.itertuples():
        assert [row.cr1, row.cr3, row.hhi, row.china_share, row.exporters] == pytest.approx([0.4, 0.9, 0.3, 0.4, 4])
