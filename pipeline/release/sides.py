"""What is compared in a diff: a release, or the working tables as a release made now would contain them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet

from pipeline import catalog, paths, released, restricted
from pipeline.intake import lock
from pipeline.release import descriptor

WORKING = "working"


@dataclass(frozen=True)
class Side:
    """One side of a diff: its name, the Table Schema of each table, the edition of each source, a table's Parquet file."""

    name: str
    schemas: Mapping[str, Mapping[str, Any]]
    editions: Mapping[str, str]
    parquet: Callable[[str], Path]


@contextmanager
def side(where: str | Path) -> Iterator[Side]:
    """A release named as `released.open_release` takes it, `working`, or a data folder such as a candidate's.

    Raises ReoError where there is none.
    """
    if str(where) == WORKING:
        with TemporaryDirectory() as temporary:
            yield _working("the working tables", paths.data(), Path(temporary))
    elif (folder := Path(where).absolute()).joinpath("raw", "sources.yml").is_file():
        with TemporaryDirectory() as temporary:
            yield _working(f"the tables in {where}", folder, Path(temporary))
    else:
        found = released.open_release(where)
        yield described(found.descriptor, found.parquet)


def described(descriptor: Mapping[str, Any], parquet: Callable[[str], Path]) -> Side:
    """A release by the content of its datapackage.json."""
    schemas = {resource["name"]: resource["schema"] for resource in descriptor["resources"] if "schema" in resource}
    editions = {source["source_id"]: source["version"] for source in descriptor["sources"]}
    return Side(str(descriptor["version"]), schemas, editions, parquet)


def _working(name: str, folder: Path, temporary: Path) -> Side:
    """The tables of a data folder; it is named whenever one is read, for by then another may be the working one."""
    with paths.using(folder):
        made_from = descriptor.sources_used()
        editions = {source_id: source.edition for source_id, source in lock.read().sources.items() if source_id in made_from}
        schemas = {name: descriptor.schema(table) for name, table in catalog.tables().items()}

    def parquet(table_name: str) -> Path:
        with paths.using(folder):
            return _open_rows(table_name, temporary)

    return Side(name, schemas, editions, parquet)


def _open_rows(table_name: str, temporary: Path) -> Path:
    """A working table's file; where it has rows that no release may contain, a copy without them."""
    catalog.row_count(table_name)
    file = catalog.parquet_path(table_name)
    naming = [c for c in pyarrow.parquet.read_schema(file).names if c.endswith(("source_id", "document_id"))]
    closed = restricted.source_of_rows(table_name, pyarrow.parquet.read_table(file, columns=naming).to_pandas()).notna()
    if not closed.any():
        return file
    copy = temporary / file.name
    pyarrow.parquet.write_table(pyarrow.parquet.read_table(file).filter(pyarrow.array(~closed.to_numpy())), copy)
    return copy
