"""Published prices read per kilogram in dollars and yuan, by element, form and market."""

import pandas as pd

from pipeline.intake import transcribed, words
from pipeline.intake.source_files import SourceFiles
from pipeline.sources.prices import MARKET_WORDS

# Kilograms and units of currency that a price is of.
PER_KG = {"USD/kg": 1.0, "USD/t": 0.001, "CNY/kg": 1.0, "CNY/t": 0.001, "1,000 CNY/t": 1.0, "10,000 CNY/t": 10.0}
FORMS = {"oxide": "oxide", "metal": "metal", "alloy": "alloy", "carbonate": "carbonate", "concentrate": "concentrate"}
FORM_NOT_STATED = ", form not printed"
# Prices of ore and of comparators, whose name is not an element and a form.
WHOLE = {
    "Ga": ("Ga", "metal"),
    "Sb": ("Sb", "metal"),
    "monazite": ("monazite", "concentrate"),
    "ion-adsorption ore, medium Y, rich Eu": ("ion-adsorption ore", "concentrate"),
    "Dy-Fe alloy": ("Dy", "alloy"),
}
MARKETS = {"china_domestic": "china_domestic", "fob_china": "fob_china", "europe": "europe"}
VAT_RATES = ["country", "from_month", "rate", "document_id", "note"]


def prices_tidy(prices: pd.DataFrame, exchange_rates: pd.DataFrame, reviewed: SourceFiles) -> pd.DataFrame:
    """One row for each row of `prices` (columns of PricesTidy).

    The figure is the value, else the middle of the range, else its one end (lower_bound, upper_bound). The other currency is at
    the mean rate of the day's month, of the quarter's or of the year's months, null where one of them is missing. VAT is
    included where market_words.csv says so of a price in yuan, at the rate of vat_rates.csv; a price in dollars of China's
    home market does not say. Raises KeyError for a product whose name holds no form.
    """
    low, high = prices["value_low"], prices["value_high"]
    figure = prices["value"].fillna((low + high) / 2).fillna(low).fillna(high)
    ranged = prices["value"].isna()
    reading = pd.Series("value", index=prices.index).mask(ranged, "midpoint")
    reading = reading.mask(ranged & high.isna(), "lower_bound").mask(ranged & low.isna(), "upper_bound")
    per_kg = figure * prices["unit"].map(PER_KG)
    yuan = prices["unit"].str.contains("CNY")
    rate = prices["date"].map(_rates(prices["date"], exchange_rates))
    parts = prices["oxide"].map(_element_and_form)
    month = prices["date"].str[:7].where(prices["precision"].isin(["day", "week", "month"]))
    listed = words.mapping(reviewed, "market_words.csv", MARKET_WORDS)["vat"]
    vat = prices["basis"].map(listed).fillna("unknown").astype("str")
    vat = vat.mask((vat == "included") & ~yuan, "unknown")
    return prices.assign(
        month=month,
        element=parts.str[0],
        form=parts.str[1],
        market=prices["market"].map(MARKETS).fillna("other"),
        usd_per_kg=per_kg.where(~yuan, per_kg / rate),
        cny_per_kg=per_kg.where(yuan, per_kg * rate),
        reading=reading,
        currency=yuan.map({True: "CNY", False: "USD"}).astype("str"),
        cny_per_usd=rate,
        vat=vat,
        vat_rate=_vat_rate(prices["date"], reviewed).where(vat == "included"),
    )[
        [
            "document_id", "date", "oxide", "basis", "precision", "month", "element", "form", "grade", "market", "usd_per_kg",
            "cny_per_kg", "reading", "currency", "cny_per_usd", "vat", "vat_rate", "unit_inferred", "preferred", "source_id",
        ]
    ]  # fmt: skip


def _element_and_form(product: str) -> tuple[str, str]:
    if product in WHOLE:
        return WHOLE[product]
    if product.endswith(FORM_NOT_STATED):
        return product.removesuffix(FORM_NOT_STATED), "not_printed"
    element, _, form = product.rpartition(" ")
    return element, FORMS[form]


def _rates(dates: "pd.Series[str]", exchange_rates: pd.DataFrame) -> dict[str, float]:
    """Yuan per dollar of each date: its month's, or the mean of the months of its quarter or year."""
    months = exchange_rates.set_index("month")["cny_per_usd"]
    return {date: float(months.reindex(_months(date)).mean(skipna=False)) for date in dates.unique()}


def _months(date: str) -> list[str]:
    if "Q" in date:
        first = 3 * int(date[-1]) - 2
        return [f"{date[:4]}-{month:02d}" for month in range(first, first + 3)]
    if len(date) == 4:
        return [f"{date}-{month:02d}" for month in range(1, 13)]
    return [date[:7]]


def _vat_rate(dates: "pd.Series[str]", reviewed: SourceFiles) -> "pd.Series[float]":
    """The rate in force in China in the first month a date can mean."""
    file = reviewed.path("vat_rates.csv")
    frame = transcribed.read(file, VAT_RATES)
    rates = frame.assign(rate=transcribed.numbers(file, frame, "rate"))
    rates = rates[rates["country"] == "CHN"].sort_values("from_month")
    firsts = {date: _months(date)[0] for date in dates.unique()}
    found = {date: rates.loc[rates["from_month"] <= month, "rate"].iloc[-1:].sum() for date, month in firsts.items()}
    return dates.map(found).astype("float64").replace(0.0, float("nan"))
