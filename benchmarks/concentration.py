"""Times export_concentration beside plain DuckDB queries on the same rows, in one process with the same threads.

    python benchmarks/concentration.py [rows ...]

The rows are synthetic and say nothing about trade. They have trade_flows' columns and the shape of the BACI extract: 30 years,
74 codes to 1.26 million flows, about 570 flows, 70 exporters and 110 importers to a year and code, 5 % without a quantity.

Beside it stand
- hhi: the shortest query that gives HHI, the largest share and China's share by value, in floating point;
- same: one query for all that export_concentration gives (three bases, counts, top three), without its exactness: sums
  of floats, top country by arg_max (large_plain.sql).

The queries alternate; a round's ratio is ours over the plain query's of that round, and the median over rounds is reported.
"""

import sys
import tempfile
from pathlib import Path

import duckdb
import ibis
import large
from timing import Compared, Seconds, compared, seconds, show

from pipeline import catalog
from pipeline.measures.export_concentration import export_concentration
from pipeline.schemas import table as t

ROUNDS = 7
FLOWS = 1_264_888
# Flows drawn twice are dropped: so many draws leave about the number asked for.
DRAWS = 1.2
HHI = """
with e as (
    select year, hs6, exporter, sum(value_kusd) v from flows where coverage = 'whole' group by all
), s as (select *, v / sum(v) over (partition by year, hs6) s from e)
select year, hs6, sum(s * s) hhi, 1 / sum(s * s), max(s), coalesce(max(s) filter (exporter = 'CHN'), 0), count(*)
from s group by all
"""


def synthetic(file: Path, rows: int) -> None:
    """Rows in trade_flows' columns; each code is traded by its own 71 exporters and 112 importers, few of them large."""
    copies = max(1, round(rows / FLOWS))
    connection = duckdb.connect()
    connection.execute("set threads = 1")
    connection.execute("select setseed(0.5)")
    connection.execute(
        f"""
        copy (
            with draw as (
                select i, 1995 + (random() * 30)::int % 30 y, (random() * 74)::int % 74 c,
                    floor(71 * power(random(), 2.5))::int x, floor(112 * power(random(), 2))::int m,
                    exp(12 * random() * random()) v, 0.1 + 50 * random() u, random() gap
                from range({round(rows * DRAWS)}) r(i)
            ), flows as (
                select distinct on (y, c, copy, x, m)
                    y, c, i % {copies} copy, (x + c * 3) % 217 x, (m + c * 7) % 217 m, v, u, gap
                from draw
            )
            select y::bigint as year,
                case when x = 0 then 'CHN' else 'X_' || x end exporter, case when m = 0 then 'CHN' else 'X_' || m end importer,
                lpad((c * 1000 + copy)::varchar, 6, '0') hs6, 'cepii_baci' source_id, round(v, 3) value_kusd,
                case when gap > 0.05 then greatest(round(v / u, 3), 0.001) end quantity_t, 'HS92' nomenclature, 'whole' coverage
            from flows order by year, exporter, importer, hs6
        ) to '{file}' (format parquet, compression zstd)
        """
    )


def compare(rows: int) -> dict[str, list[Seconds]]:
    """What each round took: ours, hhi, same."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "trade_flows.parquet"
        synthetic(file, rows)
        backend = ibis.duckdb.connect()
        flows = backend.read_parquet(file, table_name="flows")
        outliers = flows.filter(flows.quantity_t > 20_000).limit(3000).to_pyarrow().to_pandas()
        outliers = outliers[[c for c in t.columns(catalog.table("flow_outliers")) if c in outliers]]
        backend.con.register("flow_outliers", outliers)
        no_feed = t.empty(catalog.table("feed_flows"))
        count, groups = flows.count().to_pyarrow().as_py(), flows[["year", "hs6"]].distinct().count().to_pyarrow().as_py()
        threads = backend.con.sql("select current_setting('threads')").fetchall()[0][0]
        print(f"\n{count:,} synthetic rows, {groups:,} groups of year and code, {threads} threads")
        (same,) = large.plain("export_concentration")
        tasks = {
            "ours": lambda: export_concentration(flows, outliers, no_feed).to_pyarrow(),
            "hhi": lambda: backend.con.sql(HHI).to_arrow_table(),
            "same": lambda: backend.con.sql(same).to_arrow_table(),
        }
        for run in tasks.values():
            run()
        rounds = [{name: seconds(run) for name, run in tasks.items()} for _ in range(ROUNDS)]
        return {name: [r[name] for r in rounds] for name in tasks}


def rows(*sizes: int) -> list[Compared]:
    found = []
    for size in sizes or (FLOWS, 25_000_000):
        took = compare(size)
        for name, words in (("hhi", "the shortest DuckDB query for HHI"), ("same", "one DuckDB query for all of it")):
            found.append(compared(f"export_concentration, {size:,} synthetic flows", took["ours"], words, took[name]))
    return found


if __name__ == "__main__":
    show(rows(*map(int, sys.argv[1:])))
