"""All tables of a release as one DuckDB and one SQLite file, copied into them: each works wherever it is moved.

Neither library promises equal bytes for equal rows, so they stand beside the archive, outside its hash, and their content is
compared with the release's tables.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
import pyarrow.parquet

from pipeline.errors import ReoError
from pipeline.release import descriptor

DUCKDB, SQLITE = "observatory.duckdb", "observatory.sqlite"
TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER", "string": "TEXT"}
BATCH = 50_000
Described = Mapping[str, Any]


def write(folder: Path, described: Described, target: Path) -> None:
    """Write both files into `target` from the tables of the release in `folder`."""
    with duckdb.connect(str(target / DUCKDB)) as connection:
        for resource in descriptor.tables(described):
            connection.execute(f"create table {_name(resource['name'])} as from read_parquet({_text(_file(folder, resource))})")
            connection.execute(f"comment on table {_name(resource['name'])} is {_text(resource['title'])}")
    # The connection's own `with` ends a transaction and leaves the file open.
    with closing(sqlite3.connect(target / SQLITE)) as connection:
        for resource in descriptor.tables(described):
            connection.execute(_definition(resource))
            marks = ", ".join("?" * len(resource["schema"]["fields"]))
            for batch in pyarrow.parquet.ParquetFile(_file(folder, resource)).iter_batches(BATCH):
                columns = [column.to_pylist() for column in batch.columns]
                connection.executemany(f"insert into {_name(resource['name'])} values ({marks})", zip(*columns, strict=True))
        connection.commit()


def _definition(resource: Described) -> str:
    """A SQLite table with its columns, key and references to other tables."""
    schema = resource["schema"]
    lines = []
    for field in schema["fields"]:
        required = " NOT NULL" if field.get("constraints", {}).get("required") else ""
        lines.append(f"{_name(field['name'])} {TYPES[field['type']]}{required}")
    lines.append(f"PRIMARY KEY ({', '.join(map(_name, schema['primaryKey']))})")
    for one in schema.get("foreignKeys", []):
        target = one["reference"]
        lines.append(
            f"FOREIGN KEY ({_name(one['fields'][0])}) REFERENCES {_name(target['resource'])} ({_name(target['fields'][0])})"
        )
    return f"CREATE TABLE {_name(resource['name'])} (\n  " + ",\n  ".join(lines) + "\n) WITHOUT ROWID"


def differing(folder: Path, described: Described, beside: Path) -> list[str]:
    """The tables of the databases in `beside`, those that are there, whose rows are not those of the release in `folder`."""
    faults = []
    for file, read in ((beside / DUCKDB, _of_duckdb), (beside / SQLITE, _of_sqlite)):
        if not file.exists():
            continue
        try:
            found = {name: (rows, digest) for name, rows, digest in read(file, described)}
        except (duckdb.Error, sqlite3.Error, pyarrow.ArrowException, ReoError) as error:
            faults.append(f"{file.name}, beside it, cannot be read as the tables of this release ({error})")
            continue
        with duckdb.connect() as connection:
            for resource in descriptor.tables(described):
                table = connection.read_parquet(_file(folder, resource))
                if _summary(table, resource) != found[resource["name"]]:
                    faults.append(f"{file.name}, beside it, has other rows in {resource['name']}")
    return faults


def _of_duckdb(file: Path, described: Described) -> Iterator[tuple[str, int, int]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        _require_tables(described, {name for (name,) in connection.sql("select table_name from duckdb_tables()").fetchall()})
        for resource in descriptor.tables(described):
            yield resource["name"], *_summary(connection.table(resource["name"]), resource)


def _of_sqlite(file: Path, described: Described) -> Iterator[tuple[str, int, int]]:
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as opened, duckdb.connect() as connection:
        _require_tables(described, {name for (name,) in opened.execute("select name from sqlite_master where type = 'table'")})
        for resource in descriptor.tables(described):
            yield resource["name"], *_summary(connection.from_arrow(_rows(opened, resource)), resource)


def _rows(opened: sqlite3.Connection, resource: Described) -> pyarrow.Table:
    arrow = {"integer": pyarrow.int64(), "number": pyarrow.float64(), "boolean": pyarrow.int64(), "string": pyarrow.string()}
    schema = pyarrow.schema([(field["name"], arrow[field["type"]]) for field in resource["schema"]["fields"]])
    cursor = opened.execute(f"select {', '.join(_name(name) for name in schema.names)} from {_name(resource['name'])}")
    batches = []
    while rows := cursor.fetchmany(BATCH):
        columns = [pyarrow.array(column, field.type) for column, field in zip(zip(*rows, strict=True), schema, strict=True)]
        batches.append(pyarrow.record_batch(columns, schema=schema))
    return pyarrow.Table.from_batches(batches, schema)


def _require_tables(described: Described, found: set[str]) -> None:
    named = {resource["name"] for resource in descriptor.tables(described)}
    if found != named:
        raise ReoError(f"tables differ: {', '.join(sorted(found ^ named))}", "get the release again")


def _summary(table: duckdb.DuckDBPyRelation, resource: Described) -> tuple[int, int]:
    """The number of rows, and a sum of their hashes, equal for equal rows in any order."""
    types = {"integer": "bigint", "number": "double", "boolean": "boolean", "string": "varchar"}
    columns = ", ".join(f"{_name(field['name'])}::{types[field['type']]}" for field in resource["schema"]["fields"])
    ((rows, digest),) = table.aggregate(f"count(*), coalesce(sum(hash({columns})), 0)").fetchall()
    return int(rows), int(digest)


def _file(folder: Path, resource: Described) -> str:
    return str(folder / resource["parquet"]["path"])


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
