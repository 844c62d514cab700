"""`reo tables`, `reo explain`, `reo claims` and their JSON, as a person or a program calls them on the toy world."""

import json
import logging
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from pipeline import catalog, cli, explain, progress, showing
from pipeline.errors import ReoError
from pipeline.schemas import table as t
from pipeline.schemas.claim_evidence import ClaimEvidence
from pipeline.schemas.claim_tests import ClaimTests
from pipeline.schemas.claims import Claims

KEY = ["2024", "284690", "value"]


@pytest.fixture(autouse=True)
def world(finished_toy_world: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REO_DATA", str(finished_toy_world))
    # Consoles of this process are as wide as a small terminal.
    for name in ("out", "err"):
        monkeypatch.setattr(cli, name, Console(width=80, stderr=name == "err"))
    return finished_toy_world


def call(*arguments: str) -> str:
    result = CliRunner().invoke(cli.app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_version() -> None:
    assert call("--version").startswith("reo ")


def test_a_mistyped_command_is_answered_with_the_one_meant() -> None:
    result = CliRunner().invoke(cli.app, ["buidl"])
    assert result.exit_code == 2
    assert "'build'" in result.output


def test_every_table_is_listed_under_its_subject() -> None:
    lines = call("tables").splitlines()
    assert [line.partition(" (")[0] for line in lines if "; rows, title)" in line] == list(t.SUBJECTS.values())
    assert {line.split()[0] for line in lines} >= set(catalog.tables())


@pytest.mark.parametrize("command", [["tables"], ["sources"], ["explain", "export_concentration", *KEY]])
def test_eighty_columns_are_enough(command: list[str]) -> None:
    assert max(len(line.rstrip()) for line in call(*command).splitlines()) <= 80


def test_a_table_for_programs() -> None:
    listed = json.loads(call("tables", "--json"))
    assert {row["table"] for row in listed} == set(catalog.tables())
    one = json.loads(call("tables", "export_concentration", "--json"))
    assert one["key"] == ["year", "hs6", "basis"]
    assert [c["column"] for c in one["columns"]] == list(catalog.load_table("export_concentration"))
    assert len(one["first_rows"]) == 5


def test_a_figures_origin_opens_with_the_answer_in_five_lines() -> None:
    short = call("explain", "export_concentration", *KEY).splitlines()
    assert len(short) == 5
    row = catalog.load_table("export_concentration", year=2024, hs6="284690", basis="value").iloc[0]
    assert f"hhi {row['hhi']:.6g}" in short[1]
    assert "trade_flows" in short[2]
    assert "docs/methods/export_concentration.md" in call("explain", "export_concentration", *KEY, "--long")


def test_a_figures_origin_for_programs_has_every_digit() -> None:
    found = json.loads(call("explain", "export_concentration", *KEY, "--json"))
    row = catalog.load_table("export_concentration", year=2024, hs6="284690", basis="value").iloc[0]
    assert found["row"]["hhi"] == pytest.approx(row["hhi"], rel=1e-14)
    assert found["inputs"][0]["rows"] == len(explain.explain("export_concentration", KEY).inputs[0].first)
    assert all("files" not in source for source in found["sources"].values())


@pytest.fixture
def little_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two claims, of which the first has two parts, one without an answer."""
    common = {"unit": "acts", "direction": "at_least", "supported_from": 3.0, "contradicted_to": 1.0, "sql": "select 1"}
    parts = [
        {"claim_id": "C01", "part": "a", "question": "How many acts?", "value": 4.0, "low": 2.0, "high": 5.0} | common,
        {"claim_id": "C01", "part": "b", "question": "Which [unknown] share?", "weight": "context", "verdict": "cannot tell"}
        | common,
        {"claim_id": "C02", "part": "a", "question": "How few?", "value": 0.0} | common,
    ]
    parts = [{"weight": "required", "verdict": "supported"} | part for part in parts]
    claims = [
        {"claim_id": "C01", "statement": "Acts are many", "verdict": "supported", "finding": "4 (2 to 5) acts."},
        {"claim_id": "C02", "statement": "Acts are few", "verdict": "contradicted", "finding": "0 acts."},
    ]
    tests = [
        {"claim_id": part["claim_id"], "part": part["part"], "finding": "{value:.0f} acts", "needed": "A [new] count"}
        for part in parts
    ]
    frames = {
        "claims": t.frame(Claims, claims),
        "claim_evidence": t.frame(ClaimEvidence, parts),
        "claim_tests": t.frame(ClaimTests, tests),
    }
    monkeypatch.setattr(catalog, "load_table", lambda name: frames[name])


def test_every_claim_is_listed_with_its_verdict_and_what_was_found(little_claims: None) -> None:
    said = " ".join(call("claims").split())
    assert "C01 supported Acts are many 4 (2 to 5) acts." in said
    assert "C02 contradicted Acts are few 0 acts." in said
    assert [c["verdict"] for c in json.loads(call("claims", "--json"))] == ["supported", "contradicted"]


def test_a_claims_parts_have_their_figure_range_and_threshold(little_claims: None) -> None:
    said = call("claims", "c01")
    assert "  4 (2 to 5) acts: supported\n  supported at 3 or more, contradicted at 1 or less" in said
    assert "Which [unknown] share?\n  not on record: a [new] count: cannot tell, context only" in said
    parts = json.loads(call("claims", "C01", "--json"))["parts"]
    assert [(p["part"], p["value"]) for p in parts] == [("a", 4.0), ("b", None)]


def test_an_unknown_claim_names_those_there_are(little_claims: None) -> None:
    with pytest.raises(ReoError, match=r"there is no claim 'C99'[^$]*use one of: C01, C02"):
        showing.claim_rows("C99")


def test_a_build_in_short_says_how_much_warns_and_where_to_read_it(world: Path) -> None:
    _passed, warned, _failed = showing.outcomes()
    out = Console(width=80, record=True, file=(world / "seen").open("w"))
    showing.build_in_short(out, {"tidy/prices": "new", "raw/usgs_mcs": "new"}, 61.4)
    said = out.export_text()
    assert f"Done in 61 s: 1 table made, {len(catalog.tables()) - 1} unchanged." in said
    assert (f"{len(warned)} checks warn" in said) == bool(warned)
    assert ("data_docs/index.html" in said.replace("\n", "")) == bool(warned)


def test_progress_is_one_line_or_every_step(capsys: pytest.CaptureFixture[str]) -> None:
    for verbose, seen in ((True, True), (False, False)):
        with progress.progress(Console(), "Building", verbose):
            logging.getLogger("reo").info("prices: 12 rows, 0.1 s")
        assert ("· prices: 12 rows, 0.1 s" in capsys.readouterr().out) == seen
