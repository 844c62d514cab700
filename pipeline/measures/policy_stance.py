"""Policy stance by month: weights of the measures in force (stock) and of the acts announced (flow)."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.dates import last_day
from pipeline.errors import ReoError
from pipeline.measures import policy_in_force
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables
from pipeline.measures.helpers.register_as_of import Dating, unknown_spells
from pipeline.measures.helpers.restrictions import no_restriction
from pipeline.schemas import table as t
from pipeline.schemas.policy_stance import BASES, INDICES, WEIGHTS, PolicyStance

# Column of an act that gives its direction in an index.
DIRECTIONS = {"own_layer": "direction", "foreign_supply": "foreign_supply"}
SIGNS = {"strengthens": 1, "tightens": 1, "neutral": 0, "weakens": -1, "eases": -1}
GROUP = ["actor", "layer", "month"]
PROCESS = [*GROUP, "process"]


class Weighed(NamedTuple):
    """Acts that count, with weights and signs; spells (`part` in_force or unknown) by the months in which each ran."""

    acts: pd.DataFrame
    live: pd.DataFrame
    days: pd.DataFrame


def policy_stance(policy_events: pd.DataFrame, policy_status: pd.DataFrame, instrument_weights: pd.DataFrame) -> pd.DataFrame:
    """Stock, flow and cumulative weight of policy by month (columns of PolicyStance).

    Stock: weights of measures in force (`measures_in_force`) on the month's last day, of acts of scope ree or broader
    that do not weaken their layer (own_layer) or that tighten foreign supply (foreign_supply); of layer export_control only
    restrictions (`restricts_exports`), by both indices. What a weakening act ends or
    suspends leaves the stock by its own status, so the act itself adds nothing; opposed_stock counts it. Flow: signed weights of
    acts announced in the month. Of the acts of one process the heaviest counts (in the flow the later announced of equals).
    Statements and company acts weigh 0.

    An actor and layer has every month from its first act on, if it has any act of the basis (and, in foreign_supply, one that
    tightens or eases). Raises ReoError for an instrument without a weight.
    """
    tables = []
    for as_of in policy_in_force.AS_OF:
        weighed = weighed_acts(policy_events, policy_status, instrument_weights, as_of)
        tables += [_indexed(weighed, index, basis).assign(as_of=as_of) for index in INDICES for basis in BASES]
    return t.frame(PolicyStance, pd.concat(tables, ignore_index=True))


def weighed_acts(
    events: pd.DataFrame,
    status: pd.DataFrame,
    weights: pd.DataFrame,
    as_of: str,
    dated: Dating = last_day,
) -> Weighed:
    unweighed = sorted(set(events["instrument"]) - set(weights["instrument"]))
    if unweighed:
        raise ReoError(
            f"instrument_weights has no weight for {unweighed[0]}", "add a row for it to data/raw/policy_register/rubric.csv"
        )
    known = last_day(events["announced_on"]) <= pd.Timestamp(as_of)
    acts = events[known & (events["scope"] != "other")].set_index("event_id", drop=False).rename_axis(None)
    rubric = acts["instrument"].map(weights.set_index("instrument")["weight"]).astype("float64")
    rubric = rubric.where(~policy_in_force.words_only(acts), 0.0)
    acts = acts.assign(
        process=acts["process"].fillna(acts["event_id"]),
        announced=dated(acts["announced_on"]),
        high_confidence=acts["confidence"] == "high",
        official=acts["best_source"].isin(policy_in_force.OFFICIAL),
        all=True,
        no_restriction=no_restriction(acts),
        rubric=rubric,
        equal=(rubric > 0).astype("float64"),
        **{f"{index}_sign": acts[column].map(SIGNS).astype("float64") for index, column in DIRECTIONS.items()},
    )
    in_force = policy_in_force.measures_in_force(events, status, as_of, dated)[["event_id", "undocumented", "begin", "stop"]]
    unknown = unknown_spells(status, as_of, dated).assign(undocumented=False)
    spells = pd.concat([in_force.assign(part="in_force"), unknown.assign(part="unknown")], ignore_index=True)
    spells = spells[spells["event_id"].isin(acts.index)]
    began = spells.groupby("event_id")["begin"].min().reindex(acts.index)
    acts["first"] = acts["announced"].where(~(began < acts["announced"]), began).dt.strftime("%Y-%m")
    spells = spells[spells["event_id"].map(acts["rubric"]) > 0]
    days = policy_in_force.month_days(pd.to_datetime(acts["first"]).min(), as_of)
    day = days["day"].to_numpy()[None, :]
    spell, at = np.nonzero((spells["begin"].to_numpy()[:, None] <= day) & (day < spells["stop"].to_numpy()[:, None]))
    live = spells.iloc[spell].assign(month=days["month"].to_numpy()[at])
    carried = [
        "actor",
        "layer",
        "process",
        "instrument",
        *BASES,
        *WEIGHTS,
        "own_layer_sign",
        "foreign_supply_sign",
        "no_restriction",
    ]
    return Weighed(acts, live.join(acts[carried], on="event_id"), days)


def counts_in_stock(rows: pd.DataFrame, index: str) -> "pd.Series[bool]":
    """Rows that the stock of an index counts: those that do not weaken, or that tighten; of export control, restrictions."""
    return (rows[f"{index}_sign"] >= (0 if index == "own_layer" else 1)) & ~rows["no_restriction"]


def _parts(live: pd.DataFrame, acts: pd.DataFrame, index: str) -> dict[str, pd.DataFrame]:
    """The rows each part of an index is made from: spells in force or unknown, and the acts announced."""
    side, known, sign = counts_in_stock(live, index), live["part"] == "in_force", f"{index}_sign"
    # In the index of foreign supply only acts that tighten or ease count.
    acts = acts[(acts[sign] != 0) | (index == "own_layer")]
    return {
        "stock": live[side & known],
        "opposed_stock": live[(live[sign] < 0) & known],
        "unknown_stock": live[side & ~known],
        "flow": acts[(acts[sign] != 0) & (acts["rubric"] > 0)],
        "weightless": acts[acts["rubric"] == 0],
    }


def stock_by_month(live: pd.DataFrame) -> pd.DataFrame:
    """Sum over processes of their heaviest measure, one column per set of weights."""
    return live.groupby(PROCESS)[list(WEIGHTS)].max().groupby(GROUP).sum()


def _flow(announced: pd.DataFrame, index: str, weights: str) -> pd.Series:
    ordered = announced.sort_values([weights, "announced", "event_id"])
    once = ordered.drop_duplicates(PROCESS, keep="last")
    return (once[weights] * once[f"{index}_sign"]).groupby([once[name] for name in GROUP]).sum()


def _indexed(weighed: Weighed, index: str, basis: str) -> pd.DataFrame:
    acts = weighed.acts[weighed.acts[basis]]
    if index == "foreign_supply":
        acts = acts[acts["foreign_supply_sign"] != 0]
    live = weighed.live[weighed.live["event_id"].isin(acts.index)]
    first = acts.groupby(["actor", "layer"], as_index=False)["first"].min()
    grid = first.merge(weighed.days["month"], how="cross").query("first <= month").sort_values(GROUP).set_index(GROUP)[[]]

    parts = _parts(live, acts.assign(month=acts["announced"].dt.strftime("%Y-%m")), index)
    counted = {
        "acts": parts["stock"],
        "undocumented": parts["stock"][parts["stock"]["undocumented"]],
        "opposed": parts["opposed_stock"],
        "unknown": parts["unknown_stock"],
        "announced": parts["flow"],
        "weightless": parts["weightless"],
    }
    for name, rows in counted.items():
        grid[name] = rows.groupby(GROUP).size()
    stock, opposed = stock_by_month(parts["stock"]), stock_by_month(parts["opposed_stock"])
    if_in_force = stock_by_month(live[counts_in_stock(live, index)])
    tables = []
    for weights in WEIGHTS:
        amounts = grid.assign(stock=stock[weights], opposed_stock=opposed[weights], flow=_flow(parts["flow"], index, weights))
        amounts["unknown_stock"] = if_in_force[weights].reindex(grid.index).fillna(0) - amounts["stock"].fillna(0)
        amounts = amounts.fillna(0)
        amounts["cumulative"] = amounts.groupby(["actor", "layer"])["flow"].cumsum()
        tables.append(amounts.reset_index().assign(weights=weights))
    return pd.concat(tables).assign(index=index, basis=basis)


def _acts_of(row: Key, tables: Tables) -> InputRows:
    """The acts that each part of a row is made from, one row per part and act; part stock has `acts` rows."""
    events = tables.load_table("policy_events")
    chosen = events[(events["actor"] == row["actor"]) & (events["layer"] == row["layer"])]
    weights = tables.load_table("instrument_weights")
    weighed = weighed_acts(chosen, tables.load_table("policy_status"), weights, row["as_of"])
    live = weighed.live[(weighed.live["month"] == row["month"]) & weighed.live[row["basis"]]]
    acts = weighed.acts[weighed.acts[row["basis"]] & (weighed.acts["announced"].dt.strftime("%Y-%m") == row["month"])]
    shown = ["event_id", "process", "announced_on", "instrument", "direction", "foreign_supply", "best_source", "title"]
    parts = _parts(live, acts, row["index"])
    by_part = pd.concat([pd.DataFrame({"part": part, "event_id": rows["event_id"]}) for part, rows in parts.items()])
    by_part = by_part.merge(events[shown], on="event_id")
    by_part.insert(2, "weight", by_part["event_id"].map(weighed.acts[str(row["weights"])]).astype("float64"))
    words = (
        f"acts of {row['layer']} by {row['actor']} ({row['basis']}) that each part of the row is made from; a process counts once"
    )
    return words, by_part.sort_values(["part", "announced_on", "event_id"])


LINEAGE: dict[tuple[str, str], Rule] = {("policy_stance", "policy_events"): _acts_of}
