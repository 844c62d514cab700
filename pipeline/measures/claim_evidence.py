"""Evidence on each claim: its queries run, and their answers compared with thresholds fixed in advance."""

import inspect
import math
import re
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir
import pandas as pd
import pyarrow

from pipeline.errors import ReoError
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables, in_words, where_equal
from pipeline.schemas import table as t
from pipeline.schemas.claim_evidence import ClaimEvidence

if TYPE_CHECKING:
    import duckdb

ANSWER = ["value", "low", "high", "note"]
# A query makes its rows in this view, then its answer from them.
ROWS = "figures"


class BrokenEvidence(ReoError):
    """A query of a claim that fails or does not return a single figure."""


def claim_evidence(
    claim_tests: pd.DataFrame,
    control_lists: ir.Table,
    controlled_elements: ir.Table,
    diversification: ir.Table,
    documents: ir.Table,
    export_concentration: ir.Table,
    export_volumes: ir.Table,
    feed_imports: ir.Table,
    indirect_dependence: ir.Table,
    overseas_presence: ir.Table,
    patents: ir.Table,
    policy_codes: ir.Table,
    policy_counts: ir.Table,
    policy_events: ir.Table,
    policy_in_force: ir.Table,
    policy_sources: ir.Table,
    policy_stance: ir.Table,
    production: ir.Table,
    production_reconciled: ir.Table,
    products: ir.Table,
    quality_shift: ir.Table,
    quota_use: ir.Table,
    quotas: ir.Table,
    rare_earth_magnets: ir.Table,
    reserves: ir.Table,
    stage_concentration: ir.Table,
    stage_shares: ir.Table,
    trade_by_month: ir.Table,
    trade_flows: ir.Table,
    trade_monthly: ir.Table,
    unit_values: ir.Table,
    us_statistics: ir.Table,
) -> pd.DataFrame:
    """The answer of every part of every claim (columns of ClaimEvidence).

    A query can read the tables that are parameters here, and nothing else. Raises BrokenEvidence for one that fails, returns
    columns other than value, low, high and note, other than one row, or a value that is not a number.
    """
    tables = {name: table for name, table in locals().items() if name != "claim_tests"}
    return answers(claim_tests, tables)


def answers(claim_tests: pd.DataFrame, tables: Mapping[str, ir.Table]) -> pd.DataFrame:
    """The answers, over any tables by name."""
    engine = _Engine(tables)
    rows = [_answer(test, engine) for test in claim_tests.to_dict("records")]
    answered = pd.DataFrame(rows, columns=ANSWER, index=claim_tests.index)
    table = t.frame(ClaimEvidence, claim_tests.assign(**{name: answered[name] for name in ANSWER}))
    return table.assign(verdict=pd.Series(map(verdict_of_part, table.to_dict("records")), index=table.index, dtype="str"))


class _Engine:
    """Tables by name, each loaded when a query first names it, and a DuckDB for each query, which reads no files."""

    def __init__(self, tables: Mapping[str, ir.Table]):
        self.tables = tables
        self.loaded: dict[str, pyarrow.Table] = {}

    @contextmanager
    def run(self, sql: str) -> Iterator["duckdb.DuckDBPyConnection"]:
        """The database after the query, its last result not yet fetched.

        It is empty before the query and closed after it, so that no macro, setting or view of one query lasts into another.
        """
        import duckdb

        # One thread, so that sums have one order.
        settings: dict[str, Any] = {"enable_external_access": False, "python_enable_replacements": False, "threads": 1}
        with duckdb.connect(config=settings) as connection:
            for name in named(sql, self.tables):
                if name not in self.loaded:
                    self.loaded[name] = self.tables[name].to_pyarrow()
                connection.register(name, self.loaded[name])
            connection.execute(sql)
            yield connection


def named(sql: str, tables: Mapping[str, Any]) -> list[str]:
    """The tables a query names, in their own order."""
    return [name for name in tables if re.search(rf"\b{name}\b", sql)]


def _answer(test: Mapping[Hashable, Any], engine: _Engine) -> list[Any]:
    import duckdb

    part = f"{test['claim_id']} {test['part']}"
    remedy = f"correct the query below `-- {part}` in claim_evidence.sql"
    try:
        with engine.run(test["sql"]) as result:
            columns = [name for name, *_ in result.description or []]
            rows = result.fetchall() if columns else []
    except duckdb.Error as error:
        reads = f"; it reads {', '.join(engine.tables)}, each by its name and columns in docs/data-dictionary.md"
        raise BrokenEvidence(f"claims: the query of {part} fails: {str(error).splitlines()[0]}", remedy + reads) from error
    if columns != ANSWER:
        raise BrokenEvidence(
            f"claims: the query of {part} gives {', '.join(columns) or 'nothing'}, not {', '.join(ANSWER)}", remedy
        )
    if len(rows) != 1:
        raise BrokenEvidence(f"claims: the query of {part} gives {len(rows)} rows, not one", remedy)
    *figures, note = rows[0]
    for name, figure in zip(ANSWER, figures, strict=False):
        number = isinstance(figure, int | float | Decimal) and not isinstance(figure, bool) and math.isfinite(figure)
        if figure is not None and not number:
            raise BrokenEvidence(f"claims: the query of {part} gives {figure!r} as {name}, which is not a number", remedy)
    # The last digits of sums and logs differ by processor.
    return [None if figure is None else float(f"{figure:.10g}") for figure in figures] + [note]


def verdict_of_part(part: Mapping[Hashable, Any]) -> str:
    """Verdict on one part: the figure and the least favourable end of its range must both be beyond a threshold."""
    value = part["value"]
    if pd.isna(value):
        return "cannot tell"
    sign = 1 if part["direction"] == "at_least" else -1
    ends = [sign * end for end in (value, part["low"], part["high"]) if not pd.isna(end)]
    if min(ends) >= sign * part["supported_from"]:
        return "supported"
    if max(ends) <= sign * part["contradicted_to"]:
        return "contradicted"
    return "mixed"


# Lineage

INPUTS = [name for name in inspect.signature(claim_evidence).parameters if name != "claim_tests"]


def _rows_of_query(input_name: str) -> Rule:
    def rule(row: Key, tables: Tables) -> InputRows:
        names = named(row["sql"], dict.fromkeys(INPUTS))
        if input_name not in names:
            return "none: the query does not name it", pd.DataFrame()
        engine = _Engine({name: tables.scan_table(name) for name in names})
        with engine.run(row["sql"]) as made:
            return f"the view `{ROWS}` that the query makes of {', '.join(names)}", made.execute(f"select * from {ROWS}").df()

    return rule


def rows_without_sql(input_name: str, *names: str) -> Rule:
    """The rows of the claim or part, but for the queries, which the row of claim_evidence shows."""

    def rule(row: Key, tables: Tables) -> InputRows:
        values = {name: row[name] for name in names}
        rows = where_equal(tables.scan_table(input_name), values).order_by("claim_id", "part")
        return in_words(values), rows.drop("sql").to_pandas()

    return rule


LINEAGE = {("claim_evidence", name): _rows_of_query(name) for name in INPUTS} | {
    ("claim_evidence", "claim_tests"): rows_without_sql("claim_tests", "claim_id", "part"),
}
