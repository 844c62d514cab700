"""Fixtures: an empty data folder, and the toy world built once for all workers of a run."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from pipeline import paths
from tests import finished_world
from tests.toy_world import raw_inputs

pytest_plugins = ["tests.made_sources"]

# How many random cases a property is tried on where its test says nothing else.
settings.register_profile("quick", max_examples=8, deadline=None)
settings.register_profile("thorough", max_examples=200, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker builds the toy world first, while the others have the measures; what needs it built comes after those."""

    def turn(item: pytest.Item) -> int:
        if item.path.name == "test_build.py":
            return 0
        if item.path.parent.name == "measures":
            return 1
        return 2 if "built_toy_world" in getattr(item, "fixturenames", ()) else 3

    items.sort(key=turn)


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder that everything in the test reads and writes."""
    monkeypatch.setenv("REO_DATA", str(tmp_path / "data"))
    (tmp_path / "data" / "raw").mkdir(parents=True)
    return tmp_path / "data"


@pytest.fixture
def toy_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with the toy world's raw inputs, not built."""
    folder = tmp_path / "toy"
    raw_inputs.write(folder)
    monkeypatch.setenv("REO_DATA", str(folder))
    return folder


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A data folder that the first worker of the run to ask for it makes, with REO_DATA set; the others wait for it."""
    common = factory.getbasetemp()
    common = common.parent if "PYTEST_XDIST_WORKER" in os.environ else common
    folder, made = common / name / "data", common / name / "made"
    folder.parent.mkdir(exist_ok=True)
    with (common / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(folder, ignore_errors=True)
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("REO_DATA", str(folder))
                make(folder)
            made.touch()
    return folder


# Notes each connection that a Python process begins, but for those within the machine's own files.
NOTED = """
import os, sys
def note(event, given):
    if event == "socket.connect" and not isinstance(given[1], (str, bytes)):
        with open(os.environ["REO_CONNECTED"], "a") as file:
            print(given[1], file=file)
sys.addaudithook(note)
"""


def _build(folder: Path) -> None:
    raw_inputs.write(folder)
    noting = folder.parent / "noting"
    noting.mkdir(exist_ok=True)
    (noting / "sitecustomize.py").write_text(NOTED)
    environment = {"REO_CONNECTED": str(folder.parent / "connected"), "PYTHONPATH": f"{noting}:{paths.REPOSITORY}"}
    subprocess.run([sys.executable, "-c", BUILD], env={**os.environ, **environment}, check=True)


BUILD = "from pipeline import build, definitions; build.build(definitions.compose())"


def connected(built: Path) -> list[str]:
    """The addresses that the processes of the build of a world connected to."""
    noted = built.parent / "connected"
    return noted.read_text().splitlines() if noted.exists() else []


@pytest.fixture(scope="session")
def built_toy_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the toy world after one whole build; tests only read it."""
    return once(tmp_path_factory, "built", _build)


@pytest.fixture
def built_copy(built_toy_world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built data folder that a test may damage."""
    folder = tmp_path / "copy"
    shutil.copytree(built_toy_world, folder)
    monkeypatch.setenv("REO_DATA", str(folder))
    return folder


@pytest.fixture(scope="session")
def finished_toy_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the toy world as a build leaves it, made without one; who changes it copies it first."""
    return once(tmp_path_factory, "finished", finished_world.make)
