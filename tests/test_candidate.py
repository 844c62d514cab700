"""A candidate of a new edition in the toy world: what is taken in, what it changes, and that the inputs stay as they are."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from pipeline import candidate, catalog, cli, paths, wiring
from pipeline.assets import editions
from pipeline.definitions import compose
from pipeline.errors import ReoError
from pipeline.intake import lock
from pipeline.intake.source_files import SourceFiles
from pipeline.sources import publishers
from tests.made_sources import Write
from tests.publishers import publisher
from tests.sources.publishers_answers import CASES, MCS, answered, cepii, mcs

# The edition of 2026 in the toy world: China's 60,000 t of 2024 are 50,000 now, and Malaysia, not available before, has 10,000.
LINE = "RARE EARTHS,World Mine Production and Reserves,REO,{},Production,Mine production,metric tons,{},{},,Yes"
FIGURES = {
    2024: {"China": 50000, "Malaysia": 10000, "United States": 30000, "Other countries": 10000},
    2025: {"China": 60000, "Malaysia": 10000, "United States": 40000, "Other countries": 10000},
}
LINES = [LINE.format(country, year, tonnes) for year, found in FIGURES.items() for country, tonnes in found.items()]
LINES += [LINE.format("World total (rounded)", year, sum(found.values())) for year, found in FIGURES.items()]
SUMMARIES = "\n".join([MCS.splitlines()[0], *LINES, ""])


@pytest.fixture
def survey(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The Survey and the World Bank, with an edition each."""
    answers = {**mcs(SUMMARIES), **CASES["worldwide_governance_indicators"].answers}
    with publisher(lambda query, n: answered(answers, query)) as (host, _):
        for source_id in ("usgs_mcs", "worldwide_governance_indicators"):
            monkeypatch.setattr(publishers._module(source_id), "HOST", host)
        yield


def hashes(folder: Path) -> dict[str, str]:
    found = sorted(file for file in (folder / "raw").rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in found}


@pytest.fixture
def unbuilt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidate, "_build", lambda made, reason: None)


def test_an_edition_is_read_in_the_candidate_and_nowhere_else(toy_data: Path, survey: None, unbuilt: None) -> None:
    before = hashes(toy_data)
    made = candidate.make("usgs_mcs", "2026")
    assert hashes(toy_data) == before
    with paths.using(made):
        entry = lock.source("usgs_mcs")
        assert entry.edition == "toy; 2026 as fetched"
        assert entry.files[0].name == "usgs_mcs/world.csv"
        for source_id in ("usgs_mcs", "documents", "reviewed"):
            SourceFiles(source_id).paths()
        for table in ("countries", "country_codes", "conversion_factors", "documents"):
            catalog.save_table(table, wiring.make(table))
        production = wiring.make("production").query("source_id == 'usgs_mcs' and edition == '2026' and country == 'CHN'")
    assert production[["year", "amount", "publisher", "dated"]].values.tolist() == [
        [2024, 50000.0, "USGS", "2026"],
        [2025, 60000.0, "USGS", "2026"],
    ]


def test_the_rest_of_the_lock_stays_as_it_is(toy_data: Path, survey: None, unbuilt: None) -> None:
    head = "# Every raw input.\n"
    lock.path().write_text(head + lock.path().read_text())
    before = yaml.safe_load(lock.path().read_text())["sources"]
    with paths.using(candidate.make("usgs_mcs", "2026")):
        text = lock.path().read_text()
    after = yaml.safe_load(text)["sources"]
    assert text.startswith(head)
    assert {name for name in after if after[name] != before[name]} == {"usgs_mcs", "documents", "reviewed"}
    assert list(after) == list(before)


def test_a_whole_edition_takes_the_place_of_what_a_package_carried(toy_data: Path, survey: None, unbuilt: None) -> None:
    with paths.using(candidate.make("worldwide_governance_indicators", "2025-11-05")):
        entry = lock.source("worldwide_governance_indicators")
        assert (entry.edition, entry.obtained, entry.package) == ("2025-11-05", "transcribed", None)
        assert [file.name for file in entry.files] == ["worldwide_governance_indicators/estimates.csv"]


def test_rows_of_another_publisher_join_the_file_they_are_of(source: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """DataWeb's June joins the Census Bureau's May; its document is of DataWeb."""
    case = CASES["usitc_dataweb"]
    may = "2026-05,2026-05,USA,ARG,lithium_carbonate,283691,import,usd,7,d,,\n"
    source("us_census_monthly", **{"monthly.csv": case.columns + may})
    source("usitc_dataweb", **{"hts4.csv": "a\n1\n"})
    source("reviewed", **{"production_editions.csv": "source_id,edition_as_printed,edition,dated\n"})
    (paths.raw() / "documents.csv").write_text("document_id\n")
    monkeypatch.setenv("REO_DATAWEB_KEY", "a-key")
    with publisher(lambda query, n: answered(case.answers, query)) as (host, _):
        put_down = publishers.fetch("usitc_dataweb", "2026-06", host=host)
    candidate.take_in("usitc_dataweb", "2026-06", put_down)
    file = SourceFiles("us_census_monthly").path("monthly.csv")
    months = [line[:7] for line in file.read_text().splitlines()[1:]]
    assert file == paths.raw() / "us_census_monthly" / "monthly.csv"
    assert months == ["2026-05", "2026-06", "2026-06", "2026-06"]
    assert (paths.raw() / "documents.csv").read_text().splitlines()[1].startswith("usitc-dataweb-fetched-2026-06,")


def fetch(*arguments: str) -> str:
    result = CliRunner().invoke(cli.app, ["fetch", "usgs_mcs", "2026", *arguments])
    assert result.exit_code == 0
    return result.output


def test_what_reo_fetch_says_by_hand_is_what_use_writes(toy_data: Path, survey: None) -> None:
    """The one line of the lock, the edition's and the document's rows: written by hand as shown, the same production."""
    said = fetch()
    lines = [line for line in said.splitlines() if line.startswith(("+", "-"))]
    assert "-   - name: usgs_mcs/world.csv" in lines
    text = lock.path().read_text()
    new = next(line for line in lines if line.startswith("+   - name:")).removeprefix("+   - name: ")
    lock.path().write_text(text.replace("name: usgs_mcs/world.csv\n", f"name: {new}\n"))
    for file, start in (("documents.csv", "+ usgs-mcs-fetched-2026,"), ("reviewed/production_editions.csv", "+ usgs_mcs,2026,")):
        row = next(line for line in lines if line.startswith(start)).removeprefix("+ ")
        candidate._add_line(paths.raw() / file, row)
    assert "`reo fetch usgs_mcs 2026 --use`" in said
    lock.relock()
    by_hand = produced()
    assert "Read `git diff data/raw`, then run `reo build`" in fetch("--use")
    assert "usgs_mcs/world.csv" in [file.name for file in lock.source("usgs_mcs").files]
    assert new not in [file.name for file in lock.source("usgs_mcs").files]
    pd.testing.assert_frame_equal(produced(), by_hand)
    assert len(by_hand.query("edition == '2026'")) == len(LINES)


def produced() -> pd.DataFrame:
    for table in ("countries", "country_codes", "conversion_factors", "documents"):
        catalog.save_table(table, wiring.make(table))
    return wiring.make("production").query("source_id == 'usgs_mcs'").reset_index(drop=True)


def test_a_whole_edition_leaves_no_file_of_the_one_before(toy_data: Path) -> None:
    for release in ("V202601", "V202701"):
        answers = cepii(release, Y2024="t,i,j,k,v,q\n1,2,3,4,5,6\n")
        with publisher(lambda query, n, answers=answers: answered(answers, query)) as (host, _):
            candidate.take_in("cepii_baci", release, publishers.fetch("cepii_baci", release, host=host))
    names = ["BACI_HS92_Y2024_V202701.csv.gz", "country_codes_V202701.csv"]
    assert [Path(file.name).name for file in lock.source("cepii_baci").files] == names
    assert sorted(file.name for file in (paths.raw() / "cepii_baci").iterdir()) == names


def test_a_candidate_made_again_is_the_same(toy_data: Path, survey: None, unbuilt: None) -> None:
    once = hashes(candidate.make("usgs_mcs", "2026"))
    assert hashes(candidate.make("usgs_mcs", "2026")) == once


@pytest.mark.parametrize(("source_id", "edition"), [("usgs_mc", "2026"), ("usgs_mcs", "../../raw"), ("usgs_mcs", "")])
def test_what_is_no_edition_is_refused_before_anything_is_copied(toy_data: Path, source_id: str, edition: str) -> None:
    with pytest.raises(ReoError):
        candidate.make(source_id, edition)
    assert not paths.candidates().exists()


def run(name: str) -> dg.ExecuteInProcessResult:
    with dg.instance_for_test() as instance:
        instance.add_dynamic_partitions(editions.EDITIONS.name, [name])
        return (
            compose()
            .resolve_job_def(editions.JOB)
            .execute_in_process(instance=instance, partition_key=name, raise_on_error=False)
        )


def check(ended: dg.ExecuteInProcessResult) -> dg.AssetCheckEvaluation:
    [found] = ended.get_asset_check_evaluations()
    return found


def rows(ended: dg.ExecuteInProcessResult) -> list[dict[str, object]]:
    shown = check(ended).metadata["rows"]
    assert isinstance(shown, dg.TableMetadataValue)
    return [dict(record.data) for record in shown.records]


@pytest.fixture
def finished(finished_toy_world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The toy world as a build leaves it, which a test may change."""
    shutil.copytree(finished_toy_world, tmp_path / "finished")
    monkeypatch.setenv("REO_DATA", str(tmp_path / "finished"))
    return tmp_path / "finished"


@pytest.mark.parametrize("revise", [True, False])
def test_the_check_warns_of_earlier_years_alone(finished: Path, monkeypatch: pytest.MonkeyPatch, revise: bool) -> None:
    """Governance: China 2024 from 0.1 to 0.3, or a new year beside figures that stay."""

    def make(source_id: str, edition: str) -> Path:
        made = candidate.folder(source_id, edition)
        shutil.copytree(finished, made, ignore=shutil.ignore_patterns("candidates"))
        with paths.using(made):
            rows = catalog.load_table("governance")
            china = (rows["country"] == "CHN") & (rows["year"] == 2024)
            new = rows[china].assign(year=2025)
            revised = rows.assign(wgi_pv=rows["wgi_pv"].mask(china, 0.3))
            catalog.save_table("governance", revised if revise else pd.concat([rows, new], ignore_index=True))
        return made

    monkeypatch.setattr(candidate, "make", make)
    ended = run("worldwide_governance_indicators:2025-11-05")
    assert ended.success
    assert check(ended).passed is not revise
    assert check(ended).severity == dg.AssetCheckSeverity.WARN
    if revise:
        [row] = rows(ended)
        assert row == {"table": "governance", "row": "2024 CHN", "column": "wgi_pv", "before": "0.1", "after": "0.3"}


def test_a_publisher_that_fails_is_a_failure_with_its_remedy(toy_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with publisher(lambda query, n: (404, {}, b"")) as (host, _):
        monkeypatch.setattr(publishers._module("usgs_mcs"), "HOST", host)
        ended = run("usgs_mcs:2026")
    [event] = [e for e in ended.all_events if e.is_step_failure]
    assert "answers 404" in event.step_failure_data.user_failure_data.description
    assert event.step_failure_data.user_failure_data.metadata["remedy"].value


@pytest.mark.slow
def test_a_new_edition_from_the_publisher_to_what_it_changes(built_copy: Path, survey: None) -> None:
    """Fetched, built and compared: production of 2024 was reconciled to 60,000 t of China, and is 50,000 now."""
    before = hashes(built_copy)
    ended = run("usgs_mcs:2026")
    assert ended.success
    assert hashes(built_copy) == before
    assert not check(ended).passed
    assert {"row": "2024 CHN", "before": "60000.0", "after": "50000.0"}.items() <= next(
        row.items() for row in rows(ended) if row["table"] == "production_reconciled" and row["column"] == "central"
    )
