"""The pages of the elements: export control, prices inside and outside China, who separates it, its uses and its trade code."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from pipeline import restricted
from pipeline.report import charts
from pipeline.report.figure import Chart, Figure
from pipeline.report.layout import Page
from pipeline.report.pages import country_facts, words
from pipeline.report.tables import Tables
from pipeline.schemas.export_concentration import feed_left_out

# Pages by their name: the symbols each is about.
PAGES = {
    "la": ("La",),
    "ce": ("Ce",),
    "ndpr": ("Nd", "Pr"),
    "sm": ("Sm",),
    "dy": ("Dy",),
    "tb": ("Tb",),
    "y": ("Y",),
    "ga": ("Ga",),
    "ge": ("Ge",),
}
MATERIALS = {"ga": "gallium", "ge": "germanium"}
HEAVY = ("Sm", "Dy", "Tb", "Y")
MARKETS = {"china_domestic": "China's home market", "fob_china": "Export from China", "europe": "Europe"}
# Elements that magnets of rare earths hold, for whose uses the demand for magnets stands.
IN_MAGNETS = ("Nd", "Pr", "Dy", "Tb")
NEWEST_ACTS = 8

Row = Mapping[Any, Any]


@dataclass(frozen=True)
class Element:
    """What the page of an element says."""

    slug: str
    name: str
    symbols: str
    answer: str
    control: tuple[str, ...]
    price: tuple[str, ...]
    plants: tuple[Row, ...]
    plants_words: str
    supply: tuple[str, ...]
    demand: tuple[str, ...]
    codes: tuple[Row, ...]
    acts: tuple[Row, ...]
    acts_count: int

    @property
    def path(self) -> str:
        """The page's path in the site."""
        return f"element/{self.slug}.html"


def control(tables: Tables, symbols: tuple[str, ...]) -> list[str]:
    """Whether the control lists name an element, since when, and what the status is; one sentence an element and announcement."""
    lists, events = tables["control_lists"], tables["policy_events"].set_index("event_id")
    named = lists.assign(symbol=lists["element"].str.split(";").str[0])
    found = []
    for symbol in symbols:
        own = named[named["symbol"] == symbol]
        of_act = own.groupby(["announcement", "event_id"]).size().reset_index(name="items")
        status = {
            str(row["event_id"]): controlled_status(tables, symbol, row["event_id"], events) for row in of_act.to_dict("records")
        }
        for row in of_act.to_dict("records"):
            now, since = status[str(row["event_id"])]
            items = f"{row['items']} items" if row["items"] != 1 else "1 item"
            if now != "in force":
                state = f"is on a control list of China that is {now}"
            else:
                state = (
                    f"has been under China's export control since {words.day(since)}"
                    if since
                    else "is under China's export control"
                )
            found.append(f"{words.element(symbol).capitalize()} {state} (Announcement {row['announcement']}, {items}).")
        if of_act.empty:
            found.append(f"{words.element(symbol).capitalize()} is named by none of China's control lists on record.")
    return found


def controlled_status(tables: Tables, symbol: str, event_id: str, events: pd.DataFrame) -> tuple[str, str]:
    """The newest status of an element's control in words, and the first day it was in force, empty where it never was."""
    known = tables["controlled_elements"]
    own = known[(known["element"] == symbol) & (known["event_id"] == event_id)].sort_values("as_of")
    if len(own):
        since = own["controlled_since"].iloc[-1]
        return words.word(own["status"].iloc[-1]), "" if pd.isna(since) else str(since)
    if event_id not in events.index:
        return "unknown", ""
    act = events.loc[event_id]
    since = act["effective_on"]
    return words.word(act["status"]), "" if pd.isna(since) else str(since)


def about(ratio: float) -> str:
    """A ratio of prices as far as it may be said of quotations that are not passed on: whole times, from 2 on."""
    return f"{ratio:.0f} times" if ratio >= 1.95 else f"{ratio:.1f} times"


def price_gap(gaps: pd.DataFrame, symbols: tuple[str, ...]) -> list[str]:
    """The newest gap of prices outside over inside China, and the widest, rounded; the oxide where both sides name it."""
    asked = gaps[gaps["element"].isin([*symbols, "".join(symbols)])].sort_values(["month", "form"])
    if asked.empty:
        return []
    last, most = asked.iloc[-1], asked.sort_values("ratio").iloc[-1]
    name = words.element(str(last["element"]))
    found = [f"In {words.day(last['month'])} {name} was asked for in Europe at about {about(last['ratio'])} its price in China."]
    if most["month"] != last["month"]:
        found.append(f"The gap was widest in {words.day(most['month'])}: about {about(most['ratio'])}.")
    return found


def makes(products: "pd.Series[str]", symbols: tuple[str, ...]) -> "pd.Series[bool]":
    """Whether the products a plant names have one of the elements in them, by symbol, group or 'all separated'."""
    group = "HREE" if set(symbols) <= set(HEAVY) else "LREE"
    patterns = [rf"\b{symbol}\b" for symbol in symbols] + [rf"\b{group}\b", "all separated"]
    if set(symbols) == {"Nd", "Pr"}:
        patterns.append(r"\bNdPr\b")
    return products.str.contains("|".join(patterns), regex=True)


def plants(facilities: pd.DataFrame, symbols: tuple[str, ...], of: Mapping[str, str]) -> tuple[tuple[Row, ...], str]:
    """Plants whose last stage is separation and that name the element, and how many countries they operate in."""
    own = facilities[(facilities["stage"] == "separation") & makes(facilities["products"], symbols)]
    rows = [
        {**country_facts.plant(row), "country": of.get(str(row["country"]), row["country"])}
        for row in own.sort_values(["country", "facility", "phase"]).to_dict("records")
    ]
    running = own.loc[own["status"] == "operating", "country"].map(of).unique().tolist()
    where = (
        f"Plants that separate it and run are on record in {charts.listed(sorted(running))}"
        if running
        else "No plant outside China that separates it is on record as running"
    )
    return tuple(rows), f"{where}. China's own plants are not listed one by one."


def _with_names(text: str) -> str:
    """A remark with the symbols of elements as names."""
    return " ".join(words.element(word) if word in IN_MAGNETS else word for word in text.split())


def demand(figures: pd.DataFrame, symbols: tuple[str, ...]) -> list[str]:
    """What the demand for magnets says of the elements in them, each figure with who publishes it."""
    if not set(symbols) & set(IN_MAGNETS):
        return ["No figure of demand by use is on record."]
    found = []
    shares = figures[figures["measure"] == "rare_earth_share_of_ndfeb"]
    for row in shares.to_dict("records"):
        noted = "" if pd.isna(row["note"]) else f" ({_with_names(row['note'])})"
        found.append(
            f"Rare earths are {charts.percent(row['value'])} of the mass of a neodymium magnet{noted}; {row['publisher']}."
        )
    for row in figures[figures["measure"] == "magnet_demand_new_energy_vehicles"].to_dict("records"):
        expected = "expected to need" if row["forecast"] else "needed"
        found.append(
            f"New-energy vehicles {expected} {charts.number(row['value'])} t of magnets in {row['period_end'][:4]}; "
            f"{row['publisher']}."
        )
    return found or ["No figure of demand by use is on record."]


def codes(tables: Tables, symbols: tuple[str, ...]) -> tuple[Row, ...]:
    """Customs codes that hold the element, and China's share of their exports by value in the newest year."""
    products, exports = tables["products"], tables["export_concentration"]
    holds = products["elements"].fillna("").map(lambda text: bool(set(symbols) & set(text.split(";"))))
    # Where a code holds feed for separation, its share without that counts: ore for China to separate is no supply.
    value = feed_left_out(exports).drop_duplicates("hs6", keep="last").set_index("hs6")
    rows = []
    for row in products[holds].drop_duplicates("hs6").to_dict("records"):
        known = row["hs6"] in value.index
        rows.append(
            {
                "code": f"HS {row['hs6']}",
                "title": row["title"],
                "share": f"{charts.percent(value.loc[row['hs6'], 'china_share'])} ({value.loc[row['hs6'], 'year']})"
                if known
                else "",
            }
        )
    return tuple(rows)


def supply(tables: Tables, page: str) -> list[str]:
    """China's share of the output of gallium or germanium in the newest year; rare earths one by one are not on record."""
    if page not in MATERIALS:
        return []
    mined = tables["mine_production"]
    own = mined[mined["material"] == MATERIALS[page]]
    if own.empty:
        return []
    newest = own[own["year"] == own["year"].max()].set_index("country")["quantity_t"]
    if "CHN" not in newest or not newest.get("WLD"):
        return []
    year, part = int(own["year"].max()), newest["CHN"] / newest["WLD"]
    return [f"China made {charts.percent(part)} of the world's {MATERIALS[page]} in {year}: {charts.number(newest['CHN'])} t."]


def element(tables: Tables, page: str) -> Element:
    """Everything the page of an element says, from the tables."""
    symbols = PAGES[page]
    of = tables.countries()
    name = charts.listed([words.element(symbol) for symbol in symbols])
    controls, gap = control(tables, symbols), price_gap(tables["price_gap"], symbols)
    rows, running = plants(tables["facilities"], symbols, of)
    events = tables["policy_events"]
    naming = events[events["elements"].str.split(";").map(lambda codes: bool(set(codes) & set(symbols)))]
    return Element(
        slug=page,
        name=f"{name[:1].upper()}{name[1:]}",
        symbols=", ".join(symbols),
        answer=" ".join([controls[0], *gap[:1], *supply(tables, page)[:1]]),
        control=tuple(controls),
        price=tuple(gap),
        plants=rows if page not in MATERIALS else (),
        plants_words=running if page not in MATERIALS else "",
        supply=tuple(supply(tables, page)),
        demand=tuple(demand(tables["demand"], symbols)),
        codes=codes(tables, symbols),
        acts=country_facts.acts(naming, of)[:NEWEST_ACTS],
        acts_count=len(naming),
    )


def quoted(prices: pd.DataFrame, symbols: tuple[str, ...]) -> pd.DataFrame:
    """Median price by month and market, of the oxide, or in Europe of what is not named as metal: month, market, usd_per_kg."""
    own = prices[
        prices["element"].isin([*symbols, "".join(symbols)]) & prices["preferred"] & prices["market"].isin(list(MARKETS))
    ]
    if "NdPr" in set(own["element"]):
        own = own[own["element"] == "NdPr"]
    own = own[own["form"].isin(["oxide", "not_printed"])].dropna(subset=["month", "usd_per_kg"])
    median = own.groupby(["month", "market"], as_index=False)["usd_per_kg"].median()
    return pd.DataFrame(median.assign(market=median["market"].map(MARKETS)))


def points(rows: pd.DataFrame, width: int) -> Chart:
    """Prices by month and market on a logarithmic scale."""
    shown = rows.assign(day=pd.to_datetime(rows["month"]))
    colour = alt.Color("market:N", scale=alt.Scale(domain=list(MARKETS.values()), range=[charts.CHINA, "#8c6d00", charts.OTHERS]))
    shape = alt.Shape("market:N", scale=alt.Scale(domain=list(MARKETS.values()), range=["circle", "triangle-up", "square"]))
    legend = alt.Legend(title=None, columns=1 if width < 500 else 3)
    y = alt.Y(
        "usd_per_kg:Q", axis=alt.Axis(title="USD per kilogram", tickCount=5, format="~g"), scale=alt.Scale(type="log", nice=True)
    )
    drawn: Chart = (
        alt.Chart(shown)
        .mark_point(filled=True, size=50, opacity=0.85)
        .encode(
            x=alt.X("day:T", title=None, axis=alt.Axis(format="%Y", tickCount=6)),
            y=y,
            color=colour.legend(legend),
            shape=shape.legend(legend),
        )
        .properties(width=width, height=280)
    )
    return drawn


def figures(tables: Tables, one: Element) -> tuple[Figure, ...]:
    """The element's prices by market, where quotations of more than one month are on record."""
    prices = tables["prices_tidy"]
    symbols = PAGES[one.slug]
    rows = quoted(prices, symbols)
    if rows["month"].nunique() < 2:
        return ()
    used = prices[prices["element"].isin([*symbols, "".join(symbols)])]
    sources = tuple(sorted(used["source_id"].unique()))
    through = words.day(rows["month"].max())
    return (
        Figure(
            name=f"element_{one.slug}_prices",
            title=one.price[0].rstrip(".") if one.price else f"{one.name}: prices by market through {through}",
            subtitle="Median quotation of a month for the oxide, US dollars per kilogram, logarithmic scale; asking prices with "
            "little volume among them",
            alt=f"Points of the price of {one.name.lower()} oxide by month, on China's home market, for export from China and in "
            "Europe. " + " ".join(one.price),
            draw=lambda width: points(rows, width),
            rows=rows,
            through=through,
            sources=sources,
            tables=("prices_tidy", "price_gap"),
            with_data=not restricted.sources() & set(sources),
        ),
    )


def pages(tables: Tables) -> list[Page]:
    """A page an element, and the list of all."""
    made, found = [], []
    for page in PAGES:
        one = element(tables, page)
        shown = figures(tables, one)
        found.append(one)
        made.append(Page(one.path, one.name, "element.html.jinja", {"element": one, "figures": shown}, shown, one.answer))
    text = "Seven rare earths, gallium and germanium: export control, prices, who separates them, and their trade codes."
    return [Page("element/index.html", "Elements", "elements.html.jinja", {"elements": found}, (), text), *made]
