"""Reports of thirty goods: totals are not added to their breakdowns, and bad files are one error each."""

import gzip
from pathlib import Path

import pandas as pd
import pytest

from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError
from pipeline.schemas import contract
from pipeline.schemas.trade_reports import TradeReports
from pipeline.sources.comtrade_reports import FLOW, reported, trade_reports
from tests.measures import toy
from tests.sources.raw_files import REAL, TOY, Change, files, put, spoilt

HOW = ("max", "sum")
PACKED = ("un_comtrade_reports", "cepii_baci_reports")
COMTRADE_2024 = "un_comtrade_reports/comtrade_2024.csv"


def packed(folder: Path, raw: Path = TOY) -> list[SourceFiles]:
    """The toy world's files of both sources as the pipeline reads them."""
    for source in PACKED:
        (folder / source).mkdir(parents=True)
        for file in (raw / source).iterdir():
            (folder / source / f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes(), mtime=0))
    return [files(source, folder) for source in PACKED]


def made(folder: Path, raw: Path = TOY) -> pd.DataFrame:
    inputs = packed(folder / "packed", raw)
    return trade_reports(*inputs, files("reviewed"), toy.tidy("country_codes"), toy.tidy("countries"))


def test_one_row_a_side_and_baci_in_thousand_dollars(tmp_path: Path) -> None:
    rows = contract.check(TradeReports, made(tmp_path)).rows.set_index([*FLOW, "reported_by"])
    flow = rows.loc[(2024, "CHN", "USA", "850511")]
    assert flow["value_kusd"].to_dict() == {"exporter": 200, "importer": 240, "reconciled": 220}
    assert flow["source_id"].to_list() == [PACKED[0], PACKED[0], PACKED[1]]
    assert len(rows) == 15


def test_a_total_counts_once_beside_its_breakdowns_and_twice_only_when_asked(tmp_path: Path) -> None:
    file = packed(tmp_path)[0].path("comtrade_2024.csv.gz")
    importers = ("importer", 2024, "CHN", "USA", "850511")
    codes = toy.tidy("country_codes")
    once, twice = (
        reported(file, codes, how).set_index(["reported_by", *FLOW])["value_kusd"][importers] for how in ("max", "sum")
    )
    assert (once, twice) == (240, 480)


def test_the_world_areas_and_a_country_itself_are_no_partners(tmp_path: Path) -> None:
    rows = made(tmp_path)
    assert not rows[["exporter", "importer"]].isin(["WLD"]).any(axis=None)
    assert (rows["exporter"] != rows["importer"]).all()


def test_811231_counts_within_811292_as_in_baci(tmp_path: Path) -> None:
    raw = spoilt(tmp_path, COMTRADE_2024, lambda c: c + b"156,842,811231,X,5000.0,1.0\n156,842,811292,X,7000.0,1.0\n")
    rows = made(tmp_path, raw)
    assert rows[rows["hs6"].str.startswith("8112")]["value_kusd"].to_list() == [12]


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        (COMTRADE_2024, put("842,156,850511,M", "999,156,850511,M"), "row 4, column reporter: '999' is not a country code"),
        (COMTRADE_2024, put("842,156,850511,M", "842,China,850511,M"), "column partner: 'China' is not a country's number"),
        (COMTRADE_2024, put("850511,X", "850511,re-export"), "column flow: 're-export'"),
        (COMTRADE_2024, put("200000.0", "-1"), "column value: '-1' is no value"),
        (COMTRADE_2024, put("netwgt", "weight"), "unknown: .'weight'"),
        ("un_comtrade_reports/comtrade_2022.csv", put("2022,842", "2021,842"), "is not the file's year"),
        ("cepii_baci_reports/baci_2022.csv", put("EST,USA", "Q9Q,USA"), "column i: 'Q9Q'"),
    ],
)
def test_what_is_not_known_is_refused_with_its_place(tmp_path: Path, file: str, change: Change, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        made(tmp_path, spoilt(tmp_path, file, change))


@pytest.mark.parametrize("year", [2022, 2024])
def test_the_largest_rows_of_every_reporter_add_up_to_the_world_total_it_reports(year: int) -> None:
    """So they are the totals. Adding all rows meets the world total in fewer than half of the reporters' goods."""
    frame = pd.read_csv(REAL / "un_comtrade_reports" / f"comtrade_{year}.csv.gz", dtype={"cmd": str})
    good = ["reporter", "cmd", "flow"]
    total = frame[frame["partner"] == 0].groupby(good)["value"].max()
    partners = frame[frame["partner"] != 0]
    largest = partners.groupby([*good, "partner"])["value"].max().groupby(good).sum()
    # Dollars with up to three decimals, each rounded.
    pd.testing.assert_series_equal(largest, total, rtol=1e-6, atol=0.01)
    assert ((partners.groupby(good)["value"].sum() / total - 1).abs() < 0.01).mean() < 0.5
