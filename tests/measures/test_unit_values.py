"""Unit values: the toy world by hand, flows without a mass, and the parts of the world."""

import pandas as pd
import pytest

from pipeline.measures.unit_values import unit_values
from tests.measures import toy
from tests.measures.test_flow_outliers import world


def test_toy_world_unit_values():
    toy.assert_as_worked("unit_values", unit_values(toy.trade_flows(), toy.expected("flow_outliers")))


def test_flows_without_mass_are_no_part_of_the_unit_value():
    frame = world([10.0, 20.0], [5.0, 5.0])
    unweighed = toy.trade([(2024, "CHN", "USA", "284690", 1000.0, None), (2024, "CHN", "VNM", "284690", 500.0, 0.0)])
    rows = toy.made("unit_values", unit_values(toy.flows(pd.concat([frame, unweighed], ignore_index=True)), toy.no_outliers()))
    china = rows[(rows.exporter_group == "CHN") & (rows.basis == "quantity")].iloc[0]
    assert [china.usd_per_kg, china.flows, china.flows_without_quantity] == [15, 2, 2]


def test_world_is_china_and_the_rest():
    frame = world([10.0, 20.0, 30.0], [5.0, 6.0, 7.0], USA=(50.0, 3.0), MYS=(7.0, 9.0))
    rows = toy.made("unit_values", unit_values(toy.flows(frame), toy.no_outliers())).set_index(["basis", "exporter_group"])
    for column in ("value_kusd", "quantity_t", "flows"):
        parts = rows.loc[("quantity", "CHN"), column] + rows.loc[("quantity", "rest"), column]
        assert rows.loc[("quantity", "world"), column] == parts


def test_a_group_whose_flows_are_all_excluded_has_no_clean_unit_value():
    """China's one flow is an outlier: the clean world is the rest, and nothing of China's is divided by its zero."""
    frame = toy.trade([(2024, "CHN", "USA", "284690", 900.0, 1.0), (2024, "MYS", "USA", "284690", 20.0, 2.0)])
    outliers = frame[frame["exporter"] == "CHN"]
    rows = toy.made("unit_values", unit_values(toy.flows(frame), outliers)).set_index(["basis", "exporter_group"])
    assert set(rows.loc["quantity"].index) == {"CHN", "rest", "world"}
    clean = rows.loc["quantity_clean"]
    assert clean["usd_per_kg"].to_dict() == {"rest": 10.0, "world": 10.0}
    assert clean["flows"].tolist() == [1, 1]
    assert clean["ratio_china_to_rest_mix_confounded"].isna().all()


@pytest.mark.parametrize(("rest_kusd", "ratio"), [(2.0, 10.0), (0.0, None)], ids=["one dollar", "nothing"])
def test_china_is_compared_with_any_price_of_the_rest_but_nothing(rest_kusd, ratio):
    frame = toy.trade([(2024, "CHN", "USA", "284690", 10.0, 1.0), (2024, "MYS", "USA", "284690", rest_kusd, 2.0)])
    rows = toy.made("unit_values", unit_values(toy.flows(frame), toy.no_outliers()))
    found = rows["ratio_china_to_rest_mix_confounded"]
    assert found.isna().all() if ratio is None else found.eq(ratio).all()


def test_a_single_kilogram_has_a_unit_value():
    frame = toy.trade([(2024, "CHN", "USA", "284690", 0.05, 0.001)])
    rows = toy.made("unit_values", unit_values(toy.flows(frame), toy.no_outliers()))
    assert rows["usd_per_kg"].tolist() == [50.0] * 4
