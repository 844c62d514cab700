"""The files of a source as a parser receives them, without the lock: real ones, toy ones, and toy ones spoilt."""

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from pipeline.intake.source_files import SourceFiles

REPOSITORY = Path(__file__).parents[2]
REAL = REPOSITORY / "data" / "raw"
TOY = REPOSITORY / "tests" / "toy_world" / "raw"
RESTRICTED = ("prices_repository", "prices_ex_china", "prices_more", "komis_prices")


class Files:
    """Stands in for SourceFiles: the source's folder below `raw`."""

    def __init__(self, source_id: str, raw: Path):
        self.id = source_id
        self.raw = raw
        self.corrected: set[str] = set()
        self.accessed = "2026-11-24"
        self.source = SimpleNamespace(redistribution="restricted" if source_id in RESTRICTED else "facts")

    def path(self, name: str) -> Path:
        return self.raw / self.id / name

    def paths(self) -> list[Path]:
        return sorted((self.raw / self.id).iterdir())


def files(source_id: str, raw: Path = REAL) -> SourceFiles:
    return cast(SourceFiles, Files(source_id, raw))


Change = Callable[[bytes], bytes]


def spoilt(tmp_path: Path, file: str, change: Change) -> Path:
    """The toy raw folder copied, one file of it changed."""
    raw = tmp_path / "raw"
    shutil.copytree(TOY, raw)
    before = (raw / file).read_bytes()
    after = change(before)
    assert after != before, f"nothing was changed in {file}"
    (raw / file).write_bytes(after)
    return raw


def put(old: str, new: str) -> Change:
    """A text put for the first occurrence of another."""
    return lambda content: content.replace(old.encode(), new.encode(), 1)


def half_written(content: bytes) -> bytes:
    """Cut in the middle of a row, inside its quotes or before its last cells."""
    return content[: content.rindex(b",") - 3].rsplit(b",", 1)[0]


def wrongly_encoded(content: bytes) -> bytes:
    return content + "Größe".encode("latin-1") + b"\n"


def repeated_row(content: bytes) -> bytes:
    return content + content.splitlines(keepends=True)[-1]
