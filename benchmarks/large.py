"""Runs the measures over trade on tables up to the size of the whole BACI, each beside one plain SQL statement.

    python benchmarks/large.py [--rows N ...] [--threads N] [--rounds N] [--folder FOLDER] [--only-page]

The tables are synthetic (large_table.py). Every run is a process of its own, for its own peak of memory; its seconds begin after
a run on the first year and end when the result is an Arrow table. The plain statements (large_plain.sql) give the same figures
in floating point, by DuckDB with the same threads. The two alternate; medians over the rounds are kept. FOLDER keeps the tables
for another run. One row a size and measure goes to large_results.csv in place of an older one; docs/large.md and its plot are
written from that file.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import large_table
from timing import keep, machine, results, seconds

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent
STATEMENTS, RESULTS, PAGE = HERE / "large_plain.sql", HERE / "large_results.csv", REPOSITORY / "docs" / "large.md"
PLOT = PAGE.with_suffix(".svg")
# In the order in which they are needed: the others leave out what flow_outliers finds.
OUTLIERS = "flow_outliers.parquet"
MEASURES = ("flow_outliers", "export_concentration", "unit_values", "import_dependence")
SIZES = (1_300_000, 25_000_000, 250_000_000)
# As many codes as `products` has.
PRODUCTS = 75
GIB = 2**20
# The most that ours may take: times the plain statement, and GiB.
MOST_RATIO, MOST_MEMORY = 1.3, 4.0
# How far sums of the same figures may be from each other.
TOLERANCE = 1e-6


def run(side: str, measure: str, folder: Path, threads: int) -> dict[str, Any]:
    """One run in this process: what it took, its peak of memory in GiB, its rows, and sums of its figures by column."""
    import pyarrow.compute
    import pyarrow.parquet

    from pipeline import engine, wiring
    from pipeline.measures.helpers.by_year import by_year

    # The connection of a build, with its settings.
    backend = engine.scan(folder / f"{large_table.YEARS[0]}.parquet").get_backend()
    backend.raw_sql(f"set threads = {threads}")
    backend.raw_sql(f"set temp_directory = '{folder / 'spilled'}'")
    given, function = inputs(measure, folder), wiring.maker(measure)
    for name, frame in given.items():
        backend.con.register(name, frame)

    def task(files: str) -> pyarrow.Table:
        flows = backend.read_parquet(folder / files, table_name="flows")
        if side == "ours":
            return by_year(function, flows, **given) if measure in wiring.BY_YEAR else function(flows, **given).to_pyarrow()
        return pyarrow.concat_tables(backend.con.sql(text).to_arrow_table() for text in plain(measure))

    # The first query of a process loads what its libraries load late.
    task(f"{large_table.YEARS[0]}.parquet")
    found: list[pyarrow.Table] = []
    took = seconds(lambda: found.append(task(large_table.FILES)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIB
    result = found.pop()
    if measure == "flow_outliers" and side == "ours":
        pyarrow.parquet.write_table(result, folder / OUTLIERS)
    numbers = [field.name for field in result.schema if not pyarrow.types.is_string(field.type)]
    sums = {name: pyarrow.compute.sum(result[name].cast("float64")).as_py() for name in numbers}
    return {**took._asdict(), "memory": peak, "sums": {"rows": result.num_rows, **sums}}


def inputs(measure: str, folder: Path) -> dict[str, Any]:
    """The small tables a measure reads besides the flows. No goods are misclassified and none are feed."""
    import pandas as pd

    from pipeline import catalog, wiring
    from pipeline.schemas import table as t

    known: dict[str, Any] = {
        "countries": large_table.countries,
        "products": lambda: pd.DataFrame({"hs6": large_table.codes_of(folder)[:PRODUCTS]}),
        "flow_outliers": lambda: pd.read_parquet(folder / OUTLIERS),
    }
    names = [name for name in wiring.inputs(measure) if name != "trade_flows"]
    return {name: known[name]() if name in known else t.empty(catalog.table(name)) for name in names}


def plain(measure: str) -> list[str]:
    """The statement of a measure; one a year where it names a year."""
    parts = STATEMENTS.read_text("utf-8").split("-- name: ")
    text = next(part.removeprefix(measure) for part in parts if part.startswith(measure))
    return [text.replace("{year}", str(year)) for year in large_table.YEARS] if "{year}" in text else [text]


def elsewhere(side: str, measure: str, folder: Path, threads: int) -> dict[str, Any]:
    """`run` in a process of its own."""
    command = [sys.executable, str(HERE / "large.py"), "--run", side, measure, "--folder", str(folder), "--threads", str(threads)]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout))


def measure_all(folder: Path, rows: int, threads: int, rounds: int) -> None:
    """Keep the results of a table of about so many rows in `folder`, which is written first where it is not there."""
    if not folder.is_dir():
        # In a process of its own as well: a child begins with its parent's peak of memory.
        subprocess.run([sys.executable, str(HERE / "large_table.py"), str(folder), str(rows)], check=True)
    flows = large_table.rows_of(folder)
    for measure in MEASURES:
        took = [{side: elsewhere(side, measure, folder, threads) for side in ("ours", "plain")} for _ in range(rounds)]
        ours, other = took[0]["ours"]["sums"], took[0]["plain"]["sums"]
        unlike = {name: (total, other[name]) for name, total in ours.items() if not near(total, other[name])}
        if unlike:
            raise SystemExit(f"{measure} on {flows:,} rows: the plain statement gives other sums than ours: {unlike}")
        row: dict[str, Any] = {"rows": flows, "measure": measure, "result_rows": ours["rows"]}
        for value in ("wall", "processor", "memory"):
            for side in ("ours", "plain"):
                row[f"{value}_{side}"] = round(statistics.median(r[side][value] for r in took), 3)
            row |= {f"{value}_ratio": round(statistics.median(r["ours"][value] / r["plain"][value] for r in took), 2)}
        row |= {"rounds": rounds, "threads": threads, "machine": machine(), "date": date.today().isoformat()}
        print(*(f"{name} {value}" for name, value in row.items()), flush=True)
        keep(RESULTS, row, ("measure", "rows"), lambda r: (MEASURES.index(r["measure"]), int(r["rows"])))


def near(one: float | None, other: float | None) -> bool:
    return one == other or (one is not None and other is not None and abs(one - other) <= TOLERANCE * abs(one))


def page() -> str:
    import large_build

    rows = results(RESULTS)
    lines = [
        f"| {row['measure']} | {int(row['rows']):,} | {int(row['result_rows']):,} | {float(row['wall_ours']):.1f} "
        f"| {float(row['wall_plain']):.1f} | {row['wall_ratio']} | {row['processor_ratio']} | {float(row['memory_ours']):.2f} "
        f"| {float(row['memory_plain']):.2f} | {row['rounds']} | {row['threads']} | {row['machine']} | {row['date']} |"
        for row in rows
    ]
    above = [f"{r['measure']} on {int(r['rows']):,} flows" for r in rows if float(r["processor_ratio"]) > MOST_RATIO]
    return "\n".join(
        [
            "# Measures over trade on large tables", "",
            "Written by `make benchmark-large` (benchmarks/large.py). The whole of CEPII's BACI has about 250 million flows, the",
            "packaged extract 1.3 million. The tables are synthetic (benchmarks/large_table.py): 30 years, 226 countries and up",
            "to 5,000 codes, skewed as the extract is. They say nothing about trade.", "",
            "Flow_outliers, export_concentration and unit_values run by groups of years (pipeline/measures/helpers/by_year.py):",
            "their memory is bounded by the largest year, and the query is compiled once for all groups. Import_dependence runs",
            f"at once, for it is of the codes of `products` alone; here {PRODUCTS} codes are looked for in the whole table.",
            "Beside each stands one plain SQL statement for the same figures in floating point, without exactness and checks",
            "(benchmarks/large_plain.sql), run by DuckDB on the whole table. That of flow_outliers runs year by year: its",
            "medians of all years at once would fill the disk.", "",
            f"Goal: at most {MOST_RATIO} times the plain statement (processor), at most {MOST_MEMORY:.0f} GiB. Missed by:",
            f"{', '.join(above) or 'none'}. Small tables pay the fixed cost of building a query, some 0.3 s.",
            "Other work on the machine disturbs wall seconds more than processor seconds.", "",
            "| measure | flows | rows of the result | seconds | plain | ratio | ratio in processor seconds "
            "| GiB at the peak | plain | rounds | threads | machine | date |",
            "|---|" + "---:|" * 10 + "---|---|", *lines, "",
            f"![Seconds and peak memory by the number of flows, ours and the plain statement, by measure]({PLOT.name})", "",
            *large_build.section(),
        ]
    )  # fmt: skip


def plot() -> str:
    """Seconds and peaks of memory over the number of flows, both scales logarithmic, as SVG."""
    import altair as alt
    import pandas as pd

    from pipeline.report import charts, drawing

    rows = pd.DataFrame(results(RESULTS))
    panels = []
    for value, title in (("wall", "seconds"), ("memory", "GiB at the peak")):
        long = rows.melt(["measure", "rows"], [f"{value}_ours", f"{value}_plain"], "side", "amount")
        long = long.assign(
            side=long["side"].map({f"{value}_ours": "this project", f"{value}_plain": "plain SQL statement"}),
            millions=long["rows"].astype("float64") / 1e6,
            amount=long["amount"].astype("float64"),
        )
        base = alt.Chart(long).mark_line(point=True).properties(width=150, height=150)
        panels.append(
            base.encode(
                x=alt.X("millions:Q", title="million flows", scale=alt.Scale(type="log"), axis=alt.Axis(values=[1, 10, 100])),
                y=alt.Y("amount:Q", title=title, scale=alt.Scale(type="log")),
                color=alt.Color("side:N", title=None),
                column=alt.Column("measure:N", sort=list(MEASURES), title=None),
            )
        )
    charts.theme()
    return drawing.svgs([alt.vconcat(*panels).to_dict()])[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=SIZES)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the tables are written and stay; a temporary folder otherwise")
    parser.add_argument("--only-page", action="store_true", help="write docs/large.md from the results that are kept")
    parser.add_argument("--run", nargs=2, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.run:
        print(json.dumps(run(*wanted.run, wanted.folder, wanted.threads)))
        return
    if not wanted.only_page:
        with tempfile.TemporaryDirectory() as temporary:
            for rows in wanted.rows:
                measure_all((wanted.folder or Path(temporary)) / str(rows), rows, wanted.threads, wanted.rounds)
    sys.path.insert(0, str(REPOSITORY))
    PLOT.write_text(plot(), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
