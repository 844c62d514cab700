"""The reviewed tables hold together: with each other, with the register of acts, and with what BACI ships."""

import re
from pathlib import Path

import pandas as pd
import pytest

from pipeline.catalog import table
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError
from pipeline.schemas import contract
from pipeline.sources import policy_register, reference
from tests.made_sources import Write, database

BACI = "country_codes_V202401b"
SCRIPT = f"create table {BACI} (country_code TEXT, country_name TEXT, country_iso2 TEXT, country_iso3 TEXT)"
HEADER = "scheme,code,iso3,name_as_published,valid_from,valid_to,note\n"
BELGIUMS = "baci,56,BEL,Belgium,1999,2100,\nbaci,58,BEL,Belgium-Luxembourg (...1998),1900,1998,with Luxembourg\n"


@pytest.fixture(scope="module")
def products() -> pd.DataFrame:
    return contract.check(table("products"), reference.products(SourceFiles("reviewed"))).rows


@pytest.fixture(scope="module")
def countries() -> pd.DataFrame:
    return contract.check(table("countries"), reference.countries(SourceFiles("reviewed"))).rows


@pytest.fixture(scope="module")
def acts() -> pd.DataFrame:
    return policy_register.policy_events(SourceFiles("policy_register")).set_index("event_id")


def reviewed_codes() -> pd.DataFrame:
    return pd.read_csv(SourceFiles("reviewed").path("country_codes.csv"), dtype=str, keep_default_na=False)


def test_documents_keep_their_contract() -> None:
    found = contract.check(table("documents"), reference.documents(SourceFiles("documents"))).rows
    assert "usgs-mcs-2026-pdf-p-153-version-1-3" in set(found["document_id"])


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
    files = source("reviewed", **{"countries.csv": "iso3,name,m49,note\nCHN,China again,,\n"})
    with pytest.raises(SourceError, match=r"countries\.csv, row 2, column iso3: 'CHN' is an ISO country already"):
        reference.countries(files)


def codes(source: Write, folder: Path, rows: str, names: list[tuple[object, ...]]) -> pd.DataFrame:
    baci = source("cepii_baci", **{"baci.db": database(folder, SCRIPT, BACI, names)})
    return reference.country_codes(source("reviewed", **{"country_codes.csv": HEADER + rows}), baci)


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
        (BELGIUMS.replace("1999", "Jan 99"), r"row 2, column valid_from: 'Jan 99' is not a plain number"),
        (BELGIUMS.replace("1999", ""), r"row 2, column valid_from: '' is not a year"),
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
        reference.country_codes(source("reviewed", **{"country_codes.csv": HEADER + BELGIUMS}), baci)


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


def test_the_74_products_of_the_package_and_the_magnets(products: pd.DataFrame) -> None:
    assert products["nomenclature"].value_counts().to_dict() == {"HS92": 74, "HS02": 1, "HS17": 1}
    groups = products.dropna(subset=["group"]).groupby("group")["hs6"].unique().map(list).to_dict()
    assert groups == {"compounds": ["284610", "284690"], "magnets": ["850511"], "metals": ["280530"]}


def test_only_rare_earths_are_treated_as_rare_earths(products: pd.DataFrame) -> None:
    rare = products["treatment"] == "rare_earth"
    assert (rare == (products["material"] == "rare_earths")).all()
    assert (rare == products["group"].notna()).all()


def test_a_mineral_has_one_treatment(products: pd.DataFrame) -> None:
    assert products.groupby("material")["treatment"].nunique().eq(1).all()
    assert not products.loc[products["treatment"] == "never_controlled", "controlled_since"].notna().any()


def test_acts_named_by_products_are_in_the_register(products: pd.DataFrame, acts: pd.DataFrame) -> None:
    named = products["control"].dropna().str.findall(r"\b(?:CN|USA)-\d{4}[\w-]*").explode().dropna()
    assert set(named) <= set(acts.index)


def test_controls_begin_when_the_act_named_first_took_effect(products: pd.DataFrame, acts: pd.DataFrame) -> None:
    controlled = products.dropna(subset=["controlled_since"])
    assert set(controlled["material"]) == {
        "antimony", "bismuth", "germanium", "graphite", "molybdenum", "rare_earths", "tellurium", "tungsten",
    }  # fmt: skip
    for product in controlled.itertuples():
        first = re.findall(r"\bCN-\d{4}[\w-]*", str(product.control))[0]
        assert acts.loc[first, "effective_on"] == product.controlled_since, product.hs6


def test_parts_of_codes_said_to_be_controlled_are_printed_in_the_announcement(products: pd.DataFrame) -> None:
    """Where a code is said to be covered in part, the announcement's own list prints that code, or its successor by name."""
    items = pd.read_csv(SourceFiles("control_lists").path("control_lists.csv"), dtype=str, keep_default_na=False)
    printed = set(items["hs6"].str.split(";").explode())
    successors = {"810600": {"810610", "810690"}, "811230": {"811292", "811299"}}
    partly = products[products["control"].str.contains(": in part", na=False) & (products["group"] != "magnets")]
    assert len(partly) == 7
    for code in partly["hs6"]:
        assert successors.get(code, {code}) <= printed, code
