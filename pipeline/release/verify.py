"""Check a received release: every byte, every file, every table against its descriptor."""

import json
import logging
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet
from rich.console import Console
from rich.markup import escape

from pipeline import packed, paths
from pipeline.errors import ReoError
from pipeline.files import sha256
from pipeline.release import databases, descriptor, spreadsheet, versions

# frictionless reads some 20,000 rows a second; larger tables are read whole as typed columns instead.
ROW_BY_ROW_BYTES = 4_000_000
ARROW = {"integer": pyarrow.int64(), "number": pyarrow.float64(), "boolean": pyarrow.bool_(), "string": pyarrow.string()}
PROPERTIES = {
    *("$schema", "name", "title", "description", "version", "created", "commit", "keywords", "licenses", "contributors"),
    *("sources", "resources"),
}
OF_RESOURCE = {
    *("name", "type", "title", "description", "path", "bytes", "hash", "format", "mediatype", "encoding", "schema"),
    *("sources", "parquet"),
}
OF_FORECAST = {"name", "title", "description", "path", "bytes", "hash", "format", "mediatype", "encoding"}
OF_SCHEMA = {"fields", "primaryKey", "foreignKeys", "missingValues"}
OPTIONAL = {"foreignKeys"}
NOT_COMPARED = "the archive's hash was not compared with a published one (--sha256)"
log = logging.getLogger("reo")


@dataclass(frozen=True)
class Verified:
    """What was checked of a release that passed."""

    title: str
    version: str
    commit: str
    files: int
    row_by_row: tuple[str, ...]
    as_columns: tuple[str, ...]
    # What the archive hashes to, where that is what was published.
    published: str | None = None

    def print(self, out: Console, verbose: bool = True) -> None:
        """What passed, in three lines; with `verbose` how each table was read."""
        named = escape(f"{self.title}, version {self.version}, commit {self.commit[:12]}")
        out.print(f"[bold green]As released.[/] {named}", highlight=False)
        out.print(f"  {self.files:,} files: every checksum matches, none missing, none extra", highlight=False)
        compared = f"the archive hashes to {self.published}, as published" if self.published else NOT_COMPARED
        out.print(f"  {compared}", highlight=False, soft_wrap=True)
        if not verbose:
            tables = len(self.row_by_row) + len(self.as_columns)
            out.print(f"  {tables} tables are as datapackage.json says; --verbose: how each was read", highlight=False)
            return
        out.print("  datapackage.json is a valid Data Package v2; every CSV equals its Parquet file", highlight=False)
        row_by_row = escape(", ".join(self.row_by_row) or "none")
        out.print(f"  read row by row against columns, bounds and key: {row_by_row}", highlight=False)
        if self.as_columns:
            large = f"above {ROW_BY_ROW_BYTES // 1_000_000} MB, read as typed columns only, bounds and key not checked again"
            out.print(f"  {large}: {escape(', '.join(self.as_columns))}", highlight=False)


def verify(path: Path, published: str = "") -> Verified:
    """Check a release's folder, with the archive and databases beside it if there are any, or an archive.

    `published` is what the archive must hash to, by default what CHANGELOG.md states for its version. Raises NotAsReleased
    listing every fault, ReoError where there is no release. Nothing is fetched, whatever the release names.
    """
    if path.is_dir():
        inside = sorted(path.glob("reo-*/SHA256SUMS"))
        folder = inside[0].parent if len(inside) == 1 else path
        found = _verify_folder(folder)
        log.info("verify: databases beside the folder")
        described = json.loads((folder / "datapackage.json").read_text("utf-8"))
        packed.refuse(folder, databases.differing(folder, described, folder.resolve().parent))
        beside = folder.resolve().with_name(f"{folder.resolve().name}.tar.gz")
        _verify_beside(folder, beside)
        return _compared(found, beside, published)
    if not path.is_file():
        problem = f"{path} is no file or folder" if path.exists() else f"{path} does not exist"
        raise ReoError(problem, "name a release's folder (the one with SHA256SUMS) or its reo-VERSION.tar.gz")
    with tempfile.TemporaryDirectory() as temporary:
        log.info("verify: unpacking %s", path.name)
        return _compared(_verify_folder(packed.unpack(path, Path(temporary))), path, published)


def _compared(found: Verified, archive: Path, published: str) -> Verified:
    """What was verified, with the hash of its archive if one was published. Raises NotAsReleased where it has another.

    Whoever edits a table can rewrite the checksums with it, but not what was published elsewhere.
    """
    expected = published or versions.stated(paths.REPOSITORY / versions.CHANGELOG).get(found.version)
    if not archive.is_file():
        if published:
            raise ReoError(f"{archive} is missing, and only an archive has the published hash", "put it beside the folder")
        return found
    if expected and (actual := sha256(archive)) != expected:
        where = "as given" if published else f"as {versions.CHANGELOG} states"
        packed.refuse(archive, [f"{archive.name} hashes to {actual}, but release {found.version} to {expected}, {where}"])
    return replace(found, published=expected)


def _verify_beside(folder: Path, beside: Path) -> None:
    """The archive beside a folder, if there is one, holds the same files."""
    if not beside.exists():
        return
    with tempfile.TemporaryDirectory() as temporary:
        log.info("verify: unpacking %s, which is beside the folder", beside.name)
        unpacked = packed.unpack(beside, Path(temporary))
        if packed.checksums(unpacked) != packed.checksums(folder):
            packed.refuse(folder, [f"{beside.name}, beside it, has other files"])


def _verify_folder(folder: Path) -> Verified:
    log.info("verify: checksums")
    files = packed.checksums(folder)
    described = _described(folder)
    log.info("verify: data package")
    row_by_row, as_columns = _tables(folder, described)
    named = described["title"], described["version"], described["commit"]
    return Verified(*named, len(files), tuple(row_by_row), tuple(as_columns))


def _described(folder: Path) -> dict[str, Any]:
    """datapackage.json, valid, naming every table of the folder and nothing that would have to be fetched."""
    import frictionless

    try:
        described = json.loads((folder / "datapackage.json").read_text("utf-8"))
        faults = _of_no_release(described)
        if not faults:
            faults = [f"datapackage.json: {error.note}" for error in frictionless.Package.metadata_validate(described)]
        named = set()
        for file in () if faults else _files_named(described):
            named.add(file["path"])
            file_path = folder / file["path"]
            if not packed.plain(file["path"]) or not file_path.is_file():
                faults.append(f"datapackage.json names {file['path']!r}, which is no file of this release")
            elif file_path.stat().st_size != file["bytes"] or f"sha256:{sha256(file_path)}" != file["hash"]:
                faults.append(f"{file['path']} has other bytes than datapackage.json says")
        if not faults:
            tables = {name for name in packed.inside(folder) if name.startswith("tables/")}
            faults = [f"datapackage.json does not name {name}" for name in sorted(tables - named)]
            faults += [] if tables else ["there are no tables"]
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        frictionless.FrictionlessException,
    ) as error:
        faults = [f"datapackage.json cannot be read ({type(error).__name__}: {error})"]
    packed.refuse(folder, faults)
    return dict(described)


def _of_no_release(described: Any) -> list[str]:
    """What no release's descriptor has: other properties, or an address where one would be fetched from."""
    if not isinstance(described, dict):
        return ["datapackage.json is no object"]
    faults = [
        f"datapackage.json has no {name}" for name in ("title", "version", "commit") if not isinstance(described.get(name), str)
    ]
    if described.get("$schema") != descriptor.PROFILE:
        faults.append(f"datapackage.json names the profile {described.get('$schema')!r}; a release's is {descriptor.PROFILE}")
    resources = described.get("resources")
    if not isinstance(resources, list) or not all(isinstance(resource, dict) for resource in resources):
        return [*faults, "datapackage.json has no list of resources"]
    for place, found, known in [
        ("datapackage.json", described, PROPERTIES),
        *((f"resource {r.get('name')!r}", r, OF_FORECAST if descriptor.is_forecast(r) else OF_RESOURCE) for r in resources),
        *((f"the schema of {r.get('name')!r}", r.get("schema"), OF_SCHEMA) for r in resources if not descriptor.is_forecast(r)),
    ]:
        if not isinstance(found, dict):
            faults.append(f"{place} is missing or not in datapackage.json itself")
        else:
            faults += [f"{place} has the property {name!r}, which no release has" for name in sorted(found.keys() - known)]
            faults += [f"{place} has no {name}" for name in sorted(known - found.keys() - OPTIONAL)]
    return faults


def _files_named(described: dict[str, Any]) -> list[dict[str, Any]]:
    of_tables = [file for resource in descriptor.tables(described) for file in (resource, resource["parquet"])]
    return [*of_tables, *descriptor.forecasts(described)]


def _tables(folder: Path, described: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The tables read row by row, and those only read as columns. Raises NotAsReleased naming file, row and column."""
    import frictionless

    faults: list[str] = []
    row_by_row, as_columns = [], []
    for resource in descriptor.tables(described):
        faults += _formats_differ(folder, resource)
        if resource["bytes"] > ROW_BY_ROW_BYTES:
            as_columns.append(resource["name"])
            continue
        row_by_row.append(resource["name"])
        log.info("verify: %s, row by row", resource["name"])
        alone = {**resource, "schema": {name: v for name, v in resource["schema"].items() if name != "foreignKeys"}}
        standard = {"$schema": described["$schema"], "resources": [json.loads(json.dumps(alone))]}
        report = frictionless.Package.from_descriptor(standard, basepath=str(folder)).validate(limit_errors=packed.SHOWN)
        faults += [f"{resource['path']}: {message}" for (message,) in report.flatten(["message"])]
    packed.refuse(folder, faults)
    packed.refuse(folder, without_reference(folder, described))
    return row_by_row, as_columns


def without_reference(folder: Path, described: dict[str, Any]) -> list[str]:
    """The columns that have keys which the table they refer to does not have."""
    faults = []
    files = {resource["name"]: folder / resource["parquet"]["path"] for resource in descriptor.tables(described)}
    for resource in descriptor.tables(described):
        for one in resource["schema"].get("foreignKeys", []):
            try:
                (column,), reference = one["fields"], one["reference"]
                values = pyarrow.parquet.read_table(files[resource["name"]], columns=[column]).column(0).unique().drop_null()
                known = pyarrow.parquet.read_table(files[reference["resource"]], columns=reference["fields"]).column(0)
                missing = values.filter(pyarrow.compute.invert(pyarrow.compute.is_in(values, known)))
            except (pyarrow.ArrowException, KeyError, IndexError, TypeError, ValueError) as error:
                return [f"datapackage.json: a foreign key of {resource['name']} cannot be followed ({error})"]
            if len(missing):
                faults.append(f"{resource['path']}: {column} {missing[0].as_py()!r} is no row of {reference['resource']}")
    return faults


def _formats_differ(folder: Path, resource: dict[str, Any]) -> list[str]:
    """The differences between a table's CSV, its Parquet file and its Table Schema."""
    declared = pyarrow.schema([(field["name"], ARROW[field["type"]]) for field in resource["schema"]["fields"]])
    options = pyarrow.csv.ConvertOptions(
        column_types=declared, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
    )
    try:
        of_parquet = pyarrow.parquet.read_table(folder / resource["parquet"]["path"])
        if of_parquet.schema != declared:
            return [f"{resource['parquet']['path']} has other columns or types than datapackage.json says"]
        parse = pyarrow.csv.ParseOptions(newlines_in_values=True)
        of_csv = pyarrow.csv.read_csv(folder / resource["path"], parse_options=parse, convert_options=options)
    except (pyarrow.ArrowException, OSError, KeyError) as error:
        return [f"{resource['path']} cannot be read as the columns datapackage.json names ({error})"]
    return (
        []
        if of_csv.equals(spreadsheet.guarded(of_parquet))
        else [f"{resource['path']} differs from {resource['parquet']['path']}"]
    )
