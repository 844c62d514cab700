"""A source read the present way and as its client fetched it from a local server: equal flows are equal rows of the table.

In the toy world, whose sources are swapped as a person would: by a line of sources.yml, or as `candidate.take_in` writes it.
"""

import gzip
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline import candidate, catalog, paths, wiring
from pipeline.intake import fetched, lock, web
from pipeline.sources import publishers, usgs_live
from tests.publishers import publisher
from tests.sources.publishers_answers import CASES, answered, cepii, wgi
from tests.sources.raw_files import REAL
from tests.toy_world import raw_inputs

# What names where a row was read, not what it says.
PLACE = ["document_id"]
INPUTS = ("countries", "country_codes", "products", "conversion_factors", "documents")
# Words and names that the toy world does not need.
WORDS = ("traded_goods.csv", "country_names.csv")
# What makes a case's row one of the edition before, which the listed file has besides its own.
BEFORE = {
    "bgs_world_mineral_statistics": ("2023", "2022"),
    "china_customs_quoted": ("2026-10", "2026-09"),
    "magnet_lines_quoted": ("2026-05", "2026-04"),
    "un_comtrade_monthly": ("2026-08", "2026-07"),
    "us_census_monthly": ("2026-06", "2026-05"),
    "usgs_mcs": ("2026,", "2025,"),
    "usitc_dataweb": ("2026-06", "2026-05"),
}


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for client in publishers.CLIENTS.values():
        if client.key:
            monkeypatch.setenv(client.key, "a-key")


@pytest.fixture
def toy(toy_data: Path) -> Path:
    """The toy world with the tables that those of trade and production are made from, and USGS's edition of 2026 reviewed."""
    editions = paths.reviewed() / candidate.EDITIONS
    row = "usgs_mcs,2026,,2026,USGS,2026-02-06,whole,yes,\n"
    editions.write_text(editions.read_text() + row)
    for name in WORDS:
        shutil.copyfile(REAL / "reviewed" / name, paths.reviewed() / name)
    lock.relock()
    for table in INPUTS:
        catalog.save_table(table, wiring.make(table))
    return toy_data


def fetch(source_id: str, answers: Mapping[str, Any]) -> list[Path]:
    with publisher(lambda query, n: answered(answers, query)) as (host, _), web.session(pause=0, tries=0) as asked:
        return fetched.for_parsers(publishers.fetch(source_id, CASES[source_id].edition, asked, host))


def made(source_id: str) -> dict[str, pd.DataFrame]:
    """The rows of the source in each of its tables, without where they were read."""
    found = {table: wiring.make(table) for table in CASES[source_id].tables}
    of = publishers.fed(source_id)
    return {
        table: rows[rows["source_id"] == of].drop(columns=PLACE, errors="ignore").reset_index(drop=True)
        for table, rows in found.items()
    }


def read(file: Path) -> str:
    return (gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()).decode()


def write(file: Path, text: str) -> None:
    file.write_bytes(gzip.compress(text.encode(), mtime=0) if file.suffix == ".gz" else text.encode())


def same_rows(one: dict[str, pd.DataFrame], other: dict[str, pd.DataFrame]) -> None:
    assert one.keys() == other.keys()
    for table, rows in one.items():
        assert len(rows)
        pd.testing.assert_frame_equal(rows, other[table], check_exact=True, obj=table)


@pytest.mark.parametrize("source_id", BEFORE)
def test_transcribed_or_fetched_the_table_has_equal_rows_by_one_line_of_the_lock(toy: Path, source_id: str) -> None:
    case, of = CASES[source_id], publishers.fed(source_id)
    listed = paths.raw() / of / case.file
    transcribed = case.rows.format(document="toy-press")
    earlier = read(listed) + transcribed.replace(*BEFORE[source_id]).splitlines()[0] + "\n"
    write(listed, earlier + transcribed)
    lock.relock()
    by_hand = made(source_id)

    write(listed, earlier)
    lock.relock()
    [file] = [file for file in fetch(source_id, case.answers) if file.name == case.file]
    text = lock.path().read_text()
    swapped = text.replace(f"name: {of}/{case.file}\n", f"name: {file.relative_to(paths.raw()).as_posix()}\n")
    assert sum(a != b for a, b in zip(text.splitlines(), swapped.splitlines(), strict=True)) == 1
    lock.path().write_text(swapped)
    lock.relock()
    same_rows(by_hand, made(source_id))


def test_the_world_banks_figures_are_those_of_the_package_by_one_line_of_the_lock(toy: Path) -> None:
    """But for the edition, which the package does not name."""
    source_id = "worldwide_governance_indicators"
    packaged = made(source_id)
    rows = pd.read_csv(raw_inputs.HERE / "tidy" / "governance.csv")
    figures = list(rows[["country", "year", "wgi_pv"]].astype({"year": "str"}).itertuples(index=False, name=None))
    [file] = fetch(source_id, wgi(*figures, errors=rows["standard_error"].tolist(), sources=rows["sources"].tolist()))
    text = lock.path().read_text()
    swapped = text.replace("name: geopolrisk/lib/wgi.db\n", f"name: {file.relative_to(paths.raw()).as_posix()}\n")
    assert sum(a != b for a, b in zip(text.splitlines(), swapped.splitlines(), strict=True)) == 1
    lock.path().write_text(swapped)
    lock.relock()
    key = ["year", "country"]
    one, other = (
        {t: f.drop(columns="edition").sort_values(key, ignore_index=True) for t, f in m.items()}
        for m in (packaged, made(source_id))
    )
    same_rows(one, other)


def test_cepiis_archive_has_the_flows_of_the_package(toy: Path) -> None:
    source_id = "cepii_baci"
    packaged = made(source_id)
    codes = {row["iso3"]: row["code"] for row in raw_inputs._tidy("country_codes") if row["scheme"] == "baci"}
    lines: dict[str, str] = {}
    for flow in raw_inputs._tidy("trade_flows"):
        if flow["source_id"] == source_id:
            cells = [
                flow["year"],
                codes[flow["exporter"]],
                codes[flow["importer"]],
                flow["hs6"],
                flow["value_kusd"],
                flow["quantity_t"],
            ]
            year = f"Y{flow['year']}"
            lines[year] = lines.get(year, "t,i,j,k,v,q\n") + ",".join(cells) + "\n"
    candidate.take_in(source_id, "V202601", fetch(source_id, cepii(**lines)))
    assert lock.source(source_id).obtained == "transcribed"
    key = ["year", "exporter", "importer", "hs6"]
    one, other = ({t: f.sort_values(key, ignore_index=True) for t, f in m.items()} for m in (packaged, made(source_id)))
    same_rows(one, other)


def test_a_year_of_un_comtrade_fetched_is_the_year_as_it_would_be_transcribed(toy: Path) -> None:
    source_id, case = "un_comtrade_reports", CASES["un_comtrade_reports"]
    listed = paths.raw() / source_id / case.file
    write(listed, case.columns + case.rows)
    candidate.take_in(source_id, case.edition, [listed])
    by_hand = made(source_id)
    listed.unlink()
    candidate.take_in(source_id, case.edition, fetch(source_id, case.answers))
    assert 2025 in by_hand["trade_reports"]["year"].tolist()
    same_rows(by_hand, made(source_id))


def test_every_client_is_compared() -> None:
    others = {"worldwide_governance_indicators", "cepii_baci", "un_comtrade_reports"}
    assert set(BEFORE) | others == set(publishers.CLIENTS)


def test_the_surveys_own_file_of_2026_is_as_transcribed_but_for_what_it_corrected_since() -> None:
    """The publisher's bytes, rare earths alone; version 1.3 of the report corrected two reserves, which the file still has."""
    rows = usgs_live.rows((Path(__file__).parent / "usgs_2026_rare_earths.csv").read_bytes(), "2026")
    world = pd.read_csv(paths.REPOSITORY / "data" / "raw" / "usgs_mcs" / "world.csv", dtype=str, keep_default_na=False)
    key, figures = ["country", "measure", "year"], ["value", "flag", "unit"]
    transcribed = world[world["edition"] == "2026"].set_index(key)[figures].sort_index()
    found = rows.set_index(key)[figures].sort_index()
    assert found.index.equals(transcribed.index)
    differ = (found != transcribed).any(axis="columns")
    assert found[differ].index.tolist() == [("Brazil", "reserves", ""), ("World total", "reserves", "")]
    assert transcribed.loc[differ, "flag"].str.contains("c").all()
