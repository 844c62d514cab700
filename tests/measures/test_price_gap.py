"""Prices outside over inside China: medians of quotations, month by month."""

import pandas as pd
import pytest

from pipeline.measures.price_gap import price_gap
from tests.measures import toy
from tests.sources.test_prices_tidy import made


def tidy(*rows: tuple[str, str, str, float], **columns: object) -> pd.DataFrame:
    """Quotations of (month, form, market, USD/kg) of dysprosium."""
    one = made().iloc[[0]]
    given = [
        one.assign(month=month, form=form, market=market, usd_per_kg=price, element="Dy", reading="value", preferred=True)
        for month, form, market, price in rows
    ]
    return pd.concat(given, ignore_index=True).assign(**({"vat": "included", "vat_rate": 0.13, "unit_inferred": False} | columns))


def test_toy_world() -> None:
    toy.assert_as_worked("price_gap", price_gap(made()))


def test_a_month_with_one_side_is_absent() -> None:
    rows = tidy(("2025-05", "oxide", "china_domestic", 230.0), ("2025-06", "oxide", "europe", 800.0))
    assert price_gap(rows).empty


def test_one_odd_quotation_does_not_move_the_median_but_widens_the_range() -> None:
    prices = [("2025-05", "oxide", "china_domestic", p) for p in (200.0, 201.0, 400.0)]
    row = toy.made("price_gap", price_gap(tidy(*prices, ("2025-05", "oxide", "europe", 804.0)))).iloc[0]
    assert (row["ratio"], row["ratio_low"], row["ratio_high"]) == (pytest.approx(4), pytest.approx(2.01), pytest.approx(4.02))
    assert (row["inside_quotations"], row["outside_quotations"]) == (3, 1)


def test_the_ratio_without_vat_is_unknown_where_a_quotation_inside_does_not_say() -> None:
    rows = tidy(
        ("2025-05", "oxide", "china_domestic", 226.0), ("2025-05", "oxide", "europe", 800.0), vat="unknown", vat_rate=None
    )
    row = toy.made("price_gap", price_gap(rows.astype({"vat_rate": "float64"}))).iloc[0]
    assert pd.isna(row["ratio_without_vat"])
    assert row["ratio"] == pytest.approx(800 / 226)


def test_an_export_price_stands_beside_and_is_neither_side() -> None:
    rows = tidy(("2025-05", "oxide", "fob_china", 300.0), ("2025-05", "oxide", "europe", 800.0))
    assert price_gap(rows).empty
    row = price_gap(pd.concat([rows, tidy(("2025-05", "oxide", "china_domestic", 200.0))], ignore_index=True)).iloc[0]
    assert (row["fob_china"], row["fob_quotations"], row["ratio"]) == (300, 1, 4)


def test_metal_is_never_set_beside_oxide() -> None:
    assert price_gap(tidy(("2025-05", "metal", "china_domestic", 230.0), ("2025-05", "oxide", "europe", 800.0))).empty


def test_no_prices_make_an_empty_table() -> None:
    assert toy.made("price_gap", price_gap(toy.nothing("prices_tidy"))).empty
