"""Agreement of two coders: a published worked example, a case by hand, and the figures the register was handed over with."""

import pandas as pd
import pytest

from pipeline.intake.source_files import SourceFiles
from pipeline.measures.coding_agreement import coding_agreement, cohen_kappa
from pipeline.sources import policy_evidence, policy_register
from tests.measures import toy


def codes(rows: list[tuple[str, str, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["event_id", "field", "coder", "value"], dtype="str")


def test_kappa_of_a_case_worked_by_hand() -> None:
    """50 acts; both say yes of 20 and no of 15, coder 1 alone yes of 5, coder 2 alone of 10.

    p = 35/50 = 0.7; coder 1 says yes of 25, coder 2 of 30: e = 0.5·0.6 + 0.5·0.4 = 0.5; kappa = 0.2/0.5 = 0.4.
    """
    first = pd.Series(["yes"] * 25 + ["no"] * 25, dtype="str")
    second = pd.Series(["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15, dtype="str")
    assert cohen_kappa(first, second) == pytest.approx(0.4, abs=1e-15)


def test_toy_world() -> None:
    """Six acts, one of them merged away since; the coders differ on one direction (tests/toy_world/README.md)."""
    toy.assert_as_worked("coding_agreement", coding_agreement(toy.tidy("policy_codes")))


def test_kappa_is_one_for_agreement_zero_for_chance_and_below_for_contradiction() -> None:
    a, b = pd.Series(["x", "x", "y", "y"], dtype="str"), pd.Series(["x", "y", "x", "y"], dtype="str")
    assert cohen_kappa(a, a) == 1
    assert cohen_kappa(a, b) == 0
    assert cohen_kappa(a, a[::-1].reset_index(drop=True)) == -1


def test_kappa_says_nothing_where_both_use_one_code_only() -> None:
    same = pd.Series(["x", "x"], dtype="str")
    assert pd.isna(cohen_kappa(same, same))


def test_only_acts_coded_by_both_count_and_notes_do_not() -> None:
    coded = [
        ("a", "scope", "1", "ree"),
        ("a", "scope", "2", "ree"),
        ("a", "scope", "final", "ree"),
        ("b", "scope", "1", "ree"),
        ("b", "scope", "2", "other"),
        ("b", "scope", "final", "other"),
        ("c", "scope", "1", "ree"),
        ("a", "note", "1", "unsure"),
        ("a", "note", "2", "sure"),
    ]
    table = coding_agreement(codes(coded))
    assert table[["field", "n", "agreed", "agreement"]].to_dict("records") == [
        {"field": "scope", "n": 2, "agreed": 1, "agreement": 0.5}
    ]


# The register's readme of 24 November 2026: percent agreement and kappa over 629 acts.
PUBLISHED = {
    "layer": (98.4, 0.98),
    "direction": (96.7, 0.92),
    "foreign_supply": (99.2, 0.97),
    "instrument": (94.1, 0.94),
    "legal_force": (95.5, 0.94),
    "status": (90.5, 0.88),
    "scope": (97.6, 0.95),
    "reach": (97.1, 0.94),
}


def test_the_published_figures_come_out() -> None:
    register = SourceFiles("policy_register")
    codes = policy_evidence.policy_codes(register, policy_register.policy_events(register))
    table = coding_agreement(codes).set_index("field")
    assert set(table["n"]) == {629}
    assert {f: (round(100 * r.agreement, 1), round(r.kappa, 2)) for f, r in table.iterrows()} == PUBLISHED
