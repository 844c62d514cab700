"""Files and folders that are written whole or not at all."""

import contextlib
import ctypes
import errno
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import ReoError

# renameat2(2): two names exchange what they name in one step.
EXCHANGE, HERE = 2, -100


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def replace(target: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place, then let it take the place in one step: a reader sees the old file or the new one.

    Raises ReoError where the folder cannot be written; then the old file stays.
    """
    replace_together({target: write})


def replace_together(targets: Mapping[Path, Callable[[Path], object]]) -> None:
    """The same for several files: all are written before the first takes its place. The last one decides which are valid."""
    parts = {target: target.with_name(f".{target.name}.part") for target in targets}
    try:
        for target, write in targets.items():
            with writing(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                write(parts[target])
                with parts[target].open("rb") as stream:
                    os.fsync(stream.fileno())
        for target, part in parts.items():
            with writing(target):
                os.replace(part, target)
    except ReoError:
        for part in parts.values():
            # On a read-only disk there is nothing to remove, and removing fails as writing did.
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        raise


@contextmanager
def writing(target: Path) -> Iterator[None]:
    """What the system says while a file is written becomes a ReoError that names the file it is for."""
    try:
        yield
    except OSError as error:
        remedy = "make the folder writable and the disk roomy, then run `reo build` again"
        raise ReoError(f"cannot write {target} ({error.strerror})", remedy) from error


def replace_folder(new: Path, target: Path) -> None:
    """Let a finished folder take another's place on the same disk; the former one is removed.

    In one step where the system can exchange two folders, so that no reader finds neither; else in two renames.
    """
    if not target.exists():
        new.rename(target)
        return
    if not _exchanged(new, target):
        former = target.with_name(f".{target.name}.former")
        target.rename(former)
        try:
            new.rename(target)
        except OSError:
            former.rename(target)
            raise
        new = former
    shutil.rmtree(new, ignore_errors=True)


def _exchanged(one: Path, other: Path) -> bool:
    """Whether the system could exchange two names; False where it has no such call."""
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    if libc.renameat2(HERE, os.fsencode(one), HERE, os.fsencode(other), EXCHANGE) == 0:
        return True
    if (number := ctypes.get_errno()) in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(number, os.strerror(number), str(other))
