"""datapackage.json: a Data Package v2 descriptor of the tables, generated from their classes and the lock of sources.

https://datapackage.org/standard/data-package/, https://datapackage.org/standard/table-schema/
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandera.pandas as pa

from pipeline import catalog
from pipeline.files import sha256
from pipeline.intake.lock import Source
from pipeline.release.commit import Commit
from pipeline.schemas import table as t
from pipeline.schemas.table import Table

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
NAME = "rare-earth-observatory"
TYPES = {"int64": "integer", "Int64": "integer", "float64": "number", "bool": "boolean", "str": "string"}
# A column's rules in the terms of Table Schema.
CONSTRAINTS = {
    "ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum", "isin": "enum",
    "str_matches": "pattern",
}  # fmt: skip
LICENCES = [
    {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": "Creative Commons Attribution 4.0"}
]


def descriptor(folder: Path, citation: Mapping[str, Any], commit: Commit, sources: Mapping[str, Source]) -> dict[str, Any]:
    """The descriptor of the release in `folder`, whose tables are already there; `sources` is the lock's.

    The package and each table name the sources they are made from.
    """
    made_from = sources_used()
    return {
        "$schema": PROFILE,
        "name": NAME,
        "title": citation["title"],
        "description": citation["abstract"],
        "version": citation["version"],
        "created": commit.time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "commit": commit.hash,
        "keywords": citation["keywords"],
        "licenses": LICENCES,
        "contributors": [{"title": author["name"], "roles": ["author"]} for author in citation["authors"]],
        "sources": [_source(source_id, source) for source_id, source in sources.items() if source_id in made_from],
        "resources": [
            *(_resource(folder, name, table, sources) for name, table in catalog.tables().items()),
            *(_forecast(folder, file) for file in sorted((folder / "forecasts").glob("*"))),
        ],
    }


def tables(described: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The resources that are tables; the others are frozen forecasts and their scores."""
    return [resource for resource in described["resources"] if not is_forecast(resource)]


def forecasts(described: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The resources that are frozen forecasts or their scores."""
    return [resource for resource in described["resources"] if is_forecast(resource)]


def is_forecast(resource: Mapping[str, Any]) -> bool:
    """Whether a resource is a frozen forecast or the scores, and no table."""
    return str(resource.get("path")).startswith("forecasts/")


def _forecast(folder: Path, file: Path) -> dict[str, Any]:
    of_day = file.suffix == ".json"
    return {
        "name": f"forecast-{file.stem}" if of_day else "forecast-scores",
        "title": f"Forecasts frozen on {file.stem}" if of_day else "How far off the forecasts were",
        "description": "docs/methods/forecasts.md" if of_day else "One row a forecast and method; empty where not out yet",
        **_file(folder, f"forecasts/{file.name}"),
        "format": file.suffix[1:],
        "mediatype": "application/json" if of_day else "text/csv",
        "encoding": "utf-8",
    }


def _source(source_id: str, source: Source) -> dict[str, str]:
    """`version` is the publisher's edition; properties other than title and path are extensions."""
    path = {"path": source.landing_page} if source.landing_page.startswith("http") else {}
    return {
        "title": source.title,
        **path,
        "version": source.edition,
        "source_id": source_id,
        "publisher": source.publisher,
        "licence": source.licence,
        "attribution": source.attribution,
        "redistribution": source.redistribution,
    }


def _resource(folder: Path, name: str, table: type[Table], sources: Mapping[str, Source]) -> dict[str, Any]:
    """The CSV is the resource and names the same table as Parquet: frictionless cannot read Parquet as installed here."""
    made_from = sources_of(name)
    return {
        "name": name,
        "type": "table",
        "title": t.title(table),
        "description": " ".join((table.__doc__ or "").split()),
        **_file(folder, f"tables/{name}.csv"),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema(table),
        "sources": [{"title": s.title, "version": s.edition, "source_id": i} for i, s in sources.items() if i in made_from],
        "parquet": _file(folder, f"tables/{name}.parquet"),
    }


def _file(folder: Path, path: str) -> dict[str, Any]:
    return {"path": path, "bytes": (folder / path).stat().st_size, "hash": f"sha256:{sha256(folder / path)}"}


def schema(table: type[Table]) -> dict[str, Any]:
    """Table Schema of a table class; `unit` and `unitCode` (UCUM) are extensions. An empty cell is a missing value."""
    keys = [
        {"fields": [column], "reference": {"resource": other, "fields": [key]}}
        for column, (other, key) in catalog.references(t.name(table)).items()
    ]
    return {
        "fields": [_field(name, column) for name, column in t.columns(table).items()],
        "primaryKey": t.key(table),
        **({"foreignKeys": keys} if keys else {}),
        "missingValues": [""],
    }


def _field(name: str, column: pa.Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": name, "type": TYPES[t.kind(column)], "description": column.description}
    if unit := t.unit(column):
        field["unit"] = unit
    if code := t.ucum(column):
        field["unitCode"] = code
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    for rule, value in t.rules(column).items():
        constraints[CONSTRAINTS[rule]] = list(value) if rule == "isin" else value
    return field | ({"constraints": constraints} if constraints else {})


def sources_used() -> set[str]:
    """The sources that any table is made from."""
    return set[str]().union(*(sources_of(name) for name in catalog.tables()))


def sources_of(table_name: str) -> set[str]:
    """The sources a table is made from; the query engine that lineage brings is loaded only here."""
    from pipeline import lineage

    return lineage.sources_of(table_name)
