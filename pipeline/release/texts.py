"""The texts of a release: README.md, ATTRIBUTION.md and CITATION.cff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipeline import catalog
from pipeline.errors import ReoError
from pipeline.intake.lock import Lock
from pipeline.quality.expectation import Outcome
from pipeline.release.commit import Commit
from pipeline.report import sources
from pipeline.schemas import table as t

READING = """```python
import pandas as pd
rows = pd.read_parquet("tables/export_concentration.parquet")  # from CSV: dtype={"hs6": str}, else leading zeros are lost
print(rows[(rows["hs6"] == "280530") & (rows["basis"] == "value")].set_index("year")["china_share"])
```

```python
import polars as pl
rows = pl.read_parquet("tables/export_concentration.parquet")
print(rows.filter(hs6="280530", basis="value").select("year", "china_share"))
```

```sql
-- DuckDB; observatory.duckdb, published beside the archive, has every table in it
from 'tables/export_concentration.parquet' limit 5;
select year, china_share from 'tables/export_concentration.parquet' where hs6 = '280530' and basis = 'value';
```

```r
library(arrow)
rows <- read_parquet("tables/export_concentration.parquet")
subset(rows, hs6 == "280530" & basis == "value", select = c(year, china_share))
```

```sql
-- SQLite; observatory.sqlite is published beside the archive
.open observatory.sqlite
select year, china_share from export_concentration where hs6 = '280530' and basis = 'value';
```

```python
from frictionless import Package
package = Package("datapackage.json")
print(package.get_resource("export_concentration").read_rows(size=5))
```""".splitlines()


@dataclass(frozen=True)
class LeftOut:
    """Rows of a table that are not in the release because their source may not be republished."""

    table: str
    source_id: str
    rows: int


def citation(file: Path, version: str, commit: Commit) -> dict[str, Any]:
    """The project's CITATION.cff with version, date and commit of this release. Raises ReoError if there is none."""
    if not file.is_file():
        raise ReoError(f"{file} is missing, but a release needs a citation", "restore it from git")
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
    """What the release is, its content and omissions, the check results, how to cite and verify it."""
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
            "## Contents",
            "",
            "- `tables/`: every table as Parquet and CSV (UTF-8; an empty cell is a missing value, never zero; in CSV, text that",
            "  begins with `=`, `+`, `-` or `@` has an apostrophe before it, so that no spreadsheet takes it for a formula)",
            "- `datapackage.json`: what each table and column means, with units (also as UCUM codes), bounds, keys and",
            "  references to other tables (Data Package v2)",
            "- `ro-crate-metadata.json`: from which source files, by hash, with which code each table was made (RO-Crate)",
            "- `croissant.json` and `datacite.json`: the same as Croissant and for DataCite; generated, like all of these",
            "- `report/index.html`: the report, readable without a network; `notebooks/`: notebooks that explore the tables",
            "- `CHANGES.md`: what changed since the release before, by table, row and figure",
            "- `forecasts/`: what was expected of the next editions, frozen before they appeared; `scores.csv`: how far off",
            "- `corrections.yml`: errors in publications and how they were corrected; `left_out.csv`: rows not included, and why",
            "- `quality.json`: the result of every check of the finished tables",
            "- `ATTRIBUTION.md`: sources, their licences and the attributions to keep",
            "- `SHA256SUMS`: checksums of all files",
            "",
            "| table | content | rows | key |",
            "| --- | --- | ---: | --- |",
            *tables,
            "",
            "## How to read it",
            "",
            "In this folder; each of them reads every table the same way.",
            "",
            *READING,
            "",
            "## How to cite",
            "",
            f"> {cite(stated)}",
            "",
            "`CITATION.cff` is the same in machine-readable form. Cite the publishers of the figures you use as well, with the",
            "attributions in `ATTRIBUTION.md`.",
            "",
            "## Not included",
            "",
            *_left_out(left_out, lock),
            "",
            "## Check results",
            "",
            *_quality(outcomes),
            "",
            "## How to verify it",
            "",
            f"`sha256sum --check SHA256SUMS` in this folder, or `reo verify {name}.tar.gz`, which also checks the tables against",
            "`datapackage.json`.",
            "",
        ]
    )


def _left_out(left_out: Sequence[LeftOut], lock: Lock) -> list[str]:
    if not left_out:
        return ["Every row of every table is included: no source forbids redistributing its rows."]
    lines = [
        "Rows of these sources may not be redistributed and are left out of every table. `documents` lists the texts they are",
        "from, under the source_id named:",
        "",
    ]
    for source_id in sorted({one.source_id for one in left_out}):
        source = lock.sources[source_id]
        counted = "; ".join(f"{one.rows:,} of `{one.table}`" for one in left_out if one.source_id == source_id)
        lines.append(
            f"- `{source_id}`: {sources.text(source.title)} ({sources.text(source.publisher)}), "
            f"from {sources.place(source)}. Rows left out: {counted}"
        )
    return lines


def _quality(outcomes: Sequence[Outcome]) -> list[str]:
    warned = [o for o in outcomes if not o.passed]
    passed = len(outcomes) - len(warned)
    counted = f"{len(outcomes)} expectations: {passed} passed, {len(warned)} with a warning. No failure blocks a release."
    return [counted, *([""] if warned else []), *(f"- `{o.table}`, {o.name}: {o.observed}. {o.meaning}" for o in warned)]


def attribution(lock: Lock) -> str:
    """Every source with its terms and the attribution its publisher asks for."""
    own = "This project's own part is under CC BY 4.0 (`LICENSE-data.md`). Keep these attributions with the figures."
    return sources.page("Sources, licences and attributions", own, lock)
