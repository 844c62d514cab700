"""A claim's page says what the figures say: cross a threshold and its sentences change."""

import pandas as pd
import pytest

from pipeline.measures.claim_evidence import verdict_of_part
from pipeline.measures.claims import claims as claims_of
from pipeline.report.pages import claims
from pipeline.report.tables import Tables
from pipeline.schemas import table as t
from pipeline.schemas.claim_evidence import ClaimEvidence
from pipeline.schemas.claim_tests import ClaimTests
from pipeline.schemas.claim_tests_superseded import ClaimTestsSuperseded
from pipeline.schemas.controlled_elements import ControlledElements
from pipeline.schemas.countries import Countries
from pipeline.schemas.policy_in_force import PolicyInForce

COUNTED = "{value:.0f} countries hold 1 Mt"
SHARE = "CHN has {value:+.0p} points more"


def part(letter: str, value: float | None, clause: str = COUNTED, **changed) -> dict:
    """One part of a claim that is supported from 6 and contradicted to 4, with its answer."""
    return {
        "claim_id": "C01", "part": letter, "statement": "Many hold it", "question": f"Question {letter}", "unit": "countries",
        "direction": "at_least", "supported_from": 6.0, "contradicted_to": 4.0, "why": "Because", "weight": "required",
        "needed": "A table", "finding": clause, "sql": "select 1", "value": value, "low": value, "high": value, "note": None,
    } | changed  # fmt: skip


def tables(*parts: dict, **more: pd.DataFrame) -> Tables:
    rows = [row | {"verdict": verdict_of_part(row)} for row in parts]
    tests, evidence = t.frame(ClaimTests, rows), t.frame(ClaimEvidence, rows)
    superseded = t.empty(ClaimTestsSuperseded)
    known = {
        "claim_tests": tests,
        "claim_evidence": evidence,
        "claim_tests_superseded": superseded,
        "claims": claims_of(tests, superseded, evidence),
        "countries": t.frame(Countries, [{"iso3": "CHN", "name": "China", "eu27": False, "g7": False}]),
        "policy_in_force": t.empty(PolicyInForce),
        "controlled_elements": t.empty(ControlledElements),
    }
    return Tables(lambda name: (known | more)[name])


def only(*parts: dict, **more: pd.DataFrame) -> claims.Claim:
    [claim] = claims.claims(tables(*parts, **more))
    return claim


def test_a_figure_beyond_its_threshold_supports_and_one_short_of_it_speaks_against() -> None:
    beyond, short = only(part("a", 6)), only(part("a", 5))
    assert (beyond.verdict, beyond.against, beyond.sentence) == ("supported", (), "6 countries hold 1 Mt.")
    assert beyond.would_change == "It would change if fewer than 6 countries hold 1 Mt."
    assert (short.verdict, short.in_favour) == ("mixed", ())
    assert short.against == ("5 countries hold 1 Mt; the claim needs at least 6.",)
    assert short.would_change == "It would be supported if at least 6 countries hold 1 Mt, at both ends of the range."


def test_a_range_that_reaches_below_the_threshold_is_named_as_the_reason() -> None:
    assert only(part("a", 7, low=5.0)).against == (
        "7 (5 to 7) countries hold 1 Mt; the claim needs at least 6 at both ends of the range.",
    )


def test_a_claim_whose_figure_must_be_low_changes_when_it_is_more() -> None:
    low = part(
        "a", 0.5, "prices were {value:.2f} times", direction="at_most", supported_from=0.9, contradicted_to=1.1, unit="ratio"
    )
    assert only(low).would_change == "It would change if prices were more than 0.90 times."


def test_what_is_not_on_record_is_said_and_what_would_answer_it() -> None:
    claim = only(part("a", None))
    assert claim.verdict == "cannot tell"
    assert claim.missing == ("A table.",)
    assert claim.would_change.endswith("For that it needs: a table.")


def test_context_does_not_count_and_says_so() -> None:
    claim = only(part("a", 7), part("b", 3, weight="context"), part("c", 9, weight="context"))
    assert claim.in_favour == ("9 countries hold 1 Mt.",)
    assert claim.verdict == "supported"
    assert claim.against == ("3 countries hold 1 Mt; the claim needs at least 6 (context, not counted in the verdict).",)


def test_country_codes_of_the_tables_are_names_on_the_page() -> None:
    claim = only(
        part("a", 0.1, SHARE, supported_from=0.05, contradicted_to=-0.05, unit="1", note="of 2024: CHN 0.6, official_copy")
    )
    assert claim.sentence == "China has +10 points more."
    assert claim.parts[0].note == "of 2024: China 0.6, official copy"
    assert claim.parts[0].supported == "+5 percentage points or more"


def test_export_controls_say_how_many_are_in_force_and_which_elements_are_suspended() -> None:
    counted = [
        {"month": month, "layer": "export_control", "actor": "CHN", "as_of": "2026-11-28", "restrictions": number}
        for month, number in (("2021-11", 5), ("2026-11", 7))
    ]
    blank = dict.fromkeys(t.columns(PolicyInForce), 0)
    in_force = t.frame(PolicyInForce, [blank | row for row in counted])
    listed = [
        {"element": element, "announcement": "1 of 2025", "as_of": "2026-11-28", "event_id": "x", "status": status, "items": 1}
        for element, status in (("Dy", "in_force"), ("Er", "suspended"), ("Eu", "suspended"))
    ]
    control = part("a", 2, "controls changed by {value:+.0f}", claim_id="C10", supported_from=1.0, contradicted_to=-1.0)
    claim = only(control, policy_in_force=in_force, controlled_elements=t.frame(ControlledElements, listed))
    assert claim.sentence.startswith(
        "China had 7 binding export-control measures on rare earths in force at the end of the record"
    )
    assert "(November 2026) and 5 in November 2021" in claim.sentence
    assert claim.against == ("The control of 2 of the 3 elements on the lists is suspended: erbium and europium.",)
    assert claim.would_change == "It would change if fewer than 6 were in force."


@pytest.mark.parametrize(("finding", "scale"), [(COUNTED, 1), (SHARE, 100)])
def test_what_is_drawn_is_in_the_unit_that_is_said(finding: str, scale: int) -> None:
    known = tables(part("a", 0.3, finding, low=0.2, high=0.4, supported_from=0.25, contradicted_to=0.1))
    [row] = claims.drawn(known["claim_evidence"], known["claim_tests"], {}).to_dict("records")
    assert [row["low"], row["value"], row["high"], row["supported_from"]] == [0.2 * scale, 0.3 * scale, 0.4 * scale, 0.25 * scale]
    drawn = claims.chart(pd.DataFrame([row]), 300).to_dict()
    assert "supports" in str(drawn)
