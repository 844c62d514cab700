"""A release that was altered, truncated or made malicious is recognised."""

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from pipeline import catalog, packed
from pipeline.errors import ReoError
from pipeline.packed import NotAsReleased
from pipeline.release import archive as archiving
from pipeline.release import databases, versions
from pipeline.release import verify as verifying
from pipeline.release.verify import NOT_COMPARED, verify


def output(verified: verifying.Verified) -> str:
    out = Console(file=io.StringIO(), width=10_000)
    verified.print(out)
    return out.file.getvalue()  # type: ignore[attr-defined]


def seal(folder: Path) -> None:
    """Checksums and the descriptor's hashes over the present files, as a careful forger would write them."""
    described = json.loads((folder / "datapackage.json").read_text())
    for resource in described["resources"]:
        for file in (resource, resource["parquet"]):
            path = folder / file["path"]
            file |= {"bytes": path.stat().st_size, "hash": f"sha256:{verifying.sha256(path)}"}
    (folder / "datapackage.json").write_text(json.dumps(described))
    archiving.write_checksums(folder)


def edit(file: Path, change: Callable[[str], str]) -> None:
    text = file.read_text("utf-8")
    assert change(text) != text
    file.write_text(change(text), "utf-8")


def test_folder_and_archive_are_as_released(archive: Path, folder: Path) -> None:
    assert verify(archive) == verify(folder)
    assert verify(folder).files == len([p for p in folder.rglob("*") if p.is_file()]) - 1
    assert set(verify(folder).row_by_row) == set(catalog.tables())


def test_a_changed_byte(folder: Path) -> None:
    edit(folder / "report" / "index.html", lambda text: text.replace("Toy", "Toi"))
    with pytest.raises(NotAsReleased, match=r"report/index\.html has other bytes than released"):
        verify(folder)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_bit_flipped_anywhere(folder: Path, archive: Path, data: st.DataObject) -> None:
    """In any file of the folder it is named; in the archive it is refused whatever it unpacks to."""
    file = data.draw(st.sampled_from([archive, *sorted(p for p in folder.rglob("*") if p.is_file())]))
    whole = file.read_bytes()
    flipped = bytearray(whole)
    flipped[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    file.write_bytes(flipped)
    try:
        with pytest.raises(NotAsReleased) as failure:
            verify(
                file if file == archive else folder,
                hashlib.sha256(archive.read_bytes() if file != archive else whole).hexdigest(),
            )
    finally:
        file.write_bytes(whole)
    name = file.name if file == archive else file.relative_to(folder).as_posix()
    assert file.name == "SHA256SUMS" or name in str(failure.value)


def double_a_value(folder: Path) -> None:
    """A table edited in both formats, as the checksums and the descriptor then say it should be."""
    edit(folder / "tables" / "trade_flows.csv", lambda text: text.replace("1500", "3000"))
    stored = pyarrow.parquet.read_table(folder / "tables" / "trade_flows.parquet")
    rows = stored.to_pandas()
    rows["value_kusd"] = rows["value_kusd"].replace(1500.0, 3000.0)
    edited = pyarrow.Table.from_pandas(rows, schema=stored.schema, preserve_index=False)
    pyarrow.parquet.write_table(edited, folder / "tables" / "trade_flows.parquet")
    seal(folder)


def swap_the_readme(folder: Path) -> None:
    (folder / "README.md").write_text("All is public domain.\n")
    archiving.write_checksums(folder)


@pytest.mark.parametrize("forge", [double_a_value, swap_the_readme])
@pytest.mark.parametrize("stated", ["given", pytest.param("in the changelog", marks=pytest.mark.slow)])
def test_a_careful_forgery_is_named_against_the_published_hash(
    archive: Path, folder: Path, repository: Path, forge: Callable[[Path], None], stated: str
) -> None:
    published = verifying.sha256(archive)
    forge(folder)
    archiving.write_archive(folder, archive, datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC))
    for database in (databases.DUCKDB, databases.SQLITE):
        archive.with_name(database).unlink()
    assert NOT_COMPARED in output(verify(archive))
    if stated == "in the changelog":
        versions.record(repository / "CHANGELOG.md", "0.1.0", published)
    for place in (archive, folder):
        with pytest.raises(NotAsReleased, match=rf"reo-0\.1\.0\.tar\.gz hashes to .*, but release 0\.1\.0 to {published}"):
            verify(place, published if stated == "given" else "")


@pytest.mark.slow
def test_the_published_hash_is_shown_where_the_archive_has_it(archive: Path, folder: Path, repository: Path) -> None:
    versions.record(repository / "CHANGELOG.md", "0.1.0", verifying.sha256(archive))
    assert f"the archive hashes to {verifying.sha256(archive)}, as published" in output(verify(folder))
    archive.unlink()
    with pytest.raises(ReoError, match="only an archive has the published hash"):
        verify(folder, "0" * 64)


def test_a_missing_and_an_extra_file(folder: Path) -> None:
    (folder / "tables" / "reserves.csv").rename(folder / "tables" / "reserve.csv")
    with pytest.raises(NotAsReleased) as failure:
        verify(folder)
    assert "tables/reserves.csv is missing" in str(failure.value)
    assert "tables/reserve.csv is extra" in str(failure.value)


def test_a_link_in_place_of_a_file(folder: Path, tmp_path: Path) -> None:
    (folder / "README.md").rename(tmp_path / "README.md")
    (folder / "README.md").symlink_to(tmp_path / "README.md")
    with pytest.raises(NotAsReleased, match=r"README\.md is a link"):
        verify(folder)


@pytest.mark.parametrize("part", [0.0, 0.2, 0.9, 0.999])
def test_a_truncated_archive(archive: Path, tmp_path: Path, part: float) -> None:
    whole = archive.read_bytes()
    cut = tmp_path / "reo-0.1.0.tar.gz"
    cut.write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises(NotAsReleased, match="truncated or damaged"):
        verify(cut)


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, link, 4 if kind == tarfile.REGTYPE else 0
    return info


@pytest.mark.parametrize(
    "hostile",
    [
        member("reo-0.1.0/../../outside"),
        member("../outside"),
        member("/outside"),
        member("outside"),
        member("reo-0.1.0/./outside"),
        member("reo-0.1.0\\..\\outside"),
        member("reo-0.1.0/link", tarfile.SYMTYPE, "/etc/passwd"),
        member("reo-0.1.0/link", tarfile.LNKTYPE, "../outside"),
        member("reo-0.1.0/pipe", tarfile.FIFOTYPE),
    ],
    ids=lambda info: f"{info.name}-{info.type.decode()}",
)
def test_a_hostile_archive_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hostile: tarfile.TarInfo) -> None:
    packed = tmp_path / "reo-0.1.0.tar.gz"
    with tarfile.open(packed, "w:gz") as tar:
        tar.addfile(hostile, io.BytesIO(b"harm"))
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    with pytest.raises(NotAsReleased, match="plain files inside one folder only"):
        verify(packed)
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a", "b", packed.name]


def test_an_archive_with_one_file_twice(archive: Path, tmp_path: Path) -> None:
    packed = tmp_path / "twice.tar.gz"
    with tarfile.open(packed, "w:gz") as tar:
        for content in (b"good", b"evil"):
            tar.addfile(member("reo-0.1.0/README.md"), io.BytesIO(content))
    with pytest.raises(NotAsReleased, match="twice"):
        verify(packed)


@pytest.mark.parametrize("line", ["no checksum", f"{'0' * 64}  ../../etc/passwd", f"{'0' * 64}  /etc/passwd"])
def test_checksums_that_reach_outside(folder: Path, line: str) -> None:
    edit(folder / "SHA256SUMS", lambda text: text + line + "\n")
    with pytest.raises(NotAsReleased, match="no checksum of a file in this folder"):
        verify(folder)


def test_a_figure_altered_with_its_checksum(folder: Path) -> None:
    edit(folder / "tables" / "reserves.csv", lambda text: text.replace("40000000", "44000000"))
    archiving.write_checksums(folder)
    with pytest.raises(NotAsReleased, match=r"tables/reserves\.csv has other bytes than datapackage\.json says"):
        verify(folder)


def test_a_value_out_of_bounds_names_row_and_column(folder: Path) -> None:
    alter_both(folder, "export_concentration", lambda frame: frame.assign(hhi=frame["hhi"].where(frame.index != 1, 7.0)))
    with pytest.raises(
        NotAsReleased, match=r'tables/export_concentration\.csv: .*"7" in row at position "3" and field "hhi".*maximum'
    ):
        verify(folder)


def test_a_key_that_repeats(folder: Path) -> None:
    alter_both(folder, "reserves", lambda frame: pd.concat([frame, frame.head(1)], ignore_index=True))
    with pytest.raises(NotAsReleased, match=r'tables/reserves\.csv: Row at position "6" violates the primary key'):
        verify(folder)


def alter_both(folder: Path, name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    file = folder / "tables" / f"{name}.parquet"
    before = pyarrow.parquet.read_table(file)
    after = pyarrow.Table.from_pandas(change(before.to_pandas()), schema=before.schema, preserve_index=False)
    pyarrow.parquet.write_table(after.replace_schema_metadata(None), file)
    pyarrow.csv.write_csv(after, file.with_suffix(".csv"), pyarrow.csv.WriteOptions(quoting_style="needed"))
    seal(folder)


def test_csv_and_parquet_that_disagree(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "ROW_BY_ROW_BYTES", 0)
    edit(folder / "tables" / "trade_flows.csv", lambda text: text.replace("1500", "1501"))
    seal(folder)
    with pytest.raises(NotAsReleased, match=r"trade_flows\.csv differs from tables/trade_flows\.parquet"):
        verify(folder)


def test_text_where_a_number_belongs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "ROW_BY_ROW_BYTES", 0)
    edit(folder / "tables" / "trade_flows.csv", lambda text: text.replace("1500", "many"))
    seal(folder)
    with pytest.raises(NotAsReleased, match=r"trade_flows\.csv cannot be read as the columns"):
        verify(folder)


def test_it_says_which_tables_it_did_not_read_row_by_row(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "ROW_BY_ROW_BYTES", (folder / "tables" / "trade_flows.csv").stat().st_size - 1)
    verified = verify(folder)
    assert "trade_flows" in verified.as_columns
    assert "trade_flows" not in verified.row_by_row
    assert "bounds and key not checked again: " in output(verified)


@pytest.mark.parametrize("broken", ["{", "[]", '{"resources": "none"}', '{"resources": [{"name": "x", "path": "../../x"}]}'])
def test_a_descriptor_that_is_none(folder: Path, broken: str) -> None:
    (folder / "datapackage.json").write_text(broken)
    archiving.write_checksums(folder)
    with pytest.raises(NotAsReleased, match=r"datapackage\.json"):
        verify(folder)


def test_the_folder_of_a_version_is_its_release(folder: Path) -> None:
    assert verify(folder.parent) == verify(folder)


def test_what_is_no_release(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(ReoError, match="does not exist"):
        verify(tmp_path / "nothing")
    with pytest.raises(ReoError, match="has no SHA256SUMS"):
        verify(folder / "tables")
    shutil.copyfile(folder / "README.md", tmp_path / "README.md")
    with pytest.raises(NotAsReleased, match="cannot be unpacked"):
        verify(tmp_path / "README.md")


def altered(folder: Path, change: Callable[[dict], object]) -> None:
    """The descriptor changed, and the checksums with it, as a careful forger would."""
    described = json.loads((folder / "datapackage.json").read_text())
    change(described)
    (folder / "datapackage.json").write_text(json.dumps(described))
    archiving.write_checksums(folder)


def test_a_table_that_the_descriptor_no_longer_names(folder: Path) -> None:
    altered(folder, lambda described: described["resources"].pop())
    with pytest.raises(NotAsReleased, match=r"datapackage\.json does not name tables/"):
        verify(folder)


def test_a_damaged_archive_beside_the_folder(archive: Path, folder: Path) -> None:
    whole = archive.read_bytes()
    archive.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(NotAsReleased, match="truncated or damaged"):
        verify(folder)


@pytest.mark.slow
def test_another_archive_beside_the_folder(archive: Path, folder: Path) -> None:
    edit(folder / "README.md", lambda text: text + "More.\n")
    archiving.write_checksums(folder)
    with pytest.raises(NotAsReleased, match=r"reo-0\.1\.0\.tar\.gz, beside it, has other files"):
        verify(folder)


ADDRESS = "http://192.0.2.1/profile.json"


@pytest.mark.parametrize(
    "change",
    [
        lambda described: described.update({"$schema": ADDRESS}),
        lambda described: described.update(profile=ADDRESS),
        lambda described: described.pop("$schema"),
        lambda described: described["resources"][0].update(schema=ADDRESS),
        lambda described: described["resources"][0].update(path=ADDRESS),
        lambda described: described["resources"][0].update(profile=ADDRESS),
        lambda described: described["resources"][0].update(dialect=ADDRESS),
        lambda described: described["resources"][0]["schema"].update({"$schema": ADDRESS}),
        lambda described: described["resources"][0]["schema"].update(
            foreignKeys=[{"fields": ["bloc"], "reference": {"resource": ADDRESS, "fields": ["x"]}}]
        ),
        lambda described: described["resources"][0].pop("schema"),
        lambda described: described["resources"][0]["schema"].pop("fields"),
        lambda described: described.update(version=["0"]),
        lambda described: described.update(resources=["none"]),
    ],
)
def test_a_descriptor_that_no_release_has_and_nothing_is_fetched(
    folder: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[dict], object]
) -> None:
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("an address was fetched"))
    altered(folder, change)
    with pytest.raises(NotAsReleased, match=r"datapackage\.json|resource|schema"):
        verify(folder)


def test_a_descriptor_nested_too_deeply_is_no_traceback(folder: Path) -> None:
    (folder / "datapackage.json").write_text("[" * 100_000 + "]" * 100_000)
    archiving.write_checksums(folder)
    with pytest.raises(NotAsReleased, match=r"datapackage\.json"):
        verify(folder)


def test_a_title_with_markup_is_shown_as_it_is() -> None:
    said = output(verifying.Verified("[/nope] [red]x", "0.1.0", "a" * 40, 1, ("[/b]",), ("[/i]",)))
    assert "[/nope] [red]x, version 0.1.0" in said
    assert "[/b]" in said


@pytest.mark.slow
def test_a_pipe_in_place_of_a_file(archive: Path, folder: Path, tmp_path: Path) -> None:
    (folder / "README.md").unlink()
    os.mkfifo(folder / "README.md")
    with pytest.raises(NotAsReleased, match=r"README\.md is no regular file"):
        verify(folder)
    os.mkfifo(tmp_path / "reo-0.1.0.tar.gz")
    with pytest.raises(ReoError, match="is no file or folder"):
        verify(tmp_path / "reo-0.1.0.tar.gz")


def test_an_archive_that_unpacks_to_more_than_any_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "ALWAYS_ALLOWED", 1_000_000)
    large = tmp_path / "reo-0.1.0.tar.gz"
    with tarfile.open(large, "w:gz") as tar:
        info = tarfile.TarInfo("reo-0.1.0/zeros")
        info.size = 8_000_000
        tar.addfile(info, io.BytesIO(bytes(info.size)))
    with pytest.raises(NotAsReleased, match="unpacks to more than any release"):
        verify(large)
