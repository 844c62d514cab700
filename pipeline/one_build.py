"""Only one process at a time writes into a data folder: a build, or an asset materialized in the UI."""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from pipeline import paths
from pipeline.errors import ReoError

_held: list[IO[str]] = []


def lock_path() -> Path:
    """The file whose lock the running build holds."""
    return paths.data() / ".build.lock"


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Take the data folder's lock; the assets made within a build take it again at no cost.

    Raises ReoError when another process holds it or the folder cannot be written.
    """
    if _held:
        yield
        return
    try:
        paths.processed().mkdir(parents=True, exist_ok=True)
        lock_file = lock_path().open("w")
    except OSError as error:
        remedy = "make it writable, or set REO_DATA to another data folder"
        raise ReoError(f"cannot write into {paths.data()} ({error.strerror})", remedy) from error
    with lock_file:
        try:
            fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            remedy = "wait until it ends, or stop it; nothing was touched"
            raise ReoError(f"another build is under way in {paths.data()}", remedy) from error
        _held.append(lock_file)
        try:
            yield
        finally:
            _held.clear()
