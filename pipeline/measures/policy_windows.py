"""Trade and prices before and after policy acts, compared with uncontrolled minerals: description, not causal effect."""

import math
from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from pipeline.dates import first_day, last_day
from pipeline.measures.helpers.crosswalk import crosswalk
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables, in_words
from pipeline.schemas import table as t
from pipeline.schemas.policy_windows import PolicyWindows

YEARS = 3
MONTHS = 12
# Digits kept of logarithms, which processors round differently in the last ones.
LOG_DIGITS = 10


class Yearly(NamedTuple):
    """How a yearly measure is read: its table, the rows taken, the column, its unit."""

    table: str
    rows: Key
    column: str
    unit: str


CHINA_CLEAN = {"exporter_group": "CHN", "basis": "quantity_clean"}
YEARLY = {
    "china_export_quantity": Yearly("unit_values", CHINA_CLEAN, "quantity_t", "t"),
    "china_unit_value": Yearly("unit_values", CHINA_CLEAN, "usd_per_kg", "USD/kg"),
    "china_share_of_value": Yearly("export_concentration", {"basis": "value"}, "china_share", "1"),
    "china_share_of_quantity": Yearly("export_concentration", {"basis": "quantity_clean"}, "china_share", "1"),
    "unit_value_ratio_mix_confounded": Yearly("unit_values", CHINA_CLEAN, "ratio_china_to_rest_mix_confounded", "1"),
}
# Goods published without a customs code, by the element that acts name; "all" in an act is every rare earth.
ELEMENTS = {
    "gallium": "Ga",
    "germanium": "Ge",
    "dysprosium": "Dy",
    "terbium": "Tb",
    "antimony_metal": "Sb",
    "antimony_oxide": "Sb",
    "antimony_products_total": "Sb",
    "indium_metal": "In",
    "bismuth_trioxide": "Bi",
    "bismuth_refined_and_products": "Bi",
    "bismuth_unrefined_and_scrap": "Bi",
    "graphite_flake": "C",
    "graphite_spherical": "C",
}
RARE_EARTHS = frozenset(["Sc", "Y", "La", "Ce", "Pr", "Nd", "NdPr", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu"])


class Around(NamedTuple):
    """The periods with data before and after the act."""

    before: "pd.Series[float]"
    after: "pd.Series[float]"


def policy_windows(
    policy_events: pd.DataFrame,
    policy_hs: pd.DataFrame,
    products: pd.DataFrame,
    unit_values: pd.DataFrame,
    export_concentration: pd.DataFrame,
    trade_by_month: pd.DataFrame,
    prices: pd.DataFrame,
) -> pd.DataFrame:
    """Outcomes around every act with customs codes (columns of PolicyWindows).

    By year: the act's codes through `products` to HS 1992; the mean of the years with data among the 3 before the act's year,
    and among the 3 after. A code without such a crosswalk has no row. By month: the 12 months before the month of announcement
    and the 12 after the month of effect, of series tied to the act by a customs code, or to an act of China by an element it
    names; without comparators, whose months end in 2024 or which were controlled themselves. A window needs data on each side;
    before_held and after_held count the periods. Comparators: the same outcome of codes never controlled, or controlled only
    after the window, that have data in all the same years.
    """
    acts = policy_events.assign(
        announced=last_day(policy_events["announced_on"]),
        acted=last_day(policy_events["effective_on"].fillna(policy_events["announced_on"])),
    ).set_index("event_id")
    coded = policy_hs.drop_duplicates(["event_id", "hs6"]).join(acts[["announced", "acted", "elements"]], on="event_id")
    rows = [
        *_yearly(coded, products, _by_year({"unit_values": unit_values, "export_concentration": export_concentration})),
        *_monthly(coded, acts, _by_month(trade_by_month, prices)),
    ]
    table = t.frame(PolicyWindows, rows)
    logs = ["change", "comparators_change", "comparators_low", "comparators_high"]
    return table.assign(**{name: table[name].round(LOG_DIGITS) for name in logs})


def _by_year(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Each yearly measure of China as code × year."""
    return {
        measure: _selected(tables[read.table], read.rows).pivot(index="hs6", columns="year", values=read.column)
        for measure, read in YEARLY.items()
    }


def _selected(rows: pd.DataFrame, values: Key) -> pd.DataFrame:
    """The rows that have these values."""
    return rows[(rows[list(values)] == pd.Series(values)).all(axis=1)]


def _yearly(coded: pd.DataFrame, products: pd.DataFrame, china: dict[str, pd.DataFrame]) -> list[dict[str, object]]:
    tied = coded.merge(crosswalk(products), on="hs6").drop_duplicates(["event_id", "hs92"])
    tied = tied.assign(year=tied["acted"].dt.year)
    controlled = first_day(products["controlled_since"]).dt.year.where(products["treatment"] == "later_controlled")
    donors = products.assign(until=controlled.fillna(9999))[products["treatment"] != "rare_earth"]
    until = donors.groupby("hs92")["until"].min()
    # Acts of one year share their comparators.
    compared: dict[tuple[object, ...], dict[str, object]] = {}
    rows: list[dict[str, object]] = []
    for act in tied.to_dict("records"):
        others = tied[(tied["hs92"] == act["hs92"]) & (tied["event_id"] != act["event_id"])]["year"]
        for measure, values in china.items():
            if act["hs92"] not in values.index:
                continue
            held = values.loc[act["hs92"]].dropna()
            around = Around(held.loc[act["year"] - YEARS : act["year"] - 1], held.loc[act["year"] + 1 : act["year"] + YEARS])
            if not _both(around):
                continue
            window = (measure, act["year"], *around.before.index, *around.after.index)
            if window not in compared:
                compared[window] = _compared(values[values.index.isin(until.index[until > act["year"] + YEARS])], around)
            rows.append(
                {
                    "event_id": act["event_id"],
                    "outcome": f"{measure}:{act['hs92']}",
                    "measure": measure,
                    "unit": YEARLY[measure].unit,
                    "hs6": act["hs6"],
                    "scope_share": act["scope_share"],
                    "acted_on": f"{act['acted']:%Y-%m-%d}",
                    "before_from": str(act["year"] - YEARS),
                    "after_to": str(act["year"] + YEARS),
                    **_means(around),
                    **compared[window],
                    "other_acts": int(others.between(act["year"] - YEARS, act["year"] + YEARS).sum()),
                }
            )
    return rows


def _both(around: Around) -> bool:
    return len(around.before) > 0 and len(around.after) > 0


def _means(around: Around) -> dict[str, object]:
    before, after = around.before.mean(), around.after.mean()
    return {
        "before": before,
        "after": after,
        "before_held": len(around.before),
        "after_held": len(around.after),
        "change": math.log(after / before) if before > 0 and after > 0 else None,
    }


def _compared(values: pd.DataFrame, around: Around) -> dict[str, object]:
    """Quartiles of the changes of the codes that hold the same periods."""
    before, after = (values[list(part.index)].dropna().mean(axis=1) for part in around)
    changes = (after / before)[(before > 0) & (after > 0)].dropna().map(math.log)
    low, middle, high = changes.quantile([0.25, 0.5, 0.75])
    return {"comparators": len(changes), "comparators_change": middle, "comparators_low": low, "comparators_high": high}


def _by_month(trade_by_month: pd.DataFrame, prices: pd.DataFrame) -> pd.DataFrame:
    """Monthly figures as series, measure, month, value, unit, hs6, element, kind, source_id."""
    exports = _monthly_exports(trade_by_month)
    quantities = pd.DataFrame(
        {
            "series": exports["series"],
            "measure": "monthly_export_quantity",
            "month": exports["month"],
            "value": exports["quantity_t"],
            "unit": "t",
            "hs6": exports["hs_code"].str[:6],
            "element": exports["product"].map(ELEMENTS),
            "kind": exports["kind"],
            "source_id": exports["source_id"],
        }
    )
    quoted = _monthly_prices(prices)
    monthly = pd.DataFrame(
        {
            "series": quoted["series"],
            "measure": "monthly_price",
            "month": quoted["date"],
            "value": quoted["value"],
            "unit": quoted["unit"],
            "hs6": None,
            "element": quoted["oxide"].str.extract(r"^(\w+)", expand=False),
            "kind": quoted["kind"],
            "source_id": quoted["source_id"],
        }
    )
    return pd.concat([quantities, monthly], ignore_index=True).astype({"hs6": "str", "element": "str", "kind": "str"})


def _monthly_exports(trade_by_month: pd.DataFrame) -> pd.DataFrame:
    """China's monthly exports with a tonnage, with the name of their `series`."""
    rows = _selected(trade_by_month, {"reporter": "CHN", "flow": "export"}).dropna(subset="quantity_t")
    return rows.assign(series=rows["product"] + " (" + rows["source_id"] + ")")


def _monthly_prices(prices: pd.DataFrame) -> pd.DataFrame:
    """Preferred monthly prices with a value, with the name of their `series`."""
    rows = _selected(prices, {"precision": "month", "preferred": True}).dropna(subset="value")
    return rows.assign(series=rows["oxide"] + ", " + rows["basis"] + ", " + rows["unit"] + " (" + rows["source_id"] + ")")


def _named(elements: str) -> frozenset[str]:
    words = frozenset(elements.split(";"))
    return words | RARE_EARTHS if "all" in words else words


def _monthly(coded: pd.DataFrame, acts: pd.DataFrame, figures: pd.DataFrame) -> list[dict[str, object]]:
    known = acts.loc[acts.index.isin(list(coded["event_id"]))]
    # A date known to the year alone has no month.
    dates = known["effective_on"].fillna(known["announced_on"]).str.len().clip(upper=known["announced_on"].str.len())
    known = known[dates >= len("2025-04")]
    codes = {str(act): dict(zip(rows["hs6"], rows["scope_share"], strict=True)) for act, rows in coded.groupby("event_id")}
    known = known.assign(named=known["elements"].map(_named), month=known["acted"].dt.to_period("M"))
    rows = []
    for (series, measure), figure in figures.groupby(["series", "measure"]):
        hs6, element = figure["hs6"].iloc[0], figure["element"].iloc[0]
        by_code = pd.Series([hs6 in codes[str(act)] for act in known.index], known.index, dtype=bool)
        by_element = pd.Series([element in named for named in known["named"]], known.index, dtype=bool) & (
            known["actor"] == "CHN"
        )
        tied = known[by_code | by_element]
        held = figure.groupby(pd.PeriodIndex(figure["month"], freq="M"))["value"].mean()
        for act in tied.reset_index().to_dict("records"):
            announced = act["announced"].to_period("M")
            first, last = announced - MONTHS, act["month"] + MONTHS
            around = Around(
                held[(held.index >= first) & (held.index < announced)], held[(held.index > act["month"]) & (held.index <= last)]
            )
            if not _both(around):
                continue
            others = tied["month"].drop(index=act["event_id"])
            rows.append(
                {
                    "event_id": act["event_id"],
                    "outcome": f"{measure}:{series}",
                    "measure": measure,
                    "unit": figure["unit"].iloc[0],
                    "hs6": hs6 if by_code[act["event_id"]] else None,
                    "element": None if by_code[act["event_id"]] else element,
                    "scope_share": codes[str(act["event_id"])].get(hs6),
                    "kind": figure["kind"].iloc[0],
                    "source_id": figure["source_id"].iloc[0],
                    "acted_on": f"{act['acted']:%Y-%m-%d}",
                    "before_from": str(first),
                    "after_to": str(last),
                    **_means(around),
                    "comparators": 0,
                    "other_acts": int(((others >= first) & (others <= last)).sum()),
                }
            )
    return rows


def _rows_of_years(input_name: str) -> Rule:
    """Yearly rows of the outcome's code within the window."""

    def rule(row: Key, tables: Tables) -> InputRows:
        read = YEARLY.get(row["measure"])
        if read is None or read.table != input_name:
            return f"none: the outcome is not read from {input_name}", pd.DataFrame()
        code = row["outcome"].rpartition(":")[2]
        rows = _selected(tables.load_table(input_name), {"hs6": code, **read.rows})
        first, last = int(row["before_from"]), int(row["after_to"])
        words = f"{in_words({'hs6': code, **read.rows})}, years {first} to {last}; the act's own year is left out"
        return words, rows[rows["year"].between(first, last)].sort_values("year")

    return rule


def _rows_of_months(measure: str, input_name: str, month: str, select: Callable[[pd.DataFrame], pd.DataFrame]) -> Rule:
    """Monthly rows of the outcome's series within the window."""

    def rule(row: Key, tables: Tables) -> InputRows:
        if row["measure"] != measure:
            return f"none: the outcome is not read from {input_name}", pd.DataFrame()
        rows, series = select(tables.load_table(input_name)), row["outcome"].partition(":")[2]
        window = rows[month].between(row["before_from"], row["after_to"])
        words = f"{series}, months {row['before_from']} to {row['after_to']}; the months of the act are left out"
        return words, rows[window & (rows["series"] == series)].drop(columns="series").sort_values(month)

    return rule


LINEAGE: dict[tuple[str, str], Rule] = {
    ("policy_windows", "unit_values"): _rows_of_years("unit_values"),
    ("policy_windows", "export_concentration"): _rows_of_years("export_concentration"),
    ("policy_windows", "trade_by_month"): _rows_of_months("monthly_export_quantity", "trade_by_month", "month", _monthly_exports),
    ("policy_windows", "prices"): _rows_of_months("monthly_price", "prices", "date", _monthly_prices),
}
