"""Rare-earth magnets: the toy world by hand, the mixture's properties, and published figures."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.measures.rare_earth_magnets import NoTwoPrices, mixture, national_lines, rare_earth_magnets, two_prices
from tests.measures import toy

LINES = {
    "reporter": "CHN", "flow": "export", "product": "rare_earth_magnets", "kind": "printed", "preferred": True,
    "source_id": "magnet_lines_quoted", "document_id": "toy-trade-press",
}  # fmt: skip


def lines(*rows: tuple[str, str, str, str, float]) -> pd.DataFrame:
    """Published figures of China's line: start and end of the period, partner, measure, value in t, kUSD or USD/kg."""
    frame = pd.DataFrame(rows, columns=["period_start", "period_end", "partner", "measure", "value"])
    return frame.assign(**LINES)


TOTALS = (("2024-01", "2024-12", "WLD", "quantity", 15.0), ("2024-01", "2024-12", "WLD", "value", 600.0))
PRICES = (
    ("2024-01", "2024-01", "USA", "unit_value", 36.0),
    ("2024-01", "2024-01", "EST", "unit_value", 45.0),
    ("2024-01", "2024-01", "WLD", "unit_value", 40.0),
)
NO_MIRROR = toy.nothing("mirror_flows")


def flows(*rows: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["hs850511_value_kusd", "hs850511_quantity_t"], dtype="float64")


def test_toy_world_as_worked() -> None:
    to_usa = lines(("2024-01", "2024-12", "USA", "quantity", 9.0))
    published = pd.concat(
        [lines(*TOTALS, *PRICES), to_usa.assign(source_id="china_customs_quoted", document_id="toy-customs")], ignore_index=True
    )
    result = rare_earth_magnets(toy.trade_flows(), NO_MIRROR, published)
    toy.assert_as_worked("rare_earth_magnets", result)


def test_a_flow_dearer_than_rare_earth_magnets_counts_whole_in_value_and_tonnes() -> None:
    tonnes, value = mixture(np.array([800.0, 100.0, 5.0]), np.array([10.0, 10.0, 0.0]), 50.0, 10.0)
    assert tonnes.tolist() == [10.0, 0.0, 0.0]
    assert value.tolist() == [800.0, 0.0, 0.0]


@given(
    st.lists(st.tuples(st.floats(1, 1e4), st.floats(0.1, 1e3)), min_size=2, max_size=8),
    st.floats(30, 60),
    st.floats(1, 20),
)
def test_a_mixture_is_part_of_its_flow_and_a_dearer_magnet_leaves_fewer_tonnes(
    pairs: list[tuple[float, float]], p_re: float, p_other: float
) -> None:
    value, mass = np.array(pairs).T
    tonnes, worth = mixture(value, mass, p_re, p_other)
    assert (tonnes >= 0).all()
    assert (tonnes <= mass).all()
    assert (worth <= value * (1 + 1e-12)).all()
    assert (mixture(value, mass, p_re + 5, p_other)[0] <= tonnes + 1e-9).all()


def test_two_prices_make_both_totals() -> None:
    of_year = flows((4000, 100), (1000, 100), (300, 60))
    p_re, p_other = two_prices(of_year, 110.0, 4700.0)
    tonnes, value = mixture(*of_year.to_numpy().T, p_re, p_other)
    assert tonnes.sum() == pytest.approx(110)
    assert value.sum() == pytest.approx(4700)


def test_totals_that_no_two_prices_make_are_one_error() -> None:
    with pytest.raises(NoTwoPrices, match="1,000 t"):
        two_prices(flows((4000, 100), (1000, 100)), 1000.0, 3000.0)


def test_the_figure_with_more_digits_is_preferred_and_a_mean_price_gives_the_value() -> None:
    found = national_lines(
        lines(
            ("2024-01", "2024-12", "WLD", "quantity", 58152.0),
            ("2024-01", "2024-12", "WLD", "quantity", 58120.0),
            ("2017-01", "2017-12", "WLD", "quantity", 29907.0),
            ("2017-01", "2017-12", "WLD", "unit_value", 49.1),
            ("2024-01", "2024-08", "WLD", "quantity", 38138.0),
        )
    ).set_index("year")
    assert found.loc[2024, "quantity_t"] == 58152
    assert found.loc[2017, "value_kusd"] == pytest.approx(29907 * 49.1)
    assert list(found.index) == [2017, 2024]


def test_a_year_without_a_published_total_takes_the_importers_reports_and_the_years_own_price() -> None:
    """2022: price 80 by month, other magnets at 20 as solved for 2024, so 50 USD/kg is half: 5 of 10 t, 400 of 500."""
    mirror = pd.DataFrame(
        {
            "year": 2022, "exporter": "CHN", "importer": ["USA", "WLD"], "hs6": "850511", "source_id": "un_comtrade_annual",
            "document_id": "toy-trade-data", "importer_value_kusd": [500.0, 500.0], "importer_quantity_t": [10.0, 10.0],
        }
    )  # fmt: skip
    published = lines(*TOTALS, *PRICES, ("2022-04", "2022-04", "WLD", "unit_value", 80.0))
    result = rare_earth_magnets(toy.trade_flows(), mirror, published)
    row = result[result["year"] == 2022].to_dict("records")
    assert len(row) == 1
    assert row[0]["quantity_t"] == pytest.approx(5)
    assert row[0]["value_kusd"] == pytest.approx(400)
    # The ends move with the price: 36/40 and 45/40 of 80.
    assert row[0]["quantity_t_high"] == pytest.approx(10 * 30 / 52)
    assert row[0]["quantity_t_low"] == pytest.approx(10 * 30 / 70)
