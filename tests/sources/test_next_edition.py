"""The next edition of a publisher is read without a change of code: files of its true shape, their entry, reviewed rows."""

import gzip
from pathlib import Path

import pandas as pd
import pytest

from pipeline.catalog import table
from pipeline.intake import sqlite
from pipeline.intake.transcribed import SourceError
from pipeline.schemas import contract
from pipeline.sources import baci, baci_csv, production, usgs, world_bank, world_mining_data
from pipeline.sources.reviewed import countries
from tests.made_sources import Write, database
from tests.sources.raw_files import REAL, files

CODES = pd.DataFrame(
    [("baci", "156", "CHN", 1900, 2100), ("baci", "392", "JPN", 1900, 2100), ("baci", "278", "DDR", 1900, 1990)],
    columns=["scheme", "code", "iso3", "valid_from", "valid_to"],
)
PRODUCTS = pd.DataFrame({"hs6": ["280530", "010111", "850511"]})
COUNTRIES = pd.DataFrame({"iso3": ["CHN", "JPN", "XKX"]})
MAGNETS = "year,exporter,importer,hs6,value_kusd,quantity_t,reported_by,document_id,note\n"
MAGNETS += "2024,CHN,JPN,850511,600,20,reconciled,d,all partners\n"
HEAD = "t,i,j,k,v,q\n"
# As CEPII writes them: whole years of all products, padded in some releases, codes with their zeros, quantities missing.
OF_2024 = HEAD + "2024,156,392,280530,61966.651,5235.843\n2024,156,392,010111,1.250,\n2024,156,392,999999,5,5\n"
OF_2025 = HEAD + "2025, 392, 156, 280530,     120.500,          NA\n"
FILES: dict[str, str | bytes] = {
    "BACI_HS92_Y2024_V202701.csv": OF_2024,
    "BACI_HS92_Y2025_V202701.csv.gz": gzip.compress(OF_2025.encode(), mtime=0),
    "country_codes_V202701.csv": "country_code,country_name,country_iso2,country_iso3\n156,China,CN,CHN\n",
}


def flows(source: Write, every_code: bool = False, **named: str | bytes) -> pd.DataFrame:
    magnets = source("cepii_baci_magnets", **{"flows.csv.gz": gzip.compress(MAGNETS.encode(), mtime=0)})
    files = source("cepii_baci", **named)
    if every_code:
        files.source = files.source.model_copy(update={"codes": "all"})
    return pd.concat(baci.trade_flows(files, magnets, CODES, COUNTRIES, PRODUCTS), ignore_index=True)


def test_bacis_own_files_of_a_release_are_read_by_product(source: Write) -> None:
    found = contract.check(table("trade_flows"), flows(source, **FILES)).rows.set_index(["year", "hs6"])
    assert sorted(found.index) == [(2024, "010111"), (2024, "280530"), (2024, "850511"), (2025, "280530")]
    assert found.loc[(2024, "280530"), ["value_kusd", "quantity_t"]].tolist() == [61966.651, 5235.843]
    assert found.loc[(2025, "280530"), ["exporter", "importer", "value_kusd"]].tolist() == ["JPN", "CHN", 120.5]
    assert found["quantity_t"].isna().to_dict()[(2025, "280530")]
    assert set(found["nomenclature"][:2]) == {"HS92"}


def test_every_code_is_kept_where_the_lock_says_so_but_magnets_stay_those_of_their_own_source(source: Write) -> None:
    files = FILES | {"BACI_HS92_Y2024_V202701.csv": OF_2024 + "2024,156,392,850511,7,7\n"}
    found = contract.check(table("trade_flows"), flows(source, every_code=True, **files)).rows
    codes = found.groupby(["year", "source_id"])["hs6"].agg(list).to_dict()
    assert codes == {
        (2024, "cepii_baci"): ["010111", "280530", "999999"],
        (2024, "cepii_baci_magnets"): ["850511"],
        (2025, "cepii_baci"): ["280530"],
    }


def test_a_row_keeps_its_number_in_a_file_read_in_many_blocks(source: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baci_csv, "BLOCK", 64)
    rows = [f"2024,156,392,{code:06},{code}.5,\n" for code in range(1, 41)]
    named = {"BACI_HS92_Y2024_V202701.csv": HEAD + "".join(rows)}
    found = flows(source, every_code=True, **named)
    assert found[found["source_id"] == "cepii_baci"]["value_kusd"].tolist() == [code + 0.5 for code in range(1, 41)]
    named = {"BACI_HS92_Y2024_V202701.csv": HEAD + "".join(rows).replace("37.5", "37,5".replace(",", ";"))}
    with pytest.raises(SourceError, match=r"Y2024_V202701\.csv, row 38, column v: '37;5' is not a plain number"):
        flows(source, every_code=True, **named)


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("BACI_HS92_Y2025_V202701.csv", OF_2025.replace("280530", "28053O"), "row 2, column k: '28053O' is not a code of six"),
        ("BACI_HS92_Y2025_V202701.csv", OF_2025.replace("120.500", "NaN"), "row 2, column v: 'NaN' is not a plain number"),
        ("BACI_HS92_Y2025_V202701.csv", OF_2025.replace("120.500", "9" * 400), "row 2, column v: '9+' is too large"),
        ("BACI_HS92_Y2025_V202701.csv", OF_2025.replace(" 392", "\u066392"), r"row 2, column i: .* ARABIC-INDIC DIGIT THREE"),
        ("BACI_HS92_Y2025_V202701.csv", OF_2025.replace("NA", "n/a"), "row 2, column q: 'n/a' is not a plain number"),
        ("BACI_HS92_Y2025_V202601.csv", OF_2025, "files of two releases, 202601 and 202701"),
        ("BACI_HS17_Y2025_V202701.csv", OF_2025, "files of two nomenclatures, HS17 and HS92"),
        ("BACI_HS92_Y2026_V202701.csv", OF_2025, "the years 2024 to 2026 have not one file each"),
        ("baci2025.csv", OF_2025, r"baci2025\.csv is not named as CEPII names its files"),
        ("BACI_HS92_Y2025_V202701.csv", OF_2024, r"row 2, column t: '2024' is not 2025"),
        ("BACI_HS92_Y2025_V202701.csv", OF_2025.replace("t,i", "i,t"), "has the columns i, t, j, k, v, q"),
        ("BACI_HS92_Y2025_V202701.csv", OF_2025.replace(" 392", "392x"), "row 2, column i: '392x' is not a country code"),
        ("BACI_HS92_Y2025_V202701.csv", OF_2025.replace(" 392", "278"), "row 2, column i: '278' is a country code used outside"),
        ("BACI_HS92_Y2025_V202701.csv", OF_2025.replace("120.500", "120,500"), "cannot be read as CSV"),
        ("BACI_HS92_Y2025_V202701.csv", OF_2025.replace("120.500", "1e400"), "row 2, column v: '1e400' is written with a power"),
        ("BACI_HS92_Y2025_V202701.csv", OF_2025.replace("120.500", ""), "row 2, column v: '' is empty"),
        ("BACI_HS92_Y2025_V202701.csv", HEAD, "has no row of a code"),
        ("BACI_HS92_Y2025_V202701.csv", "", "cannot be read as CSV"),
        ("BACI_HS92_Y2025_V202701.csv", b"\xff\xfe" + OF_2025.encode(), "has the columns|cannot be read as CSV"),
        ("BACI_HS92_Y2025_V202701.csv.gz", gzip.compress(OF_2025.encode(), mtime=0)[:-9], "cannot be read as CSV"),
    ],
)
def test_a_bad_file_of_a_release_is_one_error_naming_it(source: Write, file: str, content: str | bytes, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        flows(source, **{"BACI_HS92_Y2024_V202701.csv": OF_2024, file: content})


def test_country_codes_are_compared_with_the_list_of_the_release(source: Write) -> None:
    """A table of any release's name in the package, or CEPII's own file: an unreviewed name is named."""
    listed = "scheme,code,iso3,name_as_published,valid_from,valid_to,note\nbaci,156,CHN,China,1900,2100,\n"
    reviewed = source("reviewed", **{"country_codes.csv": listed})
    assert countries.country_codes(reviewed, source("cepii_baci", **FILES))["code"].tolist() == ["156"]
    new = FILES | {"country_codes_V202701.csv": FILES["country_codes_V202701.csv"] + "999,Elsewhere,EL,ELS\n"}  # type: ignore[operator]
    with pytest.raises(SourceError, match="BACI lists country code 999 as 'Elsewhere'"):
        countries.country_codes(reviewed, source("cepii_baci", **new))


def test_usgs_2027_is_rows_of_world_csv_and_of_the_editions(source: Write) -> None:
    """Russia 2026 in the edition of 2027: an error that says where to list the edition, and with its row there a figure."""
    world = (REAL / "usgs_mcs" / "world.csv").read_text()
    row = world.splitlines()[-1].split(",")
    world += f"2027,Russia,mine_production,2026,2600,e,metric tons REO,{row[7]},\n"
    mcs = source("usgs_mcs", **{"world.csv": world})
    mcs.source = mcs.source.model_copy(update={"accessed": "2027-02-10"})
    found = usgs.production(mcs, files("reviewed"), source("corrections", **{"corrections.yml": "[]\n"}))
    editions = (REAL / "reviewed" / "production_editions.csv").read_text()
    with pytest.raises(SourceError, match=r"production_editions\.csv") as raised:
        production._with_editions(found, source("reviewed", **{"production_editions.csv": editions}))
    assert "production_editions.csv" in raised.value.remedy
    editions += "usgs_mcs,2027,,2027,USGS,2027-01-31,whole,yes,\n"
    shown = production._with_editions(found, source("reviewed", **{"production_editions.csv": editions}))
    assert shown.query("edition == '2027'")[["year", "country", "amount"]].values.tolist() == [[2026, "RUS", 2600.0]]


def test_a_newer_release_of_world_mining_data_has_other_years_and_another_name(source: Write, tmp_path: Path) -> None:
    columns = ", ".join(f'"{column}" text' for column in world_mining_data.MAP_COLUMNS)
    script = f'create table "HS Code Map" ({columns});'
    script += "insert into \"HS Code Map\" values ('Rare earths (REO, total)'" + ", 'Not Available'" * 10 + ");"
    years = ", ".join(f'"{year}" REAL' for year in range(2019, 2026))
    named = "Country text, Country_Code text, Country_ISO text"
    script += f'create table "Rare earths (REO, total)" ({named}, {years}, unit text, data_source text);'
    for country, code, amount in (("China", "156", 270000.0), ("Total", "DELETE", 271000.0)):
        values = f"'{country}', '{code}', ''" + ", null" * 6 + f", {amount}, 'metr. t', 'r'"
        script += f'insert into "Rare earths (REO, total)" values ({values});'
    wmd = source("world_mining_data", **{"world_mining_data.db": database(tmp_path, script, "x", [])})
    codes = pd.DataFrame([("wmd", "156", "CHN")], columns=["scheme", "code", "iso3"])
    found = world_mining_data.production(wmd, codes, source("corrections", **{"corrections.yml": "[]\n"}))
    assert found[["year", "country", "amount"]].values.tolist() == [[2025, "CHN", 270000.0], [2025, "WLD", 271000.0]]


def test_a_newer_release_of_the_governance_package_has_another_year(source: Write, tmp_path: Path) -> None:
    script = ""
    for name, cell in zip(world_bank.TABLES.values(), ("-0.4", "0.2", "8.0"), strict=True):
        columns = '"Country/Territory" text, "Code" text, "2024" text, "2025" text, "country_code" text'
        script += f"create table \"{name}\" ({columns}); insert into \"{name}\" values ('China', 'CHN', 'nan', '{cell}', '156');"
    wgi = source("worldwide_governance_indicators", **{"wgi.db": database(tmp_path, script, "x", [])})
    assert world_bank.governance(wgi, COUNTRIES)[["year", "country", "sources"]].values.tolist() == [[2025, "CHN", 8]]


@pytest.mark.parametrize("years", [["2024", "2023"], ["2023", "Y2024"], []])
def test_years_that_are_none_or_out_of_order_are_a_changed_layout(tmp_path: Path, years: list[str]) -> None:
    columns = ", ".join(f'"{column}" text' for column in ["Code", *years, "unit"])
    file = tmp_path / "wide.db"
    file.write_bytes(database(tmp_path, f"create table made ({columns})", "made", []))
    with pytest.raises(SourceError, match=r"table 'made' of wide\.db has the columns"):
        sqlite.read_by_year(file, "made", ["Code"], ["unit"])


ESTIMATES = "country,year,wgi_pv,standard_error,sources,edition\nCHN,2024,-0.44,0.21,8,2025\nKSV,2024,-0.20,0.25,3,2025\n"


def test_the_world_banks_own_figures_are_rows(source: Write) -> None:
    wgi = source("worldwide_governance_indicators", **{"estimates.csv": ESTIMATES})
    found = contract.check(table("governance"), world_bank.governance(wgi, COUNTRIES)).rows
    assert found[["country", "wgi_pv", "sources", "edition"]].values.tolist() == [
        ["CHN", -0.44, 8, "2025"],
        ["XKX", -0.2, 3, "2025"],
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("CHN,2024", "CHI,2024", "row 2, column country: 'CHI' is not a code"),
        ("-0.44", "", "row 2, column wgi_pv: '' is empty"),
        (",8,", ",8.5,", "row 2, column sources: '8.5' is not a number of sources"),
        ("CHN,2024", "CHN,2031", "row 2, column year: '2031' is after the day the source was last read"),
    ],
)
def test_a_bad_row_of_the_world_banks_figures_is_one_error_naming_it(source: Write, old: str, new: str, says: str) -> None:
    wgi = source("worldwide_governance_indicators", **{"estimates.csv": ESTIMATES.replace(old, new)})
    with pytest.raises(SourceError, match=says):
        world_bank.governance(wgi, COUNTRIES)
