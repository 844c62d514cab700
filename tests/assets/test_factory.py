"""What the Dagster UI shows of a table: groups, plain descriptions, numbers over builds, rows that a check warns of."""

import dagster as dg
import pandas as pd
from dagster._core.definitions.freshness import TimeWindowFreshnessPolicy

from pipeline import catalog, definitions
from pipeline.assets import factory, report
from pipeline.quality.expectation import Outcome
from pipeline.schemas import table as t
from pipeline.schemas.blocs import Blocs
from pipeline.schemas.claims import Claims
from pipeline.schemas.export_concentration import ExportConcentration


def test_groups_are_subjects_and_descriptions_have_no_asterisks() -> None:
    graph = definitions.compose().resolve_asset_graph()
    nodes = [graph.get(key) for key in graph.get_all_asset_keys()]
    assert {node.group_name for node in nodes} == {*t.SUBJECTS, "sources", "publication", "candidates"}
    assert [node.key.to_user_string() for node in nodes if "**" in (node.description or "")] == []
    floors = {node.tags.get("floor") for node in nodes if node.group_name in t.SUBJECTS}
    assert floors == {"tidy", "derived"}


def test_a_monthly_source_is_due_after_two_months_and_one_without_rhythm_never() -> None:
    graph = definitions.compose().resolve_asset_graph()
    monthly, yearly, none = (
        graph.get(factory.source_key(source_id)).freshness_policy
        for source_id in ("china_customs_quoted", "usgs_mcs", "policy_register")
    )
    assert isinstance(monthly, TimeWindowFreshnessPolicy)
    assert isinstance(yearly, TimeWindowFreshnessPolicy)
    assert monthly.warn_window is not None
    assert 60 < monthly.warn_window.to_timedelta().days < monthly.fail_window.to_timedelta().days < 100
    assert 365 < yearly.fail_window.to_timedelta().days < 2 * 365
    assert none is None


def records(shown: dg.TableMetadataValue) -> list[dict[str, object]]:
    return [dict(record.data) for record in shown.records]


def test_a_warning_says_so_and_shows_its_rows() -> None:
    bad = pd.DataFrame({"bloc": ["A|B", "C\nD"], "note": [None, "x"]})
    result = factory.quarantine_result(Blocs, bad)
    assert result.severity == dg.AssetCheckSeverity.WARN
    assert result.description == "WARN: 2 rows quarantined"
    assert records(result.metadata["rows"]) == [{"bloc": "A|B", "note": ""}, {"bloc": "C\nD", "note": "x"}]


def test_an_expectation_shows_the_rows_it_names() -> None:
    outcome = Outcome("n", "blocs", False, "warning", "1 of 2", "m", ("2020 CHN: share 1.2", "a: b: 3 t"))
    shown = records(report._rows_off(outcome)["rows_off"])
    assert shown == [{"row": "2020 CHN", "reading": "share 1.2"}, {"row": "a: b", "reading": "3 t"}]
    assert report._rows_off(Outcome("n", "blocs", True, "warning", "0 of 2", "m")) == {}


def test_chinas_share_of_a_good_that_holds_feed_is_the_one_of_the_pages_in_six_digits() -> None:
    shares = {"value": 0.15, "value_without_feed": 0.351234567, "quantity": 0.9}
    rows = [{"year": 2024, "hs6": "284690", "basis": basis, "china_share": share} for basis, share in shares.items()]
    rows += [{"year": 2024, "hs6": "280530", "basis": "value", "china_share": 0.25}]
    found = factory.latest_figures(pd.DataFrame(rows))
    assert found == {"china_share_284690": 0.351235, "china_share_280530": 0.25}


def test_the_headline_is_of_the_newest_year() -> None:
    rows = pd.DataFrame({"year": [2023, 2024, 2024, 2024], "hhi": [0.9, 0.1, 0.2, 0.6]})
    rows = t.frame(ExportConcentration, rows.assign(exporters=1)[["year", "hhi", "exporters"]].assign(hs6="1"))
    assert factory.headline(ExportConcentration, rows) == {"median_hhi": 0.2}


def test_the_headline_of_claims_counts_the_supported() -> None:
    assert factory.headline(Claims, pd.DataFrame({"verdict": ["supported", "mixed", "supported"]})) == {"supported": 2.0}


def test_every_derived_table_has_a_number_to_plot(finished_toy_world, monkeypatch) -> None:
    monkeypatch.setenv("REO_DATA", str(finished_toy_world))
    for name, table in catalog.tables().items():
        rows = catalog.load_table(name)
        if t.floor(table) == "derived" and len(rows):
            (number,) = factory.headline(table, rows).values()
            assert isinstance(number, float), name
            assert number == number, name
