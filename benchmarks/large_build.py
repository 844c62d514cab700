"""`reo build` on a data folder whose BACI is synthetic and as large as asked: seconds and the peak of memory.

    python benchmarks/large_build.py [--rows N] [--folder FOLDER]

The flows of the package as built, and those of large_table.py under codes that products.csv does not list, are written as CEPII
writes BACI, a packed CSV file a year, and take the package's place in a copy of data/raw, with `codes: all`. Every table, check,
notebook and page is made from them. What is made of the goods of products.csv must be what it is without the others: their rows
are compared with those of the tables as built. The folder is removed.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import large_table
import pyarrow.parquet
import yaml
from timing import keep, machine, results

from pipeline import catalog, goods, paths
from pipeline.files import sha256
from pipeline.schemas import reading

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "large_build_results.csv"
ROWS = 25_000_000
MOST_MEMORY = 4.0
RELEASE = "V202601"
GIB = 2**20
YEAR = """
copy (
    select t, i, j, k, v, q from real where t = {year}
    union all
    select {year} t, x.code i, m.code j, hs6 k, value_kusd v, least(quantity_t, 1e6) q
    from read_parquet('{flows}')
    join country x on x.made_up = exporter join country m on m.made_up = importer
    where hs6 not in (select hs6 from products)
    order by i, j, k
) to '{file}' (format csv, header, compression gzip)
"""
REAL = """
create table real as
select year t, x.code i, m.code j, hs6 k, value_kusd v, quantity_t q
from read_parquet('{flows}') join reviewed x on x.iso3 = exporter join reviewed m on m.iso3 = importer
where source_id = 'cepii_baci' and x.scheme = 'baci' and m.scheme = 'baci'
and year between x.valid_from::int and x.valid_to::int and year between m.valid_from::int and m.valid_to::int
"""


def write_raw(flows: Path, raw: Path) -> None:
    """A copy of data/raw with CEPII's files of the synthetic flows in place of the package."""
    shutil.copytree(paths.raw(), raw, copy_function=os.link)
    codes = raw / "reviewed" / "country_codes.csv"
    with duckdb.connect() as connection:
        connection.execute(f"create table reviewed as from read_csv('{codes}', all_varchar = true)")
        (raw / "cepii_baci").mkdir(exist_ok=True)
        listed = raw / "cepii_baci" / f"country_codes_{RELEASE}.csv"
        connection.execute(
            "copy (select code country_code, name_as_published country_name, iso3 country_iso2, iso3 country_iso3 "
            f"from reviewed where scheme = 'baci') to '{listed}' (header)"
        )
        made_up = [large_table.iso3(c) for c in range(large_table.COUNTRIES)]
        connection.execute(
            f"create table country as select made_up, code from (select unnest({made_up}) made_up, unnest(list(code order by "
            f"iso3 <> 'CHN', code)) code from reviewed where scheme = 'baci' and valid_from <= '1995' and valid_to >= '2024') "
            "where code is not null"
        )
        connection.execute(f"create table products as from read_csv('{raw / 'reviewed' / 'products.csv'}', all_varchar = true)")
        connection.execute(REAL.format(flows=catalog.parquet_path("trade_flows")))
        for year in large_table.YEARS:
            file = raw / "cepii_baci" / f"BACI_HS92_Y{year}_{RELEASE}.csv.gz"
            connection.execute(YEAR.format(year=year, flows=flows / f"{year}.parquet", file=file))
    _lock(raw)


def _lock(raw: Path) -> None:
    lock = raw / "sources.yml"
    text = lock.read_text("utf-8")
    lock.unlink()
    declared = yaml.safe_load(text)
    entry = declared["sources"]["cepii_baci"]
    entry |= {"title": "SYNTHETIC flows in BACI's layout", "obtained": "transcribed", "codes": "all"}
    del entry["package"]
    entry["files"] = [
        {"name": f"cepii_baci/{file.name}", "sha256": sha256(file), "bytes": file.stat().st_size}
        for file in sorted((raw / "cepii_baci").iterdir())
    ]
    lock.write_text(yaml.safe_dump(declared, allow_unicode=True, sort_keys=False), "utf-8")


def build(data: Path) -> dict[str, float]:
    """Seconds of `reo build`, and the peak of memory of its largest process in GiB."""
    # Counts of rows nobody reviewed are accepted in the copy.
    command = [sys.executable, "-m", "pipeline", "build", "--verbose", "--accept-rows", "synthetic flows in place of BACI"]
    began = time.perf_counter()
    child = os.posix_spawn(sys.executable, command, {**os.environ, "REO_DATA": str(data)})
    _, status, used = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"the build on {data} failed")
    return {
        "wall": time.perf_counter() - began,
        "processor": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss / GIB,
    }


def unlike(data: Path) -> list[str]:
    """The tables whose rows of the goods of products.csv are not those of the tables as built."""
    known = catalog.load_table("products")["hs6"]
    found = []
    for name in catalog.tables():
        columns = {"hs6": known.unique().tolist()} if name in goods.OF_ALL_GOODS else {}
        stored = pyarrow.parquet.read_table(
            data / "processed" / f"{name}.parquet", filters=reading.expression(catalog.table(name), columns)
        )
        if not stored.equals(pyarrow.parquet.read_table(catalog.parquet_path(name))):
            found.append(name)
    return found


def section() -> list[str]:
    """What docs/large.md says of it."""
    lines = [
        f"| {int(row['flows']):,} | {float(row['wall']):.0f} | {float(row['processor']):.0f} | {float(row['memory']):.2f} "
        f"| {float(row['parquet_gb']):.2f} | {row['unlike']} | {row['machine']} |"
        for row in results(RESULTS)
    ]
    return [
        "## `reo build` with every code of BACI", "",
        "The same synthetic flows, written as CEPII writes BACI beside the real ones of products.csv, and everything made of",
        "them: tables, checks, notebooks, pages (benchmarks/large_build.py). The peak is of the largest process. Compared: of",
        "each table the rows of the goods of products.csv with those built without the others.",
        f"Goal: at most {MOST_MEMORY:.0f} GiB on 25 million flows.", "",
        "| flows | seconds | processor seconds | GiB at the peak | trade_flows.parquet, GB | tables unlike | machine |",
        "|---:|---:|---:|---:|---:|---|---|", *lines, "",
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--rows", type=int, default=ROWS, help=f"synthetic flows asked for ({ROWS:,})")
    parser.add_argument("--folder", type=Path, help="where the data folder is made and stays; a temporary folder otherwise")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=paths.data()) as temporary:
        folder = given.folder or Path(temporary)
        if not (folder / "raw").is_dir():
            # In a process of its own: a child begins with its parent's peak of memory.
            subprocess.run([sys.executable, str(HERE / "large_table.py"), str(folder / "flows"), str(given.rows)], check=True)
            write_raw(folder / "flows", folder / "raw")
        took = build(folder)
        parquet = folder / "processed" / "trade_flows.parquet"
        flows = pyarrow.parquet.read_metadata(parquet).num_rows
        row = {"flows": flows, **{name: round(amount, 2) for name, amount in took.items()}}
        row |= {"parquet_gb": round(parquet.stat().st_size / 1e9, 3), "unlike": " ".join(unlike(folder)) or "none"}
        row |= {"machine": machine()}
    keep(RESULTS, row, ("flows",), lambda r: int(r["flows"]))
    print(*(f"{name} {value}" for name, value in row.items()), flush=True)


if __name__ == "__main__":
    main()
