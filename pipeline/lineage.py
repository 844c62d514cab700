"""Lineage of a row: the sources of its table, and the rows of each input table that it is made from.

Input rows are found by the key's columns that both tables have. Where names differ, or the measure filters by more than
equality, the module of the table's function has a rule in its LINEAGE (pipeline/measures/helpers/input_rows.py).
"""

import sys

import pandas as pd

from pipeline import catalog, wiring
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, in_words, where_equal
from pipeline.schemas import table as t


def sources_of(table_name: str) -> set[str]:
    """The sources a table is made from, directly or through other tables."""
    found = set[str]()
    for name, kind in wiring.inputs(table_name).items():
        found |= {name} if kind == "source" else sources_of(name)
    return found


def input_rows(table_name: str, input_name: str, row: Key) -> InputRows:
    """The rows of an input table that a row is made from, and in words which they are."""
    measure = sys.modules[wiring.maker(table_name).__module__]
    rules: dict[tuple[str, str], Rule] = getattr(measure, "LINEAGE", {})
    if own := rules.get((table_name, input_name)):
        return own(row, catalog)
    return _shared(table_name, input_name, row)


def _shared(table_name: str, input_name: str, row: Key) -> InputRows:
    """Without a rule: the input rows that have the key's values in the columns they share with it."""
    shared = {name: row[name] for name in t.key(catalog.table(table_name)) if name in t.columns(catalog.table(input_name))}
    if not shared:
        return f"all {catalog.row_count(input_name):,} rows are read", pd.DataFrame()
    rows = where_equal(catalog.scan_table(input_name), shared).order_by(t.key(catalog.table(input_name))).to_pandas()
    return in_words(shared), rows
