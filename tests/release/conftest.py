"""A finished world and a clean repository to release it from."""

import os
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from pipeline import catalog, paths
from pipeline.release import package
from tests import finished_world
from tests.conftest import once
from tests.finished_world import RESTRICTED

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


def make_repository(folder: Path) -> None:
    """A git repository with one commit that contains the project's licence and citation files and one notebook."""
    (folder / "notebooks").mkdir(parents=True)
    for name in ("LICENSE", "LICENSE-data.md", "CITATION.cff", "requirements.lock"):
        shutil.copyfile(paths.REPOSITORY / name, folder / name)
    (folder / ".gitignore").write_text("/data/\n")
    (folder / "notebooks" / "01_toy.ipynb").write_text("{}")
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "toy")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "repository"
    make_repository(folder)
    monkeypatch.setattr(paths, "REPOSITORY", folder)
    return folder


@pytest.fixture
def finished(repository: Path, finished_toy_world: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repository's data folder, with a finished build of the toy world: the one way to release toy numbers."""
    data = repository / "data"
    shutil.copytree(finished_toy_world, data)
    monkeypatch.delenv("REO_DATA", raising=False)
    return data


@pytest.fixture(scope="session")
def released(finished_toy_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a release of the finished toy world writes, made once; the same commit gives the same bytes."""

    def release(data: Path) -> None:
        make_repository(data.parent)
        shutil.copytree(finished_toy_world, data)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(paths, "REPOSITORY", data.parent)
            package.build("0.1.0", data / "releases", stale=list)

    return once(tmp_path_factory, "released", release) / "releases"


@pytest.fixture
def archive(finished: Path, released: Path) -> Path:
    """The archive of a release; its folder is next to it."""
    shutil.copytree(released, finished / "releases")
    return finished / "releases" / "0.1.0" / "reo-0.1.0.tar.gz"


@pytest.fixture
def folder(archive: Path) -> Path:
    """The folder of a release."""
    return archive.with_name("reo-0.1.0")


# A number of a restricted source wherever it comes to stand.
SECRET = 134.797


def add_restricted_rows() -> None:
    """Production and its derived tables get rows of a restricted source, one recognisable only by its document."""
    production = catalog.load_table("production")
    closed = production[(production["edition"] == "2025") & (production["year"] == 2023)].assign(
        source_id=RESTRICTED, reconciled=False
    )
    closed["amount"] *= SECRET / closed["amount"].max()
    catalog.save_table("production", pd.concat([production, closed.assign(document_id=None).astype(production.dtypes)]))
    documents = catalog.load_table("documents")
    page = documents.head(1).assign(document_id="closed-page", source_id=RESTRICTED)
    catalog.save_table("documents", pd.concat([documents, page], ignore_index=True))
    finished_world.make_derived()


@pytest.fixture(scope="session")
def world_with_restricted_rows(finished_toy_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(data: Path) -> None:
        shutil.copytree(finished_toy_world, data)
        add_restricted_rows()

    return once(tmp_path_factory, "restricted", make)


@pytest.fixture
def with_restricted_rows(finished: Path, world_with_restricted_rows: Path) -> Path:
    """The repository's data folder as `finished`, with rows of a restricted source whose largest number is SECRET."""
    shutil.rmtree(finished)
    shutil.copytree(world_with_restricted_rows, finished)
    return finished
