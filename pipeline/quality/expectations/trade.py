"""Trade: gaps, outliers, jumps, missing quantities and implausible unit values."""

import pandas as pd

from pipeline.quality.expectation import Load, describe, expectation, labelled

FIRST_YEAR = 1995
# Rare earths in the trade table; magnets have sources of their own.
TRADED_GROUPS = ("compounds", "metals")
OUTLIERS_PERCENT = 10.0
# Outliers should be exceptions; a code where they are most of the tonnage covers goods of very different prices.
COMPARATOR_OUTLIERS_PERCENT = 50.0
CHINA_STEP_POINTS = 20.0
LEAST_QUANTITY_PERCENT = 80.0
# Wide enough for cheap cerium and expensive dysprosium, too narrow for grams or tonnes taken for kilograms.
USD_PER_KG = (0.5, 500.0)


def _rare_earth_codes(load: Load) -> list[str]:
    products = load("products")
    return sorted(products.loc[products["group"].isin(TRADED_GROUPS), "hs6"].unique().tolist())


@expectation(
    table="trade_flows",
    severity="error",
    expected="Every rare-earth code has flows in every year from its first to the newest of the table.",
    meaning="A year without flows is a gap in the source or in our reading of it: a series across it shows a false collapse.",
    unit="flows",
    low=1,
)
def trade_years_without_gap(load: Load) -> pd.Series:
    """Flows of each rare-earth code in each year from its first to the newest of the table."""
    flows, codes = load("trade_flows"), _rare_earth_codes(load)
    counted = flows[flows["hs6"].isin(codes)].groupby(["hs6", "year"]).size()
    first = counted.reset_index().groupby("hs6")["year"].min()
    every = [
        (code, year) for code in codes for year in range(int(first.get(code, flows["year"].max())), int(flows["year"].max()) + 1)
    ]
    rows = pd.DataFrame(every, columns=["hs6", "year"]).merge(counted.reset_index(name="flows"), how="left", on=["hs6", "year"])
    rows = rows.fillna({"flows": 0})
    return labelled(describe("{hs6} in {year}: {flows:,.0f} flows", rows), rows["flows"])


@expectation(
    table="trade_flows",
    severity="warning",
    expected=f"The series of every rare-earth code starts in {FIRST_YEAR}.",
    meaning="The code's early years are missing: its series starts later than the others in the same figure.",
    unit="",
    high=FIRST_YEAR,
)
def trade_begins_in_1995(load: Load) -> pd.Series:
    """First year of each rare-earth code."""
    flows = load("trade_flows")
    first = flows[flows["hs6"].isin(_rare_earth_codes(load))].groupby("hs6")["year"].min().reset_index()
    return labelled(describe("{hs6} begins in {year}", first), first["year"])


def _outliers_share(load: Load, rare_earths: bool) -> pd.Series:
    """Outliers' share of each year's tonnage of a code, in percent; 0 where there are none."""
    every = load("export_concentration").query("basis == 'quantity'")[["hs6", "year"]].sort_values(["hs6", "year"])
    every = every[every["hs6"].isin(_rare_earth_codes(load)) == rare_earths]
    outliers = load("flow_outliers").groupby(["hs6", "year"])["share_of_quantity"].sum().mul(100).rename("percent").reset_index()
    rows = every.merge(outliers, how="left", on=["hs6", "year"]).fillna({"percent": 0.0})
    return labelled(describe("{hs6} in {year}: {percent:.1f} % of the tonnage are outliers", rows), rows["percent"])


@expectation(
    table="flow_outliers",
    severity="warning",
    expected=f"Unit-value outliers are at most {OUTLIERS_PERCENT:.0f} % of a year's tonnage of a rare-earth code.",
    meaning="A few doubtful flows dominate shares by reported tonnage there: use quantity_clean or value.",
    unit="%",
    high=OUTLIERS_PERCENT,
)
def rare_earth_outliers_small_part_of_tonnage(load: Load) -> pd.Series:
    """Outliers' share of the tonnage of each rare-earth code and year, in percent."""
    return _outliers_share(load, rare_earths=True)


@expectation(
    table="flow_outliers",
    severity="warning",
    expected=f"Unit-value outliers are at most {COMPARATOR_OUTLIERS_PERCENT:.0f} % of a year's tonnage of any other code.",
    meaning="The code covers goods of very different prices and the rule excludes one kind of them: compare by value only.",
    unit="%",
    high=COMPARATOR_OUTLIERS_PERCENT,
)
def comparator_outliers_not_most_of_tonnage(load: Load) -> pd.Series:
    """Outliers' share of the tonnage of each comparator code and year, in percent."""
    return _outliers_share(load, rare_earths=False)


@expectation(
    table="export_concentration",
    severity="warning",
    expected=f"China's share of a rare-earth code's export value changes by at most {CHINA_STEP_POINTS:.0f} points a year.",
    meaning="Either something happened that year, or a reporter, a code or a unit changed: check before calling it policy.",
    unit="points",
    low=-CHINA_STEP_POINTS,
    high=CHINA_STEP_POINTS,
)
def china_share_moves_by_steps(load: Load) -> pd.Series:
    """Change of China's share of exports by value from one year to the next, in points, for each rare-earth code."""
    shares = load("export_concentration").query("basis == 'value'").sort_values(["hs6", "year"])
    shares = shares[shares["hs6"].isin(_rare_earth_codes(load))]
    earlier = (
        shares.groupby("hs6")[["year", "china_share"]].shift().rename(columns={"year": "from_year", "china_share": "from_share"})
    )
    rows = shares.join(earlier).dropna(subset="from_share")
    labels = describe("{hs6}, {from_year:.0f} to {year}: from {from_share:.1%} to {china_share:.1%}", rows)
    return labelled(labels, (rows["china_share"] - rows["from_share"]) * 100)


@expectation(
    table="export_concentration",
    severity="warning",
    expected=f"At least {LEAST_QUANTITY_PERCENT:.0f} % of the value of rare-earth exports has a reported quantity.",
    meaning="Shares by tonnage leave out flows without a quantity; below this level they describe only part of the trade.",
    unit="%",
    low=LEAST_QUANTITY_PERCENT,
)
def quantities_reported(load: Load) -> pd.Series:
    """Percent of the value of each rare-earth code and year whose flows report a quantity."""
    rows = load("export_concentration").query("basis == 'value'").sort_values(["hs6", "year"])
    rows = rows[rows["hs6"].isin(_rare_earth_codes(load))]
    labels = describe("{hs6} in {year}: {quantity_coverage:.1%} of the value has a quantity", rows)
    return labelled(labels, rows["quantity_coverage"] * 100)


@expectation(
    table="unit_values",
    severity="warning",
    expected=f"Unit values of rare-earth metals and compounds are between {USD_PER_KG[0]} and {USD_PER_KG[1]:.0f} USD/kg.",
    meaning="Outside this range a unit is wrong somewhere (tonnes for kilograms, dollars for thousands), and tonnages with it.",
    unit="USD/kg",
    low=USD_PER_KG[0],
    high=USD_PER_KG[1],
)
def rare_earth_unit_values_plausible(load: Load) -> pd.Series:
    """Export unit values of each rare-earth code and year, USD/kg, without outliers."""
    rows = load("unit_values").query("basis == 'quantity_clean'").sort_values(["hs6", "year", "exporter_group"])
    rows = rows[rows["hs6"].isin(_rare_earth_codes(load))]
    return labelled(describe("{hs6} in {year}, {exporter_group}: {usd_per_kg:,.2f} USD/kg", rows), rows["usd_per_kg"])
