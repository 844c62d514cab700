"""Corrections are applied, fail when their value is gone, and all fit the files of this repository."""

import pandas as pd
import pytest
import yaml

from pipeline import paths, verify_sources
from pipeline.intake import corrections
from pipeline.intake.transcribed import SourceError

FILE = "year,country,value,flag\n2010,China,49,e\n2011,China,50,\n2012,China,51,\n"
ENTRY = {
    "id": "toy", "source_id": "usgs_mcs", "table": "production", "file": "cells.csv", "row": {"year": 2010, "country": "China"},
    "column": "value", "printed": 49, "kind": "note", "why": "a slip", "evidence": "the next edition", "who": "toy office",
}  # fmt: skip


def applied(source, *entries: dict, text: str = FILE) -> pd.DataFrame:
    book = source("usgs_mcs", **{"cells.csv": text})
    said = source("corrections", **{"corrections.yml": yaml.safe_dump(list(entries))})
    return corrections.read_corrected(book, book.path("cells.csv"), ["year", "country", "value", "flag"], said)


def test_an_override_reads_the_corrected_value_and_marks_it(source):
    frame = applied(source, {**ENTRY, "kind": "override", "corrected": 98})
    assert frame["value"].tolist() == ["98", "50", "51"]
    assert corrections.marked(frame).fillna("").tolist() == ["e;corrected", "", ""]


def test_a_flag_keeps_the_value_of_each_row_it_means(source):
    frame = applied(source, {**ENTRY, "kind": "flag", "row": {"year": [2010, 2012]}, "printed": [49, 51.0]})
    assert frame["value"].tolist() == ["49", "50", "51"]
    assert corrections.marked(frame).fillna("").tolist() == ["e;doubtful", "", "doubtful"]


def test_a_dropped_row_is_gone_and_the_others_keep_their_place_in_the_file(source):
    assert applied(source, {**ENTRY, "kind": "drop"}).index.tolist() == [1, 2]


def test_a_note_changes_nothing(source):
    assert applied(source, ENTRY).drop(columns="correction").equals(applied(source).drop(columns="correction"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            FILE.replace("49", "98"),
            r"correction toy .* no longer fits: cells.csv has '98' in column value .*, not the published 49",
        ),
        (FILE.replace("2010", "2009"), r"no longer fits: 0 rows of cells.csv are .*, 1 expected"),
        (FILE + "2010,China,49,\n", r"no longer fits: 2 rows of cells.csv"),
    ],
)
def test_a_corrected_or_moved_figure_stops_the_build(source, text, says):
    with pytest.raises(SourceError, match=says):
        applied(source, {**ENTRY, "kind": "flag"}, text=text)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"column": "amount"}, "no longer fits: cells.csv has no column 'amount'"),
        ({"kind": "delete"}, "entry toy: kind"),
        ({"kind": "override"}, "entry toy: .*`corrected` goes with kind override"),
        ({"corrected": 3}, "entry toy: .*`corrected` goes with kind override"),
        ({"reason": "a slip"}, "entry toy: reason"),
    ],
)
def test_an_entry_that_does_not_say_what_it_must_is_named(source, change, says):
    with pytest.raises(SourceError, match=says):
        applied(source, {**ENTRY, **change})


def test_an_id_occurs_once(source):
    with pytest.raises(SourceError, match="the id toy occurs twice"):
        applied(source, ENTRY, ENTRY)


def test_every_entry_of_this_repository_is_applied_by_the_parser_of_its_table():
    """And its published value is still in the file: the parser raises an error where it is not."""
    made = {"countries", "country_codes"} | {entry["table"] for entry in corrections.all()}
    found = verify_sources.verify(sorted(made))
    assert found.faults == []
    assert {
        (e["table"], e["source_id"], e["file"]) for e in corrections.all() if e["table"] not in found.skipped
    } <= found.corrected


def test_the_printed_price_of_neodymium_oxide_in_2021_is_still_in_the_files():
    """USGS, Mineral Commodity Summaries 2022 and 2023 print 49 USD/kg for 2021, those of 2024 to 2026 print 98."""
    salient = pd.read_csv(paths.raw() / "usgs_mcs" / "us_salient.csv", dtype=str)
    prices = salient[(salient["item_key"] == "price_neodymium_oxide") & (salient["year"] == "2021")].set_index("edition")["value"]
    assert prices.to_dict() == {"2022": "49", "2023": "49", "2024": "98", "2025": "98", "2026": "98"}


def test_corrections_in_another_encoding_are_one_error(data_folder):
    (paths.raw() / "corrections.yml").write_bytes("- id: Größe\n".encode("latin-1"))
    with pytest.raises(SourceError, match=r"corrections\.yml is not UTF-8"):
        corrections.all()
