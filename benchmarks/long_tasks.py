"""Times what a maker of releases waits for: a first build, a release, its comparison with the working tables, reading a table.

    python benchmarks/long_tasks.py

Beside each runs the least that the task cannot do without: reading and checking every input beside the first build, packing
the same folder beside the release, comparing the same Parquet files as sets of rows beside the comparison, reading the same
Parquet file beside the reading package. The last build must be up to date and everything committed, as for a release.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import duckdb
import pandas as pd
from timing import Compared, Seconds, compared, seconds, seconds_of_children, show

from pipeline import catalog, paths
from pipeline.release import diff, package, sides
from rare_earth_observatory import load_table

VERSION = "99.0.0"
READ = "trade_flows"
ROUNDS = 3
REO = [sys.executable, "-c", "from pipeline.cli import main; main()"]


def reo(*arguments: str, data: Path | None = None) -> None:
    environment = {**os.environ, **({"REO_DATA": str(data)} if data else {})}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    subprocess.run([*REO, *arguments], check=True, cwd=paths.REPOSITORY, env=environment, stdout=subprocess.DEVNULL)


def first_build(folder: Path) -> Compared:
    """Downloads are there; nothing is built."""
    data = folder / "data"
    shutil.copytree(paths.raw(), data / "raw")
    checked = seconds_of_children(lambda: reo("sources", "verify", data=data))
    built = seconds_of_children(lambda: reo("build", data=data))
    return compared("first build, inputs fetched before", [built], "reading and checking every input", [checked])


def packed(release: Path, file: Path) -> None:
    with tarfile.open(file, "w:gz", compresslevel=6) as archive:
        archive.add(release, release.name)


def released(folder: Path) -> tuple[Compared, Path]:
    """The comparison and the archive."""
    took = seconds(lambda: package.build(VERSION, folder, stale=list))
    made = folder / VERSION / f"reo-{VERSION}"
    plain = seconds(lambda: packed(made, folder / "plain.tar.gz"))
    return compared("release", [took], "packing the same folder", [plain]), made.with_name(f"{made.name}.tar.gz")


def differing(one: Path, other: Path) -> None:
    """Rows of each table that stand on one side alone."""
    with duckdb.connect() as connection:
        for file in sorted(one.glob("*.parquet")):
            sides_of = (f"select * from '{file}'", f"select * from '{other / file.name}'")
            for first, second in (sides_of, sides_of[::-1]):
                connection.sql(f"select count(*) from ({first} except all {second})").fetchall()


def differences(archive: Path) -> Compared:
    def ours() -> None:
        with sides.side(str(archive)) as before, sides.side("working") as after:
            diff.compare(before, after)

    tables = next(path.parent for path in archive.with_name(f"reo-{VERSION}").rglob("trade_flows.parquet"))
    rounds = [(seconds(ours), seconds(lambda: differing(tables, paths.processed()))) for _ in range(ROUNDS)]
    return compared("comparison of a release with the working tables", *_sides(rounds, "except all of the same files"))


def reading(archive: Path) -> Compared:
    file = catalog.parquet_path(READ)
    folder = str(archive.with_name(f"reo-{VERSION}"))
    load_table(READ, release=folder)
    rounds = [
        (seconds(lambda: load_table(READ, release=folder)), seconds(lambda: pd.read_parquet(file))) for _ in range(3 * ROUNDS)
    ]
    rows = len(pd.read_parquet(file))
    return compared(f"load_table of a release, {rows:,} rows", *_sides(rounds, "pandas.read_parquet"))


def _sides(rounds: list[tuple[Seconds, Seconds]], beside: str) -> tuple[list[Seconds], str, list[Seconds]]:
    return [ours for ours, _ in rounds], beside, [theirs for _, theirs in rounds]


def rows() -> list[Compared]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        release, archive = released(folder)
        return [release, differences(archive), reading(archive), first_build(folder)]


if __name__ == "__main__":
    show(rows())
