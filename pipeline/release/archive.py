"""Checksums of a folder, and the folder as one archive with the same bytes every time."""

import gzip
import tarfile
from datetime import datetime
from pathlib import Path

from pipeline.files import sha256
from pipeline.packed import CHECKSUMS, inside


def write_checksums(folder: Path) -> None:
    """SHA256SUMS of all other files, as `sha256sum --check` reads it."""
    lines = [f"{sha256(folder / name)}  {name}\n" for name in inside(folder) if name != CHECKSUMS]
    (folder / CHECKSUMS).write_text("".join(lines), "utf-8")


def write_archive(folder: Path, target: Path, time: datetime) -> None:
    """A gzipped tar of a folder: names sorted, every timestamp the one given, no owner."""
    seconds = int(time.timestamp())
    with (
        target.open("wb") as stream,
        gzip.GzipFile(filename="", mode="wb", fileobj=stream, compresslevel=6, mtime=seconds) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name in inside(folder):
            member = tarfile.TarInfo(f"{folder.name}/{name}")
            member.size = (folder / name).stat().st_size
            member.mtime = seconds
            member.mode = 0o644
            with (folder / name).open("rb") as content:
                tar.addfile(member, content)
