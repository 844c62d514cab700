"""Country names as publishers write them, and the country list that country_converter keeps."""

from functools import cache
from pathlib import Path

import pandas as pd
from country_converter import CountryConverter
from country_converter.country_converter import COUNTRY_DATA_FILE

from pipeline.intake import transcribed
from pipeline.intake.source_files import SourceFiles


@cache
def converter() -> CountryConverter:
    """country_converter over its own list of countries that exist now."""
    # Under pandas 3 its version 1.3.2 reads Namibia's code NA as a missing value and fails, so the list is read here.
    rows = pd.read_csv(COUNTRY_DATA_FILE, sep="\t", dtype=str, keep_default_na=False, encoding="utf-8")
    rows = rows[rows["obsolete"] == ""]
    codes = ["ISO2", "ISO3", "name_short", "name_official", "regex"]
    return CountryConverter(country_data=rows.where((rows != "") | rows.columns.isin(codes)))


def reviewed_names(reviewed: SourceFiles) -> dict[str, str]:
    """Published name → code, from country_names.csv: what country_converter does not know or gets wrong; "" for no country."""
    frame = transcribed.read(reviewed.path("country_names.csv"), ["name_as_printed", "iso3", "note"])
    return dict(zip(frame["name_as_printed"], frame["iso3"], strict=True))


def iso3(file: Path, frame: pd.DataFrame, column: str, reviewed: dict[str, str]) -> pd.Series:
    """A column of published names as codes. Raises SourceError naming file, row and name for an unknown one."""
    known = {name: code_of(name, reviewed) for name in frame[column].unique()}
    codes = frame[column].map({name: code for name, code in known.items() if code})
    remedy = "correct the name, or add it with its code to data/raw/reviewed/country_names.csv and run `reo sources lock`"
    transcribed.refuse(file, frame, column, codes.isna(), "is not a known country name", remedy)
    return codes


def code_of(name: str, reviewed: dict[str, str]) -> str | None:
    """The code of one published name: the reviewed list first, then country_converter where it finds exactly one country."""
    if name in reviewed:
        return reviewed[name] or None
    # Its convert() logs every miss and returns unknown names unchanged, so its patterns are asked directly.
    listed = converter()
    found = [code for code, pattern in zip(listed.data["ISO3"], listed.regexes, strict=True) if pattern.search(name)]
    return str(found[0]) if len(found) == 1 else None


def codes(file: Path, frame: pd.DataFrame, column: str, known: "pd.Series[str]", reviewed: dict[str, str]) -> pd.Series:
    """A column of our codes, or of a publisher's that country_names.csv explains. Raises SourceError naming any other."""
    found = frame[column].where(frame[column].isin(list(known)), frame[column].map(reviewed))
    remedy = "correct the code, or add it with ours to data/raw/reviewed/country_names.csv and run `reo sources lock`"
    transcribed.refuse(file, frame, column, found.isna() | (found == ""), "is not a code of countries.csv", remedy)
    return found


def refuse_unknown(file: Path, frame: pd.DataFrame, column: str, countries: pd.DataFrame) -> None:
    """Raises SourceError naming the first code that `countries` does not have."""
    unknown = ~frame[column].isin(countries["iso3"].tolist())
    transcribed.refuse(file, frame, column, unknown, "is not a known country", "write its ISO 3166-1 alpha-3 code")
