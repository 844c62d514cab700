"""Exactly the planted changes are listed: in rows, values, columns, keys, sources and verdicts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import catalog
from pipeline.release import changes, diff, versions
from pipeline.release.diff import Difference, TableChange
from pipeline.release.sides import Side, side

FIELDS = [("place", "string"), ("year", "integer"), ("amount", "number"), ("note", "string")]
TYPES = {"string": pyarrow.string(), "integer": pyarrow.int64(), "number": pyarrow.float64()}
ALL = 10_000


@pytest.fixture
def sides(tmp_path: Path) -> Callable[..., Side]:
    """Makes a side with one table, `t`."""
    made = iter(range(100_000))

    def make(rows: list[dict], fields: Any = FIELDS, key: Any = ("place", "year"), **more: Any) -> Side:
        file = tmp_path / f"{next(made)}.parquet"
        schema = pyarrow.schema([(name, TYPES[kind]) for name, kind in fields])
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows, schema=schema), file)
        declared = {"fields": [{"name": n, "type": k, **more.get(n, {})} for n, k in fields], "primaryKey": list(key)}
        return Side(file.stem, {"t": declared}, more.get("editions", {}), lambda _: file)

    return make


def of_t(found: Difference) -> TableChange:
    (change,) = found.tables
    return change


KEYS = st.tuples(st.sampled_from("abcde"), st.integers(2000, 2004))
VALUES = st.fixed_dictionaries(
    {
        "amount": st.none() | st.floats(allow_nan=True, allow_infinity=True) | st.sampled_from([0.1 + 0.2, 0.3]),
        "note": st.none() | st.sampled_from(["", "x", "X", "x|y", "ü"]),
    }
)
TABLES = st.dictionaries(KEYS, VALUES, max_size=12)


def same(one: Any, other: Any) -> bool:
    """As the exact comparison means it: null equals null, not-a-number itself."""
    return one == other or (one is not None and other is not None and one != one and other != other)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=TABLES, after=TABLES)
def test_exactly_the_planted_changes_are_listed(sides: Callable[..., Side], before: dict, after: dict) -> None:
    def rows(table: dict) -> list[dict]:
        return [{"place": place, "year": year, **values} for (place, year), values in table.items()]

    found = diff.compare(sides(rows(before)), sides(rows(after)), listed=ALL)
    expected = {
        (*key, column)
        for key in before.keys() & after.keys()
        for column in ("amount", "note")
        if not same(before[key][column], after[key][column])
    }
    if not expected and before.keys() == after.keys():
        assert found.empty
        return
    change = of_t(found)
    assert set(change.added.itertuples(index=False, name=None)) == after.keys() - before.keys()
    assert set(change.removed.itertuples(index=False, name=None)) == before.keys() - after.keys()
    listed = list(change.changed[["place", "year", "column"]].itertuples(index=False, name=None)) if expected else []
    assert set(listed) == expected
    assert len(listed) == len(expected) == sum(change.by_column.values())
    assert change.counts == {
        "added": len(after.keys() - before.keys()),
        "removed": len(before.keys() - after.keys()),
        "changed": len({key[:2] for key in expected}),
    }
    # Markdown keeps one line a row whatever the values hold.
    assert all(line.count(" |") >= 2 for line in changes.markdown(found).splitlines() if line.startswith("|"))


ROWS = [{"place": p, "year": y, "amount": a, "note": None} for p, y, a in (("a", 1, 1.0), ("a", 2, 2.0), ("b", 1, 4.0))]


def test_the_largest_relative_change_is_listed_first_and_one_from_zero_before_it(sides: Callable[..., Side]) -> None:
    before = [*ROWS, {"place": "c", "year": 1, "amount": 0.0, "note": None}]
    amounts = [1.1, 4.0, 4.0, 5.0]
    after = [row | {"amount": amount} for row, amount in zip(before, amounts, strict=True)]
    changed = of_t(diff.compare(sides(before), sides(after))).changed
    assert changed["place"].tolist() == ["c", "a", "a"]
    assert changed["relative"].tolist() == [float("inf"), pytest.approx(1.0), pytest.approx(0.1)]
    assert changed[["before", "after"]].iloc[1].tolist() == ["2.0", "4.0"]


def test_a_renamed_key_column_is_one_change_and_rows_are_still_matched(sides: Callable[..., Side]) -> None:
    renamed = [{"area" if k == "place" else k: v for k, v in row.items()} for row in ROWS]
    renamed[0]["amount"] = 3.0
    fields = [("area", "string"), *FIELDS[1:]]
    change = of_t(diff.compare(sides(ROWS), sides(renamed, fields, ("area", "year"))))
    assert [(one.what, one.level) for one in change.schema] == [("column place renamed area", "major")]
    assert change.counts == {"added": 0, "removed": 0, "changed": 1}


def test_a_renamed_column_is_recognised_by_its_values(sides: Callable[..., Side]) -> None:
    renamed = [{"tonnes" if k == "amount" else k: v for k, v in row.items()} for row in ROWS]
    fields = [FIELDS[0], FIELDS[1], ("tonnes", "number"), FIELDS[3]]
    change = of_t(diff.compare(sides(ROWS), sides(renamed, fields)))
    assert [one.what for one in change.schema] == ["column amount renamed tonnes"]
    other = [row | {"tonnes": row["tonnes"] + 1} for row in renamed]
    change = of_t(diff.compare(sides(ROWS), sides(other, fields)))
    assert [one.what for one in change.schema] == ["column amount removed", "column tonnes added"]


def test_with_a_longer_key_whole_rows_are_compared(sides: Callable[..., Side]) -> None:
    after = [{**row, "note": note} for row in ROWS for note in ("x", "y")]
    change = of_t(diff.compare(sides(ROWS), sides(after, key=("place", "year", "note"))))
    assert [(one.what, one.level) for one in change.schema] == [("key place, year is now place, year, note", "major")]
    assert change.key == ()
    assert (change.counts["removed"], change.counts["added"]) == (3, 6)


@pytest.mark.parametrize(
    ("old", "new", "what", "level"),
    [
        ({"unit": "t"}, {"unit": "kg"}, "unit of amount was t, is kg", "major"),
        ({"constraints": {"enum": [1, 2]}}, {"constraints": {"enum": [2, 3]}}, "word 1 removed from amount", "major"),
        ({"constraints": {"enum": [1]}}, {"constraints": {"enum": [1, 3]}}, "word 3 added to amount", "minor"),
        ({"constraints": {"required": True}}, {}, "amount may now be empty", "minor"),
    ],
)
def test_what_a_column_means_is_compared_too(sides: Callable[..., Side], old: dict, new: dict, what: str, level: str) -> None:
    found = diff.compare(sides(ROWS, amount=old), sides(ROWS, amount=new))
    assert (what, level) in [(one.what, one.level) for one in of_t(found).schema]
    assert versions.level(found) == level


def test_a_column_of_another_type(sides: Callable[..., Side]) -> None:
    texts = [row | {"amount": str(row["amount"])} for row in ROWS]
    fields = [FIELDS[0], FIELDS[1], ("amount", "string"), FIELDS[3]]
    change = of_t(diff.compare(sides(ROWS), sides(texts, fields)))
    assert [one.what for one in change.schema] == ["type of amount was number, is string"]
    assert change.counts["changed"] == 0


def test_a_claim_whose_verdict_changed(sides: Callable[..., Side]) -> None:
    def claims(*verdicts: str) -> Side:
        rows = [{"claim_id": f"C{i}", "verdict": verdict} for i, verdict in enumerate(verdicts, 1)]
        made = sides(rows, [("claim_id", "string"), ("verdict", "string")], ["claim_id"])
        return Side(made.name, {"claims": made.schemas["t"]}, {}, made.parquet)

    found = diff.compare(claims("supported", "mixed"), claims("supported", "contradicted", "mixed"))
    assert found.verdicts == (("C2", "mixed", "contradicted"), ("C3", None, "mixed"))


def test_a_release_and_the_working_tables(finished: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def compared() -> Difference:
        with side("0.1.0") as one, side("working") as other:
            return diff.compare(one, other)

    assert compared().empty
    production = catalog.load_table("production")
    production.loc[0, "amount"] *= 2
    catalog.save_table("production", production)
    sources = finished / "raw" / "sources.yml"
    sources.write_text(sources.read_text().replace("edition: '2025'", "edition: '2026'", 1))
    found = compared()
    assert [change.table for change in found.tables] == ["production"]
    assert [change.counts["changed"] for change in found.tables] == [1]
    assert found.tables[0].by_column == {"amount": 1}
    assert [one[1:] for one in found.sources] == [("2025", "2026")]
    shown = changes.page(found)
    assert all(text in shown for text in ("production", "100.00%", "2026"))


@pytest.mark.slow
def test_restricted_rows_of_the_working_tables_are_not_compared(finished: Path, folder: Path) -> None:
    """No release may have them, so they are not new."""
    from tests.release.conftest import add_restricted_rows

    add_restricted_rows()
    with side("0.1.0") as one, side("working") as other:
        found = diff.compare(one, other)
    assert not any(change.table == "production" for change in found.tables)
    assert pd.notna(found.before)
