"""Trade by month: totals and what may stand for one, unit values, changes, gaps, and who is surely the largest partner."""

import pandas as pd
import pytest

from pipeline.measures.trade_by_month import trade_by_month
from tests.measures import toy

COLUMNS = dict.fromkeys(toy.t.columns(toy.catalog.table("trade_monthly")))


def prints(*rows: tuple[str, str, str, float], **cells: object) -> pd.DataFrame:
    """Preferred rows of (month, partner, measure, value): China's exports of terbium as printed, unless cells say otherwise."""
    units = {"quantity": "t", "value": "kUSD", "unit_value": "USD/kg"}
    common = {
        "reporter": "CHN", "product": "terbium", "flow": "export", "vintage": "first", "source_id": "press", "kind": "printed",
        "hs_code": None, "preferred": True, "flag": None, "note": None,
    }  # fmt: skip
    made = [
        {**COLUMNS, **common, "document_id": f"text-{n}", "period_start": m, "period_end": m, "partner": p, "measure": q,
         "value": v, "unit": units[q], **cells}
        for n, (m, p, q, v) in enumerate(rows)
    ]  # fmt: skip
    return toy.t.frame(toy.catalog.table("trade_monthly"), made)


def by_month(*frames: pd.DataFrame) -> pd.DataFrame:
    return toy.made("trade_by_month", trade_by_month(pd.concat(frames, ignore_index=True)))


def test_worked_example_of_the_method_page():
    printed = prints(
        ("2024-01", "WLD", "quantity", 50.0),
        ("2025-01", "WLD", "quantity", 40.0),
        ("2025-01", "KOR", "quantity", 25.0),
        ("2025-01", "JPN", "quantity", 10.0),
        ("2025-03", "WLD", "quantity", 60.0),
        ("2025-03", "JPN", "quantity", 20.0),
    )
    made = by_month(printed).set_index("month")
    assert made.loc["2025-01", ["largest_partner", "largest_partner_share", "partners"]].tolist() == ["KOR", 25 / 40, 2]
    assert made.loc["2025-01", "quantity_change"] == pytest.approx(-0.2)
    assert made.loc["2025-03", "gap_months"] == 1
    assert pd.isna(made.loc["2025-03", "largest_partner"])
    assert pd.isna(made.loc["2025-03", "quantity_change"])
    assert pd.isna(made.loc["2024-01", "gap_months"])


def test_a_data_set_is_summed_and_its_unit_value_is_of_partners_with_both():
    rows = prints(
        ("2025-01", "JPN", "quantity", 2.0),
        ("2025-01", "JPN", "value", 40.0),
        ("2025-01", "KOR", "quantity", 1.0),
        ("2025-01", "KOR", "value", 30.0),
        ("2025-01", "USA", "value", 10.0),
        ("2025-01", "CHN", "quantity", 9.0),
        kind="data_set",
    )
    row = by_month(rows).iloc[0]
    assert [row["total_basis"], row["quantity_t"], row["value_kusd"], row["partners"]] == ["partners", 3.0, 80.0, 3]
    assert row["usd_per_kg"] == pytest.approx(70 / 3)
    assert pd.isna(row["largest_partner"])


def test_partners_without_a_total_and_longer_periods_have_no_row():
    assert by_month(prints(("2025-01", "JPN", "quantity", 2.0))).empty
    assert by_month(prints(("2025-01", "WLD", "quantity", 2.0), period_end="2025-03")).empty
    assert by_month(prints(("2025-01", "WLD", "quantity", 2.0), preferred=False)).empty


def test_kinds_and_sources_are_never_joined():
    world = ("2025-01", "WLD", "quantity", 2.0)
    made = by_month(prints(world), prints(("2025-01", "JPN", "quantity", 7.0), kind="data_set", source_id="office"))
    assert made.set_index("kind")["quantity_t"].to_dict() == {"data_set": 7.0, "printed": 2.0}


def test_a_fixed_list_is_not_the_world():
    row = by_month(prints(("2025-01", "X_LIST40", "value", 8.0), ("2025-01", "JPN", "value", 5.0), kind="derived_by_repo")).iloc[
        0
    ]
    assert [row["total_basis"], row["value_kusd"]] == ["fixed_list", 8.0]


def test_a_printed_average_stands_where_nothing_can_be_computed():
    only = by_month(prints(("2025-01", "WLD", "unit_value", 30.0), ("2025-01", "WLD", "quantity", 2.0))).iloc[0]
    assert [only["usd_per_kg"], only["usd_per_kg_printed"]] == [30.0, True]
    both = by_month(
        prints(("2025-01", "WLD", "unit_value", 30.0), ("2025-01", "WLD", "quantity", 2.0), ("2025-01", "WLD", "value", 50.0))
    ).iloc[0]
    assert [both["usd_per_kg"], both["usd_per_kg_printed"]] == [25.0, False]


def test_nothing_exported_is_no_base_and_has_no_largest_partner():
    made = by_month(prints(("2024-05", "WLD", "quantity", 0.0), ("2025-05", "WLD", "quantity", 4.0))).set_index("month")
    assert made.loc["2024-05", "quantity_t"] == 0
    assert made["quantity_change"].isna().all()
    assert made.loc["2025-05", "gap_months"] == 11


def test_a_group_of_countries_is_nobodys_largest_partner():
    row = by_month(prints(("2025-01", "WLD", "quantity", 10.0), ("2025-01", "EUU", "quantity", 9.0))).iloc[0]
    assert row["partners"] == 0
    assert pd.isna(row["largest_partner"])


def test_order_of_rows_changes_nothing():
    rows = [("2025-01", partner, "quantity", 0.1 * n) for n, partner in enumerate(["DEU", "ITA", "JPN", "KOR", "USA"], start=1)]
    assert by_month(prints(*rows, kind="data_set")).equals(by_month(prints(*rows[::-1], kind="data_set")))


def test_no_rows_give_no_rows():
    assert by_month(prints()).empty
