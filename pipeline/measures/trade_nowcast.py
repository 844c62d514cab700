"""Trade ahead of BACI: both sides' reports of a year made into one figure by what another year's BACI teaches."""

import pandas as pd

from pipeline.errors import ReoError
from pipeline.measures.helpers import reconciliation
from pipeline.schemas import table as t
from pipeline.schemas.trade_nowcast import TradeNowcast

# Mean over the goods; below it, errors of shares double (docs/methods/trade_nowcast.md).
LEAST_COVERAGE = 0.85
VALUES = ("value_kusd", "value_kusd_low", "value_kusd_high")
# Of thousands, as BACI gives them.
TO_THE_DOLLAR = 3


class TooFewReports(ReoError):
    """A year that too few countries have reported yet."""


def trade_nowcast(trade_reports: pd.DataFrame) -> pd.DataFrame:
    """One row a flow that either side reports, thousand USD (columns of TradeNowcast), each year learnt from the nearest other.

    Raises TooFewReports for a year whose coverage is below LEAST_COVERAGE, NothingToLearnFrom where there is no other year.
    """
    flows = reconciliation.by_flow(trade_reports)
    years = sorted(flows["year"][reconciliation.reported(flows)].unique())
    if not years:
        return t.frame(TradeNowcast, [])
    rows = pd.concat([of_year(flows, int(year)) for year in years], ignore_index=True)
    sides = rows[["exporter_kusd", "importer_kusd"]].notna()
    reported_by = sides["exporter_kusd"].map({True: "exporter", False: "importer"}).where(~sides.all(axis=1), "both")
    source = trade_reports.loc[trade_reports["reported_by"] != "reconciled", "source_id"]
    values = rows[list(VALUES)].round(TO_THE_DOLLAR)
    return t.frame(TradeNowcast, rows.assign(**values, reported_by=reported_by, source_id=source.iloc[0]))


def of_year(flows: pd.DataFrame, year: int) -> pd.DataFrame:
    """The year's flows that either side reports, with their figures, learnt_from and coverage.

    `flows` as reconciliation.by_flow gives them. Raises as trade_nowcast does.
    """
    learnt_from = reconciliation.nearest_other_year(flows, year)
    known, rows = (flows[flows["year"] == y] for y in (learnt_from, year))
    rows = rows[reconciliation.reported(rows)]
    coverage = reconciliation.coverage(known, reconciliation.reporters(rows))
    if coverage.mean() < LEAST_COVERAGE:
        raise TooFewReports(
            f"{year}: the countries that report are {coverage.mean():.0%} of the sides of {learnt_from}'s trade; "
            f"{LEAST_COVERAGE:.0%} are needed",
            "wait until more countries have reported, or leave the year out of trade_reports",
        )
    made = reconciliation.reconciled(rows, reconciliation.learn(known))
    return made.assign(learnt_from=learnt_from, coverage=made["hs6"].map(coverage).fillna(0.0))
