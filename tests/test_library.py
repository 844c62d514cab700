"""What a notebook calls: parts of a table, a table in words, a search, a citation; of a build and of a release."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from pipeline import build, catalog, library
from pipeline.catalog import cite, describe, load_table, names, search
from pipeline.errors import ReoError
from pipeline.schemas import reading
from pipeline.schemas.policy_events import PolicyEvents
from pipeline.schemas.prices_tidy import PricesTidy


@pytest.fixture(autouse=True)
def world(finished_toy_world: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REO_DATA", str(finished_toy_world))
    return finished_toy_world


def test_filters_choose_the_rows_that_have_the_values() -> None:
    whole = load_table("trade_flows")
    some = load_table("trade_flows", year=range(2000, 2100), exporter=["CHN", "MYS"], hs6="284690")
    expected = whole[(whole["year"] >= 2000) & whole["exporter"].isin(["CHN", "MYS"]) & (whole["hs6"] == "284690")]
    assert 0 < len(some) < len(whole)
    pd.testing.assert_frame_equal(some, expected.reset_index(drop=True))


def test_none_stands_for_rows_without_a_value() -> None:
    whole = load_table("policy_events")
    running = load_table("policy_events", ended_on=None)
    assert running["event_id"].tolist() == whole.loc[whole["ended_on"].isna(), "event_id"].tolist()


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"yeer": 2024}, "trade_flows has no column 'yeer'\n.*did you mean year"),
        ({"year": "2024"}, "year of trade_flows is a whole number, not '2024'"),
        ({"year": True}, "year of trade_flows is a whole number, not True"),
        ({"year": 2023.5}, "year of trade_flows is a whole number, not 2023.5"),
        ({"coverage": "wole"}, "coverage of trade_flows is never 'wole'\n.*did you mean whole"),
    ],
)
def test_a_filter_that_can_find_nothing_is_refused(filters: dict[str, reading.Wanted], message: str) -> None:
    with pytest.raises(ReoError, match=message):
        load_table("trade_flows", **filters)


def test_an_unknown_table_is_answered_with_the_nearest_names() -> None:
    with pytest.raises(catalog.NoSuchTable, match="did you mean import_dependence"):
        load_table("import_dependance")


def test_dates_are_their_first_day_with_their_precision_beside() -> None:
    dated = ["2025-04-18", "2025-04", "2025-Q2", "2025"]
    rows = pd.DataFrame({"document_id": "d", "date": dated}, dtype="str")
    made = reading.with_dates(PricesTidy, rows)
    assert made["date"].dt.strftime("%Y-%m-%d").tolist() == ["2025-04-18", "2025-04-01", "2025-04-01", "2025-01-01"]
    assert made["date_precision"].tolist() == ["day", "month", "quarter", "year"]


def test_a_table_with_precision_of_its_own_gets_no_second() -> None:
    acts = load_table("policy_events", dates=True)
    assert list(acts) == list(load_table("policy_events")) == list(PolicyEvents.to_schema().columns)
    assert acts["announced_on"].dt.year.astype(str).tolist() == load_table("policy_events")["announced_on"].str[:4].tolist()


def test_country_names_stand_beside_their_codes() -> None:
    flows = load_table("trade_flows", exporter="CHN", country_names=True)
    assert list(flows).index("exporter_name") == list(flows).index("exporter") + 1
    assert set(flows["exporter_name"]) == {"China"}


def test_a_table_in_words_has_its_units_sources_and_caveats() -> None:
    described = describe("import_dependence")
    assert described.columns["column"].tolist() == list(load_table("import_dependence"))
    shown = repr(described)
    assert max(map(len, shown.splitlines())) <= library.WIDTH
    for wanted in ("docs/methods/import_dependence.md", "cepii_baci:", "One row for each: year"):
        assert wanted in shown
    # A point of the method page, as it stands there.
    page = Path("docs/methods/import_dependence.md").read_text("utf-8")
    assert described.caveats
    assert " ".join(page.split()).count(described.caveats[0]) == 1


def test_what_a_source_or_a_page_says_is_escaped_in_html(monkeypatch: pytest.MonkeyPatch) -> None:
    described = describe("countries")
    risky = library.Description("x", "<script>", "`code` & <b>", ["k"], described.columns, {}, None, ("*so* <i>",))
    assert "<script>" not in risky._repr_html_()
    assert "<code>code</code> &amp; &lt;b&gt;" in risky._repr_html_()
    assert "<em>so</em> &lt;i&gt;" in risky._repr_html_()


def test_search_finds_tables_columns_acts_and_documents() -> None:
    act = load_table("policy_events").iloc[0]
    document = load_table("documents").iloc[0]
    found = search(act["title"])
    assert act["event_id"] in found.loc[found["kind"] == "act", "name"].tolist()
    assert document["document_id"] in search(document["title"])["name"].tolist()
    herfindahl = search("HERFINDAHL index")
    assert {"export_concentration.hhi"} <= set(herfindahl.loc[herfindahl["kind"] == "column", "name"])
    assert "price_gap" in search("price gap")["name"].tolist()
    assert search("no such word anywhere").empty
    with pytest.raises(ReoError, match="nothing to search for"):
        search(" ")


def test_a_citation_names_the_sources_of_the_table_alone() -> None:
    whole, one = cite(), cite("trade_flows")
    assert {"cepii_baci"} <= set(one.attributions) <= {"cepii_baci", "cepii_baci_magnets", "reviewed"}
    assert set(one.attributions) < set(whole.attributions)
    assert "trade_flows" in one.text
    assert one.bibtex.startswith("@misc{reo_trade_flows_")
    assert one.bibtex.count("{") == one.bibtex.count("}")


def test_every_table_can_be_completed_by_name() -> None:
    assert sorted(vars(names)) == sorted(catalog.tables())
    assert names.prices == "prices"


def test_a_release_is_read_in_place_of_a_build_and_never_built(
    world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = load_table("trade_flows")
    release = tmp_path / "reo-1.0.0"
    (release / "tables").mkdir(parents=True)
    for table in ("trade_flows", "countries"):
        shutil.copyfile(world / "processed" / f"{table}.parquet", release / "tables" / f"{table}.parquet")
    (release / "datapackage.json").write_text("{}", "utf-8")
    (release / "CITATION.cff").write_text("title: T\nauthors: [{name: A}]\nversion: 1.0.0\ndate-released: 2030-01-02\n", "utf-8")
    monkeypatch.setenv("REO_DATA", str(release))
    pd.testing.assert_frame_equal(load_table("trade_flows"), built)
    assert cite().text == "A (2030). T. Version 1.0.0 [Data set]."
    with pytest.raises(ReoError, match="is a release, which never changes"):
        build.build(None)  # type: ignore[arg-type]
