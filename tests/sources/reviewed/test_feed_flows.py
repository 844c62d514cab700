"""Feed flows as reviewed: a bad cell is one error that names it."""

import pandas as pd
import pytest

from pipeline.catalog import table
from pipeline.intake.transcribed import SourceError
from pipeline.schemas import contract
from pipeline.sources.reviewed.feed_flows import FEED_FLOWS, feed_flows
from tests.made_sources import Write

COUNTRIES = pd.DataFrame({"iso3": ["CHN", "MMR", "USA", "JPN"]})
FEED = "MMR,CHN,284690,2011,2016,ore,38 t at 2.3,\nMMR,CHN,284690,2017,2024,ore,19 958 t at 0.6,some oxide\n"


def feed(source: Write, rows: str) -> pd.DataFrame:
    files = {"feed_flows.csv": ",".join(FEED_FLOWS) + "\n" + rows}
    return contract.check(table("feed_flows"), feed_flows(source("reviewed", **files), COUNTRIES)).rows


def test_judgements_as_written(source: Write) -> None:
    found = feed(source, "".join(reversed(FEED.splitlines(keepends=True))))
    assert found["year_from"].tolist() == [2011, 2017]
    assert found["doubt"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("MMR,CHN", "BUR,CHN", "row 2, column exporter: 'BUR' is not a known country"),
        ("ore,38", ",38", "row 2, column reason: '' is empty"),
        ("38 t at 2.3", "", "row 2, column evidence: '' is empty"),
        ("2011,2016", "2018,2016", "row 2, column year_from: '2018' is after year_to"),
        ("2017,2024", "2016,2024", "row 3, column year_from: '2016' overlaps another row"),
        ("2011", "first", "column year_from: 'first' is not a year"),
    ],
)
def test_a_bad_judgement(source: Write, old: str, new: str, says: str) -> None:
    with pytest.raises(SourceError) as error:
        feed(source, FEED.replace(old, new, 1))
    assert says in str(error.value)
