"""Trade ahead of BACI: weights as BACI's come out of its figures, partial years are refused, ranges hold what they promise."""

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.measures.helpers import reconciliation
from pipeline.measures.helpers.reconciliation import NothingToLearnFrom
from pipeline.measures.trade_nowcast import TooFewReports, trade_nowcast
from pipeline.measures.trade_nowcast_shares import trade_nowcast_shares
from pipeline.schemas import table as t
from pipeline.schemas.trade_reports import SIDES, TradeReports
from tests.measures import toy
from tests.sources import test_comtrade_reports

Flow = tuple[int, str, str, float | None, float | None, float | None]
COUNTRIES = ["CHN", "EST", "JPN", "MYS", "USA", "VNM"]


def reports(flows: Sequence[Flow], hs6: str = "850511") -> pd.DataFrame:
    """trade_reports of (year, exporter, importer, exporter's, importer's and BACI's thousand USD)."""
    rows = [
        {"year": year, "exporter": i, "importer": j, "hs6": hs6, "reported_by": side, "value_kusd": value, "source_id": "made"}
        for year, i, j, *values in flows
        for side, value in zip(SIDES, values, strict=True)
        if value is not None
    ]
    return t.frame(TradeReports, rows)


def as_baci_would(year: int, seed: int, noise: float = 0.0) -> list[Flow]:
    """Flows of all pairs whose third figure weighs the two reports by fixed reliabilities of exporters and importers."""
    drawing = np.random.default_rng(seed)
    a, c = (dict(zip(COUNTRIES, part, strict=True)) for part in (np.linspace(-1.5, 1.5, 6), [0.5, -1.0, 2.0, 0.0, -0.5, 1.0]))
    found: list[Flow] = []
    for i, j in permutations(COUNTRIES, 2):
        x, m = drawing.lognormal(5, 1, 2)
        weight = 1 / (1 + np.exp(c[j] - a[i]))
        b = (weight * x + (1 - weight) * m) * np.exp(noise * drawing.standard_normal())
        found.append((year, i, j, float(x), float(m), float(b)))
    return found


def test_toy_world(tmp_path: Path) -> None:
    rows = test_comtrade_reports.made(tmp_path)
    toy.assert_as_worked("trade_nowcast", trade_nowcast(rows))
    toy.assert_as_worked("trade_nowcast_shares", trade_nowcast_shares(trade_nowcast(rows), rows))


def test_weights_learnt_from_one_year_give_another_years_figures() -> None:
    flows = as_baci_would(2022, 1) + as_baci_would(2024, 2)
    made = toy.made("trade_nowcast", trade_nowcast(reports(flows)))
    baci = {(year, i, j): b for year, i, j, _, _, b in flows}
    answer = [baci[row.year, row.exporter, row.importer] for row in made.itertuples()]
    np.testing.assert_allclose(made["value_kusd"], answer, rtol=0.03)
    assert made["learnt_from"].to_list() == [2024] * 30 + [2022] * 30


def test_a_years_own_baci_plays_no_part_in_its_figures() -> None:
    flows = as_baci_would(2022, 1) + as_baci_would(2024, 2)
    other = [(*flow[:5], 7.0) if flow[0] == 2024 else flow for flow in flows]
    first, second = (trade_nowcast(reports(each)) for each in (flows, other))
    of_2024 = first["year"] == 2024
    pd.testing.assert_frame_equal(first[of_2024], second[of_2024])


def test_one_wild_figure_of_baci_does_not_move_the_weights() -> None:
    flows = as_baci_would(2022, 1)
    _, i, j, x, m, _ = flows[3]
    wild = [*flows[:3], (2022, i, j, x, m, x), *flows[4:]]
    rows = reconciliation.by_flow(reports(flows))
    learnt = [reconciliation.learn(reconciliation.by_flow(reports(each))) for each in (flows, wild)]
    without, with_it = (reconciliation.reconciled(rows, weights)["exporter_weight"] for weights in learnt)
    moved = without - with_it
    assert moved.abs().median() < 0.02


def test_ranges_hold_most_figures_of_another_year() -> None:
    goods = [f"{code:06d}" for code in range(12)]
    rows = pd.concat([reports(as_baci_would(y, 1000 * n + y, 0.05), good) for n, good in enumerate(goods) for y in (2022, 2024)])
    made = trade_nowcast(rows)
    known = reconciliation.by_flow(rows).merge(made, on=reconciliation.FLOW)
    assert known["reconciled_kusd"].between(known["value_kusd_low"], known["value_kusd_high"]).mean() >= 0.9
    shares = trade_nowcast_shares(made, rows)
    assert shares["baci_share"].between(shares["share_low"], shares["share_high"]).mean() >= 0.9
    assert shares.groupby(["year", "hs6"])["share"].sum().to_list() == pytest.approx([1] * 24)


def test_a_figure_is_between_its_reports_and_a_single_report_stays_as_it_is() -> None:
    made = trade_nowcast(reports([*as_baci_would(2022, 1), *as_baci_would(2024, 2), (2024, "PRY", "EST", None, 55.0, None)]))
    alone = made[made["exporter"] == "PRY"].iloc[0]
    assert (alone["value_kusd"], alone["reported_by"]) == (55, "importer")
    assert pd.isna(alone["exporter_weight"])
    between = reconciliation.by_flow(reports(as_baci_would(2024, 2))).merge(made, on=reconciliation.FLOW)
    sides = between[["exporter_kusd", "importer_kusd"]]
    assert between["value_kusd"].between(sides.min(axis=1), sides.max(axis=1)).all()


def test_a_year_that_few_have_reported_is_refused() -> None:
    early = [(2025, "CHN", j, 100.0, None, None) for j in ("EST", "USA")]
    flows = [*as_baci_would(2022, 1), *as_baci_would(2024, 2), *early]
    with pytest.raises(TooFewReports, match="2025"):
        trade_nowcast(reports(flows))


def test_coverage_counts_half_for_each_side_that_reports() -> None:
    flows = reconciliation.by_flow(reports([(2024, "CHN", "USA", 1.0, 1.0, 60.0), (2024, "EST", "MYS", 1.0, 1.0, 40.0)]))
    assert reconciliation.coverage(flows, {"CHN", "EST", "MYS"})["850511"] == pytest.approx(0.7)


def test_a_year_is_learnt_from_the_nearest_other_the_later_of_two() -> None:
    flows = reconciliation.by_flow(reports([f for year in (2020, 2022, 2024) for f in as_baci_would(year, year)]))
    assert [reconciliation.nearest_other_year(flows, year) for year in (2020, 2022, 2025)] == [2022, 2024, 2024]


def test_without_another_year_nothing_can_be_learnt() -> None:
    with pytest.raises(NothingToLearnFrom, match="no year but 2024"):
        trade_nowcast(reports(as_baci_would(2024, 1)))
