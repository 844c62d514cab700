"""The World Bank's indicator of political stability and absence of violence, as a package restructured it, a table a measure."""

from pathlib import Path

import pandas as pd

from pipeline.intake import country_names, sqlite, transcribed, words
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError

BEFORE, AFTER = ["Country/Territory", "Code"], ["country_code"]
# The World Bank's own figures, a row a country and year, where the source has this file in place of the package's.
ESTIMATES = "estimates.csv"
COLUMNS = ["country", "year", "wgi_pv", "standard_error", "sources", "edition"]
TABLES = {"wgi_pv": "Estimate", "standard_error": "StdErr", "sources": "NumSrc"}
# What the package writes where there is no estimate. Zero is none only where error and number of sources are zero too.
NO_ESTIMATE = ["nan", "None"]
# The package calls two rows Guyana; the first has the place of French Guiana.
FIRST_OF_TWO = {"GUY": "GUF"}
# Its tables of production give Kosovo this code; here the code's name is Europe EFTA.
KOSOVO = {"R20": "XKX"}
KOSOVO_AT_THE_BANK = {"KSV": "XKX"}
DOUBTFUL = "doubtful"
# The package does not name the World Bank's editions. They differ in how the numbers were stored before they became text.
EARLIER, LATER = "earlier, single precision", "later, seven digits"


def governance(worldwide_governance_indicators: SourceFiles, countries: pd.DataFrame) -> pd.DataFrame:
    """One row a country and year with an estimate (columns of Governance); none for 1995, 1997, 1999 and 2001.

    Of the package's file, or, where sources.yml lists it, of estimates.csv with the World Bank's own figures (COLUMNS).
    Where the package gives the same figures to both countries that it calls Guyana, whose they are is not known: flagged.
    Raises SourceError for a changed layout, a cell that is neither a number nor a known word for none, an estimate without its
    error or number of sources, or a country that `countries` does not have.
    """
    listed = [Path(file.name).name for file in worldwide_governance_indicators.source.files]
    if ESTIMATES in listed:
        return _estimates(worldwide_governance_indicators, countries)
    file = worldwide_governance_indicators.path("wgi.db")
    long = pd.concat([_cells(file, table).rename(name) for name, table in TABLES.items()], axis=1)
    long = long[~(long.isna() | (long == 0)).all(axis="columns")]
    torn = long.isna().any(axis="columns")
    if torn.any():
        country, year = long.index[torn][0]
        raise SourceError(
            f"{file.name}: {country} in {year} has an estimate, a standard error or a number of sources, but not all three",
            "look at the tables Estimate, StdErr and NumSrc, then change the parser",
        )
    frame = long.rename_axis(["country", "year"]).reset_index()
    unknown = frame.loc[~frame["country"].isin(countries["iso3"]), "country"]
    if len(unknown):
        raise SourceError(
            f"{file.name}: country code {unknown.iloc[0]} is not in countries",
            "find out which country it is and enter the code in data/raw/reviewed/countries.csv, then run `reo sources lock`",
        )
    two = frame["country"].isin([*FIRST_OF_TWO, *FIRST_OF_TWO.values()])
    same = frame[two].duplicated(["year", *TABLES], keep=False).reindex(frame.index, fill_value=False)
    single = frame["wgi_pv"].astype("float32").astype("float64") == frame["wgi_pv"]
    return frame.assign(
        year=frame["year"].astype("int64"),
        sources=frame["sources"].astype("int64"),
        edition=pd.Series(LATER, index=frame.index).mask(single, EARLIER),
        flag=pd.Series(DOUBTFUL, index=frame.index).where(same),
        source_id=worldwide_governance_indicators.id,
    )[["year", "country", "wgi_pv", "standard_error", "sources", "edition", "flag", "source_id"]]


def _estimates(worldwide_governance_indicators: SourceFiles, countries: pd.DataFrame) -> pd.DataFrame:
    file = worldwide_governance_indicators.path(ESTIMATES)
    frame = transcribed.read(file, COLUMNS)
    transcribed.refuse(file, frame, "edition", frame["edition"] == "", "is empty", "enter the World Bank's edition, such as 2025")
    numbers = {c: transcribed.numbers(file, frame, c) for c in ("wgi_pv", "standard_error", "sources")}
    for column, found in numbers.items():
        transcribed.refuse(file, frame, column, found.isna(), "is empty", "enter it, or remove the row: no estimate is no row")
    odd = numbers["sources"].notna() & ((numbers["sources"] < 1) | (numbers["sources"] % 1 != 0))
    transcribed.refuse(file, frame, "sources", odd, "is not a number of sources", "enter how many the estimate rests on")
    words.no_later(file, frame, "year", worldwide_governance_indicators.accessed, "the day the source was last read")
    return pd.DataFrame(
        {
            "year": transcribed.years(file, frame, "year"),
            "country": country_names.codes(file, frame, "country", countries["iso3"], KOSOVO_AT_THE_BANK),
            **numbers,
            "edition": frame["edition"],
            "flag": pd.Series(pd.NA, index=frame.index, dtype="str"),
            "source_id": worldwide_governance_indicators.id,
        }
    ).astype({"sources": "int64"})


def _cells(file: Path, table: str) -> pd.Series:
    """A table's cells as numbers by country and year, missing where there is no estimate. Raises SourceError for a code twice."""
    wide = sqlite.read_by_year(file, table, BEFORE, AFTER)
    years: list[str] = [column for column in wide.columns if column not in (*BEFORE, *AFTER)]
    first = wide["Code"].duplicated(keep="last")
    wide["Code"] = wide["Code"].mask(first, wide["Code"].map(FIRST_OF_TWO))
    unclear = wide["Code"].isna() | wide["Code"].duplicated()
    if unclear.any():
        raise sqlite.unreadable(file, table, wide, "Country/Territory", unclear, "has the code of another country")
    wide["Code"] = wide["Code"].replace(KOSOVO)
    wide[years] = wide[years].where(~wide[years].isin(NO_ESTIMATE))
    for year in years:
        wide[year] = sqlite.numbers(file, table, wide, year)
    return wide.melt("Code", years, "year", "cell").set_index(["Code", "year"])["cell"]
