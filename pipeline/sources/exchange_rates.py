"""Yuan per US dollar by month, from the European Central Bank's daily reference rates."""

import pandas as pd

from pipeline.intake import transcribed, words
from pipeline.intake.source_files import SourceFiles

COLUMNS = ["month", "cny_per_usd", "days", "document_id"]


def exchange_rates(ecb_exchange_rates: SourceFiles) -> pd.DataFrame:
    """Monthly means (columns of ExchangeRates). Raises SourceError for a cell that is no month, rate or number of days."""
    file = ecb_exchange_rates.path("monthly.csv")
    frame = transcribed.read(file, COLUMNS)
    words.check_dates(file, frame, "month")
    rate, days = (transcribed.numbers(file, frame, column) for column in ("cny_per_usd", "days"))
    transcribed.refuse(file, frame, "cny_per_usd", ~rate.between(1, 20), "is no yuan per dollar", "enter the month's mean")
    wrong = ~days.between(1, 31) | (days % 1 != 0)
    transcribed.refuse(file, frame, "days", wrong, "is not a number of days in a month", "enter the days with a rate")
    return pd.DataFrame(
        {
            "month": frame["month"],
            "cny_per_usd": rate,
            "days": days.astype("int64"),
            "source_id": ecb_exchange_rates.id,
            "document_id": frame["document_id"],
        }
    )
