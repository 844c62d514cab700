"""Policy measures in force by month."""

import pandas as pd

from pipeline.dates import last_day
from pipeline.measures.helpers import restrictions
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables
from pipeline.measures.helpers.register_as_of import NEVER, Dating, own_dates, spells
from pipeline.schemas import table as t
from pipeline.schemas.policy_in_force import PolicyInForce

# A day before the licence controls of October 2025 were widened, and the days on which the register was recorded.
AS_OF = ("2025-10-15", "2026-11-24", "2026-11-28")
OFFICIAL = ("official", "official_copy")
SPELL = ["process", "layer", "actor", "official", "copy", "undocumented", "weakening", "not_restricting"]
GROUP = ["layer", "actor", "month"]


def policy_in_force(policy_events: pd.DataFrame, policy_status: pd.DataFrame) -> pd.DataFrame:
    """Measures in force by month, layer, actor and as-of date (columns of PolicyInForce).

    A measure is an act of scope ree or broader that status lines put in force; or one without lines that the coders read as in
    force, unless a statement or a company's act: it counts from its effective, else its announced date, and is also counted in
    `in_force_undocumented`. An act that weakens its layer, such as an abolition, is no measure, nor is an act of layer
    export_control that restricts no exports (`restricts_exports`): in_force_weakening and in_force_not_restricting count them
    beside. A suspension takes a measure out of force through the measure's own status lines. Months run from the first in which
    an act of the layer and actor came into force to the month of `as_of`, whose state is that of `as_of` itself.

    `begun` and `ended` count changes within the month: in_force = in_force of the month before + begun - ended.
    """
    return pd.concat([_in_force(policy_events, policy_status, as_of) for as_of in AS_OF], ignore_index=True)


def words_only(events: pd.DataFrame) -> "pd.Series[bool]":
    """Acts without binding force of their own: statements and acts of companies."""
    return events["legal_force"].isin(["statement", "company_act"]) | (events["instrument"] == "statement")


def measures_in_force(events: pd.DataFrame, status: pd.DataFrame, as_of: str, dated: Dating = last_day) -> pd.DataFrame:
    """When each act of scope ree or broader was in force, by documents dated by `as_of` and begun by then.

    One row per spell, adjoining ones joined: event_id, run, process (the act itself where it has none), layer, actor, official,
    copy, undocumented, weakening, not_restricting, begin, stop (the first day it was no longer in force). An act that weakens,
    or is of export_control and restricts nothing, is in force and no measure (see `policy_in_force`).
    """
    return _spells_in_force(events[events["scope"] != "other"], status, as_of, dated)


def _spells_in_force(events: pd.DataFrame, status: pd.DataFrame, as_of: str, dated: Dating) -> pd.DataFrame:
    known = events[last_day(events["announced_on"]) <= pd.Timestamp(as_of)]
    documented = spells(status, as_of, dated).query("status == 'in_force'")
    documented = documented.merge(known, on="event_id", suffixes=("_line", "")).assign(undocumented=False)
    read = ~known["event_id"].isin(status["event_id"]) & (known["status_coded"] == "in_force") & ~words_only(known)
    coded = known[read].assign(undocumented=True, **own_dates(known[read], dated))
    found = pd.concat([documented, coded], ignore_index=True).sort_values(["event_id", "begin"])
    found = found[(found["begin"] <= pd.Timestamp(as_of)) & (found["begin"] < found["stop"])]
    run = (found["begin"] != found.groupby("event_id")["stop"].shift()).cumsum().rename("run")
    return pd.DataFrame(
        found.assign(
            process=found["process"].fillna(found["event_id"]),
            official=found["best_source"].isin(OFFICIAL),
            copy=found["best_source"] == "official_copy",
            weakening=found["direction"] == "weakens",
            not_restricting=restrictions.no_restriction(found) & (found["direction"] != "weakens"),
        )
        .groupby(["event_id", run, *SPELL], as_index=False)
        .agg(begin=("begin", "min"), stop=("stop", "max"))
    )


def month_days(first: pd.Timestamp, as_of: str) -> pd.DataFrame:
    """Months from that of `first` (none where it is missing) and the day on which each is counted: its last, or `as_of`."""
    until = pd.Timestamp(as_of)
    months = pd.PeriodIndex([], freq="M") if pd.isna(first) else pd.period_range(first, until, freq="M")
    last = months.end_time.normalize()
    return pd.DataFrame({"month": months.astype(str), "day": last.where(last < until, until)})


def _in_force(events: pd.DataFrame, status: pd.DataFrame, as_of: str) -> pd.DataFrame:
    acts = measures_in_force(events, status, as_of)
    measures = acts[~acts["weakening"] & ~acts["not_restricting"]]
    beside = {
        "in_force_weakening": acts[acts["weakening"]],
        "in_force_not_restricting": acts[acts["not_restricting"]],
        "restrictions": measures[measures["layer"] == "export_control"],
        "restrictions_other_minerals": _spells_in_force(
            events[restrictions.restricts_other_minerals(events)], status, as_of, last_day
        ),
        "suspended": _suspended(events, status, as_of),
    }
    every = pd.concat([acts, *beside.values()], ignore_index=True)
    until, days = pd.Timestamp(as_of), month_days(every["begin"].min(), as_of)
    first = every.groupby(["layer", "actor"], as_index=False).agg(first=("begin", "min"))
    grid = first.merge(days, how="cross").query("first <= day").drop(columns=["first", "day"]).set_index(GROUP)
    counted = (
        _live(measures, days)
        .groupby(GROUP)
        .agg(
            in_force=("event_id", "nunique"),
            in_force_official=("official", "sum"),
            in_force_official_copy=("copy", "sum"),
            in_force_undocumented=("undocumented", "sum"),
            processes=("process", "nunique"),
        )
    )
    for name, spell in beside.items():
        grid[name] = _live(spell, days).groupby(GROUP)["event_id"].nunique()
    for name, day in (("begun", "begin"), ("ended", "stop")):
        changes = measures[measures[day] <= until]
        grid[name] = changes.groupby(["layer", "actor", changes[day].dt.strftime("%Y-%m").rename("month")]).size()
    return t.frame(PolicyInForce, grid.join(counted).fillna(0).reset_index().assign(as_of=as_of))


def _live(spell: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    """Spells by the months on whose counted day they ran."""
    return spell.merge(days, how="cross").query("begin <= day < stop")


def _suspended(events: pd.DataFrame, status: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """When restrictions of rare earths were suspended: event_id, layer, actor, begin, stop."""
    held = events[restrictions.restricts_exports(events) & (events["scope"] != "other")]
    lines = spells(status, as_of).query("status == 'suspended' and begin <= @as_of")
    return lines.merge(held[["event_id", "layer", "actor"]], on="event_id")[["event_id", "layer", "actor", "begin", "stop"]]


def _counted_day(row: Key) -> pd.Timestamp:
    return min(pd.Period(row["month"], freq="M").end_time.normalize(), pd.Timestamp(row["as_of"]))


def _acts_in_force(row: Key, tables: Tables) -> InputRows:
    """The acts that `in_force` of the row counts."""
    events, day = tables.load_table("policy_events"), _counted_day(row)
    measures = measures_in_force(events, tables.load_table("policy_status"), row["as_of"])
    measures = measures[~measures["weakening"] & ~measures["not_restricting"]]
    live = measures.query("layer == @row['layer'] and actor == @row['actor'] and begin <= @day < stop")["event_id"]
    shown = ["event_id", "announced_on", "effective_on", "ended_on", "status_coded", "best_source", "title"]
    words = f"acts of {row['layer']} by {row['actor']} in force on {day:%Y-%m-%d}: by a status line, else by their own dates"
    return words, events.loc[events["event_id"].isin(live), shown].sort_values(["announced_on", "event_id"])


def _lines_in_force(row: Key, tables: Tables) -> InputRows:
    _which, acts = _acts_in_force(row, tables)
    day = _counted_day(row)
    live = spells(tables.load_table("policy_status"), row["as_of"]).query("status == 'in_force' and begin <= @day < stop")
    live = live.drop(columns="first")
    live = live[live["event_id"].isin(acts["event_id"])].sort_values(["begin", "event_id"])
    lines = live.assign(begin=live["begin"].dt.strftime("%Y-%m-%d"), stop=live["stop"].dt.strftime("%Y-%m-%d"))
    words = f"of acts of {row['layer']} by {row['actor']}, in force on {day:%Y-%m-%d} by documents dated by {row['as_of']}"
    return words, lines.assign(stop=lines["stop"].where(live["stop"] < NEVER, "open"))


LINEAGE: dict[tuple[str, str], Rule] = {
    ("policy_in_force", "policy_events"): _acts_in_force,
    ("policy_in_force", "policy_status"): _lines_in_force,
}
