"""Names that must and must not be read as a country; the two lists beside the reviewed names can be extended by anyone."""

import pandas as pd
import pytest

from pipeline import paths
from pipeline.intake import country_names, transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError
from tests.made_sources import Write

REVIEWED = paths.REPOSITORY / "data" / "raw" / "reviewed"
MATCH = transcribed.read(REVIEWED / "should_match.csv", ["name_as_printed", "iso3"])
NO_MATCH = transcribed.read(REVIEWED / "should_not_match.csv", ["name_as_printed", "why"])


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    return country_names.reviewed_names(SourceFiles("reviewed"))


@pytest.mark.parametrize(("name", "code"), MATCH.to_numpy().tolist())
def test_a_name_is_read_as_its_country(names: dict[str, str], name: str, code: str) -> None:
    assert country_names.code_of(name, names) == code


@pytest.mark.parametrize(("name", "why"), NO_MATCH.to_numpy().tolist())
def test_a_name_that_is_no_country_is_none(names: dict[str, str], name: str, why: str) -> None:
    assert country_names.code_of(name, names) is None, why


def test_namibia_is_not_a_missing_value() -> None:
    listed = country_names.converter().data
    assert listed.loc[listed["ISO3"] == "NAM", "ISO2"].tolist() == ["NA"]


def test_an_unknown_name_is_one_error_naming_file_and_row(source: Write) -> None:
    reviewed = source("reviewed", **{"country_names.csv": "name_as_printed,iso3,note\nBurma,MMR,\n"})
    frame = pd.DataFrame({"country": ["China", "Burma", "Chian"]})
    with pytest.raises(SourceError, match=r"world\.csv, row 4, column country: 'Chian' is not a known country name"):
        country_names.iso3(REVIEWED / "world.csv", frame, "country", country_names.reviewed_names(reviewed))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("World excluding China,CHN,", "row 3, column iso3: 'CHN' is one country, the name a group or an exclusion"),
        ("Others incl. Malaysia,MYS,", "row 3, column iso3: 'MYS' is one country, the name a group or an exclusion"),
        ("BURMA,THA,", "row 2, column iso3: 'MMR' is not the only code of this name"),
    ],
)
def test_a_reviewed_name_means_one_country_or_a_group(source: Write, row: str, said: str) -> None:
    source("reviewed", **{"country_names.csv": f"name_as_printed,iso3,note\nBurma,MMR,\n{row}\n"})
    with pytest.raises(SourceError, match=said), transcribed.all_faults():
        country_names.check_reviewed(paths.raw() / "reviewed" / "country_names.csv")


def test_a_reviewed_name_may_be_a_group_and_be_spelt_twice(source: Write) -> None:
    rows = "Rest of world,ROW,\nRest of World,ROW,\nEurope and others,,no country\n"
    source("reviewed", **{"country_names.csv": f"name_as_printed,iso3,note\n{rows}"})
    country_names.check_reviewed(paths.raw() / "reviewed" / "country_names.csv")
