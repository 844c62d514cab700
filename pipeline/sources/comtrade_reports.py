"""UN Comtrade's reports of thirty goods by all reporters, and CEPII's BACI of the same goods and years to learn from."""

from pathlib import Path
from typing import Literal

import pandas as pd

from pipeline.intake import country_names, transcribed
from pipeline.intake.source_files import SourceFiles

COLUMNS = ["reporter", "partner", "cmd", "flow", "value", "netwgt"]
# The file of 2022 has more.
WIDER = {"comtrade_2022.csv.gz": ["year", *COLUMNS, "qty", "qtyunit"]}
FLOWS = {"X": "exporter", "M": "importer"}
# Gallium, germanium and others with their waste: BACI counts 811231 within 811292.
FOLDED = {"811231": "811292"}
FLOW = ["year", "exporter", "importer", "hs6"]


def trade_reports(
    un_comtrade_reports: SourceFiles,
    cepii_baci_reports: SourceFiles,
    reviewed: SourceFiles,
    country_codes: pd.DataFrame,
    countries: pd.DataFrame,
) -> pd.DataFrame:
    """Rows of `trade_reports`, thousand USD: both sides' reports, then BACI's figures.

    Raises SourceError naming file, row and column for a reporter or country that is not known, a partner that is not a number,
    a flow other than X and M, or a value that is not a positive number.
    """
    reports = [reported(file, country_codes) for file in un_comtrade_reports.paths()]
    names = country_names.reviewed_names(reviewed)
    answers = [reconciled(file, countries, names) for file in cepii_baci_reports.paths()]
    return pd.concat(
        [
            *[rows.assign(source_id=un_comtrade_reports.id) for rows in reports],
            *[rows.assign(source_id=cepii_baci_reports.id) for rows in answers],
        ],
        ignore_index=True,
    )


def reported(file: Path, country_codes: pd.DataFrame, repeated: Literal["max", "sum"] = "max") -> pd.DataFrame:
    """The reports of one file, one value a reporter, partner, code and flow.

    The file has totals beside their breakdowns by mode of transport, customs procedure and second partner, and nothing says which
    is which. The total is the largest: `repeated="sum"`, which counts a trade twice, is for comparison alone.
    """
    frame = transcribed.read(file, WIDER.get(file.name, COLUMNS))
    known = country_codes[country_codes["scheme"] == "baci"].drop_duplicates("code").set_index("code")["iso3"]
    reporter, partner = (frame[side].map(known).astype("str") for side in ("reporter", "partner"))
    remedy = "add the code to data/raw/reviewed/country_codes.csv under the scheme baci"
    transcribed.refuse(file, frame, "reporter", reporter.isna(), "is not a country code of the scheme baci", remedy)
    remedy = "leave out what is no partner of UN Comtrade's list"
    transcribed.refuse(file, frame, "partner", ~frame["partner"].str.fullmatch(r"\d+"), "is not a country's number", remedy)
    if "year" in frame:
        years = transcribed.years(file, frame, "year")
        transcribed.refuse(file, frame, "year", years != _year(file), "is not the file's year", "keep one file a year")
    side = transcribed.one_of(file, frame, "flow", FLOWS)
    rows = pd.DataFrame(
        {
            "year": _year(file),
            "exporter": reporter.where(side == "exporter", partner),
            "importer": reporter.where(side == "importer", partner),
            "hs6": frame["cmd"].str.zfill(6),
            "reported_by": side,
            "value_kusd": _positive(file, frame) / 1000,
        }
    )
    rows = rows[partner.notna() & (reporter != partner)]
    each = rows.groupby([*FLOW, "reported_by"], sort=True)["value_kusd"].agg(repeated).reset_index()
    return each.assign(hs6=each["hs6"].replace(FOLDED)).groupby([*FLOW, "reported_by"])["value_kusd"].sum().reset_index()


def reconciled(file: Path, countries: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """BACI's figures of one file, as the repository cut them out of release V202601."""
    frame = transcribed.read(file, ["i", "j", "cmd", "value"])
    return pd.DataFrame(
        {
            "year": _year(file),
            "exporter": country_names.codes(file, frame, "i", countries["iso3"], names),
            "importer": country_names.codes(file, frame, "j", countries["iso3"], names),
            "hs6": frame["cmd"].str.zfill(6),
            "reported_by": "reconciled",
            "value_kusd": _positive(file, frame) / 1000,
        }
    )


def _positive(file: Path, frame: pd.DataFrame) -> pd.Series:
    dollars = transcribed.numbers(file, frame, "value")
    transcribed.refuse(file, frame, "value", ~(dollars > 0), "is no value", "leave out flows of nothing")
    return dollars


def _year(file: Path) -> int:
    return int(file.name.removesuffix(".csv.gz")[-4:])
