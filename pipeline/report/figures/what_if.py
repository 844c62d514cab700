"""What if an origin withheld: losses of the largest users in the precomputed scenarios."""

import altair as alt
import pandas as pd

from pipeline.report import headlines
from pipeline.report.charts import CHINA, INK, PALETTE, percent, share_axis
from pipeline.report.figure import Chart, Figure
from pipeline.report.figures import marks
from pipeline.report.pages.words import in_a_sentence
from pipeline.report.tables import Tables

SCENARIO = "china_half_from_all"
WAYS = ("directly", "through third countries")


def half(tables: Tables) -> Figure | None:
    """Half of China's compounds withheld from everyone."""
    year, lost = headlines.losses(tables, SCENARIO, "compounds")
    if not lost:
        return None
    names = tables.countries()
    rows = pd.DataFrame(
        [(names.get(x.importer, x.importer), x.importer, x.direct, x.before - x.direct, x.after) for x in lost],
        columns=["name", "importer", *WAYS, "after others step in"],
    )
    long = rows.melt(["name"], list(WAYS), "how", "share").assign(first=lambda f: (f["how"] != WAYS[0]).astype(int))
    order = rows["name"].tolist()

    def draw(width: int) -> Chart:
        left = 130 if width > 400 else 110
        colour = alt.Color("how:N", scale=alt.Scale(domain=list(WAYS), range=[CHINA, PALETTE[4]]))
        colour = colour.legend(alt.Legend(orient="top", symbolType="square"))
        x = alt.X("share:Q", axis=share_axis("Part of its use lost"), stack="zero")
        bars = marks.bars(long, "name", x, order, width, left=left).encode(color=colour, order="first:O")
        ticks = alt.Chart(rows).mark_tick(thickness=3, size=18, color=INK)
        return bars + ticks.encode(x="after others step in:Q", y=alt.Y("name:N", sort=order))

    top = lost[0]
    return Figure(
        name="lost_if_china_withheld_half",
        title=f"If China withheld 50\u00a0% from everyone, {in_a_sentence(names.get(top.importer, top.importer))} would lose "
        f"{percent(top.before)} of its use of "
        "compounds",
        subtitle=f"Part of their use that the ten largest users would lose, percent of tonnes of oxide, trade of {year}; "
        f"black mark: after "
        "others add a tenth of their output",
        alt="Bars by country: " + ", ".join(f"{names.get(x.importer, x.importer)} {percent(x.before)}" for x in lost) + ".",
        draw=draw,
        rows=rows,
        through=str(year),
        sources=("cepii_baci", "china_production_quotas", "conversion_factors"),
        tables=("disruption", "disruption_scenarios"),
        notes="No stocks, prices, substitutes or time: what is withheld is lost, and all compounds count as one good.",
        row=("disruption", (year, "compounds", SCENARIO, top.importer)),
    )
