"""Verdicts on claims: the toy world's by hand, and how the verdicts on parts make one."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import catalog
from pipeline.measures.claim_evidence import answers
from pipeline.measures.claims import claims
from pipeline.measures.claims import verdict as verdict_of_claim
from pipeline.schemas import table as t
from pipeline.schemas.claims import VERDICTS
from pipeline.sources.reviewed.claim_tests import claim_tests
from pipeline.sources.reviewed.claim_tests_superseded import claim_tests_superseded
from tests.measures import toy
from tests.measures.test_claim_evidence import ToyFiles, part

S, C, M, N = VERDICTS


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        ([S, S], S),
        ([C, C], C),
        ([S, C], M),
        ([S, M], M),
        ([N], N),
        ([S, N], N),
        ([C, N], C),
        ([S, C, N], M),
        ([M, N], M),
    ],
)
def test_verdict_of_a_claim(parts, verdict):
    assert verdict_of_claim(parts) == verdict


@given(st.lists(st.sampled_from(VERDICTS), min_size=1, max_size=6))
def test_a_verdict_has_no_order_and_a_missing_answer_supports_nothing(parts):
    assert verdict_of_claim(parts) == verdict_of_claim(parts[::-1])
    assert verdict_of_claim([*parts, N]) != S
    if verdict_of_claim(parts) in (S, C):
        assert verdict_of_claim(parts) in parts


def test_context_decides_nothing():
    tests = pd.concat([part(), part(part="b", weight="context", supported_from=9.0, contradicted_to=8.0)], ignore_index=True)
    made = toy.made("claims", claims(tests, toy.nothing("claim_tests_superseded"), answers(tests, {})))
    assert made.verdict.tolist() == ["supported"]
    assert made.evidence[0] == "a: 3 countries, supported; (b: 3 countries, contradicted)"


def found(**answer: str) -> str:
    """The finding on one part whose query answers with these SQL words."""
    words = {"value": "3", "low": "null", "high": "null", "template": "{value:.0f} countries hold it"} | answer
    select = ", ".join(f"{words[name]}::double as {name}" for name in ("value", "low", "high"))
    sql = f"create view figures as select 1 as n; select {select}, '' as note from figures"
    tests = part(sql, finding=words["template"])
    return claims(tests, toy.nothing("claim_tests_superseded"), answers(tests, {}))["finding"][0]


def test_a_finding_follows_its_figure():
    assert found() == "3 countries hold it."
    assert found(value="4") == "4 countries hold it."
    assert found(low="2", high="3") == "3 (2 to 3) countries hold it."
    assert found(low="2.9", high="3.1") == "3 countries hold it."
    assert found(value="null") == "Not on record: a list."


@pytest.mark.parametrize(
    ("template", "value", "words"),
    [
        ("it changed by {value:+.0p} points", "0.0556", "It changed by +6 points."),
        ("it changed by {value:+.1p} points", "-0.0556", "It changed by -5.6 points."),
        ("it changed by {value:+.0p} points", "-0.004", "It changed by 0 points."),
        ("it is {value:.0%}", "0.455", "It is 46%."),
        ("it is {value:.2f} times", "1.919016", "It is 1.92 times."),
    ],
)
def test_units_of_a_finding(template, value, words):
    assert found(template=template, value=value) == words


def test_context_is_no_finding():
    parts = [part(), part(part="b", weight="context", finding="{value:.0f} others")]
    tests = pd.concat(parts, ignore_index=True)
    made = claims(tests, toy.nothing("claim_tests_superseded"), answers(tests, {}))
    assert made["finding"].tolist() == ["3 (2 to 4) countries hold it."]


def test_toy_world():
    before = claim_tests_superseded(ToyFiles())
    toy.assert_as_worked("claims", claims(claim_tests(ToyFiles()), before, toy.expected("claim_evidence")))


def test_no_tests_no_claims():
    tests, evidence = (t.empty(catalog.table(name)) for name in ("claim_tests", "claim_evidence"))
    assert toy.made("claims", claims(tests, toy.nothing("claim_tests_superseded"), evidence)).empty
