"""`reo disrupt`: shipped scenarios and one's own on the toy world, what it tells, and errors a person can act on."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline import catalog, cli
from pipeline.disrupt import CAVEAT, disrupt, scenario
from pipeline.errors import ReoError
from pipeline.sources.reviewed.disruption_scenarios import SCENARIOS


@pytest.fixture(autouse=True)
def world(finished_toy_world: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REO_DATA", str(finished_toy_world))
    return finished_toy_world


def told(*words: str) -> str:
    result = CliRunner().invoke(cli.app, ["disrupt", *words], env={"COLUMNS": "200"}, catch_exceptions=False)
    return " ".join(result.output.split())


def test_a_shipped_scenario_is_played_with_its_caveat():
    text = told("half_from_all")
    assert "CHN withholds 82 t REO" in text
    assert "All importers lose 82 t, which is what was withheld" in text
    assert "USA 65 32 25 7.50 50.0%" in text
    assert " ".join(CAVEAT.split()) in text


def test_without_a_name_scenarios_are_listed():
    assert "half_with_feed" in told()


def test_ones_own_scenario_and_its_rows_as_csv(tmp_path: Path):
    told("--origin", "CHN", "--cut", "0.5", "--csv", str(tmp_path / "lost.csv"))
    rows = pd.read_csv(tmp_path / "lost.csv")
    stored = catalog.load_table("disruption").query("scenario == 'half_from_all'").reset_index(drop=True)
    pd.testing.assert_series_equal(rows["lost_before_t"], stored["lost_before_t"])


def test_a_table_of_ones_own(tmp_path: Path):
    file = tmp_path / "mine.csv"
    file.write_text(",".join(SCENARIOS) + "\nmine,CHN,0.1,USA+EST,compounds,excluded,,,\nall,CHN,1,all,,,,,\n")
    text = told("--scenarios", str(file))
    assert "mine, compounds 2024: CHN withholds 14 t REO" in text
    assert "all, compounds 2024: CHN withholds 165 t REO" in text


def test_help_teaches():
    text = told("--help")
    for word in ("--origin", "--targets", "--spare", "USA+JPN", "disruption_scenarios.csv"):
        assert word in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("no_such",), "there is no scenario 'no_such'"),
        (("half_from_all", "--origin", "CHN"), "more than one"),
        (("--origin", "XXX"), "'XXX' is not a known country"),
        (("--origin", "CHN", "--targets", "G8"), "'G8' is not known"),
        (("--origin", "CHN", "--cut", "2"), "'2.0' is not between 0 and 1"),
        (("--origin", "EST", "--targets", "MYS"), "nothing is withheld"),
        (("half_from_all", "--year", "2013"), "no trade with output on record for 2013"),
        (("--scenarios", "nowhere.csv"), "there is no file nowhere.csv"),
    ],
)
def test_what_cannot_be_played_is_one_clear_error(words: tuple[str, ...], says: str):
    with pytest.raises(ReoError, match=says) as error:
        told(*words)
    assert error.value.remedy


def test_from_a_notebook():
    lost = disrupt(scenario("CHN", cut=1, targets="G7"), year=2024).set_index("importer")
    assert lost.loc["USA", "lost_before_t"] == 50


def test_rows_into_a_folder_that_is_not_there_are_one_message(tmp_path: Path):
    from pipeline import cli

    asked = ["disrupt", "--origin", "CHN", "--cut", "0.5", "--csv", str(tmp_path / "missing" / "lost.csv")]
    ended = CliRunner().invoke(cli.app, asked)
    assert isinstance(ended.exception, ReoError)
    assert "a folder that exists" in ended.exception.remedy
