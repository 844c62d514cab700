"""What several charts are made of: lines with their names at the end, dates of acts, panels that fit the width."""

from collections.abc import Sequence
from typing import Any, cast

import altair as alt
import pandas as pd

from pipeline.report.charts import INK, OTHERS
from pipeline.report.figure import SMALL, Chart
from pipeline.report.tables import Tables

HEIGHT = 260
# Of a line of labels, in pixels; nearer ends are moved to this distance.
LABEL = 15
# Between two numbers on one line, in pixels.
NUMBER = 10
GREY = "#767676"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day(date: str) -> str:
    """A date of any precision in words: `2025-04-04` is `4 April 2025`, `2025-04` is `April 2025`."""
    year, month, of_month = (*date.split("-"), "", "")[:3]
    return " ".join(part for part in (of_month.lstrip("0"), MONTHS[int(month) - 1] if month else "", year) if part)


def years(rows: pd.DataFrame, column: str = "year") -> alt.X:
    """The axis of whole years, no label cut off."""
    axis = alt.Axis(format="d", tickMinStep=1, tickCount=6, labelOverlap="greedy", labelSeparation=8, labelFlush=False)
    domain = [int(rows[column].min()), int(rows[column].max())] if len(rows) else [2000, 2001]
    return alt.X(f"{column}:Q", title=None, axis=axis, scale=alt.Scale(nice=False, zero=False, domain=domain))


def days() -> alt.X:
    """The axis of the column `date`."""
    axis = alt.Axis(tickCount=5, labelOverlap="greedy", labelSeparation=8, labelFlush=False)
    return alt.X("date:T", title=None, axis=axis)


def columns(rows: pd.DataFrame) -> alt.X:
    """The axis of columns, one a year from the first to the last: a year without a row is a gap."""
    axis = alt.Axis(labelAngle=0, labelOverlap="greedy", labelSeparation=6)
    every = list(range(int(rows["year"].min()), int(rows["year"].max()) + 1))
    return alt.X("year:O", title=None, axis=axis, scale=alt.Scale(domain=every))


def spread(values: Sequence[float], gap: float) -> list[float]:
    """Positions as near to the values as possible that are at least `gap` from one another."""
    order = sorted(range(len(values)), key=lambda i: values[i])
    placed = [0.0] * len(values)
    last = float("-inf")
    for i in order:
        last = placed[i] = max(values[i], last + gap)
    # The whole stack moves down by half of what it was pushed up.
    pushed = [placed[i] - values[i] for i in order]
    shift = max(pushed, default=0.0) / 2
    return [place - shift for place in placed]


def named_lines(
    rows: pd.DataFrame,
    x: alt.X,
    y: alt.Y,
    series: str,
    colours: dict[str, str],
    width: int,
    domain: tuple[float, float],
    height: int = HEIGHT,
    points: bool = True,
    margin: int = 135,
    acts: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """Lines, each with its name at its end instead of a legend; `domain` is the range of the y axis, `acts` are drawn under."""
    small = width <= SMALL
    field_x, field_y = (str(axis.shorthand).split(":")[0] for axis in (x, y))
    present = {name: colour for name, colour in colours.items() if name in set(rows[series])}
    scale = alt.Scale(domain=list(present), range=list(present.values()))
    colour = alt.Color(f"{series}:N", scale=scale, legend=None)
    plot, height = width - 60 - (75 if small else margin), 150 if small else height
    lines = alt.Chart(rows).mark_line(point=alt.OverlayMarkDef(size=18) if points and not small else False)
    lines = lines.encode(x=x, y=y, color=colour)
    ends = rows.dropna(subset=[field_y]).sort_values(field_x).groupby(series, as_index=False).tail(1)
    top = rows[field_x].max() if len(rows) else None
    gap = LABEL * (domain[1] - domain[0]) / height
    ends = ends.assign(end=top, place=spread(ends[field_y].tolist(), gap))
    names = alt.Chart(ends[[series, "end", "place"]]).mark_text(align="left", dx=7, fontSize=12 if not small else 11)
    kind = str(x.shorthand).split(":")[1]
    names = names.encode(x=alt.X(f"end:{kind}"), y=alt.Y("place:Q"), text=f"{series}:N", color=colour)
    drawn = lines + names
    if acts is not None and len(acts) and not small:
        drawn = act_lines(acts, str(x.shorthand), rows[field_x], plot) + drawn
    return drawn.properties(width=plot, height=height)


def in_row(panels: Sequence[Any], width: int, at_most: int = 2) -> Chart:
    """Panels beside one another where there is room for `at_most`, below one another where not."""
    return cast("Chart", alt.concat(*panels, columns=at_most if width > 400 else 1, spacing=24))


def panel_width(width: int, at_most: int = 2) -> int:
    """The plot of one panel of `in_row`, axis labels subtracted."""
    return (width - 24 * (at_most - 1)) // at_most - 62 if width > 400 else width - 62


# Acts whose dates are drawn: of the quotas, of the dispute, of the controls since 2023.
LONG = (
    "CN-2010-07-export-quota-h2",
    "USA-2012-03-13-ds431-consultations",
    "CN-2014-12-31-quota-abolished",
    "CN-2023-12-21-tech-export-ban",
    "CN-2025-04-04-mofcom-18",
)
RECENT = (
    "CN-2023-12-21-tech-export-ban",
    "CN-2025-04-04-mofcom-18",
    "CN-2025-10-09-mofcom-61",
    "CN-2025-11-07-mofcom-70-suspension",
)
SHORT = {
    "CN-2010-07-export-quota-h2": "export quota cut",
    "USA-2012-03-13-ds431-consultations": "dispute at the World Trade Organization",
    "CN-2014-12-31-quota-abolished": "export quotas end",
    "CN-2023-12-21-tech-export-ban": "export of technology banned",
    "CN-2025-04-04-mofcom-18": "licences for seven rare earths",
    "CN-2025-10-09-mofcom-61": "five more rare earths and goods made abroad",
    "CN-2025-11-07-mofcom-70-suspension": "October's rules suspended for a year",
}


def acts(tables: Tables, wanted: Sequence[str], since: str = "", until: str = "9") -> pd.DataFrame:
    """Those of the acts that are in the register and announced between two dates: date, words, number, year with fraction."""
    events = tables["policy_events"].set_index("event_id")["announced_on"]
    dates = events[events.index.isin(wanted) & events.between(since, until)].sort_values()
    rows = pd.DataFrame({"date": dates.astype("str"), "words": [SHORT[str(i)] for i in dates.index]}).reset_index(drop=True)
    rows["number"] = [str(i + 1) for i in range(len(rows))]
    return rows.assign(year=[fraction(date) for date in rows["date"]])


def fraction(date: str) -> float:
    """A date of any precision as a year with its fraction: `2025-07` is 2025.5."""
    year, month, of_month = (*date.split("-"), "1", "1")[:3]
    return int(year) + (int(month) - 1) / 12 + (int(of_month) - 1) / 365


def act_lines(acts: pd.DataFrame, x: str, over: "pd.Series[Any]", plot: int) -> alt.LayerChart:
    """Dashed lines at the acts' dates, their numbers above the plot.

    `x` is `year:Q` or `date:T`, `over` the years or dates drawn, `plot` the plot's width in pixels: numbers that would touch
    are written on lines above one another.
    """
    drawn = [fraction(str(value)) for value in over] + acts["year"].tolist()
    a_year = plot / max(max(drawn) - min(drawn), 1 / 12)
    place = levels([year * a_year for year in acts["year"]], NUMBER)
    base = alt.Chart(acts[["date", "year", "number"]]).encode(x=alt.X(x, title=None))
    lines = base.mark_rule(color=GREY, strokeDash=[3, 3])
    numbers = alt.Chart(acts[["date", "year", "number"]].assign(level=place)).mark_text(baseline="bottom", fontSize=11, color=INK)
    for level in sorted(set(place)):
        above = numbers.transform_filter(f"datum.level == {level}")
        lines += above.encode(x=x, y=alt.value(-2 - 12 * level), text="number:N")
    return cast("alt.LayerChart", lines)


def levels(places: Sequence[float], gap: float) -> list[int]:
    """For each of some places in ascending order the lowest line on which it is at least `gap` from the one before it there."""
    last: list[float] = []
    found = []
    for place in places:
        level = next((i for i, taken in enumerate(last) if place - taken >= gap), len(last))
        last[level:] = [place, *last[level + 1 :]]
        found.append(level)
    return found


def acts_in_words(acts: pd.DataFrame) -> str:
    """What the numbers of `act_lines` mean."""
    if acts.empty:
        return ""
    return "Dashed lines: " + "; ".join(f"{r.number} {r.words} ({day(str(r.date))})" for r in acts.itertuples()) + "."


def bars(rows: pd.DataFrame, category: str, value: alt.X, order: Sequence[str], width: int, left: int = 170) -> alt.Chart:
    """Horizontal bars, one a category, in the order given."""
    size = 11 if width <= SMALL else 13
    axis = alt.Axis(labelLimit=left, labelFontSize=size, domain=False, ticks=False)
    y = alt.Y(f"{category}:N", sort=list(order), title=None, axis=axis)
    plot = width - left * size // 13 - 25
    return alt.Chart(rows).mark_bar(color=OTHERS).encode(x=value, y=y).properties(width=plot, height={"step": 24})
