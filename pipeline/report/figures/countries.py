"""Figures of the country pages: dependence over time, partners, mining, and what a disruption would take."""

from typing import Any

import altair as alt
import pandas as pd

from pipeline.report import charts
from pipeline.report.figure import WIDE, Chart, Figure, Specification
from pipeline.report.pages import words
from pipeline.report.pages.country_facts import BACI, GOODS, PREFERRED, Country, losses, lost_words, partners
from pipeline.report.tables import Tables


def figures(tables: Tables, one: Country, imports: pd.DataFrame, exports: pd.DataFrame) -> tuple[Figure, ...]:
    """At most three figures of a country: dependence and suppliers, then mining, destinations or a disruption."""
    of, known = tables.countries(), tables["china_dependence"]
    made = []
    if one.dependence:
        rows = over_time(known, one.iso3)
        key = (one.dependence[0].year, one.iso3, one.dependence[0].goods, one.dependence[0].basis)
        made.append(_dependence_figure(one, rows, key))
    bought, sold = partners(imports, of), partners(exports, of)
    if len(bought):
        made.append(_partners_figure(one, bought, "suppliers", "imports", "came from"))
    mined = tables["production_reconciled"]
    mined = mined[mined["country"] == one.iso3][
        ["year", "low", "central", "high", "preferred", "preferred_source_id"]
    ].sort_values("year")
    if len(mined) > 1 and mined["central"].iloc[-1] > 0:
        made.append(_mining_figure(one, mined))
    least = 0.02 * _world_trade(tables)
    if len(sold) and exports.loc[exports["year"] == exports["year"].max(), "value_kusd"].sum() >= least:
        made.append(_partners_figure(one, sold, "destinations", "exports", "went to"))
    lost = losses(tables["disruption"], one.iso3)
    if len(lost):
        made.append(_loss_figure(one, lost))
    return tuple(made[:3])


def _world_trade(tables: Tables) -> float:
    """The world's trade in the three groups in the newest year, thousand USD."""
    flows = tables["export_concentration"]
    codes = tables["products"].dropna(subset=["group"])["hs6"]
    newest = flows[(flows["year"] == flows["year"].max()) & (flows["basis"] == "value") & flows["hs6"].isin(codes)]
    return float(newest["total"].sum())


def over_time(known: pd.DataFrame, iso3: str) -> pd.DataFrame:
    """China's share by year and group on the preferred basis, with its range: year, goods, share, low, high."""
    found = []
    for goods, basis in PREFERRED.items():
        own = known[(known["importer"] == iso3) & (known["goods"] == goods)]
        rows = own[own["basis"] == basis].set_index("year")[["china_share"]].rename(columns={"china_share": "share"})
        origin = own[own["basis"] == "reo_origin"].set_index("year")
        rows = rows.assign(
            low=origin["china_share_low"].reindex(rows.index).fillna(rows["share"]),
            high=origin["china_share_high"].reindex(rows.index).fillna(rows["share"]),
            goods=GOODS[goods],
        )
        found.append(rows.reset_index())
    return pd.concat(found, ignore_index=True)[["year", "goods", "share", "low", "high"]]


def lines(rows: pd.DataFrame, width: int) -> Chart:
    """Shares over the years, their range as a band, each line named at its end."""
    colour = alt.Color(
        "goods:N",
        scale=alt.Scale(domain=list(GOODS.values()), range=charts.PALETTE[:3]),
        legend=alt.Legend(title=None, columns=1 if width < WIDE else 3),
    )
    base = alt.Chart(rows).encode(x=charts.years(), color=colour)
    share = alt.Y("share:Q", axis=charts.share_axis("China's share"), scale=alt.Scale(domain=[0, 1]))
    band = base.mark_area(opacity=0.2).encode(y="low:Q", y2="high:Q")
    interval = base.mark_rule(strokeWidth=2).encode(y="low:Q", y2="high:Q")
    return alt.layer(band, interval, base.mark_line(point=True).encode(y=share)).properties(width=width, height=280)


def bars(rows: pd.DataFrame, width: int, highlighted: str = "China") -> Chart:
    """Shares by partner, one panel a group, each bar with its figure; China in its own colour."""
    y = {"field": "partner", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 130}}
    x = {"field": "share", "type": "quantitative", "axis": None, "scale": {"domain": [0, 1]}}
    colour = {"condition": {"test": {"field": "partner", "equal": highlighted}, "value": charts.CHINA}, "value": charts.OTHERS}
    panels = []
    for group, of_group in rows.groupby("group", sort=False):
        shown = of_group[["partner", "share"]].assign(label=of_group["share"].map(charts.percent))
        panels.append(
            {
                "data": {"values": shown.to_dict("records")},
                "title": {"text": f"{group}, {of_group['year'].iloc[0]}", "anchor": "start", "fontSize": 13},
                "width": width - 140,
                "height": {"step": 20},
                "layer": [
                    {"mark": "bar", "encoding": {"y": y, "x": x, "color": colour}},
                    {
                        "mark": {"type": "text", "align": "left", "dx": 4},
                        "encoding": {"y": y, "x": x, "text": {"field": "label", "type": "nominal"}},
                    },
                ],
            }
        )
    return Specification(panels, spacing=12)


def lost_bars(rows: pd.DataFrame, width: int) -> Chart:
    """Use lost by goods and by how much is withheld: bar after others stepped in, tick before."""
    shown = rows.assign(
        what="China withholds " + rows["withheld"] + " of its " + rows["goods"].str.replace("rare-earth ", "", regex=False),
        label=rows["after"].map(charts.percent),
    )
    base = alt.Chart(shown).encode(y=alt.Y("what:N", sort=None, title=None, axis=alt.Axis(labelLimit=230)))
    x = alt.X("after:Q", axis=charts.share_axis("Part of its use lost"), scale=alt.Scale(domain=[0, 1]))
    tick = base.mark_tick(thickness=3, size=24, color=charts.INK).encode(x="before:Q")
    label = base.mark_text(align="right", dx=-4, color="white", fontWeight="bold").encode(x="after:Q", text="label:N")
    enough = label.transform_filter(alt.datum.after >= 0.1)
    return alt.layer(base.mark_bar(color=charts.CHINA).encode(x=x), tick, enough).properties(
        width=width - 240 if width >= WIDE else width - 200, height=alt.Step(36)
    )


def mined_line(rows: pd.DataFrame, width: int) -> Chart:
    """Mining by year with the range of publishers."""
    base = alt.Chart(rows).encode(x=charts.years())
    y = alt.Y("central:Q", axis=alt.Axis(title="Tonnes of rare-earth oxide", format=",.0f", tickCount=5))
    band = base.mark_area(opacity=0.2, color=charts.OTHERS).encode(y="low:Q", y2="high:Q")
    return alt.layer(band, base.mark_line(color=charts.OTHERS).encode(y=y)).properties(width=width, height=240)


def _dependence_figure(one: Country, rows: pd.DataFrame, key: tuple[Any, ...]) -> Figure:
    last = one.dependence
    return Figure(
        name=f"country_{one.slug}_dependence",
        title=f"{one.name}: {charts.percent(last[0].share)} of its {GOODS[last[0].goods]} were from China in {last[0].year}",
        subtitle="China's share of imports: compounds by origin in tonnes of oxide, metals by gross tonnes, rare-earth magnets "
        "shipped straight from China with the range through third countries",
        alt=f"Lines of China's share of {words.possessive(one.name)} imports from {rows['year'].min()} to {rows['year'].max()}. "
        + " ".join(d.sentence for d in last),
        draw=lambda width: lines(rows, width),
        rows=rows,
        through=str(rows["year"].max()),
        sources=BACI,
        tables=("china_dependence", "indirect_dependence", "import_dependence"),
        row=("china_dependence", key),
    )


def _partners_figure(one: Country, rows: pd.DataFrame, which: str, side: str, verb: str) -> Figure:
    top = rows[rows["partner"] != "Others"].groupby("group", sort=False).head(1)
    each = [f"{charts.percent(r['share'])} of {r['group'].lower()} {verb} {r['partner']}" for r in top.to_dict("records")]
    return Figure(
        name=f"country_{one.slug}_{which}",
        title=f"{one.name}, {side}: {charts.listed(each)}",
        subtitle=f"Share of {side} by value in the newest year, by the partner that customs name; magnets are all permanent "
        "magnets of metal (HS 850511)",
        alt=f"Bars of the largest {which} of {one.name} by group. {charts.listed(each).capitalize()}.",
        draw=lambda width: bars(rows, width),
        rows=rows,
        through=str(rows["year"].max()),
        sources=BACI,
        tables=("trade_flows", "products"),
    )


def _mining_figure(one: Country, rows: pd.DataFrame) -> Figure:
    last, who = rows.iloc[-1], words.in_a_sentence(one.name)
    return Figure(
        name=f"country_{one.slug}_mining",
        title=f"{who[0].upper()}{who[1:]} mined {charts.number(last['central'])} t of rare-earth oxide in {last['year']}",
        subtitle="Mine production by year, tonnes of rare-earth oxide; the band is the range of publishers",
        alt=f"Line of {words.possessive(one.name)} mine production from {rows['year'].min()} to {rows['year'].max()}, last "
        f"{charts.number(last['central'])} t.",
        draw=lambda width: mined_line(rows, width),
        rows=rows,
        through=str(last["year"]),
        sources=tuple(sorted(set(rows["preferred_source_id"]))),
        tables=("production_reconciled", "production"),
    )


def _loss_figure(one: Country, rows: pd.DataFrame) -> Figure:
    return Figure(
        name=f"country_{one.slug}_disruption",
        title=f"{one.name}: what would be lost if China withheld its exports",
        subtitle="Part of yearly use lost when China withholds from everyone: bar after others add a tenth of their output, mark "
        "before. A what-if without stocks, prices or substitution, not a forecast",
        alt=" ".join(lost_words(rows)),
        draw=lambda width: lost_bars(rows, width),
        rows=rows,
        through=str(rows["year"].max()),
        sources=BACI,
        tables=("disruption", "disruption_scenarios"),
    )
