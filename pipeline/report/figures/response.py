"""The others' response: acts, import shares, plants, and what dependence is by every basis."""

import altair as alt
import pandas as pd

from pipeline.report import headlines
from pipeline.report.charts import CHINA, OTHERS, PALETTE, number, percent, share_axis
from pipeline.report.figure import SMALL, Chart, Figure
from pipeline.report.figures import marks
from pipeline.report.tables import Tables

GROUPS = {"compounds": "Compounds", "metals": "Metals"}
COLOURS = (OTHERS, CHINA, PALETTE[2], PALETTE[3], PALETTE[4], PALETTE[5])


def acts(tables: Tables) -> Figure | None:
    """Acts of diversification of the US and its allies by year."""
    found, rows = headlines.response(tables), headlines.diversification_acts(tables)
    if not found or rows.empty:
        return None
    rows = rows[rows["year"] >= 2005]
    counted = rows.groupby(["year", "confidence"], as_index=False).size().rename(columns={"size": "acts"})
    counted = counted.assign(known=(counted["confidence"] == "high").map({True: "high confidence", False: "less sure"}))
    counted = counted.groupby(["year", "known"])["acts"].sum().reset_index()

    def draw(width: int) -> Chart:
        colour = alt.Color("known:N", scale=alt.Scale(domain=["high confidence", "less sure"], range=[OTHERS, "#9bb8d0"]))
        colour = colour.legend(None if width <= SMALL else alt.Legend(orient="top", symbolType="square"))
        base = alt.Chart(counted).mark_bar().encode(x=marks.columns(counted), y=alt.Y("acts:Q", title="Acts"), color=colour)
        return base.properties(width=width - 60, height=150 if width <= SMALL else 220)

    return Figure(
        name="diversification_acts_by_year",
        title=f"The United States and its allies took {found.acts} steps to depend less on China in the five years to "
        f"{found.last_year}, {found.acts_before} in the five before",
        subtitle="Acts that strengthen supply from elsewhere: funding, lists, stockpiles, agreements; statements are left out",
        alt=f"Bars by year: {found.acts_before} acts in {found.last_year - 9}–{found.last_year - 5}, {found.acts} in "
        f"{found.last_year - 4}–{found.last_year}.",
        draw=draw,
        rows=counted,
        through=marks.day(headlines.register_through(tables)),
        sources=("policy_register",),
        tables=("policy_events",),
        notes="The newest year is not over. Recent acts are easier to find, so part of the rise is a rise of what is found.",
    )


def imports(tables: Tables) -> Figure | None:
    """The share of imports that is not from China, by importer."""
    names = tables.countries()
    shown = headlines.IMPORTERS[:5]
    rows = pd.concat(
        [headlines.not_from_china(tables, group, shown).assign(group=words) for group, words in GROUPS.items()], ignore_index=True
    )
    rows = rows[rows["year"] >= 2005].assign(name=lambda f: f["bloc"].map(lambda code: names.get(code, code)))
    found = headlines.response(tables)
    if rows.empty or not found:
        return None
    rows = rows[["year", "group", "bloc", "name", "non_china_share"]].sort_values(["group", "bloc", "year"])
    colours = dict(zip([names.get(code, code) for code in shown], COLOURS, strict=False))
    before, after = found.years
    largest = "USA" if "USA" in found.shares else next(iter(found.shares))
    was, now = found.shares[largest]

    def panel(group: str, width: int) -> alt.LayerChart:
        own = rows[rows["group"] == group]
        y = alt.Y("non_china_share:Q", axis=share_axis("Not from China"), scale=alt.Scale(domain=[0, 1]))
        room = width if width <= 400 else (width - 30) // 2
        return marks.named_lines(
            own, marks.years(rows), y, "name", colours, room, (0, 1), height=230, points=False, margin=100
        ).properties(title=group)

    return Figure(
        name="imports_not_from_china",
        title=f"{names.get(largest, largest)}: {percent(was)} of compounds came from elsewhere than China in {before}, "
        f"{percent(now)} "
        f"in {after}",
        subtitle="Share of imports from other suppliers than China, percent of value",
        alt="Two panels of lines by importer; compounds: "
        + ", ".join(
            f"{names.get(c, c)} {percent(a)} in {before} and {percent(b)} in {after}" for c, (a, b) in found.shares.items()
        )
        + ".",
        draw=lambda width: marks.in_row([panel(group, width) for group in GROUPS.values()], width),
        rows=rows,
        through=str(after),
        sources=("cepii_baci",),
        tables=("diversification",),
        notes="Direct trade: what others made from Chinese goods counts as theirs (next figure). The EU is one importer, "
        "without trade "
        "among its members.",
        row=("diversification", (after, largest, "compounds", "value")),
    )


BASES = {
    "value": "value",
    "quantity_clean": "gross tonnes",
    "reo_shipped": "tonnes of oxide, who shipped it",
    "reo_origin": "tonnes of oxide, who separated it",
}


def dependence(tables: Tables) -> Figure | None:
    """China's share of compounds by every basis: one range an importer instead of several numbers."""
    names = tables.countries()
    rows = tables["china_dependence"]
    rows = rows[
        (rows["goods"] == "compounds") & rows["basis"].isin(BASES) & rows["importer"].isin([*headlines.IMPORTERS, "VNM", "DEU"])
    ]
    rows = rows.dropna(subset=["china_share"])
    if rows.empty:
        return None
    year = int(rows["year"].max())
    rows = rows[rows["year"] == year].assign(
        name=lambda f: f["importer"].map(lambda code: names.get(code, code)), measure=lambda f: f["basis"].map(BASES)
    )[["year", "importer", "name", "measure", "basis", "china_share"]]
    by_name = rows.groupby("name")["china_share"].agg(["min", "max"])
    order = by_name.sort_values("max", ascending=False).index.tolist()
    widest = str((by_name["max"] - by_name["min"]).idxmax())
    low, high = (float(by_name[end][widest]) for end in ("min", "max"))

    def draw(width: int) -> Chart:
        left = 110
        y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=left, ticks=False))
        x = alt.X("china_share:Q", axis=share_axis("China's share of imports"), scale=alt.Scale(domain=[0, 1]))
        spans = alt.Chart(by_name.reset_index()).mark_rule(strokeWidth=6, opacity=0.25, color=OTHERS)
        spans = spans.encode(y=y, x=alt.X("min:Q", scale=alt.Scale(domain=[0, 1])), x2="max:Q")
        domain = list(BASES.values())
        colour = alt.Color("measure:N", scale=alt.Scale(domain=domain, range=[OTHERS, PALETTE[2], PALETTE[4], CHINA]))
        shape = alt.Shape("measure:N", scale=alt.Scale(domain=domain, range=["circle", "square", "triangle-up", "diamond"]))
        legend = alt.Legend(orient="top", columns=2 if width > 400 else 1)
        dots = (
            alt.Chart(rows)
            .mark_point(size=75, opacity=1)
            .encode(y=y, x=x, color=colour.legend(legend), shape=shape.legend(legend))
        )
        return (spans + dots).properties(width=width - left - 30, height={"step": 30})

    return Figure(
        name="china_dependence_by_basis",
        title=f"China's share of an importer's compounds is a range: for {widest} {percent(low)} to {percent(high)} in {year}",
        subtitle="China's share of imports of rare-earth compounds, percent, by what is counted",
        alt=f"Ranges by importer in {year}: "
        + "; ".join(f"{n} {percent(a)} to {percent(b)}" for n, a, b in by_name.itertuples())
        + ".",
        draw=draw,
        rows=rows.drop(columns="basis"),
        through=str(year),
        sources=("cepii_baci", "china_production_quotas", "conversion_factors"),
        tables=("china_dependence",),
        notes="By value China's share is lower where its goods are cheaper per tonne. The last basis traces goods to the "
        "country that "
        "separated them; ore and carbonate sent for separation are left out.",
    )


def plants(tables: Tables) -> Figure | None:
    """Capacity outside China as published, operating and announced."""
    rows = tables["diversification"]
    rows = rows[(rows["bloc"] == "outside_china") & rows["plants"].notna()]
    if rows.empty:
        return None
    words = {"compounds": "Separation, t of oxide a year", "rare_earth_magnets": "Magnets, t a year"}
    wide = rows.assign(stage=rows["group"].map(words))[
        [
            "stage",
            "capacity_operating",
            "capacity_announced",
            "plants",
            "plants_left_out",
            "capacity_year_from",
            "capacity_year_to",
        ]
    ]
    long = wide.melt("stage", ["capacity_operating", "capacity_announced"], "status", "tonnes").dropna(subset=["tonnes"])
    long = long.assign(
        status=long["status"].map({"capacity_operating": "operating", "capacity_announced": "announced or under construction"})
    )
    if long.empty:
        return None
    of = long.set_index(["stage", "status"])["tonnes"]
    magnets = words["rare_earth_magnets"]
    operating, announced = (of.get((magnets, s), float("nan")) for s in ("operating", "announced or under construction"))
    left_out = int(rows["plants_left_out"].sum())

    def draw(width: int) -> Chart:
        colour = alt.Color(
            "status:N", scale=alt.Scale(domain=["operating", "announced or under construction"], range=[PALETTE[2], "#9bb8d0"])
        ).legend(alt.Legend(orient="top", symbolType="square", columns=1))
        y = alt.Y("status:N", title=None, axis=None, sort=["operating", "announced or under construction"])
        row = alt.Row("stage:N", title=None, header=alt.Header(labelOrient="top", labelAnchor="start"))
        base = alt.Chart(long).mark_bar().encode(x=alt.X("tonnes:Q", title="Tonnes a year"), y=y, color=colour, row=row)
        return base.properties(width=width - 40, height=55)

    return Figure(
        name="plants_outside_china",
        title=f"Outside China plants for {number(operating)} tonnes of magnets a year operate by published figures; "
        f"{number(announced)} more are announced",
        subtitle="Published capacity of plants outside China, tonnes a year; announced includes plants under construction",
        alt="Bars: " + "; ".join(f"{r['stage']}, {r['status']}: {number(r['tonnes'])}" for r in long.to_dict("records")) + ".",
        draw=draw,
        rows=long,
        through=f"{rows['capacity_year_to'].max():.0f}" if rows["capacity_year_to"].notna().any() else "no year",
        sources=("separation_facilities",),
        tables=("diversification", "facilities"),
        notes=f"{left_out} plants are left out: their capacity is not published, or not in these units. Japan's magnet "
        f"makers and "
        "Malaysia's separation publish none, so operating capacity is more than shown.",
    )
