"""Each check of `reo doctor` finds what is broken on purpose, and nothing where all is well."""

import fcntl
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from pipeline import catalog, doctor, files, one_build, paths, wiring
from pipeline.intake import lock


@pytest.fixture
def forget_signatures() -> Iterator[None]:
    wiring.signature.cache_clear()
    yield
    wiring.signature.cache_clear()


def test_an_old_python() -> None:
    assert doctor.python((3, 11)) == doctor.python((3, 13)) == []
    [finding] = doctor.python((3, 9))
    assert "3.9" in finding.problem


def test_a_full_disk() -> None:
    assert doctor.disk(free=10**12) == []
    [finding] = doctor.disk(free=10**6)
    assert "REO_DATA" in finding.remedy


def test_an_environment_that_differs_from_the_lock() -> None:
    def installed(name: str) -> str:
        if name == "absent":
            raise metadata.PackageNotFoundError
        return "2.0"

    text = "same==2.0 \\\n    --hash=sha256:00\nother[extra]==1.0 \\\n    --hash=sha256:00\nabsent==3\n"
    assert doctor.environment("same==2.0\n", installed) == []
    [finding] = doctor.environment(text, installed)
    assert "other 1.0 (2.0), absent 3 (not installed)" in finding.problem


def test_an_altered_input(toy_data: Path) -> None:
    before = {finding.problem for finding in doctor.inputs()}
    source_id, source = next((i, s) for i, s in lock.read().sources.items() if s.obtained == "transcribed")
    with (paths.raw() / source.files[0].name).open("a") as stream:
        stream.write("\n")
    [new] = [f for f in doctor.inputs() if f.problem not in before]
    assert new.problem.startswith(f"source {source_id}")


def test_a_half_written_file(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths.processed().mkdir()
    assert doctor.half_written() == []

    def killed(part: Path) -> None:
        part.write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        files.replace(paths.processed() / "blocs.csv", killed)
    [finding] = doctor.half_written()
    assert "blocs.csv" in finding.problem


def test_a_running_build(data_folder: Path) -> None:
    assert doctor.running_build() == []
    with one_build.lock_path().open("w") as held:
        assert doctor.running_build() == []
        fcntl.flock(held, fcntl.LOCK_EX)
        assert len(doctor.running_build()) == 1


def test_tables_that_were_not_built(data_folder: Path) -> None:
    [finding] = doctor.not_built()
    assert finding.remedy == "run `reo build`"


def test_every_step_that_a_half_added_table_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forget_signatures: None
) -> None:
    declared = catalog.table("supply_risk")
    monkeypatch.setenv("REO_DATA", str(paths.data()))
    (tmp_path / "expected_rows.csv").write_text("table,year,rows\n")
    (tmp_path / "data-dictionary.md").write_text("")
    monkeypatch.setattr(doctor.paths, "REPOSITORY", tmp_path)
    monkeypatch.setattr(doctor, "DOCS", tmp_path)
    monkeypatch.setattr(doctor, "TOY", tmp_path)
    monkeypatch.setattr(doctor, "read_by_someone", set)
    reviewed = tmp_path / "data" / "raw" / "reviewed"
    reviewed.mkdir(parents=True)
    (reviewed / "expected_rows.csv").write_text("table,year,rows\n")
    monkeypatch.delitem(wiring.MAKERS, "supply_risk")
    problems = [finding.problem.removeprefix("table supply_risk: ") for finding in doctor.table(declared)]
    assert problems == [
        "no function makes the table supply_risk",
        "it has no method page",
        "it has no worked values in the toy world",
        "the data dictionary lacks it",
        "its rows are not counted in data/raw/reviewed/expected_rows.csv",
        "its rows are not counted in expected_rows.csv",
        "no other table, page, notebook or claim reads it",
    ]


def test_every_declared_table_and_source_has_every_step() -> None:
    assert [f for declared in catalog.tables().values() for f in doctor.table(declared)] + doctor.sources() == []


def test_a_source_that_nothing_is_made_from(toy_data: Path) -> None:
    declared = yaml.safe_load(lock.path().read_text())
    # Put together, for a name that stands in a test is taken as compared with there.
    added = "_".join(("nobody", "reads", "it"))
    first = next(source for source in declared["sources"].values() if source["obtained"] == "transcribed")
    declared["sources"][added] = first | {
        "files": [{**file, "name": f"{added}/{n}.csv"} for n, file in enumerate(first["files"])]
    }
    lock.path().write_text(yaml.safe_dump(declared))
    assert f"source {added}: no table is made from it" in [finding.problem for finding in doctor.sources()]


def test_the_command_ends_with_one_where_something_is_to_do(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline import cli

    monkeypatch.setattr(doctor, "examine", lambda: {"disk space": [doctor.Finding("no space", "free some")]})
    found = CliRunner().invoke(cli.app, ["doctor"])
    assert found.exit_code == 1
    assert "no space" in found.output
    monkeypatch.setattr(doctor, "examine", lambda: {"disk space": []})
    assert CliRunner().invoke(cli.app, ["doctor"]).exit_code == 0
