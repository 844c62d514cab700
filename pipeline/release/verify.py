"""Check a received release: every byte, every file, every table against its descriptor."""

import json
import logging
import re
import shutil
import tarfile
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow
import pyarrow.csv
import pyarrow.parquet
from rich.console import Console

from pipeline.errors import ReoError
from pipeline.intake.lock import sha256
from pipeline.release import archive, spreadsheet

# frictionless reads some 20,000 rows a second; larger tables are read whole as typed columns instead.
ROW_BY_ROW_BYTES = 4_000_000
SHOWN = 12
ARROW = {"integer": pyarrow.int64(), "number": pyarrow.float64(), "boolean": pyarrow.bool_(), "string": pyarrow.string()}
log = logging.getLogger("reo")


class NotAsReleased(ReoError):
    """A release that differs from what was published: do not use it."""


@dataclass(frozen=True)
class Verified:
    """What was checked of a release that passed."""

    title: str
    version: str
    commit: str
    files: int
    row_by_row: tuple[str, ...]
    as_columns: tuple[str, ...]

    def print(self, out: Console) -> None:
        out.print(f"[bold green]As released.[/] {self.title}, version {self.version}, commit {self.commit[:12]}", highlight=False)
        out.print(f"  {self.files:,} files: every checksum matches, none missing, none extra", highlight=False)
        out.print("  datapackage.json is a valid Data Package v2; every CSV equals its Parquet file", highlight=False)
        out.print(f"  read row by row against columns, bounds and key: {', '.join(self.row_by_row) or 'none'}", highlight=False)
        if self.as_columns:
            large = f"above {ROW_BY_ROW_BYTES // 1_000_000} MB, read as typed columns only, bounds and key not checked again"
            out.print(f"  {large}: {', '.join(self.as_columns)}", highlight=False)


def verify(path: Path) -> Verified:
    """Check a release's folder or archive. Raises NotAsReleased listing every fault, ReoError where there is no release."""
    if path.is_dir():
        inside = sorted(path.glob("reo-*/SHA256SUMS"))
        return _verify_folder(inside[0].parent if len(inside) == 1 else path)
    if not path.is_file():
        raise ReoError(f"{path} does not exist", "name a release's folder (the one with SHA256SUMS) or its reo-VERSION.tar.gz")
    with tempfile.TemporaryDirectory() as temporary:
        log.info("verify: unpacking %s", path.name)
        return _verify_folder(_unpack(path, Path(temporary)))


def _unpack(packed: Path, target: Path) -> Path:
    """The one folder in an archive, unpacked. Only regular files with plain names are written, none outside `target`."""
    remedy = "do not use it: download it again and compare its sha256 with the one published"
    try:
        with tarfile.open(packed, "r:gz") as tar:
            for member in tar:
                name = PurePosixPath(member.name)
                if not _plain(member.name) or len(name.parts) < 2 or not member.isreg():
                    problem = f"{packed.name} contains {member.name!r}; a release contains plain files inside one folder only"
                    raise NotAsReleased(problem, remedy)
                file = target / name
                file.parent.mkdir(parents=True, exist_ok=True)
                content = tar.extractfile(member)
                if file.exists() or content is None:
                    raise NotAsReleased(f"{packed.name} contains {member.name!r} twice", remedy)
                with file.open("wb") as stream:
                    shutil.copyfileobj(content, stream)
            # A tar ends before its file does; gzip verifies the checksum at the last byte.
            while tar.fileobj and tar.fileobj.read(1 << 20):
                pass
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise NotAsReleased(f"{packed.name} cannot be unpacked, it is truncated or damaged ({error})", remedy) from error
    folders = sorted(p for p in target.iterdir() if p.is_dir())
    if len(folders) != 1:
        raise NotAsReleased(f"{packed.name} contains {len(folders)} folders; a release is one", remedy)
    return folders[0]


def _plain(name: str) -> bool:
    """A relative path that cannot leave its folder."""
    parts = name.split("/")
    return not any(part in ("", ".", "..") for part in parts) and "\\" not in name and "\0" not in name


def _verify_folder(folder: Path) -> Verified:
    log.info("verify: checksums")
    files = _checksums(folder)
    described = _described(folder)
    log.info("verify: data package")
    row_by_row, as_columns = _tables(folder, described)
    named = described["title"], described["version"], described["commit"]
    return Verified(*named, len(files), tuple(row_by_row), tuple(as_columns))


def _checksums(folder: Path) -> dict[str, str]:
    """The checksums in SHA256SUMS, once verified."""
    listing = folder / archive.CHECKSUMS
    if not listing.is_file():
        problem = f"{folder} has no {archive.CHECKSUMS}, so it is no release"
        raise ReoError(problem, "name the folder reo-VERSION or its reo-VERSION.tar.gz")
    lines = listing.read_text("utf-8", errors="replace").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    faults = [
        f"{archive.CHECKSUMS} says {line!r}, which is no checksum of a file in this folder"
        for line in lines
        if not re.fullmatch(r"[0-9a-f]{64}  .+", line) or not _plain(line[66:])
    ]
    if not faults:
        found = set(archive.files(folder)) - {archive.CHECKSUMS}
        faults += [f"{name} is missing" for name in sorted(listed.keys() - found)]
        faults += [f"{name} is extra: no checksum names it" for name in sorted(found - listed.keys())]
        faults += [f"{name} is a link, not a file" for name in sorted(found) if (folder / name).is_symlink()]
    if not faults:
        faults += [f"{name} has other bytes than released" for name in sorted(found) if sha256(folder / name) != listed[name]]
    _refuse(folder, faults)
    return listed


def _refuse(folder: Path, faults: list[str]) -> None:
    if faults:
        more = [f"  - … and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
        raise NotAsReleased(
            f"{folder.name} is not as released:\n" + "\n".join([*(f"  - {fault}" for fault in faults[:SHOWN]), *more]),
            "do not use it: get the release again; if the fault remains, report it to the maintainers",
        )


def _described(folder: Path) -> dict[str, Any]:
    """datapackage.json, valid, with every file it names present."""
    import frictionless

    try:
        described = json.loads((folder / "datapackage.json").read_text("utf-8"))
        faults = [f"datapackage.json: {error.note}" for error in frictionless.Package.metadata_validate(described)]
        faults += [f"datapackage.json has no {name}" for name in ("title", "version", "commit") if name not in described]
        for file in () if faults else _files_named(described):
            file_path = folder / file["path"]
            if not _plain(file["path"]) or not file_path.is_file():
                faults.append(f"datapackage.json names {file['path']!r}, which is no file of this release")
            elif file_path.stat().st_size != file["bytes"] or f"sha256:{sha256(file_path)}" != file["hash"]:
                faults.append(f"{file['path']} has other bytes than datapackage.json says")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        faults = [f"datapackage.json cannot be read ({type(error).__name__}: {error})"]
    _refuse(folder, faults)
    return dict(described)


def _files_named(described: dict[str, Any]) -> list[dict[str, Any]]:
    return [file for resource in described["resources"] for file in (resource, resource["parquet"])]


def _tables(folder: Path, described: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The tables read row by row, and those only read as columns. Raises NotAsReleased naming file, row and column."""
    import frictionless

    faults: list[str] = []
    row_by_row, as_columns = [], []
    for resource in described["resources"]:
        faults += _formats_differ(folder, resource)
        if resource["bytes"] > ROW_BY_ROW_BYTES:
            as_columns.append(resource["name"])
            continue
        row_by_row.append(resource["name"])
        log.info("verify: %s, row by row", resource["name"])
        standard = {"$schema": described["$schema"], "resources": [json.loads(json.dumps(resource))]}
        report = frictionless.Package.from_descriptor(standard, basepath=str(folder)).validate(limit_errors=SHOWN)
        faults += [f"{resource['path']}: {message}" for (message,) in report.flatten(["message"])]
    _refuse(folder, faults)
    return row_by_row, as_columns


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
    except pyarrow.ArrowInvalid as error:
        return [f"{resource['path']} cannot be read as the columns datapackage.json names ({error})"]
    return (
        []
        if of_csv.equals(spreadsheet.guarded(of_parquet))
        else [f"{resource['path']} differs from {resource['parquet']['path']}"]
    )
