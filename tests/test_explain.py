"""`reo explain`: derived figures of the toy world can be computed again from the input rows shown."""

import io
from pathlib import Path

import pandas as pd
import pytest
import yaml
from rich.console import Console

from pipeline import catalog, lineage, paths
from pipeline import explain as explaining
from pipeline.catalog import NoSuchTable
from pipeline.errors import ReoError
from pipeline.explain import Explanation, NoSuchRow, explain
from pipeline.schemas import table as t
from tests.finished_world import OUTCOME

METHOD = """# How it is done

Shares are parts of a sum.

## Formula

HHI is the sum of the squares.

## Worked example

Elsewhere.
"""


@pytest.fixture(autouse=True)
def finished(finished_toy_world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The finished toy world, and method pages that say little."""
    monkeypatch.setenv("REO_DATA", str(finished_toy_world))
    (tmp_path / "docs" / "methods").mkdir(parents=True)
    for table in catalog.tables().values():
        if method := t.method(table):
            (tmp_path / method).write_text(METHOD)
    monkeypatch.setattr(explaining, "METHOD_PAGES", tmp_path / "docs" / "methods")
    return finished_toy_world


def inputs(explanation: Explanation, table: str) -> pd.DataFrame:
    return next(shown.first for shown in explanation.inputs if shown.table == table)


def rows(table: str) -> list[dict]:
    return catalog.load_table(table).to_dict("records")


def printed(explanation: Explanation) -> str:
    out = Console(file=io.StringIO(), width=400)
    explanation.print(out)
    return out.file.getvalue()  # type: ignore[attr-defined]


def test_exports_of_a_good() -> None:
    """284690 in 2024: CHN 1000 + 500 + 2000, MYS 400 + 400 + 800, USA 600 + 100, EST 200 thousand dollars, 6000 in all."""
    explanation = explain("export_concentration", ["2024", "284690", "value"])
    flows = inputs(explanation, "trade_flows").set_index("exporter")
    assert flows["value_kusd"].to_dict() == {"CHN": 3500, "MYS": 1600, "USA": 700, "EST": 200}
    assert flows["share"].to_dict() == pytest.approx(
        {"CHN": 3500 / 6000, "MYS": 1600 / 6000, "USA": 700 / 6000, "EST": 200 / 6000}
    )
    assert explanation.row["hhi"] == pytest.approx((3500**2 + 1600**2 + 700**2 + 200**2) / 6000**2)
    assert explanation.key == {"year": 2024, "hs6": "284690", "basis": "value"}
    assert "export_concentration (" in explanation.function
    assert "cepii_baci" in explanation.sources


@pytest.mark.parametrize("table", ["export_concentration", "import_dependence"])
def test_hhi_is_the_sum_of_squares_of_the_shares_shown(table: str) -> None:
    for row in rows(table):
        _which, flows = lineage.input_rows(table, "trade_flows", row)
        assert (flows["share"] ** 2).sum() == pytest.approx(row["hhi"])
        assert flows["exporter"].iloc[0] == row["top_country" if table == "export_concentration" else "top_supplier"]


def test_the_unions_suppliers_are_outside_it() -> None:
    """Estonia is the toy world's member: what it buys counts, what it sells within does not."""
    union = [row for row in rows("import_dependence") if row["importer"] == "EUU"]
    assert union
    for row in union:
        _which, flows = lineage.input_rows("import_dependence", "trade_flows", row)
        assert "EST" not in set(flows["exporter"])


def test_unit_values_are_of_the_group_of_exporters() -> None:
    for row in rows("unit_values"):
        _which, flows = lineage.input_rows("unit_values", "trade_flows", row)
        _which, outliers = lineage.input_rows("unit_values", "flow_outliers", row)
        assert ("CHN" in set(flows["exporter"])) <= (row["exporter_group"] != "rest")
        tonnes = flows["quantity_t"].sum() - (outliers["quantity_t"].sum() if row["basis"] == "quantity_clean" else 0)
        assert tonnes == pytest.approx(row["quantity_t"])


def test_a_stage_is_the_countries_of_that_edition_with_their_document() -> None:
    """Mining 2023 in the 2025 edition: CHN 70,000, MYS 5,000, USA 20,000, unnamed rest 5,000, printed total 100,000."""
    explanation = explain("stage_concentration", ["2023", "mining", "rare_earths", "usgs_mcs", "2025", "actual"])
    amounts = inputs(explanation, "production").set_index("country")["amount"].to_dict()
    assert amounts == {"WLD": 100_000, "CHN": 70_000, "USA": 20_000, "MYS": 5_000, "ROW": 5_000}
    assert explanation.documents["document_id"].tolist() == ["toy-summaries-2025"]
    assert list(explanation.sources) == ["usgs_mcs"]
    assert len(inputs(explanation, "reserves")) == 0


def test_reserves_are_made_from_reserves() -> None:
    stages = catalog.load_table("stage_concentration")
    row = stages[stages["stage"] == "reserves"].iloc[0].to_dict()
    explanation = explain("stage_concentration", [str(row[k]) for k in t.key(catalog.table("stage_concentration"))])
    assert len(inputs(explanation, "production")) == 0
    named = inputs(explanation, "reserves").query("country not in ('WLD', 'ROW')")
    assert named["amount"].max() / row["total"] == pytest.approx(row["cr1"])


def test_origin_gap_shows_exports_of_the_group_and_mining_of_one_edition() -> None:
    for row in rows("origin_gap"):
        _which, flows = lineage.input_rows("origin_gap", "trade_flows", row)
        _which, mined = lineage.input_rows("origin_gap", "production", row)
        assert flows["share"].iloc[0] == pytest.approx(row["export_share"])
        assert mined["edition"].nunique() == 1
        amount = mined.set_index("country")["amount"]
        assert amount.get("CHN", 0.0) / amount.sum() == pytest.approx(row["china_mining_share"])


def test_a_published_share_is_the_input_of_its_bounds() -> None:
    explanation = explain(
        "stage_concentration", ["2021", "separation", "rare_earths", "stage_shares", "Agency, 2021", "estimate"]
    )
    assert inputs(explanation, "stage_shares")["share"].tolist() == [0.8]
    assert len(inputs(explanation, "production")) == 0


def test_quota_use_is_made_from_the_quota_and_exports_shown() -> None:
    of_2024 = [row for row in rows("quota_use") if row["year"] == 2024]
    assert [row["stage"] for row in of_2024] == ["mining", "separation"]
    for row in of_2024:
        _which, quotas = lineage.input_rows("quota_use", "quotas", row)
        assert row["quota"] in set(quotas["amount"])
        _which, exports = lineage.input_rows("quota_use", "unit_values", row)
        assert exports["quantity_t"].sum() == pytest.approx(row["exports_gross"])
    (shift,) = [row for row in rows("quality_shift") if row["year"] == 2024]
    _which, flows = lineage.input_rows("quality_shift", "trade_flows", shift)
    values = [shift[f"{group}_value"] for group in ("compounds", "metals", "magnets")]
    assert flows.loc[flows["exporter"] == "CHN", "value_kusd"].sum() == pytest.approx(sum(values))
    for name in wiring_inputs("quality_shift"):
        assert lineage.input_rows("quality_shift", name, shift)[0]


def wiring_inputs(table: str) -> list[str]:
    from pipeline import wiring

    return list(wiring.inputs(table))


def test_measures_in_force_are_the_acts_shown() -> None:
    counted = rows("policy_in_force")
    assert {row["in_force"] for row in counted[::7]} >= {0, 1}
    for row in counted[::7]:
        _which, acts = lineage.input_rows("policy_in_force", "policy_events", row)
        assert len(acts) == row["in_force"], row


def test_what_is_not_shown_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explaining, "LISTED", 1)
    text = printed(explain("export_concentration", ["2024", "284690", "value"]))
    assert "… and 3 more" in text
    assert "MYS" not in text.split("\ntrade_flows: ")[1].split("\nflow_outliers: ")[0]


def test_a_tidy_row_leads_to_its_document() -> None:
    explanation = explain("production", ["2024", "CHN", "mining", "rare_earths", "usgs_mcs", "2025"])
    assert explanation.documents["document_id"].tolist() == ["toy-summaries-2025"]
    assert "https://example.org/usgs_mcs" in printed(explanation)
    assert explanation.method_page is None


def test_method_is_the_pages_first_section() -> None:
    explanation = explain("export_concentration", ["2024", "284690", "value"])
    assert explanation.method.endswith("HHI is the sum of the squares.")
    assert "docs/methods/export_concentration.md" in printed(explanation)


def test_every_derived_table_has_its_method_page_in_the_project() -> None:
    project = Path(__file__).parent.parent
    methods = {method for table in catalog.tables().values() if (method := t.method(table))}
    assert {method for method in methods if not (project / method).is_file()} == set()


def test_checks_of_the_table_and_its_inputs(finished: Path) -> None:
    explanation = explain("stage_concentration", ["2023", "mining", "rare_earths", "usgs_mcs", "2025", "actual"])
    assert [o.name for o in explanation.checks] == ["adds_up"]
    assert explain("export_concentration", ["2024", "284690", "value"]).checks == ()
    assert OUTCOME["observed"] in printed(explanation)


def test_agreement_shows_the_acts_the_coders_differ_on() -> None:
    apart = inputs(explain("coding_agreement", ["direction"]), "policy_codes")
    assert apart.to_dict("records") == [
        {"event_id": "TOY-USA-2024-statement", "1": "neutral", "2": "strengthens", "final": "neutral"}
    ]


def test_corrections_of_the_inputs(finished: Path) -> None:
    entry = {
        "id": "mining-2024", "table": "production", "source_id": "usgs_mcs", "file": "world.csv", "row": {"country": "China"},
        "column": "value", "printed": 49, "kind": "override", "corrected": 98, "why": "misprint", "evidence": "the next edition",
        "who": "toy office",
    }  # fmt: skip
    others = [{**entry, "id": "of another table", "table": "reserves"}, {**entry, "id": "of another source", "source_id": "bgs"}]
    file = paths.raw() / "corrections.yml"
    file.write_text(yaml.safe_dump([entry, *others]))
    try:
        explanation = explain("production", ["2024", "CHN", "mining", "rare_earths", "usgs_mcs", "2025"])
    finally:
        file.unlink()
    assert explanation.corrections == (entry,)
    assert "printed: 49; kind: override; corrected: 98" in printed(explanation)


def test_a_key_that_is_not_there_names_the_nearest() -> None:
    with pytest.raises(NoSuchRow) as told:
        explain("export_concentration", ["2031", "284690", "value"])
    assert "has no row 2031 284690 value" in told.value.problem
    assert told.value.remedy == "its key is year, hs6, basis; nearest are: `2024 284690 value`; `2023 284690 value`"


def test_a_mistyped_word_finds_the_word_meant() -> None:
    with pytest.raises(NoSuchRow, match=r"nearest are: `2024 284690 quantity_clean`"):
        explain("export_concentration", ["2024", "284690", "quantity_claen"])


def test_too_few_values_name_the_columns_and_an_example() -> None:
    with pytest.raises(
        NoSuchRow, match=r"year, hs6, basis: 3 values, and 1 were given(?s:.*)such as `export_concentration 2023 "
    ):
        explain("export_concentration", ["2024"])


def test_a_word_for_a_year() -> None:
    with pytest.raises(NoSuchRow, match="year is a whole number"):
        explain("export_concentration", ["last", "284690", "value"])


def test_no_such_table() -> None:
    with pytest.raises(NoSuchTable, match="export_concentration"):
        explain("exports", ["2024"])


def test_rows_of_every_table_can_be_explained() -> None:
    for name, table in catalog.tables().items():
        for row in rows(name)[:1]:
            assert printed(explain(name, [str(row[k]) for k in t.key(table)]))


def test_a_missing_method_page_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "docs" / "methods" / "export_concentration.md").unlink()
    with pytest.raises(ReoError, match="method page"):
        explain("export_concentration", ["2024", "284690", "value"])


def test_a_number_larger_than_any_is_no_row() -> None:
    with pytest.raises(NoSuchRow, match="larger than any"):
        explain("export_concentration", ["9" * 22, "284690", "value"])
