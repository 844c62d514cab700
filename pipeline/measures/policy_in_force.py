"""The policy register as documents dated by a day then said, and the measures in force by month."""

import re
from collections.abc import Callable

import pandas as pd

from pipeline.errors import ReoError
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables

AS_OF = ("2025-10-15", "2026-11-24")
OFFICIAL = ("official", "official_copy")
COLUMNS = [
    "month", "layer", "actor", "as_of", "in_force", "in_force_official", "in_force_undocumented", "in_force_weakening",
    "processes", "begun", "ended",
]  # fmt: skip
NEVER = pd.Timestamp("2100-01-01")
# The coders read each act's own text for its status on this day.
STATUS_READ_ON = pd.Timestamp("2026-06-30")
STANDING = ("adopted", "in_force", "proposed", "suspended")
ENDED = ("expired", "replaced", "withdrawn")
ENDS = ("expired", "superseded", "repealed", "failed")
# A measure that stood so may stand again when its line has run out and no text says what came after.
MAY_STAND = ("in_force", "suspended")
Dating = Callable[["pd.Series[str]"], "pd.Series[pd.Timestamp]"]


def first_day(date: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    """First day of what is known: 2010 is 2010-01-01, 2010-07 is 2010-07-01; null stays null."""
    return pd.to_datetime(date, format="ISO8601")


def last_day(date: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    """Last day of what is known, which comparisons take: 2010 is 2010-12-31, 2010-07 is 2010-07-31; null stays null."""
    first = first_day(date)
    length = date.str.len()
    by_month = first.where(length == 10, first + pd.offsets.MonthEnd(0))
    return by_month.where(length != 4, first + pd.offsets.YearEnd(0))


def register_as_of(events: pd.DataFrame, status: pd.DataFrame, as_of: str, on: str | None = None) -> pd.DataFrame:
    """What documents dated by `as_of` said of the acts on the day `on`: policy_events rows with `status_as_of`.

    Two times are kept apart. `as_of` is document time: only acts announced and status lines documented by then are heard, each
    date at the last day it can mean. `on` is valid time, the day whose status is asked, `as_of` itself where not given; it is
    not later, for nothing heard by then says what came after. So as_of 2026-11-24, on 2025-10-15 is what is known now of that
    day, and as_of 2025-10-15 what was known on it. Acts announced after `on` are left out, unless a line has them stand then.

    `status_as_of` is that of the line that governs the day (see `spells`); `unknown` where no line is heard, none has begun, or
    the last one's valid_to has passed and no line says what came after. Acts without lines keep the coders' reading, as far as
    it can be dated: coded in_force, an act is `adopted` before it takes effect and `expired` after its end; coded with an end
    (expired, superseded, repealed, failed), it is `unknown` before ended_on, or where none is on record before 2026-06-30, the
    day the coders speak of; an act of instrument project_failure is an end itself. `status` is set to the same; an `ended_on`
    after `on`, or of an act with lines, none of which tells of an end, is left empty.

    The texts are those now in the register: earlier ones may yet be found. Titles, summaries, codes and `status_coded` are
    today's. Raises ReoError for a day that is none, or an `on` after `as_of`.
    """
    heard_by, day = _day(as_of, "as_of"), _day(on or as_of, "on")
    if day > heard_by:
        raise ReoError(
            f"on={on} is after as_of={as_of}", "ask for a day no later than the documents: those heard say nothing of later days"
        )
    lines = spells(status, as_of)
    governing = lines[(lines["begin"] <= day) & (day < lines["stop"])].set_index("event_id")["status"]
    announced = last_day(events["announced_on"])
    known = events[(announced <= heard_by) & ((announced <= day) | events["event_id"].isin(governing.index))].reset_index(
        drop=True
    )
    with_lines = known["event_id"].isin(status["event_id"])
    said = known["event_id"].map(governing).fillna("unknown").where(with_lines, _read_by_coders(known, day))
    told = said.isin(ENDED) | (~said.isin(STANDING) & known["event_id"].isin(lines.loc[lines["stop"] <= day, "event_id"]))
    ended = (last_day(known["ended_on"]) <= day) & (told | ~with_lines)
    return known.assign(
        status=said,
        status_as_of=said,
        ended_on=known["ended_on"].where(ended),
        ended_precision=known["ended_precision"].where(ended),
    )


def _day(text: str, name: str) -> pd.Timestamp:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        return pd.Timestamp(text)
    except ValueError as error:
        raise ReoError(f"{name}={text!r} is not a day", "write YYYY-MM-DD, such as 2025-10-15") from error


def _read_by_coders(events: pd.DataFrame, day: pd.Timestamp) -> "pd.Series[str]":
    """The coders' reading of each act as far as it can be told of a day from the act's own dates."""
    own, said = _own_dates(events), events["status_coded"]
    in_force, over = said == "in_force", said.isin(ENDS)
    over_from = last_day(events["ended_on"]).fillna(STATUS_READ_ON)
    over_from = over_from.mask(events["instrument"] == "project_failure", own["begin"])
    said = said.mask(in_force & (own["begin"] > day), "adopted").mask(in_force & (own["stop"] <= day), "expired")
    return said.mask(over & (over_from > day), "unknown")


def spells(status: pd.DataFrame, as_of: str, dated: Dating = last_day) -> pd.DataFrame:
    """From when to when each status held, as heard by `as_of`: event_id, status, first, begin, stop.

    `first` is the first day the start can mean; `begin`, and `stop`, the first day it no longer held, are `dated`. A line holds
    from the last day of its valid_from to the last day of its valid_to, or to the day before a later line's start, which
    overrides an equal valid_to; a line that would begin only when a later one has begun never holds. Of two lines of an act
    with one valid_from the later documented, then the later recorded, counts. A valid_to that only repeats the start of a line
    that is not heard yet is not known yet.
    """
    keys = ["event_id", "valid_from"]
    lines = status.assign(
        first=first_day(status["valid_from"]),
        begin=dated(status["valid_from"]),
        documented=last_day(status["documented_on"]),
        recorded=last_day(status["recorded_on"]),
        stop=(dated(status["valid_to"]) + pd.Timedelta(days=1)).fillna(NEVER),
    ).sort_values(["event_id", "first", "begin", "documented", "recorded"], kind="stable")
    heard = lines["documented"] <= pd.Timestamp(as_of)
    held = lines.groupby("event_id")
    of_next = ~heard.groupby(lines["event_id"]).shift(-1, fill_value=True)
    repeats = (held["begin"].shift(-1) - lines["stop"]).dt.days.isin([-1, 0])
    lines["stop"] = lines["stop"].mask(of_next & repeats, NEVER)
    lines = lines[heard].drop_duplicates(keys, keep="last")
    # The earliest start among later lines of the act.
    later = lines[::-1].groupby("event_id")["begin"].cummin()[::-1].groupby(lines["event_id"]).shift(-1)
    lines["stop"] = lines["stop"].where(lines["stop"] < later.fillna(NEVER), later.fillna(NEVER))
    columns = ["event_id", "status", "first", "begin", "stop"]
    return lines.loc[lines["begin"] < lines["stop"], columns].reset_index(drop=True)


def unknown_spells(status: pd.DataFrame, as_of: str, dated: Dating = last_day) -> pd.DataFrame:
    """From when to when no text heard by `as_of` says whether a measure stands: event_id, begin, stop.

    It was in force or suspended, its line has run out, and the next one, if any, cannot have begun yet: a line from "2016"
    may follow one to 2015 at once.
    """
    lines = spells(status, as_of, dated)
    following = lines.groupby("event_id")[["first", "begin"]].shift(-1).fillna(NEVER)
    open_ended = lines["status"].isin(MAY_STAND) & (lines["stop"] < following["first"])
    gaps = pd.DataFrame({"event_id": lines["event_id"], "begin": lines["stop"], "stop": following["begin"]})
    return gaps[open_ended].reset_index(drop=True)


def policy_in_force(policy_events: pd.DataFrame, policy_status: pd.DataFrame) -> pd.DataFrame:
    """Measures in force by month, layer, actor and as-of date (columns of PolicyInForce).

    A measure is an act of scope ree or broader that status lines put in force; or one without lines that the coders read as in
    force, unless a statement or a company's act: it counts from its effective, else its announced date, and apart as
    `in_force_undocumented`. An act that weakens its layer, such as an abolition, is in force too, and counted apart as
    `in_force_weakening`: the rest is what restricts, builds or funds. A suspension takes a measure out through the measure's own
    lines. Months run from the first in which a measure of the layer and actor came into force to the month of `as_of`, whose
    state is that of `as_of` itself.
    `begun` and `ended` count turns within the month: in_force = in_force of the month before + begun - ended.
    """
    return pd.concat([_in_force(policy_events, policy_status, as_of) for as_of in AS_OF], ignore_index=True)


def _own_dates(events: pd.DataFrame, dated: Dating = last_day) -> pd.DataFrame:
    begin = dated(events["effective_on"].fillna(events["announced_on"]))
    return pd.DataFrame({"begin": begin, "stop": (dated(events["ended_on"]) + pd.Timedelta(days=1)).fillna(NEVER)})


def words_only(events: pd.DataFrame) -> "pd.Series[bool]":
    """Acts that bind nobody by themselves: statements and acts of companies."""
    return events["legal_force"].isin(["statement", "company_act"]) | (events["instrument"] == "statement")


def measures_in_force(events: pd.DataFrame, status: pd.DataFrame, as_of: str, dated: Dating = last_day) -> pd.DataFrame:
    """When each measure was in force, by what is heard and has begun by `as_of`; touching spells are one.

    The one rule of what counts (see `policy_in_force`). A row a spell: event_id, run, process (the act itself where it stands
    alone), layer, actor, official, undocumented, weakening, begin, stop (the first day it was no longer in force).
    """
    known = events[(events["scope"] != "other") & (last_day(events["announced_on"]) <= pd.Timestamp(as_of))]
    documented = spells(status, as_of, dated).query("status == 'in_force'")
    documented = documented.merge(known, on="event_id", suffixes=("_line", "")).assign(undocumented=False)
    read = ~known["event_id"].isin(status["event_id"]) & (known["status_coded"] == "in_force") & ~words_only(known)
    alone = known[read].assign(undocumented=True, **_own_dates(known[read], dated))
    found = pd.concat([documented, alone], ignore_index=True).sort_values(["event_id", "begin"])
    found = found[(found["begin"] <= pd.Timestamp(as_of)) & (found["begin"] < found["stop"])]
    run = (found["begin"] != found.groupby("event_id")["stop"].shift()).cumsum().rename("run")
    return pd.DataFrame(
        found.assign(
            process=found["process"].fillna(found["event_id"]),
            official=found["best_source"].isin(OFFICIAL),
            weakening=found["direction"] == "weakens",
        )
        .groupby(["event_id", run, "process", "layer", "actor", "official", "undocumented", "weakening"], as_index=False)
        .agg(begin=("begin", "min"), stop=("stop", "max"))
    )


def month_days(first: pd.Timestamp, as_of: str) -> pd.DataFrame:
    """Months from that of `first` (none where it is missing) and the day on which each is counted: its last, or `as_of`."""
    until = pd.Timestamp(as_of)
    months = pd.PeriodIndex([], freq="M") if pd.isna(first) else pd.period_range(first, until, freq="M")
    last = months.end_time.normalize()
    return pd.DataFrame({"month": months.astype(str), "day": last.where(last < until, until)})


def _in_force(events: pd.DataFrame, status: pd.DataFrame, as_of: str) -> pd.DataFrame:
    group = ["layer", "actor", "month"]
    measures = measures_in_force(events, status, as_of)
    until = pd.Timestamp(as_of)
    days = month_days(measures["begin"].min(), as_of)
    first = measures.groupby(["layer", "actor"], as_index=False).agg(first=("begin", "min"))
    grid = first.merge(days, how="cross").query("first <= day").drop(columns=["first", "day"]).set_index(group)
    live = measures.merge(days, how="cross").query("begin <= day < stop")
    counted = live.groupby(group).agg(
        in_force=("event_id", "nunique"),
        in_force_official=("official", "sum"),
        in_force_undocumented=("undocumented", "sum"),
        in_force_weakening=("weakening", "sum"),
        processes=("process", "nunique"),
    )
    for name, day in (("begun", "begin"), ("ended", "stop")):
        turns = measures[measures[day] <= until]
        grid[name] = turns.groupby(["layer", "actor", turns[day].dt.strftime("%Y-%m").rename("month")]).size()
    table = grid.join(counted).fillna(0).astype("int64").reset_index().assign(as_of=as_of)
    return table[COLUMNS]


def _counted_day(row: Key) -> pd.Timestamp:
    return min(pd.Period(row["month"], freq="M").end_time.normalize(), pd.Timestamp(row["as_of"]))


def _acts_in_force(row: Key, tables: Tables) -> InputRows:
    """The acts that `in_force` of the row counts."""
    events, day = tables.load_table("policy_events"), _counted_day(row)
    measures = measures_in_force(events, tables.load_table("policy_status"), row["as_of"])
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
    words = f"of acts of {row['layer']} by {row['actor']}, in force on {day:%Y-%m-%d} as documents dated by {row['as_of']} say"
    return words, lines.assign(stop=lines["stop"].where(live["stop"] < NEVER, "open"))


LINEAGE: dict[tuple[str, str], Rule] = {
    ("policy_in_force", "policy_events"): _acts_in_force,
    ("policy_in_force", "policy_status"): _lines_in_force,
}
