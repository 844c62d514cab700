"""What git has of a raw file in its last commits: nothing outside a repository, or without git."""

import subprocess
from functools import cache
from pathlib import Path

from pipeline import paths

SECONDS = 20


def contents(file: Path) -> list[bytes]:
    """The bytes of a raw file in the last commit, the one before and the last tagged one; none where they have no such file.

    Of a copy of the data folder elsewhere they are those of the repository's file of that name.
    """
    if not _comparable():
        return []
    tag = (_git("describe", "--tags", "--abbrev=0") or b"").decode().strip()
    name = f"data/raw/{file.relative_to(paths.raw()).as_posix()}"
    found = [_git("show", f"{commit}:{name}") for commit in ("HEAD", "HEAD^1", tag) if commit]
    return [content for content in dict.fromkeys(found) if content is not None]


@cache
def day() -> str | None:
    """The day of the last commit, None where there is none."""
    said = _git("log", "-1", "--format=%cs")
    return said.decode().strip() or None if said else None


def _comparable() -> bool:
    """Whether the data folder is the repository's, or a copy of it: the toy world and made folders of tests are not."""
    own, ours = paths.raw() / "sources.yml", _git("show", "HEAD:data/raw/sources.yml")
    if not own.is_file() or ours is None:
        return False
    return own.read_bytes()[:200] == ours[:200]


def _git(*arguments: str) -> bytes | None:
    command = ["git", "-C", str(paths.REPOSITORY), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
