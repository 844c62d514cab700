"""Files and folders take their places whole; what a killed process leaves is recognised and nobody's own file is touched."""

import errno
import os
from pathlib import Path

import pyarrow.parquet
import pytest

from pipeline import build as building
from pipeline import catalog, files, paths
from pipeline.errors import ReoError
from pipeline.quality import data_docs
from tests.finished_world import tidy


def test_a_read_only_disk_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be written, nothing can be removed either."""

    def refuse(*given: object, **named: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(ReoError, match=r"cannot write .*table\.csv \(Read-only file system\)"):
        files.replace(tmp_path / "table.csv", refuse)


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_folder_takes_anothers_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool) -> None:
    new, place = tmp_path / "new", tmp_path / "report"
    for folder, text in ((new, "new"), (place, "old")):
        folder.mkdir()
        (folder / "index.html").write_text(text)
    if not can_exchange:
        monkeypatch.setattr(files, "_exchanged", lambda one, other: False)
    files.replace_folder(new, place)
    assert [p.name for p in tmp_path.iterdir()] == ["report"]
    assert (place / "index.html").read_text() == "new"


def test_no_reader_finds_the_place_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new, place = tmp_path / "new", tmp_path / "report"
    new.mkdir()
    place.mkdir()
    if not files._exchanged(new, place):
        pytest.skip("this system cannot exchange two folders in one step")
    monkeypatch.setattr(Path, "rename", lambda *_: pytest.fail("the place was empty for a moment"))
    files.replace_folder(new, place)


def test_csv_and_parquet_are_both_written_before_either_takes_its_place(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog.save_table("blocs", tidy("blocs"))
    before = catalog.csv_path("blocs").read_bytes()

    def full(*given: object, **named: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(pyarrow.parquet.ParquetWriter, "write_table", full)
    with pytest.raises(ReoError, match=r"blocs\.parquet"):
        catalog.save_table("blocs", tidy("blocs").head(1))
    assert catalog.csv_path("blocs").read_bytes() == before


def test_a_table_whose_files_disagree_after_a_kill_is_recognised(data_folder: Path) -> None:
    """Killed between the two: the CSV is new, the Parquet file still the old one."""
    catalog.save_table("blocs", tidy("blocs"))
    old = catalog.parquet_path("blocs").read_bytes()
    first = catalog.stored_hash("blocs")
    catalog.save_table("blocs", tidy("blocs").head(1))
    second = catalog.stored_hash("blocs")
    catalog.parquet_path("blocs").write_bytes(old)
    assert catalog.stored_hash("blocs") not in (first, second)


def test_leftovers_are_removed_but_nobodys_own_hidden_files(data_folder: Path) -> None:
    processed = paths.processed()
    (processed / ".report-a1b2").mkdir(parents=True)
    (processed / ".data_docs.part").mkdir()
    (processed / ".blocs.csv.part").write_text("half")
    (processed / ".observatory.duckdb.part").write_text("half")
    (processed / ".observatory.duckdb.part.wal").write_text("what DuckDB had not yet written into it")
    (processed / ".mine").write_text("notes")
    (processed / ".git").mkdir()
    building._clear_leftovers()
    assert sorted(p.name for p in processed.iterdir()) == [".git", ".mine"]


def test_the_last_good_report_gets_its_place_back(data_folder: Path) -> None:
    """Killed between two renames: the old report is hidden, the new one not in its place yet."""
    former = paths.processed() / ".report.former"
    former.mkdir(parents=True)
    (former / "index.html").write_text("the last good one")
    building._clear_leftovers()
    assert (paths.report() / "index.html").read_text() == "the last good one"
    former.mkdir()
    building._clear_leftovers()
    assert not former.exists()
    assert (paths.report() / "index.html").is_file()


def test_an_altered_page_of_the_data_docs_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "validations").mkdir()
    (tmp_path / "validations" / "one.html").write_text("<p>7 failed</p>")
    assert not data_docs.is_whole(tmp_path)
    data_docs.finish(tmp_path, [], [])
    assert data_docs.is_whole(tmp_path)
    (tmp_path / "validations" / "one.html").write_text("<p>none failed</p>")
    assert not data_docs.is_whole(tmp_path)
