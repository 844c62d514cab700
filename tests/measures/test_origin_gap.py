"""Origin gap: the toy world by hand, and which mining figures and years count."""

import pandas as pd
import toy

from pipeline.measures.concentration import stage_concentration
from pipeline.measures.origin_gap import origin_gap


def gap(trade: pd.DataFrame, production: pd.DataFrame) -> pd.DataFrame:
    stages = stage_concentration(production, toy.tidy("reserves"))
    return toy.made("origin_gap", origin_gap(toy.flows(trade), toy.tidy("products"), stages, production))


def test_toy_world():
    toy.assert_as_worked(
        "origin_gap",
        origin_gap(toy.trade_flows(), toy.tidy("products"), toy.expected("stage_concentration"), toy.tidy("production")),
    )


def test_newest_edition_counts():
    """The edition of 2025 halves Malaysia's mining of 2023 to 5 %: the gap of its metals is 2/3 - 1/20."""
    row = gap(toy.tidy("trade_flows"), toy.tidy("production")).query("year == 2023 and group == 'metals'").iloc[0]
    assert row.mining_gap == 2 / 3 - 0.05


def test_group_with_one_code_cut_to_the_largest_partners_is_left_out():
    trade = toy.tidy("trade_flows")
    trade.loc[(trade.year == 2024) & (trade.hs6 == "284610"), "coverage"] = "top6"
    found = gap(trade, toy.tidy("production"))
    assert set(zip(found.year, found.group, strict=True)) == {
        (2023, "compounds"),
        (2023, "metals"),
        (2024, "metals"),
        (2024, "magnets"),
    }


def test_exporter_that_mines_nothing():
    trade = toy.trade([(2024, "EST", "USA", "280530", 100.0, 1.0)])
    row = gap(trade, toy.tidy("production")).iloc[0]
    assert [row.top_exporter, row.mining_share, row.mining_gap, row.china_export_share] == ["EST", 0, 1, 0]
