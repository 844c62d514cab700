"""Structural breaks in the level of yearly series, found without reference to acts, and how many are near an act by chance."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from pipeline.measures.flow_outliers import NORMAL
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables, in_words, where_equal
from pipeline.schemas import table as t
from pipeline.schemas.structural_breaks import StructuralBreaks

METHOD = "optimal_l2_bic"
# A level is two years at least: one odd year is none.
LEAST_SEGMENT = 2
# Shorter series have fewer than ten places for a break.
LEAST_YEARS = 12
# The register's first acts are of 1978: breaks before it have nothing to be matched with.
FROM_YEAR = 1978
# Multiples of BIC's penalty: from one that finds too many breaks to one that finds the largest steps only.
PENALTIES = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
# Yearly figures show an act late in one year in the next, and stocking up in the one before.
NEAR = 1
# Below the last digits of a log of a published figure; keeps the penalty of a series without noise above zero.
LEAST_NOISE = 1e-6
IMPORTERS = ("EUU", "JPN", "KOR", "USA")
LOG_DIGITS = 9


def structural_breaks(
    export_concentration: ir.Table,
    unit_values: ir.Table,
    import_dependence: ir.Table,
    production_reconciled: ir.Table,
    products: pd.DataFrame,
    policy_events: pd.DataFrame,
) -> pd.DataFrame:
    """Every break of every series, with its size in log points and the nearest act (columns of StructuralBreaks).

    Series: China's exports of each rare-earth code, what importers buy from others, and mining as one source publishes
    it without a gap; none joins two sources. Optimal segmentation by squared error, with BIC's penalty.
    """
    codes = sorted(products.loc[(products["treatment"] == "rare_earth") & (products["nomenclature"] == "HS92"), "hs6"].unique())
    tables = {
        "export_concentration": export_concentration.filter(export_concentration.hs6.isin(codes)),
        "unit_values": unit_values.filter(unit_values.hs6.isin(codes)),
        "import_dependence": import_dependence.filter(
            import_dependence.hs6.isin(codes), import_dependence.importer.isin(IMPORTERS)
        ),
        "production_reconciled": production_reconciled,
    }
    found = pd.concat(
        [
            _amounts(measure, series, _selected(tables[series.table], series).to_pyarrow().to_pandas())
            for measure, series in SERIES.items()
        ],
        ignore_index=True,
    )
    acts = act_years(policy_events)
    rows = [
        {"source_table": source, "series": name, **row}
        for (source, name), amounts in found.groupby(["source_table", "series"])
        for row in _breaks(longest_run(amounts.set_index("year")["amount"]), acts)
    ]
    return t.frame(StructuralBreaks, rows).round(LOG_DIGITS)


# Series


class Series(NamedTuple):
    """How a measure's series are read: its table, the rows taken, the columns that name the item, the amount of a row."""

    table: str
    fixed: Key
    item: tuple[str, ...]
    amount: Callable[[pd.DataFrame], "pd.Series[float]"]


CHINA_CLEAN = {"basis": "quantity_clean", "exporter_group": "CHN"}
SERIES = {
    "export_value": Series(
        "export_concentration", {"basis": "value"}, ("hs6",), lambda rows: rows["china_share"] * rows["total"]
    ),
    "export_tonnes": Series(
        "export_concentration", {"basis": "quantity_clean"}, ("hs6",), lambda rows: rows["china_share"] * rows["total"]
    ),
    "export_share": Series("export_concentration", {"basis": "value"}, ("hs6",), lambda rows: rows["china_share"]),
    "others_export_share": Series("export_concentration", {"basis": "value"}, ("hs6",), lambda rows: 1 - rows["china_share"]),
    "export_unit_value": Series("unit_values", CHINA_CLEAN, ("hs6",), lambda rows: rows["usd_per_kg"]),
    "others_import_share": Series(
        "import_dependence", {"basis": "value"}, ("hs6", "importer"), lambda rows: 1 - rows["china_share"]
    ),
    "mining": Series("production_reconciled", {}, ("country", "preferred_source_id"), lambda rows: rows["central"]),
}


def _selected(rows: ir.Table, series: Series) -> ir.Table:
    """The rows of its table that a measure's series are made from."""
    return where_equal(rows, series.fixed) if series.fixed else rows.filter(rows.warning.isnull())


def _amounts(measure: str, series: Series, rows: pd.DataFrame) -> pd.DataFrame:
    """source_table, series, year, amount."""
    name = pd.Series(measure, rows.index, dtype="str")
    for column in series.item:
        name = name + "/" + rows[column]
    return pd.DataFrame({"source_table": series.table, "series": name, "year": rows["year"], "amount": series.amount(rows)})


def longest_run(amounts: "pd.Series[float]") -> "pd.Series[float]":
    """Logs of the longest run of years with a positive amount from FROM_YEAR on, of equals the last; empty if it is short."""
    known = amounts[(amounts > 0) & (amounts.index >= FROM_YEAR)].sort_index()
    runs = known.groupby(known.index.to_numpy() - np.arange(len(known)))
    longest = max((run for _, run in runs), key=lambda run: (len(run), run.index[-1]), default=known)
    return pd.Series(np.log(longest if len(longest) >= LEAST_YEARS else longest.iloc[:0]))


# Breaks


def break_years(logs: "pd.Series[float]", *factors: float) -> list[list[int]]:
    """First years of new levels, with BIC's penalty times each factor: the segmentation of least cost.

    Penalty per break 2 σ² ln n, for its mean and its place (Yao 1988); σ from the median absolute first difference over √2.
    Exact dynamic programming for each number of breaks: Pelt of ruptures 1.1.10 drops candidates too early where segments have
    a least length, and now and then misses the minimum (its pull request 383).
    """
    import ruptures

    steps = np.diff(logs.to_numpy())
    noise = max(float(NORMAL * np.median(np.abs(steps - np.median(steps))) / np.sqrt(2)), LEAST_NOISE)
    search = ruptures.Dynp(model="l2", min_size=LEAST_SEGMENT, jump=1).fit(logs.to_numpy())
    ends = [[len(logs)], *(search.predict(n_bkps=count) for count in range(1, len(logs) // LEAST_SEGMENT))]
    costs = [float(search.cost.sum_of_costs(places)) for places in ends]

    def years(penalty: float) -> list[int]:
        # Of equal costs the fewest breaks; differences in the last digits count as equal.
        count = min(range(len(ends)), key=lambda breaks: (round(costs[breaks] + penalty * breaks, 12), breaks))
        return [int(logs.index[place]) for place in ends[count][:-1]]

    return [years(factor * 2 * noise**2 * np.log(len(logs))) for factor in factors]


def act_years(policy_events: pd.DataFrame) -> "pd.Series[int]":
    """Years in which binding Chinese export controls of rare earths took effect that tighten or ease, by act.

    Acts of high confidence only; an act without a date of effect counts from its announcement. Quotas that renew earlier ones
    (neutral), statements and reported halts do not count.
    """
    fixed = {"actor": "CHN", "layer": "export_control", "scope": "ree", "confidence": "high", "legal_force": "binding"}
    acts = policy_events[(policy_events[list(fixed)] == pd.Series(fixed)).all(axis=1)]
    acts = acts[acts["foreign_supply"] != "neutral"].sort_values("event_id").set_index("event_id")
    return acts["effective_on"].fillna(acts["announced_on"]).str[:4].astype("int64")


def chance(years: list[int], acts: "pd.Series[int]") -> float:
    """Share of the years in which a break is possible that are near an act: counted, not simulated."""
    places = years[LEAST_SEGMENT : len(years) - LEAST_SEGMENT + 1]
    return sum(any(abs(year - act) <= NEAR for act in acts) for year in places) / len(places)


def _breaks(logs: "pd.Series[float]", acts: "pd.Series[int]") -> list[dict[str, Any]]:
    if logs.empty:
        return []
    by_penalty = break_years(logs, *PENALTIES)
    found = by_penalty[PENALTIES.index(1.0)]
    if not found:
        return []
    bounds = [int(logs.index[0]), *found, int(logs.index[-1]) + 1]
    levels = [float(logs.loc[start : end - 1].mean()) for start, end in pairwise(bounds)]
    matched = [bool(((year - acts).abs() <= NEAR).any()) for year in found]
    by_chance = chance(logs.index.tolist(), acts)
    return [
        {
            "break_year": year,
            "method": METHOD,
            "from_year": bounds[0],
            "to_year": bounds[-1] - 1,
            "magnitude": levels[n + 1] - levels[n],
            "stability": sum(year in years for years in by_penalty) / len(PENALTIES),
            **_nearest(year, acts),
            "near": matched[n],
            "breaks": len(found),
            "matches": sum(matched),
            "chance": by_chance,
            "expected_matches": len(found) * by_chance,
        }
        for n, year in enumerate(found)
    ]


def _nearest(year: int, acts: "pd.Series[int]") -> dict[str, Any]:
    if acts.empty:
        return {"nearest_act": None, "years_from_act": None}
    nearest = str((year - acts).abs().idxmin())
    return {"nearest_act": nearest, "years_from_act": int(year - acts[nearest])}


def _rows_of_series(input_name: str) -> Rule:
    def rule(row: Key, tables: Tables) -> InputRows:
        measure, *item = row["series"].split("/")
        series = SERIES[measure]
        if series.table != input_name:
            return f"none: the series is read from {series.table}", pd.DataFrame()
        values = dict(zip(series.item, item, strict=True))
        rows = where_equal(_selected(tables.scan_table(input_name), series), values)
        years = rows.filter(rows.year.between(row["from_year"], row["to_year"])).order_by("year")
        return in_words(values | series.fixed), years.to_pandas()

    return rule


def _act(row: Key, tables: Tables) -> InputRows:
    events = tables.load_table("policy_events")
    return "the nearest act; act_years says which acts count", events[events["event_id"] == row["nearest_act"]]


LINEAGE: dict[tuple[str, str], Rule] = {
    **{
        ("structural_breaks", name): _rows_of_series(name)
        for name in ("export_concentration", "unit_values", "import_dependence", "production_reconciled")
    },
    ("structural_breaks", "policy_events"): _act,
}
