"""What a packed release is for who receives it: an archive unpacked with care, and checksums of files."""

import gzip
import re
import shutil
import tarfile
import zlib
from pathlib import Path, PurePosixPath

from pipeline.errors import ReoError
from pipeline.files import sha256

CHECKSUMS = "SHA256SUMS"
# Faults named in one refusal.
SHOWN = 12
# What an archive may unpack to: this much in any case, beyond it a multiple of its size, and an end.
ALWAYS_ALLOWED, LARGEST_RATIO, LARGEST = 50_000_000, 100, 4_000_000_000


class NotAsReleased(ReoError):
    """A release that differs from what was published: do not use it."""


class _Bounded:
    """The unpacked bytes of a gzip file, refused beyond what a release can have."""

    def __init__(self, packed: Path):
        self.name = packed.name
        self.left = min(LARGEST, max(ALWAYS_ALLOWED, LARGEST_RATIO * packed.stat().st_size))
        self.stream = gzip.open(packed)  # noqa: SIM115

    def read(self, size: int = -1) -> bytes:
        content = self.stream.read(size if 0 <= size <= self.left else self.left + 1)
        self.left -= len(content)
        if self.left < 0:
            problem = f"{self.name} unpacks to more than any release"
            raise NotAsReleased(problem, "do not use it: download it again and compare its sha256 with the one published")
        return content


def unpack(archive: Path, target: Path) -> Path:
    """The one folder in an archive, unarchive. Only regular files with plain names are written, none outside `target`."""
    remedy = "do not use it: download it again and compare its sha256 with the one published"
    if not archive.is_file():
        raise NotAsReleased(f"{archive} is no regular file", remedy)
    try:
        content_of = _Bounded(archive)
        with content_of.stream, tarfile.open(fileobj=content_of, mode="r|") as tar:  # type: ignore[call-overload]
            for member in tar:
                name = PurePosixPath(member.name)
                if not plain(member.name) or len(name.parts) < 2 or not member.isreg():
                    problem = f"{archive.name} contains {member.name!r}; a release contains plain files inside one folder only"
                    raise NotAsReleased(problem, remedy)
                file = target / name
                file.parent.mkdir(parents=True, exist_ok=True)
                content = tar.extractfile(member)
                if file.exists() or content is None:
                    raise NotAsReleased(f"{archive.name} contains {member.name!r} twice", remedy)
                with file.open("wb") as stream:
                    shutil.copyfileobj(content, stream)
            # A tar ends before its file does; gzip verifies the checksum at the last byte.
            while content_of.read(1 << 20):
                pass
    except (tarfile.TarError, EOFError, zlib.error, OSError, ValueError, OverflowError) as error:
        raise NotAsReleased(f"{archive.name} cannot be unpacked, it is truncated or damaged ({error})", remedy) from error
    folders = sorted(p for p in target.iterdir() if p.is_dir())
    if len(folders) != 1:
        raise NotAsReleased(f"{archive.name} contains {len(folders)} folders; a release is one", remedy)
    return folders[0]


def inside(folder: Path) -> list[str]:
    """Every file in a folder, relative, with forward slashes, sorted."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_symlink() or not p.is_dir())


def checksums(folder: Path) -> dict[str, str]:
    """The checksums in SHA256SUMS, once every file of the folder was compared with its own."""
    lines = listed(folder)
    found = set(inside(folder)) - {CHECKSUMS}
    faults = [f"{name} is missing" for name in sorted(lines.keys() - found)]
    faults += [f"{name} is extra: no checksum names it" for name in sorted(found - lines.keys())]
    faults += [f"{name} is a link, not a file" for name in sorted(found) if (folder / name).is_symlink()]
    # Reading a pipe or a device may never end.
    faults += [f"{name} is no regular file" for name in sorted(found) if not (folder / name).is_file()]
    if not faults:
        faults += [f"{name} has other bytes than released" for name in sorted(found) if sha256(folder / name) != lines[name]]
    refuse(folder, faults)
    return lines


def listed(folder: Path) -> dict[str, str]:
    """What SHA256SUMS says of each file, not compared yet."""
    listing = folder / CHECKSUMS
    if not listing.is_file():
        problem = f"{folder} has no {CHECKSUMS}, so it is no release"
        raise ReoError(problem, "name the folder reo-VERSION or its reo-VERSION.tar.gz")
    lines = listing.read_text("utf-8", errors="replace").splitlines()
    faults = [
        f"{CHECKSUMS} says {line!r}, which is no checksum of a file in this folder"
        for line in lines
        if not re.fullmatch(r"[0-9a-f]{64}  .+", line) or not plain(line[66:])
    ]
    refuse(folder, faults)
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def refuse(folder: Path, faults: list[str]) -> None:
    if faults:
        more = [f"  - … and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
        raise NotAsReleased(
            f"{folder.name} is not as released:\n" + "\n".join([*(f"  - {fault}" for fault in faults[:SHOWN]), *more]),
            "do not use it: get the release again; if the fault remains, report it to the maintainers",
        )


def plain(name: str) -> bool:
    """A relative path that cannot leave its folder."""
    parts = name.split("/")
    return not any(part in ("", ".", "..") for part in parts) and "\\" not in name and "\0" not in name
