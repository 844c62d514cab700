"""From quantity to quality: the toy world by hand, what is left out, and what a cut year may still say."""

import pandas as pd
import pytest

from pipeline import catalog
from pipeline.measures.helpers.trade import NotWhole
from pipeline.measures.quality_shift import quality_shift
from pipeline.measures.unit_values import unit_values
from tests.measures import toy

NO_MAGNETS = toy.nothing("rare_earth_magnets")


def shift(frame: pd.DataFrame) -> pd.DataFrame:
    flows = toy.flows(frame)
    values = unit_values(flows, toy.no_outliers()).to_pyarrow().to_pandas()
    made = quality_shift(flows, toy.no_outliers(), toy.tidy("products"), values, toy.nothing("quota_use"), NO_MAGNETS)
    return toy.made("quality_shift", made).set_index("year")


def test_toy_world():
    toy.assert_as_worked(
        "quality_shift",
        quality_shift(
            toy.trade_flows(),
            toy.expected("flow_outliers"),
            toy.tidy("products"),
            toy.expected("unit_values"),
            toy.expected("quota_use"),
            toy.expected("rare_earth_magnets"),
        ),
    )


def test_nothing_gives_nothing():
    assert shift(toy.trade([])).empty


def test_output_that_is_the_quota_itself_gives_no_share_kept_at_home():
    """60,000 t of which 18,300 in oxide are exported: 0.695 if output is published, nothing if it is the quota again."""
    row = toy.expected("quota_use").query("year == 2024 and stage == 'mining'")
    row = row.assign(exports_reo=18_300.0, exports_reo_low=12_000.0, exports_reo_high=30_000.0)

    def home(output_is_quota: bool) -> pd.DataFrame:
        quota_use = row.assign(output_is_quota=output_is_quota)
        flows = toy.flows(toy.trade([(2024, "CHN", "JPN", "284690", 100.0, 1.0)]))
        values = unit_values(flows, toy.no_outliers()).to_pyarrow().to_pandas()
        made = quality_shift(flows, toy.no_outliers(), toy.tidy("products"), values, quota_use, NO_MAGNETS)
        return toy.made("quality_shift", made).set_index("year")

    assert home(False).loc[2024, "home_share"] == pytest.approx(1 - 18_300 / 60_000)
    assert pd.isna(home(True).loc[2024, "home_share"])


def test_compounds_cut_to_the_largest_partners_have_no_value_magnets_have():
    frame = toy.trade([(2024, "CHN", "JPN", code, 100.0, None) for code in ("284690", "280530", "850511")], coverage="top6")
    row = shift(frame).loc[2024]
    assert row[["compounds_value", "metals_value", "downstream_share_of_value"]].isna().all()
    assert [row["magnets_value"], row["magnets_coverage"]] == [100, "top6"]


def test_year_held_twice_is_refused():
    frame = toy.trade([(2024, "CHN", "JPN", "284690", 100.0, 1.0)])
    with pytest.raises(NotWhole, match="284690 in 2024 is held more than once"):
        shift(pd.concat([frame, frame.assign(source_id="un_comtrade")], ignore_index=True))


def test_largest_partners_hold_chinas_magnets():
    """Cut like the other years (a flow stays if it is among the six largest of its exporter or importer), the whole years lose
    less than a millionth of China's exports: its exports in cut years may be summed, other countries' may not."""
    if not catalog.parquet_path("trade_flows").is_file():
        pytest.skip("needs table trade_flows: run `reo build` first")
    flows = catalog.scan_table("trade_flows")
    whole = flows.filter(flows.hs6 == "850511", flows.coverage == "whole").to_pandas()
    ranked = {side: whole.groupby(["year", side])["value_kusd"].rank(ascending=False) for side in ("exporter", "importer")}
    kept = whole[(ranked["exporter"] <= 6) | (ranked["importer"] <= 6)]
    parts = kept.groupby(["year", "exporter"])["value_kusd"].sum() / whole.groupby(["year", "exporter"])["value_kusd"].sum()
    china = parts.xs("CHN", level="exporter")
    assert set(china.index) == {2022, 2024}
    assert china.min() > 1 - 2e-6
    assert parts.xs("ESP", level="exporter").min() < 0.999


def test_price_of_rare_earths_doubled_against_the_rest_under_the_quota_cut():
    """Between 2006-09 and 2010-12 China's unit value of compounds rose more than the others' did (methods: unit values)."""
    if not catalog.parquet_path("quality_shift").is_file():
        pytest.skip("needs table quality_shift: run `reo build` first")
    ratio = catalog.load_table("quality_shift").set_index("year")["compounds_unit_value_ratio_mix_confounded"]
    assert ratio.loc[2010:2012].mean() > 2 * ratio.loc[2006:2009].mean()
