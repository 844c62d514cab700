"""Figures and computed prose: what notebooks need besides the tables.

A figure is a picture first (a static SVG, readable without JavaScript) and live where the report's own script runs;
nothing is loaded from outside. A number in the prose is glued from a computed value, never typed.
"""

import html
import json
import re
from typing import TYPE_CHECKING, Any, cast

import altair as alt
import pandas as pd
import vl_convert

from pipeline import files, paths
from pipeline.intake import lock

if TYPE_CHECKING:
    from IPython.display import HTML

# Okabe and Ito's colours (2008), told apart by colour-blind readers; yellow and sky blue left out, too faint for lines on white.
CHINA = "#d55e00"
OTHERS = "#0072b2"
PALETTE = [OTHERS, CHINA, "#009e73", "#a6559d", "#8c6d00", "#4d4d4d"]
INK = "#333333"
# The metric of the font that vl_convert carries, so that labels are laid out alike on every machine.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
WIDTH = 640
LINE_LEGEND = alt.Legend(symbolType="stroke", symbolSize=400)


@alt.theme.register("reo", enable=True)
def theme() -> alt.theme.ThemeConfig:
    """The one look of all figures; registered and in use once this module is imported."""
    text = {"labelFontSize": 13, "titleFontSize": 13, "labelColor": INK, "titleColor": INK, "titleFontWeight": "normal"}
    settings = {
        "aria": False,  # the figure around it carries the label; one per mark would be read out point by point
        "background": "white",
        "font": FONT,
        "view": {"stroke": None, "continuousWidth": WIDTH, "continuousHeight": 300},
        "axis": text | {"gridColor": "#e6e6e6", "domainColor": "#999999", "tickColor": "#999999", "labelLimit": 260},
        "legend": text | {"orient": "top", "symbolStrokeWidth": 2.5, "symbolOpacity": 1, "labelLimit": 260, "title": None},
        "header": text | {"labelFontWeight": "bold", "labelAnchor": "start", "title": None},
        "facet": {"spacing": 40},
        "range": {"category": PALETTE},
        "line": {"strokeWidth": 2.2},
        "point": {"size": 45, "filled": True},
        "text": {"fontSize": 12, "color": INK},
    }
    return cast("alt.theme.ThemeConfig", {"config": settings})


def show(chart: alt.TopLevelMixin, name: str, description: str, caption: str) -> "HTML":
    """A figure for a notebook, its SVG saved as data/processed/figures/NAME.svg.

    `description` says in a sentence what is seen, for readers who do not see it; `caption` is printed under the figure
    and may hold HTML. Raises ReoError where the figure cannot be saved.
    """
    from IPython.display import HTML

    specification: dict[str, Any] = chart.to_dict() | {"description": description}
    svg = vl_convert.vegalite_to_svg(specification)
    files.replace(paths.figures() / f"{name}.svg", lambda part: part.write_text(svg, "utf-8"))
    label = html.escape(description, quote=True)
    data = json.dumps(specification, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("</", "<\\/")
    return HTML(  # type: ignore[no-untyped-call]
        f'<div class="reo-figure" id="{name}"><figure role="img" aria-label="{label}">{_apart(svg, name)}</figure>'
        f'<script type="application/json">{data}</script>'
        f'<p class="reo-caption">{caption}</p></div>'
    )


def caption(limits: str, through: object, sources: list[str], explain: str) -> str:
    """What stands under a figure: what it cannot show, how far its data reach, whose they are, how to ask for a number's origin.

    `sources` are ids of data/raw/sources.yml, `explain` is a table and a key of it, such as `reserves 2026 CHN usgs_mcs`.
    """
    credits = []
    for source in map(lock.source, sources):
        edition = re.split(r"[:;] ", source.edition)[0]
        credits.append(f"{source.attribution.rstrip('.')} (edition: {edition})")
    origin = f"Where a number comes from: <code>reo explain {html.escape(explain)}</code>."
    return f"{limits} <b>Data through {through}.</b> {'; '.join(html.escape(c, quote=False) for c in credits)}. {origin}"


def table(frame: pd.DataFrame) -> "HTML":
    """A small table for people, its index left out."""
    from IPython.display import HTML

    rows = frame.to_html(index=False, border=0, justify="left", classes="table", na_rep="")
    return HTML(f'<div class="pst-scrollable-table-container">{rows}</div>')  # type: ignore[no-untyped-call]


def _apart(svg: str, name: str) -> str:
    """Ids within an SVG made unique, for several stand in one page."""
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)


def glue_values(values: dict[str, object]) -> None:
    """Name computed values for the prose: Markdown cells print them with the glue:text role."""
    from myst_nb import glue

    for name, value in values.items():
        glue(name, str(value), display=False)


def percent(share: float, digits: int = 0) -> str:
    """A share between 0 and 1 as people write it: 0.6942 is `69 %`, its space unbreakable; a missing one is `no figure`."""
    return "no figure" if pd.isna(share) else f"{share * 100:.{digits}f}\u00a0%"


def number(amount: float, digits: int = 0) -> str:
    """An amount as people write it: 73815.4 is `73,815`; a missing one is `no figure`."""
    return "no figure" if pd.isna(amount) else f"{amount:,.{digits}f}"


def listed(names: list[str]) -> str:
    """Names as a sentence counts them: `a, b and c`; `none` where there are none."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names) or "none"


def vega_bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one classic script that needs no network; it defines `vegaEmbed`."""
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return f"(() => {{{bundle}}})();\n"
