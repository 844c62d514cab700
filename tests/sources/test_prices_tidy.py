"""Prices per kilogram in both currencies, and what is known of VAT."""

import pandas as pd
import pytest

from pipeline.schemas import contract
from pipeline.schemas.exchange_rates import ExchangeRates
from pipeline.schemas.prices_tidy import PricesTidy
from pipeline.sources.exchange_rates import exchange_rates
from pipeline.sources.prices import prices
from pipeline.sources.prices_tidy import prices_tidy
from tests.sources.raw_files import REAL, TOY, files
from tests.sources.test_prices import SOURCES


def made(raw=TOY) -> pd.DataFrame:
    rates = contract.check(ExchangeRates, exchange_rates(files("ecb_exchange_rates", raw))).rows
    return contract.check(
        PricesTidy, prices_tidy(prices(*(files(s, raw) for s in SOURCES), files("reviewed")), rates, files("reviewed"))
    ).rows


def test_yuan_a_tonne_become_dollars_a_kilogram_at_the_months_rate() -> None:
    row = made().query("date == '2021-03-11' and element == 'Dy'").iloc[0]
    assert (row["cny_per_kg"], row["cny_per_usd"]) == (pytest.approx(1591.04), 6.4)
    assert row["usd_per_kg"] == pytest.approx(248.6)
    assert (row["vat"], row["vat_rate"], row["form"], row["market"]) == ("included", 0.13, "oxide", "china_domestic")


def test_a_price_of_a_quarter_is_converted_at_the_mean_of_its_months_and_has_no_month() -> None:
    row = made().query("date == '2021-Q1'").iloc[0]
    assert row["cny_per_kg"] == pytest.approx(60 * 6.2)
    assert pd.isna(row["month"])


def test_a_range_is_read_in_its_middle_and_a_bound_stays_a_bound() -> None:
    rows = made().set_index(["date", "oxide"])
    assert rows.loc[("2021-03-10", "Dy oxide"), ["reading", "cny_per_kg"]].tolist() == ["midpoint", pytest.approx(1301.76)]
    assert rows.loc[("2021-03", "Y oxide"), "reading"] == "lower_bound"


def test_a_dollar_price_of_chinas_market_and_prices_elsewhere_say_nothing_of_vat() -> None:
    rows = made()
    assert set(rows[(rows["currency"] == "USD")]["vat"]) == {"unknown"}
    assert rows[rows["vat"] != "included"]["vat_rate"].isna().all()


@pytest.fixture(scope="module")
def real() -> pd.DataFrame:
    return made(REAL)


def test_every_price_has_both_currencies_and_a_known_form(real: pd.DataFrame) -> None:
    assert not real[["usd_per_kg", "cny_per_kg"]].isna().any(axis=None)
    assert (real["cny_per_kg"] / real["usd_per_kg"]).between(6, 8.5).all()


def test_vat_follows_the_rates_in_force(real: pd.DataFrame) -> None:
    """17 % until April 2018, 13 % from March 2019 by the text; a price without VAT has none."""
    included = real[real["vat"] == "included"]
    rates = included.groupby(included["date"].str[:4])["vat_rate"].unique().map(list)
    assert rates["2013"] == [0.17]
    assert rates["2025"] == [0.13]
    assert set(real[real["basis"].str.contains("ex VAT|VAT excluded")]["vat"]) == {"excluded"}


def test_rows_without_an_address_are_left_out(real: pd.DataFrame) -> None:
    assert real[real["date"] == "2026-02-12"].query("source_id == 'prices_more'").empty
