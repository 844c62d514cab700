"""Text that would do harm if something took it for more than text: in keys, names of files, members of archives."""

import zipfile
from pathlib import Path

import pytest
import yaml

from pipeline import catalog, paths
from pipeline.disrupt import scenario
from pipeline.errors import ReoError
from pipeline.explain import NoSuchRow, explain
from pipeline.intake import lock, package
from pipeline.intake.lock import LockError

SQL = ("' or '1'='1", "284690'; drop table trade_flows; --", '284690" union select 1', "%", "$(id)", "{year}")


@pytest.fixture
def finished(finished_toy_world: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REO_DATA", str(finished_toy_world))
    return finished_toy_world


@pytest.mark.parametrize("words", SQL)
def test_a_key_is_compared_never_run(finished: Path, words: str) -> None:
    with pytest.raises(NoSuchRow, match="has no row 2024"):
        explain("export_concentration", ["2024", words, "value"])
    assert catalog.row_count("trade_flows") == len(catalog.load_table("trade_flows")) > 0


@pytest.mark.parametrize("words", SQL)
def test_words_of_a_scenario_are_looked_up_never_run(finished: Path, words: str) -> None:
    for asked in ({"origin": words}, {"origin": "CHN", "targets": words}, {"origin": "CHN", "feed": words}):
        with pytest.raises(ReoError, match="scenario"):
            scenario(cut=0.5, **asked)


@pytest.mark.parametrize("table", ["../../etc/passwd", "trade_flows; drop table x", "/etc/passwd", "trade_flows/../blocs"])
def test_a_table_is_one_of_the_catalog(finished: Path, table: str) -> None:
    for read in (catalog.load_table, catalog.scan_table, catalog.row_count):
        with pytest.raises(catalog.NoSuchTable):
            read(table)


@pytest.mark.parametrize(
    "name", ["../sources.yml", "/etc/passwd", "usgs_mcs/../../x.csv", "a\\..\\x", "a//b", "./a", "a\n.csv", ""]
)
@pytest.mark.parametrize("place", ["a source", "a package"])
def test_a_locked_file_stays_within_the_data_folder(toy_data: Path, name: str, place: str) -> None:
    declared = yaml.safe_load(lock.path().read_text())
    entry = declared["sources"]["usgs_mcs"]["files"][0] if place == "a source" else declared["packages"]["geopolrisk"]["wheel"]
    entry["name"] = name
    lock.path().write_text(yaml.safe_dump(declared))
    with pytest.raises(LockError, match="leads out of the data folder"):
        lock.read()


@pytest.mark.parametrize("hostile", ["../../outside.db", "/tmp/reo_outside.db", "geopolrisk/../../../outside.db"])
def test_of_a_wheel_only_the_locked_member_is_written(toy_data: Path, hostile: str) -> None:
    wheel = paths.downloads() / lock.read().packages["geopolrisk"].wheel.name
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr(hostile, b"harm")
    lock.path().write_text(
        lock.path()
        .read_text()
        .replace(lock.read().packages["geopolrisk"].wheel.sha256, lock.sha256(wheel))
        .replace(f"bytes: {lock.read().packages['geopolrisk'].wheel.bytes}\n", f"bytes: {wheel.stat().st_size}\n")
    )
    before = {file for file in toy_data.parent.rglob("*") if file.is_file()}
    member = package.member("geopolrisk", lock.source("cepii_baci").files[0])
    assert {file for file in toy_data.parent.rglob("*") if file.is_file()} - before == {member}
    assert member.is_relative_to(paths.downloads())
    assert not Path("/tmp/reo_outside.db").exists()
