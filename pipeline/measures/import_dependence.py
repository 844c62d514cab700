"""How concentrated imports of each code are among suppliers."""

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from pipeline.measures.helpers import trade
from pipeline.measures.helpers.input_rows import (
    InputRows,
    Key,
    Rule,
    Tables,
    by_exporter,
    flows_of,
    importers_of,
    in_words,
    outliers_of,
)
from pipeline.measures.helpers.shares import shares
from pipeline.measures.helpers.trade import EXACT

KEYS = ["year", "importer", "hs6", "exporter"]


def import_dependence(
    trade_flows: ir.Table, flow_outliers: pd.DataFrame, countries: pd.DataFrame, products: pd.DataFrame
) -> ir.Table:
    """HHI and shares of suppliers by year, importer, code of `products` and basis (columns of ImportDependence).

    EUU is the 27 members of the European Union as one importer: their imports from outside the 27, in all years. Members
    have rows of their own, trade among them included. Raises NotWhole (see trade.whole_years).
    """
    members = trade.union_members(countries)
    of_products = trade_flows.filter(trade_flows.hs6.isin(products["hs6"].unique().tolist()))
    flows = trade.with_clean_kg(trade.whole_years(of_products), flow_outliers)
    # A country's supply from another is one flow: only the Union's is a sum.
    single = flows.select(*KEYS, value=_.usd.cast(EXACT), quantity=_.kg.cast(EXACT), quantity_clean=_.clean_kg.cast(EXACT))
    outside = flows.filter(_.importer.isin(members), _.exporter.notin(members)).mutate(importer=ibis.literal("EUU"))
    union = outside.group_by(KEYS).agg(
        value=_.usd.sum().cast(EXACT), quantity=_.kg.sum().cast(EXACT), quantity_clean=_.clean_kg.sum().cast(EXACT)
    )
    table = shares(ibis.union(single, union), KEYS[:-1], "exporter", ["value", "quantity", "quantity_clean"], {})
    return table.select(
        "year", "importer", "hs6", "basis", "hhi", "effective_suppliers",
        top_supplier=_.top_country,
        top_share=_.cr1,
        china_share=_.china_share,
        suppliers=_.members,
        total=_.total,
        above_65=_.above_65,
    )  # fmt: skip


def _importers(row: Key, tables: Tables) -> tuple[list[str], list[str]]:
    """The countries an importer stands for, and the exporters its imports from do not count."""
    importers = importers_of(row["importer"], tables)
    return importers, importers if row["importer"] == "EUU" else []


def _suppliers(row: Key, tables: Tables) -> InputRows:
    importers, within = _importers(row, tables)
    flows = flows_of(row, tables).filter(_.importer.isin(importers))
    if within:
        flows = flows.filter(_.exporter.notin(within))
    words = in_words({name: row[name] for name in ("year", "importer", "hs6")}) + ", summed by exporter, the largest first"
    outliers = outliers_of(row, tables, importers)
    return words, by_exporter(flows, outliers[~outliers["exporter"].isin(within)], row["basis"])


def _suppliers_outliers(row: Key, tables: Tables) -> InputRows:
    importers, within = _importers(row, tables)
    outliers = outliers_of(row, tables, importers)
    return in_words({name: row[name] for name in ("year", "importer", "hs6")}), outliers[~outliers["exporter"].isin(within)]


LINEAGE: dict[tuple[str, str], Rule] = {
    ("import_dependence", "trade_flows"): _suppliers,
    ("import_dependence", "flow_outliers"): _suppliers_outliers,
}
