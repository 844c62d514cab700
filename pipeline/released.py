"""A release as its readers meet it: a folder, an archive, or an address of either.

Whatever is read is first compared with its checksum. It needs pandas, pyarrow and pooch, and fsspec for addresses other than
http(s). What is fetched or unpacked stays in a cache (`REO_CACHE` names another folder than the system's own).
"""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import packed, paths
from pipeline.errors import ReoError, did_you_mean
from pipeline.files import sha256
from pipeline.packed import NotAsReleased

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow.compute

VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://")
ARCHIVE = ".tar.gz"
# After an address: what the archive, or a folder's SHA256SUMS, must hash to.
EXPECTED = "#sha256="
TYPES = {"integer": "int64", "number": "float64", "boolean": "bool", "string": "str"}


@dataclass(frozen=True)
class Release:
    """One release: where it is, its files by name with their checksums, and how a file of it comes to be on this machine."""

    where: str
    listed: Mapping[str, str] = field(repr=False)
    locate: Callable[[str], Path] = field(repr=False)

    def file(self, name: str) -> Path:
        """A file of the release on this machine. Raises NotAsReleased if its bytes are not those released."""
        if name not in self.listed:
            raise ReoError(f"{self.where} has no file {name!r}", did_you_mean(name, self.listed))
        path = self.locate(name)
        if not path.is_file() or sha256(path) != self.listed[name]:
            raise NotAsReleased(f"{name} of {self.where} has other bytes than released", "do not use it: get the release again")
        return path

    @cached_property
    def descriptor(self) -> dict[str, Any]:
        """The content of datapackage.json."""
        described: dict[str, Any] = json.loads(self.file("datapackage.json").read_text("utf-8"))
        return described

    @property
    def version(self) -> str:
        return str(self.descriptor["version"])

    @cached_property
    def resources(self) -> dict[str, dict[str, Any]]:
        """What datapackage.json says of each table, by name."""
        return {resource["name"]: resource for resource in self.descriptor["resources"] if "schema" in resource}

    def resource(self, table_name: str) -> dict[str, Any]:
        if table_name not in self.resources:
            problem = f"release {self.version} has no table {table_name!r}"
            raise ReoError(problem, did_you_mean(table_name, self.resources))
        return self.resources[table_name]

    def parquet(self, table_name: str) -> Path:
        """A table's Parquet file on this machine."""
        return self.file(self.resource(table_name)["parquet"]["path"])

    def table(self, table_name: str, **filters: Any) -> "pd.DataFrame":
        """A table, or those of its rows that have certain values; None stands for rows without one."""
        import pyarrow.parquet

        fields = {f["name"]: f for f in self.resource(table_name)["schema"]["fields"]}
        file = self.parquet(table_name)
        wanted = _condition(table_name, filters, pyarrow.parquet.read_schema(file)) if filters else None
        types = {
            name: "Int64" for name, f in fields.items() if f["type"] == "integer" and not f.get("constraints", {}).get("required")
        }
        frame: pd.DataFrame = pyarrow.parquet.read_table(file, filters=wanted).to_pandas().astype(types)
        return frame


def open_release(where: str | Path) -> Release:
    """A release by version (`0.1.0`, in data/releases or below `REO_RELEASES`), folder, archive, or address of either.

    An address may end in `#sha256=…`: what the archive, or the SHA256SUMS of a folder, must hash to.
    Raises ReoError where there is none, NotAsReleased where it is damaged.
    """
    text, _, expected = str(where).partition(EXPECTED)
    if VERSION.fullmatch(text):
        text = _of_version(text)
    if ADDRESS.match(text):
        return _at_address(text.rstrip("/"), expected)
    path = Path(text)
    if path.is_dir():
        return _in_folder(path, expected)
    if not path.is_file():
        raise ReoError(f"there is no release at {where}", "name a version, a release's folder, its archive, or an address")
    return _in_archive(path, str(where), expected)


def cache() -> Path:
    """Where fetched and unpacked releases stay; it may be deleted at any time."""
    import pooch

    return Path(os.environ.get("REO_CACHE") or pooch.os_cache("rare-earth-observatory"))


def _of_version(version: str) -> str:
    base = os.environ.get("REO_RELEASES", str(paths.releases())).rstrip("/")
    packed_at = f"{base}/{version}/reo-{version}{ARCHIVE}"
    if ADDRESS.match(base) or not (folder := Path(base) / version / f"reo-{version}").is_dir():
        if not ADDRESS.match(base) and not Path(packed_at).is_file():
            remedy = "name its folder, archive or address, or let REO_RELEASES name the folder or address that has VERSION/ in it"
            raise ReoError(f"release {version} is not in {base}", remedy)
        return packed_at
    return str(folder)


def _in_folder(path: Path, expected: str = "") -> Release:
    inside = sorted(path.glob(f"reo-*/{packed.CHECKSUMS}"))
    folder = inside[0].parent if len(inside) == 1 else path
    _require(folder / packed.CHECKSUMS, expected)
    return Release(str(folder), packed.listed(folder), folder.joinpath)


def _in_archive(file: Path, where: str, expected: str) -> Release:
    digest = _require(file, expected)
    home = cache() / "unpacked" / digest
    if not home.is_dir():
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home.parent) as temporary:
            content = Path(temporary) / "content"
            content.mkdir()
            packed.checksums(packed.unpack(file, content))
            # Another process may have been faster: then its folder stays.
            if not home.is_dir():
                shutil.move(content, home)
    found = _in_folder(home)
    return Release(where, found.listed, found.locate)


def _at_address(address: str, expected: str) -> Release:
    if address.endswith(ARCHIVE):
        return _in_archive(_fetched(address, address.rpartition("/")[2], expected), address, expected)
    sums = _fetched(address, packed.CHECKSUMS, expected, f"{address}/{packed.CHECKSUMS}")
    listed = packed.listed(sums.parent)
    return Release(address, listed, lambda name: _fetched(address, name, listed[name], f"{address}/{name}"))


def _fetched(release: str, name: str, expected: str, address: str | None = None) -> Path:
    """A file of a release at an address, from the cache where it is there already."""
    import hashlib

    import pooch

    pooch.get_logger().setLevel("WARNING")
    target = cache() / "fetched" / hashlib.sha256(release.encode()).hexdigest()[:16] / name
    http = release.startswith(("http://", "https://"))
    try:
        found = pooch.retrieve(
            address or release,
            known_hash=f"sha256:{expected}" if expected else None,
            fname=target.name,
            path=target.parent,
            downloader=pooch.HTTPDownloader(timeout=60) if http else _by_fsspec,
        )
    except ValueError as error:
        problem = f"{name} of {release} has other bytes than released"
        raise NotAsReleased(problem, "do not use it: try again; if it remains, report it to the maintainers") from error
    except (OSError, ImportError) as error:
        remedy = "check the address and the network; s3:// needs the package s3fs, gs:// the package gcsfs"
        raise ReoError(f"cannot fetch {address or release} ({error})", remedy) from error
    return Path(found)


def _by_fsspec(address: str, output: str, pooch: object) -> None:
    import fsspec

    try:
        source = fsspec.open(address, "rb")
    except ValueError as error:
        # An unknown protocol; pooch means other bytes by a ValueError.
        raise OSError(str(error)) from error
    with source as content, Path(output).open("wb") as target:
        shutil.copyfileobj(content, target)


def _require(file: Path, expected: str) -> str:
    """The sha256 of a file, which must be the one expected where one is."""
    if not file.is_file():
        raise ReoError(f"{file.parent} has no {file.name}, so it is no release", "name the folder reo-VERSION or its archive")
    digest = sha256(file)
    if expected and digest != expected:
        raise NotAsReleased(f"{file} has the sha256 {digest}, not {expected}", "do not use it: get the release again")
    return digest


def _condition(table_name: str, filters: Mapping[str, Any], schema: "pyarrow.Schema") -> "pyarrow.compute.Expression | None":
    import pyarrow
    import pyarrow.compute

    whole = None
    for name, wanted in filters.items():
        if name not in schema.names:
            raise ReoError(f"table {table_name} has no column {name!r}", did_you_mean(name, schema.names))
        values = [wanted] if isinstance(wanted, str) or not isinstance(wanted, Iterable) else list(wanted)
        present = [value for value in values if value is not None]
        column = pyarrow.compute.field(name)
        try:
            condition = column.isin(pyarrow.array(present, schema.field(name).type))
        except pyarrow.ArrowException as error:
            remedy = f"give {schema.field(name).type} values, or a list of them"
            raise ReoError(f"column {name} of {table_name} is never {wanted!r}", remedy) from error
        condition = condition | column.is_null() if len(present) < len(values) else condition
        whole = condition if whole is None else whole & condition
    return whole
