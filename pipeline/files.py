"""Files that are written whole or not at all."""

import os
from collections.abc import Callable
from pathlib import Path

from pipeline.errors import ReoError


def replace(target: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place, then let it take the place in one step: a reader sees the old file or the new one.

    Raises ReoError where the folder cannot be written; then the old file stays.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write(part)
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
        os.replace(part, target)
    except OSError as error:
        part.unlink(missing_ok=True)
        remedy = "make the folder writable and the disk roomy, then run `reo build` again"
        raise ReoError(f"cannot write {target} ({error.strerror})", remedy) from error
