"""Scenarios as reviewed or as anyone writes them: a bad cell is one error that names it."""

import pandas as pd
import pytest

from pipeline.catalog import table
from pipeline.intake.transcribed import SourceError
from pipeline.schemas import contract
from pipeline.sources.reviewed.disruption_scenarios import SCENARIOS, disruption_scenarios
from tests.made_sources import Write

COUNTRIES = pd.DataFrame({"iso3": ["CHN", "MMR", "USA", "JPN"]})
PLAYS = "half,CHN,0.5,all,,,,,\nbloc,CHN,1,G7+JPN,rare_earth_magnets,excluded,0.1,20,why\n"


def plays(source: Write, rows: str) -> pd.DataFrame:
    files = {"disruption_scenarios.csv": ",".join(SCENARIOS) + "\n" + rows}
    return contract.check(table("disruption_scenarios"), disruption_scenarios(source("reviewed", **files), COUNTRIES)).rows


def test_empty_cells_mean_none_and_feed_excluded(source: Write) -> None:
    half = plays(source, PLAYS).set_index("scenario").loc["half"]
    assert [half.feed, half.spare_share, half.spare_t, pd.isna(half.group)] == ["excluded", 0, 0, True]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("half,CHN", "half,XXX", "row 2, column origin: 'XXX' is not a known country"),
        ("all", "G8", "row 2, column targets: 'G8' is not known"),
        ("G7+JPN", "all+JPN", "row 3, column targets: 'all+JPN' is not known"),
        ("0.5", "50", "row 2, column cut: '50' is not between 0 and 1"),
        ("0.5", "", "row 2, column cut: '' is not between 0 and 1"),
        ("0.1", "-0.1", "row 3, column spare_share: '-0.1' is negative"),
        ("rare_earth_magnets", "ore", "row 3, column group: 'ore' is not an allowed value of this column"),
        ("bloc", "half", "row 3, column scenario: 'half' occurs twice"),
        ("half", "Half of all", "row 2, column scenario: 'Half of all' is not a valid name"),
    ],
)
def test_a_bad_scenario(source: Write, old: str, new: str, says: str) -> None:
    with pytest.raises(SourceError) as error:
        plays(source, PLAYS.replace(old, new, 1))
    assert says in str(error.value)
