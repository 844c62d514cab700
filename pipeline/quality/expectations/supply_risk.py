"""Supply risk: the totals and the coverage that the index rests on."""

import pandas as pd

from pipeline.quality.expectation import Load, describe, expectation, labelled

# World Mining Data's totals are not rounded: a larger difference means a missing or duplicated country.
MINED_TOTAL_PERCENT = 1.0
LEAST_GOVERNED_PERCENT = 95.0


@expectation(
    table="mine_production",
    severity="warning",
    expected=f"Countries sum to the published total of each material and year within {MINED_TOTAL_PERCENT:.0f} %.",
    meaning="A country is missing from the total or from the table, or is in it twice: the HHI is computed from the countries.",
    unit="%",
    low=-MINED_TOTAL_PERCENT,
    high=MINED_TOTAL_PERCENT,
)
def mine_production_sums_to_its_total(load: Load) -> pd.Series:
    """Percent by which countries' mine production differs from the published total, by material and year."""
    mined = load("mine_production")
    world = mined["country"] == "WLD"
    summed = mined[~world].groupby(["material", "year"])["amount"].sum().rename("summed")
    published = mined[world].set_index(["material", "year"])["amount"].rename("published")
    rows = pd.concat([summed, published], axis=1).dropna().query("published > 0").sort_index().reset_index()
    rows["percent"] = (rows["summed"] / rows["published"] - 1) * 100
    template = "{material} in {year}: countries sum to {summed:,.0f}, published {published:,.0f} ({percent:+.1f} %)"
    return labelled(describe(template, rows), rows["percent"])


@expectation(
    table="supply_risk",
    severity="warning",
    expected=f"At least {LEAST_GOVERNED_PERCENT:.0f} % of each material's tonnage comes from origins with a governance estimate.",
    meaning="Uncovered origins get the mean of the others: a large origin is missing, or its code has changed.",
    unit="%",
    low=LEAST_GOVERNED_PERCENT,
)
def imports_have_an_estimate_of_governance(load: Load) -> pd.Series:
    """Percent of the world's imports, in tonnes, whose origin has an estimate of governance, by material and year."""
    risk = load("supply_risk").query("importer != 'EUU' and imports_t > 0")
    risk = risk.assign(covered=risk["governance_coverage"] * risk["imports_t"])
    rows = risk.groupby(["material", "year"])[["covered", "imports_t"]].sum().sort_index().reset_index()
    rows["percent"] = rows["covered"] / rows["imports_t"] * 100
    return labelled(describe("{material} in {year}: {percent:.1f} % of the tonnes", rows), rows["percent"])
