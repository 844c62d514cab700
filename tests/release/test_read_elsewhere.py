"""A release is read where this project is not installed: by pandas, DuckDB, SQLite and frictionless alone, as its README says."""

import json
import re
import shutil
import site
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import catalog
from pipeline.release import databases, texts

# Site-packages without the files that make the editable project importable, as in an environment that has only the reader.
ALONE = """
import importlib.util, sys
sys.path.append({packages!r})
for project in ("pipeline", "rare_earth_observatory"):
    assert importlib.util.find_spec(project) is None, project + " can be imported"
"""
SNIPPETS = {
    next(word for word in ("pandas", "polars", "DuckDB", "library", "SQLite", "frictionless") if word in text): text
    for text in re.findall(r"```\w+\n(.*?)```", "\n".join(texts.READING), re.S)
}


def alone(code: str, folder: Path) -> str:
    """What a Python without this project prints, started in a folder."""
    packages = site.getsitepackages()[0]
    command = [sys.executable, "-I", "-S", "-c", ALONE.format(packages=packages) + code]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def moved(folder: Path, tmp_path: Path) -> Path:
    """The folder of a release and its databases, as somebody else has them."""
    there = tmp_path / "somebody's disk" / "reo"
    shutil.copytree(folder, there)
    for name in (databases.DUCKDB, databases.SQLITE):
        shutil.copyfile(folder.parent / name, there / name)
    shutil.rmtree(folder.parent)
    return there


def shares() -> dict[str, float]:
    rows = catalog.load_table("export_concentration", hs6="280530", basis="value")
    return {str(year): share for year, share in zip(rows["year"], rows["china_share"], strict=True)}


def test_pandas_alone_reads_every_table_from_parquet_and_csv_alike(moved: Path) -> None:
    code = """
import json, pandas as pd
described = json.load(open("datapackage.json"))
for r in described["resources"]:
    text = [f["name"] for f in r["schema"]["fields"] if f["type"] == "string"]
    csv = pd.read_csv(r["path"], dtype=dict.fromkeys(text, "str"), keep_default_na=False, na_values=[""])
    parquet = pd.read_parquet("tables/" + r["name"] + ".parquet")
    assert list(csv.columns) == list(parquet.columns) == [f["name"] for f in r["schema"]["fields"]], r["name"]
    print(r["name"], len(csv), len(parquet))
"""
    found = [line.split() for line in alone(code, moved).splitlines()]
    assert found == [[name, str(catalog.row_count(name)), str(catalog.row_count(name))] for name in catalog.tables()]


def test_the_snippet_for_pandas_gives_the_shares(moved: Path) -> None:
    printed = alone(SNIPPETS["pandas"] + "print(rows['hs6'].map(len).unique())", moved)
    for year, share in shares().items():
        assert re.search(rf"^{year} +{share:.4f}", printed, re.M), printed
    assert printed.endswith("[6]\n")


def test_the_snippets_for_duckdb_and_sqlite_give_the_same(moved: Path) -> None:
    first, last = [s for s in SNIPPETS["DuckDB"].splitlines()[1:] if s]
    code = f"""
import duckdb, json
duckdb.sql({first!r}).fetchall()
print(json.dumps(dict(duckdb.sql({last!r}).fetchall())))
one = duckdb.connect("observatory.duckdb", read_only=True)
print(json.dumps(dict(one.sql({last!r}.replace("'tables/export_concentration.parquet'", "export_concentration")).fetchall())))
import sqlite3
print(json.dumps(dict(sqlite3.connect("observatory.sqlite").execute({SNIPPETS["SQLite"].splitlines()[-1]!r}).fetchall())))
"""
    for line in alone(code, moved).splitlines():
        assert json.loads(line) == pytest.approx(shares())


def test_frictionless_finds_the_release_valid(moved: Path) -> None:
    code = (
        SNIPPETS["frictionless"]
        + "report = package.validate(); print(report.flatten(['title', 'rowNumber', 'fieldName', 'note']), report.stats['tasks'])"
    )
    assert alone(code, moved).splitlines()[-1] == f"[] {len(catalog.tables())}"


def test_the_snippets_are_what_a_reader_of_the_release_sees(moved: Path) -> None:
    readme = (moved / "README.md").read_text()
    assert all(text.rstrip() in readme for text in SNIPPETS.values())
    assert len(SNIPPETS) == 6
