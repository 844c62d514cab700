"""All inputs verified at once: each fault is one line, and what is sound says nothing."""

import gzip
from collections.abc import Callable

import pandas as pd
import pytest

from pipeline import paths, verify_sources, wiring
from pipeline.intake import transcribed
from pipeline.intake.corrections import read_corrected
from pipeline.intake.source_files import SourceFiles
from pipeline.sources.reviewed import documents

DOCUMENTS = "document_id,title,url,publisher,kind,published_on,accessed_on,source_id,origin_url\nd1,A text,https://example.org/d1,,,,2026-11-24,toy,\n"
RESERVES = "edition,country,document_id\n2024,CHN,d1\n2024,USA,d1\n"


def reserves(toy: SourceFiles) -> pd.DataFrame:
    frame = transcribed.read(toy.path("world.csv"), ["edition", "country", "document_id"])
    none = pd.Series(pd.NA, index=frame.index, dtype="str")
    frame = frame.assign(source_id="toy", amount=1.0, unit="t", basis="REO", flag=none, note=none)
    return frame.assign(publisher="Toy office", coverage="excerpt", preferred=True)


def corrected(toy: SourceFiles, corrections: SourceFiles) -> pd.DataFrame:
    read_corrected(toy, toy.path("world.csv"), ["edition", "country", "document_id"], corrections)
    return reserves(toy)


MAKERS: dict[str, Callable] = {"documents": documents.documents, "reserves": reserves}
INPUTS = {"documents": {"documents": "source"}, "reserves": {"toy": "source"}}


def faults() -> list[str]:
    return verify_sources.verify().faults


@pytest.fixture(autouse=True)
def sound(source: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "MAKERS", MAKERS)
    monkeypatch.setattr(wiring, "maker", MAKERS.__getitem__)
    monkeypatch.setattr(wiring, "inputs", INPUTS.__getitem__)
    source("documents", **{"documents.csv": DOCUMENTS})
    source("toy", **{"world.csv": RESERVES})


def test_sound_inputs_have_no_fault() -> None:
    found = verify_sources.verify()
    assert (found.files, found.tables, found.absent, found.faults) == (2, 2, [], [])


def test_every_altered_file_is_a_fault_of_its_own() -> None:
    for name in ("documents/documents.csv", "toy/world.csv"):
        with (paths.raw() / name).open("a") as file:
            file.write("x\n")
    assert len(faults()) == 2
    assert all("is not the file that was locked" in fault for fault in faults())


def test_a_missing_file_is_a_fault() -> None:
    (paths.raw() / "toy" / "world.csv").unlink()
    assert [f for f in faults() if f.startswith("toy: ") and "world.csv is missing" in f]


def test_what_a_parser_refuses_is_one_line(source: Callable) -> None:
    source("toy", **{"world.csv": RESERVES.replace("document_id", "document")})
    (fault,) = faults()
    assert fault.startswith("reserves: toy/world.csv has other columns than expected")
    assert "\n" not in fault


def test_each_place_that_breaks_a_contract_is_one_line_with_column_value_and_rule(source: Callable) -> None:
    source("toy", **{"world.csv": RESERVES.replace("CHN", "China").replace("USA", "America")})
    assert len(faults()) == 2
    assert all(fault.startswith("reserves: country: must have the form") for fault in faults())


def test_a_document_that_is_not_listed_is_named(source: Callable) -> None:
    source("toy", **{"world.csv": RESERVES.replace("USA,d1", "USA,d2")})
    assert faults() == ["reserves: document_id 'd2' is not in documents.csv, where every text that is cited has a row"]


CORRECTION = (
    "- {id: toy, source_id: toy, table: reserves, file: world.csv, row: {country: CHN}, column: edition, printed: 2024, "
    "kind: note, why: w, evidence: e, who: toy office}\n"
)


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (
            CORRECTION,
            "no parser of reserves applies corrections to world.csv of source toy | correct the file or the table; "
            "else the parser has to read it with read_corrected",
        ),
        (
            CORRECTION.replace("world.csv", "other.csv"),
            "sources.yml lists no file other.csv of source toy | correct source_id or file",
        ),
        (
            CORRECTION.replace("source_id: toy", "source_id: other"),
            "sources.yml lists no file world.csv of source other | correct source_id or file",
        ),
        (CORRECTION.replace("table: reserves", "table: reserve"), "there is no table reserve | correct table"),
    ],
)
def test_a_correction_that_no_parser_applies_is_a_fault(entry: str, problem: str) -> None:
    (paths.raw() / "corrections.yml").write_text(entry)
    assert faults() == [f"corrections: entry toy: {problem}"]


def test_a_correction_that_is_applied_is_no_fault(source: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    source("corrections", **{"corrections.yml": CORRECTION})
    (paths.raw() / "corrections.yml").write_text(CORRECTION)
    monkeypatch.setitem(MAKERS, "reserves", corrected)
    monkeypatch.setitem(INPUTS, "reserves", {"toy": "source", "corrections": "source"})
    assert faults() == []


def test_nothing_is_stored() -> None:
    faults()
    assert not paths.processed().exists()


def test_rows_are_counted_below_the_header_in_plain_and_compressed_files(source: Callable) -> None:
    packed = gzip.compress(b'a,b\n1,"two\nlines"\n', mtime=0)
    source("toy", **{"world.csv": RESERVES, "more.csv.gz": packed, "notes.txt": "no table\n"})
    assert verify_sources.rows("toy") == 3
