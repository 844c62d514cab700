"""The tests of the claims: their questions and thresholds from a table, their queries from a file of SQL."""

import re
from pathlib import Path

import pandas as pd

from pipeline.intake import transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError
from pipeline.schemas.claim_tests import DIRECTIONS, WEIGHTS

COLUMNS = [
    "claim_id", "part", "statement", "question", "unit", "direction", "supported_from", "contradicted_to", "why", "weight",
    "needed", "finding",
]  # fmt: skip
# What a finding holds besides words: the answer, written as a number, a percentage or percentage points.
FIELD = re.compile(r"\{value:\+?\.\d[fp%]\}")
# A line that begins a query: `-- C01 a`, or `-- C04 a, C07 b` where it answers several parts, and whatever else it says.
HEAD = re.compile(r"^-- (C\d\d [a-z](?:, C\d\d [a-z])*)\b.*$", re.MULTILINE)


def claim_tests(claim_tests: SourceFiles) -> pd.DataFrame:
    """One row a part of a claim, with its query.

    Raises SourceError for an invalid threshold, or one upside down, a statement that changes within a claim, a claim without a
    required part, a finding that does not give the answer, and a part without a query or a query without a part.
    """
    file, queries_file = claim_tests.path("claim_tests.csv"), claim_tests.path("claim_evidence.sql")
    frame = transcribed.read(file, COLUMNS)
    for column, words in (("direction", DIRECTIONS), ("weight", WEIGHTS)):
        transcribed.one_of(file, frame, column, words)
    supported = transcribed.numbers(file, frame, "supported_from")
    contradicted = transcribed.numbers(file, frame, "contradicted_to")
    transcribed.refuse(file, frame, "supported_from", supported.isna(), "is not a threshold", "enter a number")
    sign = frame["direction"].map({"at_least": 1, "at_most": -1})
    crossed = (supported - contradicted) * sign <= 0
    remedy = "leave a gap between the two, the way the direction says"
    transcribed.refuse(file, frame, "contradicted_to", crossed, "is not beyond supported_from", remedy)
    changed = frame["statement"] != frame.groupby("claim_id")["statement"].transform("first")
    transcribed.refuse(file, frame, "statement", changed, "differs from the claim's first row", "write one statement a claim")
    required = (frame["weight"] == "required").groupby(frame["claim_id"]).transform("any")
    transcribed.refuse(file, frame, "weight", ~required, "leaves the claim without a required part", "make one part required")
    wordless = frame["finding"].map(lambda words: len(FIELD.findall(words)) != 1 or bool(re.search("[{}]", FIELD.sub("", words))))
    remedy = "write a clause with the answer once, such as {value:.0f} countries, {value:.0%} or {value:+.1p} points"
    transcribed.refuse(file, frame, "finding", wordless, "does not give the answer", remedy)
    queries = _queries(queries_file)
    parts = list(zip(frame["claim_id"], frame["part"], strict=True))
    if unknown := sorted(set(queries) - set(parts)):
        problem = f"{queries_file.name} has a query for {' '.join(unknown[0])}, which {file.name} does not list"
        raise SourceError(problem, "add the part, or correct the line that begins the query")
    if missing := [part for part in parts if part not in queries]:
        problem = f"{queries_file.name} has no query for {' '.join(missing[0])}"
        raise SourceError(problem, f"add one below a line `-- {' '.join(missing[0])}`")
    sql = pd.Series([queries[part] for part in parts], index=frame.index, dtype="str")
    return frame.assign(supported_from=supported, contradicted_to=contradicted, sql=sql)


def _queries(file: Path) -> dict[tuple[str, str], str]:
    """The text below each head, by claim and part. Raises SourceError for two queries of one part."""
    _preamble, *cut = HEAD.split(transcribed.decoded(file))
    queries: dict[tuple[str, str], str] = {}
    for parts, sql in zip(cut[::2], cut[1::2], strict=True):
        for named in parts.split(", "):
            claim_id, part = named.split()
            if (claim_id, part) in queries:
                raise SourceError(f"{file.name} has two queries for {named}", "keep one")
            queries[claim_id, part] = sql.strip()
    return queries
