"""What is said of a country: what it buys and from whom, mines, processes and exports, and the acts for and against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.report import charts
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

Row = Mapping[Any, Any]


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
        shares = {str(b): float(share) for b, share in of_year["china_share"].items()}
        share = low = high = shares[basis]
        if "reo_origin" in shares:
            low, high = (float(of_year[f"china_share_{end}"]["reo_origin"]) for end in ("low", "high"))
        beside = [(BASES[b][0], shares[b], BASES[b][1]) for b in BASES if b in shares and b != basis]
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
        year = int(flows["year"].max())
        newest = flows[flows["year"] == year]
        value = newest.groupby("partner")["value_kusd"].sum().sort_values(ascending=False)
        if not value.sum():
            continue
        top = value.head(SHOWN_SUPPLIERS)
        shown: dict[str, float] = {of.get(str(code), str(code)): amount for code, amount in top.items()}
        if len(value) > SHOWN_SUPPLIERS:
            shown["Others"] = value.sum() - top.sum()
        found += [
            {"group": GROUPS[str(group)], "partner": name, "share": amount / value.sum(), "value_kusd": amount, "year": year}
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
        return [f"No mining of rare earths in {words.in_a_sentence(name)} is on record."]
    last = own.sort_values("year").iloc[-1]
    newest = int(mined["year"].max())
    between = (
        f" ({charts.number(last['low'])} to {charts.number(last['high'])} t by publisher)" if last["low"] < last["high"] else ""
    )
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
        through = (
            [part.split() for part in str(row["main_intermediaries"]).split("; ")] if pd.notna(row["main_intermediaries"]) else []
        )
        if not through or row["indirect_china_share"] < 0.005:
            continue
        which = charts.listed(
            [
                f"{words.in_a_sentence(of.get(code, code))} ({charts.percent(float(share))})"
                for code, share in through
                if float(share) > 0.005
            ]
        )
        found.append(
            f"{charts.percent(row['indirect_china_share'])} of its {GOODS[str(group)]} came from China through third countries "
            f"in {row['year']}, most through {which}."
        )
    return found


def losses(disrupted: pd.DataFrame, iso3: str) -> pd.DataFrame:
    """Use lost if China withheld half or all from everyone, newest year: goods, withheld, before, after, year."""
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


def lost_words(rows: pd.DataFrame) -> list[str]:
    """A sentence a row of `losses`."""
    return [
        f"If China withheld {row['withheld']} of its exports of {row['goods']} from everyone, {charts.percent(row['before'])} of "
        f"its use would be lost, {charts.percent(row['after'])} after others had stepped in (trade of {row['year']})."
        for row in rows.to_dict("records")
    ]


def acts(events: pd.DataFrame, of: Mapping[str, str]) -> tuple[Row, ...]:
    """Acts for readers, newest first: date, title, who, kind, status, page."""
    newest = events.sort_values(["announced_on", "event_id"], ascending=[False, True])
    return tuple(
        {
            "event_id": row["event_id"],
            "date": words.day(row["announced_on"]),
            "title": words.spelled(row["title"], of),
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
    plants = plants[plants["country"].isin(members_of_eu(tables)) if iso3 == "EUU" else plants["country"] == iso3]
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
            "disruption": tuple(lost_words(losses(tables["disruption"], iso3))),
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


def members_of_eu(tables: Tables) -> set[str]:
    """Members of the European Union of 2020."""
    known = tables["countries"]
    return set(known.loc[known["eu27"], "iso3"])


def plant(row: Row) -> dict[str, str]:
    """A plant for readers: its name with the phase, stage, products, status, capacity and what the capacity is of."""
    ends = [row["capacity_low"], row["capacity_high"]]
    amount: str = "not published" if pd.isna(row["capacity"]) else charts.number(row["capacity"])
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
