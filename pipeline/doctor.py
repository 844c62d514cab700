"""`reo doctor`: what stops this checkout from building, and what is still missing of a half-added table or source.

Each check returns its findings, none where all is well, and changes nothing.
"""

import fcntl
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata

import pandas as pd

from pipeline import catalog, one_build, paths, wiring
from pipeline.errors import ReoError
from pipeline.intake import lock
from pipeline.intake.source_files import SourceFiles
from pipeline.schemas import table as t
from pipeline.schemas.table import Table

PYTHON = (3, 11)
FREE_BYTES = 3_000_000_000
# Their windows are longer than the toy world's years: hand-computed series stand in their tests instead.
TOO_LONG_FOR_THE_TOY_WORLD = ("policy_windows", "structural_breaks")
DOCS = paths.REPOSITORY / "docs"
TOY = paths.REPOSITORY / "tests" / "toy_world"


@dataclass(frozen=True)
class Finding:
    """What is wrong or missing, and what to do about it."""

    problem: str
    remedy: str


def python(version: tuple[int, int] = sys.version_info[:2]) -> list[Finding]:
    if version >= PYTHON:
        return []
    needed, found = (".".join(map(str, v)) for v in (PYTHON, version))
    return [
        Finding(
            f"this is Python {found}; {needed} or later is needed", f"remove .venv and run `make build PYTHON=python{needed}`"
        )
    ]


def disk(free: int | None = None) -> list[Finding]:
    """`free` bytes, by default those of the disk that holds the data folder."""
    existing = next(p for p in (paths.data().resolve(), *paths.data().resolve().parents) if p.exists())
    free = shutil.disk_usage(existing).free if free is None else free
    if free >= FREE_BYTES:
        return []
    problem = f"{free / 1e9:.1f} GB are free on the disk of {existing}; a build needs {FREE_BYTES / 1e9:.0f} GB"
    return [Finding(problem, "free some space, or set REO_DATA to a folder on another disk")]


def environment(requirements: str, installed: Callable[[str], str] = metadata.version) -> list[Finding]:
    """Installed libraries compared with the text of requirements.lock."""
    differing = []
    for name, version in re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==(\S+)", requirements, re.MULTILINE):
        try:
            found = installed(name)
        except metadata.PackageNotFoundError:
            found = "not installed"
        if found != version:
            differing.append(f"{name} {version} ({found})")
    if not differing:
        return []
    return [
        Finding(
            f"the environment differs from requirements.lock: {', '.join(differing)}",
            "touch requirements.lock and run `make build`",
        )
    ]


def inputs() -> list[Finding]:
    """Every source's files, compared with their hashes in sources.yml; nothing is downloaded."""
    found = []
    for source_id in lock.read().sources:
        try:
            SourceFiles(source_id).paths_present()
        except ReoError as error:
            found.append(Finding(f"source {source_id}: {error.problem}", error.remedy))
    return found


def half_written() -> list[Finding]:
    """What an interrupted build left."""
    parts = [p for folder in (paths.processed(), paths.downloads()) for p in sorted(folder.rglob(".*.part"))]
    return [Finding(f"{p} was left half-written", "run `reo build`: it removes what an interrupted build left") for p in parts]


def running_build() -> list[Finding]:
    file = one_build.lock_path()
    if not file.is_file():
        return []
    with file.open() as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return [Finding(f"a build is running in {paths.data()}", "wait until it ends, or stop it")]
    return []


def not_built() -> list[Finding]:
    missing = [name for name in catalog.tables() if not catalog.parquet_path(name).is_file()]
    return [Finding(f"{len(missing)} tables have not been built: {', '.join(missing)}", "run `reo build`")] if missing else []


def table(declared: type[Table]) -> list[Finding]:
    """What is still missing of a table besides its class, in the order of docs/adding-a-table.md."""
    name = t.name(declared)
    return [Finding(f"table {name}: {problem}", remedy) for problem, remedy in _missing_of(declared, name)]


def _missing_of(declared: type[Table], name: str) -> Iterator[tuple[str, str]]:
    try:
        known = wiring.inputs(name)
    except ReoError as error:
        yield error.problem, error.remedy
        known = {}
    sources = lock.read().sources
    for entry, kind in known.items():
        if entry not in (sources if kind == "source" else catalog.tables()):
            yield f"its input {entry} is no {kind}", f"name the parameter for a {kind}, or add it"
    if t.floor(declared) == "derived":
        page = DOCS / "methods" / f"{name}.md"
        if not page.is_file():
            yield "it has no method page", f"write {page.relative_to(paths.REPOSITORY)}"
        values = TOY / "expected" / f"{name}.csv"
        if not values.is_file() and name not in TOO_LONG_FOR_THE_TOY_WORLD:
            yield "it has no worked values in the toy world", f"work them by hand into {values.relative_to(paths.REPOSITORY)}"
    if f"`{name}`, {t.floor(declared)}." not in (DOCS / "data-dictionary.md").read_text("utf-8"):
        yield "the data dictionary lacks it", "run `reo docs`"
    for folder, command in ((paths.REPOSITORY / "data" / "raw" / "reviewed", "reo build"), (TOY, "reo demo")):
        if folder == TOY and name in TOO_LONG_FOR_THE_TOY_WORLD:
            continue
        file = folder / "expected_rows.csv"
        if name not in set(pd.read_csv(file, usecols=["table"])["table"]):
            yield (
                f"its rows are not counted in {file.relative_to(paths.REPOSITORY)}",
                f'run `{command} --accept-rows "why"` and have it reviewed',
            )
    if name not in read_by_someone():
        yield (
            "no other table, page, notebook or claim reads it",
            "show it in a figure of pipeline/report/, or let a claim test use it",
        )


def read_by_someone() -> set[str]:
    """The tables that other tables are made from, or the pages of the site, the notebooks or the claims read."""
    readers = [*(paths.REPOSITORY / "notebooks").glob("[0-9]*.ipynb"), *(paths.REPOSITORY / "pipeline" / "report").rglob("*.py")]
    read = {
        name
        for text in (file.read_text("utf-8") for file in readers)
        for name in re.findall(r'(?:load_table\(|describe\(|tables\[)\\?["\'](\w+)', text)
    }
    return read | {entry for name in catalog.tables() for entry in wiring.inputs(name)}


def sources() -> list[Finding]:
    """Sources of sources.yml that no table is made from, no test compares with and no document names."""
    files = [paths.raw() / "documents.csv", *(paths.REPOSITORY / "tests").rglob("test_*.py")]
    words = {word for file in files if file.is_file() for word in re.findall(r"\w+", file.read_text("utf-8"))}
    used = {entry for name in wiring.MAKERS if name in catalog.tables() for entry in wiring.inputs(name)}
    remedy = "write its parser in pipeline/sources/ and name the source as a parameter of a table's function"
    return [Finding(f"source {s}: no table is made from it", remedy) for s in lock.read().sources if s not in used | words]


def examine() -> dict[str, list[Finding]]:
    """Every check by what it looks at."""
    requirements = (paths.REPOSITORY / "requirements.lock").read_text("utf-8")
    return {
        "Python": python(),
        "disk space": disk(),
        "environment": environment(requirements),
        "input files": inputs(),
        "half-written files": half_written(),
        "running build": running_build(),
        "tables on disk": not_built(),
        "tables declared in full": [finding for declared in catalog.tables().values() for finding in table(declared)],
        "sources read": sources(),
    }
