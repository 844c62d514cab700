"""How concentrated exports of each code are among exporters."""

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from pipeline.measures.helpers import trade
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables, by_exporter, flows_of, in_words, outliers_of
from pipeline.measures.helpers.shares import by_basis


def export_concentration(trade_flows: ir.Table, flow_outliers: pd.DataFrame) -> ir.Table:
    """HHI and shares of exporters by year, code and basis (columns of ExportConcentration).

    total is thousand dollars for basis value, tonnes otherwise. Raises NotWhole (see trade.whole_years).
    """
    table = by_basis(trade.whole_years(trade_flows), flow_outliers, ["year", "hs6"], "exporter")
    return table.select(
        "year", "hs6", "basis", "hhi", "effective_suppliers", "cr1", "cr3", "top_country", "china_share",
        exporters=_.members,
        total=_.total,
        quantity_coverage=_.quantity_coverage,
        coverage=ibis.literal("whole"),
    )  # fmt: skip


def _exporters(row: Key, tables: Tables) -> InputRows:
    words = in_words({"year": row["year"], "hs6": row["hs6"]}) + ", summed by exporter, the largest first"
    return words, by_exporter(flows_of(row, tables), outliers_of(row, tables), row["basis"])


LINEAGE: dict[tuple[str, str], Rule] = {("export_concentration", "trade_flows"): _exporters}
