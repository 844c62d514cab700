"""The verdict on each claim, from the verdicts on its parts."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from pipeline.measures.claim_evidence import rows_without_sql
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables, in_words, where_equal
from pipeline.schemas import table as t
from pipeline.schemas.claims import Claims


def verdict(parts: list[str]) -> str:
    """The verdict on a claim from those on its required parts.

    A claim is the conjunction of its parts. Parts that agree give their own verdict; support beside contradiction, or a mixed
    part, makes it mixed. A part without an answer leaves a claim open that is otherwise supported; one that is contradicted or
    mixed without it stays so, for no answer could make it supported.
    """
    answered = set(parts) - {"cannot tell"}
    if not answered or (answered == {"supported"} and "cannot tell" in parts):
        return "cannot tell"
    return answered.pop() if len(answered) == 1 else "mixed"


OPPOSITE = {"supported": "contradicted", "contradicted": "supported"}


class Answer:
    """A figure that writes itself with its range, where the range shows at the digits asked for; `p` writes percentage points."""

    def __init__(self, value: float, low: float, high: float):
        self.value = value
        self.ends = [value if pd.isna(end) else end for end in (low, high)]

    def __format__(self, spec: str) -> str:
        central, low, high = (written(figure, spec) for figure in (self.value, *self.ends))
        return central if low == high == central else f"{central} ({low} to {high})"


def written(figure: float, spec: str) -> str:
    kind = spec[-1]
    shown = figure if kind == "f" else 100 * figure
    # A zero has no sign of its own.
    zero = round(shown, int(spec[-2])) == 0
    return format(0.0 if zero else shown, f"{spec[:-1]}f".replace("+" if zero else "", "")) + ("%" if kind == "%" else "")


def clause(part: Mapping[Any, Any]) -> str:
    """What a part says, with its figure and range; where it has none, what is not on record.

    `part` has the columns of claim_evidence, and `finding` and `needed` of claim_tests.
    """
    if pd.isna(part["value"]):
        return f"not on record: {lower(str(part['needed']))}"
    return str(part["finding"]).format(value=Answer(part["value"], part["low"], part["high"]))


def lower(text: str) -> str:
    """A sentence as it goes on after a colon: its first letter small, unless an abbreviation begins it."""
    return text if text[1:2].isupper() else f"{text[:1].lower()}{text[1:]}"


def format_of(part: Mapping[Any, Any]) -> str:
    """How a part's clause writes its figure, such as .0f, +.2f, .0% or +.0p for percentage points."""
    return str(part["finding"]).split("{value:")[1].split("}")[0]


def finding(parts: pd.DataFrame, of_tests: pd.DataFrame) -> str:
    """One sentence over the required parts of a claim, each by its template; what is missing where one has no answer.

    `parts` are rows of claim_evidence, `of_tests` claim_tests by claim and part.
    """
    clauses: list[str] = []
    missing: list[str] = []
    for part in parts[parts["weight"] == "required"].to_dict("records"):
        test = of_tests.loc[(part["claim_id"], part["part"])]
        said = clause(part | {name: test[name] for name in ("finding", "needed")})
        (missing if pd.isna(part["value"]) else clauses).append(said)
    sentence = "; ".join(dict.fromkeys(clauses + missing))
    return f"{sentence[:1].upper()}{sentence[1:]}."


def claims(claim_tests: pd.DataFrame, claim_tests_superseded: pd.DataFrame, claim_evidence: pd.DataFrame) -> pd.DataFrame:
    """One row a claim: the verdict on its required parts, and the figure of its first part (columns of Claims)."""
    rows = []
    of_tests = claim_tests.set_index(["claim_id", "part"])
    for claim_id, parts in claim_evidence.sort_values(["claim_id", "part"]).groupby("claim_id"):
        first = parts.iloc[0]
        open_parts = parts[parts["verdict"] == "cannot tell"]
        needed = [f"{part}: {of_tests.loc[(claim_id, part), 'needed']}" for part in open_parts["part"]]
        found = verdict(parts.loc[parts["weight"] == "required", "verdict"].tolist())
        # The verdict is often read without its context, so contrary context is named beside it.
        against = parts[(parts["weight"] == "context") & (parts["verdict"] == OPPOSITE.get(found))]
        notes = [f"Context speaks against it: {', '.join(against['part'])}"] if len(against) else []
        notes += [f"Needed: {'; '.join(needed)}"] if needed else []
        before = claim_tests_superseded[claim_tests_superseded["claim_id"] == claim_id].sort_values("part")
        for day, letters in before.groupby("superseded_on")["part"]:
            notes.append(f"Asked differently until {day} (claim_tests_superseded): {', '.join(letters)}")
        rows.append(
            {
                "claim_id": claim_id,
                "statement": of_tests.loc[(claim_id, first["part"]), "statement"],
                "evidence": "; ".join(_in_words(part) for part in parts.to_dict("records")),
                "value": first["value"],
                "unit": first["unit"],
                "low": first["low"],
                "high": first["high"],
                "threshold": _threshold(first),
                "verdict": found,
                "finding": finding(parts, of_tests),
                "note": ". ".join(notes) or None,
            }
        )
    return t.frame(Claims, rows)


def _in_words(part: Mapping[Hashable, Any]) -> str:
    unit = str(part["unit"]).removeprefix("1").strip()
    answer = "no figure" if pd.isna(part["value"]) else f"{part['value']:.4g} {unit}".strip()
    words = f"{part['part']}: {answer}, {part['verdict']}"
    return words if part["weight"] == "required" else f"({words})"


def _threshold(part: pd.Series) -> str:
    words = {"at_least": ("or more", "or less"), "at_most": ("or less", "or more")}[part["direction"]]
    supported = f"supported at {part['supported_from']:g} {words[0]}"
    if pd.isna(part["contradicted_to"]):
        return supported
    return f"{supported}, contradicted at {part['contradicted_to']:g} {words[1]}"


def _superseded(row: Key, tables: Tables) -> InputRows:
    values = {"claim_id": row["claim_id"]}
    rows = where_equal(tables.scan_table("claim_tests_superseded"), values).order_by("superseded_on", "part")
    return in_words(values), rows.to_pandas()


LINEAGE: dict[tuple[str, str], Rule] = {
    ("claims", "claim_tests_superseded"): _superseded,
    ("claims", "claim_tests"): rows_without_sql("claim_tests", "claim_id"),
    ("claims", "claim_evidence"): rows_without_sql("claim_evidence", "claim_id"),
}
