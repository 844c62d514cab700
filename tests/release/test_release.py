"""A release: its content, what stays out, when it is refused, and that it is reproducible."""

import fcntl
import json
import re
import subprocess
import tarfile
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pyarrow.parquet
import pytest
import yaml

from pipeline import catalog, one_build, restricted, table_files
from pipeline.errors import ReoError
from pipeline.files import sha256
from pipeline.forecast import frozen
from pipeline.forecast.series import Series
from pipeline.release import descriptor, package
from pipeline.release.verify import verify
from pipeline.schemas import table as t
from tests import finished_world
from tests.finished_world import OUTCOME, RESTRICTED
from tests.release.conftest import SECRET, git

COMMITTED = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def refused(version: str, target: Path) -> str:
    """The message of a refusal; nothing may be written."""
    before = sorted(p.name for p in target.iterdir()) if target.exists() else []
    with pytest.raises(ReoError) as failure:
        package.build(version, target, stale=list)
    assert (sorted(p.name for p in target.iterdir()) if target.exists() else []) == before
    return str(failure.value)


def test_same_commit_same_bytes(finished: Path, repository: Path) -> None:
    first, second = (package.build("0.1.0", finished / target, stale=list) for target in ("here", "there"))
    assert first.read_bytes() == second.read_bytes()


def test_what_is_in_it(folder: Path) -> None:
    released = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    tables = {f"tables/{name}.{ending}" for name in catalog.tables() for ending in ("csv", "parquet")}
    texts = {"README.md", "CHANGES.md", "ATTRIBUTION.md", "CITATION.cff", "LICENSE", "LICENSE-data.md"}
    data = {"datapackage.json", "ro-crate-metadata.json", "croissant.json", "datacite.json"}
    data |= {"quality.json", "SHA256SUMS", "notebooks/01_toy.ipynb", "report/index.html"}
    assert released == tables | texts | data


def test_frozen_forecasts_and_their_scores_are_in_it(finished: Path) -> None:
    short = Series("mining", "Mining", "t REO", "amount", pd.Series([100.0] * 8, index=range(2016, 2024)), "toy")
    frozen.freeze([short], date(2024, 1, 2))
    archive = package.build("0.1.0", finished / "releases", stale=list)
    folder = archive.with_name("reo-0.1.0")
    assert (folder / "forecasts" / "2024-01-02.json").read_bytes() == (finished / "forecasts" / "2024-01-02.json").read_bytes()
    scores = pd.read_csv(folder / "forecasts" / "scores.csv")
    assert scores["status"].tolist() == ["not out yet"] * 4
    listed = {"forecasts/2024-01-02.json", "forecasts/scores.csv"}
    described = json.loads((folder / "datapackage.json").read_text())
    assert listed <= {resource["path"] for resource in described["resources"]}
    crate = json.loads((folder / "ro-crate-metadata.json").read_text())
    assert listed <= {entity["@id"] for entity in crate["@graph"]}
    assert verify(archive) == verify(folder)
    assert len(verify(archive).row_by_row) == len(catalog.tables())


def test_refused_where_a_frozen_forecast_was_edited(finished: Path) -> None:
    short = Series("mining", "Mining", "t REO", "amount", pd.Series([100.0] * 8, index=range(2016, 2024)), "toy")
    file = frozen.freeze([short], date(2024, 1, 2))
    file.write_text(file.read_text().replace("100.0", "101.0"))
    assert "was changed after it was frozen" in refused("0.1.0", finished / "releases")


def test_refused_with_a_table_too_long_for_csv(finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    longest = max(catalog.tables(), key=catalog.row_count)
    monkeypatch.setattr(table_files, "CSV_ROWS", catalog.row_count(longest) - 1)
    said = refused("0.1.0", finished / "releases")
    assert f"{longest} has more than" in said
    assert "`codes: all`" in said


def test_tables_are_those_of_the_build(folder: Path) -> None:
    for name in catalog.tables():
        for file in (catalog.csv_path(name), catalog.parquet_path(name)):
            assert (folder / "tables" / file.name).read_bytes() == file.read_bytes()


def test_checksums_are_what_sha256sum_reads(folder: Path) -> None:
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=folder, check=True)
    listed = [line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text().splitlines()]
    assert listed == sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and p.name != "SHA256SUMS")


def test_archive_has_no_date_but_the_commits_and_no_owner(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as tar:
        members = tar.getmembers()
    assert {(m.mtime, m.uid, m.gid, m.uname, m.gname, m.mode) for m in members} == {(COMMITTED.timestamp(), 0, 0, "", "", 0o644)}
    assert [m.name for m in members] == sorted(
        f"reo-0.1.0/{p.relative_to(folder).as_posix()}" for p in folder.rglob("*") if p.is_file()
    )


def test_citation_names_this_release(folder: Path) -> None:
    stated = yaml.safe_load((folder / "CITATION.cff").read_text())
    assert (stated["version"], stated["date-released"], stated["type"]) == ("0.1.0", "2026-03-04", "dataset")
    assert re.fullmatch(r"[0-9a-f]{40}", stated["commit"])
    assert "contributors (2026)" in (folder / "README.md").read_text()


@pytest.mark.parametrize("version", ["1.0", "v1.0.0", "01.0.0", "1.0.0-beta", "1.0.0\n", "../1.0.0", ""])
def test_version_must_be_semantic(finished: Path, repository: Path, version: str) -> None:
    assert "not a semantic version" in refused(version, finished / "releases")


def test_a_release_never_changes(finished: Path, archive: Path) -> None:
    before = sha256(archive)
    assert "already released" in refused("0.1.0", finished / "releases")
    assert sha256(archive) == before


def test_refused_when_the_tree_is_dirty(finished: Path, repository: Path) -> None:
    (repository / "new.py").write_text("")
    message = refused("0.1.0", finished / "releases")
    assert "new.py" in message
    assert "commit or stash them" in message


def test_refused_for_an_untracked_file_that_git_is_told_to_hide(finished: Path, repository: Path) -> None:
    git(repository, "config", "status.showUntrackedFiles", "no")
    (repository / "notebooks" / "02_new.ipynb").write_text("{}")
    assert "02_new.ipynb" in refused("0.1.0", finished / "releases")


def test_refused_inside_another_repository(finished: Path, repository: Path) -> None:
    """Unpacked there from an archive, it would name that repository's commit."""
    (repository / ".git").rename(repository.parent / ".git")
    git(repository.parent, "add", "repository")
    git(repository.parent, "commit", "--quiet", "--message", "around")
    assert "inside another git repository" in refused("0.1.0", finished / "releases")


def test_refused_for_another_data_folder(finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the toy world, say: its numbers would go out under the real title."""
    (finished / "demo").mkdir()
    monkeypatch.setenv("REO_DATA", str(finished / "demo"))
    assert "unset REO_DATA" in refused("0.1.0", finished / "releases")


def test_refused_where_something_waits_to_be_made_again(finished: Path) -> None:
    """A change that was committed but not built would go out under the new commit."""
    with pytest.raises(package.Refused, match=r"1 results are not .*\n  - tidy/blocs"):
        package.build("0.1.0", finished / "releases", stale=lambda: ["tidy/blocs (its code changed)"])


@pytest.mark.parametrize("what", ["a table", *(pytest.param(w, marks=pytest.mark.slow) for w in ("the tree", "the commit"))])
def test_refused_where_something_changes_while_it_is_packed(finished: Path, repository: Path, what: str) -> None:
    looks = iter([[], ["tidy/blocs (altered on disk)"] if what == "a table" else []])

    def stale() -> list[str]:
        found = next(looks)
        if what != "a table":
            (repository / "new.py").write_text("")
        if what == "the commit":
            git(repository, "add", ".")
            git(repository, "commit", "--quiet", "--allow-empty", "--message", "another")
        return found

    with pytest.raises(ReoError, match=r"altered on disk|new\.py|another commit"):
        package.build("0.1.0", finished / "releases", stale)
    assert list((finished / "releases").iterdir()) == []


def test_no_build_can_run_while_a_release_is_packed(finished: Path) -> None:
    def stale() -> list[str]:
        with one_build.lock_path().open("w") as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return []

    package.build("0.1.0", finished / "releases", stale)


@pytest.mark.slow
def test_notebooks_that_the_commit_no_longer_has_stay_out(finished: Path) -> None:
    (finished / "processed" / "notebooks" / "00_old.ipynb").write_text("{}")
    folder = package.build("0.1.0", finished / "releases", stale=list).with_name("reo-0.1.0")
    assert [p.name for p in (folder / "notebooks").iterdir()] == ["01_toy.ipynb"]


def test_what_a_killed_release_left_is_removed_by_the_next(finished: Path) -> None:
    killed = finished / "releases" / ".0.0.9.a1b2c3" / "0.0.9"
    killed.mkdir(parents=True)
    (finished / "releases" / ".mine").mkdir()
    package.build("0.1.0", finished / "releases", stale=list)
    assert sorted(p.name for p in (finished / "releases").iterdir()) == [".mine", "0.1.0"]


def test_refused_without_a_commit(finished: Path, repository: Path) -> None:
    subprocess.run(["rm", "-rf", repository / ".git"], check=True)
    assert "cannot identify the commit" in refused("0.1.0", finished / "releases")


def test_refused_when_a_check_of_severity_error_failed(finished: Path, repository: Path) -> None:
    failed = {
        **OUTCOME,
        "name": "codes_are_known",
        "passed": False,
        "severity": "error",
        "observed": "3 of 9 not unique",
    }
    finished_world.judge([failed])
    message = refused("0.1.0", finished / "releases")
    assert "codes_are_known" in message
    assert "3 of 9 not unique" in message


def test_refused_when_nothing_was_checked(finished: Path, repository: Path) -> None:
    (finished / "processed" / "quality.json").unlink()
    assert "reo build" in refused("0.1.0", finished / "releases")


@pytest.mark.parametrize("missing", ["trade_flows.csv", "unit_values.parquet", "report/index.html"])
def test_refused_when_something_is_not_built(finished: Path, repository: Path, missing: str) -> None:
    (finished / "processed" / missing).unlink()
    assert Path(missing).name in refused("0.1.0", finished / "releases")


@pytest.mark.slow
def test_warnings_are_reported_not_refused(finished: Path, repository: Path) -> None:
    finished_world.judge(
        [
            {
                **OUTCOME,
                "name": "adds_up",
                "passed": False,
                "observed": "1 of 4 not unique",
                "meaning": "A total is rounded.",
            }
        ]
    )
    readme = package.build("0.1.0", finished / "releases", stale=list).with_name("reo-0.1.0") / "README.md"
    assert "`production`, adds_up: 1 of 4 not unique. A total is rounded." in readme.read_text()


def test_target_that_cannot_be_written(finished: Path, repository: Path) -> None:
    (finished / "releases").write_text("a file, not a folder")
    with pytest.raises(ReoError, match="cannot write the release"):
        package.build("0.1.0", finished / "releases", stale=list)


def test_restricted_rows_stay_out_and_the_release_says_where_they_are(
    with_restricted_rows: Path, finished_toy_world: Path
) -> None:
    whole = pyarrow.parquet.read_metadata(finished_toy_world / "processed" / "production.parquet").num_rows
    assert len(catalog.load_table("production")) == whole + 5
    assert RESTRICTED in set(catalog.load_table("stage_concentration")["source_id"])
    folder = package.build("0.1.0", with_restricted_rows / "releases", stale=list).with_name("reo-0.1.0")
    for name in ("production", "stage_concentration", "origin_gap"):
        of_csv = pd.read_csv(folder / "tables" / f"{name}.csv", dtype=str)
        assert len(of_csv) == pyarrow.parquet.read_metadata(folder / "tables" / f"{name}.parquet").num_rows
        assert not (of_csv == RESTRICTED).any(axis=None)
    assert len(pd.read_csv(folder / "tables" / "production.csv")) == whole
    readme = (folder / "README.md").read_text()
    assert "https://example.org/world_mining_data_releases" in readme
    assert "5 of `production`" in readme
    assert "closed-page" in (folder / "tables" / "documents.csv").read_text()


def test_a_rows_own_source_decides_then_its_documents(finished: Path) -> None:
    documents = catalog.load_table("documents")
    catalog.save_table("documents", documents.assign(source_id=RESTRICTED))
    production = catalog.load_table("production")
    assert restricted.source_of_rows("production", production).isna().all()
    nameless = production.assign(source_id=production["source_id"].where(production.index > 0))
    expected = [pd.notna(nameless["document_id"].iloc[0]), *[False] * (len(nameless) - 1)]
    assert restricted.source_of_rows("production", nameless).notna().tolist() == expected == [True, *expected[1:]]
    assert restricted.source_of_rows("documents", catalog.load_table("documents")).isna().all()


def test_any_source_that_a_row_names_can_restrict_it(finished: Path) -> None:
    """A figure of an open source compared with one of a restricted source gives that one away."""
    rows = pd.DataFrame({"source_id": ["usgs_mcs"] * 2, "restricted_source_id": [None, RESTRICTED]})
    assert len(restricted.open_rows(rows)) == 1
    assert restricted.source_of_rows("disagreements", rows).tolist()[1:] == [RESTRICTED]


def test_refused_where_pages_or_notebooks_show_a_restricted_number(with_restricted_rows: Path) -> None:
    shown = {
        "notebooks/01_toy.ipynb": '{"cells": [{"outputs": ["<td>134.797</td>"]}]}',
        "report/index.html": '<p>Toy</p><script type="application/json">{"v":[1,134.797,2]}</script>',
        "report/01_toy.html": "<p>It was 134.797 t.</p>",
        "report/searchindex.js": 'Search.setIndex({terms:{"134.797":3}})',
        "report/picture.html": '<svg><path d="M1"/><text>134.797</text></svg>',
    }
    for file, text in shown.items():
        (with_restricted_rows / "processed" / file).write_text(text)
    message = refused("0.1.0", with_restricted_rows / "releases")
    for file in shown:
        assert f"{file}: 1 numbers of {RESTRICTED}, such as 134.797" in message


@pytest.mark.slow
def test_a_number_reviewed_as_a_coincidence_is_no_restricted_one(with_restricted_rows: Path) -> None:
    (with_restricted_rows / "processed" / "report" / "index.html").write_text("<p>It was 134.797 t.</p>")
    reviewed = with_restricted_rows / "raw" / "reviewed" / "coincidences.csv"
    reviewed.parent.mkdir(exist_ok=True)
    reviewed.write_text(f"table,number,source_id,reason\ndisruption,134.797,{RESTRICTED},Tonnes of another good\n")
    package.build("0.1.0", with_restricted_rows / "releases", stale=list)


@pytest.mark.slow
def test_a_drawing_may_show_a_restricted_series(with_restricted_rows: Path) -> None:
    """As places on the page, which are no figures."""
    (with_restricted_rows / "processed" / "report" / "index.html").write_text('<svg><path d="M134.797,2L3,4"/></svg>')
    package.build("0.1.0", with_restricted_rows / "releases", stale=list)


def test_refused_where_a_derived_table_gives_the_extreme_of_a_restricted_source(with_restricted_rows: Path) -> None:
    reconciled = catalog.load_table("production_reconciled")
    # Some parts are stored to ten digits.
    reconciled.loc[0, ["low", "central", "high"]] = SECRET + 1e-9
    catalog.save_table("production_reconciled", reconciled)
    assert f"tables/production_reconciled.parquet: 1 numbers of {RESTRICTED}" in refused(
        "0.1.0", with_restricted_rows / "releases"
    )


@pytest.mark.slow
def test_what_the_inputs_leave_out_of_a_restricted_source_stays_out_too(finished: Path) -> None:
    declared = yaml.safe_load((finished / "raw" / "sources.yml").read_text())
    declared["sources"][RESTRICTED]["files"] = [{"name": "closed/monthly.csv", "sha256": "0" * 64, "bytes": 1}]
    (finished / "raw" / "sources.yml").write_text(yaml.safe_dump(declared))
    rows = 'closed/monthly.csv,value=134.797,odd,\nopen/output.csv,value=2100,"odd, too",\n'
    (finished / "raw" / "left_out.csv").write_text(f"file,row_key,reason,document_id\n{rows}")
    folder = package.build("0.1.0", finished / "releases", stale=list).with_name("reo-0.1.0")
    assert (folder / "left_out.csv").read_text().splitlines()[1:] == ['open/output.csv,value=2100,"odd, too",']


def test_every_row_is_included_where_nothing_is_restricted(folder: Path) -> None:
    assert "Every row of every table is included" in (folder / "README.md").read_text()


def test_refused_where_a_table_names_a_country_that_is_not_in_the_table_of_countries(finished: Path) -> None:
    catalog.save_table("countries", catalog.load_table("countries").query("iso3 != 'CHN'"))
    assert "exporter 'CHN' is no row of countries" in refused("0.1.0", finished / "releases")


def test_attributions_are_kept(folder: Path) -> None:
    text = (folder / "ATTRIBUTION.md").read_text()
    assert "> Source: toy office, cepii_baci" in text
    assert "its rows are not in releases" in text.split("Toy world_mining_data_releases")[1]


def test_datapackage_says_what_a_column_is(folder: Path) -> None:
    described = json.loads((folder / "datapackage.json").read_text())
    assert described["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert described["created"] == "2026-03-04T05:06:07Z"
    assert [r["name"] for r in described["resources"]] == list(catalog.tables())
    flows = next(r for r in described["resources"] if r["name"] == "trade_flows")
    assert flows["schema"]["primaryKey"] == ["year", "exporter", "importer", "hs6", "source_id"]
    quantity = next(f for f in flows["schema"]["fields"] if f["name"] == "quantity_t")
    assert (quantity["type"], quantity["unit"], quantity["constraints"]) == ("number", "t", {"minimum": 0, "maximum": 1e10})
    assert {"source_id": "cepii_baci", "title": "Toy cepii_baci", "version": "2025"} in flows["sources"]
    assert flows["hash"] == f"sha256:{sha256(folder / flows['path'])}"


@pytest.mark.parametrize("name", list(catalog.tables()))
def test_every_table_class_reads_as_table_schema(name: str) -> None:
    schema = descriptor.schema(catalog.table(name))
    assert [f["name"] for f in schema["fields"]] == list(t.columns(catalog.table(name)))
    nullable = {n for n, c in t.columns(catalog.table(name)).items() if c.nullable}
    assert {f["name"] for f in schema["fields"] if not f.get("constraints", {}).get("required")} == nullable


def test_text_that_a_spreadsheet_would_run_is_quoted_in_csv_and_numbers_are_not(finished: Path) -> None:
    flows = catalog.load_table("governance")
    blocs = catalog.load_table("documents")
    titles = ["=HYPERLINK(1)", "+1", "-1", "@x", "a=b", *blocs["title"].iloc[5:]]
    catalog.save_table("documents", blocs.assign(title=titles))
    archive = package.build("0.1.0", finished / "releases", stale=list)
    folder = archive.with_name("reo-0.1.0")
    released = pd.read_csv(folder / "tables" / "documents.csv", dtype=str)
    assert set(released["title"]) >= {"'=HYPERLINK(1)", "'+1", "'-1", "'@x", "a=b"}
    assert set(pyarrow.parquet.read_table(folder / "tables" / "documents.parquet")["title"].to_pylist()) >= {
        "=HYPERLINK(1)",
        "-1",
    }
    assert (folder / "tables" / "governance.csv").read_bytes() == catalog.csv_path("governance").read_bytes()
    assert flows.select_dtypes("number").lt(0).any(axis=None)
    assert verify(archive).version == "0.1.0"


def test_the_data_page_of_a_release_links_to_the_tables_of_the_release(tmp_path: Path) -> None:
    page = tmp_path / "data.html"
    page.write_text(
        '<a href="../prices.csv">CSV</a> <a href="../prices.parquet">Parquet</a> <a href="dictionary/prices.html">?</a>'
    )
    package._link_tables(page)
    assert re.findall('href="(.*?)"', page.read_text()) == [
        "../tables/prices.csv",
        "../tables/prices.parquet",
        "dictionary/prices.html",
    ]


def test_a_release_does_not_link_to_data_docs_which_are_not_in_it(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text('<p><a href="../../data_docs/index.html">Data Docs</a>, <a href="claims.html">claims</a></p>')
    package._unlink_data_docs(page)
    assert page.read_text() == '<p>Data Docs, <a href="claims.html">claims</a></p>'


@pytest.mark.parametrize(("count", "recognised"), [(500, True), (2000, False)])
def test_the_more_numbers_a_source_has_the_more_digits_make_one_recognisable(
    finished: Path, count: int, recognised: bool
) -> None:
    """Of 90,000 numbers with five digits 900 are one in a hundred: those of a source of more need six."""
    production = catalog.load_table("production")
    row = production.head(1).assign(source_id=RESTRICTED, reconciled=False, document_id=None)
    rows = pd.concat([row.assign(amount=10001.0 + n, edition=str(n)) for n in range(count)]).astype(production.dtypes)
    catalog.save_table("production", pd.concat([production, rows], ignore_index=True))
    assert (10001.0 in restricted.values()) == recognised
