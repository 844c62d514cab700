"""The register of policy acts: the acts with their settled codes, and the status history of continuing measures."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pandas as pd

from pipeline import dates
from pipeline.dates import first_day, last_day, precisions
from pipeline.intake import country_names, lock, transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import nulls
from pipeline.schemas.policy_events import ACTOR_KINDS, CODES, CONTENTS, OFFERS
from pipeline.schemas.policy_status import STATUS_RECORDED
from pipeline.schemas.vocabularies import ACT_STAGES, ELEMENTS, KINDS_OF_TEXT

EVENTS = [
    "event_id", "process", "process_role", "announced_on", "date_precision", "effective_on", "ended_on", "actor",
    "counterparty", "layer", "direction", "foreign_supply", "instrument", "legal_force", "status", "scope", "reach",
    "stage", "elements", "title", "summary", "confidence", "best_source",
    "actor_kind", "offer", "content",
]  # fmt: skip
STATUS = [
    "event_id", "status", "valid_from", "valid_from_precision", "valid_to", "documented_on", "recorded_on",
    "superseded_by", "reason",
]  # fmt: skip
COOPERATION = {"actor_kind": ACTOR_KINDS, "offer": OFFERS, "content": CONTENTS}
# Vocabularies of single words beside the codes.
WORDS: dict[str, Sequence[str]] = {
    **CODES,
    "process_role": ("only", "start", "step", "end"),
    "confidence": ("high", "medium", "low"),
    "best_source": KINDS_OF_TEXT,
}
# Who acts or is acted on besides the countries of ISO 3166-1.
ACTORS = ("EUU", "WTO")
QUOTAS = ("export_quota", "production_quota")
# Announced is at times the day of publication or of the report of an act that had begun shortly before.
REPORTED_LATE = timedelta(days=31)
OVER = ("expired", "superseded", "repealed", "failed")
# A text can report an act before its announcement (a leak, a draft): then the line's reason says so, beginning with these words.
BEFORE_ANNOUNCEMENT = "before the announcement:"


def policy_events(policy_register: SourceFiles) -> pd.DataFrame:
    """The acts, dates as far as known, with the status they have now.

    `status` is that of the latest line of `policy_status` that has begun (its start, taken at the last day of what is known, is
    not after the day of the register's newest entry), for a line holds until the next one starts. A line whose own end has
    passed with no line after it says nothing of today: there the coders' reading stands if it names an end (expired,
    superseded, repealed, failed), else the status is unknown. Acts without a line begun have the coders' reading.

    Raises SourceError naming the act for an invalid date, dates in an order that cannot be (see `_check_order`), and an act
    of cooperation without actor_kind, offer and content, or another act with one of them.
    """
    file = policy_register.path("events.csv")
    frame = transcribed.read(file, EVENTS)
    for column in ("announced_on", "effective_on", "ended_on"):
        _check_dates(file, frame, column, empty=column != "announced_on")
    _check_precision(file, frame, "announced_on", "date_precision")
    _check_words(file, frame)
    _no_later(file, frame, "announced_on", lock.latest_day(), "today")
    for column in ("effective_on", "ended_on"):
        _no_later(file, frame, column, dates.horizon(lock.latest_day()), "what an act can be on record for")
    lines = _lines(policy_register)
    _check_order(file, frame, lines)
    _check_cooperation(file, frame)
    events = frame.assign(
        status_coded=frame["status"],
        status=_status_now(frame, lines),
        announced_precision=precisions(frame["announced_on"]),
        effective_precision=precisions(frame["effective_on"]),
        ended_precision=precisions(frame["ended_on"]),
        **{c: nulls(frame[c]) for c in ("process", "effective_on", "ended_on", "counterparty", *COOPERATION)},
    )
    return events.drop(columns="date_precision")


def policy_status(policy_register: SourceFiles) -> pd.DataFrame:
    """The status history, one row a line. Raises SourceError naming file, row and act.

    Refused are an invalid date; a line or a `superseded_by` that names no act, or an act superseded by itself or by one
    announced more than 31 days after; an end before its start; in force before the act; a suspension of what did not stand just
    before; a text dated before the act (unless the reason begins "before the announcement:", or a later recorded line corrects
    it), or after the line was recorded.
    """
    file = policy_register.path("status.csv")
    lines = _lines(policy_register)
    acts = transcribed.read(policy_register.path("events.csv"), EVENTS).drop_duplicates("event_id").set_index("event_id")
    for column in ("event_id", "superseded_by"):
        unknown = ~lines[column].isin([*acts.index, *([""] if column == "superseded_by" else [])])
        refuse(file, lines, column, unknown, "names no act of events.csv", "correct the name, or add the act")
    itself = lines["superseded_by"] == lines["event_id"]
    refuse(file, lines, "superseded_by", itself, "is the act itself", "name the act that changed it")
    ends_first = last_day(lines["valid_to"]) < first_day(lines["valid_from"])
    refuse(file, lines, "valid_to", ends_first, "is before valid_from", "correct one of the two dates")
    why = "follows no line adopted, in_force or suspended: it suspends nothing"
    refuse(file, lines, "status", _suspended_from_nothing(lines), why, "add the line it suspends")
    _check_against_acts(file, lines, acts)
    return lines.assign(**{c: nulls(lines[c]) for c in ("valid_to", "superseded_by", "reason")})


def _lines(policy_register: SourceFiles) -> pd.DataFrame:
    file = policy_register.path("status.csv")
    lines = transcribed.read(file, STATUS)
    for column in ("valid_from", "valid_to", "documented_on", "recorded_on"):
        _check_dates(file, lines, column, empty=column == "valid_to")
    _check_precision(file, lines, "valid_from", "valid_from_precision")
    for column in ("documented_on", "recorded_on"):
        _no_later(file, lines, column, lock.latest_day(), "today")
    for column in ("valid_from", "valid_to"):
        _no_later(file, lines, column, dates.horizon(lock.latest_day()), "what an act can be on record for")
    unknown = ~lines["status"].isin(STATUS_RECORDED)
    _refuse_words(file, lines, "status", unknown, "is not an allowed value of this column", STATUS_RECORDED)
    return lines


def _check_words(file: Path, frame: pd.DataFrame) -> None:
    """Every word of a column with a vocabulary, one in a cell or several joined by ;, and what must not be empty."""
    for column in ("event_id", "title", "summary", "actor", "stage", "elements"):
        refuse(file, frame, column, frame[column] == "", "is empty", "write what the guide docs/add-an-act.md says")
    transcribed.one_spelling(file, frame, ["event_id"])
    for column, known in WORDS.items():
        unknown = ~frame[column].isin(known)
        _refuse_words(file, frame, column, unknown, "is not an allowed value of this column", known)
    countries = [*country_names.converter().data["ISO3"], *ACTORS]
    for column, known in (("stage", ACT_STAGES), ("elements", ELEMENTS), ("counterparty", countries), ("actor", countries)):
        unknown = frame[column].map(lambda cell, known=known: cell != "" and not _words_once(cell, known)).astype("bool")
        _refuse_words(file, frame, column, unknown, "is not a list of allowed words, each once, joined by ;", known)
    alone = frame["actor"].str.contains(";", regex=False)
    refuse(file, frame, "actor", alone, "is more than one actor", "enter an act for each, or the one that acts")


def _words_once(cell: str, known: Sequence[str]) -> bool:
    words = cell.split(";")
    return set(words) <= set(known) and len(set(words)) == len(words)


def _refuse_words(file: Path, frame: pd.DataFrame, column: str, bad: pd.Series, why: str, known: Sequence[str]) -> None:
    near = {n: None for cell in frame.loc[bad, column] for word in cell.split(";") for n in _near(word, known)}
    known_words = "join words that other rows have by ; alone, without spaces"
    remedy = f"write {' or '.join(list(near)[:3])}? {known_words}" if near else known_words
    refuse(file, frame, column, bad, why, remedy)


def _near(word: str, known: Sequence[str]) -> list[str]:
    return [] if word in known else transcribed.nearest(word.strip(" ,"), known, 1)


def _no_later(file: Path, frame: pd.DataFrame, column: str, ceiling: str, what: str) -> None:
    late = dates.after(frame[column], ceiling)
    refuse(file, frame, column, late, f"is after {what} ({ceiling})", "correct the date")


def _check_dates(file: Path, frame: pd.DataFrame, column: str, empty: bool) -> None:
    bad = ~frame[column].map(dates.is_date).astype(bool) & ~((frame[column] == "") & empty)
    refuse(file, frame, column, bad, "is not a date", dates.REMEDY)


def _check_precision(file: Path, frame: pd.DataFrame, date: str, column: str) -> None:
    bad = frame[column] != precisions(frame[date])
    refuse(file, frame, column, bad, f"does not fit {date} as written", "write the date as exactly as it is known, and no more")


def _check_order(file: Path, frame: pd.DataFrame, lines: pd.DataFrame) -> None:
    """Dates that cannot follow one another.

    An act takes effect before it is announced only as a quota for a period of the same year, whose start is nominal, or at most
    31 days, where the announcement is a publication or report. It ends before it takes effect only if it never did: superseded,
    repealed, failed, or replaced or withdrawn by its status history.
    """
    started = frame["effective_on"] != ""
    early = started & _long_before(frame["effective_on"].where(started, frame["announced_on"]), frame["announced_on"])
    quota = _quota_of_that_year(frame, frame["effective_on"])
    why = "is before announced_on, by more than a month and not as a quota of that year"
    refuse(file, frame, "effective_on", early & ~quota, why, "correct one of the two dates")

    before = last_day(frame["ended_on"]) < first_day(frame["announced_on"])
    refuse(file, frame, "ended_on", before, "is before announced_on", "correct one of the two dates")
    undone = frame["status"].isin(["superseded", "repealed", "failed"])
    undone |= frame["event_id"].isin(list(lines.loc[lines["status"].isin(["replaced", "withdrawn"]), "event_id"]))
    never = last_day(frame["ended_on"]) < first_day(frame["effective_on"])
    why = "is before effective_on of an act that was neither replaced nor withdrawn"
    refuse(file, frame, "ended_on", never & ~undone, why, "correct one of the two dates, or its status")


def _check_cooperation(file: Path, frame: pd.DataFrame) -> None:
    """Who, which way and what: asked of every act of cooperation, and of no other."""
    cooperation = frame["layer"] == "cooperation_incentive"
    for column, words in COOPERATION.items():
        empty = frame[column] == ""
        refuse(file, frame, column, cooperation & empty, "is empty", f"it is cooperation: use one of {', '.join(words)}")
        why = "is given, and the act is no cooperation"
        refuse(file, frame, column, ~cooperation & ~empty, why, "leave the cell empty, or correct the layer")
        unknown = ~empty & ~frame[column].map(lambda cell, known=words: set(cell.split(";")) <= set(known))
        if column != "content":
            unknown |= frame[column].str.contains(";")
        refuse(file, frame, column, unknown, "is not a word this column knows", f"use one of: {', '.join(words)}")


def _check_against_acts(file: Path, lines: pd.DataFrame, acts: pd.DataFrame) -> None:
    """Lines whose dates contradict those of the act they are of, or of the act that made the change."""
    own = acts.loc[lines["event_id"]].reset_index(drop=True)
    in_force = lines["status"] == "in_force"
    quota = _quota_of_that_year(own, lines["valid_from"])
    for column in ("announced_on", "effective_on"):
        early = _long_before(lines["valid_from"], own[column].where(own[column] != "", lines["valid_from"]))
        why = f"has it in force before its {column}, by more than a month and not as a quota of that year"
        refuse(file, lines, "valid_from", in_force & early & ~quota, why, "correct the date, or the act's in events.csv")

    named = lines["superseded_by"] != ""
    by = lines["superseded_by"].map(acts["announced_on"]).where(named, lines["valid_from"])
    why = "was announced more than a month after the change it is said to have made"
    late = named & _long_before(lines["valid_from"], by)
    refuse(file, lines, "superseded_by", late, why, "name the act that made it, or correct valid_from")

    explained = lines["reason"].str.startswith(BEFORE_ANNOUNCEMENT)
    # Lines are never changed: one written when the act had another date stands, once a later line of the act has corrected it.
    corrected = lines["recorded_on"] < lines.groupby("event_id")["recorded_on"].transform("max")
    foretold = (last_day(lines["documented_on"]) < first_day(own["announced_on"])) & ~explained & ~corrected
    remedy = f"correct one of the two dates; if a text did report it before, begin the reason with {BEFORE_ANNOUNCEMENT!r}"
    refuse(file, lines, "documented_on", foretold, "is before the act was announced", remedy)
    unread = last_day(lines["recorded_on"]) < first_day(lines["documented_on"])
    refuse(
        file, lines, "recorded_on", unread, "is before documented_on: nobody had read that text", "correct one of the two dates"
    )


def _long_before(starts: pd.Series, others: pd.Series) -> pd.Series:
    """Whether a date, at the last day it can mean, is more than 31 days before another, at the first day that one can mean."""
    return first_day(others) - last_day(starts) > REPORTED_LATE


def _quota_of_that_year(acts: pd.DataFrame, starts: pd.Series) -> pd.Series:
    """A quota's period is nominal: it can begin before the quota is announced, in the same year."""
    return acts["instrument"].isin(QUOTAS) & (starts.str[:4] == acts["announced_on"].str[:4])


def refuse(file: Path, frame: pd.DataFrame, column: str, bad: pd.Series, why: str, remedy: str) -> None:
    """Raises SourceError for the bad rows: file, row, column, value, and the act it is of."""
    if bad.any():
        for act, rows in bad.groupby(frame["event_id"], sort=False):
            marked = bad & frame.index.isin(rows.index)
            transcribed.refuse(file, frame, column, marked, f"of act {act} {why}", remedy)


def _in_time(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines of each act one after the other: a start known to the year (2013) goes before one within it (2013-09-12)."""
    dated = lines.assign(first=first_day(lines["valid_from"]), starts=last_day(lines["valid_from"]))
    return dated.sort_values(["event_id", "first", "starts", "recorded_on"], kind="stable")


def _suspended_from_nothing(lines: pd.DataFrame) -> pd.Series:
    ordered = _in_time(lines)
    before = ordered.groupby("event_id")["status"].shift()
    return ((ordered["status"] == "suspended") & ~before.isin(["adopted", "in_force", "suspended"])).reindex(lines.index)


def _status_now(frame: pd.DataFrame, lines: pd.DataFrame) -> pd.Series:
    today, ordered = last_day(lines["recorded_on"]).max(), _in_time(lines)
    begun = ordered[ordered["starts"] <= today].groupby("event_id").tail(1).set_index("event_id")
    ended = begun.index[last_day(begun["valid_to"]) < today]
    status = frame["event_id"].map(begun["status"]).astype("str").fillna(frame["status"])
    silent = frame["event_id"].isin(list(ended))
    return status.mask(silent, frame["status"].where(frame["status"].isin(list(OVER)), "unknown"))
