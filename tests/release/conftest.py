"""A finished world and a clean repository to release it from."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline import paths
from pipeline.release import package

COMMITTED = "2026-03-04T05:06:07+00:00"


@pytest.fixture
def finished(finished_toy_world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a finished build."""
    data = tmp_path / "data"
    shutil.copytree(finished_toy_world, data)
    monkeypatch.setenv("REO_DATA", str(data))
    return data


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository with one commit that contains the project's licence and citation files."""
    folder = tmp_path / "repository"
    folder.mkdir()
    for name in ("LICENSE", "LICENSE-data.md", "CITATION.cff"):
        shutil.copyfile(paths.REPOSITORY / name, folder / name)
    identity = {f"GIT_{who}_{what}": "toy" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {**os.environ, **identity, "GIT_AUTHOR_DATE": COMMITTED, "GIT_COMMITTER_DATE": COMMITTED}
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "toy"]):
        subprocess.run(["git", *command], cwd=folder, env=environment, check=True)
    monkeypatch.setattr(paths, "REPOSITORY", folder)
    return folder


@pytest.fixture
def archive(finished: Path, repository: Path) -> Path:
    """The archive of a release; its folder is next to it."""
    return package.build("0.1.0", finished / "releases")


@pytest.fixture
def folder(archive: Path) -> Path:
    """The folder of a release."""
    return archive.with_name("reo-0.1.0")
