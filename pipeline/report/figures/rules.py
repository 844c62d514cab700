"""Standards and rules for China's own industry, each from the day it holds."""

import textwrap

import altair as alt
import pandas as pd

from pipeline.report import headlines
from pipeline.report.charts import CHINA, INK, OTHERS
from pipeline.report.figure import Chart, Figure
from pipeline.report.figures import marks
from pipeline.report.tables import Tables

IN_FORCE, DRAFT, ENDED = "in force", "draft or announcement", "no longer in force"
COLOURS = {IN_FORCE: CHINA, DRAFT: "#8a8a8a", ENDED: OTHERS}
# Height of a line of words and of a bar with its distance to the next, in pixels; and the width of a character.
LINE, BAR, CHARACTER = 15, 20, 6.2


def of_industry(tables: Tables) -> pd.DataFrame:
    """Chinese acts that set standards or rules of conduct, oldest first: event_id, title, since, until (null: open), state."""
    rows = tables["policy_events"]
    rows = rows[(rows["actor"] == "CHN") & (rows["instrument"] == "standard_regulation")]
    rows = rows[rows["legal_force"].isin(["binding", "plan", "statement"])]
    binding = rows["legal_force"] == "binding"
    # What a draft became is an act of its own, so a draft that was replaced is still a draft.
    state = pd.Series(ENDED, index=rows.index, dtype="str").mask(rows["status"] == "in_force", IN_FORCE).mask(~binding, DRAFT)
    since = rows["effective_on"].where(binding, rows["announced_on"]).fillna(rows["announced_on"])
    found = rows.assign(state=state, since=since.astype("str"), until=rows["ended_on"])
    return found[["event_id", "title", "since", "until", "state"]].sort_values(["since", "event_id"])


def standards(tables: Tables) -> Figure | None:
    """A bar a rule, from the day it holds to its end or to the end of the record, its name above it."""
    rows = of_industry(tables)
    if rows.empty:
        return None
    through = headlines.register_through(tables)
    amounts = {state: int((rows["state"] == state).sum()) for state in COLOURS}
    said = ", ".join(f"{amount} {state}" for state, amount in amounts.items() if amount)
    held = rows[rows["state"] == IN_FORCE]
    one = amounts[IN_FORCE] == 1
    nouns, verb = ("standard or rule", "is") if one else ("standards or rules", "are")
    title = f"{amounts[IN_FORCE]} binding {nouns} for China's rare-earth industry {verb} in force"
    title += f", the oldest since {held['since'].min()[:4]}" if len(held) else ""
    for state, words in ((DRAFT, "only announced or drafted"), (ENDED, "no longer in force")):
        title += f"; {amounts[state]} {words}" if amounts[state] else ""
    first = rows["since"].min()[:4]

    def draw(width: int) -> Chart:
        words_of = zip(rows["title"].astype("str"), rows["since"].astype("str"), strict=True)
        names = [textwrap.wrap(f"{name} ({day[:4]})", int((width - 30) / CHARACTER)) for name, day in words_of]
        tops = [sum(len(name) * LINE + BAR for name in names[:place]) for place in range(len(names))]
        bars = [top + len(name) * LINE + 6 for top, name in zip(tops, names, strict=True)]
        height = tops[-1] + len(names[-1]) * LINE + BAR
        drawn = pd.DataFrame({"start": rows["since"], "end": rows["until"].fillna(through), "state": rows["state"]})
        drawn = drawn.assign(name=pd.Series(names, index=rows.index), top=tops, bar=bars)
        scale = alt.Scale(domain=[height, 0], nice=False)
        present = {state: colour for state, colour in COLOURS.items() if amounts[state]}
        legend = alt.Legend(orient="top", columns=3 if width > 400 else 1, symbolType="stroke", symbolStrokeWidth=7)
        colour = alt.Color("state:N", scale=alt.Scale(domain=list(present), range=list(present.values())), legend=legend)
        x = alt.X("start:T", title=None, axis=alt.Axis(tickCount=6, labelOverlap="greedy", grid=False))
        base = alt.Chart(drawn)
        words = base.mark_text(align="left", baseline="top", color=INK, lineHeight=LINE)
        words = words.encode(x=alt.value(0), y=alt.Y("top:Q", axis=None, scale=scale), text="name:N")
        line = base.mark_rule(strokeWidth=7, strokeCap="butt")
        line = line.encode(x=x, x2="end:T", y=alt.Y("bar:Q", axis=None, scale=scale), color=colour)
        return (line + words).properties(width=width - 20, height=height)

    return Figure(
        name="standards_and_rules_for_the_industry",
        title=title,
        subtitle="Chinese standards and rules of conduct for the rare-earth industry, from the day they hold (drafts: from their "
        "announcement)",
        alt=f"Bars in time, one a rule, from {first}: {said}.",
        draw=draw,
        rows=rows,
        through=marks.day(through),
        sources=("policy_register",),
        tables=("policy_events",),
        notes="Acts of the register with the instrument standard or regulation. Not covered: national and industry standards "
        "of products and tests (GB, XB) and the international standards of ISO/TC 298, which no table has.",
    )
