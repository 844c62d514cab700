"""The pages of the claims: verdict, what speaks for and against it, and what would change it, all from the tests' thresholds."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipeline import lineage
from pipeline.measures import claim_evidence
from pipeline.measures.claim_evidence import INPUTS
from pipeline.measures.claims import Answer, clause, format_of, lower, written
from pipeline.report import charts, headlines
from pipeline.report.figure import Chart, Figure, Specification
from pipeline.report.layout import Page
from pipeline.report.pages import words
from pipeline.report.tables import Tables
from pipeline.schemas.claims import VERDICTS

# Units that no one counts piece by piece.
MASS_UNITS = ("1", "ratio", "years", "1 a year", "share", "cost ratio", "share of closures")
# Light fields of the drawn thresholds: from where on a figure supports or contradicts.
SUPPORTS, CONTRADICTS = "#cfe3f2", "#f7d9c4"
# Characters of a part's answer that fit above a strip, by its width in pixels.
PIXELS_A_CHARACTER = 7
# Of the longer word below a strip, in pixels.
WORD = 64

Part = Mapping[Any, Any]


@dataclass(frozen=True)
class PartFacts:
    """One part of a claim as its page shows it; figures are in the unit shown."""

    letter: str
    question: str
    clause: str
    verdict: str
    required: bool
    supported: str
    contradicted: str
    why: str
    note: str
    sql: str


@dataclass(frozen=True)
class Claim:
    """What the page of a claim says."""

    claim_id: str
    statement: str
    verdict: str
    sentence: str
    in_favour: tuple[str, ...]
    against: tuple[str, ...]
    missing: tuple[str, ...]
    would_change: str
    parts: tuple[PartFacts, ...]

    @property
    def path(self) -> str:
        """The page's path in the site."""
        return f"claim/{self.claim_id.lower()}.html"


class _Limit:
    """A threshold that writes itself into a part's clause, in place of the figure: `fewer than 6`, `at least 1.10`."""

    def __init__(self, limit: float, relation: str, unit: str):
        self.limit, self.relation, self.unit = limit, relation, unit

    def __format__(self, spec: str) -> str:
        countable = spec == ".0f" and self.unit not in MASS_UNITS
        relation = "fewer than" if self.relation == "less than" and countable else self.relation
        return f"{relation} {written(self.limit, spec)}"


def claims(tables: Tables) -> list[Claim]:
    """Every claim, from the tables claims, claim_evidence, claim_tests, policy_in_force, controlled_elements and countries."""
    tests = tables["claim_tests"].set_index(["claim_id", "part"])
    of = tables.countries()
    evidence = tables["claim_evidence"].sort_values(["claim_id", "part"])
    found = []
    for row in tables["claims"].to_dict("records"):
        own = evidence[evidence["claim_id"] == row["claim_id"]].to_dict("records")
        parts = [part | {n: tests.loc[(part["claim_id"], part["part"]), n] for n in ("finding", "needed", "why")} for part in own]
        found.append(_claim(row, parts, of, tables))
    return found


def _claim(row: Part, parts: list[dict[Any, Any]], of: Mapping[str, str], tables: Tables) -> Claim:
    own = _controls(tables) if row["claim_id"] == "C10" else _Own()
    sentence = own.lead or words.plain(row["finding"], of)
    in_favour = [_sentence(words.plain(clause(part), of)) for part in parts if part["verdict"] == "supported"]
    against = [_sentence(words.plain(_short_of(part), of)) for part in parts if part["verdict"] in ("mixed", "contradicted")]
    missing = [_sentence(words.plain(part["needed"], of)) for part in parts if pd.isna(part["value"])]
    required = [part for part in parts if part["weight"] == "required"]
    return Claim(
        claim_id=str(row["claim_id"]),
        statement=str(row["statement"]),
        verdict=str(row["verdict"]),
        sentence=sentence,
        # What the sentence says already is not said again.
        in_favour=tuple(said for said in dict.fromkeys(in_favour) if said[:-1].lower() not in sentence.lower()),
        against=tuple(dict.fromkeys([*own.against, *against])),
        missing=tuple(dict.fromkeys(missing)),
        would_change=words.plain(would_change(str(row["verdict"]), required, own.limits), of),
        parts=tuple(_part(part, of) for part in parts),
    )


def would_change(verdict: str, required: list[dict[Any, Any]], own: Mapping[str, str] | None = None) -> str:
    """What would have to be found for another verdict, from the thresholds of the required parts.

    `own` are clauses that say it better than a part's template, by part; they are used where the claim is supported.
    """
    answered = [part for part in required if not pd.isna(part["value"])]
    if verdict == "supported":
        return f"It would change if {_any([(own or {}).get(p['part']) or _limited(p, supported=False) for p in answered])}."
    short = [part for part in required if part["verdict"] != "supported"]
    needed = [_limited(part, supported=True) for part in short]
    open_parts = [lower(str(part["needed"])) for part in short if pd.isna(part["value"])]
    found = f"It would be supported if {_all(needed)}, at both ends of the range."
    return f"{found} For that it needs: {'; '.join(dict.fromkeys(open_parts))}." if open_parts else found


def _limited(part: Part, supported: bool) -> str:
    """A part's clause at its threshold: where it begins to support the claim, or just short of that."""
    high = part["direction"] == "at_least"
    relation = ("at least" if high else "at most") if supported else ("less than" if high else "more than")
    return str(part["finding"]).format(value=_Limit(float(part["supported_from"]), relation, str(part["unit"])))


def _short_of(part: Part) -> str:
    """A part that does not support the claim: its figure, and the threshold it does not reach."""
    relation = "at least" if part["direction"] == "at_least" else "at most"
    spec = format_of(part)
    need = f"{relation} {written(float(part['supported_from']), spec)}{' points' if spec.endswith('p') else ''}"
    reached = part["verdict"] == "mixed" and _reaches(part, part["value"])
    why = f"the claim needs {need}" + (" at both ends of the range" if reached else "")
    return f"{clause(part)}; {why}" + ("" if part["weight"] == "required" else " (context, not counted in the verdict)")


def _reaches(part: Part, figure: float) -> bool:
    return bool(figure >= part["supported_from"] if part["direction"] == "at_least" else figure <= part["supported_from"])


def _part(part: Part, of: Mapping[str, str]) -> PartFacts:
    spec = format_of(part)
    up, down = ("or more", "or less") if part["direction"] == "at_least" else ("or less", "or more")
    limit = part["contradicted_to"]
    unit = axis_unit(part)
    return PartFacts(
        letter=str(part["part"]),
        question=_ended(words.plain(part["question"], of)),
        clause=_sentence(words.plain(clause(part), of)),
        verdict=str(part["verdict"]),
        required=part["weight"] == "required",
        supported=words.typeset(f"{written(float(part['supported_from']), spec)} {unit} {up}".replace("% %", "%")),
        contradicted="never"
        if pd.isna(limit)
        else words.typeset(f"{written(float(limit), spec)} {unit} {down}".replace("% %", "%")),
        why=_sentence(words.plain(part["why"], of)),
        note=words.plain(part["note"], of),
        sql=str(part["sql"]),
    )


def axis_unit(part: Part) -> str:
    """The unit of a part's figure as it is shown: percentage points and percent for shares, times for ratios."""
    spec = format_of(part)
    yearly = " a year" if str(part["unit"]).endswith("a year") else ""
    if spec.endswith("p"):
        return f"percentage points{yearly}"
    if spec.endswith("%"):
        return f"%{yearly}"
    return {"ratio": "times", "cost ratio": "times", "1": "(HHI)"}.get(str(part["unit"]), str(part["unit"]))


@dataclass(frozen=True)
class _Own:
    """What a claim says beyond its parts: a lead sentence, what speaks against it, and limits in plainer words by part."""

    lead: str = ""
    against: tuple[str, ...] = ()
    limits: Mapping[str, str] = field(default_factory=dict)


def _controls(tables: Tables) -> _Own:
    """Of the claim on export controls: how many are in force now and five years before, and which elements are suspended."""
    counted = headlines.controls(tables)
    if counted is None:
        return _Own()
    evidence = tables["claim_evidence"]
    part = evidence[(evidence["claim_id"] == "C10") & (evidence["part"] == "a")].iloc[0]
    change = format(Answer(part["value"], part["low"], part["high"]), "+.0f") if pd.notna(part["value"]) else "not on record"
    lead = (
        f"China had {counted.restrictions} binding export-control measures on rare earths in force at the end of the record "
        f"({words.day(counted.month)}) and {counted.before} in {words.day(counted.month_before)}. The change is "
        f"{words.typeset(change)}, the range by how sure we are of each act."
    )
    which = charts.listed([words.element(e) for e in counted.suspended])
    of_all = len(counted.suspended) + len(counted.elements)
    suspended = f"The control of {len(counted.suspended)} of the {of_all} elements on the lists is suspended: {which}."
    limits = {"a": f"fewer than {counted.before + part['supported_from']:.0f} were in force"}
    return _Own(lead, (suspended,) if counted.suspended else (), limits)


def _sentence(text: str) -> str:
    text = text.strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."


def _ended(text: str) -> str:
    return text if text.endswith(("?", ".")) else f"{text}."


def _any(clauses: list[str]) -> str:
    return ", or if ".join(dict.fromkeys(clauses))


def _all(clauses: list[str]) -> str:
    return ", and if ".join(dict.fromkeys(clauses))


def drawn(parts: pd.DataFrame, tests: pd.DataFrame, of: Mapping[str, str]) -> pd.DataFrame:
    """The answered parts of a claim in the units they are drawn in: part, label, unit, low, value, high and both thresholds."""
    rows = []
    of_tests = tests.set_index(["claim_id", "part"])
    for part in parts.dropna(subset=["value"]).sort_values("part").to_dict("records"):
        full = part | {"finding": of_tests.loc[(part["claim_id"], part["part"]), "finding"]}
        spec = format_of(full)
        scale = 100.0 if spec[-1] in "%p" else 1.0
        low, high = (part["value"] if pd.isna(end) else end for end in (part["low"], part["high"]))
        rows.append(
            {
                "part": part["part"],
                "answer": _sentence(words.plain(clause(full), of)),
                "verdict": part["verdict"],
                "direction": part["direction"],
                "unit": axis_unit(full),
                "low": low * scale,
                "value": part["value"] * scale,
                "high": high * scale,
                "supported_from": part["supported_from"] * scale,
                "contradicted_to": part["contradicted_to"] * scale,
                "counted": part["weight"] == "required",
            }
        )
    return pd.DataFrame(rows)


def chart(parts: pd.DataFrame, width: int) -> Chart:
    """One strip a part: its figure with range over the fields in which it supports or contradicts the claim."""
    return Specification([_strip(part, width) for part in parts.to_dict("records")], spacing=14)


def _strip(part: Part, width: int) -> dict[str, Any]:
    limits = [part["supported_from"], *([] if pd.isna(part["contradicted_to"]) else [part["contradicted_to"]])]
    ends = [part["low"], part["value"], part["high"], *limits]
    room = 0.18 * (max(ends) - min(ends) or max(abs(max(ends)), 1.0))
    least, most = min(ends) - room, max(ends) + room
    if min(ends) >= 0:
        least = max(least, 0.0)
    beyond, short = (most, least) if part["direction"] == "at_least" else (least, most)
    fields = [{"from": part["supported_from"], "to": beyond, "name": "supports", "colour": SUPPORTS}]
    if len(limits) > 1:
        fields.append({"from": part["contradicted_to"], "to": short, "name": "contradicts", "colour": CONTRADICTS})
    # A word wider than its field stays within the strip.
    margin = WORD / 2 / width * (most - least)
    middles = [min(max((field["from"] + field["to"]) / 2, least + margin), most - margin) for field in fields]
    fields = [field | {"middle": middle} for field, middle in zip(fields, middles, strict=True) if field["from"] != field["to"]]
    scale = {"domain": [least, most], "nice": False, "zero": False}
    axis = {"title": part["unit"].strip("()"), "tickCount": 5, "grid": False}
    if all(float(end).is_integer() for end in ends):
        axis["tickMinStep"] = 1

    def x(name: str, **more: Any) -> dict[str, Any]:
        return {"field": name, "type": "quantitative", "scale": scale, "axis": axis} | more

    colour = {"field": "colour", "type": "nominal", "scale": None}
    figure = {"values": [{end: part[end] for end in ("low", "value", "high")}]}
    words_of = textwrap.wrap(f"{part['answer']}{'' if part['counted'] else ' (context)'}", int(width / PIXELS_A_CHARACTER))
    line = {"value": 12}
    return {
        "width": width,
        "height": 38,
        "title": {"text": words_of, "anchor": "start", "fontSize": 13, "fontWeight": "normal", "color": charts.INK, "offset": 4},
        "layer": [
            {
                "data": {"values": fields},
                "mark": {"type": "rect", "opacity": 1},
                "encoding": {"x": x("from"), "x2": {"field": "to"}, "color": colour},
            },
            {
                "data": {"values": fields},
                "mark": {"type": "text", "baseline": "bottom", "dy": 18, "fontSize": 11, "color": "#444444"},
                "encoding": {"x": x("middle"), "text": {"field": "name", "type": "nominal"}},
            },
            {
                "data": figure,
                "mark": {"type": "rule", "strokeWidth": 3, "color": charts.INK},
                "encoding": {"x": x("low"), "x2": {"field": "high"}, "y": line},
            },
            {
                "data": figure,
                "mark": {"type": "point", "size": 110, "filled": True, "color": charts.INK, "opacity": 1},
                "encoding": {"x": x("value"), "y": line},
            },
        ],
    }


def pages(tables: Tables) -> list[Page]:
    """A page a claim, and the list of all."""
    found = claims(tables)
    evidence, tests, before = tables["claim_evidence"], tables["claim_tests"], tables["claim_tests_superseded"]
    of = tables.countries()
    made = []
    for claim in found:
        drawn_parts = drawn(evidence[evidence["claim_id"] == claim.claim_id], tests, of)
        figure = _figure(claim, drawn_parts) if len(drawn_parts) else None
        asked = [_before(row, of) for row in before[before["claim_id"] == claim.claim_id].to_dict("records")]
        values = {"claim": claim, "figure": figure, "superseded": asked, "claims": found}
        title = f"{claim.claim_id}: {claim.statement}"
        shown = (figure,) if figure else ()
        made.append(Page(claim.path, title, "claim.html.jinja", values, shown, f"{claim.verdict.capitalize()}. {claim.sentence}"))
    return [Page("claim/index.html", "Claims", "claims.html.jinja", {"claims": found}, (), COUNTED.format(_counts(found))), *made]


COUNTED = "Claims about China and rare earths, each asked of public statistics with thresholds fixed beforehand: {}."


def _counts(found: list[Claim]) -> str:
    verdicts = pd.Series([claim.verdict for claim in found], dtype="str").value_counts()
    return charts.listed([f"{verdicts[verdict]} {verdict}" for verdict in VERDICTS if verdict in verdicts])


def _figure(claim: Claim, parts: pd.DataFrame) -> Figure:
    required = parts[parts["counted"]]
    reached = int((required["verdict"] == "supported").sum())
    answered = "parts" if len(required) != 1 else "part"
    named = [name for name in INPUTS if any(claim_evidence.named(part.sql, {name: None}) for part in claim.parts)]
    return Figure(
        name=f"claim_{claim.claim_id.lower()}",
        title=f"{claim.claim_id}: {reached} of {len(required)} required {answered} with a figure support the claim",
        subtitle="Each answer (dot) with its range (bar), in its own unit, over the fields fixed beforehand in which it supports "
        "or contradicts the claim",
        alt=" ".join(f"{row['answer'].rstrip('.')}: {row['verdict']}." for row in parts.to_dict("records")),
        draw=lambda width: chart(parts, width),
        rows=parts,
        through="the periods named with each part",
        sources=tuple(sorted(lineage.sources_of("claim_tests") | {s for name in named for s in lineage.sources_of(name)})),
        tables=("claims", "claim_evidence", "claim_tests", *named),
        row=("claims", (claim.claim_id,)),
    )


def _before(row: Part, of: Mapping[str, str]) -> dict[str, str]:
    """A question as it was asked before, with its last answer."""
    value: str = (
        "no figure" if pd.isna(row["value"]) else f"{row['value']:.3g} {str(row['unit']).removeprefix('1').strip()}".strip()
    )
    return {
        "part": str(row["part"]),
        "question": _ended(words.plain(row["question"], of)),
        "answer": f"{value}: {row['verdict']}",
        "until": words.day(row["superseded_on"]),
        "why": _ended(words.plain(row["why"], of)),
    }
