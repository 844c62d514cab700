"""Shares and HHI: the toy world by hand, what must hold for any trade, and what is refused."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.measures.concentration import export_concentration, import_dependence, stage_concentration
from pipeline.measures.helpers.trade import NotWhole
from tests.measures import toy

COUNTRIES = ["AUS", "CHN", "EST", "JPN", "MYS", "USA"]
amounts = st.integers(min_value=1, max_value=10**10).map(lambda n: n / 1000)
suppliers = st.dictionaries(st.sampled_from(COUNTRIES), st.tuples(amounts, st.none() | amounts), min_size=1)
few = settings(max_examples=8, deadline=None)


def exports(of: dict[str, tuple[float, float | None]], importer: str = "VNM") -> pd.DataFrame:
    return toy.trade([(2024, exporter, importer, "284690", value, tonnes) for exporter, (value, tonnes) in of.items()])


def concentration(frame: pd.DataFrame, outliers: pd.DataFrame | None = None) -> pd.DataFrame:
    return toy.made(
        "export_concentration", export_concentration(toy.flows(frame), toy.no_outliers() if outliers is None else outliers)
    )


def test_toy_world_exports():
    toy.assert_as_worked("export_concentration", export_concentration(toy.trade_flows(), toy.expected("flow_outliers")))


def test_toy_world_imports():
    worked = import_dependence(toy.trade_flows(), toy.expected("flow_outliers"), toy.tidy("countries"))
    toy.assert_as_worked("import_dependence", worked)


def test_toy_world_stages():
    toy.assert_as_worked(
        "stage_concentration", stage_concentration(toy.tidy("production"), toy.tidy("reserves"), toy.tidy("stage_shares"))
    )


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


def test_trillions_of_dollars_do_not_overflow():
    frame = exports({"SAU": (3e9, 4e9), "RUS": (1e9, 4e9)})
    assert concentration(frame).set_index("basis").loc["value", "hhi"] == pytest.approx(10 / 16, rel=1e-15)


def test_years_cut_to_the_largest_partners_have_no_row():
    cut = toy.trade([(2023, "CHN", "USA", "850511", 900.0, None)], coverage="top6", nomenclature="HS17")
    whole = exports({"CHN": (9.0, 1.0)})
    both = pd.concat([cut, whole], ignore_index=True)
    assert set(concentration(both)["hs6"]) == {"284690"}
    dependence = import_dependence(toy.flows(both), toy.no_outliers(), toy.tidy("countries")).to_pyarrow().to_pandas()
    assert set(dependence["hs6"]) == {"284690"}


def test_year_and_code_half_cut_is_refused():
    frame = pd.concat([exports({"CHN": (9.0, 1.0)}), exports({"USA": (9.0, 1.0)}).assign(coverage="top6")], ignore_index=True)
    with pytest.raises(NotWhole, match=r"284690 in 2024.*coverage top6.*coverage whole"):
        export_concentration(toy.flows(frame), toy.no_outliers())


def test_year_and_code_of_two_sources_is_refused():
    frame = pd.concat(
        [exports({"CHN": (9.0, 1.0)}), exports({"CHN": (8.0, 1.0)}).assign(source_id="un_comtrade")], ignore_index=True
    )
    with pytest.raises(NotWhole, match=r"284690 in 2024.*cepii_baci.*un_comtrade"):
        import_dependence(toy.flows(frame), toy.no_outliers(), toy.tidy("countries"))


def test_union_counts_imports_from_outside_only():
    countries = pd.DataFrame({"iso3": ["DEU", "EST", "CHN"], "eu27": [True, True, False]})
    frame = toy.trade(
        [
            (2024, "CHN", "DEU", "284690", 30.0, 3.0),
            (2024, "CHN", "EST", "284690", 10.0, 1.0),
            (2024, "USA", "EST", "284690", 10.0, 1.0),
            (2024, "EST", "DEU", "284690", 70.0, 2.0),
        ]
    )
    rows = (
        import_dependence(toy.flows(frame), toy.no_outliers(), countries)
        .to_pyarrow()
        .to_pandas()
        .set_index(["importer", "basis"])
    )
    union = rows.loc[("EUU", "value")]
    assert union["total"] == 50
    assert union["china_share"] == 0.8
    assert union["suppliers"] == 2
    assert rows.loc[("DEU", "value"), "top_supplier"] == "EST"


def test_sixty_five_per_cent_is_not_above_65():
    def above(china: int) -> bool:
        frame = toy.trade([(2024, "CHN", "JPN", "284690", china, None), (2024, "USA", "JPN", "284690", 100 - china, None)])
        return (
            import_dependence(toy.flows(frame), toy.no_outliers(), toy.tidy("countries"))
            .to_pyarrow()
            .to_pandas()["above_65"]
            .item()
        )

    assert [above(65), above(66)] == [False, True]


def production(amounts: dict[str, float | None], **columns: object) -> pd.DataFrame:
    frame = pd.DataFrame({"country": list(amounts), "amount": pd.Series(list(amounts.values()), dtype="float64")})
    return frame.assign(
        **{
            "year": 2024,
            "stage": "mining",
            "material": "rare_earths",
            "source_id": "s",
            "edition": "2026",
            "coverage": "whole",
            "flag": None,
            "publisher": "P",
            "basis": "REO",
            **columns,
        }
    )


NO_RESERVES = toy.nothing("reserves")
NO_SHARES = toy.nothing("stage_shares")


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from(COUNTRIES), st.integers(1, 10**6), min_size=1), st.integers(0, 10**6))
def test_unnamed_rest_widens_the_bounds(named, rest):
    world = sum(named.values()) + rest
    row = stage_concentration(production({**named, "ROW": rest, "WLD": world}), NO_RESERVES, NO_SHARES).iloc[0]
    assert 0 < row.hhi_low <= row.hhi <= row.hhi_high <= 1 + 1e-12
    assert row.hhi_high - row.hhi_low == pytest.approx(row.unnamed_share**2)
    if rest == 0:
        assert row.hhi_low == row.hhi == row.hhi_high


def test_shares_are_of_the_sum_not_of_the_printed_total():
    row = stage_concentration(production({"CHN": 60.0, "USA": 50.0, "WLD": 100.0}), NO_RESERVES, NO_SHARES).iloc[0]
    assert row.china_share == 60 / 110
    assert [row.total, row.printed_total] == [110, 100]


def test_excerpt_of_a_table_has_no_row():
    without_total = production({"CHN": 60.0, "USA": 40.0})
    most_missing = production({"CHN": 60.0, "WLD": 100.0}, year=2023)
    assert stage_concentration(pd.concat([without_total, most_missing], ignore_index=True), NO_RESERVES, NO_SHARES).empty


def test_reserves_are_dated_the_year_before_their_edition():
    reserves = pd.DataFrame(
        {
            "edition": "2026",
            "country": ["CHN", "WLD"],
            "source_id": "s",
            "amount": [44.0, 44.0],
            "coverage": "whole",
            "publisher": "P",
            "basis": "REO",
        }
    )
    row = stage_concentration(production({}), reserves, NO_SHARES).iloc[0]
    assert (row.year, row.stage, row.hhi) == (2025, "reserves", 1)


def test_reserves_edition_without_year_is_named():
    reserves = pd.DataFrame(
        {
            "edition": ["spring"],
            "country": ["CHN"],
            "source_id": ["s"],
            "amount": [44.0],
            "coverage": ["whole"],
            "publisher": ["P"],
            "basis": ["REO"],
        }
    )
    with pytest.raises(Exception, match=r"edition 'spring' of s \(CHN\)"):
        stage_concentration(production({}), reserves, NO_SHARES)
