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
    made = toy.made("claims", claims(tests, answers(tests, {})))
    assert made.verdict.tolist() == ["supported"]
    assert made.evidence[0] == "a: 3 countries, supported; (b: 3 countries, contradicted)"


def test_toy_world():
    toy.assert_as_worked("claims", claims(claim_tests(ToyFiles()), toy.expected("claim_evidence")))


def test_no_tests_no_claims():
    tests, evidence = (t.empty(catalog.table(name)) for name in ("claim_tests", "claim_evidence"))
    assert toy.made("claims", claims(tests, evidence)).empty
