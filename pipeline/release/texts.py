"""What people read in a release: README.md, ATTRIBUTION.md and CITATION.cff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipeline import catalog
from pipeline.errors import ReoError
from pipeline.intake.lock import Lock, Source
from pipeline.quality.expectations import Outcome
from pipeline.release.commit import Commit
from pipeline.schemas import table as t

REDISTRIBUTION = {
    "open": "open: its rows may be passed on with the attribution",
    "facts": "facts: single figures are quoted with their source; read the publisher's terms before passing on the whole",
    "restricted": "restricted: its rows are not in this release",
}


@dataclass(frozen=True)
class LeftOut:
    """Rows of a table that are not in the release because their source may not be republished."""

    table: str
    source_id: str
    rows: int


def citation(file: Path, version: str, commit: Commit) -> dict[str, Any]:
    """The project's CITATION.cff with version, date and commit of this release. Raises ReoError if there is none."""
    if not file.is_file():
        raise ReoError(f"{file} is missing, and a release says how it is cited", "restore it from git")
    stated = yaml.safe_load(file.read_text("utf-8"))
    return {**stated, "version": version, "date-released": commit.time.date().isoformat(), "commit": commit.hash}


def citation_file(stated: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(stated), sort_keys=False, allow_unicode=True, width=120)


def cite(stated: Mapping[str, Any]) -> str:
    """The citation in one line."""
    authors = ", ".join(author["name"] for author in stated["authors"])
    return f"{authors} ({stated['date-released'][:4]}). {stated['title']}. Version {stated['version']} [Data set]."


def readme(
    stated: Mapping[str, Any], rows: Mapping[str, int], outcomes: Sequence[Outcome], left_out: Sequence[LeftOut], lock: Lock
) -> str:
    """What the release is, what is in it, what is not, how sure it is, how to cite and check it."""
    name = f"reo-{stated['version']}"
    tables = [
        f"| `{n}` | {t.title(table)} | {rows[n]:,} | {', '.join(f'`{k}`' for k in t.key(table))} |"
        for n, table in catalog.tables().items()
    ]
    return "\n".join(
        [
            f"# {stated['title']}, version {stated['version']}",
            "",
            stated["abstract"].strip(),
            "",
            f"Made from commit `{stated['commit']}` of {stated['date-released']}. The same commit gives the same bytes.",
            "",
            "## What is here",
            "",
            "- `tables/`: every table as Parquet and CSV (UTF-8; an empty cell is a missing value, never zero)",
            "- `datapackage.json`: what each table and column means, with units, bounds and keys (Data Package v2)",
            "- `report/index.html`: the report, readable without a network; `notebooks/`: the executed notebooks it is made of",
            "- `corrections.yml`: what publishers print wrong and what was done; `left_out.csv`: rows not carried, and why",
            "- `quality.json`: what every check of the finished tables said",
            "- `ATTRIBUTION.md`: sources, their licences and the attributions you have to keep",
            "- `SHA256SUMS`: checksums of all files",
            "",
            "| table | what | rows | one row for each |",
            "| --- | --- | ---: | --- |",
            *tables,
            "",
            "## How to cite",
            "",
            f"> {cite(stated)}",
            "",
            "`CITATION.cff` says the same for machines. Name the publishers of the figures you use as well, with their",
            "attributions, which stand in `ATTRIBUTION.md`.",
            "",
            "## What is not here",
            "",
            *_left_out(left_out, lock),
            "",
            "## What the checks say",
            "",
            *_quality(outcomes),
            "",
            "## How to check that it is whole",
            "",
            f"`sha256sum --check SHA256SUMS` in this folder, or `reo verify {name}.tar.gz`, which also holds the tables to",
            "`datapackage.json`.",
            "",
        ]
    )


def _left_out(left_out: Sequence[LeftOut], lock: Lock) -> list[str]:
    if not left_out:
        return ["Every row of every table is here: no source behind them forbids passing its rows on."]
    lines = [
        "Rows of these sources may not be republished. They stay out of every table; `documents` lists the texts they are in,"
    ]
    lines += ["under the source_id named:", ""]
    for source_id in sorted({one.source_id for one in left_out}):
        source = lock.sources[source_id]
        counted = "; ".join(f"{one.rows:,} of `{one.table}`" for one in left_out if one.source_id == source_id)
        lines.append(f"- `{source_id}`: {source.title} ({source.publisher}), from {_where(source)}. Rows left out: {counted}")
    return lines


def _where(source: Source) -> str:
    """A landing page, or the place in the project's repository where our own collections lie."""
    page = source.landing_page
    return page if page.startswith("http") else f"`{page}` in the project's repository"


def _quality(outcomes: Sequence[Outcome]) -> list[str]:
    warned = [o for o in outcomes if not o.passed]
    held = len(outcomes) - len(warned)
    counted = f"Of {len(outcomes)} expectations {held} held and {len(warned)} warn. None failed that would forbid a release."
    return [counted, *([""] if warned else []), *(f"- `{o.table}`, {o.name}: {o.observed}. {o.meaning}" for o in warned)]


def attribution(lock: Lock) -> str:
    """Every source with its terms and the words its publisher wants to see."""
    lines = ["# Sources, licences and attributions", ""]
    lines += ["This project's own part is under CC BY 4.0 (`LICENSE-data.md`). Keep these attributions with the figures.", ""]
    for source_id, source in sorted(lock.sources.items()):
        licence = f"[{source.licence}]({source.licence_url})" if source.licence_url else source.licence
        lines += [
            f"## {source.title}",
            "",
            f"> {source.attribution}",
            "",
            f"- source_id: `{source_id}`",
            f"- publisher: {source.publisher}",
            f"- edition: {source.edition}",
            f"- licence: {licence}",
            f"- redistribution: {REDISTRIBUTION[source.redistribution]}",
            f"- terms: {source.terms}",
            f"- from: {_where(source)}",
            f"- accessed: {source.accessed}",
            "",
        ]
    return "\n".join(lines)
