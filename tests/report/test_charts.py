"""Figures: readable without JavaScript, safe to combine in a page, distinguishable by everyone."""

import html.parser
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import altair as alt
import pandas as pd
import pytest

from pipeline import paths
from pipeline.report import charts
from tests.finished_world import source


@pytest.fixture
def line() -> alt.Chart:
    rows = pd.DataFrame({"year": [2023, 2024], "share": [0.4, 0.6], "who": ["A </script> & B", "C"]})
    return alt.Chart(rows).mark_line().encode(x="year:Q", y="share:Q", color="who:N")


class Elements(html.parser.HTMLParser):
    """Every element with its attributes, and the text within scripts."""

    def __init__(self, text: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.found and self.found[-1][0] == "script":
            self.scripts.append(data)


def test_a_figure_says_what_it_shows_and_shows_it_without_a_script(data_folder: Path, line: alt.Chart) -> None:
    shown = Elements(charts.show(line, "share", 'China\'s "share" < 1', "Not smuggling.").data)
    (figure,) = [attrs for tag, attrs in shown.found if tag == "figure"]
    assert figure["role"] == "img"
    assert figure["aria-label"] == 'China\'s "share" < 1'
    assert "svg" in [tag for tag, _ in shown.found]
    assert [attrs for tag, attrs in shown.found if tag == "script"] == [{"type": "application/json"}]


def test_the_interactive_figure_is_the_same_chart_whatever_the_data_contain(data_folder: Path, line: alt.Chart) -> None:
    shown = Elements(charts.show(line, "share", "Shares", "").data)
    specification = json.loads("".join(shown.scripts))
    (rows,) = specification["datasets"].values()
    assert rows[0] == {"year": 2023, "share": 0.4, "who": "A </script> & B"}


def test_the_picture_is_saved_and_scales(data_folder: Path, line: alt.Chart) -> None:
    charts.show(line, "share", "Shares", "")
    picture = ET.parse(paths.processed() / "figures" / "share.svg").getroot()
    assert picture.tag.endswith("svg")
    assert picture.get("viewBox")


def test_the_same_chart_is_the_same_bytes(data_folder: Path, line: alt.Chart) -> None:
    assert charts.show(line, "share", "Shares", "").data == charts.show(line, "share", "Shares", "").data


def test_two_figures_in_a_page_share_no_id(data_folder: Path, line: alt.Chart) -> None:
    line = line.mark_line(clip=True)  # a clip is drawn by its id
    both = charts.show(line, "one", "One", "").data + charts.show(line, "two", "Two", "").data
    ids = [attrs["id"] for _, attrs in Elements(both).found if "id" in attrs]
    assert len(ids) == len(set(ids)) > 2
    assert set(re.findall(r"url\(#([^)]+)\)", both)) <= set(ids) - {"one", "two"}


def test_a_missing_number_that_no_browser_can_read_is_refused(data_folder: Path) -> None:
    rows = alt.Data(values=[{"x": float("nan")}])
    with pytest.raises(ValueError, match="not JSON compliant"):
        charts.show(alt.Chart(rows).mark_point().encode(x="x:Q"), "gap", "Gap", "")


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", charts.PALETTE)
def test_lines_stand_out_from_white_as_accessibility_rules_ask(colour: str) -> None:
    # WCAG 2.2, success criterion 1.4.11: graphical objects need 3:1.
    assert 1.05 / (luminance(colour) + 0.05) >= 3


def test_the_bundle_needs_no_network_and_leaves_only_its_own_names() -> None:
    script = charts.vega_bundle()
    assert "window.vegaEmbed=" in script
    assert script.startswith("(() => {")
    assert not re.search(r"\bimport\s*\(?[\"']https?:", script)


def test_a_caption_names_the_last_period_and_the_sources(data_folder: Path) -> None:
    sources = {"mines": source("mines") | {"attribution": "Source: Mines & Co.", "edition": "2026: with corrections"}}
    (paths.raw() / "sources.yml").write_text(json.dumps({"packages": {}, "sources": sources}))
    text = charts.caption("Not smuggling.", 2025, ["mines"], "reserves 2026 CHN mines")
    assert text.startswith("Not smuggling. <b>Data through 2025.</b> Source: Mines &amp; Co (edition: 2026).")
    assert "<code>reo explain reserves 2026 CHN mines</code>" in text


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (charts.percent(0.6942), "69\u00a0%"),
        (charts.percent(0.028, 1), "2.8\u00a0%"),
        (charts.percent(float("nan")), "no figure"),
        (charts.number(73814.6), "73,815"),
        (charts.number(4.108, 2), "4.11"),
        (charts.number(float("nan")), "no figure"),
        (charts.listed([]), "none"),
        (charts.listed(["Japan"]), "Japan"),
        (charts.listed(["Japan", "Korea", "Germany"]), "Japan, Korea and Germany"),
    ],
)
def test_numbers_and_lists_as_text(written: str, expected: str) -> None:
    assert written == expected
