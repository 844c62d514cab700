"""The results of a run: outcomes in sentences, pages without a network, the same JSON twice."""

import re
import subprocess
import sys

import pandas as pd
import pytest
import world

from pipeline.errors import ReoError
from pipeline.quality import data_docs, run
from pipeline.quality.expectation import Expectation
from pipeline.quality.expectations import EXPECTATIONS

ELSEWHERE = r"""["']?\s*(?:https?:)?//"""
FETCHES = re.compile(rf"(?is)<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)\s*=\s*{ELSEWHERE}|@import|url\(\s*{ELSEWHERE}")


@pytest.fixture(scope="module")
def warned(tmp_path_factory):
    """A run over a world whose published total omits countries, and where a status names an unknown act."""
    tables = world.tables()
    production = tables["production"]
    production.loc[(production["country"] == "WLD") & (production["source_id"] == "usgs_mcs"), "amount"] = 244_000.0
    tables["policy_status"]["superseded_by"] = "<b>nobody</b>"
    docs = tmp_path_factory.mktemp("processed") / "data_docs"
    docs.mkdir()
    (docs / "old.html").write_text("from an earlier run")
    return run.run(tables.__getitem__, docs), docs


def test_no_page_asks_the_network_for_anything(warned):
    pages = sorted(warned[1].rglob("*.html"))
    assert len(pages) == 3
    for page in pages:
        text = page.read_text("utf-8")
        assert not FETCHES.search(text), page
        assert "<script" not in text
        assert "<style>" in text


def test_pattern_for_fetches_finds_what_the_pages_come_with():
    for fetched in (
        '<link rel="stylesheet" href="https://a/b.css">',
        "<script src='//a/b.js'>",
        "@import 'x'",
        "url('https://a/b.png')",
    ):
        assert FETCHES.search(fetched)


def test_links_between_pages_lead_somewhere(warned):
    for page in warned[1].rglob("*.html"):
        for link in re.findall(r'href="([^"#:]+)(?:#[^"]*)?"', page.read_text("utf-8")):
            assert (page.parent / link).is_file(), (page, link)


def test_first_page_says_what_is_off_and_what_it_means(warned):
    outcomes, docs = warned
    page = (docs / "index.html").read_text("utf-8")
    assert (
        f"{len(EXPECTATIONS)} expectations of the finished tables: {len(EXPECTATIONS) - 2} passed, 1 with a warning, 1 failed."
        in page
    )
    assert "countries sum to 252,000 t, published 244,000 t" in page
    assert page.index("Failed:") < page.index("acts_are_registered") < page.index("Warnings:") < page.index("Passed")
    assert all(outcome.meaning in page for outcome in outcomes if not outcome.passed)


def test_text_from_tables_cannot_become_markup(warned):
    assert all("<b>nobody" not in p.read_text("utf-8") for p in warned[1].rglob("*.html"))


def test_nothing_remains_of_an_earlier_run(warned):
    assert not (warned[1] / "old.html").exists()
    assert [p.name for p in warned[1].parent.iterdir()] == ["data_docs"]


def test_rows_off_are_at_most_five_worst_first(tmp_path):
    values = pd.Series([5.0, 99.0, 7.0, 1.0, 6.0, 8.0, 9.0], index=list("abcdefg"))
    many = Expectation("many", "production", "warning", "x.", "y.", lambda load: values, "t", high=2)
    (outcome,) = run.run(world.tables().__getitem__, tmp_path / "d", [many])
    assert outcome.rows_off == ("b", "g", "f", "c", "e")
    assert outcome.observed == "6 of 7 outside the expected range; readings 1 to 99 t"


def test_a_reading_without_a_figure_is_off(tmp_path):
    values = pd.Series([1.0, float("nan")], index=["known", "unknown"])
    for bound in ({"low": 0.0}, {"high": 2.0}):
        gaps = Expectation("gaps", "production", "error", "x.", "y.", lambda load: values, "t", **bound)
        (outcome,) = run.run(world.tables().__getitem__, tmp_path / "d", [gaps])
        assert outcome.rows_off == ("unknown",)


def test_tables_are_loaded_once_each(tmp_path):
    asked: list[str] = []
    tables = world.tables()

    def load(name: str) -> pd.DataFrame:
        asked.append(name)
        return tables[name]

    run.run(load, tmp_path / "d")
    assert sorted(asked) == sorted(set(asked))


def test_outcomes_come_back_as_written_and_repeat_byte_for_byte(warned, tmp_path):
    outcomes, _ = warned
    run.write(outcomes, tmp_path / "a.json")
    run.write(list(reversed(outcomes)), tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert run.read(tmp_path / "a.json") == outcomes
    assert not re.search(r"\d{4}-\d{2}-\d{2}T", (tmp_path / "a.json").read_text())


@pytest.mark.parametrize("text", ["", "{}", "[{}]", '[{"name": "a"}]'])
def test_a_broken_outcome_file_is_one_clear_error(tmp_path, text):
    (tmp_path / "quality.json").write_text(text)
    if text == "{}":
        assert run.read(tmp_path / "quality.json") == []
        return
    with pytest.raises(ReoError, match=r"quality\.json cannot be read"):
        run.read(tmp_path / "quality.json")


def test_missing_outcomes_say_to_build(tmp_path):
    with pytest.raises(ReoError, match="reo build"):
        run.read(tmp_path / "quality.json")


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path):
    (tmp_path / "processed").write_text("a file where a folder should be")
    with pytest.raises(ReoError, match=r"cannot write .*data_docs"):
        run.run(world.tables().__getitem__, tmp_path / "processed" / "data_docs", EXPECTATIONS[:1])


def test_offline_keeps_the_text_of_a_page():
    page = (
        '<html><head><link href="https://x/y.css"></head><body><p onclick="f()">kept</p><img src="https://x/z.png"></body></html>'
    )
    assert (
        re.sub(r"(?s)<style>.*?</style>\n", "", data_docs.offline(page)) == "<html><head></head><body><p>kept</p></body></html>"
    )


def test_declarations_and_outcomes_do_not_import_great_expectations():
    code = "import sys; import pipeline.quality.run, pipeline.quality.row_counts; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
