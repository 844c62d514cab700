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
from pipeline.measures.helpers.shares import by_basis


def import_dependence(trade_flows: ir.Table, flow_outliers: pd.DataFrame, countries: pd.DataFrame) -> ir.Table:
    """HHI and shares of suppliers by year, importer, code and basis (columns of ImportDependence).

    EUU is the 27 members of the European Union as one importer: their imports from outside the 27, in all years. Members
    have rows of their own, trade among them included. Raises NotWhole (see trade.whole_years).
    """
    members = trade.union_members(countries)

    def importers(flows: ir.Table) -> ir.Table:
        union = flows.filter(flows.importer.isin(members), flows.exporter.notin(members)).mutate(importer=ibis.literal("EUU"))
        return ibis.union(flows, union)

    outliers = flow_outliers[["year", "exporter", "importer", "hs6", "value_kusd", "quantity_t"]]
    of_union = outliers[outliers["importer"].isin(members) & ~outliers["exporter"].isin(members)].assign(importer="EUU")
    table = by_basis(
        importers(trade.whole_years(trade_flows)), pd.concat([outliers, of_union]), ["year", "importer", "hs6"], "exporter"
    )
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
