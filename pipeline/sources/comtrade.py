"""UN Comtrade's annual files, from extracts in public repositories: what each country reports of its own trade."""

import numpy as np
import pandas as pd

from pipeline.intake import country_names, transcribed, words
from pipeline.intake.source_files import SourceFiles

BY_REPORTER = ["year", "exporter", "importer", "hs6", "value_kusd", "quantity_t", "reported_by", "document_id", "note"]
CODES = ("850511",)
NOTES = ("", "re-import", "world total as reported, do not add")
KEY = ["year", "exporter", "importer", "hs6", "document_id"]


def mirror_flows(un_comtrade_annual: SourceFiles, reviewed: SourceFiles, countries: pd.DataFrame) -> pd.DataFrame:
    """Both sides' reports of one flow in one row, null where a side reports none; thousand USD and tonnes net.

    Raises SourceError naming file, row and column for an unknown code, country, reporter or note, a figure that is not a plain
    number, an invalid year, a flow that one side reports twice, or a world total that its note does not call one.
    """
    file = un_comtrade_annual.path("magnets_by_reporter.csv.gz")
    frame = transcribed.read(file, BY_REPORTER)
    names = country_names.reviewed_names(reviewed)
    note = transcribed.one_of(file, frame, "note", NOTES)
    rows = pd.DataFrame(
        {
            "year": transcribed.years(file, frame, "year"),
            "exporter": country_names.codes(file, frame, "exporter", countries["iso3"], names),
            "importer": country_names.codes(file, frame, "importer", countries["iso3"], names),
            "hs6": transcribed.one_of(file, frame, "hs6", CODES),
            "document_id": frame["document_id"],
            "side": transcribed.one_of(file, frame, "reported_by", ("exporter", "importer")),
            "value_kusd": transcribed.numbers(file, frame, "value_kusd", three_decimals=True),
            "quantity_t": transcribed.numbers(file, frame, "quantity_t", three_decimals=True),
        }
    )
    words.no_later(file, frame, "year", un_comtrade_annual.accessed, "the day the source was last read")
    rows["quantity_t"] = unreported_mass(rows["quantity_t"], rows["value_kusd"])
    twice = rows.duplicated([*KEY, "side"])
    transcribed.refuse(file, frame, "reported_by", twice, "reports this flow a second time", "keep one of the rows")
    total = (rows["exporter"] == "WLD") | (rows["importer"] == "WLD")
    unlike = total != (note == "world total as reported, do not add")
    transcribed.refuse(file, frame, "note", unlike, "does not fit partner WLD", "say so in the note of rows with WLD alone")

    table = _side(rows, "exporter").merge(_side(rows, "importer"), on=KEY, how="outer", validate="one_to_one")
    return table.assign(source_id=un_comtrade_annual.id, kind=_kind(table))


def unreported_mass(mass: pd.Series, value: pd.Series) -> pd.Series:
    """Masses with 0 beside a value as missing: UN Comtrade gives 0 where no net weight was reported, or less than it shows."""
    return mass.mask((mass == 0) & (value > 0))


def _side(rows: pd.DataFrame, side: str) -> pd.DataFrame:
    amounts = {amount: f"{side}_{amount}" for amount in ("value_kusd", "quantity_t")}
    return rows[rows["side"] == side].drop(columns="side").rename(columns=amounts)


def _kind(table: pd.DataFrame) -> "pd.Series[str]":
    sides = table[["exporter", "importer"]]
    special = sides.apply(lambda side: side.str.startswith("X_")).any(axis="columns")
    total = (sides == "WLD").any(axis="columns")
    again = table["exporter"] == table["importer"]
    kinds = np.select([total, again, special], ["world_total", "re_import", "special_area"], "pair")
    return pd.Series(kinds, index=table.index, dtype="str")
