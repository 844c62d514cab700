"""The policy register in two times: `as_of` is transaction (knowledge) time, `on` is valid time."""

from collections.abc import Callable
from datetime import date

import pandas as pd

from pipeline.dates import first_day, is_day, last_day
from pipeline.errors import ReoError

NEVER = pd.Timestamp("2100-01-01")
# The day for which the coders coded each act's status from its own text.
CODED_FOR = pd.Timestamp("2026-06-30")
STANDING = ("adopted", "in_force", "proposed", "suspended")
ENDED = ("expired", "replaced", "withdrawn", "failed")
ENDS = ("expired", "superseded", "repealed", "failed")
# A measure with such a status may still be in force once its line has run out without a successor.
MAY_CONTINUE = ("in_force", "suspended")
Dating = Callable[["pd.Series[str]"], "pd.Series[pd.Timestamp]"]


def register_as_of(events: pd.DataFrame, status: pd.DataFrame, as_of: str | date, on: str | date | None = None) -> pd.DataFrame:
    """The acts with their status on the day `on`, from documents dated by `as_of`: policy_events rows with `status_as_of`.

    `as_of` is transaction (knowledge) time: only acts announced and status lines documented by then count, each date at the
    last day it can mean. `on` is valid time, the day whose status is asked: `as_of` itself where not given, and never later,
    since the documents of a day do not establish what came after. So as_of 2026-11-24, on 2025-10-15 is what is known now of
    that day, and as_of 2025-10-15 what was known on it. Acts announced after `on` are left out, unless a line covers that day.

    `status_as_of` is that of the line that governs the day (see `spells`); `unknown` where no line is documented by `as_of`, none
    has begun, or the last one's valid_to has passed without a successor. Acts without lines keep the coded status, as far as it
    can be dated: coded in_force, an act is `adopted` before it takes effect and `expired` after its end; coded with an end
    (expired, superseded, repealed, failed), it is `unknown` before ended_on, or where none is on record before 2026-06-30, the
    day for which the status was coded; an act of instrument project_failure is an end itself. `status` is set to the same. An
    `ended_on` after `on`, or of an act with lines, none of which is an end, is left empty.

    The register was first recorded on 2026-11-24. As of that day or a later one, only lines recorded by then count; as of an
    earlier day, all that are documented by then. The documents are those now in the register: earlier ones may still be found.
    Titles, summaries, codes and `status_coded` are
    today's. Raises ReoError for an invalid day, or an `on` after `as_of`.
    """
    known_by, day = _day(as_of, "as_of"), _day(on or as_of, "on")
    if day > known_by:
        raise ReoError(
            f"on={on} is after as_of={as_of}",
            "ask for a day no later than as_of: documents dated by then do not establish later days",
        )
    lines = spells(status, f"{known_by:%Y-%m-%d}")
    governing = lines[(lines["begin"] <= day) & (day < lines["stop"])].set_index("event_id")["status"]
    announced = last_day(events["announced_on"])
    known = events[(announced <= known_by) & ((announced <= day) | events["event_id"].isin(governing.index))].reset_index(
        drop=True
    )
    with_lines = known["event_id"].isin(status["event_id"])
    stated = known["event_id"].map(governing).fillna("unknown").where(with_lines, _coded_status(known, day))
    over = stated.isin(ENDED) | (~stated.isin(STANDING) & known["event_id"].isin(lines.loc[lines["stop"] <= day, "event_id"]))
    ended = (last_day(known["ended_on"]) <= day) & (over | ~with_lines)
    return known.assign(
        status=stated,
        status_as_of=stated,
        ended_on=known["ended_on"].where(ended),
        ended_precision=known["ended_precision"].where(ended),
    )


def _day(given: str | date, name: str) -> pd.Timestamp:
    text = f"{given:%Y-%m-%d}" if isinstance(given, date) else given
    if not isinstance(text, str) or not is_day(text):
        raise ReoError(f"{name}={text!r} is not a day", "write YYYY-MM-DD, such as 2025-10-15")
    return pd.Timestamp(text)


def _coded_status(events: pd.DataFrame, day: pd.Timestamp) -> "pd.Series[str]":
    """The coded status of each act on a day, as far as the act's own dates allow."""
    own, coded = own_dates(events), events["status_coded"]
    in_force, over = coded == "in_force", coded.isin(ENDS)
    over_from = last_day(events["ended_on"]).fillna(CODED_FOR)
    over_from = over_from.mask(events["instrument"] == "project_failure", own["begin"])
    coded = coded.mask(in_force & (own["begin"] > day), "adopted").mask(in_force & (own["stop"] <= day), "expired")
    return coded.mask(over & (over_from > day), "unknown")


def spells(status: pd.DataFrame, as_of: str, dated: Dating = last_day) -> pd.DataFrame:
    """Spells of each status, from documents dated by `as_of`: event_id, status, first, begin, stop.

    `first` is the first day the start can mean; `begin`, and `stop`, the first day it no longer held, are `dated`. A line holds
    from the last day of its valid_from to the last day of its valid_to, or to the day before a later line's start, which
    overrides an equal valid_to; a line that would begin only when a later one has begun never holds. Of two lines of an act
    with one valid_from the later documented, then the later recorded, counts. From the register's first day on, a line recorded
    after `as_of` does not count either: what the register said that day does not change. A valid_to that only repeats the start
    of a line that is not documented yet is not known yet.
    """
    keys = ["event_id", "valid_from"]
    lines = _recorded_by(status, as_of)
    lines = lines.assign(
        first=first_day(lines["valid_from"]),
        begin=dated(lines["valid_from"]),
        documented=last_day(lines["documented_on"]),
        recorded=last_day(lines["recorded_on"]),
        stop=(dated(lines["valid_to"]) + pd.Timedelta(days=1)).fillna(NEVER),
    ).sort_values(["event_id", "first", "begin", "documented", "recorded"], kind="stable")
    known = lines["documented"] <= pd.Timestamp(as_of)
    held = lines.groupby("event_id")
    of_next = ~known.groupby(lines["event_id"]).shift(-1, fill_value=True)
    repeats = (held["begin"].shift(-1) - lines["stop"]).dt.days.isin([-1, 0])
    lines["stop"] = lines["stop"].mask(of_next & repeats, NEVER)
    lines = lines[known].drop_duplicates(keys, keep="last")
    # The earliest start among later lines of the act.
    later = lines[::-1].groupby("event_id")["begin"].cummin()[::-1].groupby(lines["event_id"]).shift(-1)
    lines["stop"] = lines["stop"].where(lines["stop"] < later.fillna(NEVER), later.fillna(NEVER))
    columns = ["event_id", "status", "first", "begin", "stop"]
    return lines.loc[lines["begin"] < lines["stop"], columns].reset_index(drop=True)


def _recorded_by(status: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """The lines that the register had on a day; before its first day all, for then only the dates of documents count."""
    recorded = last_day(status["recorded_on"])
    return status[(recorded <= pd.Timestamp(as_of)) | (pd.Timestamp(as_of) < recorded.min())]


def unknown_spells(status: pd.DataFrame, as_of: str, dated: Dating = last_day) -> pd.DataFrame:
    """Spells in which no document dated by `as_of` establishes whether a measure is in force: event_id, begin, stop.

    It was in force or suspended, its line has run out, and the next one, if any, cannot have begun yet: a line from "2016"
    may follow one to 2015 at once.
    """
    lines = spells(status, as_of, dated)
    following = lines.groupby("event_id")[["first", "begin"]].shift(-1).fillna(NEVER)
    open_ended = lines["status"].isin(MAY_CONTINUE) & (lines["stop"] < following["first"])
    gaps = pd.DataFrame({"event_id": lines["event_id"], "begin": lines["stop"], "stop": following["begin"]})
    return gaps[open_ended].reset_index(drop=True)


def own_dates(events: pd.DataFrame, dated: Dating = last_day) -> pd.DataFrame:
    begin = dated(events["effective_on"].fillna(events["announced_on"]))
    return pd.DataFrame({"begin": begin, "stop": (dated(events["ended_on"]) + pd.Timedelta(days=1)).fillna(NEVER)})
