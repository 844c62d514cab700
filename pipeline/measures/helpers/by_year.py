"""Measures over trade whose every row is of one year: on a large table they run on some years at a time, in bounded memory."""

import itertools
from collections.abc import Callable, Iterator

import ibis.expr.types as ir
import pandas as pd
import pyarrow
from ibis import _

# Rows of trade at a time, unless one year has more: a year of the whole BACI has about twice as many.
MOST_ROWS = 5_000_000


def by_year(
    measure: Callable[..., ir.Table], trade_flows: ir.Table, *, most: int = MOST_ROWS, **others: pd.DataFrame
) -> pyarrow.Table:
    """What `measure(trade_flows, **others)` gives, computed on groups of years of at most `most` rows, or on single years.

    Of the other inputs those with a column `year` are cut to the same years. Raises what the measure raises.
    """
    backend = trade_flows.get_backend()
    # A cluster bounds its memory itself. The count of all rows is in the footers of the files.
    if backend.name != "duckdb" or trade_flows.count().to_pyarrow().as_py() <= most:
        return measure(trade_flows, **others).to_pyarrow()
    parts = []
    # The footers are read once, not for every query of every group.
    backend.raw_sql("set parquet_metadata_cache = true")
    try:
        for first, last in _together(trade_flows, most):
            cut = {name: o[o["year"].between(first, last)] if "year" in o else o for name, o in others.items()}
            parts.append(measure(trade_flows.filter(_.year.between(first, last)), **cut).to_pyarrow())
    finally:
        backend.raw_sql("reset parquet_metadata_cache")
    return pyarrow.concat_tables(parts)


def _together(trade_flows: ir.Table, most: int) -> Iterator[tuple[int, int]]:
    """The first and last year of each group of consecutive years."""
    counts = trade_flows.group_by("year").agg(rows=_.count()).order_by("year").to_pyarrow().to_pylist()
    first, rows = counts[0]["year"], 0
    for before, this in itertools.pairwise(counts):
        rows += before["rows"]
        if rows + this["rows"] > most:
            yield first, before["year"]
            first, rows = this["year"], 0
    yield first, counts[-1]["year"]
