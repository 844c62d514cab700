"""The chain: who mines, holds, separates and makes magnets, and who exports."""

import altair as alt
import pandas as pd

from pipeline.report import headlines
from pipeline.report.charts import CHINA, OTHERS, PALETTE, listed, percent, share_axis
from pipeline.report.figure import Chart, Figure
from pipeline.report.figures import marks
from pipeline.report.labels import STAGES
from pipeline.report.tables import Tables
from pipeline.restricted import open_rows
from pipeline.schemas.export_concentration import feed_left_out

COLOURS = {
    "British Geological Survey": PALETTE[3],
    "US Geological Survey": OTHERS,
    "US Geological Survey, Minerals Yearbook": PALETTE[5],
    "World Mining Data": PALETTE[2],
}
SHORT = {
    "British Geological Survey": "British Survey",
    "US Geological Survey": "US Survey",
    "US Geological Survey, Minerals Yearbook": "US Yearbook",
    "World Mining Data": "World Mining Data",
}
SHARE = alt.Y("china_share:Q", axis=share_axis("China's share"), scale=alt.Scale(domain=[0, 1]))


def mining_since_1982(tables: Tables) -> Figure | None:
    """China's share of mine production since 1982, one publisher a line; the longest series is restricted: a picture only."""
    rows = tables["stage_concentration"].query("stage == 'mining' and material == 'rare_earths' and kind == 'actual'")
    rows = rows[rows["source_id"].isin(headlines.PUBLISHERS)].sort_values(["source_id", "year", "edition"])
    rows = rows.drop_duplicates(["source_id", "year"], keep="last")
    if rows["year"].nunique() < 2:
        return None
    rows = rows.assign(
        publisher=rows["source_id"].map(headlines.PUBLISHERS).map(SHORT), china_share=rows["china_share"].round(2)
    )[["year", "publisher", "source_id", "china_share"]]
    by_year = rows.groupby("year")["china_share"].max()
    first, peak, last = int(by_year.index.min()), int(str(by_year.idxmax())), int(by_year.index.max())
    newest = rows[rows["year"] == last]["china_share"].max()
    dates = marks.acts(tables, marks.LONG)

    def draw(width: int) -> Chart:
        colours = {SHORT[name]: colour for name, colour in COLOURS.items()}
        return marks.named_lines(rows, marks.years(rows), SHARE, "publisher", colours, width, (0, 1), points=False, acts=dates)

    def share(year: int) -> str:
        return percent(float(by_year[year]))

    return Figure(
        name="china_share_of_mining_since_1982",
        title=f"China's share of mining rose from {share(first)} in {first} to {share(peak)} in {peak}; it was "
        f"{percent(newest)} in {last}",
        subtitle="China's share of world mine production, percent of tonnes of oxide (REO), one line a publisher",
        alt=f"Lines by publisher: {share(first)} in {first}, {share(peak)} at the highest in {peak}, {percent(newest)} in "
        f"{last}.",
        draw=draw,
        rows=rows,
        through=str(last),
        sources=tuple(sorted(rows["source_id"].unique())),
        tables=("stage_concentration", "production"),
        notes=f"Unreported production is not included. {marks.acts_in_words(dates)}",
        with_data=False,
    )


def mining_and_reserves(tables: Tables) -> Figure | None:
    """China's share of mining and of reserves by edition: the revisions of a publisher are part of the figure."""
    mined, held = headlines.mining(tables), headlines.reserves(tables)
    if not mined or not held:
        return None
    known = {"usgs_mcs": "US Survey", "world_mining_data": "World Mining Data"}
    rows = open_rows(tables["stage_concentration"]).query(
        "stage in ['mining', 'reserves'] and material == 'rare_earths' and kind == 'actual' and source_id in @known"
    )
    rows = rows.sort_values(["source_id", "stage", "year", "edition"])
    rows = rows.assign(
        newest=~rows.duplicated(["source_id", "stage", "year"], keep="last"),
        publisher=rows["source_id"].map(known),
        panel=rows["stage"].map(STAGES),
    )[["panel", "publisher", "year", "edition", "newest", "china_share"]]

    def panel(name: str, width: int) -> alt.LayerChart:
        own = rows[rows["panel"] == name]
        colour = alt.Color("publisher:N", scale=alt.Scale(domain=list(known.values()), range=[OTHERS, PALETTE[2]]))
        base = alt.Chart(own, title=name).encode(x=marks.years(rows), y=SHARE, color=colour)
        newest = base.transform_filter("datum.newest")
        rings = base.transform_filter("!datum.newest").mark_point(filled=False, strokeWidth=1.5, opacity=1)
        drawn = newest.mark_line() + rings + newest.mark_point(opacity=1)
        return drawn.properties(width=marks.panel_width(width), height=210)

    return Figure(
        name="china_share_of_mining_and_reserves",
        title=f"China mined {percent(mined.value)} of all rare earths in {mined.year} and has {between(held)} of reserves",
        subtitle="China's share of the sum of countries, percent, by tonnes of oxide (REO); rings: figures revised later",
        alt=f"Two panels of China's share by year: {percent(mined.value)} of mining in {mined.year}, {between(held)} "
        f"of reserves.",
        draw=lambda width: marks.in_row([panel(name, width) for name in ("Mining", "Reserves")], width),
        rows=rows,
        through=f"{mined.year}",
        sources=tuple(known),
        tables=("stage_concentration",),
        notes="Reserves are what a country reports as economic to mine: a country that stops to report changes China's share. "
        "Low end: countries of at least 2 % that the edition no longer names hold what they held in the edition before. Reserves "
        "are drawn at the year before their edition. Unlicensed mining is not included.",
        row=("stage_concentration", mined.key),
    )


def between(share: headlines.Share) -> str:
    """A share with its range: `53 to 58 %`, or one figure where both ends read the same."""
    low, high = percent(share.low), percent(share.high)
    return low if low == high else f"{share.low * 100:.0f} to {high}"


def by_stage(tables: Tables) -> Figure | None:
    """China's share at each stage, by publishers that may be quoted; lines join one publisher's figures of one year."""
    rows = open_rows(tables["value_chain_gap"]).query("kind != 'projection' and china_share.notna()")
    rows = rows[rows["year"] >= rows["year"].max() - 5]
    if rows.empty:
        return None
    rows = rows.assign(
        label=rows["stage"].map(STAGES),
        place=rows["stage"].map({stage: place for place, stage in enumerate(STAGES)}),
        text=rows["publisher"] + ", " + rows["edition"].astype("str") + ", " + rows["year"].astype("str"),
    )[["label", "place", "publisher", "edition", "year", "material", "china_share", "text", "source_id"]]
    order = list(STAGES.values())
    middle = rows.groupby("label")["china_share"].median()
    last = order[max(order.index(label) for label in middle.index)]
    mined = headlines.mining(tables)
    high, low = percent(float(middle[last])), percent(mined.value if mined else float(middle.iloc[0]))

    def draw(width: int) -> Chart:
        axis = alt.Axis(labelAngle=0 if width > 400 else -35, labelLimit=120)
        base = alt.Chart(rows).encode(
            x=alt.X("label:N", sort=order, title=None, axis=axis, scale=alt.Scale(domain=order)), y=SHARE
        )
        lines = base.mark_line(opacity=0.5, color=OTHERS).encode(detail="text:N", order="place:Q")
        dots = base.mark_point(opacity=0.85, color=CHINA, size=60)
        return (lines + dots).properties(width=width - 70, height=marks.HEIGHT)

    return Figure(
        name="china_share_by_stage",
        title=f"From {low} of mining to about {high} of {last.lower()}: China's share is largest at the end of the chain",
        subtitle=f"China's share at each stage since {rows['year'].min()}, percent; a dot is one publisher's figure, a line "
        f"joins one "
        "publisher's figures for one year",
        alt=f"Dots at five stages from reserves to magnets; the middle figure of {last.lower()} is {high}.",
        draw=draw,
        rows=rows.drop(columns=["place", "text"]),
        through=str(rows["year"].max()),
        sources=tuple(sorted(rows["source_id"].unique())),
        tables=("value_chain_gap", "stage_shares"),
        notes="Bases differ: all rare earths or those of magnets, tonnes or capacity. Projections are left out.",
    )


GOODS = {"284610": "Cerium compounds", "284690": "Other compounds", "280530": "Metals"}


def exports(tables: Tables) -> Figure | None:
    """China's share of world exports of three goods, by value, without feed for the importer's separation."""
    rows = feed_left_out(tables["export_concentration"].query("hs6 in @GOODS"))
    if rows.empty:
        return None
    rows = rows.assign(good=rows["hs6"].map(GOODS))[["year", "hs6", "good", "basis", "china_share", "total"]].sort_values(
        ["good", "year"]
    )
    last = int(rows["year"].max())
    now = rows[rows["year"] == last].set_index("good")["china_share"]
    dates = marks.acts(tables, marks.LONG, since=str(rows["year"].min()), until=str(last))
    colours = {"Cerium compounds": PALETTE[4], "Other compounds": OTHERS, "Metals": PALETTE[3]}
    said = [f"{percent(float(now[good]))} for {good.lower()}" for good in GOODS.values() if good in now.index]

    def draw(width: int) -> Chart:
        return marks.named_lines(rows, marks.years(rows), SHARE, "good", colours, width, (0, 1), points=False, acts=dates)

    return Figure(
        name="china_share_of_exports",
        title=f"In {last} China's share of the world's exports was {listed(said)}",
        subtitle="China's share of world exports, percent of value in US dollars, without ore and carbonate sent to be separated",
        alt=f"Three lines from {rows['year'].min()} to {last}: {', '.join(said)}.",
        draw=draw,
        rows=rows,
        through=str(last),
        sources=("cepii_baci",),
        tables=("export_concentration", "feed_flows"),
        notes="Codes are broad, and goods are counted again where they are re-exported. "
        "Rare earths inside products, such as magnets in motors, are not included. " + marks.acts_in_words(dates),
        row=("export_concentration", (last, "284690", "value_without_feed")) if "Other compounds" in now.index else None,
    )


def rise(tables: Tables) -> Figure | None:
    """Mine production of China and of all others as reconciled, from rows that may be passed on."""
    rows = tables["production_reconciled"]
    rows = rows[~rows["preferred_source_id"].isin(["bgs_world_mineral_statistics", "statistical_review"])]
    world = rows[rows["country"] == "WLD"].set_index("year")["central"]
    china = rows[rows["country"] == "CHN"].set_index("year")["central"]
    years = sorted(set(world.index) & set(china.index))
    if len(years) < 2:
        return None
    drawn = pd.DataFrame(
        {"year": years, "China": china[years].to_numpy(), "All others": (world[years] - china[years]).to_numpy()}
    )
    drawn = drawn[drawn["All others"] >= 0]
    long = drawn.melt("year", var_name="who", value_name="tonnes").assign(kt=lambda f: f["tonnes"] / 1000)
    first, last = drawn.iloc[0], drawn.iloc[-1]
    times = last["All others"] / first["All others"] if first["All others"] else float("nan")

    def draw(width: int) -> Chart:
        top = float(long["kt"].max())
        y = alt.Y("kt:Q", title="Thousand tonnes of oxide", scale=alt.Scale(domain=[0, top * 1.05]))
        return marks.named_lines(
            long, marks.years(long), y, "who", {"China": CHINA, "All others": OTHERS}, width, (0, top), points=False, margin=90
        )

    return Figure(
        name="mine_production_of_china_and_others",
        title=f"China mined {last['China'] / 1000:,.0f} thousand tonnes in {last['year']:.0f}; all others together mined "
        f"{times:,.1f} times what they mined in {first['year']:.0f}",
        subtitle="Mine production, thousand tonnes of rare-earth oxide (REO) a year, one reconciled figure a year",
        alt=f"Two lines from {first['year']:.0f} to {last['year']:.0f}: China ends at {last['China'] / 1000:,.0f} thousand "
        f"tonnes, "
        f"all others at {last['All others'] / 1000:,.0f}.",
        draw=draw,
        rows=long.drop(columns="kt"),
        through=f"{last['year']:.0f}",
        sources=tuple(
            sorted(set(rows[rows["year"].isin(years) & rows["country"].isin(["CHN", "WLD"])]["preferred_source_id"].dropna()))
        ),
        tables=("production_reconciled",),
        notes="Years with a figure for both. Newer editions replace older ones; unlicensed mining is not included.",
        row=("production_reconciled", (int(last["year"]), "CHN")),
    )
