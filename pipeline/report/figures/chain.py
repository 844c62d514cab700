"""The chain: who mines, holds, separates and makes magnets."""

import altair as alt

from pipeline.report import headlines
from pipeline.report.charts import OTHERS, PALETTE, percent, share_axis, years
from pipeline.report.figure import Chart, Figure
from pipeline.report.labels import STAGES
from pipeline.report.tables import Tables

PUBLISHERS = {"usgs_mcs": "US Geological Survey", "world_mining_data": "World Mining Data"}


def mining_and_reserves(tables: Tables) -> Figure | None:
    """China's share of mining and of reserves by edition: the revisions of a publisher are part of the figure."""
    mined, held = headlines.mining(tables), headlines.reserves(tables)
    if not mined or not held:
        return None
    rows = tables["stage_concentration"].query(
        "stage in ['mining', 'reserves'] and material == 'rare_earths' and kind == 'actual' and source_id in @PUBLISHERS"
    )
    rows = rows.sort_values(["source_id", "stage", "year", "edition"])
    rows = rows.assign(
        newest=~rows.duplicated(["source_id", "stage", "year"], keep="last"),
        publisher=rows["source_id"].map(PUBLISHERS),
        panel=rows["stage"].map(STAGES),
    )[["panel", "publisher", "year", "edition", "newest", "china_share"]]

    def draw(width: int) -> Chart:
        columns = 2 if width > 400 else 1
        colour = alt.Color("publisher:N", scale=alt.Scale(domain=list(PUBLISHERS.values()), range=[OTHERS, PALETTE[2]]))
        base = alt.Chart(rows).encode(
            x=years(),
            y=alt.Y("china_share:Q", axis=share_axis("China's share"), scale=alt.Scale(domain=[0, 1])),
            color=colour,
        )
        newest = base.transform_filter("datum.newest")
        rings = base.transform_filter("!datum.newest").mark_point(filled=False, strokeWidth=1.5, opacity=1)
        layers = newest.mark_line() + rings + newest.mark_point(opacity=1)
        panels: Chart = layers.properties(width=width / columns - 50, height=220).facet(
            facet=alt.Facet("panel:N"), columns=columns
        )
        return panels

    return Figure(
        name="china_share_of_mining_and_reserves",
        title=f"China mined {percent(mined.value)} of all rare earths in {mined.year} and has {percent(held.value)} of reserves",
        subtitle="China's share of the sum of countries, percent, by tonnes of oxide (REO); rings: figures revised later",
        alt=f"Two panels of China's share by year: {percent(mined.value)} of mining in {mined.year}, {percent(held.value)} "
        "of reserves.",
        draw=draw,
        rows=rows,
        through=f"{mined.year}",
        sources=tuple(PUBLISHERS),
        tables=("stage_concentration",),
        notes="Unreported production, such as unlicensed mining, is not included.",
        row=("stage_concentration", mined.key),
    )
