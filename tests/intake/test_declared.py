"""What is declared is carried out, or is an error: corrections, the lock, dates with a ceiling, whole tables, steps of shares."""

import pandas as pd
import pytest
import yaml

from pipeline import dates, paths
from pipeline.intake import committed, corrections, country_names, lock
from pipeline.intake.transcribed import SourceError
from pipeline.quality import share_steps, whole_tables
from tests.made_sources import Write

ENTRY = "- {id: a, source_id: toy, table: t, file: f.csv, row: {c: x}, column: v, printed: 5, kind: override, corrected: %s, "
REST = "why: w, evidence: e, who: o}\n"


@pytest.mark.parametrize(
    ("figure", "read"), [("02700", "1472"), ("1:30", "90"), ("0x1A", "26"), ("1_000", "1000"), (".inf", "inf")]
)
def test_a_number_that_yaml_reads_otherwise_is_refused(data_folder, figure: str, read: str) -> None:
    file = paths.raw() / "corrections.yml"
    file.write_text(ENTRY % figure + REST)
    with pytest.raises(SourceError, match=f"line 1: {figure.replace('.', '[.]')} would be read as {read}"):
        corrections.read(file)
    file.write_text(ENTRY % f"'{figure}'" + REST)
    assert corrections.read(file)[0].corrected == figure


@pytest.mark.parametrize("text", ["nothing", "- just words\n", "{a: 1}\n", "- []\n"])
def test_corrections_that_are_no_list_of_entries_are_one_error(data_folder, text: str) -> None:
    file = paths.raw() / "corrections.yml"
    file.write_text(text)
    with pytest.raises(SourceError, match="is not a list of entries"):
        corrections.read(file)


@pytest.mark.parametrize(
    "entry",
    [
        "- name: toy/a.csv\n        sha256: 'todo'\n        bytes: 0\n",
        "- bytes: 0\n        sha256: todo\n        name: toy/a.csv\n",
        "- {name: toy/a.csv, sha256: todo, bytes: 0}\n",
        '- "sha256": "todo"\n        "name": "toy/a.csv"\n        "bytes": "0"\n',
    ],
)
def test_locking_writes_an_entry_however_it_is_written(source: Write, entry: str) -> None:
    source("toy", **{"a.csv": "x\n1\n"})
    declared = yaml.safe_load(lock.path().read_text())
    declared["sources"]["toy"]["files"] = []
    text = yaml.safe_dump(declared, sort_keys=False).replace("    files: []\n", f"    files:\n      {entry}")
    lock.path().write_text(text)
    assert lock.relock() == ["toy/a.csv"]
    assert lock.relock() == []
    assert lock.source("toy").files[0].bytes == 4


def test_a_missing_listed_file_is_named_when_locking(source: Write) -> None:
    source("toy", **{"a.csv": "x\n1\n"})
    (paths.raw() / "toy" / "a.csv").rename(paths.raw() / "toy" / "b.csv")
    with pytest.raises(lock.LockError, match=r"a\.csv is missing, which sources.yml lists under toy") as raised:
        lock.relock()
    assert "b.csv" in raised.value.remedy


@pytest.mark.parametrize("accessed", ["25 Nov 2026", "2026-02-30", "2026-11", "11/25/2026"])
def test_the_day_of_access_is_a_day(source: Write, accessed: str) -> None:
    source("toy", **{"a.csv": "x\n1\n"})
    lock.path().write_text(lock.path().read_text().replace("'2026-11-24'", f"'{accessed}'"))
    with pytest.raises(lock.LockError, match=r"sources\.toy\.accessed: .* is not a day"):
        lock.read()


def test_the_edition_is_part_of_a_sources_version(source: Write) -> None:
    before = source("toy", **{"a.csv": "x\n1\n"}).source.version
    lock.path().write_text(lock.path().read_text().replace("edition: edition", "edition: next"))
    assert lock.source("toy").version != before


def test_a_date_is_after_a_ceiling_by_its_first_day() -> None:
    found = dates.after(pd.Series(["2026", "2026-11-25", "2027", "", "2026-02-30"]), "2026-11-24")
    assert found.tolist() == [False, True, True, False, False]


@pytest.mark.parametrize(
    "name",
    [
        "World excluding China", "outside China", "ex-China", "China and others", "Others incl. Malaysia", "Asia ex Japan",
        "Chile/Peru", "rest of Africa", "non-OPEC", "China + Mongolia",
    ],
)  # fmt: skip
def test_an_exclusion_or_a_group_is_no_country(name: str) -> None:
    frame = pd.DataFrame({"country": [name]})
    with pytest.raises(SourceError, match="is an exclusion or a group"):
        country_names.iso3(paths.raw() / "world.csv", frame, "country", {})


def test_an_unknown_name_comes_with_the_nearest_known() -> None:
    frame = pd.DataFrame({"country": ["Chian"]})
    with pytest.raises(SourceError, match="write China") as raised:
        country_names.iso3(paths.raw() / "world.csv", frame, "country", {})
    assert "'Chian' is not a known country name" in raised.value.problem


def table(rows: list[tuple[int, str, float]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["year", "country", "amount"])
    return frame.assign(source_id="toy", edition="2026", coverage="whole")


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([(2025, "CHN", 60.0), (2025, "USA", 40.0)], "has no published total"),
        ([(2025, "CHN", 100.0), (2025, "WLD", 100.0)], "fewer than two countries"),
        ([(2025, "CHN", 60.0), (2025, "USA", 30.0), (2025, "WLD", 100.0)], "more than 5 % off the sum"),
    ],
)
def test_a_whole_table_has_its_total(data_folder, rows: list[tuple[int, str, float]], problem: str) -> None:
    found = whole_tables.without_total(table(rows))
    assert found["year"].tolist() == ["2025"]
    assert problem in found["problem"].iloc[0]
    reviewed = paths.reviewed() / "tables_without_total.csv"
    reviewed.parent.mkdir(parents=True, exist_ok=True)
    reviewed.write_text("source_id,edition,year,why\ntoy,2026,2025,the text has none\n")
    assert whole_tables.without_total(table(rows)).empty


def test_a_sound_whole_table_has_no_fault(data_folder) -> None:
    assert whole_tables.without_total(table([(2025, "CHN", 60.0), (2025, "USA", 39.0), (2025, "WLD", 100.0)])).empty


def test_the_step_into_the_newest_year_is_measured_and_can_be_reviewed(data_folder) -> None:
    shares = pd.DataFrame({"hs6": "280530", "basis": "value", "year": [2022, 2023, 2024], "china_share": [0.1, 0.5, 0.9]})
    found = share_steps.newest_steps("export_concentration", shares)
    assert found[["series", "year"]].to_numpy().tolist() == [["280530 value", 2024]]
    assert found["step"].round(9).tolist() == [0.4]
    reviewed = paths.reviewed() / "share_steps.csv"
    reviewed.parent.mkdir(parents=True, exist_ok=True)
    reviewed.write_text("table,series,year,why\nexport_concentration,280530 value,2024,seen in the text\n")
    assert share_steps.newest_steps("export_concentration", shares).empty


def test_without_a_repository_nothing_is_committed_and_nothing_is_compared(tmp_path, monkeypatch) -> None:
    """As in a tarball: no history of the register's lines, no day of a last commit, and no fault of either."""
    committed.day.cache_clear()
    monkeypatch.setattr(paths, "REPOSITORY", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert committed.day() is None
    assert committed.contents(paths.raw() / "policy_register" / "status.csv") == []
    committed.day.cache_clear()
