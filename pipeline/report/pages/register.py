"""The register of policy acts as pages: a browser of all acts with their status on any two days, and a page an act."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.dates import first_day, last_day
from pipeline.measures.helpers.register_as_of import CODED_FOR, ENDS, NEVER, own_dates
from pipeline.report import headlines
from pipeline.report.layout import Page
from pipeline.report.pages import words
from pipeline.report.tables import Tables
from pipeline.schemas.policy_codes import CODERS
from pipeline.schemas.policy_events import CODES

DAY = "%Y-%m-%d"
# Codes that an act's page lists by name, in this order.
FACTS = ("layer", "instrument", "direction", "foreign_supply", "legal_force", "scope", "reach", "confidence", "best_source")
MEANINGS = {
    "direction": "What it does to its own layer",
    "foreign_supply": "For buyers outside China",
    "legal_force": "Legal force",
    "best_source": "Best text it rests on",
}

Row = Mapping[Any, Any]


def histories(events: pd.DataFrame, status: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """What the browser needs to say each act's status as documents of one day gave it for another (static/register.js).

    By act: `a` the last day its announcement can mean; `l` its status lines in the order in which `spells` reads them, each
    [valid_from, first day, begin, stop, documented, recorded, status]; for an act without lines `c` the coded status as
    [from that day, status]. Dates are days; a stop is the first day the status no longer held.
    """
    announced = dict(zip(events["event_id"], last_day(events["announced_on"]).dt.strftime(DAY), strict=True))
    found: dict[str, dict[str, Any]] = {str(act): {"a": day} for act, day in announced.items()}
    lines = pd.DataFrame(
        {
            "event_id": status["event_id"],
            "valid_from": status["valid_from"],
            "first": first_day(status["valid_from"]),
            "begin": last_day(status["valid_from"]),
            "stop": (last_day(status["valid_to"]) + pd.Timedelta(days=1)).fillna(NEVER),
            "documented": last_day(status["documented_on"]),
            "recorded": last_day(status["recorded_on"]),
            "status": status["status"],
        }
    ).sort_values(["event_id", "first", "begin", "documented", "recorded"], kind="stable")
    for name in ("first", "begin", "stop", "documented", "recorded"):
        lines[name] = lines[name].dt.strftime(DAY)
    for event_id, own in lines.groupby("event_id"):
        if event_id in found:
            found[str(event_id)]["l"] = own.drop(columns="event_id").to_numpy().tolist()
    coded = events[~events["event_id"].isin(status["event_id"])]
    for event_id, pieces in zip(coded["event_id"], _coded(coded), strict=True):
        found[event_id]["c"] = pieces
    return found


def _coded(events: pd.DataFrame) -> list[list[list[str]]]:
    """The coded status of acts without lines over time, as `register_as_of` reads it: [from that day, status]."""
    dates = own_dates(events)
    over_from = last_day(events["ended_on"]).fillna(CODED_FOR).mask(events["instrument"] == "project_failure", dates["begin"])
    found = []
    for code, begin, stop, over in zip(events["status_coded"], dates["begin"], dates["stop"], over_from, strict=True):
        if code == "in_force":
            pieces = [["", "adopted"], [f"{begin:{DAY}}", "in_force"], [f"{stop:{DAY}}", "expired"]]
            found.append(pieces if begin < stop else [pieces[0], pieces[2]])
        else:
            found.append([["", "unknown"], [f"{over:{DAY}}", code]] if code in ENDS else [["", code]])
    return found


def listed(events: pd.DataFrame, of: Mapping[str, str]) -> list[dict[str, Any]]:
    """The acts as rows of the browser, newest first, their codes beside the words readers see."""
    newest = events.sort_values(["announced_on", "event_id"], ascending=[False, True])
    return [
        {
            "event_id": row["event_id"],
            "date": row["announced_on"],
            "title": words.spelled(row["title"], of),
            "actor": of.get(str(row["actor"]), row["actor"]),
            "layer": words.word(row["layer"]),
            "instrument": words.word(row["instrument"]),
            "elements": words.listed(row["elements"], words.ELEMENTS),
            "status": words.word(row["status"]),
            "codes": {
                "layer": row["layer"],
                "actor": row["actor"],
                "instrument": row["instrument"],
                "element": row["elements"],
                "about": "" if pd.isna(row["counterparty"]) else row["counterparty"],
            },
        }
        for row in newest.to_dict("records")
    ]


def choices(rows: list[dict[str, Any]], of: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers: codes that occur, with their words, sorted by the words."""
    worded = {"actor": of, "about": of, "element": words.ELEMENTS}
    found = {}
    for name in ("layer", "actor", "about", "element", "instrument"):
        known = {code.strip() for row in rows for code in str(row["codes"][name]).split(";") if code.strip()}
        labelled = [(code, worded[name].get(code, code) if name in worded else words.word(code)) for code in known]
        found[name] = sorted(labelled, key=lambda pair: (pair[1].lower(), pair[0]))
    return found


def by_year(events: pd.DataFrame) -> list[tuple[int, int]]:
    """Acts announced a year, from the first year to the last, years without any among them."""
    years = events["announced_on"].str[:4].astype(int)
    counted = years.value_counts()
    return [(year, int(counted.get(year, 0))) for year in range(years.min(), years.max() + 1)] if len(years) else []


def page(tables: Tables) -> Page:
    """The browser of all acts."""
    events, status, of = tables["policy_events"], tables["policy_status"], tables.countries()
    rows = listed(events, of)
    recorded = last_day(status["recorded_on"])
    codes_of_status = {*status["status"], *events["status_coded"], "unknown", "adopted", "expired"}
    named = {code: words.word(code) for code in sorted(codes_of_status)}
    known = {
        "first": f"{recorded.min():{DAY}}" if len(recorded) else "",
        "acts": histories(events, status),
        "words": named,
    }
    values = {
        "rows": rows,
        "choices": choices(rows, of),
        "statuses": sorted(named.items(), key=lambda pair: pair[1]),
        "years": by_year(events),
        "through": words.day(headlines.register_through(tables)),
        "last": f"{recorded.max():{DAY}}" if len(recorded) else "",
        "earliest": min((row["date"] for row in rows), default="")[:4],
        # Nothing in the data can end the script element it stands in.
        "data": json.dumps(known, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
    }
    text = f"{len(rows)} policy acts on rare earths and related minerals, with their status on any day, as known then or later."
    return Page("register.html", "Register of policy acts", "register.html.jinja", values, (), text)


def act(row: Row, own: Mapping[str, list[Row]], of: Mapping[str, str]) -> dict[str, Any]:
    """Everything the page of an act says; `own` are its rows of policy_status, policy_sources, policy_codes and policy_hs."""
    dates = {"Announced": row["announced_on"], "Took effect": row["effective_on"], "Ended": row["ended_on"]}
    facts = {name: words.day(date) for name, date in dates.items() if pd.notna(date)}
    facts |= {"By": of.get(str(row["actor"]), str(row["actor"])), "Aimed at": words.listed(row["counterparty"], of)}
    facts |= {MEANINGS.get(name, words.word(name).capitalize()): words.word(row[name]) for name in FACTS}
    facts |= {MEANINGS["best_source"]: kind_of_text(row["best_source"])}
    stages = ", ".join(map(words.word, str(row["stage"]).split(";")))
    facts |= {"Elements": words.listed(row["elements"], words.ELEMENTS), "Stages": stages}
    coded = codes(own["policy_codes"])
    return {
        "event_id": row["event_id"],
        "title": words.spelled(row["title"], of),
        "summary": words.spelled(row["summary"], of),
        "status": words.word(row["status"]),
        "facts": {name: value for name, value in facts.items() if value},
        "history": [
            {
                "status": words.word(line["status"]),
                "from": words.day(line["valid_from"]),
                "to": words.day(line["valid_to"]),
                "documented": words.day(line["documented_on"]),
                "recorded": words.day(line["recorded_on"]),
                "by": "" if pd.isna(line["superseded_by"]) else line["superseded_by"],
                "reason": "" if pd.isna(line["reason"]) else words.spelled(line["reason"], of),
            }
            for line in sorted(own["policy_status"], key=lambda line: (line["valid_from"], line["recorded_on"]))
        ],
        "sources": [
            {
                "title": source["title"],
                # Only a web address becomes a link.
                "url": source["url"] if str(source["url"]).startswith(("https://", "http://")) else "",
                "kind": kind_of_text(source["kind"]),
                "published": words.day(source["published_on"]),
            }
            for source in sorted(own["policy_sources"], key=lambda source: source["rank"])
        ],
        "codes": coded,
        "agreed": all(one["1"] == one["2"] for one in coded if one["field"] != "Note"),
        "hs": [f"{code['hs6']} ({words.word(code['scope_share'])}, {words.word(code['basis'])})" for code in own["policy_hs"]],
    }


def kind_of_text(kind: Any) -> str:
    """What a text is: of an official body, a copy of it, or another."""
    return "press or other text" if kind == "other" else words.word(kind)


def codes(rows: list[Row]) -> list[dict[str, str]]:
    """The codes of an act by both coders and as settled, a row a field, those of acts merged into it left out."""
    by_field: dict[str, dict[str, str]] = {}
    for row in rows:
        if pd.isna(row["merged_into"]):
            by_field.setdefault(str(row["field"]), {})[str(row["coder"])] = words.word(row["value"])
    return [
        {"field": words.word(name).capitalize(), **{coder: by_field[name].get(coder, "") for coder in CODERS}}
        for name in (*CODES, "note")
        if name in by_field
    ]


def act_pages(tables: Tables) -> list[Page]:
    """A page an act."""
    of = tables.countries()
    titles = {row.event_id: words.spelled(row.title, of) for row in tables["policy_events"].itertuples()}
    beside: dict[str, dict[str, list[Row]]] = {}
    for name in ("policy_status", "policy_sources", "policy_codes", "policy_hs"):
        beside[name] = {}
        for record in tables[name].to_dict("records"):
            beside[name].setdefault(record["event_id"], []).append(record)
    made = []
    for row in tables["policy_events"].to_dict("records"):
        one = act(row, {name: rows.get(row["event_id"], []) for name, rows in beside.items()}, of)
        made.append(Page(f"act/{row['event_id']}.html", one["title"], "act.html.jinja", {"act": one, "titles": titles}))
    return made


def pages(tables: Tables) -> list[Page]:
    """The browser, and a page an act."""
    return [page(tables), *act_pages(tables)]
