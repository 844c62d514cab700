"""Evidence: the toy world's by hand, thresholds at their edges, and the errors for a broken query."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline import catalog, paths
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError
from pipeline.measures import claim_evidence as c
from pipeline.schemas import table as t
from pipeline.sources.reviewed import claim_tests as reader
from tests.measures import toy
from tests.sources.raw_files import files, spoilt, wrongly_encoded

ROW = "create view figures as select 1 as n; "
TABLES = {"export_concentration": toy.flows(toy.expected("export_concentration"))}


def part(
    sql: str = ROW + "select 3 as value, 2 as low, 4 as high, '2024' as note from figures", **changes: object
) -> pd.DataFrame:
    row = {
        "claim_id": "C01", "part": "a", "statement": "Many", "question": "How many?", "unit": "countries",
        "direction": "at_least", "supported_from": 2.0, "contradicted_to": 1.0, "why": "plain",
        "weight": "required", "needed": "A list", "finding": "{value:.0f} countries hold it", "sql": sql,
    }  # fmt: skip
    return pd.DataFrame([row | changes])


class ToyFiles:
    def path(self, name: str) -> Path:
        return toy.WORLD / "raw" / "claim_tests" / name


def test_toy_world():
    toy_tests = reader.claim_tests(ToyFiles())
    tables = {name: toy.flows(toy.expected(name)) for name in ("stage_concentration", "export_concentration")}
    toy.assert_as_worked("claim_evidence", c.answers(toy_tests, tables | {"trade_flows": toy.trade_flows()}))


@pytest.mark.parametrize(
    ("direction", "value", "low", "high", "verdict"),
    [
        ("at_least", 2, None, None, "supported"),
        ("at_least", 1.999, None, None, "mixed"),
        ("at_least", 1.001, None, None, "mixed"),
        ("at_least", 1, None, None, "contradicted"),
        ("at_least", 5, 2, 9, "supported"),
        ("at_least", 5, 1.9, 9, "mixed"),
        ("at_least", 0.5, 0, 1, "contradicted"),
        ("at_least", 0.5, 0, 1.1, "mixed"),
        ("at_most", 1, None, None, "supported"),
        ("at_most", 2, None, None, "contradicted"),
        ("at_most", 0, -3, 1.2, "mixed"),
        ("at_most", 5, 2, 9, "contradicted"),
        ("at_least", None, None, None, "cannot tell"),
        ("at_least", None, 5, 9, "cannot tell"),
    ],
)
def test_both_ends_must_be_beyond_a_threshold(direction, value, low, high, verdict):
    edges = {"at_least": (2.0, 1.0), "at_most": (1.0, 2.0)}[direction]
    asked = {"value": value, "low": low, "high": high, "direction": direction}
    assert c.verdict_of_part(asked | {"supported_from": edges[0], "contradicted_to": edges[1]}) == verdict


def test_nothing_contradicts_where_no_figure_could():
    asked = {"value": -100.0, "low": None, "high": None, "direction": "at_least", "supported_from": 2.0}
    assert c.verdict_of_part(asked | {"contradicted_to": float("nan")}) == "mixed"


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (ROW + "select hhi as value, 1 as low, 2 as high, '' as note from supply_risk", "supply_risk"),
        (ROW + "select china as value, 1 as low, 2 as high, '' as note from export_concentration", "china"),
        (ROW + "select 1 as value, 1 as low, 1 as high, '' as note from read_csv('/etc/hosts')", "disabled"),
        (ROW + "select frame as value, 1 as low, 1 as high, '' as note from frame", "frame"),
        (ROW + "select 1 as value from figures", "gives value, not value, low, high, note"),
        (ROW + "select 1 as value, 1 as low, 1 as high, '' as note from figures where n = 2", "gives 0 rows, not one"),
        (ROW + "select 1 as value, 1 as low, 1 as high, '' as note from export_concentration limit 2", "gives 2 rows, not one"),
        (ROW + "select 'many' as value, 1 as low, 1 as high, '' as note from figures", "gives 'many' as value"),
        (ROW + "select true as value, 1 as low, 1 as high, '' as note from figures", "gives True as value"),
        (ROW + "select 'nan'::double as value, 1 as low, 1 as high, '' as note from figures", "gives nan as value"),
        ("selekt", "syntax error"),
        ("", "gives nothing"),
    ],
)
def test_a_broken_query_says_which_and_what_to_do(sql, said):
    frame = part()  # noqa: F841 - a query must not see it
    with pytest.raises(c.BrokenEvidence) as raised:
        c.answers(part(sql), TABLES)
    assert "the query of C01 a" in raised.value.problem
    assert said in raised.value.problem
    assert "below `-- C01 a` in claim_evidence.sql" in raised.value.remedy


def test_one_query_does_not_see_the_view_of_another():
    tests = pd.concat([part(), part("select n as value, 1 as low, 2 as high, '' as note from figures", part="b")])
    with pytest.raises(c.BrokenEvidence, match="C01 b fails"):
        c.answers(tests.reset_index(drop=True), {})


@pytest.mark.parametrize(
    ("lasting", "asked"),
    [
        ("create macro two() as 2; ", "two()"),
        ("create table two as select 2 as n; ", "(select n from two)"),
    ],
)
def test_nothing_that_a_query_makes_is_there_for_another(lasting, asked):
    answer = "select {} as value, null as low, null as high, '' as note from figures"
    tests = pd.concat([part(lasting + ROW + answer.format(asked)), part(ROW + answer.format(asked), part="b")], ignore_index=True)
    with pytest.raises(c.BrokenEvidence, match="C01 b fails"):
        c.answers(tests, {})


def test_a_setting_lasts_for_its_query_only():
    answer = "select current_setting('threads') as value, null as low, null as high, '' as note from figures"
    tests = pd.concat([part("set threads = 3; " + ROW + answer), part(ROW + answer, part="b")], ignore_index=True)
    assert c.answers(tests, {})["value"].tolist() == [3, 1]


def test_no_tests_no_answers():
    assert toy.made("claim_evidence", c.answers(t.empty(catalog.table("claim_tests")), {})).empty


@pytest.fixture
def real_tests(monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    monkeypatch.setenv("REO_DATA", str(paths.REPOSITORY / "data"))
    return reader.claim_tests(SourceFiles("claim_tests"))


def test_queries_in_another_encoding_are_one_error(tmp_path: Path):
    raw = spoilt(tmp_path, "claim_tests/claim_evidence.sql", wrongly_encoded)
    with pytest.raises(SourceError, match=r"claim_evidence\.sql is not UTF-8"):
        reader.claim_tests(files("claim_tests", raw))


def test_every_claim_of_the_report_has_a_required_part(real_tests: pd.DataFrame):
    required = real_tests[real_tests["weight"] == "required"]
    assert sorted(required["claim_id"].unique()) == [f"C{n:02}" for n in range(1, 16)]
    toy.made("claim_tests", real_tests)


def test_empty_tables_support_and_contradict_nothing(real_tests: pd.DataFrame):
    """Every query runs, and none takes what is not there for a figure."""
    tables = {name: toy.flows(t.empty(catalog.table(name))) for name in c.INPUTS}
    assert set(c.answers(real_tests, tables)["verdict"]) == {"cannot tell"}
