"""Units: their codes, and the bounds of any number in them. A column's own, narrower bounds stand in its class."""

import pandas as pd

# Units in the codes of UCUM (https://ucum.org), which has no currencies: they are annotations, in braces.
UCUM = {
    "1": "1",
    "t": "t",
    "t, in the group's basis": "t",
    "t/yr": "t/a",
    "year": "a",
    "kUSD": "10*3.{USD}",
    "USD/kg": "{USD}/kg",
    "CNY/kg": "{CNY}/kg",
    "CNY/USD": "{CNY}/{USD}",
    "kg Cu-eq/kg": "kg{Cu-eq}/kg",
    "log points": "{log_point}",
}
# What a unit reads where it differs from row to row: the column `unit` says which.
BY_ROW = ("as in unit", "see unit")
# A quantity or a value, by the basis of the row.
BY_BASIS = "kUSD or t"

# The world mines less of any good than this: coal, the largest, is 9,000 million t.
MOST_T = 1e10
# A year of rare earths, or of a plant's work, is a fraction of it.
MOST_REO_T = 2e6
# All goods traded in the world in a year are 25 million million dollars.
MOST_KUSD = 3e10
# Above the dearest good traded by mass, diamonds.
MOST_PER_KG = 1e8
# Least and most of a number by its unit; without an entry the unit bounds nothing.
BOUNDS: dict[str, tuple[float, float]] = {
    "t": (0, MOST_T),
    "t gross": (0, MOST_T),
    "t, in the group's basis": (0, MOST_REO_T),
    "t REO": (0, MOST_REO_T),
    "t/yr": (0, MOST_REO_T),
    "t/year": (0, MOST_REO_T),
    "t/a": (0, MOST_REO_T),
    "kt": (0, MOST_REO_T / 1000),
    "kg": (0, 1e9),
    "ct": (0, 1e9),
    "million m3": (0, 1e7),
    "kUSD": (0, MOST_KUSD),
    "kUSD or t": (0, MOST_KUSD),
    "USD": (0, 1e12),
    "AUD": (0, 1e12),
    "CNY": (0, 1e13),
    "USD/kg": (0, MOST_PER_KG),
    "AUD/kg": (0, MOST_PER_KG),
    "CNY/kg": (0, 10 * MOST_PER_KG),
    "USD/t": (0, 1e7),
    "1998 USD/t": (0, 1e7),
    "CNY/t": (0, 1e8),
    "1,000 CNY/t": (0, 1e5),
    "10,000 CNY/t": (0, 1e4),
    "CNY/USD": (1, 20),
    "kg Cu-eq/kg": (0, 1e9),
    "share": (0, 1),
    "share of closures": (0, 1),
    "ratio": (0, 1000),
    "t REO per t gross": (0, 2),
    "t oxide per t metal": (1, 2),
    "t metal per t oxide": (0, 1),
    "vehicles": (0, 1e8),
    "MW": (0, 1e8),
    "persons": (0, 1e7),
    "patents": (0, 1e7),
    "log points": (-20, 20),
    "year": (-200, 200),
}
# Every percentage published here is a part of a whole, whatever the words after it.
PERCENT, OF_A_WHOLE = "percent", (0.0, 100.0)


def bounds(unit: str) -> tuple[float, float] | None:
    """Least and most that a number in this unit can be; None where its unit bounds nothing."""
    return OF_A_WHOLE if unit.split(" ")[0] == PERCENT else BOUNDS.get(unit)


def outside(values: pd.Series, unit: pd.Series) -> "pd.Series[bool]":
    """Whether each value is outside the bounds of the unit beside it; a missing value never is."""
    limits = {name: bounds(str(name)) or (-float("inf"), float("inf")) for name in unit.dropna().unique()}
    least, most = (unit.map({name: limit[side] for name, limit in limits.items()}).astype("float64") for side in (0, 1))
    numbers = values.astype("float64")
    infinite = numbers.abs() == float("inf")
    return (numbers < least) | (numbers > most) | infinite
