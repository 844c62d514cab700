"""Measures over trade whose every row is of one year: on a large table they run on some years at a time, in bounded memory."""

import itertools
from collections.abc import Callable, Iterator

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pandas as pd
import pyarrow
from ibis import _

# Rows of trade at a time, unless one year has more: as many as a late year of the whole BACI has.
MOST_ROWS = 10_000_000


@ibis.udf.scalar.builtin(name="getvariable")  # type: ignore[untyped-decorator]
def _variable(of_connection: str) -> int:  # type: ignore[empty-body]
    """A variable of DuckDB's connection, a constant to each query: footers tell which files hold the years."""


def by_year(
    measure: Callable[..., ir.Table], trade_flows: ir.Table, *, most: int = MOST_ROWS, **others: pd.DataFrame
) -> pyarrow.Table:
    """What `measure(trade_flows, **others)` gives, computed on groups of years of at most `most` rows, or on single years.

    The query is built and compiled once: every table it reads that has a column `year` is cut to the years of two variables,
    which are set for each group. Raises what the measure raises.
    """
    backend = trade_flows.get_backend()
    whole = measure(trade_flows, **others)
    # A cluster bounds its memory itself. The count of all rows is in the footers of the files.
    if backend.name != "duckdb" or trade_flows.count().to_pyarrow().as_py() <= most:
        return whole.to_pyarrow()
    of_years = _.year.between(_variable("first_year"), _variable("last_year"))
    tables = [table for table in whole.op().find(ops.PhysicalTable) if "year" in table.schema]
    cut = whole.op().replace({table: table.to_expr().filter(of_years).op() for table in tables}).to_expr()
    view = backend.create_view("some_years", cut, overwrite=True)
    # The footers are read once, not for every query of every group.
    backend.raw_sql("set parquet_metadata_cache = true")
    parts = []
    try:
        for years in _together(trade_flows, most):
            for variable, year in zip(("first_year", "last_year"), years, strict=True):
                backend.raw_sql(f"set variable {variable} = {year}")
            # As the expression itself would be: DuckDB's sums of whole numbers are wider than their declared type.
            parts.append(view.to_pyarrow().cast(whole.schema().to_pyarrow()))
    finally:
        backend.raw_sql("drop view some_years")
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
