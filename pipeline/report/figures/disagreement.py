"""How sure: where publishers differ, what they revise, how two coders agreed, what the acts are known from."""

import altair as alt

from pipeline.report import answers
from pipeline.report.charts import CHINA, OTHERS, PALETTE, percent, share_axis
from pipeline.report.figure import Chart, Figure
from pipeline.report.figures import marks
from pipeline.report.headlines import register_through
from pipeline.report.labels import STAGES
from pipeline.report.tables import Tables
from pipeline.restricted import open_rows

TABLES = {
    "production": "Mine production",
    "us_statistics": "US statistics",
    "reserves": "Reserves",
    "china_output": "China's output",
    "stage_shares": "Shares of stages",
    "illegal_estimates": "Unlicensed mining",
}


def disagreements(tables: Tables) -> Figure | None:
    """How far publishers and editions differ, by table: each figure a dot."""
    rows = tables["disagreements"]
    found = answers.headlines_of_disagreement(tables)
    if rows.empty or not found:
        return None
    rows = rows[rows["restricted_source_id"].isna()] if "restricted_source_id" in rows else rows
    # To whole percent: more digits may be those of a figure that is not open.
    rows = rows.assign(what=rows["table"].map(TABLES).fillna(rows["table"]), difference=rows["difference"].round(2))
    rows = rows[["what", "between", "year", "country", "difference"]]
    order = rows.groupby("what").size().sort_values(ascending=False).index.tolist()

    def draw(width: int) -> Chart:
        left = 140 if width > 400 else 110
        y = alt.Y("what:N", sort=order, title=None, axis=alt.Axis(labelLimit=left, ticks=False))
        x = alt.X("difference:Q", axis=share_axis("Difference, part of the larger figure"), scale=alt.Scale(domain=[0, 1]))
        colour = alt.Color("between:N", scale=alt.Scale(domain=["publishers", "editions"], range=[CHINA, OTHERS]))
        base = alt.Chart(rows).mark_tick(thickness=2, size=18, opacity=0.6).encode(y=y, x=x, color=colour)
        return base.properties(width=width - left - 30, height={"step": 34})

    return Figure(
        name="disagreements_of_publishers",
        title=f"{found[0]} figures differ by more than a tenth between publishers or editions, half of them by more than "
        f"{percent(found[1])}",
        subtitle="Figures for the same thing and year by two publishers or two editions; each line is one figure, percent "
        "of the larger",
        alt="Marks by table between 10 and 100 percent: " + ", ".join(f"{(rows['what'] == w).sum()} of {w}" for w in order) + ".",
        draw=draw,
        rows=rows,
        through=f"{rows['year'].max():.0f}" if rows["year"].notna().any() else "no year",
        sources=("usgs_mcs", "usgs_minerals_yearbook", "world_mining_data"),
        tables=("disagreements",),
        notes="Differences with a publisher whose figures may not be passed on are left out.",
    )


def revisions(tables: Tables) -> Figure | None:
    """China's share of one year by edition: what later editions changed."""
    rows = open_rows(tables["stage_concentration"]).query(
        "source_id == 'usgs_mcs' and stage in ['mining', 'reserves'] and kind == 'actual' and material == 'rare_earths'"
    )
    rows = rows.assign(stage_name=rows["stage"].map(STAGES))[["stage_name", "year", "edition", "china_share"]]
    mined = rows[rows["stage_name"] == STAGES["mining"]].groupby("year")["china_share"].agg(["min", "max", "size"])
    twice = mined[mined["size"] > 1]
    if twice.empty:
        return None
    gap = (twice["max"] - twice["min"]).sort_values()
    most = int(gap.index[-1])

    def panel(name: str, width: int) -> alt.LayerChart:
        line = marks.LABEL * 0.7 / 220
        own = rows[rows["stage_name"] == name].sort_values(["year", "edition"])
        own = own.assign(place=own.groupby("year")["china_share"].transform(lambda of: marks.spread(of.tolist(), line)))
        y = alt.Y("china_share:Q", axis=share_axis("China's share"), scale=alt.Scale(domain=[0.2, 0.9]))
        base = alt.Chart(own, title=name).encode(x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0)), y=y)
        dots = base.mark_point(color=OTHERS, size=60, opacity=1)
        labels = base.mark_text(align="left", dx=7, fontSize=11).encode(y=alt.Y("place:Q"), text="edition:N")
        return (dots + labels).properties(width=marks.panel_width(width) - 15, height=220)

    return Figure(
        name="revisions_by_edition",
        title=f"Later editions changed China's share of mining in {most} by {gap.iloc[-1] * 100:.1f} points",
        subtitle="China's share of one year by edition of the US Geological Survey's Mineral Commodity Summaries, percent",
        alt="Two panels, mining and reserves: points by year, several where editions differ.",
        draw=lambda width: marks.in_row([panel(name, width) for name in sorted(set(rows["stage_name"]))], width),
        rows=rows,
        through=f"edition {rows['edition'].max()}",
        sources=("usgs_mcs",),
        tables=("stage_concentration",),
        notes="The label is the edition. Reserves are drawn at the year before their edition.",
    )


FIELDS = {
    "direction": "Direction",
    "foreign_supply": "Effect on foreign supply",
    "instrument": "Instrument",
    "layer": "Layer of policy",
    "legal_force": "Legal force",
    "reach": "Reach",
    "scope": "Scope",
    "status": "Status",
}


def coders(tables: Tables) -> Figure | None:
    """Agreement of two coders beyond chance, by field."""
    rows = tables["coding_agreement"]
    if rows.empty:
        return None
    rows = rows.assign(name=rows["field"].map(FIELDS).fillna(rows["field"]))[["name", "n", "agreement", "kappa"]]
    order = rows.sort_values("kappa")["name"].tolist()
    least = rows.sort_values("kappa").iloc[0]

    def draw(width: int) -> Chart:
        x = alt.X("kappa:Q", title="Kappa (1: full agreement)", scale=alt.Scale(domain=[0, 1]))
        return marks.bars(rows, "name", x, order, width, left=160)

    return Figure(
        name="agreement_of_coders",
        title=f"Two coders agreed least on {str(least['name']).lower()}: {percent(float(least['agreement']))} of acts, kappa "
        f"{least['kappa']:.2f}",
        subtitle=f"Agreement of two coders on {int(rows['n'].max())} acts beyond chance (Cohen's kappa), by field",
        alt="Bars by field: "
        + ", ".join(f"{r.name_} {r.kappa:.2f}" for r in rows.rename(columns={"name": "name_"}).itertuples())
        + ".",
        draw=draw,
        rows=rows,
        through=marks.day(register_through(tables)),
        sources=("policy_register",),
        tables=("coding_agreement", "policy_codes"),
    )


KNOWN_FROM = {"official": "official text", "official_copy": "copy of an official text", "other": "press or analysis"}


def coverage(tables: Tables) -> Figure | None:
    """What the acts of the register are known from, by year."""
    rows = tables["policy_events"]
    if rows.empty:
        return None
    rows = rows.assign(year=rows["announced_on"].str[:4].astype("int64"), known=rows["best_source"].map(KNOWN_FROM))
    official = float(rows["best_source"].isin(["official", "official_copy"]).mean())
    counted = rows[rows["year"] >= 1995].groupby(["year", "known"], as_index=False).size().rename(columns={"size": "acts"})

    def draw(width: int) -> Chart:
        colour = alt.Color("known:N", scale=alt.Scale(domain=list(KNOWN_FROM.values()), range=[OTHERS, PALETTE[2], "#b9b9b9"]))
        colour = colour.legend(alt.Legend(orient="top", columns=3 if width > 400 else 1, symbolType="square"))
        base = alt.Chart(counted).mark_bar().encode(x=marks.columns(counted), y=alt.Y("acts:Q", title="Acts"), color=colour)
        return base.properties(width=width - 60, height=220)

    return Figure(
        name="what_acts_are_known_from",
        title=f"{percent(official)} of the {len(rows)} acts are known from an official text or a copy of one",
        subtitle="Acts in the register by year of announcement and best source",
        alt=f"Stacked bars by year since 1995; {percent(official)} of all acts have an official text or a copy.",
        draw=draw,
        rows=counted,
        through=marks.day(register_through(tables)),
        sources=("policy_register",),
        tables=("policy_events", "policy_sources"),
        notes="Coverage is sparse before 2005: more acts found in later years does not mean that more were adopted.",
    )
