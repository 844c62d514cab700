"""Which input rows a derived row is made of, for `reo explain`. A measure whose key does not say it has a rule beside it.

`lineage` finds rules in the `BEHIND` of the measure's module: {(table, input): rule}. Without one, the input rows that have the
key's values in the columns both tables share are behind a row.
"""

from collections.abc import Callable
from typing import Any, Protocol

import ibis.expr.types as ir
import pandas as pd

Key = dict[str, Any]
# The choice in words, and the rows.
Chosen = tuple[str, pd.DataFrame]


class Tables(Protocol):
    """The finished tables, as `pipeline.catalog` gives them."""

    def load_table(self, table_name: str) -> pd.DataFrame: ...

    def scan_table(self, table_name: str) -> ir.Table: ...


Rule = Callable[[Key, Tables], Chosen]


def where_equal(rows: ir.Table, values: Key) -> ir.Table:
    """The rows that have these values."""
    return rows.filter([rows[name] == value for name, value in values.items()])


def in_words(values: Key) -> str:
    return "rows of " + ", ".join(f"{name} {value}" for name, value in values.items())


def rows_where(input_name: str, *, fixed: Key | None = None, **columns: str) -> Rule:
    """A rule: rows of the input whose columns equal the named columns of the row, and the fixed values.

    rows_where("stage_concentration", fixed={"stage": "mining"}, source_id="production_source_id")
    """

    def rule(row: Key, tables: Tables) -> Chosen:
        values = {**{name: row[of] for name, of in columns.items()}, **(fixed or {})}
        return in_words(values), where_equal(tables.scan_table(input_name), values).to_pandas()

    return rule
