"""Sources made in a test: any files, locked as they are, given as parsers receive them."""

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from pipeline import paths
from pipeline.intake import lock
from pipeline.intake.source_files import SourceFiles

WORDS = ("title", "publisher", "licence", "attribution", "landing_page", "edition", "accessed", "terms", "next_edition")
Write = Callable[..., SourceFiles]


@pytest.fixture
def source(data_folder: Path) -> Write:
    """`source("usgs_mcs", **{"world.csv": "text or bytes"})`: the files written and locked."""
    found: dict[str, dict[str, object]] = {"packages": {}, "sources": {}}

    def write(source_id: str, **files: str | bytes) -> SourceFiles:
        entries = []
        for name, content in files.items():
            file = paths.raw() / source_id / name
            file.parent.mkdir(exist_ok=True)
            data = content.encode() if isinstance(content, str) else content
            file.write_bytes(data)
            entries.append({"name": f"{source_id}/{name}", "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)})
        words = {w: w for w in WORDS} | {"accessed": "2026-11-24", "redistribution": "open", "obtained": "transcribed"}
        found["sources"][source_id] = words | {"files": entries}
        lock.path().write_text(yaml.dump(found, Dumper=yaml.CSafeDumper))
        return SourceFiles(source_id)

    return write


def database(folder: Path, script: str, table: str, rows: list[tuple[object, ...]]) -> bytes:
    """The bytes of a SQLite file with one table filled."""
    file = folder / "made.db"
    file.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(script)
        if rows:
            connection.executemany(f'insert into "{table}" values ({", ".join("?" * len(rows[0]))})', rows)
        connection.commit()
    return file.read_bytes()
