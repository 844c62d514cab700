"""Scores trade_nowcast and its rivals against BACI, a year by what another teaches, for docs/methods/trade_nowcast.md.

    python benchmarks/nowcast.py

It reads trade_reports of the last `reo build`, and UN Comtrade's files for the sum of their repeated rows. Scores over the thirty
goods: largest exporter as BACI has it; mean difference of shares, in points, over the six largest exporters by either figure;
correlation of HHI. Nothing here uses a year's own BACI but to score it.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pipeline import catalog
from pipeline.intake.source_files import SourceFiles
from pipeline.measures.helpers import reconciliation
from pipeline.measures.helpers.reconciliation import SIDES
from pipeline.measures.trade_nowcast import LEAST_COVERAGE
from pipeline.sources import comtrade_reports

PARTNERS_RE_EXPORTING = ("HKG", "NLD", "SGP", "ARE", "BEL")
TIMES = 2.0
LARGE = (60, 40)
DRAWS = 10
SEED = 20261129
X, M = "exporter_kusd", "importer_kusd"


def main() -> None:
    flows = reconciliation.by_flow(catalog.load_table("trade_reports"))
    summed = _summed()
    print("| year | figures | largest exporter | shares, points | HHI, r | coverage |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for year in sorted(reconciliation.years_to_learn_from(flows), reverse=True):
        learnt_from = reconciliation.nearest_other_year(flows, year)
        known, rows = flows[flows["year"] == learnt_from], flows[flows["year"] == year]
        weights = reconciliation.learn(known)
        for name, made in _rivals(rows, summed[summed["year"] == year], weights):
            print(f"| {year} | {name} | {_score(made)} | |")
        for name, reporters in _partial(rows):
            covered = reconciliation.coverage(known, reporters).mean()
            said = "" if covered >= LEAST_COVERAGE else ", refused"
            print(f"| {year} | {name} | {_score(_learnt(_by(rows, reporters), weights))} | {covered:.3f}{said} |")
        print(_ranges(rows, weights, year, learnt_from))


def _rivals(rows: pd.DataFrame, summed: pd.DataFrame, weights: reconciliation.Weights) -> Iterator[tuple[str, pd.DataFrame]]:
    made = _learnt(rows, weights)
    yield f"ours, learnt from {weights.year}", made
    hub = made["exporter"].isin(PARTNERS_RE_EXPORTING) & (made[X] > TIMES * made[M])
    importers = made["value_kusd"].where(~hub, made[M])
    yield "ours, the importer's figure where a re-exporter's is over twice it", made.assign(value_kusd=importers)
    yield "weights from the year's own mirrors", rows.assign(value_kusd=_own_mirrors(rows))
    yield "mean of the two reports", rows.assign(value_kusd=rows[[X, M]].mean(axis=1))
    yield "importer first", rows.assign(value_kusd=rows[M].fillna(rows[X]))
    yield "exporter first", rows.assign(value_kusd=rows[X].fillna(rows[M]))
    yield "ours on the sum of repeated rows", _learnt(summed, weights)
    yield "mean of logs on the sum of repeated rows", summed.assign(value_kusd=np.exp(np.log(summed[[X, M]]).mean(axis=1)))


def _learnt(rows: pd.DataFrame, weights: reconciliation.Weights) -> pd.DataFrame:
    return reconciliation.reconciled(rows, weights)


def _own_mirrors(rows: pd.DataFrame) -> "pd.Series[float]":
    """Without any BACI: each side trusted by how far it differs from its mirrors, |log x - log m| = s(exporter) + s(importer)."""
    both = rows.dropna(subset=[X, M])
    gap = pd.Series(np.log(both[X] / both[M]), index=both.index).abs().clip(upper=3.0)
    counts = both[[X, M]].max(axis=1) ** 0.25
    error = {side: pd.Series(gap.mean() / 2, index=sorted(both[side].unique())) for side in ("exporter", "importer")}
    for _ in range(100):
        expected = both["exporter"].map(error["exporter"]) + both["importer"].map(error["importer"])
        for side, found in error.items():
            more = (counts * gap / expected).groupby(both[side]).sum() / counts.groupby(both[side]).sum()
            error[side] = (found * more).clip(lower=1e-6)
    s, t = (rows[side].map(found).fillna(found.median()) for side, found in error.items())
    weight = t / (s + t)
    return (weight * rows[X] + (1 - weight) * rows[M]).fillna(rows[X]).fillna(rows[M])


def _partial(rows: pd.DataFrame) -> Iterator[tuple[str, set[str]]]:
    everyone = reconciliation.reporters(rows)
    size = rows.groupby("exporter")[X].sum().add(rows.groupby("importer")[M].sum(), fill_value=0.0).sort_values(ascending=False)
    yield "all reporters", everyone
    for number in LARGE:
        yield f"the {number} largest reporters", set(size.index[:number])
    yield "without China", everyone - {"CHN"}
    yield "without the United States", everyone - {"USA"}
    drawing = np.random.default_rng(SEED)
    for draw in range(DRAWS):
        kept = drawing.permutation(sorted(everyone))[len(everyone) // 4 :]
        yield f"without a random quarter, draw {draw + 1}", set(kept)


def _by(rows: pd.DataFrame, reporters: set[str]) -> pd.DataFrame:
    return rows.assign(**{X: rows[X].where(rows["exporter"].isin(reporters)), M: rows[M].where(rows["importer"].isin(reporters))})


def _score(made: pd.DataFrame) -> str:
    known = reconciliation.shares(made)
    largest = known[reconciliation.among_largest(known)]
    off = (largest["share"] - largest["baci_share"]).abs().groupby(largest["hs6"]).mean().mean()
    first = [known.loc[known.groupby("hs6")[share].idxmax(), "exporter"].tolist() for share in ("share", "baci_share")]
    hhi = [(known[share] ** 2).groupby(known["hs6"]).sum() for share in ("share", "baci_share")]
    same = sum(a == b for a, b in zip(*first, strict=True))
    return f"{same}/{len(hhi[0])} | {100 * off:.2f} | {hhi[0].corr(hhi[1]):.3f}"


def _ranges(rows: pd.DataFrame, weights: reconciliation.Weights, year: int, learnt_from: int) -> str:
    made = _learnt(rows, weights)
    known = reconciliation.shares(made)
    around = weights.share * known["reach"]
    inside = (known["share"] - known["baci_share"]).abs() <= around + 1e-12
    large = reconciliation.among_largest(known)
    seen = made[reconciliation.reported(made)]
    answer = seen["reconciled_kusd"].fillna(0.0)
    # BACI rounds to a dollar.
    right = answer.between(seen["value_kusd_low"] - 0.001, seen["value_kusd_high"] + 0.001)
    return (
        f"\n{year} from {learnt_from}: {inside[large].mean():.1%} of {large.sum()} shares of the larger exporters within their "
        f"range (half-width {100 * around[large].mean():.2f} points in the mean, {100 * around[large].median():.2f} in the "
        f"median), "
        f"{inside.mean():.1%} of all {len(inside):,}; {right.mean():.1%} of {len(right):,} flows, "
        f"{(right * answer).sum() / answer.sum():.1%} of their value\n"
    )


def _summed() -> pd.DataFrame:
    """The flows with repeated rows added up, totals and breakdowns, as if they were different trades."""
    codes = catalog.load_table("country_codes")
    files = SourceFiles("un_comtrade_reports")
    reports = [comtrade_reports.reported(file, codes, "sum") for file in files.paths()]
    answers = catalog.load_table("trade_reports", reported_by=SIDES[2])
    return reconciliation.by_flow(pd.concat([*reports, answers], ignore_index=True))


if __name__ == "__main__":
    main()
