"""Countries, and publishers' codes for them, as reviewed."""

import re
from pathlib import Path

import pandas as pd

from pipeline.intake import country_names, sqlite, transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError, nulls

# BACI's list of countries, named by its release: a table of the package, or a file of CEPII's archive.
BACI_COUNTRIES = "country_codes_V[0-9]{6}[a-z]?"
BACI_COLUMNS = ["country_code", "country_name", "country_iso2", "country_iso3"]


def countries(reviewed: SourceFiles) -> pd.DataFrame:
    """All countries of ISO 3166-1 as country_converter lists them, and our reviewed codes for what ISO has no place for.

    m49 is the UN number; eu27 is membership of the European Union since 2020.
    """
    listed = country_names.converter().data
    iso = pd.DataFrame(
        {
            "iso3": listed["ISO3"],
            "name": listed["name_short"],
            "m49": listed["UNcode"].str.zfill(3),
            "eu27": listed["EU27"].notna(),
            "g7": listed["G7"].notna(),
        }
    )
    country_names.check_reviewed(reviewed.path("country_names.csv"))
    file = reviewed.path("countries.csv")
    ours = transcribed.read(file, ["iso3", "name", "m49", "note"])
    twice = ours["iso3"].isin(list(iso["iso3"]))
    transcribed.refuse(file, ours, "iso3", twice, "is an ISO country already", "choose another code")
    ours = ours.assign(m49=nulls(ours["m49"]), eu27=False, g7=False)
    return pd.concat([iso, ours[list(iso.columns)]], ignore_index=True)


def country_codes(reviewed: SourceFiles, cepii_baci: SourceFiles) -> pd.DataFrame:
    """Publishers' country codes as reviewed, compared with the list BACI ships.

    Raises SourceError when BACI lists a code or name that was not reviewed, or when two codes of a scheme that mean one country
    are valid in the same year.
    """
    file = reviewed.path("country_codes.csv")
    columns = ["scheme", "code", "iso3", "name_as_published", "valid_from", "valid_to", "note"]
    frame = transcribed.text(file, columns, ("note",))
    for column in ("valid_from", "valid_to"):
        frame[column] = transcribed.years(file, frame, column)
    _refuse_what_baci_lists_otherwise(frame, cepii_baci)
    _never_two_at_once(file, frame)
    return frame


def _refuse_what_baci_lists_otherwise(frame: pd.DataFrame, cepii_baci: SourceFiles) -> None:
    listed = _baci_countries(cepii_baci)
    reviewed = frame[frame["scheme"] == "baci"].set_index("code")["name_as_published"]
    new = listed["country_name"] != listed["country_code"].map(reviewed)
    if new.any():
        code, name = listed[new].iloc[0][["country_code", "country_name"]]
        raise SourceError(
            f"BACI lists country code {code} as {name!r}, which country_codes.csv does not ({int(new.sum())} such codes)",
            "review what the code means and enter it under the scheme baci in data/raw/reviewed/country_codes.csv",
        )


def _baci_countries(cepii_baci: SourceFiles) -> pd.DataFrame:
    names = [Path(file.name).name for file in cepii_baci.source.files]
    own = [name for name in names if re.fullmatch(BACI_COUNTRIES + r"\.csv", name)]
    if own:
        return transcribed.read(cepii_baci.path(own[0]), BACI_COLUMNS)
    file = cepii_baci.path("baci.db")
    return sqlite.read(file, sqlite.table_like(file, BACI_COUNTRIES), BACI_COLUMNS)


def _never_two_at_once(file: Path, frame: pd.DataFrame) -> None:
    ordered = frame.sort_values(["scheme", "iso3", "valid_from", "code"], kind="stable")
    before = ordered.groupby(["scheme", "iso3"])["valid_to"].shift()
    remedy = "give the two codes years that do not overlap, or give them different countries"
    why = "begins while another code of the scheme for the same country is valid"
    transcribed.refuse(file, ordered.astype("str"), "valid_from", ordered["valid_from"] <= before, why, remedy)
