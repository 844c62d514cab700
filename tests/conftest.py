"""Fixtures: an empty data folder, and the toy world built once."""

from pathlib import Path

import pytest

from pipeline import build as building
from pipeline import definitions
from tests import finished_world
from tests.toy_world import raw_inputs

pytest_plugins = ["tests.made_sources"]


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


@pytest.fixture(scope="session")
def built_toy_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the toy world after one whole build; tests only read it."""
    folder = tmp_path_factory.mktemp("built") / "toy"
    raw_inputs.write(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REO_DATA", str(folder))
        building.build(definitions.compose())
    return folder


@pytest.fixture(scope="session")
def finished_toy_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the toy world as a build leaves it, made without one; who changes it copies it first."""
    data = tmp_path_factory.mktemp("finished") / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REO_DATA", str(data))
        finished_world.make(data)
    return data
