"""Breaks in the level of yearly series, found blind, and how many lie near an act by chance."""

from itertools import pairwise
from typing import Any

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
# BIC's penalty times these: from one that finds too much to one that finds the largest steps only.
PENALTIES = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
# Yearly figures show an act late in one year in the next, and stocking up in the one before.
NEAR = 1
# Below the last digits of a log of a printed figure; keeps the penalty of a series without noise above zero.
LEAST_NOISE = 1e-6
IMPORTERS = ("EUU", "JPN", "KOR", "USA")
DIGITS = 9


def structural_breaks(
    export_concentration: ir.Table,
    unit_values: ir.Table,
    import_dependence: ir.Table,
    production_reconciled: pd.DataFrame,
    products: pd.DataFrame,
    policy_events: pd.DataFrame,
) -> pd.DataFrame:
    """Every break of every series, with its size in log points and the nearest act (columns of StructuralBreaks).

    Series: China's exports of each rare-earth code, what importers buy from others, and mining as one source prints it
    without a gap; none joins two sources. The criterion of PELT with squared error (Killick, Fearnhead and Eckley 2012).
    """
    codes = sorted(products.loc[(products["treatment"] == "rare_earth") & (products["nomenclature"] == "HS92"), "hs6"].unique())
    found = pd.concat(
        [
            _exports(export_concentration, unit_values, codes),
            _imports(import_dependence, codes),
            _mining(production_reconciled),
        ],
        ignore_index=True,
    )
    acts = act_years(policy_events)
    rows = [
        {"source_table": source, "series": name, **row}
        for (source, name), amounts in found.groupby(["source_table", "series"])
        for row in _breaks(longest_run(amounts.set_index("year")["amount"]), acts)
    ]
    return t.frame(StructuralBreaks, rows).round(DIGITS)


# Series, as source_table, series, year, amount


def _exports(export_concentration: ir.Table, unit_values: ir.Table, codes: list[str]) -> pd.DataFrame:
    shares = _read(export_concentration.filter(export_concentration.hs6.isin(codes)))
    shares = shares.assign(china=shares["china_share"] * shares["total"], others_share=1 - shares["china_share"])
    prices = _read(where_equal(unit_values, {"basis": "quantity_clean", "exporter_group": "CHN"}))
    prices = prices[prices["hs6"].isin(codes)]
    value, tonnes = shares[shares["basis"] == "value"], shares[shares["basis"] == "quantity_clean"]
    read = {
        "export_value": ("export_concentration", value, "china"),
        "export_tonnes": ("export_concentration", tonnes, "china"),
        "export_share": ("export_concentration", value, "china_share"),
        "others_export_share": ("export_concentration", value, "others_share"),
        "export_unit_value": ("unit_values", prices, "usd_per_kg"),
    }
    return pd.concat(
        _series(source, f"{measure}/" + rows["hs6"], rows["year"], rows[column])
        for measure, (source, rows, column) in read.items()
    )


def _imports(import_dependence: ir.Table, codes: list[str]) -> pd.DataFrame:
    chosen = where_equal(import_dependence, {"basis": "value"})
    bought = _read(chosen.filter(chosen.hs6.isin(codes), chosen.importer.isin(IMPORTERS)))
    name = "others_import_share/" + bought["hs6"] + "/" + bought["importer"]
    return _series("import_dependence", name, bought["year"], 1 - bought["china_share"])


def _mining(production_reconciled: pd.DataFrame) -> pd.DataFrame:
    whole = production_reconciled[production_reconciled["warning"].isna()]
    name = "mining/" + whole["country"] + "/" + whole["preferred_source_id"]
    return _series("production_reconciled", name, whole["year"], whole["central"])


def _read(rows: ir.Table) -> pd.DataFrame:
    return rows.to_pyarrow().to_pandas()


def _series(source: str, name: "pd.Series[str]", year: "pd.Series[int]", amount: "pd.Series[float]") -> pd.DataFrame:
    return pd.DataFrame({"source_table": source, "series": name, "year": year, "amount": amount})


def longest_run(amounts: "pd.Series[float]") -> "pd.Series[float]":
    """Logs of the longest run of years with a positive amount from FROM_YEAR on, of equals the last; empty if it is short."""
    known = amounts[(amounts > 0) & (amounts.index >= FROM_YEAR)].sort_index()
    runs = known.groupby(known.index.to_numpy() - np.arange(len(known)))
    longest = max((run for _, run in runs), key=lambda run: (len(run), run.index[-1]), default=known)
    return pd.Series(np.log(longest if len(longest) >= LEAST_YEARS else longest.iloc[:0]))


# Breaks


def break_years(logs: "pd.Series[float]", *factors: float) -> list[list[int]]:
    """First years of new levels, with BIC's penalty times each factor: the cheapest of all segmentations, which PELT defines.

    Penalty per break 2 σ² ln n, for its mean and its place (Yao 1988); σ from the median absolute first difference over √2.
    Searched number by number of breaks, for Pelt of ruptures 1.1.10 drops candidates too early where segments have a least
    length, and now and then misses the cheapest (its pull request 383).
    """
    import ruptures

    steps = np.diff(logs.to_numpy())
    noise = max(float(NORMAL * np.median(np.abs(steps - np.median(steps))) / np.sqrt(2)), LEAST_NOISE)
    search = ruptures.Dynp(model="l2", min_size=LEAST_SEGMENT, jump=1).fit(logs.to_numpy())
    ends = [[len(logs)], *(search.predict(n_bkps=count) for count in range(1, len(logs) // LEAST_SEGMENT))]
    costs = [float(search.cost.sum_of_costs(places)) for places in ends]

    def years(penalty: float) -> list[int]:
        # Of equals the fewest breaks; last digits make no break.
        count = min(range(len(ends)), key=lambda breaks: (round(costs[breaks] + penalty * breaks, 12), breaks))
        return [int(logs.index[place]) for place in ends[count][:-1]]

    return [years(factor * 2 * noise**2 * np.log(len(logs))) for factor in factors]


def act_years(policy_events: pd.DataFrame) -> "pd.Series[int]":
    """Years in which binding Chinese export controls of rare earths took effect that tighten or ease, by act.

    Acts of high confidence only; an act without a date of effect counts from its announcement. Quotas that renew what was
    (neutral), statements and reported halts are none.
    """
    fixed = {"actor": "CHN", "layer": "export_control", "scope": "ree", "confidence": "high", "legal_force": "binding"}
    acts = policy_events[(policy_events[list(fixed)] == pd.Series(fixed)).all(axis=1)]
    acts = acts[acts["foreign_supply"] != "neutral"].sort_values("event_id").set_index("event_id")
    return acts["effective_on"].fillna(acts["announced_on"]).str[:4].astype("int64")


def chance(years: list[int], acts: "pd.Series[int]") -> float:
    """Part of the years in which a break could lie that are near an act: counted, not simulated."""
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


def _behind(input_name: str) -> Rule:
    def rule(row: Key, tables: Tables) -> InputRows:
        if row["source_table"] != input_name:
            return f"none: the series is read from {row['source_table']}", pd.DataFrame()
        measure, *item = row["series"].split("/")
        if measure == "mining":
            values = {"country": item[0], "preferred_source_id": item[1]}
        elif measure == "others_import_share":
            values = {"hs6": item[0], "importer": item[1], "basis": "value"}
        elif measure == "export_unit_value":
            values = {"hs6": item[0], "exporter_group": "CHN", "basis": "quantity_clean"}
        else:
            values = {"hs6": item[0], "basis": "quantity_clean" if measure == "export_tonnes" else "value"}
        rows = where_equal(tables.scan_table(input_name), values)
        return in_words(values), rows.filter(rows.year.between(row["from_year"], row["to_year"])).order_by("year").to_pandas()

    return rule


def _act(row: Key, tables: Tables) -> InputRows:
    events = tables.load_table("policy_events")
    return "the nearest act; act_years says which acts count", events[events["event_id"] == row["nearest_act"]]


LINEAGE: dict[tuple[str, str], Rule] = {
    **{
        ("structural_breaks", name): _behind(name)
        for name in ("export_concentration", "unit_values", "import_dependence", "production_reconciled")
    },
    ("structural_breaks", "policy_events"): _act,
}
