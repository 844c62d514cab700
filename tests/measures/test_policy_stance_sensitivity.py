"""Sensitivity of the stance: the toy world by hand, and what each variant changes."""

from pipeline.measures.policy_stance_sensitivity import policy_stance_sensitivity
from tests.measures import toy
from tests.measures.test_policy_stance import EVENTS, STATUS, WEIGHTS


def test_no_acts_give_no_rows():
    empty = policy_stance_sensitivity(EVENTS.iloc[:0], STATUS.iloc[:0], WEIGHTS, toy.tidy("policy_codes").iloc[:0])
    assert toy.made("policy_stance_sensitivity", empty).empty
