"""Tests of claims as read: thresholds that stand the right way round, and one query a part."""

from collections.abc import Callable

import pandas as pd
import pytest

from pipeline.intake.transcribed import SourceError
from pipeline.sources.reviewed import claim_tests as reader
from tests.made_sources import Write

HEADER = ",".join(reader.COLUMNS)
A = "C01,a,Many,How many?,countries,at_least,6,4,plain,required,a list,{value:.0f} countries hold it"
B = "C01,b,Many,How even?,1,at_most,0.18,0.25,guidelines,context,a list,the HHI is {value:.2f}"
QUERIES = "-- what this is\n\n-- C01 a\nselect 1;\n\n-- C01 b and why\nselect 2;\n"


Read = Callable[..., pd.DataFrame]


@pytest.fixture
def read(source: Write) -> Read:
    def parsed(*rows: str, queries: str = QUERIES) -> pd.DataFrame:
        table = "\n".join([HEADER, *rows]) + "\n"
        return reader.claim_tests(source("claim_tests", **{"claim_tests.csv": table, "claim_evidence.sql": queries}))

    return parsed


def test_each_part_has_its_query(read: Read):
    frame = read(A, B)
    assert frame["sql"].tolist() == ["select 1;", "select 2;"]
    assert frame["supported_from"].tolist() == [6, 0.18]


def test_one_query_may_answer_several_parts(read: Read):
    assert read(A, B, queries="-- C01 a, C01 b\nselect 1;\n")["sql"].tolist() == ["select 1;", "select 1;"]


def test_a_part_named_twice_is_refused(read: Read):
    with pytest.raises(SourceError, match="two queries for C01 b"):
        read(A, B, queries="-- C01 a, C01 b\nselect 1;\n\n-- C01 b\nselect 2;\n")


def test_a_threshold_may_have_no_other_side(read: Read):
    assert read(A.replace(",6,4,", ",6,,"), B)["contradicted_to"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([A.replace(",6,4,", ",4,6,"), B], "is not beyond supported_from"),
        ([A.replace(",6,4,", ",6,6,"), B], "is not beyond supported_from"),
        ([A, B.replace("0.18,0.25", "0.25,0.18")], "is not beyond supported_from"),
        ([A.replace(",6,4,", ",,4,"), B], "is not a threshold"),
        ([A.replace(",6,4,", ",six,4,"), B], "is not a plain number"),
        ([A, B.replace("Many", "Few")], "differs from the claim's first row"),
        ([A.replace("required", "context"), B], "without a required part"),
        ([A.replace("{value:.0f}", "many"), B], "does not give the answer"),
        ([A.replace("{value:.0f}", "{high:.0f}"), B], "does not give the answer"),
        ([A.replace("{value:.0f}", "{value:.0f} to {high:.0f}"), B], "does not give the answer"),
        ([A.replace("{value:.0f}", "{value:d}"), B], "does not give the answer"),
        ([A.replace("at_least", "above"), B], "is not an allowed value of this column"),
        ([A], "has a query for C01 b, which claim_tests.csv does not list"),
        ([A, B, B.replace(",b,", ",c,")], "has no query for C01 c"),
    ],
)
def test_faults_are_named(read: Read, rows: list[str], said: str):
    with pytest.raises(SourceError) as raised:
        read(*rows)
    assert said in raised.value.problem


def test_two_queries_of_one_part(read: Read):
    with pytest.raises(SourceError, match="two queries for C01 a"):
        read(A, B, queries=QUERIES + "-- C01 a\nselect 3;\n")
