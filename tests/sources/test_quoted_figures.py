"""Figures that texts quote: what is not stated is named so, and a bad file is one error naming the place."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline import catalog
from pipeline.intake.transcribed import SourceError
from pipeline.schemas import contract
from pipeline.sources import quoted_figures
from tests.sources.raw_files import REAL, TOY, Change, files, half_written, put, repeated_row, spoilt

TABLES = ("feed_imports", "company_figures", "patents", "demand")


def made(table: str, raw: Path = TOY) -> pd.DataFrame:
    return contract.check(catalog.table(table), getattr(quoted_figures, table)(files(table, raw))).rows


def test_an_origin_of_several_countries_has_no_code_and_a_forecast_says_so() -> None:
    row = made("feed_imports").set_index("kind").loc["ore"]
    assert pd.isna(row["origin"])
    assert row["forecast"]


def test_what_a_text_does_not_say_is_said_to_be_missing() -> None:
    assert made("company_figures").set_index("period").loc["FY2024", "basis"] == "not stated"
    unit = made("demand").set_index("measure").loc["ndfeb_per_unit"]
    assert (unit["place_as_printed"], unit["powertrain"]) == ("not stated", "none")


BAD: list[tuple[str, str, Change, str]] = [
    ("feed_imports", "imports.csv", put(",1000,", ',"1,000",'), "row 2, column amount: '1,000' is not a plain number"),
    ("feed_imports", "imports.csv", put("2024-01,2024-09", "2024-01,2023-09"), "row 2, column period_end: '2023-09' is before"),
    ("feed_imports", "imports.csv", put(",no,", ",maybe,"), "row 2, column forecast: 'maybe'"),
    ("company_figures", "figures.csv", put("2024-06-30", "30/06/2024"), "row 2, column period_end: '30/06/2024' is not a date"),
    ("patents", "patents.csv", put(",100,", ",,"), "row 2, column value: '' is empty"),
    ("demand", "demand.csv", put(",BEV,", ",steam,"), "steam"),
    ("demand", "demand.csv", half_written, "cells"),
    ("demand", "demand.csv", repeated_row, "same key"),
]


@pytest.mark.parametrize(("table", "name", "change", "said"), BAD)
def test_a_bad_file_is_one_error_naming_the_place(tmp_path: Path, table: str, name: str, change: Change, said: str) -> None:
    with pytest.raises((SourceError, contract.ContractBroken)) as raised:
        made(table, spoilt(tmp_path, f"{table}/{name}", change))
    assert said in str(raised.value)


def test_both_figures_of_myanmar_in_2020_stay() -> None:
    feed = made("feed_imports", REAL).query("origin == 'MMR' and period_start == '2020' and unit == 't'")
    assert {21_519, 17_512} <= set(feed["amount"])


def test_published_figures_of_producers_patents_and_vehicles() -> None:
    lynas = made("company_figures", REAL).query("company == 'Lynas Rare Earths' and period == 'FY2016'").set_index("measure")
    assert lynas.loc["sales_volume REO", "value"] == 12_514
    assert made("patents", REAL).set_index("country")["value"].to_dict()["JPN"] == 13_920
    sold = made("demand", REAL).query(
        "measure == 'ev_sales' and country == 'AUS' and powertrain == 'BEV' and period_start == '2011'"
    )
    assert sold.set_index("mode").loc["Cars", "value"] == 49
