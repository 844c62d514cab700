"""US Geological Survey, rare earths: Mineral Commodity Summaries, Minerals Yearbook and Data Series 140, as published."""

from pathlib import Path

import pandas as pd

from pipeline import dates
from pipeline.intake import country_names, transcribed, words
from pipeline.intake.corrections import marked, read_corrected
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import nulls

COLUMNS = ["edition", "country", "measure", "year", "value", "flag", "unit", "document_id", "note"]
MEASURES = ("mine_production", "reserves")
UNITS = {"metric tons REO": "t"}
FLAGS = ("", "e", "-", "e-", "NA", ">", "c", ">c", "r", "er")
HISTORY_MEASURES = {
    "Apparent consumption": "apparent_consumption",
    "Exports": "exports",
    "Imports": "imports",
    "Production": "production",
    "Unit value ($/t)": "unit_value",
    "Unit value (98$/t)": "unit_value_1998_dollars",
    "World production": "world_mine_production",
}
STATISTICS_UNITS = {
    "metric tons REO": "t",
    "metric tons": "t",
    "dollars per kilogram": "USD/kg",
    "dollars per metric ton REO": "USD/t",
    "1998 dollars per metric ton REO": "1998 USD/t",
    "percent": "percent",
    "percent of apparent consumption": "percent",
    "number": "persons",
}
BASES = {"metric tons REO": "REO", "metric tons": "not stated"}
CHAPTERS = {
    "RARE EARTHS": "rare_earths",
    "RARE EARTHS (Heavy)": "heavy_rare_earths",
    "YTTRIUM": "yttrium",
    "SCANDIUM": "scandium",
}
SALIENT = [
    "edition", "chapter", "item", "item_key", "year", "value", "value_low", "value_high", "raw_value", "unit", "flag",
    "document_id", "note_id", "note",
]  # fmt: skip
SALIENT_FLAGS = {
    flag: flag.replace(" ", ";")
    for flag in ("", "e", "range", "E", "-", "NA", ">", "e range", "W", "e E", "XX", "e >", "e -", "e W")
}  # fmt: skip
IMPORT_SOURCES = ["edition", "chapter", "item", "country", "period", "value", "raw_value", "unit", "document_id", "note"]
HISTORY = ["year", "item", "value", "flag", "unit", "document_id", "note"]
HISTORY_EDITION = "2023-09-27"


def world(source: SourceFiles, reviewed: SourceFiles, corrections: SourceFiles) -> pd.DataFrame:
    """The world table with countries as codes and amounts as numbers; WLD is the published total, ROW other countries.

    Raises SourceError naming file, row and column for an unknown name, measure, unit or flag, a figure that is not a plain
    number, an empty cell that no flag explains, or a correction that no longer fits.
    """
    file = source.path("world.csv")
    # The Yearbook adds one release to the Summaries, which must be there.
    frame = read_corrected(source, file, COLUMNS, corrections, may_be_empty=source.id != "usgs_mcs")
    frame["iso3"] = country_names.iso3(file, frame, "country", country_names.reviewed_names(reviewed))
    frame["measure"] = transcribed.one_of(file, frame, "measure", MEASURES)
    frame["unit"] = transcribed.one_of(file, frame, "unit", UNITS)
    frame["flag"] = transcribed.one_of(file, frame, "flag", FLAGS)
    frame["amount"] = transcribed.numbers(file, frame, "value", whole=True)
    transcribed.refuse(file, frame, "value", frame["amount"] < 0, "is negative", "enter the figure as published")
    transcribed.withheld(file, frame, "value", frame["flag"].isin(["NA"]))
    _check_years(file, frame, source.accessed)
    unexplained = frame["amount"].isna() & (frame["flag"] != "NA")
    transcribed.refuse(file, frame, "value", unexplained, "is empty without the flag NA", "enter the figure, or the flag NA")
    frame["flag"] = marked(frame)
    return frame


def _check_years(file: Path, frame: pd.DataFrame, accessed: str) -> None:
    """No figure of a year after its edition's, nor of an edition after the day of access."""
    stated = frame["edition"].str.extract(r"\b((?:19|20)[0-9]{2})\b", expand=False)
    remedy = "correct the year, or the edition"
    transcribed.refuse(file, frame, "edition", stated.isna(), "names no year", "write the year of the edition")
    words.no_later(file, frame.assign(edition=stated), "edition", accessed, "the day the source was last read")
    edition = stated.where(~frame["edition"].str.startswith("MYB"), accessed[:4])
    late = dates.after(frame["year"], edition)
    transcribed.refuse(file, frame, "year", late, "is after the year of its edition", remedy)


def production(source: SourceFiles, reviewed: SourceFiles, corrections: SourceFiles) -> pd.DataFrame:
    """Mine production, tonnes REO, by edition: an edition publishes several years and may revise those before."""
    frame = world(source, reviewed, corrections)
    rows = frame[frame["measure"] == "mine_production"]
    return _amounts(source, rows).assign(year=transcribed.years(source.path("world.csv"), rows, "year")).reset_index(drop=True)


def reserves(source: SourceFiles, reviewed: SourceFiles, corrections: SourceFiles) -> pd.DataFrame:
    """Reserves, tonnes REO, by edition; the figure of the edition as last corrected by the publisher."""
    frame = world(source, reviewed, corrections)
    return _amounts(source, frame[frame["measure"] == "reserves"]).reset_index(drop=True)


def _amounts(source: SourceFiles, rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "country": rows["iso3"],
            "source_id": source.id,
            "edition_as_printed": rows["edition"],
            "publisher_as_printed": "",
            "amount": rows["amount"],
            "unit": rows["unit"],
            "flag": rows["flag"],
            "document_id": rows["document_id"],
            "note": nulls(rows["note"]),
        }
    )


def _history(usgs_ds140: SourceFiles, corrections: SourceFiles) -> pd.DataFrame:
    """Data Series 140 with the columns that both of its tables share."""
    file = usgs_ds140.path("rare_earths.csv")
    frame = read_corrected(usgs_ds140, file, HISTORY, corrections)
    measure = transcribed.one_of(file, frame, "item", HISTORY_MEASURES)
    flag = transcribed.one_of(file, frame, "flag", ("", "NA", "W"))
    unit = transcribed.one_of(file, frame, "unit", STATISTICS_UNITS)
    value = transcribed.numbers(file, frame, "value")
    transcribed.withheld(file, frame, "value", flag.isin(["NA", "W"]))
    words.no_later(file, frame, "year", usgs_ds140.accessed, "the day the source was last read")
    remedy = "enter the figure, or the flag NA or W"
    transcribed.refuse(file, frame, "value", value.isna() & (flag == ""), "is empty without a flag", remedy)
    return pd.DataFrame(
        {
            "measure": measure,
            "item": frame["item"],
            "period": frame["year"],
            "year": transcribed.years(file, frame, "year").astype("Int64"),
            "value": value,
            "unit": unit,
            "basis": frame["unit"].map(BASES),
            "source_id": usgs_ds140.id,
            "document_id": frame["document_id"],
            "flag": marked(frame),
            "note": nulls(frame["note"]),
        }
    )


def world_output(usgs_ds140: SourceFiles, corrections: SourceFiles) -> pd.DataFrame:
    """World mine production since 1900, tonnes REO (columns of WorldHistory)."""
    rows = _history(usgs_ds140, corrections)
    rows = rows[rows["measure"] == "world_mine_production"].drop(columns="item")
    return rows.assign(country="WLD", publisher="USGS", dated=HISTORY_EDITION).reset_index(drop=True)


def us_statistics(
    usgs_mcs: SourceFiles, usgs_ds140: SourceFiles, reviewed: SourceFiles, corrections: SourceFiles
) -> pd.DataFrame:
    """The United States' statistics from three tables of USGS (columns of UsStatistics). Raises SourceError as `world` does."""
    history = _history(usgs_ds140, corrections)
    history = history[history["measure"] != "world_mine_production"].assign(
        material="rare_earths", partner="WLD", edition=HISTORY_EDITION, value_low=None, value_high=None, printed=None
    )
    parts = [_salient(usgs_mcs, corrections), history, _import_sources(usgs_mcs, reviewed)]
    frame = pd.concat([part[list(parts[0].columns)].astype(parts[0].dtypes) for part in parts], ignore_index=True)
    return frame


def _salient(usgs_mcs: SourceFiles, corrections: SourceFiles) -> pd.DataFrame:
    file = usgs_mcs.path("us_salient.csv")
    frame = read_corrected(usgs_mcs, file, SALIENT, corrections)
    frame["flag"] = transcribed.one_of(file, frame, "flag", SALIENT_FLAGS)
    of_mass = frame["unit"].str.startswith("metric tons")
    amounts = {c: transcribed.numbers(file, frame, c, whole=of_mass) for c in ("value", "value_low", "value_high")}
    value, low, high = amounts.values()
    transcribed.withheld(file, frame, "value", frame["flag"].str.contains(r"\b(?:NA|W|XX)\b"))
    late = dates.after(frame["year"], frame["edition"])
    transcribed.refuse(file, frame, "year", late, "is after the year of its edition", "correct the year, or the edition")
    empty = value.isna() & low.isna() & high.isna() & (frame["flag"] == "")
    transcribed.refuse(file, frame, "value", empty, "is empty without a flag", "enter the figure, or the published flag")
    transcribed.in_range(file, frame, amounts, ("value", "value_low", "value_high"))
    unit = transcribed.one_of(file, frame, "unit", STATISTICS_UNITS)
    above = (unit == "percent") & (value > 100)
    transcribed.refuse(file, frame, "value", above, "is above 100 %", "correct the share")
    return pd.DataFrame(
        {
            "material": transcribed.one_of(file, frame, "chapter", CHAPTERS),
            "item": frame["item"],
            "period": frame["year"],
            "partner": "WLD",
            "document_id": frame["document_id"],
            "measure": nulls(frame["item_key"]),
            "year": transcribed.years(file, frame, "year").astype("Int64"),
            "value": value,
            "value_low": low,
            "value_high": high,
            "printed": nulls(frame["raw_value"]),
            "unit": unit,
            "basis": frame["unit"].map(BASES),
            "edition": frame["edition"],
            "source_id": usgs_mcs.id,
            "flag": marked(frame),
            "note": transcribed.notes(usgs_mcs.path("notes.csv"), file, frame),
        }
    )


def _import_sources(usgs_mcs: SourceFiles, reviewed: SourceFiles) -> pd.DataFrame:
    file = usgs_mcs.path("import_sources.csv")
    frame = transcribed.read(file, IMPORT_SOURCES)
    partner = country_names.iso3(file, frame, "country", country_names.reviewed_names(reviewed))
    value = transcribed.numbers(file, frame, "value")
    transcribed.refuse(file, frame, "value", ~value.between(0, 100), "is not a share in percent", "enter 0 to 100")
    return pd.DataFrame(
        {
            "material": transcribed.one_of(file, frame, "chapter", CHAPTERS),
            "item": "Import sources: " + frame["item"],
            "period": _span(file, frame),
            "partner": partner,
            "document_id": frame["document_id"],
            "measure": "import_source_share",
            "year": pd.Series(pd.NA, index=frame.index, dtype="Int64"),
            "value": value,
            "value_low": None,
            "value_high": None,
            "printed": nulls(frame["raw_value"]),
            "unit": transcribed.one_of(file, frame, "unit", ["percent"]),
            "basis": None,
            "edition": frame["edition"],
            "source_id": usgs_mcs.id,
            "flag": None,
            "note": nulls(frame["note"]),
        }
    )


def _span(file: Path, frame: pd.DataFrame) -> "pd.Series[str]":
    plain = frame["period"].str.fullmatch(r"\d{4}[–-]\d{2}")
    transcribed.refuse(file, frame, "period", ~plain, "is not a span of years", "write it as 2021–24")
    return frame["period"].str.replace("-", "–")
