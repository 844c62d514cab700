"""The one list of tables: what each is, where it is stored, how it is read and written.

from pipeline.catalog import cite, describe, load_table, names, search
load_table("export_concentration", year=2024, hs6=["284690", "850511"])
"""

import hashlib
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow
import pyarrow.parquet

from pipeline import engine, files, paths, schemas, table_files
from pipeline.errors import ReoError, did_you_mean
from pipeline.released import open_release
from pipeline.schemas import contract, reading
from pipeline.schemas import table as t
from pipeline.schemas.table import Table

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import date

    import ibis.expr.types as ir

    from pipeline.table_files import Draft


class NoSuchTable(ReoError):
    """A name that is not in the catalog, or a table that has not been built yet."""


class Unreadable(ReoError):
    """A table's file that was damaged on disk."""

    def __init__(self, table_name: str, error: Exception):
        super().__init__(
            f"{parquet_path(table_name)} cannot be read as Parquet ({error})", "run `reo build`: it makes what is damaged again"
        )


@cache
def tables() -> dict[str, type[Table]]:
    """Every table of the observatory by name, tidy before derived, as declared in pipeline/schemas/."""
    schemas.load_all()
    known = {t.name(table): table for table in Table.__subclasses__()}
    return dict(sorted(known.items(), key=lambda item: (t.floor(item[1]) != "tidy", item[0])))


def table(table_name: str) -> type[Table]:
    known = tables()
    if table_name not in known:
        raise NoSuchTable(f"there is no table {table_name!r}", did_you_mean(table_name, known))
    return known[table_name]


def references(table_name: str) -> dict[str, tuple[str, str]]:
    """The columns whose values are keys of another table, with that table and its key: countries, and ids such as document_id."""
    ids = {t.key(one)[0]: name for name, one in tables().items() if len(t.key(one)) == 1 and t.key(one)[0].endswith("_id")}
    found = {}
    for name, column in t.columns(table(table_name)).items():
        if t.pattern(column) == t.COUNTRY:
            found[name] = ("countries", "iso3")
        for key, other in ids.items():
            if (name == key or name.endswith(f"_{key}")) and name not in t.beyond(table(table_name)):
                found[name] = (other, key)
    return {name: target for name, target in found.items() if target[0] != table_name}


def parquet_path(table_name: str) -> Path:
    return paths.processed() / f"{table_name}.parquet"


def csv_path(table_name: str) -> Path:
    return paths.processed() / f"{table_name}.csv"


def quarantine_path(table_name: str) -> Path:
    return paths.quarantine() / f"{table_name}.csv"


def _built(table_name: str) -> Path:
    table(table_name)
    file = parquet_path(table_name)
    if not file.is_file():
        raise NoSuchTable(f"table {table_name} has not been built yet ({file} is missing)", "run `reo build` first")
    return file


def load_table(
    table_name: str,
    *,
    country_names: bool = False,
    dates: bool = False,
    release: str | Path | None = None,
    **filters: reading.Wanted,
) -> pd.DataFrame:
    """A finished table, its key as ordinary columns, or those of its rows that have certain values in some columns.

    A filter is a column with a value or a list of values; None stands for rows without one. `country_names` adds the English
    name beside each country's code, `dates` turns dates into timestamps of their first day with a column of their precision.
    `release` reads it from a release instead, by version, folder, archive or address (`pipeline.released`), as it was then.
    Raises NoSuchTable, and ReoError for an unknown column or a value that its vocabulary does not have.

        load_table("export_concentration", year=range(2015, 2025), basis="value", hs6="850511")
        load_table("policy_events", actor="CHN", country_names=True, dates=True)
    """
    if release is not None:
        if country_names or dates:
            problem = "country_names and dates are of the working tables, and a release is named"
            raise ReoError(problem, "leave them out, or let REO_DATA name the release's folder")
        return open_release(release).table(table_name, **filters)
    file, declared = _built(table_name), table(table_name)
    wanted = reading.expression(declared, filters)
    try:
        stored = pyarrow.parquet.read_table(file, memory_map=True, filters=wanted)
    except (pyarrow.ArrowException, OSError) as error:
        raise Unreadable(table_name, error) from error
    nullable = [name for name, kind in t.kinds(declared).items() if kind == "Int64"]
    frame: pd.DataFrame = stored.to_pandas().astype(dict.fromkeys(nullable, "Int64"))
    if dates:
        frame = reading.with_dates(declared, frame)
    return reading.with_country_names(declared, frame, load_table("countries")) if country_names else frame


def batches(table_name: str, columns: list[str]) -> Iterator[pd.DataFrame]:
    """Some columns of a finished table, a frame for each row group of its file; none where it has not been built."""
    if not (file := parquet_path(table_name)).is_file():
        return
    try:
        stored = pyarrow.parquet.ParquetFile(file)
        for group in range(stored.num_row_groups):
            yield stored.read_row_group(group, columns).to_pandas()
    except (pyarrow.ArrowException, OSError) as error:
        raise Unreadable(table_name, error) from error


def scan_table(table_name: str) -> "ir.Table":
    """A finished table as an Ibis expression over its Parquet file, read out of core by the engine (`pipeline.engine`)."""
    import duckdb

    try:
        return engine.scan(_built(table_name))
    except duckdb.Error as error:
        raise Unreadable(table_name, error) from error


def policy_register(as_of: "str | date", on: "str | date | None" = None) -> pd.DataFrame:
    """The acts of policy_events with their status as documents dated by `as_of` gave it: transaction time.

    `on`, valid time, asks for the status on a day before `as_of`. docs/policy-coding.md defines the terms,
    `pipeline.measures.helpers.register_as_of` the rules. Raises NoSuchTable, and ReoError for an invalid date.

        policy_register(as_of="2025-10-15")
        policy_register(as_of="2026-11-28", on="2025-10-15")
    """
    from pipeline.measures.helpers.register_as_of import register_as_of

    return register_as_of(load_table("policy_events"), load_table("policy_status"), as_of, on)


def save_table(table_name: str, frame: pd.DataFrame) -> contract.Checked:
    """Check a frame against its contract, then store it. Raises ContractBroken; then nothing is touched."""
    checked = contract.check(table(table_name), frame)
    store(table_name, checked)
    return checked


def store(table_name: str, checked: contract.Checked) -> None:
    """Store a table as Parquet and CSV, each whole or not at all; quarantined rows go to quarantine/ with their reason."""
    with draft(table_name) as drafted:
        drafted.add(checked.rows)
        put(table_name, drafted, checked.quarantined)


def draft(table_name: str) -> "AbstractContextManager[Draft]":
    """A draft of a table's files: its parts are added to it, then `put` stores them."""
    return table_files.draft(table(table_name), csv_path(table_name), parquet_path(table_name))


def put(table_name: str, drafted: "Draft", quarantined: pd.DataFrame) -> None:
    """Store a draft and the rows quarantined from it."""
    drafted.put()
    quarantine = quarantine_path(table_name)
    if len(quarantined):
        files.replace(quarantine, lambda part: quarantined.to_csv(part, index=False))
    else:
        quarantine.unlink(missing_ok=True)


def row_count(table_name: str) -> int:
    try:
        return int(pyarrow.parquet.read_metadata(_built(table_name)).num_rows)
    except (pyarrow.ArrowException, OSError) as error:
        raise Unreadable(table_name, error) from error


def write_database() -> None:
    """A DuckDB file with one view a table, for SQL users; it holds no rows of its own."""
    import duckdb

    def write(part: Path) -> None:
        part.unlink(missing_ok=True)
        with duckdb.connect(str(part)) as connection:
            for table_name in tables():
                file = str(parquet_path(table_name)).replace("'", "''")
                connection.execute(f"create view {table_name} as select * from read_parquet('{file}')")

    files.replace(paths.database(), write)


def stored_files(table_name: str) -> list[Path]:
    """The files that a table has once it is built: CSV and Parquet, or Parquet alone where it is too long for CSV."""
    both = [csv_path(table_name), parquet_path(table_name)]
    return both[1:] if both[1].is_file() and row_count(table_name) > table_files.CSV_ROWS else both


def stored_hash(table_name: str) -> str | None:
    """A fingerprint of a table's files as they are on disk, None where one is missing or cannot be read."""
    digest = hashlib.sha256()
    try:
        stored = stored_files(table_name)
    except Unreadable:
        return None
    for file in stored:
        if not file.is_file():
            return None
        try:
            with file.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
        except OSError:
            return None
    return digest.hexdigest()


# What readers want besides. It is in a module above this one, since it knows sources, lineage and checks.
OF_THE_LIBRARY = ("cite", "describe", "list_tables", "names", "search")

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name in OF_THE_LIBRARY:
            return getattr(importlib.import_module("pipeline.library"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *OF_THE_LIBRARY]
