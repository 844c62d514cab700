"""Figures and computed text: what notebooks need besides the tables.

A figure is a static SVG, readable without JavaScript, and becomes interactive where the report's own script runs; nothing
is loaded from elsewhere. A number in the text is a computed value, never typed.
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

# Okabe and Ito's colours (2008), distinguishable to colour-blind readers, without yellow and sky blue: too faint on white.
CHINA = "#d55e00"
OTHERS = "#0072b2"
PALETTE = [OTHERS, CHINA, "#009e73", "#a6559d", "#8c6d00", "#4d4d4d"]
INK = "#333333"
# The metrics of the font in vl_convert, so that labels are laid out identically on every machine.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
WIDTH = 640
LINE_LEGEND = alt.Legend(symbolType="stroke", symbolSize=400)


@alt.theme.register("reo", enable=True)
def theme() -> alt.theme.ThemeConfig:
    """The theme of all figures; importing this module registers and enables it."""
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


def show(chart: alt.TopLevelMixin, name: str, description: str, caption: str, with_data: bool = True) -> "HTML":
    """A figure for a notebook, its SVG saved as data/processed/figures/NAME.svg.

    `description` is the text alternative, one sentence for readers who cannot see the figure; `caption` is shown below it
    and may contain HTML. A figure of a restricted source is a picture only: `with_data=False` leaves its numbers out.
    Raises ReoError where the figure cannot be saved.
    """
    from IPython.display import HTML

    specification: dict[str, Any] = chart.to_dict() | {"description": description}
    svg = vl_convert.vegalite_to_svg(specification)
    files.replace(paths.figures() / f"{name}.svg", lambda part: part.write_text(svg, "utf-8"))
    label = html.escape(description, quote=True)
    data = json.dumps(specification, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("</", "<\\/")
    return HTML(  # type: ignore[no-untyped-call]
        f'<div class="reo-figure" id="{name}"><figure role="img" aria-label="{label}">{_with_own_ids(svg, name)}</figure>'
        + (f'<script type="application/json">{data}</script>' if with_data else "")
        + f'<p class="reo-caption">{caption}</p></div>'
    )


def caption(limits: str, through: object, sources: list[str], explain: str) -> str:
    """The text below a figure: its limits, the last period of its data, the sources, and the command for a number's lineage.

    `sources` are ids in data/raw/sources.yml; `explain` is a table and one of its keys, such as `reserves 2026 CHN usgs_mcs`.
    """
    credits = []
    for source in map(lock.source, sources):
        edition = re.split(r"[:;] ", source.edition)[0]
        credits.append(f"{source.attribution.rstrip('.')} (edition: {edition})")
    origin = f"Where a number comes from: <code>reo explain {html.escape(explain)}</code>."
    return f"{limits} <b>Data through {through}.</b> {'; '.join(html.escape(c, quote=False) for c in credits)}. {origin}"


def table(frame: pd.DataFrame) -> "HTML":
    """A small table for readers, without its index."""
    from IPython.display import HTML

    rows = frame.to_html(index=False, border=0, justify="left", classes="table", na_rep="")
    return HTML(f'<div class="pst-scrollable-table-container">{rows}</div>')  # type: ignore[no-untyped-call]


def _with_own_ids(svg: str, name: str) -> str:
    """The SVG with its ids prefixed by the figure's name: one page shows several figures."""
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)


def glue_values(values: dict[str, object]) -> None:
    """Name computed values for the text: Markdown cells show them with the glue:text role."""
    from myst_nb import glue

    for name, value in values.items():
        glue(name, str(value), display=False)


def at(series: pd.Series, *key: Any) -> Any:
    """One value by its key; missing (NaN) where the series has no such row."""
    return series.get(key if len(key) > 1 else key[0], float("nan"))


def share_axis(title: str) -> alt.Axis:
    """An axis of shares, in percent."""
    return alt.Axis(format="%", title=title, tickCount=5)


def years(title: str | None = None) -> alt.X:
    """The x axis of the column `year`: whole years, labels that do not overlap."""
    axis = alt.Axis(format="d", tickMinStep=1, tickCount=6, labelFlush=False, labelOverlap="greedy", labelSeparation=8)
    return alt.X("year:Q", title=title, axis=axis, scale=alt.Scale(nice=False, zero=False))


def percent(share: float, digits: int = 0) -> str:
    """A share between 0 and 1 as a percentage: 0.6942 is `69 %`, with a no-break space; a missing one is `no figure`."""
    return "no figure" if pd.isna(share) else f"{share * 100:.{digits}f}\u00a0%"


def number(amount: float, digits: int = 0) -> str:
    """An amount with thousands separators: 73815.4 is `73,815`; a missing one is `no figure`."""
    return "no figure" if pd.isna(amount) else f"{amount:,.{digits}f}"


def listed(names: list[str]) -> str:
    """Names as an enumeration: `a, b and c`; `none` where there are none."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names) or "none"


def vega_bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one classic script that needs no network; it defines `vegaEmbed`."""
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return f"(() => {{{bundle}}})();\n"
