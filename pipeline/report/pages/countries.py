"""The pages of the countries: what each buys and from whom, mines, processes and exports, and the acts for and against it."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from pipeline.report import charts
from pipeline.report.figure import WIDE, Figure
from pipeline.report.layout import Page
from pipeline.report.pages import words
from pipeline.report.tables import Tables

# Countries with a page whatever they trade, and the least imports of the three groups together that give others one.
MAIN = ("USA", "EUU", "JPN", "KOR", "IND", "DEU", "VNM", "MYS", "MMR", "AUS", "EST", "CHN")
LEAST_IMPORTS_KUSD = 200_000
GROUPS = {"compounds": "Compounds", "metals": "Metals", "magnets": "Magnets"}
GOODS = {"compounds": "rare-earth compounds", "metals": "rare-earth metals", "rare_earth_magnets": "rare-earth magnets"}
# What China's share of each group is read on, and why the others differ.
PREFERRED = {"compounds": "reo_origin", "metals": "quantity_clean", "rare_earth_magnets": "reo_direct"}
BASES = {
    "value": ("by value", "China's goods cost less than others', so money gives it a smaller part than tonnes"),
    "quantity_clean": ("by gross tonnes", "without flows of implausible price; a tonne of any good counts alike"),
    "reo_shipped": ("by tonnes and country of dispatch", "what customs see, wherever it was made"),
    "reo_direct": ("made in China and shipped straight from there", "without what came through third countries"),
    "reo_origin": ("by origin, through third countries too", "range over three assumptions on what is shipped on"),
    "published_import_sources": ("as its own authority publishes it", "compounds and metals together, over several years"),
}
SCENARIOS = {"china_half_from_all": "half", "china_all_from_all": "all"}
SHOWN_SUPPLIERS = 5
SHOWN_ACTS = 8
BACI = ("cepii_baci", "cepii_baci_magnets")

Row = Mapping[Hashable, Any]


@dataclass(frozen=True)
class Dependence:
    """China's share of what a country buys of one group: one figure with its range, and the other bases beside it."""

    goods: str
    year: int
    share: float
    low: float
    high: float
    basis: str
    beside: tuple[tuple[str, float, str], ...]

    @property
    def sentence(self) -> str:
        """The share in words."""
        name, share = GOODS[self.goods], charts.percent(self.share)
        if self.goods == "rare_earth_magnets":
            more = charts.percent(self.high)
            through = f"; with what came through third countries it may be up to {more}" if more != share else ""
            return f"{share} of its {name} came straight from China in {self.year}, by tonnes{through}."
        if self.basis == "reo_origin":
            low, high = charts.percent(self.low), charts.percent(self.high)
            between = f" ({low} to {high})" if low != high else ""
            return f"{share}{between} of its {name} were of Chinese origin in {self.year}, by tonnes of oxide."
        return f"{share} of its {name} came from China in {self.year}, by gross tonnes."


@dataclass(frozen=True)
class Country:
    """What the page of a country says."""

    iso3: str
    name: str
    slug: str
    answer: str
    dependence: tuple[Dependence, ...]
    sentences: Mapping[str, tuple[str, ...]]
    plants: tuple[Row, ...]
    projects: tuple[Row, ...]
    own_acts: tuple[Row, ...]
    acts_about: tuple[Row, ...]
    counts: tuple[int, int]

    @property
    def path(self) -> str:
        """The page's path in the site."""
        return f"country/{self.slug}.html"


def slug(iso3: str) -> str:
    """The name of a country's page: lower-case ISO3, and eu27 for the European Union."""
    return "eu27" if iso3 == "EUU" else iso3.lower()


def with_pages(tables: Tables) -> list[str]:
    """Countries that have a page: the main ones, and every importer above the least trade in the newest year."""
    known, bought = tables["china_dependence"], tables.countries()
    value = known[(known["basis"] == "value") & known["goods"].isin(list(GROUPS))]
    value = value[value["year"] == value["year"].max()].groupby("importer")["total"].sum()
    others = sorted(value[value >= LEAST_IMPORTS_KUSD].index.difference(list(MAIN)), key=lambda code: bought.get(code, code))
    return [code for code in (*MAIN, *others) if code in bought and code.isalpha()]


def dependence(known: pd.DataFrame, iso3: str) -> tuple[Dependence, ...]:
    """China's share of each group a country buys, newest year, from rows of china_dependence; groups without a row are left out.

    Compounds count by origin in tonnes of oxide, metals by gross tonnes, rare-earth magnets by what came straight from China,
    with the range over what is known of third countries.
    """
    found = []
    for goods, basis in PREFERRED.items():
        own = known[(known["importer"] == iso3) & (known["goods"] == goods)]
        rows = own[own["basis"] == basis]
        if rows.empty:
            continue
        year = int(rows["year"].max())
        of_year = own[own["year"] == year].set_index("basis")
        share = float(of_year.loc[basis, "china_share"])
        low = high = share
        if "reo_origin" in of_year.index:
            low, high = (float(of_year.loc["reo_origin", f"china_share_{end}"]) for end in ("low", "high"))
        beside = [(BASES[b][0], float(of_year.loc[b, "china_share"]), BASES[b][1]) for b in BASES if b in of_year.index and b != basis]
        if goods == "compounds":
            beside += _published(known, iso3)
        found.append(Dependence(goods, year, share, min(low, share), max(high, share), basis, tuple(beside)))
    return tuple(found)


def _published(known: pd.DataFrame, iso3: str) -> list[tuple[str, float, str]]:
    rows = known[(known["importer"] == iso3) & (known["basis"] == "published_import_sources")].sort_values("year")
    words_of, why = BASES["published_import_sources"]
    return [(words_of, float(row["china_share"]), f"{why} to {row['year']}") for row in rows.tail(1).to_dict("records")]


def trade(tables: Tables) -> pd.DataFrame:
    """Flows of the three groups, all years: year, exporter, importer, group, value_kusd, quantity_t, and whether excluded."""
    products, flows, excluded = tables["products"], tables["trade_flows"], tables["flow_outliers"]
    group = products.dropna(subset=["group"]).drop_duplicates("hs6").set_index("hs6")["group"]
    flows = flows[flows["hs6"].isin(group.index)]
    key = ["year", "exporter", "importer", "hs6"]
    odd = pd.MultiIndex.from_frame(flows[key]).isin(pd.MultiIndex.from_frame(excluded[key]))
    return flows.assign(group=flows["hs6"].map(group), excluded=odd)


def of_country(flows: pd.DataFrame, side: str, iso3: str, members: set[str]) -> pd.DataFrame:
    """A country's imports (`side` importer) or exports, those of the European Union without trade between its members."""
    other = "exporter" if side == "importer" else "importer"
    own = members if iso3 == "EUU" else {iso3}
    return flows[flows[side].isin(list(own)) & ~flows[other].isin(list(own))].rename(columns={other: "partner"})


def partners(own: pd.DataFrame, of: Mapping[str, str]) -> pd.DataFrame:
    """Shares of a country's trade by group and partner in each group's newest year, by value, the smaller ones together."""
    found = []
    for group, flows in own.groupby("group"):
        newest = flows[flows["year"] == flows["year"].max()]
        value = newest.groupby("partner")["value_kusd"].sum().sort_values(ascending=False)
        if not value.sum():
            continue
        top = value.head(SHOWN_SUPPLIERS)
        shown = {of.get(code, code): amount for code, amount in top.items()}
        if len(value) > SHOWN_SUPPLIERS:
            shown["Others"] = value.sum() - top.sum()
        found += [
            {"group": GROUPS[str(group)], "partner": name, "share": amount / value.sum(), "value_kusd": amount, "year": int(newest["year"].max())}
            for name, amount in shown.items()
        ]
    return pd.DataFrame(found, columns=["group", "partner", "share", "value_kusd", "year"])


def unit_values(own: pd.DataFrame, iso3: str) -> list[str]:
    """What a kilogram from China and from elsewhere costs a country, by group, in its newest year; excluded flows left out."""
    found = []
    weighed = own[~own["excluded"] & (own["quantity_t"] > 0) & (own["group"] != "magnets")]
    for group, flows in weighed.groupby("group"):
        newest = flows[flows["year"] == flows["year"].max()]
        china = newest["partner"] == "CHN"
        if iso3 == "CHN" or china.all() or not china.any():
            continue
        costs = [side["value_kusd"].sum() / side["quantity_t"].sum() for side in (newest[china], newest[~china])]
        found.append(
            f"A kilogram of {group} cost {costs[0]:.1f} USD from China and {costs[1]:.1f} USD from elsewhere in "
            f"{newest['year'].max()}. One code holds cheap and dear elements, so this is no price of one good."
        )
    return found


def _mining(mined: pd.DataFrame, iso3: str, name: str) -> list[str]:
    own = mined[(mined["country"] == iso3) & (mined["central"] > 0)]
    if own.empty:
        return [f"No mining of rare earths in {name} is on record."]
    last = own.sort_values("year").iloc[-1]
    newest = int(mined["year"].max())
    between = f" ({charts.number(last['low'])} to {charts.number(last['high'])} t by publisher)" if last["low"] < last["high"] else ""
    world = mined[(mined["country"] == "WLD") & (mined["year"] == last["year"])]["central"]
    part = f", {charts.percent(float(last['central']) / float(world.iloc[0]))} of the world's" if len(world) else ""
    ended = "" if int(last["year"]) == newest else " It is the last year with mining on record."
    amount = charts.number(float(last["central"]))
    return [f"It mined {amount} t of rare-earth oxide in {last['year']}{between}{part} ({last['preferred']}).{ended}"]


def _indirect(indirect: pd.DataFrame, iso3: str, of: Mapping[str, str]) -> list[str]:
    found = []
    own = indirect[(indirect["importer"] == iso3) & ((indirect["feed"] == "excluded") | (indirect["group"] != "compounds"))]
    for group, rows in own.groupby("group"):
        row = rows.sort_values("year").iloc[-1]
        through = [part.split() for part in str(row["main_intermediaries"]).split("; ")] if pd.notna(row["main_intermediaries"]) else []
        if not through or row["indirect_china_share"] < 0.005:
            continue
        which = charts.listed([f"{of.get(code, code)} ({charts.percent(float(share))})" for code, share in through])
        found.append(
            f"{charts.percent(row['indirect_china_share'])} of its {GOODS[str(group)]} came from China through third countries in "
            f"{row['year']}, most through {which}."
        )
    return found


def losses(disrupted: pd.DataFrame, iso3: str) -> pd.DataFrame:
    """What a country would lose if China withheld half or all from everyone, newest year: goods, withheld, before, after, year."""
    own = disrupted[(disrupted["importer"] == iso3) & disrupted["scenario"].isin(list(SCENARIOS)) & (disrupted["origin"] != iso3)]
    own = own[own["year"] == own.groupby("group")["year"].transform("max")].dropna(subset=["lost_after_share"])
    return pd.DataFrame(
        {
            "goods": own["group"].map(GOODS),
            "withheld": own["scenario"].map(SCENARIOS),
            "before": own["lost_before_share"],
            "after": own["lost_after_share"],
            "year": own["year"],
        }
    ).sort_values(["goods", "withheld"], ascending=[True, False], ignore_index=True)


def _lost(rows: pd.DataFrame) -> list[str]:
    return [
        f"If China withheld {row['withheld']} of its exports of {row['goods']} from everyone, {charts.percent(row['before'])} of its use "
        f"would be lost, {charts.percent(row['after'])} after others had stepped in (trade of {row['year']})."
        for row in rows.to_dict("records")
    ]


def acts(events: pd.DataFrame, of: Mapping[str, str]) -> tuple[Row, ...]:
    """Acts for readers, newest first: date, title, who, kind, status, page."""
    newest = events.sort_values(["announced_on", "event_id"], ascending=[False, True])
    return tuple(
        {
            "event_id": row["event_id"],
            "date": words.day(row["announced_on"]),
            "title": row["title"],
            "actor": of.get(str(row["actor"]), row["actor"]),
            "layer": words.word(row["layer"]),
            "status": words.word(row["status"]),
            "page": f"act/{row['event_id']}.html",
        }
        for row in newest.to_dict("records")
    )


def country(tables: Tables, iso3: str, own_imports: pd.DataFrame) -> Country:
    """Everything the page of a country says, from the tables."""
    of = tables.countries()
    name = of[iso3]
    depends = dependence(tables["china_dependence"], iso3) if iso3 != "CHN" else ()
    events = tables["policy_events"]
    by_it = events[events["actor"] == iso3]
    about_it = events[events["counterparty"].fillna("").str.split(";").map(lambda codes: iso3 in codes)]
    plants = tables["facilities"]
    plants = plants[plants["country"].isin(_members(tables)) if iso3 == "EUU" else plants["country"] == iso3]
    projects = tables["overseas_presence"]
    projects = projects[(projects["country"] == iso3) & ~projects["comparator"]]
    mined = _mining(tables["production_reconciled"], iso3, name) if iso3 != "EUU" else []
    return Country(
        iso3=iso3,
        name=name,
        slug=slug(iso3),
        answer=_answer(depends, mined, name),
        dependence=depends,
        sentences={
            "mining": tuple(mined),
            "indirect": tuple(_indirect(tables["indirect_dependence"], iso3, of)) if iso3 != "CHN" else (),
            "disruption": tuple(_lost(losses(tables["disruption"], iso3))),
            "quality": tuple(unit_values(own_imports, iso3)),
        },
        plants=tuple(plant(row) for row in plants.sort_values(["stage", "facility"]).to_dict("records")),
        projects=tuple(
            {"project": r["project"], "firm": r["firm"], "stage": words.word(r["stage"]), "outcome": words.word(r["outcome"])}
            for r in projects.sort_values("project").to_dict("records")
        ),
        own_acts=acts(by_it, of)[:SHOWN_ACTS],
        acts_about=acts(about_it, of)[:SHOWN_ACTS],
        counts=(len(by_it), len(about_it)),
    )


def _answer(depends: tuple[Dependence, ...], mined: list[str], name: str) -> str:
    """The first sentence of a country with its name in it."""
    if depends:
        return depends[0].sentence.replace(" its ", f" {words.possessive(name)} ", 1)
    text = mined[0].replace("It ", f"{words.in_a_sentence(name)} ", 1) if mined else name
    return f"{text[:1].upper()}{text[1:]}"


def _members(tables: Tables) -> set[str]:
    known = tables["countries"]
    return set(known.loc[known["eu27"], "iso3"])


def plant(row: Row) -> dict[str, str]:
    """A plant for readers: its name with the phase, stage, products, status, capacity and what the capacity is of."""
    ends = [row["capacity_low"], row["capacity_high"]]
    amount = "not published" if pd.isna(row["capacity"]) else charts.number(row["capacity"])
    if pd.isna(row["capacity"]) and not any(map(pd.isna, ends)):
        amount = " to ".join(charts.number(end) for end in ends)
    name = str(row["facility"]) if row["phase"] == "whole" else f"{row['facility']}, {row['phase']}"
    return {
        "plant": name,
        "stage": words.word(row["stage"]),
        "products": "not named" if row["products"] == "not printed" else str(row["products"]),
        "status": words.word(row["status"]),
        "as_of": words.day(row["as_of"]) if row["as_of"] != "undated" else "undated",
        "capacity": amount,
        "of": "" if pd.isna(row["capacity_basis"]) else str(row["capacity_basis"]),
    }


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


def lines(rows: pd.DataFrame, width: int) -> alt.LayerChart:
    """Shares over the years, their range as a band, each line named at its end."""
    colour = alt.Color("goods:N", scale=alt.Scale(domain=list(GOODS.values()), range=charts.PALETTE[:3]), legend=alt.Legend(title=None, columns=1 if width < WIDE else 3))
    base = alt.Chart(rows).encode(x=charts.years(), color=colour)
    share = alt.Y("share:Q", axis=charts.share_axis("China's share"), scale=alt.Scale(domain=[0, 1]))
    band = base.mark_area(opacity=0.2).encode(y="low:Q", y2="high:Q")
    interval = base.mark_rule(strokeWidth=2).encode(y="low:Q", y2="high:Q")
    return alt.layer(band, interval, base.mark_line(point=True).encode(y=share)).properties(width=width, height=280)


def bars(rows: pd.DataFrame, width: int, highlighted: str = "China") -> alt.VConcatChart:
    """Shares by partner, one panel a group, each bar with its figure; China in its own colour."""
    made = []
    for group, of_group in rows.groupby("group", sort=False):
        y = alt.Y("partner:N", sort=None, title=None, axis=alt.Axis(labelLimit=130))
        base = alt.Chart(of_group.assign(label=of_group["share"].map(charts.percent))).encode(y=y)
        x = alt.X("share:Q", axis=None, scale=alt.Scale(domain=[0, 1]))
        colour = alt.condition(alt.datum.partner == highlighted, alt.value(charts.CHINA), alt.value(charts.OTHERS))
        drawn = base.mark_bar().encode(x=x, color=colour)
        label = base.mark_text(align="left", dx=4).encode(x=x, text="label:N")
        title = alt.TitleParams(f"{group}, {of_group['year'].iloc[0]}", anchor="start", fontSize=13)
        made.append(alt.layer(drawn, label).properties(width=width - 140, height=alt.Step(20), title=title))
    return alt.vconcat(*made, spacing=12)


def lost_bars(rows: pd.DataFrame, width: int) -> alt.LayerChart:
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
    return alt.layer(base.mark_bar(color=charts.CHINA).encode(x=x), tick, enough).properties(width=width - 240 if width >= WIDE else width - 200, height=alt.Step(36))


def mined_line(rows: pd.DataFrame, width: int) -> alt.LayerChart:
    """Mining by year with the range of publishers."""
    base = alt.Chart(rows).encode(x=charts.years())
    y = alt.Y("central:Q", axis=alt.Axis(title="Tonnes of rare-earth oxide", format=",.0f", tickCount=5))
    band = base.mark_area(opacity=0.2, color=charts.OTHERS).encode(y="low:Q", y2="high:Q")
    return alt.layer(band, base.mark_line(color=charts.OTHERS).encode(y=y)).properties(width=width, height=240)


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
    mined = mined[mined["country"] == one.iso3][["year", "low", "central", "high", "preferred"]].sort_values("year")
    if len(mined) > 1 and mined["central"].iloc[-1] > 0:
        made.append(_mining_figure(one, mined))
    least = 0.02 * tables_value(tables)
    if len(sold) and exports.loc[exports["year"] == exports["year"].max(), "value_kusd"].sum() >= least:
        made.append(_partners_figure(one, sold, "destinations", "exports", "went to"))
    lost = losses(tables["disruption"], one.iso3)
    if len(lost):
        made.append(_loss_figure(one, lost))
    return tuple(made[:3])


def tables_value(tables: Tables) -> float:
    """The world's trade in the three groups in the newest year, thousand USD."""
    flows = tables["export_concentration"]
    codes = tables["products"].dropna(subset=["group"])["hs6"]
    newest = flows[(flows["year"] == flows["year"].max()) & (flows["basis"] == "value") & flows["hs6"].isin(codes)]
    return float(newest["total"].sum())


def _dependence_figure(one: Country, rows: pd.DataFrame, key: tuple[Any, ...]) -> Figure:
    last = one.dependence
    return Figure(
        name=f"country_{one.slug}_dependence",
        title=f"{one.name}: {charts.percent(last[0].share)} of its {GOODS[last[0].goods]} were from China in {last[0].year}",
        subtitle="China's share of imports: compounds by origin in tonnes of oxide, metals by gross tonnes, rare-earth magnets shipped "
        "straight from China with the range through third countries",
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
        subtitle=f"Share of {side} by value in the newest year, by the partner that customs name; magnets are all permanent magnets "
        "of metal (HS 850511)",
        alt=f"Bars of the largest {which} of {one.name} by group. {charts.listed(each).capitalize()}.",
        draw=lambda width: bars(rows, width),
        rows=rows,
        through=str(rows["year"].max()),
        sources=BACI,
        tables=("trade_flows", "products"),
    )


def _mining_figure(one: Country, rows: pd.DataFrame) -> Figure:
    last = rows.iloc[-1]
    return Figure(
        name=f"country_{one.slug}_mining",
        title=f"{one.name} mined {charts.number(last['central'])} t of rare-earth oxide in {last['year']}",
        subtitle="Mine production by year, tonnes of rare-earth oxide; the band is the range of publishers",
        alt=f"Line of {words.possessive(one.name)} mine production from {rows['year'].min()} to {rows['year'].max()}, last {charts.number(last['central'])} t.",
        draw=lambda width: mined_line(rows, width),
        rows=rows,
        through=str(last["year"]),
        sources=("usgs_mcs", "usgs_minerals_yearbook", "world_mining_data"),
        tables=("production_reconciled", "production"),
    )


def _loss_figure(one: Country, rows: pd.DataFrame) -> Figure:
    return Figure(
        name=f"country_{one.slug}_disruption",
        title=f"{one.name}: what would be lost if China withheld its exports",
        subtitle="Part of yearly use lost when China withholds from everyone: bar after others add a tenth of their output, mark before. "
        "A what-if without stocks, prices or substitution, not a forecast",
        alt=" ".join(_lost(rows)),
        draw=lambda width: lost_bars(rows, width),
        rows=rows,
        through=str(rows["year"].max()),
        sources=BACI,
        tables=("disruption", "disruption_scenarios"),
    )


def pages(tables: Tables) -> list[Page]:
    """A page a country, and the list of all."""
    flows, members = trade(tables), _members(tables)
    made, found = [], []
    for iso3 in with_pages(tables):
        imports = of_country(flows, "importer", iso3, members)
        exports = of_country(flows, "exporter", iso3, members)
        one = country(tables, iso3, imports)
        shown = figures(tables, one, imports, exports)
        found.append(one)
        made.append(Page(one.path, one.name, "country.html.jinja", {"country": one, "figures": shown}, shown, one.answer))
    least = charts.number(LEAST_IMPORTS_KUSD / 1000)
    words_of = f"The main countries, and every importer of at least {least} million USD of rare-earth compounds, metals and magnets a year."
    return [Page("country/index.html", "Countries", "countries.html.jinja", {"countries": found}, (), words_of), *made]
