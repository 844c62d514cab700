"""One door for text: what a cell may hold, by kind, and that all faults of a file are named at once."""

import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake import canonical, transcribed
from pipeline.intake.transcribed import SourceError

HEADER = ["name", "value"]


def written(tmp_path: Path, content: str | bytes) -> Path:
    file = tmp_path / "table.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def read(tmp_path: Path, cell: str) -> pd.DataFrame:
    return transcribed.read(written(tmp_path, f'name,value\n"{cell}",1\n'), HEADER)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("Mount Weld ", "ends with a space"),
        (" Mount Weld", "begins with a space"),
        ("Mount  Weld", "two spaces in a row"),
        ("Mount\u00a0Weld", "NO-BREAK SPACE"),
        ("Mount\u2009Weld", "THIN SPACE"),
        ("Mount\u3000Weld", "IDEOGRAPHIC SPACE"),
        ("Mount\u200bWeld", "ZERO WIDTH SPACE"),
        ("Mount\u200dWeld", "ZERO WIDTH JOINER"),
        ("\u202eMount Weld", "RIGHT-TO-LEFT OVERRIDE"),
        ("Mount\ufeffWeld", "ZERO WIDTH NO-BREAK SPACE"),
        ("Mount\u00adWeld", "SOFT HYPHEN"),
        ("Mount\x00Weld", r"control character 0 \(U\+0000\)"),
        ("Mount\tWeld", "control character 9"),
        ("Mount\nWeld", "control character 10"),
        ("２５００", "FULLWIDTH DIGIT TWO"),
        ("٢٥٠٠", "ARABIC-INDIC DIGIT TWO"),
        ("२५००", "DEVANAGARI DIGIT TWO"),
        ("ＣＨＮ", "FULLWIDTH LATIN CAPITAL LETTER C"),
        ("Mount\u3164Weld", "HANGUL FILLER"),
        ("Lynаs", "mixes Latin and Cyrillic letters"),
    ],
)
def test_text_that_is_not_canonical_is_refused_with_its_place_and_the_character(tmp_path: Path, cell: str, said: str) -> None:
    with pytest.raises(SourceError, match=said) as raised:
        read(tmp_path, cell)
    assert "table.csv, row 2, column name" in raised.value.problem


@pytest.mark.parametrize("cell", ["Türkiye", "中国（稀土）", "Côte d’Ivoire", "m²", "Россия", "5 µm", "a–b"])
def test_text_of_any_language_is_read_as_it_is(tmp_path: Path, cell: str) -> None:
    assert read(tmp_path, cell)["name"].tolist() == [cell]


def test_accents_are_composed_without_a_word(tmp_path: Path) -> None:
    assert read(tmp_path, unicodedata.normalize("NFD", "Türkiye"))["name"].tolist() == ["Türkiye"]


@given(st.text(max_size=8))
def test_canonical_text_has_one_form_and_no_hidden_character(text: str) -> None:
    found = canonical.normal(text)
    if canonical.fault(found) is None:
        assert found == found.strip()
        assert all(c.isprintable() for c in found)
        assert all(c in "0123456789" for c in found if c.isdecimal())
        assert canonical.normal(found) == found


def test_all_faults_of_a_file_are_named_at_once_and_the_rest_counted(tmp_path: Path) -> None:
    rows = "".join(f"plant {n} ,1\n" for n in range(20))
    with pytest.raises(SourceError) as raised:
        transcribed.read(written(tmp_path, "name,value\n" + rows), HEADER)
    assert raised.value.problem.count("ends with a space") == transcribed.LISTED
    assert "… and 8 more" in raised.value.problem
    assert len(raised.value.faults) == 20


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name;value\na;1\n", "separates its columns by semicolons"),
        ("\ufeffname;value\na;1\n", "separates its columns by semicolons"),
        ("name\tvalue\na\t1\n", "separates its columns by tabs"),
        ("name,value\na,1\n,\n", "row 3 has only empty cells"),
        ("name,value\na,1\n\n", "row 3 has only empty cells"),
        ("name,value\na,1,\n", "row 2 has 3 cells, the header has 2"),
        ("name,value\nÉ,1\n".encode("cp1252"), r"is not UTF-8 \(byte 0xC9 in line 2; it may be of Windows"),
        ("name,value\na,1\n".encode("utf-16"), r"is not UTF-8 \(it is UTF-16\)"),
        ('name,value\n"a,1\n', "cannot be read as CSV"),
        ("name ,value\na,1\n", "has other columns than expected"),
    ],
)
def test_a_file_saved_otherwise_says_how(tmp_path: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        transcribed.read(written(tmp_path, content), HEADER)


def test_a_header_alone_is_refused_where_a_table_is_made(tmp_path: Path) -> None:
    file = written(tmp_path, "name,value\n")
    with pytest.raises(SourceError, match="has a header and no rows"), transcribed.all_faults():
        transcribed.read(file, HEADER)


@pytest.mark.parametrize(
    "cell",
    ["1,234", "2,5", "1e400", "1.23E+05", "1e-3", "0x1A", "1_000", "007", "+5", ".5", "5.", "inf", "nan", "1.234.567", "5 t"],
)
def test_what_is_no_plain_number_is_refused(tmp_path: Path, cell: str) -> None:
    frame = read(tmp_path, "a").assign(value=cell)
    with pytest.raises(SourceError, match=r"is not a plain number|is written with a power of ten"):
        transcribed.numbers(tmp_path / "table.csv", frame, "value")


@pytest.mark.parametrize(
    ("cell", "refused"),
    [
        ("2.500", {"any", "whole"}),
        ("2.512", {"whole"}),
        ("0.500", set()),
        ("2.50", set()),
        ("2500.500", set()),
    ],
)
def test_a_point_as_thousands_have_one_is_refused_where_it_may_be_that(tmp_path: Path, cell: str, refused: set[str]) -> None:
    """In any column 2.500, for nobody writes that zero; in one of whole numbers 2.512; of a publisher of three decimals none."""
    frame = read(tmp_path, "a").assign(value=cell)
    for kind, options in (("any", {}), ("whole", {"whole": True}), ("three decimals", {"three_decimals": True})):
        if kind in refused:
            with pytest.raises(SourceError, match=f"'{cell}' has a point as thousands have one"):
                transcribed.numbers(tmp_path / "table.csv", frame, "value", **options)
        else:
            assert transcribed.numbers(tmp_path / "table.csv", frame, "value", **options).tolist() == [float(cell)]


def test_faults_of_several_checks_come_together_and_a_cell_once(tmp_path: Path) -> None:
    frame = pd.DataFrame({"name": ["a", "b"], "value": ["x", "1"]})
    file = tmp_path / "table.csv"

    def checks() -> None:
        with transcribed.all_faults():
            amount = transcribed.numbers(file, frame, "value")
            transcribed.refuse(file, frame, "value", amount.isna(), "is empty", "enter it")
            transcribed.one_of(file, frame, "name", ["a", "c"])

    with pytest.raises(SourceError) as raised:
        checks()
    assert [fault.problem for fault in raised.value.faults] == [
        "table.csv, row 2, column value: 'x' is not a plain number",
        "table.csv, row 3, column name: 'b' is not an allowed value of this column",
    ]


def test_names_that_differ_in_case_accents_or_spaces_alone_are_one(tmp_path: Path) -> None:
    frame = pd.DataFrame({"name": ["São Paulo plant", "Sao paulo Plant"]})
    with pytest.raises(SourceError, match=r"row 3, column name: 'Sao paulo Plant' differs from another row's name"):
        transcribed.one_spelling(tmp_path / "table.csv", frame, ["name"])


def test_rows_are_only_added(tmp_path: Path) -> None:
    before = b"id,year,reason\na,2023,x\nb,2024,y\n"
    transcribed.only_added(
        written(tmp_path, "id,year,reason\na,2023,said better\nb,2024,y\nc,2025,z\n"), before, reworded=("reason",)
    )
    for now in ("id,year,reason\na,2021,x\nb,2024,y\n", "id,year,reason\nb,2024,y\n"):
        with pytest.raises(SourceError, match=r"row 2 as committed \(a, 2023, x\) was changed or removed"):
            transcribed.only_added(written(tmp_path, now), before, reworded=("reason",))
