"""The verdict on each claim, from the verdicts on its parts."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from pipeline.measures.claim_evidence import rows_without_sql
from pipeline.measures.helpers.input_rows import Rule
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


def claims(claim_tests: pd.DataFrame, claim_evidence: pd.DataFrame) -> pd.DataFrame:
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


LINEAGE: dict[tuple[str, str], Rule] = {
    ("claims", "claim_tests"): rows_without_sql("claim_tests", "claim_id"),
    ("claims", "claim_evidence"): rows_without_sql("claim_evidence", "claim_id"),
}
