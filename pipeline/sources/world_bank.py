"""The World Bank's indicator of political stability and absence of violence, as a package restructured it, a table a measure."""

from pathlib import Path

import pandas as pd

from pipeline.intake import sqlite
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError

YEARS = ["1996", "1998", "2000", *(str(year) for year in range(2002, 2025))]
COLUMNS = ["Country/Territory", "Code", *YEARS, "country_code"]
TABLES = {"wgi_pv": "Estimate", "standard_error": "StdErr", "sources": "NumSrc"}
# What the package writes where there is no estimate. Zero is none only where error and number of sources are zero too.
NO_ESTIMATE = ["nan", "None"]
# The package calls two rows Guyana; the first has the place of French Guiana.
FIRST_OF_TWO = {"GUY": "GUF"}
# Its tables of production give Kosovo this code; here the code's name is Europe EFTA.
KOSOVO = {"R20": "XKX"}
DOUBTFUL = "doubtful"
# The package does not name the World Bank's editions. They differ in how the numbers were stored before they became text.
EARLIER, LATER = "earlier, single precision", "later, seven digits"


def governance(worldwide_governance_indicators: SourceFiles, countries: pd.DataFrame) -> pd.DataFrame:
    """One row a country and year with an estimate (columns of Governance); none for 1995, 1997, 1999 and 2001.

    Where the package gives the same figures to both countries that it calls Guyana, whose they are is not known: flagged.
    Raises SourceError for a changed layout, a cell that is neither a number nor a known word for none, an estimate without its
    error or number of sources, or a country that `countries` does not have.
    """
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


def _cells(file: Path, table: str) -> pd.Series:
    """A table's cells as numbers by country and year, missing where there is no estimate. Raises SourceError for a code twice."""
    wide = sqlite.read(file, table, COLUMNS)
    first = wide["Code"].duplicated(keep="last")
    wide["Code"] = wide["Code"].mask(first, wide["Code"].map(FIRST_OF_TWO))
    unclear = wide["Code"].isna() | wide["Code"].duplicated()
    if unclear.any():
        raise sqlite.unreadable(file, table, wide, "Country/Territory", unclear, "has the code of another country")
    wide["Code"] = wide["Code"].replace(KOSOVO)
    wide[YEARS] = wide[YEARS].where(~wide[YEARS].isin(NO_ESTIMATE))
    for year in YEARS:
        wide[year] = sqlite.numbers(file, table, wide, year)
    return wide.melt("Code", YEARS, "year", "cell").set_index(["Code", "year"])["cell"]
