"""Times export_concentration beside plain DuckDB queries on the same rows, in one process with the same threads.

    python benchmarks/concentration.py [rows ...]

The rows are synthetic (large_table.py) and say nothing about trade; ours runs by year as in a build. large.py times it beside
the second of the queries alone, in processes of their own, for the peak of memory.

Beside it stand
- hhi: the shortest query that gives HHI, the largest share and China's share by value, in floating point;
- same: one query for all that export_concentration gives (three bases, counts, top three), without its exactness: sums
  of floats, top country by arg_max (large_plain.sql).

The queries alternate; a round's ratio is ours over the plain query's of that round, and the median over rounds is reported.
"""

import sys
import tempfile
from pathlib import Path

import large
import large_table
from timing import Compared, Seconds, compared, seconds, show

from pipeline import catalog, engine
from pipeline.measures.export_concentration import export_concentration
from pipeline.measures.helpers.by_year import by_year
from pipeline.schemas import table as t

ROUNDS = 7
# As many rows as the extract and twenty times as many.
SIZES = (1_300_000, 25_000_000)
HHI = """
with e as (
    select year, hs6, exporter, sum(value_kusd) v from flows where coverage = 'whole' group by all
), s as (select *, v / sum(v) over (partition by year, hs6) s from e)
select year, hs6, sum(s * s) hhi, 1 / sum(s * s), max(s), coalesce(max(s) filter (exporter = 'CHN'), 0), count(*)
from s group by all
"""


def compare(rows: int) -> tuple[int, dict[str, list[Seconds]]]:
    """The number of flows, and what each round took: ours, hhi, same."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "flows"
        large_table.write(folder, rows)
        backend = engine.scan(folder / large_table.FILES).get_backend()
        flows = backend.read_parquet(folder / large_table.FILES, table_name="flows")
        outliers = flows.filter(flows.quantity_t > 20_000).limit(3000).to_pyarrow().to_pandas()
        outliers = outliers[[c for c in t.columns(catalog.table("flow_outliers")) if c in outliers]]
        backend.con.register("flow_outliers", outliers)
        no_feed = t.empty(catalog.table("feed_flows"))
        (same,) = large.plain("export_concentration")
        tasks = {
            "ours": lambda: by_year(export_concentration, flows, flow_outliers=outliers, feed_flows=no_feed),
            "hhi": lambda: backend.con.sql(HHI).to_arrow_table(),
            "same": lambda: backend.con.sql(same).to_arrow_table(),
        }
        for run in tasks.values():
            run()
        rounds = [{name: seconds(run) for name, run in tasks.items()} for _ in range(ROUNDS)]
        return large_table.rows_of(folder), {name: [r[name] for r in rounds] for name in tasks}


def rows(*sizes: int) -> list[Compared]:
    found = []
    for size in sizes or SIZES:
        flows, took = compare(size)
        for name, words in (("hhi", "the shortest DuckDB query for HHI"), ("same", "one DuckDB query for all of it")):
            found.append(compared(f"export_concentration, {flows:,} synthetic flows", took["ours"], words, took[name]))
    return found


if __name__ == "__main__":
    show(rows(*map(int, sys.argv[1:])))
