"""How far two coders agree."""

import pandas as pd

from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables

CODERS = ["1", "2"]


def coding_agreement(policy_codes: pd.DataFrame) -> pd.DataFrame:
    """Percent agreement and Cohen's kappa by field over the acts both coded (columns of CodingAgreement).

    Acts merged away after coding count: they were coded. Notes are no codes.
    """
    codes = policy_codes[(policy_codes["field"] != "note") & policy_codes["coder"].isin(CODERS)]
    both = codes.pivot(index=["field", "event_id"], columns="coder", values="value").reindex(columns=CODERS).dropna()
    return pd.DataFrame([{"field": field, **_agreement(rows["1"], rows["2"])} for field, rows in both.groupby("field")])


def cohen_kappa(first: "pd.Series[str]", second: "pd.Series[str]") -> float:
    """(p - e) / (1 - e) of agreement p and agreement by chance e; nan where e is 1.

    Cohen 1960, doi:10.1177/001316446002000104.
    """
    return _agreement(first, second)["kappa"]


def _agreement(first: "pd.Series[str]", second: "pd.Series[str]") -> dict[str, float]:
    n, agreed = len(first), int((first == second).sum())
    # Counts are multiplied as whole numbers, so that the order of the codes cannot change a digit.
    chance = int(first.value_counts().mul(second.value_counts(), fill_value=0).sum())
    kappa = (n * agreed - chance) / (n * n - chance) if chance < n * n else float("nan")
    return {"n": n, "agreed": agreed, "agreement": agreed / n, "expected_agreement": chance / (n * n), "kappa": kappa}


def _coded_apart(row: Key, tables: Tables) -> InputRows:
    """Of a field's codes those on which the coders differ, one row an act."""
    codes = tables.load_table("policy_codes")
    both = codes[codes["field"] == row["field"]].pivot(index="event_id", columns="coder", values="value")
    both = both.reindex(columns=["1", "2", "final"])
    apart = both[both["1"].notna() & both["2"].notna() & (both["1"] != both["2"])].sort_index().reset_index()
    return f"acts to which the coders gave different codes of {row['field']}, and the settled one", apart


LINEAGE: dict[tuple[str, str], Rule] = {
    ("coding_agreement", "policy_codes"): _coded_apart,
}
