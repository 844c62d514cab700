"""China's quotas, output and use, and estimates of what goes past the quotas, each figure with the text it was read from."""

import pandas as pd

from pipeline.dates import is_day
from pipeline.intake import transcribed, words
from pipeline.intake.corrections import marked, read_corrected
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import nulls
from pipeline.schemas.quotas import BATCHES, QUOTA_BASES

PRODUCTION = ["year", "batch", "issuer", "stage", "kind", "group", "value", "unit", "announced_on", "flag", "document_id", "note"]
EXPORT = ["year", "batch", "holder", "type", "value", "unit", "basis", "announced_on", "flag", "document_id", "note"]
OUTPUT = ["year", "measure", "value", "unit", "publisher", "document_id", "note"]
HOLDERS = ["date", "groups_with_quota", "event", "kind", "groups", "absorbed", "document_id", "note"]
ILLEGAL = ["year", "period", "measure", "value", "low", "high", "unit", "estimator", "document_id", "note"]
ISSUERS = {"MIIT": "MIIT", "MLR": "MLR", "MNR": "MNR", "MIIT/MNR": "MIIT/MNR", "MNR/MIIT": "MIIT/MNR"}
JOINT_FROM = 2019
STAGES = {"mining": "mining", "smelting_separation": "separation"}
# How certain an amount is by its flag, the most certain first; the first of a cell's texts in this order is preferred.
SURENESS = (
    "",
    "corrected",
    "misprint_corrected",
    "implied_in_source",
    "rounded",
    "computed",
    "approximate",
    "disagreement",
    "not_published",
    "abolished",
)
UNPUBLISHED = ("not_published", "abolished")
OUTPUT_UNITS = {
    "t_reo": ("t", "REO"),
    "t product": ("t", "product"),
    "t blanks": ("t", "blanks"),
    "t powder": ("t", "powder"),
    "t_reo per year": ("t/year", "REO"),
    "percent": ("percent", None),
}
ILLEGAL_UNITS = {
    "t_reo": ("t", "REO"),
    "t": ("t", "not stated"),
    "t per year": ("t/year", "not stated"),
    "percent": ("percent", None),
    "ratio": ("ratio", None),
    "text": ("words", None),
}
PERIOD = r"(19|20)\d{2}(-(0[1-9]|1[0-2])|-H[12]|s)?"


def quotas(china_production_quotas: SourceFiles, china_export_quotas: SourceFiles, corrections: SourceFiles) -> pd.DataFrame:
    """Quotas for mining, separation and export (columns of Quotas). Raises SourceError for invalid content.

    From 2019 the land and the industry ministry issue one joint quota, whatever a text calls its issuer.
    Of the texts that publish one cell the preferred is the most certain by its flag, then the one that dates the notice, then the
    first by document; a doubtful one never.
    """
    parts = [_production_quotas(china_production_quotas, corrections), _export_quotas(china_export_quotas, corrections)]
    frame = pd.concat(parts, ignore_index=True)
    sure = frame["flag"].fillna("").map({flag: place for place, flag in enumerate(SURENESS)})
    order = frame.assign(sure=sure, undated=frame["announced_on"].isna())
    order = order.sort_values(["sure", "undated", "document_id"], kind="stable")
    first = ~order.duplicated(["year", "batch", "issuer", "stage", "kind", "group"]) & order["sure"].notna()
    return frame.assign(preferred=first.reindex(frame.index))


def _production_quotas(source: SourceFiles, corrections: SourceFiles) -> pd.DataFrame:
    file = source.path("quotas.csv")
    frame = read_corrected(source, file, PRODUCTION, corrections)
    year = transcribed.years(file, frame, "year")
    issuer = transcribed.one_of(file, frame, "issuer", ISSUERS)
    transcribed.one_of(file, frame, "unit", {"t REO": "t"})
    return _quota_rows(source, frame).assign(
        issuer=issuer.mask(year >= JOINT_FROM, "MIIT/MNR"),
        stage=transcribed.one_of(file, frame, "stage", STAGES),
        kind=frame["kind"],
        group=frame["group"],
        basis="REO",
        issuer_as_printed=frame["issuer"],
    )


def _export_quotas(source: SourceFiles, corrections: SourceFiles) -> pd.DataFrame:
    file = source.path("quotas.csv")
    frame = read_corrected(source, file, EXPORT, corrections)
    transcribed.one_of(file, frame, "unit", ["t"])
    return _quota_rows(source, frame).assign(
        issuer="MOFCOM",
        stage="export",
        kind=frame["type"],
        group=frame["holder"],
        basis=transcribed.one_of(file, frame, "basis", QUOTA_BASES),
        issuer_as_printed=pd.Series(pd.NA, index=frame.index, dtype="str"),
    )


def _quota_rows(source: SourceFiles, frame: pd.DataFrame) -> pd.DataFrame:
    """What both files share."""
    file = source.path("quotas.csv")
    amount = transcribed.numbers(file, frame, "value", whole=True)
    transcribed.refuse(file, frame, "value", amount < 0, "is negative", "enter the quota as published")
    transcribed.withheld(file, frame, "value", frame["flag"].isin(UNPUBLISHED))
    words.no_later(file, frame, "year", source.accessed, "the day the source was last read")
    words.no_later(file, frame, "announced_on", source.accessed, "the day the source was last read")
    unexplained = amount.isna() & ~frame["flag"].isin(UNPUBLISHED)
    transcribed.refuse(
        file, frame, "value", unexplained, "is empty without the flag not_published or abolished", "enter the quota"
    )
    dates = frame["announced_on"]
    plain = (dates == "") | dates.map(is_day).astype("bool")
    transcribed.refuse(
        file, frame, "announced_on", ~plain, "is not a date as YYYY-MM-DD", "enter the day of the notice, or leave it empty"
    )
    return pd.DataFrame(
        {
            "document_id": frame["document_id"],
            "year": transcribed.years(file, frame, "year"),
            "batch": transcribed.one_of(file, frame, "batch", BATCHES),
            "amount": amount,
            "unit": "t",
            "announced_on": nulls(dates),
            "flag": _quota_flags(frame),
            "source_id": source.id,
            "note": nulls(frame["note"]),
        }
    )


def _quota_flags(frame: pd.DataFrame) -> "pd.Series[str]":
    """One flag a row: doubt, from a correction or the transcriber, goes before all else."""
    return (
        marked(frame)
        .str.split(";")
        .map(lambda flags: "doubtful" if "doubtful" in flags else flags[0], na_action="ignore")
        .astype("str")
    )


def quota_holders(china_rare_earth_groups: SourceFiles) -> pd.DataFrame:
    """Whom the production quotas went to and how the groups merged (columns of QuotaHolders).

    Raises SourceError naming file, row and column for an invalid date, count or kind.
    """
    file = china_rare_earth_groups.path("groups.csv")
    frame = transcribed.read(file, HOLDERS)
    words.check_dates(file, frame, "date")
    words.no_later(file, frame, "date", china_rare_earth_groups.accessed, "the day the source was last read")
    holders = transcribed.numbers(file, frame, "groups_with_quota")
    wrong = holders.notna() & ((holders % 1 != 0) | (holders < 1))
    transcribed.refuse(file, frame, "groups_with_quota", wrong, "is not a count", "write a whole number, or leave it empty")
    return pd.DataFrame(
        {
            "happened_on": frame["date"],
            "document_id": frame["document_id"],
            "year": pd.to_numeric(frame["date"].str[:4]).astype("int64"),
            "kind": transcribed.one_of(file, frame, "kind", ("addressees", "change")),
            "holders": holders.astype("Int64"),
            "event": frame["event"],
            "groups": nulls(frame["groups"]),
            "absorbed": nulls(frame["absorbed"]),
            "source_id": china_rare_earth_groups.id,
            "note": nulls(frame["note"]),
        }
    )


def china_output(china_output_history: SourceFiles, corrections: SourceFiles) -> pd.DataFrame:
    """China's and the world's output, use and demand as texts give them (columns of ChinaOutput)."""
    file = china_output_history.path("output.csv")
    frame = read_corrected(china_output_history, file, OUTPUT, corrections)
    value = transcribed.numbers(file, frame, "value")
    transcribed.refuse(file, frame, "value", value.isna(), "is empty", "enter the figure, or remove the row")
    words.no_later(file, frame, "year", china_output_history.accessed, "the day the source was last read")
    units = transcribed.one_of(file, frame, "unit", tuple(OUTPUT_UNITS))
    transcribed.refuse(file, frame, "value", (units == "percent") & (value > 100), "is above 100 %", "correct the share")
    odd = ~frame["year"].str.fullmatch(PERIOD)
    transcribed.refuse(file, frame, "year", odd, "is not a period", "write 2013, 2013-06, 2013-H1 or 1990s")
    return pd.DataFrame(
        {
            "measure": frame["measure"],
            "period": frame["year"],
            "document_id": frame["document_id"],
            "year": _year_of(frame["year"]),
            "value": value,
            "unit": units.map({unit: name for unit, (name, _) in OUTPUT_UNITS.items()}),
            "basis": units.map({unit: basis for unit, (_, basis) in OUTPUT_UNITS.items()}),
            "publisher": frame["publisher"],
            "source_id": china_output_history.id,
            "note": nulls(frame["note"]),
        }
    )


def illegal_estimates(illegal_production_estimates: SourceFiles, corrections: SourceFiles) -> pd.DataFrame:
    """Estimates of output over the quotas and of smuggling with who made them (columns of IllegalEstimates)."""
    file = illegal_production_estimates.path("estimates.csv")
    frame = read_corrected(illegal_production_estimates, file, ILLEGAL, corrections)
    values = {column: transcribed.numbers(file, frame, column) for column in ("value", "low", "high")}
    units = transcribed.one_of(file, frame, "unit", tuple(ILLEGAL_UNITS))
    silent = pd.DataFrame(values).isna().all(axis=1) & (units != "text")
    transcribed.refuse(file, frame, "value", silent, "is empty, and low and high are", "enter a figure, or the unit text")
    for column, value in values.items():
        transcribed.refuse(file, frame, column, (units == "percent") & (value > 100), "is above 100 %", "correct the share")
    transcribed.in_range(file, frame, values, ("value", "low", "high"))
    words.no_later(file, frame, "year", illegal_production_estimates.accessed, "the day the source was last read")
    period = frame["year"].where(frame["year"] != "", frame["period"])
    return pd.DataFrame(
        {
            "measure": frame["measure"],
            "period": period.where(period != "", "not stated"),
            "document_id": frame["document_id"],
            "estimator": frame["estimator"],
            "year": _year_of(frame["year"]),
            **values,
            "unit": units.map({unit: name for unit, (name, _) in ILLEGAL_UNITS.items()}),
            "basis": units.map({unit: basis for unit, (_, basis) in ILLEGAL_UNITS.items()}),
            "source_id": illegal_production_estimates.id,
            "note": nulls(frame["note"]),
        }
    )


def _year_of(periods: "pd.Series[str]") -> "pd.Series[int]":
    return pd.to_numeric(periods.where(periods.str.fullmatch(r"\d{4}"))).astype("Int64")
