"""`reo sources` and `reo sources verify`, as a person calls them on the toy world."""

import json
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from pipeline import cli, paths


def call(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli.app, ["sources", *arguments])
    return result.exit_code, result.output


def test_the_listing_has_a_line_a_source_with_rows_size_and_whether_it_is_as_locked(toy_data: Path) -> None:
    with (paths.raw() / "komis_prices" / "monthly.csv").open("a") as file:
        file.write("2021-04,Nd,99.5%min FOB China,USD/kg,50,20,toy-press,\n")
    code, said = call("--long")
    lines = {line.split()[0]: line.split() for line in said.splitlines()}
    assert code == 0
    assert lines["stage_shares"][3:7] == ["BY", "4.0", "open", "6"]
    assert lines["stage_shares"][-1] == "yes"
    assert lines["prices_repository"][-1] == "yes"
    assert "restricted" in lines["prices_repository"]
    assert lines["komis_prices"][-1] == "no"


def test_a_source_with_a_client_is_marked_as_not_tried_live_within_80_columns(
    toy_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "out", Console(width=80))
    _, said = call()
    lines = {line.split()[0]: line for line in said.splitlines()}
    assert max(map(len, said.splitlines())) <= 80
    assert "restricted" in lines["prices_repository"]
    assert lines["usgs_mcs"].rstrip().endswith("*")
    assert not lines["stage_shares"].rstrip().endswith("*")
    assert "not tried live" in lines["*"]
    clients = {source["source_id"]: source["client"] for source in json.loads(call("--json")[1])}
    assert clients["usgs_mcs"] == "not tried live"
    assert clients["stage_shares"] is None
    assert "not tried live" in next(line for line in call("--long")[1].splitlines() if line.startswith("usgs_mcs "))


def test_sound_inputs_are_verified(toy_data: Path) -> None:
    code, said = call("verify")
    assert code == 0
    assert "no fault" in said


def test_faults_are_a_line_each_and_exit_code_1(toy_data: Path) -> None:
    for name, good, bad in (
        ("stage_shares/shares.csv", ",0.9,", ",90,"),
        ("separation_facilities/facilities.csv", ",Japan,", ",Narnia,"),
    ):
        file = paths.raw() / name
        file.write_text(file.read_text().replace(good, bad))
    code, said = call("verify")
    assert code == 1
    assert said.count("is not the file that was locked") == 2
    call("lock")
    code, said = call("verify")
    assert code == 1
    assert "stage_shares: stage_shares/shares.csv, row 6, column share: '90' is a share above 1" in said
    assert "facilities: separation_facilities/facilities.csv, row 4, column country: 'Narnia' is not a known country name" in said
    assert "2 faults" in said


@pytest.mark.parametrize("table", ["processed", pytest.param("dagster", marks=pytest.mark.slow)])
def test_verifying_stores_nothing(toy_data: Path, table: str) -> None:
    call("verify")
    assert not (toy_data / table).exists()
