"""What the commands over a release show."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline import catalog
from pipeline.cli import app


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result.stdout


def test_commands_over_a_release(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one test, since each needs a release."""
    assert "Nothing differs" in run("diff", "0.1.0")
    production = catalog.load_table("production")
    production.loc[0, "amount"] *= 2
    catalog.save_table("production", production)
    assert "at least a patch step" in run("diff", "0.1.0")
    assert run("diff", "0.1.0", "--markdown").startswith("# Changes from 0.1.0 to the working tables\n")
    run("diff", str(folder), "working", "--html", str(tmp_path / "page.html"))
    assert "<td>100.00%</td>" in (tmp_path / "page.html").read_text("utf-8")
    assert str(folder / "tables" / "production.parquet") in run("get", str(folder), "production")
    run("get", "0.1.0", "production", "--to", str(tmp_path / "here"))
    assert (tmp_path / "here" / "production.parquet").read_bytes() == (folder / "tables" / "production.parquet").read_bytes()
    run("get", "0.1.0", "--to", str(tmp_path / "whole"))
    assert (tmp_path / "whole" / "report" / "index.html").is_file()
    monkeypatch.delenv("ZENODO_TOKEN", raising=False)
    shown = run("deposit", "0.1.0", "--dry-run")
    assert "observatory.sqlite" in shown
    assert "cc-by-4.0" in shown
