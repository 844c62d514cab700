"""Whatever is changed in a file, a cell, a row, a column or bytes: a parser gives a table that keeps its contract, or a ReoError.

A few cases each here; `make fuzz` tries a thousand each (REO_FUZZ=1000), others every time.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline import catalog
from pipeline.errors import ReoError
from pipeline.schemas import contract
from tests.fuzz import inputs

CASES = int(os.environ.get("REO_FUZZ", "0"))
# Many files or long lists: fewer cases here, as many as the others in `make fuzz`.
SLOW = (
    "trade_monthly",
    "prices",
    "prices_tidy",
    "reserves",
    "world_history",
    "us_statistics",
    "facilities",
    "quotas",
    "policy_events",
    "policy_codes",
    "policy_status",
    "overseas_presence",
    "processing",
    "mirror_flows",
    "illegal_estimates",
)
CASES_HERE, CASES_OF_SLOW = 50, 10
CELLS = (
    "", " ", "x",
    "0", "-1", "0.0", "-0", "1e400", "1e-400", "1e9", "9" * 25, "1,5", "2.500", "02", "+1", "nan", "inf", "NA", "TRUE",
    "٣", "１", "½", "2026", "2099", "0000", "2026-02-30", "2026-13", "2026-00-00", "99999-01-01", "04/05/2026", "2026-Q5",
    "yes",
    ";", ";;", "a;b", "a;a", "ROW", "WLD", "CHN", "\0", "\u202e", "\u200b", "\ufeff", "e\u0301", "\n", '"', "'", ",", "=1+1",
    "[/b]",
    "{}", "%s", "../x", "a" * 300, "\udc80".encode("utf-8", "replace").decode(), "\U0001f4a9",
)  # fmt: skip
BYTES = (b"", b"\0", b"\xff", b"\xe9", b'"', b",", b"\n", b"\r", b";", b"\xef\xbb\xbf", b"\xe2\x80\xae", b"\x1f\x8b")


@st.composite
def changed(draw: st.DrawFn, name: str, content: bytes) -> bytes:
    """The file with one to three changes of its cells, rows and columns, or one of its bytes."""
    plain = inputs.unpacked(name, content)
    if draw(st.integers(0, 4)) == 0:
        return _bytes(draw, name, plain)
    rows = [list(row) for row in inputs.rows(plain)]
    for _ in range(draw(st.integers(1, 3))):
        _change(draw, rows)
    return inputs.written(name, rows)


def _bytes(draw: st.DrawFn, name: str, plain: bytes) -> bytes:
    kind = draw(st.sampled_from(("put", "cut", "header", "nothing", "other encoding", "not packed", "cut packed")))
    place = draw(st.integers(0, max(len(plain) - 1, 0)))
    header = plain.find(b"\n") + 1
    packed = inputs.repacked(name, plain)
    return {
        "put": inputs.repacked(name, plain[:place] + draw(st.sampled_from(BYTES)) + plain[place + draw(st.integers(0, 3)) :]),
        "cut": inputs.repacked(name, plain[:place]),
        "header": inputs.repacked(name, plain[:header]),
        "nothing": inputs.repacked(name, b""),
        "other encoding": inputs.repacked(
            name, plain.decode().encode(draw(st.sampled_from(("utf-16", "cp1252", "gb18030"))), "replace")
        ),
        "not packed": plain,
        "cut packed": packed[: len(packed) // 2],
    }[kind]


def _change(draw: st.DrawFn, rows: list[list[str]]) -> None:
    if len(rows) < 2 or not rows[0]:
        return
    row = draw(st.integers(1, len(rows) - 1))
    column = draw(st.integers(0, len(rows[0]) - 1))
    kind = draw(
        st.sampled_from(
            ("cell", "cell", "cell", "exchange", "twice", "gone", "short", "long", "empty", "constant", "drop", "rename")
        )
    )
    cell = draw(st.sampled_from(CELLS) | st.text(max_size=6))
    if kind == "cell":
        rows[row][column : column + 1] = [cell]
    elif kind == "exchange":
        other = draw(st.integers(1, len(rows) - 1))
        if column < min(len(rows[row]), len(rows[other])):
            rows[row][column], rows[other][column] = rows[other][column], rows[row][column]
    elif kind == "twice":
        rows.append(list(rows[row]))
    elif kind == "gone":
        del rows[row]
    elif kind == "short":
        del rows[row][-1:]
    elif kind == "long":
        rows[row].append(cell)
    elif kind == "empty":
        rows.append([""] * len(rows[0]))
    elif kind == "constant":
        for one in rows[1:]:
            one[column : column + 1] = [cell]
    elif kind == "drop":
        for one in rows:
            del one[column : column + 1]
    elif kind == "rename":
        rows[0][column] = cell


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@pytest.mark.parametrize("target", inputs.targets())
def test_the_sample_itself_is_read(target: str, folder: Path) -> None:
    """Else every change would be refused for the same reason."""
    assert inputs.files_of(target, folder)
    assert len(inputs.run(target, inputs.inputs(target, folder, {})))


@pytest.mark.parametrize("target", inputs.targets())
def test_only_a_table_or_a_reo_error_comes_out(target: str, folder: Path) -> None:
    files = inputs.files_of(target, folder)

    @settings(
        max_examples=CASES or (CASES_OF_SLOW if target in SLOW else CASES_HERE),
        derandomize=not CASES,
        # A case found here is small already: shrinking it would cost more than finding it.
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def check(data: st.DataObject) -> None:
        source_id, name = data.draw(st.sampled_from(files))
        content = data.draw(changed(name, inputs.sampled(source_id, name)))
        try:
            found = inputs.run(target, inputs.inputs(target, folder, {(source_id, name): content}))
            if CASES and target not in inputs.PARTS:
                contract.check(catalog.table(target), found)
        except ReoError:
            return

    check()
