"""A release is read where this repository is not: with pandas, DuckDB, frictionless, SQLite alone, and with the reading wheel."""

import importlib.metadata
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pipeline import catalog
from pipeline.release import databases, texts

REPOSITORY = Path(__file__).parents[2]
# The files that a checkout gives the reading wheel.
OF_WHEEL = ("pyproject.toml", "README.md", "LICENSE", "pipeline", "rare_earth_observatory")


def with_dependencies(names: Iterable[str]) -> dict[str, importlib.metadata.Distribution]:
    """The installed distributions of those names and all they require, extras not counted."""
    found: dict[str, importlib.metadata.Distribution] = {}
    waiting = list(names)
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in found:
            found[name] = importlib.metadata.distribution(name)
            required = map(Requirement, found[name].requires or [])
            waiting += [one.name for one in required if one.marker is None or one.marker.evaluate({"extra": ""})]
    return found


def run_with(libraries: Iterable[str], script: str, at: Path, tmp_path: Path, *extra: Path) -> str:
    """What a script prints that runs in the folder `at` and can import those libraries only, and what is in `extra`."""
    folder = tmp_path / "libraries"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for distribution in with_dependencies(libraries).values():
        for top in {file.parts[0] for file in distribution.files or [] if file.parts[0] not in ("..", "__pycache__")}:
            (folder / top).symlink_to(str(distribution.locate_file(top)))
    first = (
        f"import importlib.util, sys; sys.path += {[str(folder), *map(str, extra)]!r}\n"
        f"assert {bool(extra)} or not importlib.util.find_spec('pipeline')\n"
        "assert not importlib.util.find_spec('dagster')\n"
    )
    command = [sys.executable, "-I", "-S", "-c", first + script]
    environment = {"REO_CACHE": str(tmp_path / "cache"), "HOME": str(tmp_path), "PATH": ""}
    done = subprocess.run(command, cwd=at, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def of_readme(language: str, word: str) -> str:
    """The block of a release's README in a language that has the word."""
    return next(block for block in re.findall(rf"```{language}\n(.*?)```", "\n".join(texts.READING), re.DOTALL) if word in block)


@pytest.fixture
def elsewhere(folder: Path, tmp_path: Path) -> Path:
    """A folder that has nothing but the files of a release and its two databases."""
    (tmp_path / "elsewhere").mkdir()
    shutil.move(folder, tmp_path / "elsewhere" / "release")
    for database in (databases.DUCKDB, databases.SQLITE):
        shutil.move(folder.with_name(database), tmp_path / "elsewhere" / database)
    return tmp_path / "elsewhere"


def test_with_pandas_alone(elsewhere: Path, tmp_path: Path) -> None:
    expected = catalog.load_table("trade_flows")
    script = """
for rows in (pd.read_parquet("tables/trade_flows.parquet"), pd.read_csv("tables/trade_flows.csv", dtype={"hs6": str})):
    print(len(rows), *sorted(set(rows["hs6"])), float(rows["value_kusd"].sum()), rows["quantity_t"].isna().sum())
"""
    shown = run_with(["pandas", "pyarrow"], of_readme("python", "pandas") + script, elsewhere / "release", tmp_path)
    codes, empty = " ".join(sorted(set(expected["hs6"]))), expected["quantity_t"].isna().sum()
    assert shown.splitlines()[-2:] == [f"{len(expected)} {codes} {expected['value_kusd'].sum()} {empty}"] * 2


def test_with_duckdb_alone(elsewhere: Path, tmp_path: Path) -> None:
    statements = [line for line in of_readme("sql", "-- DuckDB").splitlines() if not line.startswith("--")]
    counted = [f"(select count(*) from {name})" for name in catalog.tables()]
    script = f"""
import duckdb
for statement in {statements!r}:
    duckdb.sql(statement).fetchall()
with duckdb.connect("../{databases.DUCKDB}", read_only=True) as moved:
    print(*moved.sql("select {", ".join(counted)}").fetchall()[0])
"""
    shown = run_with(["duckdb"], script, elsewhere / "release", tmp_path)
    assert shown.split() == [str(catalog.row_count(name)) for name in catalog.tables()]


def test_with_python_and_its_sqlite_alone(elsewhere: Path, tmp_path: Path) -> None:
    query = of_readme("sql", ".open observatory.sqlite").splitlines()[-1]
    script = f"import sqlite3; print(dict(sqlite3.connect('{databases.SQLITE}').execute({query!r}).fetchall()))"
    rows = catalog.load_table("export_concentration", hs6="280530", basis="value").sort_values("year")
    assert run_with([], script, elsewhere, tmp_path).strip() == str(dict(zip(rows["year"], rows["china_share"], strict=True)))


def test_with_frictionless_alone(elsewhere: Path, tmp_path: Path) -> None:
    script = """
report = package.validate()
print(report.valid, report.stats["tasks"])
"""
    shown = run_with(["frictionless"], of_readme("python", "frictionless") + script, elsewhere / "release", tmp_path)
    assert shown.splitlines()[-1] == f"True {len(catalog.tables())}"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `pip install rare-earth-observatory` fetches, made from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in OF_WHEEL:
        copy = shutil.copytree if (REPOSITORY / name).is_dir() else shutil.copyfile
        copy(REPOSITORY / name, folder / name)
    build = "from setuptools.build_meta import build_wheel; build_wheel('.')"
    subprocess.run([sys.executable, "-W", "ignore", "-c", build], cwd=folder, capture_output=True, check=True)
    (made,) = folder.glob("*.whl")
    return made


def test_with_the_reading_wheel_and_the_libraries_it_names(elsewhere: Path, archive: Path, wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "unpacked")
    (metadata,) = (tmp_path / "unpacked").glob("*.dist-info/METADATA")
    required = [
        Requirement(line.removeprefix("Requires-Dist: ")) for line in metadata.read_text().splitlines() if "-Dist: " in line
    ]
    libraries = [one.name for one in required if one.marker is None or one.marker.evaluate({"extra": ""})]
    assert sorted(libraries) == ["fsspec", "pandas", "pooch", "pyarrow"]
    script = f"""
import rare_earth_observatory as reo
assert reo.__file__.startswith({str(tmp_path / "unpacked")!r})
for place in ("release", {str(archive)!r}):
    rows = reo.load_table("trade_flows", release=place, exporter="CHN")
    described = reo.describe("trade_flows", release=place).set_index("column")["unit"]
    found = reo.search("flows", release=place)["name"]
    print(len(rows), described["value_kusd"], "trade_flows" in set(found), len(reo.policy_register("2026-06-30", release=place)))
"""
    exported = (catalog.load_table("trade_flows")["exporter"] == "CHN").sum()
    shown = run_with(libraries, script, elsewhere, tmp_path, tmp_path / "unpacked")
    assert shown.splitlines() == [f"{exported} kUSD True {len(catalog.policy_register('2026-06-30'))}"] * 2
