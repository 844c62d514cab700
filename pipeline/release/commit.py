"""The commit a release is made from: its hash identifies the code, its time is every date in the release."""

import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import ReoError

SHOWN = 10


@dataclass(frozen=True)
class Commit:
    """A commit's full hash and its time in UTC."""

    hash: str
    time: datetime


def checked_out(repository: Path) -> Commit:
    """The commit checked out in `repository`. Raises ReoError unless it is a repository of its own and as committed."""
    top = Path(_git(repository, "rev-parse", "--show-toplevel").rstrip("\n"))
    if top.resolve() != repository.resolve():
        raise ReoError(
            f"{repository} is inside another git repository ({top}), whose commit would be named instead",
            "release from a git clone of this project",
        )
    changed = _git(repository, "status", "--porcelain", "--untracked-files=all").splitlines()
    if changed:
        more = f"\n  … and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
        raise ReoError(
            "the working tree has uncommitted changes, so this release could not be reproduced:\n"
            + "\n".join(f"  {line}" for line in changed[:SHOWN])
            + more,
            "commit or stash them (`git stash --include-untracked`), run `reo build`, then release again",
        )
    commit_hash, seconds = _git(repository, "log", "-1", "--format=%H %ct").split()
    return Commit(commit_hash, datetime.fromtimestamp(int(seconds), UTC))


def notebooks(repository: Path) -> list[str]:
    """The names of the notebooks in the commit checked out."""
    tracked = _git(repository, "ls-tree", "-z", "--name-only", "HEAD", "notebooks/").split("\0")
    return sorted(Path(name).name for name in tracked if name.endswith(".ipynb"))


def _git(repository: Path, *arguments: str) -> str:
    remedy = f"release from a git clone with at least one commit ({repository})"
    try:
        done = subprocess.run(["git", "-C", str(repository), *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise ReoError("git is not installed, but a release states the commit it was made from", "install git") from error
    if done.returncode:
        raise ReoError(f"git cannot identify the commit to release: {done.stderr.strip()}", remedy)
    return done.stdout
