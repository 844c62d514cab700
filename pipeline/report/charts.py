"""The look of all figures, and numbers as text. A number in a text is a computed value, never typed."""

from typing import cast

import altair as alt
import pandas as pd

# Okabe and Ito's colours (2008), distinguishable to colour-blind readers, without yellow and sky blue: too faint on white.
CHINA = "#d55e00"
OTHERS = "#0072b2"
PALETTE = [OTHERS, CHINA, "#009e73", "#a6559d", "#8c6d00", "#4d4d4d"]
INK = "#333333"
# The metrics of the font in vl_convert, so that labels are laid out identically on every machine.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
WIDTH = 640


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
        # The numbers at the ends stay where they belong: moved inwards they would meet their neighbours.
        "axisQuantitative": {"labelOverlap": "greedy", "labelSeparation": 5, "labelFlush": False},
        "legend": text | {"orient": "top", "symbolStrokeWidth": 2.5, "symbolOpacity": 1, "labelLimit": 260, "title": None},
        "header": text | {"labelFontWeight": "bold", "labelAnchor": "start", "title": None},
        "facet": {"spacing": 40},
        "range": {"category": PALETTE},
        "line": {"strokeWidth": 2.2},
        "point": {"size": 45, "filled": True},
        "text": {"fontSize": 12, "color": INK},
    }
    return cast("alt.theme.ThemeConfig", {"config": settings})


def share_axis(title: str) -> alt.Axis:
    """An axis of shares, in percent."""
    return alt.Axis(format="%", title=title, tickCount=5)


def years(title: str | None = None) -> alt.X:
    """The x axis of the column `year`: whole years, labels that do not overlap."""
    axis = alt.Axis(format="d", tickMinStep=1, tickCount=6, labelFlush=False, labelOverlap="greedy", labelSeparation=8)
    return alt.X("year:Q", title=title, axis=axis, scale=alt.Scale(nice=False, zero=False))


def percent(share: float, digits: int = 0) -> str:
    """A share between 0 and 1 as a percentage: 0.6942 is `69 %`, 0.0004 `<1 %`, with a no-break space; missing is `no figure`."""
    if pd.isna(share):
        return "no figure"
    return "<1\u00a0%" if digits == 0 and 0 < share < 0.005 else f"{share * 100:.{digits}f}\u00a0%"


def number(amount: float, digits: int = 0) -> str:
    """An amount with thousands separators: 73815.4 is `73,815`; a missing one is `no figure`."""
    return "no figure" if pd.isna(amount) else f"{amount:,.{digits}f}"


def listed(names: list[str]) -> str:
    """Names as an enumeration: `a, b and c`; `none` where there are none."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names) or "none"
