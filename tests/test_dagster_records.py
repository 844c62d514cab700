"""Dagster's records may be lost at any time: what cannot be used is one message, and what was interrupted is closed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from pipeline import build as building
from pipeline import catalog, paths
from pipeline.errors import ReoError
from tests.finished_world import tidy


def a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("in the way")


def garbage(folder: Path) -> None:
    for database in folder.rglob("*.db"):
        database.write_bytes(b"no database at all, only words " * 400)


def cut(folder: Path) -> None:
    for database in folder.rglob("*.db"):
        database.write_bytes(database.read_bytes()[:5000])


def words(folder: Path) -> None:
    """Bytes that are no text, in what SQLite quotes when it says what is wrong."""
    for database in folder.rglob("*.db"):
        whole = database.read_bytes()
        assert b" (\n\tid" in whole
        database.write_bytes(whole.replace(b" (\n\tid", b" \x94\n\t\x94d"))


@pytest.fixture
def records(data_folder: Path) -> Path:
    """Dagster's folder after a first use."""
    with building.open_instance():
        return paths.instance()


@pytest.mark.parametrize("damage", [words, cut, *(pytest.param(d, marks=pytest.mark.slow) for d in (a_file, garbage))])
def test_damaged_records_are_kept_and_a_new_history_begins(
    records: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    damage(records)
    with building.open_instance() as instance:
        assert instance.get_runs_count() == 0
    kept = records.with_name("dagster.damaged-1")
    assert kept.exists()
    assert str(kept) in caplog.text


def test_records_on_a_read_only_disk(records: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object) -> None:
        raise OSError(30, "Read-only file system")

    (records / "dagster.yaml").unlink()
    monkeypatch.setattr(building.shutil, "copyfile", refuse)
    with pytest.raises(ReoError, match="Read-only file system"):
        building.open_instance()


def test_runs_that_a_kill_left_under_way_are_closed(data_folder: Path) -> None:
    @dg.job
    def toy() -> None:
        pass

    with building.open_instance() as instance:
        for status in (dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.NOT_STARTED):
            instance.create_run_for_job(toy, status=status, tags={building.BY: "reo build"})
        building._close_interrupted_runs(instance)
        assert {run.status for run in instance.get_runs()} == {dg.DagsterRunStatus.FAILURE}


def test_an_interrupted_asset_is_one_message(data_folder: Path) -> None:
    @dg.asset
    def slow() -> None:
        raise KeyboardInterrupt

    job = dg.define_asset_job(building.JOB, selection=dg.AssetSelection.all(), executor_def=dg.in_process_executor)
    definitions = dg.Definitions(assets=[slow], jobs=[job])
    with building.open_instance() as instance, pytest.raises(building.BuildFailed, match="interrupted"):
        building._run(definitions, instance, {slow.key: "new"})


def test_a_table_that_may_not_be_read(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog.save_table("blocs", tidy("blocs"))

    def denied(*given: object, **named: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(catalog.pyarrow.parquet, "read_table", denied)
    with pytest.raises(ReoError, match="Permission denied"):
        catalog.load_table("blocs")
    monkeypatch.setattr(Path, "open", denied)
    assert catalog.stored_hash("blocs") is None


def test_a_data_folder_named_from_here_is_the_same_from_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REO_DATA", "toys")
    assert paths.data() == tmp_path / "toys"
