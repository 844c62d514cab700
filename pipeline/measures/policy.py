"""The policy register as documents dated by a day then said, and the measures in force by month."""

import pandas as pd

AS_OF = ("2025-10-15", "2026-11-24")
OFFICIAL = ("official", "official_copy")
COLUMNS = [
    "month", "layer", "actor", "as_of", "in_force", "in_force_official", "in_force_undocumented", "processes", "begun", "ended",
]  # fmt: skip
NEVER = pd.Timestamp("2100-01-01")


def first_day(date: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    """First day of what is known: 2010 is 2010-01-01, 2010-07 is 2010-07-01; null stays null."""
    return pd.to_datetime(date, format="ISO8601")


def last_day(date: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    """Last day of what is known, which comparisons take: 2010 is 2010-12-31, 2010-07 is 2010-07-31; null stays null."""
    first = first_day(date)
    length = date.str.len()
    by_month = first.where(length == 10, first + pd.offsets.MonthEnd(0))
    return by_month.where(length != 4, first + pd.offsets.YearEnd(0))


def register_as_of(events: pd.DataFrame, status: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """The register as documents dated by `as_of` (YYYY-MM-DD) then said: policy_events rows with `status_as_of`.

    An act is in it when the last day of its announced_on is not later. Only status lines whose documented_on is not later are
    heard. `status_as_of` is the status of the line that governs that day (see `spells`); `unknown` where no line is heard, none
    has begun, or the last one's valid_to has passed and no line says what came after. Acts without lines keep the coders'
    reading, but an act coded in_force is `adopted` before it takes effect and `expired` after its end. `status` is set to the
    same; an `ended_on` after the day is left empty. The documents are those now in the register: earlier ones may yet be found.
    """
    day = pd.Timestamp(as_of)
    known = events[last_day(events["announced_on"]) <= day].reset_index(drop=True)
    lines = spells(status, as_of)
    governing = lines[(lines["begin"] <= day) & (day < lines["stop"])].set_index("event_id")["status"]
    own = _own_dates(known)
    without_lines = ~known["event_id"].isin(status["event_id"])
    in_force = without_lines & (known["status_coded"] == "in_force")
    said = known["event_id"].map(governing).fillna("unknown").where(~without_lines, known["status_coded"])
    said = said.mask(in_force & (own["begin"] > day), "adopted").mask(in_force & (own["stop"] <= day), "expired")
    ended = last_day(known["ended_on"]) <= day
    return known.assign(
        status=said,
        status_as_of=said,
        ended_on=known["ended_on"].where(ended),
        ended_precision=known["ended_precision"].where(ended),
    )


def spells(status: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """From when to when each status held, as heard by `as_of`: event_id, status, begin, stop (the first day it no longer held).

    A line holds from the last day of its valid_from to the last day of its valid_to, or to the day before a later line's start,
    which overrides an equal valid_to; a line that would begin only when a later one has begun never holds. Of two lines of an
    act with one valid_from the later documented, then the later recorded, counts. A valid_to that only repeats the start of a
    line that is not heard yet is not known yet.
    """
    keys = ["event_id", "valid_from"]
    lines = status.assign(
        first=first_day(status["valid_from"]),
        begin=last_day(status["valid_from"]),
        documented=last_day(status["documented_on"]),
        recorded=last_day(status["recorded_on"]),
        stop=(last_day(status["valid_to"]) + pd.Timedelta(days=1)).fillna(NEVER),
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
    return lines.loc[lines["begin"] < lines["stop"], ["event_id", "status", "begin", "stop"]].reset_index(drop=True)


def policy_in_force(policy_events: pd.DataFrame, policy_status: pd.DataFrame) -> pd.DataFrame:
    """Measures in force by month, layer, actor and as-of date (columns of PolicyInForce).

    A measure is an act of scope ree or broader that status lines put in force; or one without lines that the coders read as in
    force, unless a statement or a company's act: it counts from its effective, else its announced date, and apart as
    `in_force_undocumented`. A suspension takes a measure out through the measure's own lines. Months run from the first in
    which a measure of the layer and actor came into force to the month of `as_of`, whose state is that of `as_of` itself.
    `begun` and `ended` count turns within the month: in_force = in_force of the month before + begun - ended.
    """
    return pd.concat([_in_force(policy_events, policy_status, as_of) for as_of in AS_OF], ignore_index=True)


def _own_dates(events: pd.DataFrame) -> pd.DataFrame:
    begin = last_day(events["effective_on"].fillna(events["announced_on"]))
    return pd.DataFrame({"begin": begin, "stop": (last_day(events["ended_on"]) + pd.Timedelta(days=1)).fillna(NEVER)})


def _measures(events: pd.DataFrame, status: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Spells in force begun by `as_of`, of the acts that count, with what is counted about them; touching spells are one."""
    known = events[(events["scope"] != "other") & (last_day(events["announced_on"]) <= pd.Timestamp(as_of))]
    documented = spells(status, as_of).query("status == 'in_force'")
    documented = documented.merge(known, on="event_id", suffixes=("_line", "")).assign(undocumented=False)
    words = known["legal_force"].isin(["statement", "company_act"]) | (known["instrument"] == "statement")
    alone = known[~known["event_id"].isin(status["event_id"]) & (known["status_coded"] == "in_force") & ~words]
    alone = alone.assign(undocumented=True, **_own_dates(alone))
    found = pd.concat([documented, alone], ignore_index=True).sort_values(["event_id", "begin"])
    found = found[(found["begin"] <= pd.Timestamp(as_of)) & (found["begin"] < found["stop"])]
    run = (found["begin"] != found.groupby("event_id")["stop"].shift()).cumsum().rename("run")
    return pd.DataFrame(
        found.assign(process=found["process"].fillna(found["event_id"]), official=found["best_source"].isin(OFFICIAL))
        .groupby(["event_id", run, "process", "layer", "actor", "official", "undocumented"], as_index=False)
        .agg(begin=("begin", "min"), stop=("stop", "max"))
    )


def _in_force(events: pd.DataFrame, status: pd.DataFrame, as_of: str) -> pd.DataFrame:
    group = ["layer", "actor", "month"]
    measures = _measures(events, status, as_of)
    until = pd.Timestamp(as_of)
    first = measures.groupby(["layer", "actor"], as_index=False).agg(first=("begin", "min"))
    months = pd.period_range(first["first"].min(), until, freq="M") if len(first) else pd.PeriodIndex([], freq="M")
    days = pd.DataFrame({"month": months.astype(str), "day": months.end_time.normalize()})
    days["day"] = days["day"].where(days["day"] < until, until)
    grid = first.merge(days, how="cross").query("first <= day").drop(columns=["first", "day"]).set_index(group)
    live = measures.merge(days, how="cross").query("begin <= day < stop")
    counted = live.groupby(group).agg(
        in_force=("event_id", "nunique"),
        in_force_official=("official", "sum"),
        in_force_undocumented=("undocumented", "sum"),
        processes=("process", "nunique"),
    )
    for name, day in (("begun", "begin"), ("ended", "stop")):
        turns = measures[measures[day] <= until]
        grid[name] = turns.groupby(["layer", "actor", turns[day].dt.strftime("%Y-%m").rename("month")]).size()
    table = grid.join(counted).fillna(0).astype("int64").reset_index().assign(as_of=as_of)
    return table[COLUMNS]
