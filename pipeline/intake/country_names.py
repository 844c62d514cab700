"""Country names as publishers write them, and the country list that country_converter keeps."""

from functools import cache
from pathlib import Path

import pandas as pd
from country_converter import CountryConverter
from country_converter.country_converter import COUNTRY_DATA_FILE

from pipeline.intake import canonical, transcribed
from pipeline.intake.source_files import SourceFiles

# Words of a name that stands for several countries, or for all but some.
GROUP = r"\b(?:ex|excl|excluding|except|without|outside|non|not|others?|rest|and|incl|including|of which|total|region)\b|[;+&/]"


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
    frame = _reviewed(reviewed.path("country_names.csv"))
    return dict(zip(frame["name_as_printed"], frame["iso3"], strict=True))


def _reviewed(file: Path) -> pd.DataFrame:
    return transcribed.read(file, ["name_as_printed", "iso3", "note"])


def check_reviewed(file: Path) -> None:
    """Raises SourceError where country_names.csv gives a group or an exclusion one country's code, or one name two codes."""
    frame = _reviewed(file)
    groups = frame["name_as_printed"].str.contains(GROUP, regex=True, case=False)
    one = frame["iso3"].isin(list(converter().data["ISO3"]))
    remedy = "give it the code of a group in countries.csv, or none where it is no country"
    transcribed.refuse(file, frame, "iso3", groups & one, "is one country, the name a group or an exclusion", remedy)
    folded = frame["name_as_printed"].map(canonical.fold)
    differ = frame.groupby(folded)["iso3"].transform("nunique") > 1
    transcribed.refuse(file, frame, "iso3", differ, "is not the only code of this name", "keep one row a name")


def iso3(file: Path, frame: pd.DataFrame, column: str, reviewed: dict[str, str]) -> pd.Series:
    """A column of published names as codes. Raises SourceError naming file, rows and names for unknown ones.

    The remedy names the nearest known names.
    """
    known = {name: code_of(name, reviewed) for name in frame[column].unique()}
    codes = frame[column].map({name: code for name, code in known.items() if code}).astype("str")
    unknown = codes.isna()
    groups = unknown & frame[column].str.contains(GROUP, regex=True, case=False)
    why = "is an exclusion or a group, which is no country; it is not among the groups of country_names.csv"
    add = "add it with its code to data/raw/reviewed/country_names.csv and run `reo sources lock`"
    transcribed.refuse(file, frame, column, groups, why, f"leave the row out, or {add}, with its meaning as note")
    names = list(converter().data["name_short"]) + [name for name, code in reviewed.items() if code]
    near = list(dict.fromkeys(n for name in frame[column][unknown].unique() for n in transcribed.nearest(name, names)))[:4]
    remedy = (f"write {' or '.join(near)}? else " if near else "") + f"correct the name, or {add}"
    transcribed.refuse(file, frame, column, unknown & ~groups, "is not a known country name", remedy)
    return codes


def code_of(name: str, reviewed: dict[str, str]) -> str | None:
    """The code of one published name, matched whole: of the reviewed list, else an ISO 3166-1 short or official name."""
    if name in reviewed:
        return reviewed[name] or None
    return _listed().get(name)


@cache
def _listed() -> dict[str, str]:
    """Every name that country_converter's list writes for a country; its patterns, which match parts of names, are not used."""
    listed = converter().data
    return {
        name: code
        for column in ("name_official", "name_short")
        for name, code in zip(listed[column], listed["ISO3"], strict=True)
        if name
    }


def codes(file: Path, frame: pd.DataFrame, column: str, known: "pd.Series[str]", reviewed: dict[str, str]) -> pd.Series:
    """A column of our codes, or of a publisher's that country_names.csv explains. Raises SourceError naming any other."""
    ours = {name: code for name, code in reviewed.items() if code} | {code: code for code in known}
    found = frame[column].map(ours).astype("str")
    remedy = "correct the code, or add it with ours to data/raw/reviewed/country_names.csv and run `reo sources lock`"
    transcribed.refuse(file, frame, column, found.isna(), "is not a code of countries.csv", remedy)
    return found


def refuse_unknown(file: Path, frame: pd.DataFrame, column: str, countries: pd.DataFrame) -> None:
    """Raises SourceError naming the codes that `countries` does not have."""
    unknown = ~frame[column].isin(countries["iso3"].tolist())
    transcribed.refuse(file, frame, column, unknown, "is not a known country", "write its ISO 3166-1 alpha-3 code")
