"""How concentrated exports of each code are among exporters."""

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from pipeline.measures.helpers import trade
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables, by_exporter, flows_of, in_words, outliers_of
from pipeline.measures.helpers.shares import shares
from pipeline.measures.helpers.trade import EXACT
from pipeline.schemas.vocabularies import EXPORT_BASES, WITHOUT_FEED


def export_concentration(trade_flows: ir.Table, flow_outliers: pd.DataFrame, feed_flows: pd.DataFrame) -> ir.Table:
    """HHI and shares of exporters by year, code and basis (columns of ExportConcentration).

    total is thousand dollars for values, tonnes otherwise. Codes in feed_flows also have bases without these flows: goods sent
    to be separated are no supply of separated goods. Raises NotWhole (see trade.whole_years).
    """
    flows = trade.whole_years(trade_flows)
    codes = feed_flows["hs6"].unique().tolist()
    of_codes = flow_outliers[flow_outliers["hs6"].isin(codes)]
    supply = _by_basis(
        trade.without_feed(flows.filter(_.hs6.isin(codes)), feed_flows), trade.listed_without_feed(of_codes, feed_flows)
    ).mutate(basis=_.basis + WITHOUT_FEED)
    table = _by_basis(flows, flow_outliers).union(supply.filter(_.basis.isin(EXPORT_BASES)))
    return table.select(
        "year", "hs6", "basis", "hhi", "effective_suppliers", "cr1", "top_country", "china_share",
        cr3=_.first_share,
        exporters=_.members,
        total=_.total,
        quantity_coverage=_.quantity_coverage,
        coverage=ibis.literal("whole"),
    )  # fmt: skip


def _by_basis(flows: ir.Table, flow_outliers: pd.DataFrame) -> ir.Table:
    """One row a year, code and basis with the aggregates of `shares` and quantity_coverage.

    The outliers are taken off each exporter's exact sums, which gives the same as leaving their flows out.
    """
    group = ["year", "hs6"]
    keys = [*group, "exporter"]
    sums = flows.group_by(keys).agg(
        usd=_.usd.sum().cast(EXACT),
        kg=_.kg.sum().cast(EXACT),
        usd_with_kg=_.usd.sum(where=_.kg.notnull()).cast(EXACT),
    )
    sums = sums.left_join(trade.outlying(flow_outliers, keys), keys)
    amounts = sums.mutate(value=sums.usd, quantity=sums.kg, quantity_clean=sums.kg - sums.outlying_kg.fill_null(0))
    covered = amounts.usd_with_kg.sum().fill_null(0).cast("float64") / amounts.usd.sum().cast("float64")
    return shares(amounts, group, "exporter", ["value", "quantity", "quantity_clean"], {"quantity_coverage": covered}, first=3)


def _exporters(row: Key, tables: Tables) -> InputRows:
    words = in_words({"year": row["year"], "hs6": row["hs6"]}) + ", summed by exporter, the largest first"
    flows, outliers, basis = flows_of(row, tables), outliers_of(row, tables), row["basis"]
    if basis.endswith(WITHOUT_FEED):
        feed = tables.load_table("feed_flows")
        flows, outliers = trade.without_feed(flows, feed), trade.listed_without_feed(outliers, feed)
        words, basis = f"{words}, without feed_flows", basis.removesuffix(WITHOUT_FEED)
    return words, by_exporter(flows, outliers, basis)


def _feed(row: Key, tables: Tables) -> InputRows:
    if not row["basis"].endswith(WITHOUT_FEED):
        return "none: feed is included", pd.DataFrame()
    feed = tables.load_table("feed_flows")
    return f"flows of {row['hs6']} that are feed in the years named", feed[feed["hs6"] == row["hs6"]]


LINEAGE: dict[tuple[str, str], Rule] = {
    ("export_concentration", "trade_flows"): _exporters,
    ("export_concentration", "feed_flows"): _feed,
}
