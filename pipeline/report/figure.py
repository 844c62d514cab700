"""A figure of the site: one chart with its finding, its unit, its rows and its sources, and the files made of it."""

import html
import re
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import altair as alt
import pandas as pd

from pipeline.intake import lock
from pipeline.intake.lock import Source
from pipeline.report import charts, drawing


class Specification:
    """A chart written out as Vega-Lite, for those of many panels, which Altair takes long to put together."""

    def __init__(self, panels: list[dict[str, Any]], spacing: int):
        self.panels, self.spacing = panels, spacing

    def to_dict(self, validate: bool = True) -> dict[str, Any]:
        """The specification of the panels one below the other, each with scales of its own, in the theme of all figures."""
        stacked = {"$schema": alt.SCHEMA_URL, "vconcat": self.panels, "spacing": self.spacing, **charts.theme()}
        if validate:
            alt.VConcatChart.from_dict(stacked)
        return stacked


Chart = alt.TopLevelMixin | Specification
# Widths of a whole chart in pixels: on a desk, on a phone, beside a sentence.
WIDE, NARROW, SMALL = 690, 335, 270
# The publisher of what this project itself has collected from many texts.
OWN, OWN_COLLECTION = "Rare Earth Observatory", "published texts collected by this project"
NAME = re.compile(r"[a-z0-9_]+")


@dataclass(frozen=True, eq=False)
class Figure:
    """A chart and everything a reader needs to use it.

    `title` is the finding, computed; `subtitle` says what is drawn and in which unit; `alt` describes the picture in one or
    two sentences for those who cannot see it. `draw` returns the chart for so many pixels, labels included: a chart of several
    panels puts fewer of them in a row where there is less room. `rows` are the figures drawn, offered as CSV. `row` is the
    table and key of the one row that stands behind the headline number, if there is one. `with_data=False` is for
    restricted sources: a picture only, its shares in whole percent.
    """

    name: str
    title: str
    subtitle: str
    alt: str
    draw: Callable[[int], Chart]
    rows: pd.DataFrame
    through: str
    sources: tuple[str, ...]
    tables: tuple[str, ...]
    notes: str = ""
    row: tuple[str, tuple[Any, ...]] | None = None
    with_data: bool = True
    _drawn: dict[int, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r}: a figure's name has small letters, digits and underscores")

    def svg(self, width: int = WIDE) -> str:
        """The chart as an inline SVG, its ids unique on a page that shows it once a width."""
        if width not in self._drawn:
            draw_all([self], width)
        return self._drawn[width]

    def specification(self, width: int) -> dict[str, Any]:
        """The chart for the drawing library."""
        # Checking it against the schema takes longer than drawing it; a wrong one is not drawn either.
        return self.draw(width).to_dict(validate=False)

    @cached_property
    def credits(self) -> dict[str, Source]:
        """The sources with what their publishers ask to be quoted."""
        known = lock.read().sources
        return {source_id: known[source_id] for source_id in self.sources if source_id in known}

    @property
    def publishers(self) -> str:
        """The publishers' names, each once, for the short line under the figure."""
        names = [source.publisher.rstrip(".") for source in self.credits.values()]
        return "; ".join(dict.fromkeys(OWN_COLLECTION if name == OWN else name for name in names))

    def csv(self) -> str:
        """The rows drawn. Text a spreadsheet would run as a formula begins with an apostrophe."""
        texts = self.rows.select_dtypes(["object", "str"])
        risky = {str(c): texts[c].astype("str").str.match(r"[=+@\-]").fillna(False) for c in texts}
        safe = {c: texts[c].mask(risk, "'" + texts[c].astype("str")) for c, risk in risky.items()}
        return self.rows.assign(**safe).to_csv(index=False, lineterminator="\n")

    def framed(self) -> str:
        """The SVG that is downloaded: the chart with title, subtitle, source and last period, readable alone."""
        return framed(self)


def draw_all(figures: Iterable[Figure], *widths: int) -> None:
    """Draw figures at some widths at once; `svg` then has them at hand."""
    wanted = [(figure, width) for figure in figures for width in widths]
    drawn = drawing.svgs([figure.specification(width) for figure, width in wanted])
    for (figure, width), svg in zip(wanted, drawn, strict=True):
        figure._drawn[width] = with_own_ids(svg, f"{figure.name}-{width}")


def with_own_ids(svg: str, name: str) -> str:
    """The SVG with its ids prefixed, as one page shows several, and without roles: the element around it is the picture."""
    svg = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", svg)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)


def size(svg: str) -> tuple[float, float]:
    """Width and height of an SVG in pixels."""
    found = re.search(r'<svg[^>]*\bwidth="([\d.]+)"[^>]*\bheight="([\d.]+)"', svg)
    if not found:
        raise ValueError("this is no SVG with a width and a height")
    return float(found[1]), float(found[2])


def framed(figure: Figure) -> str:
    """Title and subtitle above the chart, the source below, in one SVG."""
    chart = figure.svg(WIDE)
    width, height = size(chart)
    full = max(width, WIDE) + 32
    lines = int(full / 10)
    title = textwrap.wrap(figure.title, lines)
    subtitle = textwrap.wrap(figure.subtitle, int(lines * 1.3))
    origin = f"Data through {figure.through}. Source: {figure.publishers}. Rare Earth Observatory, CC BY 4.0."
    source = textwrap.wrap(origin, int(lines * 1.5))
    parts, y = [], 12.0
    for text, step, style in (
        (title, 24, 'font-size="19" font-weight="bold" fill="#1a1a1a"'),
        (subtitle, 19, 'font-size="14" fill="#444444"'),
    ):
        for line in text:
            y += step
            parts.append(f'<text x="16" y="{y:g}" {style}>{html.escape(line)}</text>')
        y += 4
    y += 10
    parts.append(re.sub("<svg ", f'<svg x="16" y="{y:g}" ', chart, count=1))
    y += height + 6
    for line in source:
        y += 16
        parts.append(f'<text x="16" y="{y:g}" font-size="12" fill="#595959">{html.escape(line)}</text>')
    y += 14
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{full:g}" height="{y:g}" '
        f'viewBox="0 0 {full:g} {y:g}" font-family="{charts.FONT}" role="img">'
        f"<title>{html.escape(figure.title)}</title><desc>{html.escape(figure.alt)}</desc>"
        f'<rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>\n'
    )
