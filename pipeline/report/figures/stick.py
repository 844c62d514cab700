"""The stick: restrictions in force, monthly exports, prices inside and outside China, effects among placebos."""

import altair as alt
import numpy as np
import pandas as pd

from pipeline.report import headlines
from pipeline.report.charts import CHINA, OTHERS, PALETTE, number
from pipeline.report.figure import SMALL, Chart, Figure
from pipeline.report.figures import marks
from pipeline.report.figures.marks import day
from pipeline.report.tables import Tables

ELEMENTS = {"Dy": "Dysprosium", "Tb": "Terbium", "Y": "Yttrium"}


def restrictions(tables: Tables) -> Figure | None:
    """Chinese restrictions of rare-earth exports in force at the end of each month, and those suspended."""
    found = headlines.controls(tables)
    if not found:
        return None
    rows = tables["policy_in_force"]
    rows = rows[(rows["actor"] == "CHN") & (rows["layer"] == "export_control") & (rows["as_of"] == rows["as_of"].max())]
    rows = rows[(rows["month"] >= "2005") & (rows["month"] <= found.month)]
    rows = rows.assign(date=rows["month"] + "-28")[["month", "date", "restrictions", "in_force_official", "suspended"]]
    dates = marks.acts(tables, marks.LONG)

    def draw(width: int) -> Chart:
        y = alt.Y("restrictions:Q", title="Restrictions in force", axis=alt.Axis(tickMinStep=1))
        base = alt.Chart(rows).encode(x=marks.days())
        steps = base.mark_line(interpolate="step-after", color=CHINA).encode(y=y)
        official = base.mark_line(interpolate="step-after", color=PALETTE[5], strokeDash=[4, 3]).encode(y="in_force_official:Q")
        lines, plot = steps + official, width - 60
        if width > SMALL:
            lines = marks.act_lines(dates, "date:T", rows["date"], plot) + lines
        return lines.properties(width=plot, height=150 if width <= SMALL else 230)

    return Figure(
        name="chinese_export_restrictions_in_force",
        title=f"{found.restrictions} Chinese restrictions of rare-earth exports were in force in {day(found.month)}, "
        f"against {found.before} in {day(found.month_before)}",
        subtitle="Acts in force at the end of each month, as known at the newest date of the register; grey dashes: known "
        "from an "
        "official text",
        alt=f"A stepped line from {rows['month'].min()[:4]}: {found.before} in {day(found.month_before)}, "
        f"{found.restrictions} in "
        f"{day(found.month)}, {found.official} of them known from an official text.",
        draw=draw,
        rows=rows.drop(columns="date"),
        through=day(headlines.register_through(tables)),
        sources=("policy_register",),
        tables=("policy_in_force", "policy_events", "policy_status"),
        notes=f"{found.suspended_acts} more acts are suspended. Successive quota batches count while they are in force. "
        + marks.acts_in_words(dates),
        row=("policy_in_force", _in_force_key(tables, found.month)),
    )


def _in_force_key(tables: Tables, month: str) -> tuple[str, ...]:
    return (month, "export_control", "CHN", str(tables["policy_in_force"]["as_of"].max()))


def monthly_magnets(tables: Tables) -> Figure | None:
    """China's exports of rare-earth magnets in single months as published, with the acts."""
    rows = tables["trade_by_month"]
    rows = rows[(rows["reporter"] == "CHN") & (rows["flow"] == "export") & (rows["kind"] == "printed")]
    rows = rows[(rows["product"] == "rare_earth_magnets") & (rows["source_id"] == "china_customs_quoted")]
    rows = rows[rows["month"] >= "2023"].dropna(subset=["quantity_t"]).sort_values("month")
    if len(rows) < 2:
        return None
    rows = rows.assign(date=rows["month"] + "-15")[["month", "date", "quantity_t"]]
    by_month = rows.set_index("month")["quantity_t"]
    lowest, last = str(by_month.idxmin()), str(by_month.index[-1])
    dates = marks.acts(tables, marks.RECENT)

    def draw(width: int) -> Chart:
        y = alt.Y("quantity_t:Q", title="Tonnes a month")
        columns = alt.Chart(rows).mark_bar(width=7 if width > 400 else 4, color=CHINA).encode(x=marks.days(), y=y)
        plot = width - 70
        drawn = columns if width <= SMALL else marks.act_lines(dates, "date:T", rows["date"], plot) + columns
        return drawn.properties(width=plot, height=230)

    return Figure(
        name="monthly_magnet_exports",
        title=f"China's exports of rare-earth magnets fell to {number(by_month[lowest])} tonnes in {day(lowest)} and were "
        f"{number(by_month[last])} in {day(last)}",
        subtitle="China's exports of rare-earth magnets, tonnes in single months as published; a gap is a month without a "
        "figure, not zero",
        alt=f"Bars by month from {day(str(by_month.index[0]))} to {day(last)}, the lowest {number(by_month[lowest])} tonnes "
        f"in {day(lowest)}.",
        draw=draw,
        rows=rows.drop(columns="date"),
        through=day(last),
        sources=("china_customs_quoted",),
        tables=("trade_by_month",),
        notes="No comparison is drawn, so no change here is by itself the effect of an act. " + marks.acts_in_words(dates),
        row=("trade_by_month", _month_key(tables, lowest)),
    )


def _month_key(tables: Tables, month: str) -> tuple[str, ...]:
    return (month, "CHN", "export", "rare_earth_magnets", "printed", "china_customs_quoted")


def prices(tables: Tables) -> Figure | None:
    """Price outside China as a multiple of the price inside, by month: restricted quotations, so a picture only."""
    rows = tables["price_gap"]
    rows = rows[rows["element"].isin(ELEMENTS)].sort_values(["element", "month", "form"])
    rows = rows.drop_duplicates(["element", "month"], keep="last")
    if rows.empty:
        return None
    rows = rows.assign(
        name=rows["element"].map(ELEMENTS),
        date=rows["month"] + "-15",
        **{c: rows[c].round(1) for c in ("ratio", "ratio_low", "ratio_high")},
    )[["month", "date", "name", "ratio", "ratio_low", "ratio_high"]]
    first, last = rows["month"].min(), rows["month"].max()
    main = rows[rows["name"] == "Dysprosium"].set_index("month")["ratio"]
    main = main if len(main) else rows.set_index("month")["ratio"]
    who = "Dysprosium" if "Dysprosium" in set(rows["name"]) else str(rows["name"].iloc[0])
    dates = marks.acts(tables, marks.RECENT, since="2025")

    def draw(width: int) -> Chart:
        colours = {"Dysprosium": OTHERS, "Terbium": PALETTE[2], "Yttrium": PALETTE[3]}
        scale = alt.Scale(type="log", domain=[0.8, max(50.0, float(rows["ratio_high"].max()))], nice=False)
        y = alt.Y("ratio:Q", title="Outside / inside, log scale", scale=scale, axis=alt.Axis(values=[1, 2, 5, 10, 20, 50]))
        colour = alt.Color("name:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())))
        base = alt.Chart(rows).encode(x=marks.days(), color=colour)
        ranges = base.mark_rule(strokeWidth=4, opacity=0.3).encode(y=alt.Y("ratio_low:Q", scale=scale), y2="ratio_high:Q")
        lines = base.mark_line(point=True).encode(y=y)
        plot = width - 70
        drawn = marks.act_lines(dates, "date:T", rows["date"], plot) + ranges + lines
        return drawn.properties(width=plot, height=marks.HEIGHT)

    return Figure(
        name="prices_outside_and_inside_china",
        title=f"{who} outside China cost {main.iloc[0]:.1f} times the price inside in {day(str(main.index[0]))} and "
        f"{main.iloc[-1]:.1f} times in {day(str(main.index[-1]))}",
        subtitle="Price in Europe divided by the price in China, per kilogram of the same element; pale bars: range of the "
        "quotations",
        alt=f"Three lines from {day(first)} to {day(last)} on a logarithmic scale, for dysprosium, terbium and yttrium, all "
        f"above 1.",
        draw=draw,
        rows=rows.drop(columns="date"),
        through=day(last),
        sources=("prices_ex_china", "prices_more", "prices_quoted"),
        tables=("price_gap", "prices_tidy"),
        notes="Few quotations a month; prices in China include value-added tax. " + marks.acts_in_words(dates),
        with_data=False,
    )


OUTCOMES = {
    "share": "Share of world exports",
    "tonnes": "Tonnes exported",
    "unit_value": "Unit value",
    "unit_value_ratio": "Unit value against others'",
}
VERDICTS = {"effect": "effect", "no effect distinguishable": "no effect distinguishable", "cannot tell": "cannot tell: poor fit"}


def effects(tables: Tables) -> Figure | None:
    """Estimated effects of acts on China's exports with the range of placebos, and the range over penalties of the fit."""
    rows = tables["policy_effects"]
    rows = rows[(rows["method"] == "synthetic_control") & rows["outcome"].isin(OUTCOMES) & rows["estimate"].notna()]
    if rows.empty:
        return None
    titles = tables["policy_events"].set_index("event_id")["announced_on"].str[:4]
    words = {"CN-2010-07-export-quota-h2": "quota cut", "CN-2014-12-31-quota-abolished": "quotas end"}
    words |= {"USA-2012-03-13-ds431-consultations": "dispute"}
    rows = rows.assign(
        act=[f"{words.get(e, 'act')} of {titles.get(e, '')}" for e in rows["event_id"]],
        outcome_name=rows["outcome"].map(OUTCOMES),
        judged=rows["verdict"].map(VERDICTS),
        **{f"{name}_times": np.exp(rows[name]) for name in ("estimate", "low", "high", "ridge_low", "ridge_high")},
    )
    rows = rows.assign(label=rows["outcome_name"] + ", " + rows["act"])
    keep = ["event_id", "act", "outcome_name", "estimate_times", "low_times", "high_times", "ridge_low_times", "ridge_high_times"]
    keep += ["estimate", "placebo_rank", "donors", "judged", "label"]
    rows = rows.sort_values(["first_treated", "outcome"])[keep].reset_index(drop=True)
    clearest = headlines.clearest_effect(tables)
    title = "For no act does an effect on China's exports stand out among its placebos"
    if clearest:
        what = OUTCOMES.get(clearest.outcome, clearest.outcome).lower()
        title = (
            f"After the act of {clearest.year} the {what} of China's rare-earth exports was {clearest.times:.1f} times what "
            f"it would "
            f"have been ({clearest.low:.1f} to {clearest.high:.1f}); other effects do not stand out"
        )

    def draw(width: int) -> Chart:
        domain = [0.2, 5]
        clipped = rows.assign(**{c: rows[c].clip(*domain) for c in ("low_times", "high_times", "estimate_times")})
        wide = width > 400
        left = 280 if wide else 150
        # Outcome and act one below the other where there is no room beside each other.
        names = alt.Axis(labelLimit=left, ticks=False, labelFontSize=13 if wide else 11)
        if not wide:
            names["labelExpr"] = "split(datum.label, ', ')"
        y = alt.Y("label:N", sort=rows["label"].tolist(), title=None, axis=names)
        axis = alt.Axis(values=[0.2, 0.5, 1, 2, 5], title="Times what it would have been")
        scale = alt.Scale(type="log", domain=domain, nice=False)
        x = alt.X("estimate_times:Q", scale=scale, axis=axis)
        palette = {"effect": CHINA, "no effect distinguishable": OTHERS, "cannot tell: poor fit": "#8a8a8a"}
        colour = alt.Color("judged:N", scale=alt.Scale(domain=list(palette), range=list(palette.values())))
        colour = colour.legend(alt.Legend(orient="top", columns=3 if wide else 1))
        base = alt.Chart(clipped).encode(y=y, color=colour)
        one = alt.Chart(pd.DataFrame({"x": [1]})).mark_rule(color=marks.GREY).encode(x="x:Q")
        ranges = base.mark_rule(strokeWidth=2, opacity=0.6).encode(
            x=alt.X("low_times:Q", scale=scale, axis=axis), x2="high_times:Q"
        )
        thick = base.mark_rule(strokeWidth=7, opacity=0.5).encode(x="ridge_low_times:Q", x2="ridge_high_times:Q")
        dots = base.mark_point(size=70, opacity=1).encode(x=x)
        return (one + ranges + thick + dots).properties(width=width - left - 30, height={"step": 25 if wide else 34})

    estimated = int((tables["policy_effects"]["method"] == "description").sum())
    return Figure(
        name="effects_of_acts_among_placebos",
        title=title,
        subtitle="Estimated effect on China's exports as a multiple of the level without the act; thin line: range of "
        "placebos, thick: "
        "range over the penalties of the fit",
        alt="Dots with ranges for three acts and four outcomes; " + title + ".",
        draw=draw,
        rows=rows.drop(columns="label"),
        through="2018, the last year of the comparisons",
        sources=("cepii_baci",),
        tables=("policy_effects", "effect_designs"),
        notes=f"Placebos: minerals never controlled, each given the act in turn. Ranges beyond 0.2 and 5 are cut. For "
        f"{estimated} acts, "
        "all controls since 2023 among them, no effect can be estimated yet: too few months are published.",
        row=("policy_effects", clearest.key) if clearest else None,
    )
