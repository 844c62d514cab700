"""The site is whole, offline, free of dead links, and never half replaced; what comes from data stays text."""

import re
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
import yaml

from pipeline import catalog, paths
from pipeline.errors import ReoError
from pipeline.report import drawing, layout, site
from pipeline.report.figure import Figure
from pipeline.report.layout import Page
from pipeline.report.tables import Tables

ATTACK = "<script>alert(1)</script>"


def toy_figure(**changed) -> Figure:
    rows = pd.DataFrame({"year": [2023, 2024], "share": [0.6, 0.7]})
    values = {
        "name": "toy",
        "title": "The share rose to 70 %",
        "subtitle": "Share, percent",
        "alt": "A line that rises from 60 to 70 %",
        "draw": lambda width: alt.Chart(rows).mark_line().encode(x="year:Q", y="share:Q").properties(width=width, height=100),
        "rows": rows,
        "through": "2024",
        "sources": ("usgs_mcs",),
        "tables": ("stage_concentration",),
    }
    return Figure(**values | changed)


@pytest.fixture
def world(finished_toy_world: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REO_DATA", str(finished_toy_world))
    return finished_toy_world


def with_figure(figure: Figure) -> Page:
    """A page that shows one figure."""
    chapter = {"title": "T", "question": "Q?"}
    values = {"chapter": chapter, "answer": None, "figures": [figure], "following": None}
    return Page("chapter/toy.html", "Toy", "chapter.html.jinja", values, (figure,))


def test_the_site_is_whole_and_offline(built_toy_world: Path) -> None:
    """That another build gives the same bytes is seen in end_to_end/test_build.py."""
    target = built_toy_world / "processed" / "report"
    pages = sorted(target.rglob("*.html"))
    assert {"index.html", "chapter/the-chain.html", "methods/claims.html", "dictionary/claims.html", "sources.html"} <= {
        page.relative_to(target).as_posix() for page in pages
    }
    for page in pages:
        loaded = re.findall(r"<(?:script|link|img|iframe|source)\b[^>]*?\b(?:src|href)=[\"']([^\"']+)", page.read_text())
        assert loaded
        assert [address for address in loaded if re.match(r"(https?:)?//", address)] == [], page.name
    assert not re.search(r"https?:|@import", (target / "static" / "reo.css").read_text())


def test_a_report_takes_the_place_of_the_last_one_whole(world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "PAGES", (lambda tables: [with_figure(toy_figure())],))
    monkeypatch.setattr(site, "dead_links", lambda *given: [])
    target = tmp_path / "report"
    target.mkdir()
    (target / "left_over.html").write_text("of the last report")
    site.build_site(target)
    first = {p.relative_to(target).as_posix(): p.read_bytes() for p in target.rglob("*") if p.is_file()}
    assert {"chapter/toy.html", "figures/toy.svg", "static/reo.css"} <= set(first)
    assert "left_over.html" not in first
    site.build_site(target)
    assert {p.relative_to(target).as_posix(): p.read_bytes() for p in target.rglob("*") if p.is_file()} == first
    assert [p.name for p in tmp_path.iterdir()] == ["report"]


def test_a_dead_link_fails_the_build_and_leaves_the_last_report(world: Path, tmp_path: Path, monkeypatch) -> None:
    from markupsafe import Markup

    page = Page("a/b.html", "B", "text.html.jinja", {"body": Markup('<p id="x"><a href="c.html">C</a> <a href="#x">x</a></p>')})
    monkeypatch.setattr(site, "PAGES", (lambda tables: [page],))
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "index.html").write_text("the last good one")
    with pytest.raises(site.SiteFailed, match=r"a/b\.html: c\.html"):
        site.build_site(tmp_path / "report")
    assert (tmp_path / "report" / "index.html").read_text() == "the last good one"


def test_a_first_report_has_no_folder_yet_and_finds_the_tables_beside_it(data_folder: Path) -> None:
    (data_folder / "processed").mkdir()
    for file in ("processed/blocs.csv", "outside.csv"):
        (data_folder / file).write_text("x")
    assert [site._beside(f"../{way}") for way in ("blocs.csv", "none.csv", "../outside.csv")] == [True, False, False]


def test_links_and_their_anchors_are_followed_as_a_browser_does() -> None:
    pages = {
        "index.html": '<h1 id="top">T</h1><a href="a/one.html#part">1</a><a href="#top">2</a><a href="#none">3</a>',
        "a/one.html": '<p id="part"></p><a href="../index.html">1</a><a href="../x.css">2</a><a href="two.html">3</a>'
        '<a href="https://example.org">4</a><a href="../../tables/a.csv">5</a><a href="../../tables/b.csv">6</a>',
    }
    dead = site.dead_links(pages, {"x.css"}, outside=lambda way: way == "../tables/a.csv")
    assert dead == ["index.html: #none", "a/one.html: two.html", "a/one.html: ../../tables/b.csv"]


def test_two_figures_of_one_name_are_refused(world: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(site, "PAGES", (lambda tables: [with_figure(toy_figure()), with_figure(toy_figure())],))
    with pytest.raises(site.SiteFailed, match="two figures of the report are called toy"):
        site.build_site(tmp_path / "report")


def test_what_comes_from_data_stays_text(world: Path) -> None:
    figure = toy_figure(title=ATTACK, subtitle=ATTACK, alt=f'" onload="x" {ATTACK}', notes=ATTACK, through=ATTACK)
    text = layout.render(with_figure(figure), frozenset())
    assert "<script" not in text
    assert ' onload="x"' not in text
    assert "<script" not in figure.framed()


def test_a_figure_alone_says_what_it_shows_and_offers_its_rows(world: Path) -> None:
    figure = toy_figure(rows=pd.DataFrame({"who": ["=1+1", "Japan"], "share": [0.5, 0.25]}))
    for words in ("The share rose to 70 %", "Share, percent", "Data through 2024", "Toy office"):
        assert words in figure.framed()
    assert drawing.pngs([figure.framed()])[0].startswith(b"\x89PNG")
    assert figure.csv() == "who,share\n'=1+1,0.5\nJapan,0.25\n"


def test_a_restricted_figure_is_a_picture_without_its_numbers(world: Path, tmp_path: Path) -> None:
    figure = toy_figure(with_data=False)
    site.write_figures(tmp_path / "figures", [figure])
    assert {file.name for file in (tmp_path / "figures").iterdir()} == {"toy.svg", "toy.png"}
    assert "toy.csv" not in layout.render(with_figure(figure), frozenset())


def test_figures_name_tables_and_sources_that_there_are(world: Path) -> None:
    locked = yaml.safe_load((paths.REPOSITORY / "data" / "raw" / "sources.yml").read_text("utf-8"))["sources"]
    figures = [figure for make in site.PAGES for page in make(Tables()) for figure in page.figures]
    assert len(figures) > 10
    for figure in figures:
        assert set(figure.tables) <= set(catalog.tables()), figure.name
        assert set(figure.sources) <= set(locked), figure.name
        assert figure.sources, figure.name
        restricted = {source for source in figure.sources if locked[source]["redistribution"] == "restricted"}
        assert not (restricted and figure.with_data), figure.name


def test_pictures_drawn_on_all_processors_are_those_drawn_on_one(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    specifications = [toy_figure().specification(width) for width in range(200, 200 + 2 * drawing.FEW)]
    monkeypatch.setattr(drawing.os, "cpu_count", lambda: 1)
    one = drawing.svgs(specifications)
    pictures = drawing.pngs(one)
    monkeypatch.setattr(drawing.os, "cpu_count", lambda: 2)
    assert drawing.svgs(specifications) == one
    assert drawing.pngs(one) == pictures
    with pytest.raises(ReoError, match="figures of the report cannot be drawn"):
        drawing.svgs([{"no": "chart"}])
