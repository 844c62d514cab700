"""A number is bounded by its unit, declared once: in a column of one unit, and in one where each row has its own."""

import pandas as pd
import pytest

from pipeline import catalog
from pipeline.schemas import contract, units
from pipeline.schemas import table as t
from tests.measures import toy


def with_value(table: str, unit: str, value: float) -> pd.DataFrame:
    """150 sound rows of the toy world with one figure of another unit in the first."""
    one = toy.tidy(table).dropna(subset="value").query("unit != 'percent'").iloc[[0]]
    rows = pd.concat([one] * 150, ignore_index=True).assign(document_id=[f"d{n}" for n in range(150)])
    rows.loc[0, ["unit", "value"]] = unit, value
    return rows


@pytest.mark.parametrize(
    ("unit", "sound", "wrong"),
    [
        ("percent", 100.0, 100.5),
        ("percent", 0.0, -0.1),
        ("t", 51_000.0, float("inf")),
        ("USD/kg", 5_500.0, 2e8),
        ("USD/t", 58_100.0, 5e7),
    ],
    ids=["above the whole", "below nothing", "1e400 as read", "dollars a tonne taken for a kilogram", "as dear as nothing is"],
)
def test_a_figure_outside_its_rows_unit_is_quarantined_with_the_unit_named(unit: str, sound: float, wrong: float) -> None:
    table = catalog.table("us_statistics")
    assert contract.check(table, with_value("us_statistics", unit, sound)).quarantined.empty
    checked = contract.check(table, with_value("us_statistics", unit, wrong))
    assert checked.quarantined["value"].tolist() == [wrong]
    assert "value" in checked.quarantined["reason"].iloc[0]
    assert len(checked.rows) == 149


def test_one_figure_is_one_fault_though_two_bounds_refuse_it() -> None:
    checked = contract.check(catalog.table("us_statistics"), with_value("us_statistics", "percent", -5.0))
    assert checked.quarantined["reason"].iloc[0].count("value: ") == 1


def test_in_a_small_table_it_is_an_error_that_names_the_row_and_the_bound() -> None:
    rows = with_value("us_statistics", "percent", 140.0).head(3)
    with pytest.raises(
        contract.ContractBroken, match=r"value: must be within 0 to 100 percent: 140\.0 \(.*document_id=d0"
    ) as raised:
        contract.check(catalog.table("us_statistics"), rows)
    assert raised.value.remedy


@pytest.mark.parametrize(
    ("table", "column", "wrong"),
    [
        ("trade_flows", "quantity_t", 2e10),
        ("trade_flows", "value_kusd", 1e12),
        ("prices_tidy", "usd_per_kg", 1e9),
        ("unit_values", "usd_per_kg", float("inf")),
        ("disruption_scenarios", "spare_t", 3e6),
    ],
    ids=["above what the world mines", "above what the world trades", "above diamonds", "no number", "above all rare earths"],
)
def test_a_column_of_one_unit_is_bounded_by_it(table: str, column: str, wrong: float) -> None:
    limits = t.bounds(t.columns(catalog.table(table))[column])
    assert limits["le"] < wrong


def test_a_columns_own_bound_stands_before_its_units() -> None:
    amount = t.columns(catalog.table("quotas"))["amount"]
    assert t.bounds(amount)["le"] < units.BOUNDS["t"][1]
    price = t.bounds(t.columns(catalog.table("prices_tidy"))["usd_per_kg"])
    assert price["gt"] == 0
    assert "ge" not in price


@pytest.mark.parametrize("name", list(catalog.tables()))
def test_every_published_number_has_a_unit_that_is_known_or_stands_in_its_row(name: str) -> None:
    table = catalog.table(name)
    for column in t.columns(table).values():
        unit = t.unit(column)
        assert not unit or unit in (*units.UCUM, *units.BY_ROW, units.BY_BASIS), column.name
    if t.by_row(table):
        assert "unit" in t.columns(table)


def test_a_vocabulary_of_units_is_bounded_word_by_word() -> None:
    """A unit that a table newly admits gets its bounds, or is one of those that nothing bounds."""
    unbounded = {"1", "kg/MW", "kg/robot", "words"}
    for name, table in catalog.tables().items():
        if t.by_row(table):
            for word in t.allowed(t.columns(table)["unit"]):
                assert units.bounds(word) or word in unbounded, f"{name}: {word}"


def test_a_missing_column_is_the_fault_that_is_named_though_a_figure_is_out_of_its_unit() -> None:
    table = catalog.table("us_statistics")
    for column in ("unit", "measure"):
        with pytest.raises(contract.ContractBroken, match=rf"in 1 places.*\n.*{column}"):
            contract.check(table, with_value("us_statistics", "percent", 140.0).drop(columns=column))


def test_a_missing_column_and_an_impossible_year_are_named_before_units_are_looked_at() -> None:
    rows = with_value("us_statistics", "percent", 140.0).drop(columns="unit")
    rows.loc[0, "year"] = 20240
    with pytest.raises(contract.ContractBroken, match="unit"):
        contract.check(catalog.table("us_statistics"), rows)
