"""Agreement between the two coders (inter-coder reliability)."""

import pandas as pd

from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables
from pipeline.schemas import table as t
from pipeline.schemas.coding_agreement import CodingAgreement

CODERS = ["1", "2"]


def coding_agreement(policy_codes: pd.DataFrame) -> pd.DataFrame:
    """Percent agreement and Cohen's kappa by field over the acts that both coded (columns of CodingAgreement).

    Acts merged into others after coding count: they were coded. Notes are not codes.
    """
    both = _coded_by_both(policy_codes)
    rows = [{"field": field, **_agreement(acts["1"], acts["2"])} for field, acts in both.groupby("field")]
    return t.frame(CodingAgreement, rows)


def _coded_by_both(policy_codes: pd.DataFrame) -> pd.DataFrame:
    """Codes by field and act (index) and coder (columns 1, 2, final), of acts that both coders coded."""
    codes = policy_codes[policy_codes["field"] != "note"]
    return (
        codes.pivot(index=["field", "event_id"], columns="coder", values="value")
        .reindex(columns=[*CODERS, "final"])
        .dropna(subset=CODERS)
    )


def cohen_kappa(first: "pd.Series[str]", second: "pd.Series[str]") -> float:
    """(p - e) / (1 - e) of agreement p and agreement by chance e; nan where e is 1.

    Cohen 1960, doi:10.1177/001316446002000104.
    """
    return _agreement(first, second)["kappa"]


def _agreement(first: "pd.Series[str]", second: "pd.Series[str]") -> dict[str, float]:
    n, agreed = len(first), int((first == second).sum())
    # Whole-number arithmetic: the order of the codes cannot change a digit.
    chance = int(first.value_counts().mul(second.value_counts(), fill_value=0).sum())
    kappa = (n * agreed - chance) / (n * n - chance) if chance < n * n else float("nan")
    return {"n": n, "agreed": agreed, "agreement": agreed / n, "expected_agreement": chance / (n * n), "kappa": kappa}


def _disagreements(row: Key, tables: Tables) -> InputRows:
    """Of a field's codes those on which the coders differ, one row per act."""
    codes = tables.load_table("policy_codes")
    both = _coded_by_both(codes[codes["field"] == row["field"]]).droplevel("field")
    differ = both[both["1"] != both["2"]].sort_index().reset_index()
    return f"acts to which the coders gave different codes of {row['field']}, with the final code", differ


LINEAGE: dict[tuple[str, str], Rule] = {
    ("coding_agreement", "policy_codes"): _disagreements,
}
