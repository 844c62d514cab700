"""Origin gap: the toy world by hand, and which mining figures and years count."""

import pandas as pd

from pipeline.measures.origin_gap import origin_gap
from pipeline.measures.stage_concentration import stage_concentration
from tests.measures import toy


def gap(trade: pd.DataFrame, production: pd.DataFrame, shares: pd.DataFrame | None = None) -> pd.DataFrame:
    shares = toy.tidy("stage_shares") if shares is None else shares
    stages = stage_concentration(production, toy.tidy("reserves"), shares)
    return toy.made(
        "origin_gap", origin_gap(toy.flows(trade), toy.tidy("products"), stages, production, shares, toy.tidy("feed_flows"))
    )


def test_toy_world():
    toy.assert_as_worked(
        "origin_gap",
        origin_gap(
            toy.trade_flows(),
            toy.tidy("products"),
            toy.expected("stage_concentration"),
            toy.tidy("production"),
            toy.tidy("stage_shares"),
            toy.tidy("feed_flows"),
        ),
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


def test_feed_for_china_makes_no_exporter_large():
    """Malaysia sends 900 of 1,401, but 401 of them are ore that China separates: without it China sends 501 of 1,000."""
    trade = toy.trade([(2024, "MYS", "CHN", "284690", 401.0, 1.0), (2024, "MYS", "USA", "284690", 499.0, 1.0),
                       (2024, "CHN", "USA", "284690", 500.0, 1.0), (2024, "CHN", "USA", "284610", 1.0, 1.0)])  # fmt: skip
    rows = gap(trade, toy.tidy("production")).set_index("feed")
    assert rows["top_exporter"].to_dict() == {"excluded": "CHN", "included": "MYS"}
    assert rows["china_export_share"].to_dict() == {"excluded": 501 / 1000, "included": 501 / 1401}


def test_exporter_that_mines_nothing():
    trade = toy.trade([(2024, "EST", "USA", "280530", 100.0, 1.0)])
    row = gap(trade, toy.tidy("production")).iloc[0]
    assert [row.top_exporter, row.mining_share, row.mining_gap, row.china_export_share] == ["EST", 0, 1, 0]


def shares_of_2023(edition: str, kind: str = "actual", note: str | None = None, **of: float) -> pd.DataFrame:
    return toy.typed(
        "stage_shares",
        pd.DataFrame({"country": list(of), "share": [str(share) for share in of.values()]}).assign(
            year="2023", stage="separation", material="rare_earths", publisher="Agency", edition=edition, basis="refined output",
            kind=kind, source_id="stage_shares", document_id="toy-agency", note=note,
        ),
    )  # fmt: skip


def test_separation_is_of_the_surest_table_and_of_named_countries_alone():
    """Of an actual table, an estimate, a projection and a lower bound the actual one counts; it names Malaysia, not others."""
    tables = [
        shares_of_2023("a forecast", "projection", CHN=0.5),
        shares_of_2023("a guess", "estimate", CHN=0.6),
        shares_of_2023("counted", CHN=0.8, MYS=0.15),
        shares_of_2023("a bound", note="lower bound: more than 70 %", CHN=0.7),
    ]
    found = gap(toy.tidy("trade_flows"), toy.tidy("production"), pd.concat(tables, ignore_index=True))
    metals = found.query("year == 2023 and group == 'metals'").iloc[0]
    assert metals.separation_edition == "Agency, counted"
    assert [metals.separation_share, metals.china_separation_share] == [0.15, 0.8]
    assert metals.separation_gap == 2 / 3 - 0.15
    unnamed = gap(toy.tidy("trade_flows"), toy.tidy("production"), shares_of_2023("counted", CHN=0.8))
    assert unnamed.query("group == 'metals' and year == 2023")["separation_share"].isna().all()
