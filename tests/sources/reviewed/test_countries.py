"""Countries and their codes hold together: with each other, with the register of acts, and with what BACI ships."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.catalog import table
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError
from pipeline.schemas import contract
from pipeline.sources import policy_register
from pipeline.sources.reviewed import countries as reviewed_countries
from tests.made_sources import Write, database

BACI = "country_codes_V202401b"
SCRIPT = f"create table {BACI} (country_code TEXT, country_name TEXT, country_iso2 TEXT, country_iso3 TEXT)"
HEADER = "scheme,code,iso3,name_as_published,valid_from,valid_to,note\n"
BELGIUMS = "baci,56,BEL,Belgium,1999,2100,\nbaci,58,BEL,Belgium-Luxembourg (...1998),1900,1998,with Luxembourg\n"


@pytest.fixture(scope="module")
def countries() -> pd.DataFrame:
    return contract.check(table("countries"), reviewed_countries.countries(SourceFiles("reviewed"))).rows


@pytest.fixture(scope="module")
def acts() -> pd.DataFrame:
    return policy_register.policy_events(SourceFiles("policy_register")).set_index("event_id")


def reviewed_codes() -> pd.DataFrame:
    return pd.read_csv(SourceFiles("reviewed").path("country_codes.csv"), dtype=str, keep_default_na=False)


def test_the_union_has_27_members_and_the_g7_seven(countries: pd.DataFrame) -> None:
    members = set(countries.loc[countries["eu27"], "iso3"])
    assert len(members) == 27
    assert {"DEU", "FRA", "HRV", "BEL"} < members
    assert "GBR" not in members
    assert countries.loc[countries["g7"], "iso3"].tolist() == ["CAN", "DEU", "FRA", "GBR", "ITA", "JPN", "USA"]


def test_m49_numbers_are_the_un_s(countries: pd.DataFrame) -> None:
    """UN Statistics Division, Standard Country or Area Codes (M49): Brazil 076, China 156, India 356, World 001."""
    numbers = countries.set_index("iso3")["m49"]
    assert numbers[["BRA", "CHN", "IND", "WLD"]].tolist() == ["076", "156", "356", "001"]
    assert numbers[["TWN", "EUU", "ROW"]].isna().all()


def test_every_reviewed_code_and_actor_is_a_country(countries: pd.DataFrame, acts: pd.DataFrame) -> None:
    assert set(reviewed_codes()["iso3"]) <= set(countries["iso3"])
    assert set(acts["actor"]) <= set(countries["iso3"])
    assert {"WLD", "ROW", "EUU"} <= set(countries["iso3"])


def test_a_reviewed_country_that_iso_has_already_is_refused(source: Write) -> None:
    names = "name_as_printed,iso3,note\nBurma,MMR,\n"
    files = source("reviewed", **{"countries.csv": "iso3,name,m49,note\nCHN,China again,,\n", "country_names.csv": names})
    with pytest.raises(SourceError, match=r"countries\.csv, row 2, column iso3: 'CHN' is an ISO country already"):
        reviewed_countries.countries(files)


def codes(source: Write, folder: Path, rows: str, names: list[tuple[object, ...]]) -> pd.DataFrame:
    baci = source("cepii_baci", **{"baci.db": database(folder, SCRIPT, BACI, names)})
    return reviewed_countries.country_codes(source("reviewed", **{"country_codes.csv": HEADER + rows}), baci)


def test_two_belgiums_are_one_country_one_after_the_other(source: Write, tmp_path: Path) -> None:
    names = [("56", "Belgium", "BE", "BEL"), ("58", "Belgium-Luxembourg (...1998)", "BE", "BEL")]
    found = contract.check(table("country_codes"), codes(source, tmp_path, BELGIUMS, names)).rows
    assert found[["code", "iso3", "valid_from", "valid_to"]].to_numpy().tolist() == [
        ["56", "BEL", 1999, 2100],
        ["58", "BEL", 1900, 1998],
    ]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (BELGIUMS.replace("1999", "1998"), r"row 2, column valid_from: '1998' begins while another code"),
        (BELGIUMS.replace("1999", "Jan 99"), r"row 2, column valid_from: 'Jan 99' is not a year"),
        (BELGIUMS.replace("1999", ""), r"row 2, column valid_from: '' is empty"),
        (BELGIUMS[: BELGIUMS.index("baci,58")], r"BACI lists country code 58 as 'Belgium-Luxembourg \(\.\.\.1998\)'"),
        (BELGIUMS.replace("Belgium,1999", "Belgique,1999"), r"BACI lists country code 56 as 'Belgium'"),
    ],
)
def test_codes_that_contradict_each_other_or_baci_are_refused(source: Write, tmp_path: Path, rows: str, says: str) -> None:
    names = [("56", "Belgium", "BE", "BEL"), ("58", "Belgium-Luxembourg (...1998)", "BE", "BEL")]
    with pytest.raises(SourceError, match=says):
        codes(source, tmp_path, rows, names)


def test_a_changed_list_of_countries_is_one_error(source: Write, tmp_path: Path) -> None:
    script = SCRIPT.replace("country_name", "name")
    baci = source("cepii_baci", **{"baci.db": database(tmp_path, script, BACI, [])})
    with pytest.raises(SourceError, match=r"has the columns country_code, name"):
        reviewed_countries.country_codes(source("reviewed", **{"country_codes.csv": HEADER + BELGIUMS}), baci)


def test_reviewed_codes_never_overlap_within_a_scheme() -> None:
    found = reviewed_codes()
    spans = found[["scheme", "iso3", "valid_from", "valid_to"]].to_numpy()
    used = [(scheme, iso3, year) for scheme, iso3, a, b in spans for year in range(int(a), int(b) + 1)]
    assert len(used) == len(set(used))


def test_special_codes_are_what_they_are() -> None:
    """490 is Other Asia, nes, which stands for Taiwan; 711 the customs union to 1999; 842 and 699 are not ISO numbers."""
    found = reviewed_codes().set_index(["scheme", "code"])["iso3"]
    assert found["baci"][["490", "711", "736", "891", "842", "699"]].tolist() == ["TWN", "X_711", "SDN", "SCG", "USA", "IND"]
    assert found["wmd"][["842", "699", "104"]].tolist() == ["USA", "IND", "MMR"]
