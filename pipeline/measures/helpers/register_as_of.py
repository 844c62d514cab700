"""The policy register as documents dated by a day then said: from when to when each status held."""

from collections.abc import Callable

import pandas as pd

from pipeline.dates import first_day, is_day, last_day
from pipeline.errors import ReoError

NEVER = pd.Timestamp("2100-01-01")
# The coders read each act's own text for its status on this day.
STATUS_READ_ON = pd.Timestamp("2026-06-30")
STANDING = ("adopted", "in_force", "proposed", "suspended")
ENDED = ("expired", "replaced", "withdrawn")
ENDS = ("expired", "superseded", "repealed", "failed")
# A measure that stood so may stand again when its line has run out and no text says what came after.
MAY_STAND = ("in_force", "suspended")
Dating = Callable[["pd.Series[str]"], "pd.Series[pd.Timestamp]"]


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
    if not is_day(text):
        raise ReoError(f"{name}={text!r} is not a day", "write YYYY-MM-DD, such as 2025-10-15")
    return pd.Timestamp(text)


def _read_by_coders(events: pd.DataFrame, day: pd.Timestamp) -> "pd.Series[str]":
    """The coders' reading of each act as far as it can be told of a day from the act's own dates."""
    own, said = own_dates(events), events["status_coded"]
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


def own_dates(events: pd.DataFrame, dated: Dating = last_day) -> pd.DataFrame:
    begin = dated(events["effective_on"].fillna(events["announced_on"]))
    return pd.DataFrame({"begin": begin, "stop": (dated(events["ended_on"]) + pd.Timedelta(days=1)).fillna(NEVER)})
