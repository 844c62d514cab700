"""Superseded parts of claims as read."""

import pytest

from pipeline.intake.transcribed import SourceError
from pipeline.sources.reviewed import claim_tests_superseded as reader
from tests.made_sources import Write

ROW = "C01,a,How many?,countries,at_least,6,4,required,11,11,12,supported,2026-11-28,trivial"


def read(source: Write, row: str):
    table = ",".join(reader.COLUMNS) + "\n" + row + "\n"
    return reader.claim_tests_superseded(source("claim_tests", **{"claim_tests_superseded.csv": table}))


def test_numbers_and_nulls(source: Write):
    assert read(source, ROW)["value"].tolist() == [11]
    assert read(source, ROW.replace("11,11,12,supported", ",,,cannot tell"))["value"].isna().all()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROW.replace("11,11,12,supported", ",,,supported"), "does not go with its answer"),
        (ROW.replace("supported,2026", "cannot tell,2026"), "does not go with its answer"),
        (ROW.replace("supported,2026", "proven,2026"), "is not an allowed value of this column"),
        (ROW.replace(",11,11,", ",eleven,11,"), "is not a plain number"),
    ],
)
def test_faults_are_named(source: Write, row: str, said: str):
    with pytest.raises(SourceError) as raised:
        read(source, row)
    assert said in raised.value.problem
