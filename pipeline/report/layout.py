"""Pages and the frame around them: Jinja templates with autoescape, relative links that work from a folder of files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from pipeline import __version__, paths
from pipeline.report import charts, figure
from pipeline.report.figure import Figure
from pipeline.report.pages import words

HERE = paths.REPOSITORY / "pipeline" / "report"
TEMPLATES, STATIC = HERE / "templates", HERE / "static"
# What the header and the footer lead to; a page that this site does not have is left out.
NAVIGATION = (
    ("index.html", "Home"),
    ("chapter/index.html", "Chapters"),
    ("claim/index.html", "Claims"),
    ("country/index.html", "Countries"),
    ("element/index.html", "Elements"),
    ("register.html", "Register"),
    ("data.html", "Data"),
    ("notebooks.html", "Notebooks"),
    ("about.html", "About"),
)
FOOTER = (
    ("how-sure.html", "How sure are we"),
    ("glossary.html", "Glossary"),
    ("cite.html", "Cite"),
    ("corrections.html", "Corrected figures"),
    ("methods/index.html", "Methods"),
    ("data-dictionary.html", "Data dictionary"),
    ("sources.html", "Sources and their terms"),
)


@dataclass(frozen=True, eq=False)
class Page:
    """One page: where it is in the site, its title, and the template with the values that fill it.

    `figures` are those it shows, so that their files are written; `files` are further text files it links to, by path.
    """

    path: str
    title: str
    template: str
    values: Mapping[str, Any]
    figures: tuple[Figure, ...] = ()
    description: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


def root(path: str) -> str:
    """The way from a page to the site's first folder: `../` for `claim/c01.html`, nothing for `index.html`."""
    return "../" * path.count("/")


def render(page: Page, known: frozenset[str]) -> str:
    """A page as HTML. `known` are the paths of all pages of the site, for its navigation."""
    folder = page.path.split("/")[0]
    section = next((path for path, _ in NAVIGATION if path == f"{folder}/index.html"), page.path)
    return (
        _environment()
        .get_template(page.template)
        .render(
            page=page,
            root=root(page.path),
            navigation=[(path, words, path == section) for path, words in NAVIGATION if path in known],
            footer=[(path, words) for path, words in FOOTER if path in known],
            version=__version__,
            known=known,
            **page.values,
        )
    )


def fragment(template: str, **values: Any) -> str:
    """A template without the frame, for tests and parts."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": charts.percent, "number": charts.number, "listed": charts.listed}
    environment.filters["in_a_sentence"] = words.in_a_sentence
    environment.globals |= {"WIDE": figure.WIDE, "NARROW": figure.NARROW, "SMALL": figure.SMALL}
    return environment


def static_files() -> list[Path]:
    """Style, scripts and icon, copied to static/ as they are."""
    return sorted(file for file in STATIC.iterdir() if file.is_file())
