"""Corrections: carried out, guarded, and all of them fitting the files of this repository."""

import pandas as pd
import pytest
import yaml

from pipeline import paths, wiring
from pipeline.intake import corrections, lock, source_files, transcribed
from pipeline.intake.transcribed import SourceError

FILE = "year,country,value,flag\n2010,China,49,e\n2011,China,50,\n2012,China,51,\n"
ENTRY = {
    "id": "toy", "source_id": "usgs_mcs", "table": "production", "file": "cells.csv", "row": {"year": 2010, "country": "China"},
    "column": "value", "printed": 49, "kind": "note", "why": "a slip", "evidence": "the next edition", "who": "toy office",
}  # fmt: skip


def applied(source, *entries: dict, text: str = FILE) -> pd.DataFrame:
    book = source("usgs_mcs", **{"cells.csv": text})
    said = source("corrections", **{"corrections.yml": yaml.safe_dump(list(entries))})
    return corrections.apply(
        transcribed.read(book.path("cells.csv"), ["year", "country", "value", "flag"]), book, "cells.csv", said
    )


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
            r"correction toy .* no longer fits: cells.csv has '98' in column value .*, not the printed 49",
        ),
        (FILE.replace("2010", "2009"), r"no longer fits: 0 rows of cells.csv are .*, 1 expected"),
        (FILE + "2010,China,49,\n", r"no longer fits: 2 rows of cells.csv"),
    ],
)
def test_a_mended_or_moved_figure_stops_the_build(source, text, says):
    with pytest.raises(SourceError, match=says):
        applied(source, {**ENTRY, "kind": "flag"}, text=text)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"column": "amount"}, "no longer fits: cells.csv has no column amount"),
        ({"kind": "delete"}, "entry toy: kind"),
        ({"kind": "override"}, "entry toy: .*`corrected` goes with kind override"),
        ({"corrected": 3}, "entry toy: .*`corrected` goes with kind override"),
        ({"reason": "a slip"}, "entry toy: reason"),
    ],
)
def test_an_entry_that_does_not_say_what_it_must_is_named(source, change, says):
    with pytest.raises(SourceError, match=says):
        applied(source, {**ENTRY, **change})


def test_an_id_stands_once(source):
    with pytest.raises(SourceError, match="the id toy stands twice"):
        applied(source, ENTRY, ENTRY)


def test_entries_of_this_repository_name_sources_files_and_tables_that_are_there():
    for entry in corrections.all():
        files = [file.name.split("/")[-1] for file in lock.source(entry["source_id"]).files]
        assert entry["file"] in files, entry["id"]
        assert entry["source_id"] in wiring.inputs(entry["table"]), entry["id"]
        assert "corrections" in wiring.inputs(entry["table"]), entry["id"]


def test_entries_for_transcribed_files_fit_the_files_of_this_repository():
    said = source_files.SourceFiles("corrections")
    for source_id, file in sorted({(e["source_id"], e["file"]) for e in corrections.all()}):
        if lock.source(source_id).obtained == "transcribed":
            path = source_files.SourceFiles(source_id).path(file)
            columns = path.read_text("utf-8").splitlines()[0].split(",")
            corrections.apply(transcribed.read(path, columns), source_files.SourceFiles(source_id), file, said)


def test_the_printed_price_of_neodymium_oxide_in_2021_is_still_in_the_files():
    """USGS, Mineral Commodity Summaries 2022 and 2023 print 49 USD/kg for 2021, those of 2024 to 2026 print 98."""
    salient = pd.read_csv(paths.raw() / "usgs_mcs" / "us_salient.csv", dtype=str)
    prices = salient[(salient["item_key"] == "price_neodymium_oxide") & (salient["year"] == "2021")].set_index("edition")["value"]
    assert prices.to_dict() == {"2022": "49", "2023": "49", "2024": "98", "2025": "98", "2026": "98"}
