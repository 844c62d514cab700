"""Which input rows a derived row is made of, for `reo explain`. A measure whose key does not say it has a rule beside it.

`lineage` finds rules in the `LINEAGE` of the measure's module: {(table, input): rule}. Without one, the input rows that have the
key's values in the columns both tables share are behind a row.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import ibis.expr.types as ir
import pandas as pd
from ibis import _

from pipeline.measures.helpers import trade
from pipeline.measures.helpers.trade import EXACT

Key = dict[str, Any]
# The choice in words, and the rows.
InputRows = tuple[str, pd.DataFrame]


class Tables(Protocol):
    """The finished tables, as `pipeline.catalog` gives them."""

    def load_table(self, table_name: str) -> pd.DataFrame: ...

    def scan_table(self, table_name: str) -> ir.Table: ...


Rule = Callable[[Key, Tables], InputRows]


def where_equal(rows: ir.Table, values: Key) -> ir.Table:
    """The rows that have these values."""
    return rows.filter([rows[name] == value for name, value in values.items()])


def in_words(values: Key) -> str:
    return "rows of " + ", ".join(f"{name} {value}" for name, value in values.items())


def rows_where(input_name: str, *, fixed: Key | None = None, **columns: str) -> Rule:
    """A rule: rows of the input whose columns equal the named columns of the row, and the fixed values.

    rows_where("stage_concentration", fixed={"stage": "mining"}, source_id="production_source_id")
    """

    def rule(row: Key, tables: Tables) -> InputRows:
        values = {**{name: row[of] for name, of in columns.items()}, **(fixed or {})}
        return in_words(values), where_equal(tables.scan_table(input_name), values).to_pandas()

    return rule


def importers_of(importer: str, tables: Tables) -> list[str]:
    """The countries an importer stands for: EUU for its members."""
    return trade.union_members(tables.load_table("countries")) if importer == "EUU" else [importer]


def flows_of(row: Key, tables: Tables) -> ir.Table:
    """Trade flows of the row's year and code."""
    return where_equal(tables.scan_table("trade_flows"), {"year": row["year"], "hs6": row["hs6"]})


def outliers_of(row: Key, tables: Tables, importers: Sequence[str] | None = None) -> pd.DataFrame:
    """Flows set aside of the row's year and code, of these importers where named."""
    outliers = tables.load_table("flow_outliers")
    chosen: pd.Series[bool] = (outliers["year"] == row["year"]) & (outliers["hs6"] == row["hs6"])
    if importers is not None:
        chosen &= outliers["importer"].isin(list(importers))
    return outliers[chosen]


def by_exporter(flows: ir.Table, outliers: pd.DataFrame, basis: str) -> pd.DataFrame:
    """Flows summed by exporter, the largest first, with their share in the row's basis (HHI is the sum of its squares)."""
    by_exporter = trade.whole_years(flows).group_by("exporter")
    sums = by_exporter.agg(usd=_.usd.sum().cast(EXACT), kg=_.kg.sum().cast(EXACT), flows=_.count())
    summed = sums.cast({"usd": "float64", "kg": "float64"}).to_pandas()
    table = pd.DataFrame(
        {
            "exporter": summed["exporter"],
            "value_kusd": summed["usd"] / 1000,
            "quantity_t": summed["kg"] / 1000,
            "set_aside_t": summed["exporter"].map(outliers.groupby("exporter")["quantity_t"].sum()).fillna(0.0),
            "flows": summed["flows"],
            # trade.whole_years lets no year of a code come from two sources.
            "source_id": flows.filter(_.coverage == "whole").source_id.min().to_pyarrow().as_py(),
        }
    )
    amounts = {
        "value": table["value_kusd"],
        "quantity": table["quantity_t"].fillna(0.0),
        "quantity_clean": table["quantity_t"].fillna(0.0) - table["set_aside_t"],
    }
    table["share"] = amounts[basis] / amounts[basis].sum()
    return table.sort_values(["share", "exporter"], ascending=[False, True]).reset_index(drop=True)
