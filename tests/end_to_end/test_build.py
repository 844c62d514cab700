"""The whole pipeline on the toy world: what it makes, that it redoes nothing, that the same inputs give the same bytes."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
import yaml

from pipeline import build as building
from pipeline import catalog, paths
from pipeline.definitions import compose
from pipeline.schemas import table as t
from tests.conftest import connected
from tests.measures.toy import expected
from tests.toy_world import raw_inputs

EXPECTED = Path(__file__).parent.parent / "toy_world" / "expected"
# Data Docs carry run times, and the DuckDB file is not part of an archive.
NOT_REPEATED = ("data_docs", "observatory.duckdb")


def bytes_of(folder: Path) -> dict[str, str]:
    processed = folder / "processed"
    files = [p for p in sorted(processed.rglob("*")) if p.is_file() and p.relative_to(processed).parts[0] not in NOT_REPEATED]
    return {str(p.relative_to(processed)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture
def toy(built_toy_world: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REO_DATA", str(built_toy_world))
    return built_toy_world


@pytest.mark.parametrize("table", [p.stem for p in sorted(EXPECTED.glob("*.csv"))])
def test_each_derived_table_is_as_worked_out_on_paper(toy: Path, table: str) -> None:
    worked = expected(table)
    key = t.key(catalog.table(table))
    built = worked[key].merge(catalog.load_table(table), on=key, how="left", validate="one_to_one")
    pd.testing.assert_frame_equal(built, worked, rtol=1e-12, atol=1e-12)


def test_a_second_build_remakes_nothing(toy: Path) -> None:
    assert building.build(compose()).remade == {}


def test_what_the_ui_shows_is_recorded_with_each_table(toy: Path) -> None:
    with building.open_instance() as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey(["derived", "stage_concentration"]))
    assert event is not None
    assert event.asset_materialization is not None
    metadata = event.asset_materialization.metadata
    assert metadata["dagster/row_count"].value == 10
    assert metadata["china_share_mining"].value == pytest.approx(0.6)


def test_checks_are_recorded_with_their_severity(toy: Path) -> None:
    definitions = compose()
    keys = definitions.resolve_asset_graph().asset_check_keys
    assert {"contract", "row_counts"} <= {k.name for k in keys if k.asset_key == dg.AssetKey(["tidy", "trade_flows"])}
    with building.open_instance() as instance:
        found = instance.event_log_storage.get_latest_asset_check_execution_by_key(list(keys))
    severities = {
        r.event.dagster_event.asset_check_evaluation_data.severity for r in found.values() if r.event and r.event.dagster_event
    }
    assert severities == {dg.AssetCheckSeverity.WARN, dg.AssetCheckSeverity.ERROR}


def notebook() -> Path:
    return paths.executed() / "01_toy_world.ipynb"


def altered(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"\n")


@pytest.mark.parametrize(
    ("damage", "remade"),
    [
        (lambda: catalog.parquet_path("unit_values").unlink(), {"derived/unit_values"}),
        (lambda: catalog.csv_path("origin_gap").write_text("year\n"), {"derived/origin_gap"}),
        (lambda: catalog.parquet_path("origin_gap").write_bytes(b"PAR1"), {"derived/origin_gap"}),
        (lambda: notebook().write_bytes(notebook().read_bytes()[:100]), {"report/01_toy_world"}),
        pytest.param(lambda: altered(paths.report() / "sources.html"), {"report/site"}, marks=pytest.mark.slow),
        pytest.param(lambda: altered(paths.data_docs() / "index.html"), {"quality/expectations"}, marks=pytest.mark.slow),
    ],
    ids=[
        *("a table was deleted", "a CSV was altered", "a Parquet file was cut", "a notebook was cut", "a page was altered"),
        "a page of checks was altered",
    ],
)
def test_what_is_lost_or_altered_on_disk_is_made_again_and_nothing_else(
    built_copy: Path, built_toy_world: Path, damage: object, remade: set[str]
) -> None:
    damage()  # type: ignore[operator]
    assert set(building.build(compose()).remade) == remade
    assert bytes_of(built_copy) == bytes_of(built_toy_world)


def test_a_change_in_one_input_remakes_only_what_rests_on_it(built_copy: Path) -> None:
    from pipeline.intake import lock

    file = paths.raw() / "usgs_mcs" / "world.csv"
    file.write_text(file.read_text().replace("40000000", "41000000"))
    assert lock.relock() == ["usgs_mcs/world.csv"]
    remade = set(building.build(compose()).remade)
    assert {"raw/usgs_mcs", "tidy/reserves", "derived/stage_concentration"} <= remade
    assert not {"tidy/trade_flows", "derived/export_concentration", "derived/policy_in_force"} & remade
    reserves = catalog.load_table("reserves").query("country == 'CHN'")
    assert reserves["amount"].tolist() == [41_000_000]


@pytest.mark.slow
def test_an_edition_changed_alone_comes_into_the_tables_as_verify_says(built_copy: Path) -> None:
    """`reo sources verify` and `reo build` have one rule: no fault by the one, and the other shows the new edition."""
    from pipeline import verify_sources
    from pipeline.intake import lock

    declared = yaml.safe_load(lock.path().read_text())
    declared["sources"]["world_mining_data"]["edition"] = "of another year"
    lock.path().write_text(yaml.safe_dump(declared, allow_unicode=True))
    assert verify_sources.verify().faults == []
    assert {"raw/world_mining_data", "tidy/mine_production"} <= set(building.build(compose()).remade)
    assert catalog.load_table("mine_production")["edition"].unique().tolist() == ["of another year"]


def killed_after(words: str, folder: Path) -> None:
    """A build in a process of its own, killed when it says these words."""
    with subprocess.Popen(BUILD, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=in_folder(folder)) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if words in line:
                process.send_signal(signal.SIGKILL)
                return
        pytest.fail(f"the build never came to {words!r}")


BUILD = [sys.executable, "-u", "-c", "from pipeline.cli import main; main()", "build", "--verbose"]


def in_folder(folder: Path) -> dict[str, str]:
    return {**os.environ, "REO_DATA": str(folder)}


def test_a_build_killed_while_it_makes_what_was_lost_comes_to_the_same_bytes(built_copy: Path, built_toy_world: Path) -> None:
    for lost in (catalog.parquet_path("trade_flows"), catalog.csv_path("export_concentration"), paths.quality()):
        lost.unlink()
    for words in ("trade_flows:", "quality: running"):
        killed_after(words, built_copy)
    building.build(compose())
    assert bytes_of(built_copy) == bytes_of(built_toy_world)


# None of them may change a byte: Python's hash seed, time zone, locale, folder at work, a path with spaces, no git to ask.
ELSEWHERE = {"PYTHONHASHSEED": "77", "TZ": "Asia/Kathmandu", "LC_ALL": "C", "LANG": "C", "COLUMNS": "40", "PATH": ""}


@pytest.mark.slow
def test_other_surroundings_give_the_same_bytes(built_toy_world: Path, tmp_path: Path) -> None:
    folder = tmp_path / "a path with spaces, äöü and 'quotes'"
    shutil.copytree(built_toy_world, folder)
    for lost in ("trade_flows.parquet", "unit_values.csv", "policy_windows.csv", "stage_concentration.parquet"):
        (folder / "processed" / lost).unlink()
    for lost in ("notebooks", "report"):
        shutil.rmtree(folder / "processed" / lost)
    environment = in_folder(folder) | ELSEWHERE | {"PYTHONPATH": str(paths.REPOSITORY)}
    subprocess.run(BUILD, env=environment, check=True, stdout=subprocess.DEVNULL, cwd=tmp_path)
    assert bytes_of(folder) == bytes_of(built_toy_world)


def test_a_build_asks_nobody(built_toy_world: Path) -> None:
    """Addresses that the build of the toy world connected to; its package is here, so it needs no registry."""
    assert connected(built_toy_world) == []


@pytest.mark.slow
def test_a_first_build_killed_time_and_again_comes_to_the_same_bytes(toy: Path, tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    raw_inputs.write(folder)
    for words in ("raw cepii_baci", "trade_flows:", "export_concentration:", "quality: running", "report: making"):
        killed_after(words, folder)
    subprocess.run(BUILD, env=in_folder(folder), check=True, stdout=subprocess.DEVNULL)
    assert bytes_of(folder) == bytes_of(toy)
