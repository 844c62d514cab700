"""A finished world and a clean repository to release it from."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline import paths
from pipeline.release import package

COMMITTED = "2026-03-04T05:06:07+00:00"


def git(folder: Path, *arguments: str) -> None:
    identity = {f"GIT_{who}_{what}": "toy" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {**os.environ, **identity, "GIT_AUTHOR_DATE": COMMITTED, "GIT_COMMITTER_DATE": COMMITTED}
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where releases are unpacked and fetched to, instead of the user's own folder."""
    monkeypatch.setenv("REO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository with one commit that contains the project's licence and citation files and one notebook."""
    folder = tmp_path / "repository"
    (folder / "notebooks").mkdir(parents=True)
    for name in ("LICENSE", "LICENSE-data.md", "CITATION.cff"):
        shutil.copyfile(paths.REPOSITORY / name, folder / name)
    (folder / ".gitignore").write_text("/data/\n")
    (folder / "notebooks" / "01_toy.ipynb").write_text("{}")
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "toy")
    monkeypatch.setattr(paths, "REPOSITORY", folder)
    return folder


@pytest.fixture
def finished(repository: Path, finished_toy_world: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repository's data folder, with a finished build of the toy world: the one way to release toy numbers."""
    data = repository / "data"
    shutil.copytree(finished_toy_world, data)
    monkeypatch.delenv("REO_DATA", raising=False)
    return data


@pytest.fixture
def archive(finished: Path) -> Path:
    """The archive of a release; its folder is next to it."""
    return package.build("0.1.0", finished / "releases", stale=list)


@pytest.fixture
def folder(archive: Path) -> Path:
    """The folder of a release."""
    return archive.with_name("reo-0.1.0")
