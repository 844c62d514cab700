"""Which input rows a derived row is made of, for `reo explain`. A measure whose key does not say it has a rule of its own.

`lineage` finds rules in the `LINEAGE` of the measure's module: {(table, input): rule}. Without one, a row is made of the input
rows that have its key's values in the columns both tables share. A rule selects rows with the function its measure selects
them with (`selected`), so that the two cannot differ.
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
    if not values:
        return "the rows that count, the same for every row"
    return "rows of " + ", ".join(f"{name} {value}" for name, value in values.items())


def rows_where(input_name: str, *, fixed: Key | None = None, **columns: str) -> Rule:
    """A rule: rows of the input whose columns equal the named columns of the row, and the fixed values.

    rows_where("stage_concentration", fixed={"stage": "mining"}, source_id="production_source_id")
    """

    def rule(row: Key, tables: Tables) -> InputRows:
        values = {**{name: row[of] for name, of in columns.items()}, **(fixed or {})}
        return in_words(values), where_equal(tables.scan_table(input_name), values).to_pandas()

    return rule


Select = Callable[[pd.DataFrame], pd.DataFrame]


def selected(
    input_name: str, select: Select, same: Sequence[str], *, only: Key | None = None, largest: str | None = None, **columns: Any
) -> Rule:
    """A rule: the rows of the input that the measure's own `select` takes, where their columns have the row's values.

    `select` may add and change columns but keeps the index, by which the input's rows are found again. `same` names columns
    that both have, `columns` the row's column for a column of the selection, or, in a tuple, fixed values for it. Rows that
    differ from `only` have no such input. `largest` orders by this column, the largest first, then by country.

    selected("quotas", preferred, ["year", "stage"])
    """

    def rule(row: Key, tables: Tables) -> InputRows:
        if only and any(row[name] != value for name, value in only.items()):
            return "none: read for " + ", ".join(f"{name} {value}" for name, value in only.items()) + " alone", pd.DataFrame()
        rows = tables.load_table(input_name)
        taken = select(rows)
        values = {name: row[name] for name in same}
        values |= {name: of[0] if isinstance(of, tuple) else row[of] for name, of in columns.items()}
        found = rows.loc[equal(taken, values).index]
        if largest:
            found = found.sort_values([largest, "country"], ascending=[False, True])
        return in_words(values) + (", the largest first" if largest else ""), found

    return rule


def equal(rows: pd.DataFrame, values: Key) -> pd.DataFrame:
    """The rows of a frame that have these values."""
    for name, value in values.items():
        rows = rows[rows[name].eq(value).fillna(False).astype("bool")]
    return rows


def importers_of(importer: str, tables: Tables) -> list[str]:
    """The countries an importer stands for: EUU for its members."""
    return trade.union_members(tables.load_table("countries")) if importer == "EUU" else [importer]


def flows_of(row: Key, tables: Tables) -> ir.Table:
    """Trade flows of the row's year and code."""
    return where_equal(tables.scan_table("trade_flows"), {"year": row["year"], "hs6": row["hs6"]})


def outliers_of(row: Key, tables: Tables, importers: Sequence[str] | None = None) -> pd.DataFrame:
    """Flows excluded as outliers, of the row's year and code, of these importers where named."""
    outliers = tables.load_table("flow_outliers")
    wanted: pd.Series[bool] = (outliers["year"] == row["year"]) & (outliers["hs6"] == row["hs6"])
    if importers is not None:
        wanted &= outliers["importer"].isin(list(importers))
    return outliers[wanted]


def by_exporter(flows: ir.Table, outliers: pd.DataFrame, basis: str) -> pd.DataFrame:
    """Flows summed by exporter, the largest first, with their share in the row's basis (HHI is the sum of its squares)."""
    sums = trade.whole_years(flows).group_by("exporter")
    summed = sums.agg(
        usd=_.usd.sum().cast(EXACT), weighed_usd=_.usd.sum(where=_.kg.notnull()).cast(EXACT), kg=_.kg.sum().cast(EXACT),
        flows=_.count(),
    ).cast({"usd": "float64", "weighed_usd": "float64", "kg": "float64"}).to_pandas()  # fmt: skip
    excluded = outliers.groupby("exporter")[["value_kusd", "quantity_t"]].sum().reindex(summed["exporter"]).fillna(0.0)
    table = pd.DataFrame(
        {
            "exporter": summed["exporter"],
            "value_kusd": summed["usd"] / 1000,
            "value_with_quantity_kusd": summed["weighed_usd"] / 1000,
            "quantity_t": summed["kg"] / 1000,
            "excluded_value_kusd": excluded["value_kusd"].to_numpy(),
            "excluded_t": excluded["quantity_t"].to_numpy(),
            "flows": summed["flows"],
            # trade.whole_years lets no year of a code come from two sources.
            "source_id": flows.filter(_.coverage == "whole").source_id.min().to_pyarrow().as_py(),
        }
    )
    amounts = {
        "value": table["value_kusd"],
        "quantity": table["quantity_t"].fillna(0.0),
        "quantity_clean": table["quantity_t"].fillna(0.0) - table["excluded_t"],
    }
    table["share"] = amounts[basis] / amounts[basis].sum()
    return table.sort_values(["share", "exporter"], ascending=[False, True]).reset_index(drop=True)
