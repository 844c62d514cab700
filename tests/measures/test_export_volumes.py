"""Exports at constant prices: the toy world by hand, and what an index must do."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.measures.export_volumes import export_volumes, fisher
from tests.measures import toy

POSITIVE = st.floats(0.1, 1000)


def sold(*rows: tuple[int, str, float, float]) -> pd.DataFrame:
    """China's exports as (year, code, USD/kg, t)."""
    frame = pd.DataFrame(rows, columns=["year", "hs6", "usd_per_kg", "quantity_t"])
    frame = frame.assign(exporter_group="CHN", basis="quantity_clean", value_kusd=frame["usd_per_kg"] * frame["quantity_t"])
    return frame


def made(frame: pd.DataFrame) -> pd.DataFrame:
    rows = toy.made("export_volumes", export_volumes(frame, toy.tidy("products")))
    return rows[rows["group"] == "compounds_and_metals"].set_index("year")


def test_toy_world_as_worked() -> None:
    """Of both groups 284690 and 280530 are traded in both years: Laspeyres (1,400 + 800/3)/1,600 = 25/24, Paasche 3,900/3,900."""
    toy.assert_as_worked("export_volumes", export_volumes(toy.expected("unit_values"), toy.tidy("products")))


def test_a_rise_of_all_prices_is_no_rise_of_volume() -> None:
    rows = made(sold((2020, "284690", 10, 5), (2020, "280530", 40, 2), (2021, "284690", 30, 5), (2021, "280530", 120, 2)))
    assert rows.loc[2021, "price_index"] == pytest.approx(3)
    assert rows.loc[2021, "volume_index"] == pytest.approx(1)


def test_a_shift_to_the_dearer_good_is_a_rise_of_volume_at_equal_tonnes() -> None:
    rows = made(sold((2020, "284690", 10, 10), (2020, "280530", 40, 1), (2021, "284690", 10, 1), (2021, "280530", 40, 10)))
    assert rows.loc[2021, "price_index"] == pytest.approx(1)
    assert rows.loc[2021, "volume_index"] == pytest.approx(410 / 140)
    assert rows.loc[2021, "quantity_t"] == rows.loc[2020, "quantity_t"]


def test_a_missing_year_ends_the_chain() -> None:
    rows = made(sold((2020, "284690", 10, 10), (2022, "284690", 10, 10)))
    assert rows.index.tolist() == [2020]


@given(st.lists(st.tuples(POSITIVE, POSITIVE, POSITIVE, POSITIVE), min_size=1, max_size=5))
def test_price_and_volume_make_the_value_and_time_reversal_holds(goods: list[tuple[float, float, float, float]]) -> None:
    p_0, q_0, p_1, q_1 = (pd.Series(column) for column in zip(*goods, strict=True))
    there, back = fisher(p_0, q_0, p_1, q_1), fisher(p_1, q_1, p_0, q_0)
    assert there * back == pytest.approx(1)
    volume = fisher(q_0, p_0, q_1, p_1)
    assert there * volume == pytest.approx((p_1 * q_1).sum() / (p_0 * q_0).sum())
