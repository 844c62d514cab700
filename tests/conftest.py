"""Fixtures: an empty data folder, and the toy world built once."""

import shutil
from pathlib import Path

import pytest

TOY_WORLD = Path(__file__).parent / "toy_world"


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
    shutil.copytree(TOY_WORLD / "raw", folder / "raw")
    monkeypatch.setenv("REO_DATA", str(folder))
    return folder
