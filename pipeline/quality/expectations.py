"""What is expected of the finished tables, as data: each expectation says what it judges and what a failure means.

An expectation turns tables into readings: a Series of numbers, its index saying in words what each is the reading of.
Great Expectations then judges every reading against the bounds. To add one: write its readings, add it to EXPECTATIONS.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from pipeline import catalog
from pipeline.dates import first_day, last_day
from pipeline.measures.production_reconciled import ABOVE_WORLD
from pipeline.schemas import table as t

Load = Callable[[str], pd.DataFrame]
Severity = Literal["warning", "error"]

FIRST_TRADE_YEAR = 1995
# Traded rare earths that the trade table carries; magnets have sources of their own.
TRADED_GROUPS = ("compounds", "metals")
# How far countries may be from the printed total, percent: USGS rounds it to two or three digits, World Mining Data does not.
PRINTED_TOTAL_PERCENT = {"usgs_mcs": 1.5, "world_mining_data": 0.1}
SOURCES_DIFFER_PERCENT = 10.0
# How far countries' reconciled figures may sum above the world's before they cannot be of one basis.
ABOVE_WORLD_PERCENT = 100 * ABOVE_WORLD
# World Mining Data's totals are not rounded; beyond a hundredth they leave countries out, or a table holds one twice.
MINED_TOTAL_PERCENT = 1.0
LEAST_GOVERNED_PERCENT = 95.0
OUTLIERS_PERCENT = 10.0
# Flows set aside are meant to be exceptions; where they are most of the tonnage, the code holds goods of many prices.
COMPARATOR_OUTLIERS_PERCENT = 50.0
CHINA_STEP_POINTS = 20.0
LEAST_QUANTITY_PERCENT = 80.0
# Wide enough for cheap cerium and dear dysprosium, too narrow for grams or tonnes taken for kilograms.
USD_PER_KG = (0.5, 500.0)
# A text may date from before its act (a draft, a plan); one much older is likely about another act.
TEXT_BEFORE_ACT_DAYS = 365
# From 0.81 Landis and Koch (1977, doi:10.2307/2529310) call agreement almost perfect.
LEAST_KAPPA = 0.8
# Acts and control lists name goods of every kind, of which those in `products` have yearly trade.
ACTS_ON_ANY_GOODS = ("policy_hs", "control_lists", "policy_windows")
# What rounding to four decimals can add to thirteen shares, generously; beyond it the whole is smaller than its parts.
MOST_SHARES_PERCENT = 100.5
# Tables small enough to be judged cell by cell.
JUDGED_BY_CLASS = ("production", "reserves", "stage_concentration", "export_concentration", "unit_values", "origin_gap")


@dataclass(frozen=True)
class Expectation:
    """`readings` must lie from `low` to `high` (either may be open), or all differ where `unique`. At least one is needed."""

    name: str
    table: str
    severity: Severity
    expected: str
    meaning: str
    readings: Callable[[Load], pd.Series]
    unit: str
    low: float | None = None
    high: float | None = None
    unique: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of one expectation. `observed` and `rows_off` (at most five, worst first) are words for people."""

    name: str
    table: str
    passed: bool
    severity: Severity
    observed: str
    meaning: str
    rows_off: tuple[str, ...] = ()


def _readings(words: list[str], values: list[float] | pd.Series) -> pd.Series:
    """Values under their words, to nine decimals: the dust of floating point neither fails nor shows."""
    return pd.Series(list(values), index=pd.Index(words, dtype=str), dtype="float64").round(9)


def _say(words: str, rows: pd.DataFrame) -> list[str]:
    """The words once a row, its columns filled in."""
    return [words.format(**{str(column): value for column, value in row.items()}) for row in rows.to_dict("records")]


def _rare_earth_codes(load: Load) -> list[str]:
    products = load("products")
    return sorted(products.loc[products["group"].isin(TRADED_GROUPS), "hs6"].unique().tolist())


# Trade


def flows_by_year(load: Load) -> pd.Series:
    """Flows of each rare-earth code in each year from its first to the newest of the table."""
    flows, codes = load("trade_flows"), _rare_earth_codes(load)
    counted = flows[flows["hs6"].isin(codes)].groupby(["hs6", "year"]).size()
    first = counted.reset_index().groupby("hs6")["year"].min()
    every = [
        (code, year) for code in codes for year in range(int(first.get(code, flows["year"].max())), int(flows["year"].max()) + 1)
    ]
    rows = pd.DataFrame(every, columns=["hs6", "year"]).merge(counted.reset_index(name="flows"), how="left", on=["hs6", "year"])
    rows = rows.fillna({"flows": 0})
    return _readings(_say("{hs6} in {year}: {flows:,.0f} flows", rows), rows["flows"])


def first_years(load: Load) -> pd.Series:
    """First year of each rare-earth code."""
    flows = load("trade_flows")
    first = flows[flows["hs6"].isin(_rare_earth_codes(load))].groupby("hs6")["year"].min().reset_index()
    return _readings(_say("{hs6} begins in {year}", first), first["year"])


def _outliers_share(rare_earths: bool) -> Callable[[Load], pd.Series]:
    def outliers_share(load: Load) -> pd.Series:
        """Percent of each year's tonnage of a code that flows of absurd price make up, 0 where there are none."""
        every = load("export_concentration").query("basis == 'quantity'")[["hs6", "year"]].sort_values(["hs6", "year"])
        every = every[every["hs6"].isin(_rare_earth_codes(load)) == rare_earths]
        aside = load("flow_outliers").groupby(["hs6", "year"])["share_of_quantity"].sum().mul(100).rename("percent").reset_index()
        rows = every.merge(aside, how="left", on=["hs6", "year"]).fillna({"percent": 0.0})
        return _readings(_say("{hs6} in {year}: {percent:.1f} % of the tonnes set aside", rows), rows["percent"])

    return outliers_share


def china_steps(load: Load) -> pd.Series:
    """Change of China's share of exports by value from one year to the next, in points, for each rare-earth code."""
    shares = load("export_concentration").query("basis == 'value'").sort_values(["hs6", "year"])
    shares = shares[shares["hs6"].isin(_rare_earth_codes(load))]
    earlier = (
        shares.groupby("hs6")[["year", "china_share"]].shift().rename(columns={"year": "from_year", "china_share": "from_share"})
    )
    rows = shares.join(earlier).dropna(subset="from_share")
    words = _say("{hs6}, {from_year:.0f} to {year}: from {from_share:.1%} to {china_share:.1%}", rows)
    return _readings(words, (rows["china_share"] - rows["from_share"]) * 100)


def quantity_reported(load: Load) -> pd.Series:
    """Percent of the value of each rare-earth code and year whose flows report a quantity."""
    rows = load("export_concentration").query("basis == 'value'").sort_values(["hs6", "year"])
    rows = rows[rows["hs6"].isin(_rare_earth_codes(load))]
    return _readings(
        _say("{hs6} in {year}: {quantity_coverage:.1%} of the value has a quantity", rows), rows["quantity_coverage"] * 100
    )


def rare_earth_unit_values(load: Load) -> pd.Series:
    """Export unit values of each rare-earth code and year, USD/kg, without outliers."""
    rows = load("unit_values").query("basis == 'quantity_clean'").sort_values(["hs6", "year", "exporter_group"])
    rows = rows[rows["hs6"].isin(_rare_earth_codes(load))]
    return _readings(_say("{hs6} in {year}, {exporter_group}: {usd_per_kg:,.2f} USD/kg", rows), rows["usd_per_kg"])


# Production


def _printed_totals(source_id: str) -> Callable[[Load], pd.Series]:
    def printed_totals(load: Load) -> pd.Series:
        """Percent by which countries and unnamed rest differ from the printed world total, by edition, stage and year."""
        production = load("production")
        production = production[production["source_id"] == source_id]
        group = ["edition", "stage", "material", "year"]
        world = production["country"] == "WLD"
        summed = production[~world].groupby(group)["amount"].sum(min_count=1).rename("summed")
        printed = production[world].groupby(group)["amount"].sum(min_count=1).rename("printed")
        rows = pd.concat([summed, printed], axis=1).dropna().query("printed > 0").sort_index().reset_index()
        rows = rows.assign(over=rows["summed"] - rows["printed"], percent=(rows["summed"] / rows["printed"] - 1) * 100)
        figures = "countries sum to {summed:,.0f} t, printed {printed:,.0f} t: {over:+,.0f} t, {percent:+.1f} %"
        return _readings(_say("{edition}, {stage} of {material} in {year}: " + figures, rows), rows["percent"])

    return printed_totals


def usgs_against_wmd(load: Load) -> pd.Series:
    """Percent by which USGS is above World Mining Data on China and the sum of countries, in each one's newest edition."""
    production = load("production").dropna(subset="amount")
    mined = production.query("stage == 'mining' and material == 'rare_earths' and country != 'WLD'")
    mined = mined[mined["edition"] == mined.groupby(["source_id", "year"])["edition"].transform("max")]
    both = pd.concat([mined[mined["country"] == "CHN"].assign(who="China"), mined.assign(who="the world")])
    rows = both.groupby(["who", "year", "source_id"])["amount"].sum().unstack().reindex(columns=["usgs_mcs", "world_mining_data"])
    rows = rows.dropna().sort_index().reset_index()
    rows["percent"] = (rows["usgs_mcs"] / rows["world_mining_data"] - 1) * 100
    words = "{who} in {year}: USGS {usgs_mcs:,.0f} t, World Mining Data {world_mining_data:,.0f} t ({percent:+.1f} %)"
    return _readings(_say(words, rows), rows["percent"])


def stage_share_vectors(load: Load) -> pd.Series:
    """Percent that the shares of countries in one stage, year, publisher and edition sum to, where more than one is given."""
    shares = load("stage_shares")
    whole = ["publisher", "edition", "stage", "material", "year", "basis"]
    rows = shares.groupby(whole)["share"].agg(["sum", "size"]).query("size > 1").sort_index().reset_index()
    rows = rows.assign(percent=rows["sum"] * 100)
    words = "{publisher}, {edition}: {size} shares of {stage} of {material} in {year} sum to {percent:.2f} %"
    return _readings(_say(words, rows), rows["percent"])


def countries_against_world(load: Load) -> pd.Series:
    """Percent by which countries' reconciled figures sum above the printed world total, by year that has both."""
    mined = load("production_reconciled")
    named = mined["country"] != "WLD"
    summed = mined[named].groupby("year")["central"].sum().rename("summed")
    world = mined[~named].set_index("year")["central"].rename("world")
    rows = pd.concat([summed, world], axis=1).dropna().query("world > 0").sort_index().reset_index()
    rows["percent"] = (rows["summed"] / rows["world"] - 1) * 100
    words = "{year:.0f}: countries sum to {summed:,.0f} t, the world to {world:,.0f} t ({percent:+.1f} %)"
    return _readings(_say(words, rows), rows["percent"])


def review_against_reconciled(load: Load) -> pd.Series:
    """Percent by which the Statistical Review's newest edition differs from production_reconciled, China and the world.

    The source is restricted: only the percentage is told.
    """
    review = load("production").query("source_id == 'statistical_review' and country in ['CHN', 'WLD'] and amount > 0")
    review = review[review["edition"] == review["edition"].max()]
    rows = review.merge(load("production_reconciled"), on=["year", "country"]).query("central > 0")
    rows = rows.sort_values(["year", "country"]).assign(percent=lambda r: (r["amount"] / r["central"] - 1) * 100)
    return _readings(_say("{country} in {year}: {percent:+.1f} % from production_reconciled", rows), rows["percent"])


# Supply risk


def mine_production_totals(load: Load) -> pd.Series:
    """Percent by which countries' mine production differs from the printed total, by material and year."""
    mined = load("mine_production")
    world = mined["country"] == "WLD"
    summed = mined[~world].groupby(["material", "year"])["amount"].sum().rename("summed")
    printed = mined[world].set_index(["material", "year"])["amount"].rename("printed")
    rows = pd.concat([summed, printed], axis=1).dropna().query("printed > 0").sort_index().reset_index()
    rows["percent"] = (rows["summed"] / rows["printed"] - 1) * 100
    words = "{material} in {year}: countries sum to {summed:,.0f}, printed {printed:,.0f} ({percent:+.1f} %)"
    return _readings(_say(words, rows), rows["percent"])


def governed_imports(load: Load) -> pd.Series:
    """Percent of the world's imports, in tonnes, whose origin has an estimate of governance, by material and year."""
    risk = load("supply_risk").query("importer != 'EUU' and imports_t > 0")
    risk = risk.assign(covered=risk["governance_coverage"] * risk["imports_t"])
    rows = risk.groupby(["material", "year"])[["covered", "imports_t"]].sum().sort_index().reset_index()
    rows["percent"] = rows["covered"] / rows["imports_t"] * 100
    return _readings(_say("{material} in {year}: {percent:.1f} % of the tonnes", rows), rows["percent"])


# Policy


def days_from_act_to_document(load: Load) -> pd.Series:
    """Days from the first day an act may have been announced to the last day a document on its status may date from."""
    lines = load("policy_status").merge(load("policy_events")[["event_id", "announced_on"]], on="event_id", how="inner")
    lines = lines.sort_values(["event_id", "valid_from", "documented_on", "recorded_on"])
    days = (last_day(lines["documented_on"]) - first_day(lines["announced_on"])).dt.days
    words = _say("{event_id}, announced {announced_on}: {status} from {valid_from} by a document of {documented_on}", lines)
    return _readings(words, days)


def texts_by_act(load: Load) -> pd.Series:
    """Texts behind each act, 0 where there are none."""
    acts = load("policy_events")[["event_id"]].sort_values("event_id")
    rows = acts.assign(texts=acts["event_id"].map(load("policy_sources").groupby("event_id").size()).fillna(0))
    return _readings(_say("{event_id}: {texts:.0f} texts", rows), rows["texts"])


def days_from_text_to_act(load: Load) -> pd.Series:
    """Days from the last day a text may date from to the first day its act may have been announced; below 0 it came after."""
    dated = load("policy_sources").dropna(subset="published_on")
    rows = dated.merge(load("policy_events")[["event_id", "announced_on"]], on="event_id")
    rows = rows.sort_values(["event_id", "rank"])
    days = (first_day(rows["announced_on"]) - last_day(rows["published_on"])).dt.days
    return _readings(_say("{event_id}, announced {announced_on}: text {rank} of {published_on}, {title}", rows), days)


def coders_by_act(load: Load) -> pd.Series:
    """How many of the two coders coded each act."""
    codes = load("policy_codes").query("coder != 'final' and field != 'note'")
    acts = load("policy_events")[["event_id"]].sort_values("event_id")
    rows = acts.assign(coders=acts["event_id"].map(codes.groupby("event_id")["coder"].nunique()).fillna(0))
    return _readings(_say("{event_id}: coded by {coders:.0f} of 2", rows), rows["coders"])


def kappas(load: Load) -> pd.Series:
    """Cohen's kappa of the two coders by field."""
    rows = load("coding_agreement").dropna(subset="kappa").sort_values("field")
    return _readings(_say("{field}: kappa {kappa:.2f}, {agreement:.1%} of {n} acts", rows), rows["kappa"])


# Every code means something: references between tables, found in the table classes


def _country_columns() -> Iterator[tuple[str, str]]:
    """Table and column of every column that holds a country, as the table classes say by its pattern."""
    for table_name, table in catalog.tables().items():
        for column_name, column in t.columns(table).items():
            if any((check.statistics or {}).get("pattern") == t.COUNTRY for check in column.checks):
                yield table_name, column_name


def _columns_named(column_name: str) -> list[tuple[str, str]]:
    return [(table_name, column_name) for table_name, table in catalog.tables().items() if column_name in t.columns(table)]


def _unnamed(load: Load, columns: list[tuple[str, str]], known: pd.Series) -> pd.Series:
    """Codes of each column, several in a cell by ;, that the naming table lacks: a count a column, the first of them named."""
    words, counts = [], []
    for table_name, column in columns:
        codes = load(table_name)[column].dropna().str.split(";").explode().drop_duplicates()
        unknown = sorted(codes[~codes.isin(known)].tolist())
        shown = ", ".join(unknown[:5]) + (" …" if len(unknown) > 5 else "")
        words.append(f"{table_name}.{column}: {f'unknown {shown}' if unknown else f'all {len(codes):,} known'}")
        counts.append(float(len(unknown)))
    return _readings(words, counts)


def unnamed_countries(load: Load) -> pd.Series:
    """Country codes without a row in `countries`, by table and column."""
    return _unnamed(load, list(_country_columns()), load("countries")["iso3"])


def unnamed_products(load: Load) -> pd.Series:
    """Six-digit codes without a row in `products`, by table and column."""
    columns = [(table_name, column) for table_name, column in _columns_named("hs6") if table_name not in ACTS_ON_ANY_GOODS]
    return _unnamed(load, columns, load("products")["hs6"])


def unnamed_documents(load: Load) -> pd.Series:
    """Documents cited but not in `documents`, by table."""
    return _unnamed(load, _columns_named("document_id"), load("documents")["document_id"])


def unnamed_acts(load: Load) -> pd.Series:
    """Acts that other tables of the register name and `policy_events` lacks, by column."""
    columns = [(table_name, "event_id") for table_name in ("policy_status", "policy_sources", "policy_hs")]
    columns.append(("policy_status", "superseded_by"))
    return _unnamed(load, columns, load("policy_events")["event_id"])


# Keys and bounds, from the table classes


def _share_columns(table_name: str) -> list[str]:
    """Columns that the class bounds to 0–1: shares and indices."""
    found = []
    for name, column in t.columns(catalog.table(table_name)).items():
        limits = {k: v for check in column.checks for k, v in (check.statistics or {}).items()}
        if limits.get("min_value") == 0 and 1 <= limits.get("max_value", 0) <= 1 + 1e-9:
            found.append(name)
    return found


def _key_words(table_name: str, frame: pd.DataFrame) -> list[str]:
    return _say(", ".join(f"{{{column}}}" for column in t.key(catalog.table(table_name))), frame)


def _keys(table_name: str) -> Callable[[Load], pd.Series]:
    def keys(load: Load) -> pd.Series:
        words = _key_words(table_name, load(table_name))
        return pd.Series(words, index=pd.Index(words, dtype=str), dtype=str)

    return keys


def _shares(table_name: str) -> Callable[[Load], pd.Series]:
    def shares(load: Load) -> pd.Series:
        frame = load(table_name)
        words = _key_words(table_name, frame)
        cells = [
            _readings([f"{key}: {column} {value:.4g}" for key, value in zip(words, frame[column], strict=True)], frame[column])
            for column in _share_columns(table_name)
        ]
        found: pd.Series = pd.concat(cells).dropna()
        return found

    return shares


def _by_class() -> Iterator[Expectation]:
    for table_name in JUDGED_BY_CLASS:
        yield Expectation(
            name=f"{table_name}_key_unique",
            table=table_name,
            severity="error",
            expected=f"No two rows of {table_name} share their key ({', '.join(t.key(catalog.table(table_name)))}).",
            meaning="A figure stands twice; sums count it twice, and which one a reader gets is chance.",
            readings=_keys(table_name),
            unit="keys",
            unique=True,
        )
        if _share_columns(table_name):
            yield Expectation(
                name=f"{table_name}_shares_within_bounds",
                table=table_name,
                severity="error",
                expected=f"Shares and indices of {table_name} lie from 0 to 1: {', '.join(_share_columns(table_name))}.",
                meaning="A share outside 0 to 1 is no share: the measure behind it is wrong, do not quote this table.",
                readings=_shares(table_name),
                unit="",
                low=0.0,
                high=1 + 1e-9,
            )


EXPECTATIONS: tuple[Expectation, ...] = (
    Expectation(
        name="trade_years_without_gap",
        table="trade_flows",
        severity="error",
        expected="Every rare-earth code has flows in every year from its first to the newest of the table.",
        meaning="A year without flows is a hole in source or reading: a series across it shows a collapse that never was.",
        readings=flows_by_year,
        unit="flows",
        low=1,
    ),
    Expectation(
        name="trade_begins_in_1995",
        table="trade_flows",
        severity="warning",
        expected=f"Every rare-earth code reaches back to {FIRST_TRADE_YEAR}.",
        meaning="The code's early years are missing: a series of it begins later than those it is drawn beside.",
        readings=first_years,
        unit="",
        high=FIRST_TRADE_YEAR,
    ),
    Expectation(
        name="rare_earth_outliers_small_part_of_tonnage",
        table="flow_outliers",
        severity="warning",
        expected=f"Flows of absurd price make up at most {OUTLIERS_PERCENT:.0f} % of a year's tonnes of a rare-earth code.",
        meaning="Shares by published tonnage are ruled by a few doubtful flows there: use quantity_clean or value.",
        readings=_outliers_share(rare_earths=True),
        unit="%",
        high=OUTLIERS_PERCENT,
    ),
    Expectation(
        name="comparator_outliers_not_most_of_tonnage",
        table="flow_outliers",
        severity="warning",
        expected=f"Flows set aside make up at most {COMPARATOR_OUTLIERS_PERCENT:.0f} % of a year's tonnes of any other code.",
        meaning="The code holds goods of many prices and the rule sets one kind of them aside: compare by value only.",
        readings=_outliers_share(rare_earths=False),
        unit="%",
        high=COMPARATOR_OUTLIERS_PERCENT,
    ),
    Expectation(
        name="china_share_moves_by_steps",
        table="export_concentration",
        severity="warning",
        expected=f"China's share of a rare-earth code's export value moves by at most {CHINA_STEP_POINTS:.0f} points a year.",
        meaning="Either something happened that year, or a reporter, a code or a unit changed: look before calling it policy.",
        readings=china_steps,
        unit="points",
        low=-CHINA_STEP_POINTS,
        high=CHINA_STEP_POINTS,
    ),
    Expectation(
        name="quantities_reported",
        table="export_concentration",
        severity="warning",
        expected=f"At least {LEAST_QUANTITY_PERCENT:.0f} % of the value of rare-earth exports comes with a quantity.",
        meaning="Shares by tonnage leave out the flows without one; below this line they speak of a part of the trade only.",
        readings=quantity_reported,
        unit="%",
        low=LEAST_QUANTITY_PERCENT,
    ),
    Expectation(
        name="rare_earth_unit_values_plausible",
        table="unit_values",
        severity="warning",
        expected=f"Rare-earth metals and compounds cost between {USD_PER_KG[0]} and {USD_PER_KG[1]:.0f} USD/kg.",
        meaning="Outside, a unit is wrong somewhere (tonnes for kilograms, dollars for thousands), and tonnages with it.",
        readings=rare_earth_unit_values,
        unit="USD/kg",
        low=USD_PER_KG[0],
        high=USD_PER_KG[1],
    ),
    *(
        Expectation(
            name=f"{source_id}_countries_sum_to_printed_world_total",
            table="production",
            severity="warning",
            expected=f"Countries of {source_id} sum to the world total it prints, within {percent} %, in every edition and year.",
            meaning="The printed total leaves countries out, or is rounded more: shares here are of the sum of countries.",
            readings=_printed_totals(source_id),
            unit="%",
            low=-percent,
            high=percent,
        )
        for source_id, percent in PRINTED_TOTAL_PERCENT.items()
    ),
    Expectation(
        name="usgs_agrees_with_world_mining_data",
        table="production",
        severity="warning",
        expected=f"USGS and World Mining Data differ by at most {SOURCES_DIFFER_PERCENT:.0f} % on China and the world in a year.",
        meaning="The two publishers count differently that year: never divide a figure from one by a figure from the other.",
        readings=usgs_against_wmd,
        unit="%",
        low=-SOURCES_DIFFER_PERCENT,
        high=SOURCES_DIFFER_PERCENT,
    ),
    Expectation(
        name="stage_shares_sum_to_at_most_the_whole",
        table="stage_shares",
        severity="warning",
        expected=f"Shares of one publisher, edition, stage and year sum to at most {MOST_SHARES_PERCENT} %.",
        meaning="The printed world total is below the sum of its countries: every share of it is a little high; none was mended.",
        readings=stage_share_vectors,
        unit="%",
        high=MOST_SHARES_PERCENT,
    ),
    Expectation(
        name="reconciled_countries_within_world_total",
        table="production_reconciled",
        severity="warning",
        expected=f"Countries' reconciled figures sum to at most {ABOVE_WORLD_PERCENT:.0f} % above the printed world total.",
        meaning="Countries and world are not of one basis that year: never divide one by the other, take one edition's table.",
        readings=countries_against_world,
        unit="%",
        high=ABOVE_WORLD_PERCENT,
    ),
    Expectation(
        name="statistical_review_agrees_with_reconciled",
        table="production",
        severity="warning",
        expected=f"The Statistical Review differs by at most {SOURCES_DIFFER_PERCENT:.0f} % from production_reconciled.",
        meaning="The long series counts differently that year (its figures are restricted, so only the difference is told).",
        readings=review_against_reconciled,
        unit="%",
        low=-SOURCES_DIFFER_PERCENT,
        high=SOURCES_DIFFER_PERCENT,
    ),
    Expectation(
        name="mine_production_sums_to_its_total",
        table="mine_production",
        severity="warning",
        expected=f"Countries sum to the printed total of each material and year, give or take {MINED_TOTAL_PERCENT:.0f} %.",
        meaning="A country is missing from the total or from the table, or stands in it twice: the HHI rests on the countries.",
        readings=mine_production_totals,
        unit="%",
        low=-MINED_TOTAL_PERCENT,
        high=MINED_TOTAL_PERCENT,
    ),
    Expectation(
        name="imports_have_an_estimate_of_governance",
        table="supply_risk",
        severity="warning",
        expected=f"Origins of at least {LEAST_GOVERNED_PERCENT:.0f} % of the tonnes of every material have an estimate.",
        meaning="The mean of the other origins stands for what is not covered: a large one is missing, or its code has changed.",
        readings=governed_imports,
        unit="%",
        low=LEAST_GOVERNED_PERCENT,
    ),
    Expectation(
        name="status_documented_after_announcement",
        table="policy_status",
        severity="warning",
        expected="No document tells the status of an act before the act was announced.",
        meaning="One of the two dates is wrong, and what was known as of a day in between with it.",
        readings=days_from_act_to_document,
        unit="days",
        low=0,
    ),
    Expectation(
        name="acts_have_a_text",
        table="policy_sources",
        severity="error",
        expected="Every act of policy_events rests on at least one text.",
        meaning="An act nobody can look up: it must not be in the register.",
        readings=texts_by_act,
        unit="texts",
        low=1,
    ),
    Expectation(
        name="texts_not_long_before_act",
        table="policy_sources",
        severity="warning",
        expected="No text behind an act is more than a year older than the act.",
        meaning="The text is likely about another act, or one of the two dates is wrong.",
        readings=days_from_text_to_act,
        unit="days",
        high=TEXT_BEFORE_ACT_DAYS,
    ),
    Expectation(
        name="acts_are_coded_twice",
        table="policy_codes",
        severity="warning",
        expected="Both coders coded every act.",
        meaning="The act's codes are one person's reading; agreement says nothing of it.",
        readings=coders_by_act,
        unit="coders",
        low=2,
    ),
    Expectation(
        name="coders_agree",
        table="coding_agreement",
        severity="warning",
        expected=f"Cohen's kappa of the two coders is at least {LEAST_KAPPA} in every field.",
        meaning="The rule for that field is not clear enough: counts and indices by it depend on who coded.",
        readings=kappas,
        unit="",
        low=LEAST_KAPPA,
    ),
    Expectation(
        name="countries_are_named",
        table="countries",
        severity="error",
        expected="Every country code of every table has a row in countries.",
        meaning="A code nobody can read: its rows count in totals but no reader can say whose they are.",
        readings=unnamed_countries,
        unit="codes",
        high=0,
    ),
    Expectation(
        name="products_are_known",
        table="products",
        severity="error",
        expected="Every six-digit code of every table of trade and measures has a row in products.",
        meaning="Goods without material and stage: they fall out of every group, and totals by group miss them silently.",
        readings=unnamed_products,
        unit="codes",
        high=0,
    ),
    Expectation(
        name="documents_are_listed",
        table="documents",
        severity="error",
        expected="Every document_id of every table has a row in documents.",
        meaning="A figure whose source cannot be looked up.",
        readings=unnamed_documents,
        unit="documents",
        high=0,
    ),
    Expectation(
        name="acts_are_registered",
        table="policy_events",
        severity="error",
        expected="Every act that the register's other tables speak of, or name as the cause of a change, is in policy_events.",
        meaning="A status without its act: counts of measures in force leave it out or count what nobody can read.",
        readings=unnamed_acts,
        unit="acts",
        high=0,
    ),
    *_by_class(),
)
