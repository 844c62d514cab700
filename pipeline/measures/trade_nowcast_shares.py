"""Exporters' shares ahead of BACI, with the range that another year's errors give."""

import pandas as pd

from pipeline.measures.helpers import reconciliation
from pipeline.schemas import table as t
from pipeline.schemas.trade_nowcast_shares import TradeNowcastShares


def trade_nowcast_shares(trade_nowcast: pd.DataFrame, trade_reports: pd.DataFrame) -> pd.DataFrame:
    """One row a year, good and exporter that reports or BACI know (columns of TradeNowcastShares).

    Half the range is `reach` (reconciliation.shares) times what of it the shares of the year learnt from were off.
    """
    flows = reconciliation.by_flow(trade_reports)
    learnt = trade_nowcast.drop_duplicates(["year", "hs6"])[["year", "hs6", "learnt_from", "coverage", "source_id"]]
    parts = [pd.DataFrame({"year": [], "hs6": []}).astype({"year": "int64", "hs6": "str"})]
    for (year, learnt_from), made in trade_nowcast.groupby(["year", "learnt_from"]):
        values = made[[*reconciliation.FLOW, "value_kusd"]]
        rows = reconciliation.shares(flows[flows["year"] == year].merge(values, "left", reconciliation.FLOW))
        around = reconciliation.learn(flows[flows["year"] == learnt_from]).share * rows["reach"]
        low, high = (rows["share"] - around).clip(lower=0.0), (rows["share"] + around).clip(upper=1.0)
        parts.append(rows.assign(year=int(str(year)), share_low=low, share_high=high))
    rows = pd.concat(parts, ignore_index=True).merge(learnt, on=["year", "hs6"])
    return t.frame(TradeNowcastShares, rows)
