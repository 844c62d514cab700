"""Output and shares by stage: what the texts print is what the tables say, and a bad file is one error naming the place."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.intake.transcribed import SourceError
from pipeline.schemas import contract
from pipeline.schemas.processing import Processing
from pipeline.schemas.stage_shares import StageShares
from pipeline.sources import processing
from tests.sources.raw_files import TOY, Change, files, half_written, put, repeated_row, spoilt, wrongly_encoded

PROCESSING = "processing_shares/shares.csv"
SHARES = "stage_shares/shares.csv"


def made(raw: Path) -> pd.DataFrame:
    return contract.check(Processing, processing.processing(files("processing_shares", raw), files("reviewed"))).rows


def shares(raw: Path) -> pd.DataFrame:
    return contract.check(StageShares, processing.stage_shares(files("stage_shares", raw), files("reviewed"))).rows


@pytest.fixture(scope="module")
def real() -> pd.DataFrame:
    return contract.check(Processing, processing.processing(files("processing_shares"), files("reviewed"))).rows


@pytest.fixture(scope="module")
def real_shares() -> pd.DataFrame:
    return contract.check(StageShares, processing.stage_shares(files("stage_shares"), files("reviewed"))).rows


def test_periods_are_dated_from_their_words_and_a_text_without_one_by_its_own_date() -> None:
    rows = made(TOY).set_index("period")
    said = rows[["period_start", "period_end", "dated_by"]].apply(tuple, axis=1)
    assert said["calendar"] == ("2021-01", "2021-12", "period")
    assert said["Jul-Sep 2021 quarter"] == ("2021-07", "2021-09", "period")
    assert said["FY21 (Jul 2020-Jun 2021)"] == ("2020-07", "2021-06", "period")
    assert said["target"] == ("2030-01", "2030-12", "period")
    assert said["report of Jun 2021"] == ("2021-06", "2021-06", "text")
    assert rows["year"].isna().to_dict() == {p: p == "report of Jun 2021" for p in rows.index}


def test_units_keep_what_is_weighed_beside_them_and_nothing_is_converted() -> None:
    rows = made(TOY).set_index("period")
    assert tuple(rows.loc["calendar", ["unit", "basis", "value"]]) == ("t", "oxide", 60.0)
    assert tuple(rows.loc["FY21 (Jul 2020-Jun 2021)", ["unit", "value"]]) == ("kt", 100.0)


def test_long_notes_come_back_to_their_rows() -> None:
    notes = made(TOY).set_index("period")["note"]
    assert notes["report of Jun 2021"] == "a long note kept once"
    assert notes["target"] == "a long note kept once; a plan"
    assert pd.isna(notes["calendar"])


def test_projections_stay_projections() -> None:
    assert shares(TOY).groupby("year")["kind"].unique().str.join(",").to_dict() == {2021: "estimate", 2030: "projection"}


BAD: list[tuple[str, str, Change, str]] = [
    ("missing column", PROCESSING, put(",note_id,", ",nid,"), "missing: ['note_id']"),
    ("renamed column", SHARES, put("share,basis", "part,basis"), "unknown: ['part']"),
    ("extra column", SHARES, lambda c: c.replace(b"\n", b",x\n"), "unknown: ['x']"),
    ("words for a number", PROCESSING, put("0.9,share", "nine,share"), "row 2, column value: 'nine'"),
    ("thousands separator", PROCESSING, put(",100,kt", ',"1,000",kt'), "row 5, column value: '1,000'"),
    ("decimal comma", SHARES, put(",0.6,", ',"0,6",'), "row 2, column share: '0,6'"),
    ("negative amount", PROCESSING, put(",60,t oxide", ",-60,t oxide"), "row 3, column value: '-60' is negative"),
    ("share above 1", PROCESSING, put("0.9,share", "90,share"), "row 2, column value: '90' is a share above 1"),
    ("share above 1 by stage", SHARES, put(",0.8,", ",80,"), "row 4, column share: '80' is a share above 1"),
    ("changed unit", PROCESSING, put("t oxide", "lb oxide"), "row 3, column unit: 'lb oxide'"),
    ("unknown country", PROCESSING, put("United States", "Atlantis"), "row 3, column country: 'Atlantis'"),
    ("unknown country code", SHARES, put("CHN", "CHX"), "row 2, column country: 'CHX'"),
    ("unknown stage", SHARES, put("separation", "sintering"), "row 4, column stage: 'sintering' is not in stage_words.csv"),
    ("stage of plants only", SHARES, put("separation", "recycling"), "recycling"),
    ("unknown material", PROCESSING, put("NdPr", "unobtainium"), "row 3, column material: 'unobtainium'"),
    ("unknown kind", SHARES, put("projection", "guess"), "row 7, column kind: 'guess'"),
    ("unknown period", PROCESSING, put("calendar", "lately"), "row 3, column period: 'lately'"),
    ("impossible month", PROCESSING, put("Jul-Sep", "Jul-Sux"), "period_end: '2021-None' is not a date"),
    ("end before start", PROCESSING, put("Jul-Sep", "Sep-Jul"), "row 4, column period: 'Sep-Jul 2021 quarter' ends before"),
    ("year outside its period", PROCESSING, put("2021,FY21", "2031,FY21"), "row 5, column year: '2031' is not a year of its"),
    ("Excel-mangled year", SHARES, put("2030,", "01/01/2030,"), "row 7, column year: '01/01/2030'"),
    ("no year", SHARES, put("2030,", ","), "row 7, column year: '' is empty"),
    ("unknown note", PROCESSING, put(",n01,", ",n07,"), "row 2, column note_id: 'n07' is not in notes.csv"),
    ("half-written file", PROCESSING, half_written, "row 6"),
    ("wrong encoding", SHARES, wrongly_encoded, "is not UTF-8"),
    ("duplicate key", SHARES, repeated_row, "same key"),
    ("duplicate key", PROCESSING, repeated_row, "same key"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "change", "said"), [pytest.param(*rest, id=f"{name} in {rest[0]}") for name, *rest in BAD])
def test_a_bad_file_is_one_error_naming_the_place(tmp_path: Path, file: str, change: Change, said: str) -> None:
    make: Callable[[Path], pd.DataFrame] = made if file == PROCESSING else shares
    with pytest.raises((SourceError, contract.ContractBroken)) as raised:
        make(spoilt(tmp_path, file, change))
    assert said in str(raised.value)


# The real files, against what their documents print


def test_lynas_reports_of_july_to_september_2025(real: pd.DataFrame) -> None:
    quarter = real.query("company == 'Lynas Rare Earths' and period_start == '2025-07' and period_end == '2025-09'")
    assert len(quarter) >= 2
    assert set(quarter["kind"]) == {"actual"}
    assert quarter["year"].eq(2025).all()


@pytest.mark.parametrize(
    ("document", "stage", "country", "year", "unit", "value"),
    [
        # IEA, Critical Minerals Dataset, May 2025, sheet 2: Nd, Pr, Dy and Tb.
        ("iea-critical-minerals-dataset-may-2025-edition-sheet-2", "mining", "CHN", 2024, "kt", 45.78735),
        ("iea-critical-minerals-dataset-may-2025-edition-sheet-2", "separation", "WLD", 2024, "kt", 80.80512702814008),
        # IEA, Global Critical Minerals Outlook 2024, as SEAISI of 3 June 2024 quotes it.
        ("seaisi-china-to-maintain-control-of-ree-refining-this", "separation", "CHN", 2023, "share", 0.92),
        ("seaisi-china-to-maintain-control-of-ree-refining-this", "separation", "MYS", 2030, "share", 0.12),
        ("seaisi-china-to-maintain-control-of-ree-refining-this", "mining", "X_TOP3", 2023, "share", 0.85),
        # MP Materials, results of 2025 and of 2023.
        ("mp-materials-q4-and-full-year-2025-results-26-feb-2026", "separation", "USA", 2025, "t", 2599.0),
        ("mp-materials-8-k-q4-and-full-year-2023-22-feb-2024", "mining", "USA", 2023, "t", 41557.0),
    ],
)
def test_printed_figures(real: pd.DataFrame, document: str, stage: str, country: str, year: int, unit: str, value: float) -> None:
    calendar = real[real["period"] == "calendar"]
    found = calendar.query(
        "document_id == @document and stage == @stage and country == @country and year == @year and unit == @unit"
    )
    assert found["value"].tolist() == [value]


def test_the_ieas_countries_sum_to_its_printed_world_within_a_kilogram(real: pd.DataFrame) -> None:
    iea = real[real["edition"].eq("IEA May 2025") & real["unit"].eq("kt")]
    for (_, year), rows in iea.groupby(["stage", "year"]):
        by_country = rows.set_index("country")["value"]
        assert by_country.drop("WLD").sum() == pytest.approx(by_country["WLD"], abs=1e-6), year


def test_iea_tonnage_and_shares_by_stage_are_one_edition(real: pd.DataFrame, real_shares: pd.DataFrame) -> None:
    iea = real[real["edition"].eq("IEA May 2025") & real["unit"].eq("kt")]
    tonnage = iea.set_index(["stage", "year", "country"])["value"]
    shared = real_shares[real_shares["edition"].eq("dataset May 2025 (2024 base)") & (real_shares["country"] != "ROW")]
    for row in shared.query("stage != 'magnet'").itertuples():
        computed = tonnage[row.stage, row.year, row.country] / tonnage[row.stage, row.year, "WLD"]
        assert row.share == pytest.approx(computed, abs=5e-5), row


def test_chinas_share_grows_from_mine_to_separation_in_every_year_of_the_iea_edition(real_shares: pd.DataFrame) -> None:
    china = real_shares[real_shares["edition"].eq("dataset May 2025 (2024 base)") & real_shares["country"].eq("CHN")]
    by_stage = china.pivot(index="year", columns="stage", values="share")
    assert by_stage.loc[2024].round(4).to_dict() == {"mining": 0.6097, "separation": 0.9128}
    assert (by_stage["mining"] < by_stage["separation"]).all()


def test_chinas_share_grows_from_separation_to_magnets_in_the_iea_report_of_2026(real: pd.DataFrame) -> None:
    iea = real[real["edition"].eq("IEA 2026") & real["country"].eq("CHN")].set_index("stage")["value"]
    assert iea.to_dict() == {"separation": 0.91, "magnet": 0.94}


def test_chinas_share_grows_along_the_whole_chain_where_one_publisher_prints_all_four_stages(real: pd.DataFrame) -> None:
    chain = real[real["edition"].eq("US Department of Energy as quoted")].set_index("stage")["value"]
    assert chain[["mining", "separation", "metal_alloy", "magnet"]].tolist() == [0.58, 0.87, 0.91, 0.92]


@pytest.mark.parametrize(
    ("publisher", "stage", "year", "country", "share"),
    [
        ("China.org.cn", "magnet", 2010, "JPN", 0.193),
        ("BGR", "mining", 2011, "CHN", 0.951),
        ("AME", "metal_alloy", 2020, "CHN", 0.85),
        ("China.org.cn", "magnet", 2010, "X_EUROPE", 0.013),
    ],
)
def test_printed_shares(real_shares: pd.DataFrame, publisher: str, stage: str, year: int, country: str, share: float) -> None:
    found = real_shares.query("publisher == @publisher and stage == @stage and year == @year and country == @country")
    assert found["share"].tolist() == [share]


def test_usgs_shares_of_2024_sum_to_more_than_the_world_and_are_left_so(real_shares: pd.DataFrame) -> None:
    usgs = real_shares.query("edition == 'MCS 2026 v1.3' and year == 2024")
    assert usgs["share"].sum() == pytest.approx(1.0104)
