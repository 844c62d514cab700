"""Production: countries against published world totals, and publishers against each other."""

import pandas as pd

from pipeline.quality import share_steps, whole_tables
from pipeline.quality.expectation import Load, describe, expectation, labelled
from pipeline.schemas.production_reconciled import ABOVE_WORLD

# Tolerated difference from the published total, percent: USGS rounds it to two or three digits, World Mining Data does not.
PUBLISHED_TOTAL_PERCENT = {"usgs_mcs": 1.5, "world_mining_data": 0.1}
SOURCES_DIFFER_PERCENT = 10.0
# Above this excess of countries over the world, the figures cannot be on one basis.
ABOVE_WORLD_PERCENT = 100 * ABOVE_WORLD
# Rounding to four decimals adds less than this to thirteen shares; beyond it the whole is smaller than its parts.
MOST_SHARES_PERCENT = 100.5


def published_total(source_id: str, percent: float) -> None:
    """Declare that countries of one source sum to the world total it publishes, within `percent`."""

    @expectation(
        name=f"{source_id}_countries_sum_to_published_world_total",
        table="production",
        severity="warning",
        expected=f"Countries of {source_id} sum to its published world total, within {percent} %, in every edition and year.",
        meaning="The published total omits countries or is rounded more coarsely: shares here use the sum of countries.",
        unit="%",
        low=-percent,
        high=percent,
    )
    def difference(load: Load) -> pd.Series:
        production = load("production")
        production = production[production["source_id"] == source_id]
        group = ["edition", "stage", "material", "year"]
        world = production["country"] == "WLD"
        summed = production[~world].groupby(group)["amount"].sum(min_count=1).rename("summed")
        published = production[world].groupby(group)["amount"].sum(min_count=1).rename("published")
        rows = pd.concat([summed, published], axis=1).dropna().query("published > 0").sort_index().reset_index()
        rows = rows.assign(over=rows["summed"] - rows["published"], percent=(rows["summed"] / rows["published"] - 1) * 100)
        figures = "countries sum to {summed:,.0f} t, published {published:,.0f} t: {over:+,.0f} t, {percent:+.1f} %"
        return labelled(describe("{edition}, {stage} of {material} in {year}: " + figures, rows), rows["percent"])


for _source_id, _percent in PUBLISHED_TOTAL_PERCENT.items():
    published_total(_source_id, _percent)


@expectation(
    table="production",
    severity="error",
    expected="Every edition and year that is held whole has its published total, near the sum of its rows, or a reviewed reason.",
    meaning="A table may be cut short: shares of it are shares of what happens to be there.",
    unit="tables",
    high=0,
)
def whole_tables_have_their_total(load: Load) -> pd.Series:
    """1 for each whole table without its total, of production and of reserves; 0 for each of the two without any."""
    found = {name: whole_tables.without_total(load(name)) for name in ("production", "reserves")}
    labels = [f"{name}: {row.source_id} {row.edition} {row.year}" for name, rows in found.items() for row in rows.itertuples()]
    sound = [f"{name}: all" for name, rows in found.items() if rows.empty]
    return labelled(labels + sound, [1.0] * len(labels) + [0.0] * len(sound))


def share_steps_reviewed(table_name: str) -> None:
    """Declare that China's share takes no unreviewed large step into the newest year of a series of one table."""

    @expectation(
        name=f"{table_name}_newest_shares_step_by_step",
        table=table_name,
        severity="error",
        expected=f"China's share moves by at most {share_steps.LARGEST_STEP:.0%} of the whole into a series' newest year.",
        meaning="A newest figure may be misread: look at its text; if it is right, enter the step in reviewed/share_steps.csv.",
        unit="of the whole",
        low=-share_steps.LARGEST_STEP,
        high=share_steps.LARGEST_STEP,
    )
    def steps(load: Load) -> pd.Series:
        found = share_steps.newest_steps(table_name, load(table_name))
        if found.empty:
            return labelled(["no series of two years"], [0.0])
        return labelled(describe("{series} {year}: {step:+.1%}", found), found["step"])


for _table_name in share_steps.SERIES:
    share_steps_reviewed(_table_name)


@expectation(
    table="production",
    severity="warning",
    expected=f"USGS and World Mining Data differ by at most {SOURCES_DIFFER_PERCENT:.0f} % on China and the world in a year.",
    meaning="The two publishers count differently that year: do not divide a figure of one by a figure of the other.",
    unit="%",
    low=-SOURCES_DIFFER_PERCENT,
    high=SOURCES_DIFFER_PERCENT,
)
def usgs_agrees_with_world_mining_data(load: Load) -> pd.Series:
    """Percent by which USGS exceeds World Mining Data on China and the sum of countries, newest edition of each."""
    production = load("production").dropna(subset="amount")
    mined = production.query("stage == 'mining' and material == 'rare_earths' and country != 'WLD'")
    mined = mined[mined["edition"] == mined.groupby(["source_id", "year"])["edition"].transform("max")]
    both = pd.concat([mined[mined["country"] == "CHN"].assign(who="China"), mined.assign(who="the world")])
    rows = both.groupby(["who", "year", "source_id"])["amount"].sum().unstack().reindex(columns=["usgs_mcs", "world_mining_data"])
    rows = rows.dropna().sort_index().reset_index()
    rows["percent"] = (rows["usgs_mcs"] / rows["world_mining_data"] - 1) * 100
    template = "{who} in {year}: USGS {usgs_mcs:,.0f} t, World Mining Data {world_mining_data:,.0f} t ({percent:+.1f} %)"
    return labelled(describe(template, rows), rows["percent"])


@expectation(
    table="stage_shares",
    severity="warning",
    expected=f"Shares of one publisher, edition, stage and year sum to at most {MOST_SHARES_PERCENT} %.",
    meaning="The published world total is below the sum of its countries: every share of it is slightly high; none was adjusted.",
    unit="%",
    high=MOST_SHARES_PERCENT,
)
def stage_shares_sum_to_at_most_the_whole(load: Load) -> pd.Series:
    """Percent that the shares of countries in one stage, year, publisher and edition sum to, where more than one is given."""
    shares = load("stage_shares")
    whole = ["publisher", "edition", "stage", "material", "year", "basis"]
    rows = shares.groupby(whole)["share"].agg(["sum", "size"]).query("size > 1").sort_index().reset_index()
    rows = rows.assign(percent=rows["sum"] * 100)
    template = "{publisher}, {edition}: {size} shares of {stage} of {material} in {year} sum to {percent:.2f} %"
    return labelled(describe(template, rows), rows["percent"])


@expectation(
    table="production_reconciled",
    severity="warning",
    expected=f"Countries' reconciled figures exceed the published world total by at most {ABOVE_WORLD_PERCENT:.0f} %.",
    meaning="Countries and world are on different bases that year: do not divide one by the other, use one edition's table.",
    unit="%",
    high=ABOVE_WORLD_PERCENT,
)
def reconciled_countries_within_world_total(load: Load) -> pd.Series:
    """Percent by which countries' reconciled figures exceed the published world total, by year that has both."""
    mined = load("production_reconciled")
    named = mined["country"] != "WLD"
    summed = mined[named].groupby("year")["central"].sum().rename("summed")
    world = mined[~named].set_index("year")["central"].rename("world")
    rows = pd.concat([summed, world], axis=1).dropna().query("world > 0").sort_index().reset_index()
    rows["percent"] = (rows["summed"] / rows["world"] - 1) * 100
    template = "{year:.0f}: countries sum to {summed:,.0f} t, the world to {world:,.0f} t ({percent:+.1f} %)"
    return labelled(describe(template, rows), rows["percent"])


@expectation(
    table="production",
    severity="warning",
    expected=f"The Statistical Review differs by at most {SOURCES_DIFFER_PERCENT:.0f} % from production_reconciled.",
    meaning="The long series counts differently that year (its figures are restricted, so only the difference is shown).",
    unit="%",
    low=-SOURCES_DIFFER_PERCENT,
    high=SOURCES_DIFFER_PERCENT,
)
def statistical_review_agrees_with_reconciled(load: Load) -> pd.Series:
    """Percent by which the Statistical Review's newest edition differs from production_reconciled, China and the world.

    The source is restricted: the label gives the percentage only.
    """
    review = load("production").query("source_id == 'statistical_review' and country in ['CHN', 'WLD'] and amount > 0")
    review = review[review["edition"] == review["edition"].max()]
    rows = review.merge(load("production_reconciled"), on=["year", "country"]).query("central > 0")
    rows = rows.sort_values(["year", "country"]).assign(percent=lambda r: (r["amount"] / r["central"] - 1) * 100)
    return labelled(describe("{country} in {year}: {percent:+.1f} % from production_reconciled", rows), rows["percent"])


@expectation(
    table="stage_concentration",
    severity="warning",
    expected="No country with 2 % or more of a publisher's table has vanished from its next edition.",
    meaning="Shares and HHI of the new table are of the countries left: quote their low and high.",
    unit="countries",
    high=0,
)
def no_country_vanishes_from_the_next_edition(load: Load) -> pd.Series:
    """Countries that have vanished from each whole table of tonnes."""
    rows = load("stage_concentration").query("source_id != 'stage_shares'")
    rows = rows.assign(gone=rows["vanished"].str.count(";").add(1).fillna(0))
    rows = rows.sort_values(["year", "stage", "source_id", "edition"]).fillna({"vanished": "none"})
    return labelled(describe("{source_id}, edition {edition}, {stage} of {material} in {year}: {vanished}", rows), rows["gone"])
