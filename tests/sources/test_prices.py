"""Prices as printed: ranges stay ranges, one figure counts once, and a bad file is one error naming the place."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.intake.transcribed import SourceError
from pipeline.schemas import contract
from pipeline.schemas.prices import Prices
from pipeline.sources import prices
from tests.sources.raw_files import REAL, TOY, Change, files, half_written, put, repeated_row, spoilt, wrongly_encoded

SOURCES = ("prices_quoted", "prices_repository", "prices_ex_china", "prices_more", "komis_prices")
QUOTED, REPOSITORY, EX_CHINA, MORE, KOMIS = (
    f"{s}/{'quotations' if s in ('prices_quoted', 'prices_ex_china', 'prices_more') else 'monthly'}.csv" for s in SOURCES
)
NOTES = "prices_repository/notes.csv"


def made(raw: Path) -> pd.DataFrame:
    return contract.check(Prices, prices.prices(*(files(s, raw) for s in SOURCES), files("reviewed"))).rows


@pytest.fixture(scope="module")
def real() -> pd.DataFrame:
    return made(REAL)


def test_a_range_stays_a_range_and_a_bound_a_bound() -> None:
    rows = made(TOY).set_index(["document_id", "oxide"])[["value", "value_low", "value_high"]]
    assert rows.loc[("toy-agency", "Nd oxide")].isna().tolist() == [True, False, False]
    assert rows.loc[("toy-press", "Y oxide")].isna().tolist() == [True, False, True]


def test_one_figure_in_two_texts_is_preferred_in_the_one_that_may_be_republished() -> None:
    neodymium = made(TOY).query("oxide == 'Nd oxide' and date == '2021-03-09'").set_index("source_id")["preferred"]
    assert neodymium.to_dict() == {"prices_quoted": True, "prices_ex_china": False}


def test_a_price_without_its_form_is_not_called_an_oxide() -> None:
    rows = made(TOY).query("document_id == 'toy-press'")["oxide"]
    assert {"Dy, form not printed", "Nd, form not printed"} <= set(rows)


def test_an_inferred_unit_says_so() -> None:
    assert made(TOY).groupby("source_id")["unit_inferred"].all().to_dict() == {s: s == "prices_repository" for s in SOURCES}


BAD: list[tuple[str, str, Change, str]] = [
    ("missing column", QUOTED, put("date_precision", "shape"), "missing: ['date_precision']"),
    ("renamed column", EX_CHINA, put("oxide_or_metal", "oxide"), "unknown: ['oxide']"),
    ("extra column", KOMIS, lambda c: c.replace(b"\n", b",x\n"), "unknown: ['x']"),
    ("words for a number", QUOTED, put(",400,", ",about 400,"), "row 3, column value: 'about 400'"),
    ("thousands separator", QUOTED, put(",400,", ',"4,000",'), "row 3, column value: '4,000'"),
    ("negative price", KOMIS, put(",51,", ",-51,"), "row 2, column value: '-51' is not a price"),
    ("price of nothing", EX_CHINA, put(",430,", ",0,"), "row 3, column value: '0' is not a price"),
    ("no price", EX_CHINA, put(",430,", ",,"), "row 3, column value: '' is empty, and so is the range"),
    ("range upside down", QUOTED, put(",50,52,", ",520,52,"), "row 2, column value_low: '520' is above value_high"),
    ("value outside its range", REPOSITORY, put("50.5,50,51", "49.5,50,51"), "row 2, column value: '49.5' is outside"),
    ("changed unit", QUOTED, put("USD/kg", "USD/lb"), "row 2, column unit: 'USD/lb'"),
    ("unit no longer inferred", REPOSITORY, put(" (inferred)\",", "\","), "column unit: '10,000 CNY/t'"),
    ("unknown product", QUOTED, put("Dy oxide", "Xy oxide"), "row 3, column oxide: 'Xy oxide' is not in price_words.csv"),
    ("unknown market", EX_CHINA, put("Europe (Argus)", "Moon"), "row 3, column basis: 'Moon' is not in market_words.csv"),
    ("unknown precision", QUOTED, put(",week,", ",fortnight,"), "row 3, column date_precision: 'fortnight'"),
    ("date of another precision", QUOTED, put("2021-Q1", "2021-03"), "row 4, column date: '2021-03' is not a date"),
    ("impossible date", EX_CHINA, put("2021-03-09", "2021-02-29"), "row 2, column date: '2021-02-29' is not a date"),
    ("Excel-mangled date", EX_CHINA, put("2021-03-12", "12/03/2021"), "row 3, column date: '12/03/2021' is not a date"),
    ("Excel-mangled month", KOMIS, put("2021-03,", "Mar-21,"), "row 2, column date: 'Mar-21' is not a date of its precision"),
    ("absurd count of days", KOMIS, put(",22,", ",44,"), "row 2, column days: '44'"),
    ("unknown market", MORE, put("(SMM)", "(Moon)"), "row 2, column basis: 'China domestic (Moon)' is not in market_words.csv"),
    ("half-written file", QUOTED, half_written, "cells"),
    ("wrong encoding", KOMIS, wrongly_encoded, "is not UTF-8"),
    ("duplicate key", QUOTED, repeated_row, "same key"),
    ("a note twice", NOTES, lambda c: c + b"n1,One.\nn1,Another.\n", "column note_id: 'n1' occurs twice"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "change", "said"), [pytest.param(*rest, id=f"{name} in {rest[0]}") for name, *rest in BAD])
def test_a_bad_file_is_one_error_naming_the_place(tmp_path: Path, file: str, change: Change, said: str) -> None:
    with pytest.raises((SourceError, contract.ContractBroken)) as raised:
        made(spoilt(tmp_path, file, change))
    assert said in str(raised.value)


# The real files, against what their documents print


@pytest.mark.parametrize(
    ("document", "date", "oxide", "figures"),
    [
        # Reuters, table of Chinese spot prices of 9 March 2012.
        ("reuters-table-of-china-spot-prices-9-mar-2012", "2012-03-09", "Dy oxide", (None, 3900, 4000, "CNY/kg")),
        # Lynas, quarterly report to 30 June 2022.
        ("lynas-quarterly-report-30-jun-2022", "2022-Q2", "NdPr oxide", (120, None, None, "USD/kg")),
        # Argus as quoted on 9 May 2025.
        ("gmteight-citing-argus-9-may-2025", "2025-05-06", "Tb oxide", (None, 2000, 4000, "USD/kg")),
        # SMM, weekly review of 30 January 2026.
        ("smm-rare-earth-overseas-weekly-review-30-jan-2026", "2026-01-30", "La oxide", (None, 870, 930, "USD/t")),
    ],
)
def test_printed_prices(real: pd.DataFrame, document: str, date: str, oxide: str, figures: tuple) -> None:
    found = real.query("document_id == @document and date == @date and oxide == @oxide")[
        ["value", "value_low", "value_high", "unit"]
    ]
    assert [tuple(row) for row in found.astype(object).where(found.notna(), None).to_numpy()] == [figures]


def test_quotations_repeated_by_another_text_are_preferred_once(real: pd.DataFrame) -> None:
    repeated = real[real["note"].str.contains("also in prices_quoted", na=False)]
    assert len(repeated) == 10
    assert not repeated["preferred"].any()


def test_rows_that_may_be_passed_on_are_all_preferred(real: pd.DataFrame) -> None:
    assert real.query("source_id == 'prices_quoted'")["preferred"].all()
