"""The site: pages made of the tables, readable from a folder without a network; it replaces the last one whole.

Each function of PAGES takes the tables and returns pages. They are rendered together: only then is it known which page leads
to which, and that no link is dead.
"""

import html
import logging
import posixpath
import re
import shutil
import tempfile
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from pipeline import files, paths
from pipeline.errors import ReoError
from pipeline.intake import lock
from pipeline.report import drawing, layout, sources, where_from
from pipeline.report.figure import NARROW, WIDE, Figure, draw_all
from pipeline.report.layout import Page
from pipeline.report.pages import about, chapters, claims, countries, data, elements, index, notebooks, reference, register
from pipeline.report.tables import Tables

log = logging.getLogger("reo")

PAGES: tuple[Callable[[Tables], list[Page]], ...] = (
    index.index,
    chapters.chapters,
    claims.pages,
    countries.pages,
    elements.pages,
    register.pages,
    data.pages,
    about.pages,
    notebooks.pages,
    reference.methods,
    reference.data_dictionary,
    reference.terms,
)


class SiteFailed(ReoError):
    """A report that does not build; the last good one is kept."""


def build_site(target: Path, tables: Tables | None = None) -> None:
    """Make every page, figure and file of the site; it replaces the last one whole, or not at all.

    Raises SiteFailed where two pages or figures have one name, or a link leads nowhere.
    """
    tables = tables or Tables()
    pages = [page for make in PAGES for page in make(tables)]
    figures = _figures(pages)
    log.info("report: drawing %d figures", len(figures))
    draw_all(figures.values(), WIDE, NARROW)
    of = tables.countries()
    pages += [where_from.page(figure, [p for p in pages if figure in p.figures], of) for figure in figures.values()]
    known = frozenset(page.path for page in pages)
    if len(known) < len(pages):
        twice = sorted({page.path for page in pages if [p.path for p in pages].count(page.path) > 1})
        raise SiteFailed(f"two pages of the report are called {', '.join(twice)}", "give each a path of its own")
    texts = {page.path: layout.render(page, known) for page in pages}
    further = {path: text for page in pages for path, text in page.files.items()}
    static = layout.static_files()
    names = {f"static/{file.name}" for file in static} | set(further) | set(figure_files(figures.values()))
    dead = dead_links(texts, names, _beside)
    if dead:
        raise SiteFailed(
            "links of the report lead nowhere:\n" + "\n".join(f"  - {d}" for d in dead[:20]),
            f"correct the pages named; the last good report is kept in {target}",
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".report-") as folder:
        site = Path(folder) / "site"
        for path, text in {**texts, **further}.items():
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).write_text(text, "utf-8")
        (site / "static").mkdir()
        for file in static:
            shutil.copyfile(file, site / "static" / file.name)
        write_figures(site / "figures", figures.values())
        files.replace_folder(site, target)


def _figures(pages: list[Page]) -> dict[str, Figure]:
    """The figures of all pages by name. Raises SiteFailed where two share one."""
    found: dict[str, Figure] = {}
    for page in pages:
        for figure in page.figures:
            if found.setdefault(figure.name, figure) is not figure:
                raise SiteFailed(
                    f"two figures of the report are called {figure.name} ({page.path})", "give each a name of its own"
                )
    return found


def figure_files(figures: Collection[Figure]) -> list[str]:
    """The files of figures, from the site's first folder."""
    return [
        f"figures/{figure.name}.{ending}"
        for figure in figures
        for ending in (("csv", "svg", "png") if figure.with_data else ("svg", "png"))
    ]


def write_figures(folder: Path, figures: Collection[Figure]) -> None:
    """Every figure as SVG and PNG that can be read alone, and its rows as CSV where they may be passed on."""
    folder.mkdir(exist_ok=True)
    framed = [one.framed() for one in figures]
    for one, svg, png in zip(figures, framed, drawing.pngs(framed), strict=True):
        (folder / f"{one.name}.svg").write_text(svg, "utf-8")
        (folder / f"{one.name}.png").write_bytes(png)
        if one.with_data:
            (folder / f"{one.name}.csv").write_text(one.csv(), "utf-8")


ADDRESS = re.compile(r'<[^>]*?\s(?:href|src)="([^"]*)"')
ID = re.compile(r'<[^>]*?\sid="([^"]*)"')


def _beside(way: str) -> bool:
    """Whether a way out of the site leads to something beside the tables, where its own place is, wherever it is written."""
    # Resolved first: nothing exists below a folder that a first build has not made yet.
    to = (paths.report() / way).resolve()
    return to.is_relative_to(paths.processed().resolve()) and to.exists()


def dead_links(pages: Mapping[str, str], names: Collection[str], outside: Callable[[str], bool]) -> list[str]:
    """Links that lead nowhere, in words. `pages` are HTML by path, `names` the other files of the site.

    `outside` says whether a way out of the site, seen from its first folder, leads to something. Addresses with a scheme are
    the reader's to follow; a page must load none.
    """
    places = {path: set(ID.findall(text)) for path, text in pages.items()}
    dead = []
    for path, text in pages.items():
        for address in dict.fromkeys(map(html.unescape, ADDRESS.findall(text))):
            if re.match(r"[a-z]+:", address):
                continue
            way, _, anchor = address.partition("#")
            way = way.partition("?")[0]
            goal = posixpath.normpath(posixpath.join(posixpath.dirname(path), way)) if way else path
            if goal.startswith("../"):
                alive = outside(goal)
            else:
                alive = goal in names or (goal in places and (not anchor or anchor in places[goal]))
            if not alive:
                dead.append(f"{path}: {address}")
    return dead


def sources_page() -> str:
    """Every source with its licence, attribution and terms, as one Markdown document."""
    introduction = "Keep the quoted attribution with every figure. `redistribution` says what may be passed on."
    return sources.page("Sources and their terms", introduction, lock.read())
