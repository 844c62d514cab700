"""Trade by month, or by the period a text states: published figures, publishers' data sets and another project's sums.

Each collection has its reader, which gives its rows in the columns of READ; what they mean is then read in one place.
"""

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from pipeline.intake import country_names, transcribed, words
from pipeline.intake.corrections import marked, read_corrected
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import nulls
from pipeline.schemas.trade_monthly import FLOWS
from pipeline.sources.comtrade import unreported_mass

MONTH = r"[0-9]{4}-(0[1-9]|1[0-2])"
# Published measure → our measure, our unit, and how many of theirs make one of ours.
MEASURES = {
    "tonnes": ("quantity", "t", 1),
    "kg": ("quantity", "t", 1000),
    "kusd": ("value", "kUSD", 1),
    "usd": ("value", "kUSD", 1000),
    "usd_per_tonne_avg_export": ("unit_value", "USD/kg", 1000),
}
REVISED = ("first", "later", "unknown")
REPEATED = "also in monthly_exports.csv"
# A repeated figure may be rounded, or another agency's, by this much: tonnes.
REPEATED_WITHIN_T = 1.0
GOODS = "traded_goods.csv"
BY_PARTNER = ["period_start", "period_end", "reporter", "partner", "product", "hs_code", "flow", "measure", "value"]
MONTHLY = ["month", "product", "measure", "partner", "value", "revised", "document_id", "note_id", "note"]
IMPORTS = ["month", "product", "measure", "partner", "value", "document_id"]
JAPAN = ["month", "product", "measure", "reporter", "partner", "value", "document_id", "note"]
ANNUAL = ["year", "exporter", "importer", "hs6", "value_kusd", "quantity_t", "basis", "document_id"]
AGGREGATES = ["reporter", "flow", "partner", "scope", "measure", "period", "value", "document_id", "note"]
COMTRADE_2846 = [
    "year", "reporter_iso3", "flow", "hs", "classification", "partner_code", "partner_iso3", "partner", "value_usd", "net_wgt_kg",
    "net_wgt_estimated", "document_id",
]  # fmt: skip
ONE_FIGURE = ["source_id", "period_start", "period_end", "reporter", "partner", "product", "hs_code", "flow", "measure"]
READ = [*BY_PARTNER, "document_id", "vintage", "flag", "note", "correction"]


class Part(NamedTuple):
    """Rows of one file with the columns of READ as text, where they were read, and what they are."""

    source: SourceFiles
    file: Path
    rows: pd.DataFrame
    kind: str


def trade_monthly(
    china_customs_quoted: SourceFiles,
    comtrade_china_exports_derived: SourceFiles,
    hmrc_monthly: SourceFiles,
    comex_stat_monthly: SourceFiles,
    us_census_monthly: SourceFiles,
    un_comtrade_monthly: SourceFiles,
    un_comtrade_annual: SourceFiles,
    japan_customs_quoted: SourceFiles,
    india_trade_quoted: SourceFiles,
    trade_aggregates_quoted: SourceFiles,
    magnet_lines_quoted: SourceFiles,
    reviewed: SourceFiles,
    corrections: SourceFiles,
    countries: pd.DataFrame,
) -> pd.DataFrame:
    """All collections of monthly and published trade as `trade_monthly`; mass in tonnes, money in thousand USD.

    Files of whole years are here too, their period running from January to December, because they are one side's
    report. Rows of monthly_by_destination.csv that say they repeat monthly_exports.csv are left out.
    Of the rows of a source that give one figure, `preferred` marks one that is not doubtful, a later publication before the
    others, then the one with the most digits, then the first by document.

    Raises SourceError naming file, row and column for an unknown country, product, measure or flow, a figure that is not a plain
    number, an invalid month, an end before its start, or a row said to be repeated that is not.
    """
    printed, data_set = "printed", "data_set"
    parts = [
        *_china(china_customs_quoted, corrections),
        _derived(comtrade_china_exports_derived, corrections),
        _by_partner(hmrc_monthly, corrections, "monthly.csv.gz", data_set, long_notes=True),
        _by_partner(comex_stat_monthly, corrections, "monthly.csv.gz", data_set),
        _by_partner(us_census_monthly, corrections, "monthly.csv", data_set, long_notes=True),
        _by_partner(un_comtrade_monthly, corrections, "monthly.csv.gz", data_set, long_notes=True),
        _china_2846(un_comtrade_annual, corrections),
        _annual(un_comtrade_annual, corrections, "us_imports_rare_earths.csv", data_set),
        _annual(un_comtrade_annual, corrections, "magnets_us_imports_india_exports.csv", data_set),
        _japan(japan_customs_quoted, corrections),
        _by_partner(india_trade_quoted, corrections, "magnets.csv", printed),
        _aggregates(trade_aggregates_quoted, corrections),
        _by_partner(magnet_lines_quoted, corrections, "lines.csv", printed),
        _by_partner(magnet_lines_quoted, corrections, "eu_uk_2026.csv", data_set),
    ]
    goods, names = words.mapping(reviewed, GOODS, ["product", "hs_code"]), country_names.reviewed_names(reviewed)
    rows = pd.concat([_tidy(part, goods, names, countries["iso3"]) for part in parts], ignore_index=True)
    return rows.assign(preferred=_preferred(rows)).drop(columns="digits")


def _tidy(part: Part, goods: pd.DataFrame, names: dict[str, str], known: "pd.Series[str]") -> pd.DataFrame:
    file, rows = part.file, part.rows
    for column in ("period_start", "period_end"):
        remedy = "write the month as YYYY-MM; a spreadsheet may have changed it"
        transcribed.refuse(file, rows, column, ~rows[column].str.fullmatch(MONTH), "is not a month", remedy)
    backwards = rows["period_end"] < rows["period_start"]
    transcribed.refuse(file, rows, "period_end", backwards, "is before the start of its period", "swap or correct the two months")
    words.no_later(file, rows, "period_end", part.source.accessed, "the day the source was last read")
    # Data sets and sums over them are computed, with three decimals; texts write none that say nothing.
    amount = transcribed.numbers(file, rows, "value", three_decimals=part.kind != "printed")
    transcribed.refuse(file, rows, "value", amount < 0, "is negative", "enter the figure as published")
    transcribed.refuse(file, rows, "value", amount.isna(), "is empty", "enter the figure, or leave the row out")
    transcribed.one_of(file, rows, "measure", tuple(MEASURES))
    divisor = rows["measure"].map({measure: of_theirs for measure, (_, _, of_theirs) in MEASURES.items()}).astype("float64")
    return pd.DataFrame(
        {
            "document_id": rows["document_id"],
            "period_start": rows["period_start"],
            "period_end": rows["period_end"],
            "reporter": country_names.codes(file, rows, "reporter", known, names),
            "partner": country_names.codes(file, rows, "partner", known, names),
            "product": words.translated(file, rows, "product", goods["product"], GOODS),
            "flow": transcribed.one_of(file, rows, "flow", FLOWS),
            "measure": rows["measure"].map({measure: ours for measure, (ours, _, _) in MEASURES.items()}),
            "vintage": rows["vintage"],
            "source_id": part.source.id,
            "kind": part.kind,
            "hs_code": nulls(rows["hs_code"].where(rows["hs_code"] != "", rows["product"].map(goods["hs_code"])).astype("str")),
            "value": amount / divisor,
            "unit": rows["measure"].map({measure: unit for measure, (_, unit, _) in MEASURES.items()}),
            "flag": marked(rows),
            "note": nulls(rows["note"]),
            "digits": rows["value"].str.replace(r"\.0$|\.", "", regex=True).str.strip("0").str.len(),
        }
    ).reset_index(drop=True)


def _preferred(rows: pd.DataFrame) -> "pd.Series[bool]":
    doubtful = rows["flag"].str.contains("doubtful", na=False)
    ranked = rows.assign(doubtful=doubtful, earlier=rows["vintage"] != "later", fewer=-rows["digits"])
    ranked = ranked.sort_values(["doubtful", "earlier", "fewer", "document_id"], kind="stable")
    return ~ranked.duplicated(ONE_FIGURE).reindex(rows.index)


def _china(files: SourceFiles, corrections: SourceFiles) -> list[Part]:
    """China's customs as quoted: months, destinations without what they repeat, imports, and whole years of magnets."""
    months = _monthly(files, corrections, "monthly_exports.csv")
    by_destination = files.path("monthly_by_destination.csv")
    frame = read_corrected(files, by_destination, [*BY_PARTNER, "revised", "document_id", "note"], corrections)
    frame["vintage"] = transcribed.one_of(by_destination, frame, "revised", REVISED)
    repeated = _repeated(by_destination, frame, months)
    destinations = Part(files, by_destination, frame.assign(flag="")[~repeated][READ], "printed")
    imports = files.path("monthly_imports.csv")
    frame = read_corrected(files, imports, IMPORTS, corrections)
    coming = frame.assign(
        period_start=frame["month"], period_end=frame["month"], reporter="CHN", hs_code="", flow="import", vintage="unknown"
    ).assign(flag="", note="")
    return [
        Part(files, months.file, months.rows, "printed"),
        destinations,
        Part(files, imports, coming[READ], "printed"),
        _annual_magnets(files, corrections),
    ]


def _monthly(files: SourceFiles, corrections: SourceFiles, file_name: str) -> Part:
    file = files.path(file_name)
    frame = read_corrected(files, file, MONTHLY, corrections)
    rows = frame.assign(
        period_start=frame["month"],
        period_end=frame["month"],
        reporter="CHN",
        hs_code="",
        flow="export",
        vintage=transcribed.one_of(file, frame, "revised", REVISED),
        flag="",
        note=transcribed.notes(files.path("notes.csv"), file, frame).fillna(""),
    )
    return Part(files, file, rows[READ], "printed")


def _derived(files: SourceFiles, corrections: SourceFiles) -> Part:
    return _monthly(files, corrections, "monthly.csv")._replace(kind="derived_by_repo")


def _repeated(file: Path, frame: pd.DataFrame, months: Part) -> "pd.Series[bool]":
    """Rows that say they repeat a figure of the other file. Raises SourceError where no figure there is within a tonne."""
    says = frame["note"].str.contains(REPEATED, regex=False)
    here = frame[says].assign(row=frame.index[says], amount=_tonnes(file, frame[says]), month=frame["period_start"][says])
    there = months.rows[months.rows["measure"] == "tonnes"].replace({"product": {"magnets": "rare_earth_magnets"}})
    there = there.assign(amount=_tonnes(months.file, there), month=there["period_start"])
    key = ["month", "product", "partner"]
    both = here[[*key, "row", "amount"]].merge(there[[*key, "amount"]], on=key, suffixes=("", "_there"))
    held = both.loc[(both["amount"] - both["amount_there"]).abs() <= REPEATED_WITHIN_T, "row"]
    unlike = says & ~frame.index.isin(list(held))
    remedy = f"correct the figure, or take '{REPEATED}' out of the note"
    transcribed.refuse(file, frame, "value", unlike, f"is said to be {REPEATED}, which has no such figure", remedy)
    return says


def _tonnes(file: Path, frame: pd.DataFrame) -> pd.Series:
    return transcribed.numbers(file, frame, "value") / frame["measure"].map({"tonnes": 1.0, "kg": 1000.0}).astype("float64")


def _by_partner(files: SourceFiles, corrections: SourceFiles, file_name: str, kind: str, long_notes: bool = False) -> Part:
    """A file that has the columns of BY_PARTNER already; with `long_notes` its notes that repeat are in notes.csv."""
    file = files.path(file_name)
    if long_notes:
        frame = read_corrected(files, file, [*BY_PARTNER, "document_id", "note_id", "note"], corrections)
        frame["note"] = transcribed.notes(files.path("notes.csv"), file, frame).fillna("")
    else:
        frame = read_corrected(files, file, [*BY_PARTNER, "document_id", "note"], corrections)
    return Part(files, file, frame.assign(vintage="retrieved" if kind == "data_set" else "unknown", flag="")[READ], kind)


def _annual_magnets(files: SourceFiles, corrections: SourceFiles) -> Part:
    """Whole years of 85051110, which the file gives under its six digits and says so in the note."""
    file = files.path("annual_magnet_exports.csv")
    frame = read_corrected(files, file, [*ANNUAL, "note"], corrections)
    other = ~frame["note"].str.startswith("qty is China national code 85051110")
    transcribed.refuse(file, frame, "note", other, "does not name the national code 85051110", "say in the note which code it is")
    rows = _sides(file, frame.assign(hs6="rare_earth_magnets"), "unknown")
    return Part(files, file, rows.assign(hs_code="85051110", note=frame["note"].reindex(rows.index))[READ], "printed")


def _annual(files: SourceFiles, corrections: SourceFiles, file_name: str, kind: str) -> Part:
    file = files.path(file_name)
    frame = read_corrected(files, file, ANNUAL, corrections)
    frame["quantity_t"] = _mass_if_reported(file, frame, "quantity_t", "value_kusd")
    rows = _sides(file, frame, "retrieved")
    return Part(files, file, rows.assign(note="")[READ], kind)


def _sides(file: Path, frame: pd.DataFrame, vintage: str) -> pd.DataFrame:
    """Value and mass of whole years, a row each; who reports is what `basis` says. The index is the row of the file."""
    flow = transcribed.one_of(file, frame, "basis", {"exporter_reported": "export", "importer_reported": "import"})
    exports = flow == "export"
    common = frame.assign(
        period_start=frame["year"] + "-01",
        period_end=frame["year"] + "-12",
        reporter=frame["exporter"].where(exports, frame["importer"]),
        partner=frame["importer"].where(exports, frame["exporter"]),
        product=frame["hs6"],
        hs_code="",
        flow=flow,
        vintage=vintage,
        flag="",
    )
    return _measures(common, {"value_kusd": "kusd", "quantity_t": "tonnes"})


def _measures(frame: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    """One row a column that is not empty, with the column's measure."""
    parts = [frame.assign(measure=measure, value=frame[column])[frame[column] != ""] for column, measure in columns.items()]
    rows = pd.concat(parts)
    rows.attrs["as_published"] = frame.attrs.get("as_published", {})
    return rows


def _mass_if_reported(file: Path, frame: pd.DataFrame, mass: str, value: str) -> pd.Series:
    """The text column of masses, "" where UN Comtrade gives 0 beside a value. Raises SourceError for what is no number."""
    amounts = [transcribed.numbers(file, frame, column, three_decimals=True) for column in (mass, value)]
    reported = unreported_mass(*amounts)
    return frame[mass].where(reported.notna(), "")


def _china_2846(files: SourceFiles, corrections: SourceFiles) -> Part:
    """China's imports of 2846 by origin and year; masses that UN Comtrade estimated carry the flag."""
    file = files.path("china_imports_hs2846.csv")
    frame = read_corrected(files, file, COMTRADE_2846, corrections)
    transcribed.one_of(file, frame, "hs", ["2846"])
    _check_partner_codes(file, frame)
    frame["net_wgt_kg"] = _mass_if_reported(file, frame, "net_wgt_kg", "value_usd")
    frame.attrs["as_published"] = {"partner": "partner_iso3", "reporter": "reporter_iso3", "product": "hs", "period_end": "year"}
    estimated = transcribed.one_of(file, frame, "net_wgt_estimated", {"True": "estimated", "False": ""})
    common = frame.assign(
        period_start=frame["year"] + "-01",
        period_end=frame["year"] + "-12",
        reporter=frame["reporter_iso3"],
        partner=frame["partner_iso3"],
        product=frame["hs"],
        hs_code="",
        flow=transcribed.one_of(file, frame, "flow", {"M": "import"}),
        vintage="retrieved",
        note="classification " + frame["classification"],
    )
    rows = _measures(common, {"value_usd": "usd", "net_wgt_kg": "kg"})
    of_mass = rows["measure"] == "kg"
    flag = estimated.reindex(rows.index).where(of_mass, "")
    # Entries of corrections.yml for this file are about masses; the values in the same rows are unaffected.
    rows["correction"] = rows["correction"].where(of_mass, "")
    return Part(files, file, rows.assign(flag=flag)[READ], "data_set")


def _check_partner_codes(file: Path, frame: pd.DataFrame) -> None:
    """Raises SourceError where the number of a partner is the UN number of another country than its ISO code."""
    listed = country_names.converter().data
    numbers = {str(n).zfill(3): str(code) for n, code in zip(listed["UNcode"], listed["ISO3"], strict=True)}
    meant = frame["partner_code"].str.zfill(3).map(numbers).astype("str")
    wrong = meant.notna() & (meant != frame["partner_iso3"])
    transcribed.refuse(file, frame, "partner_iso3", wrong, "is another country than partner_code is", "correct one of the two")
    several = frame.groupby("partner_code")["partner_iso3"].transform("nunique") > 1
    why = "is one of several codes for one partner_code"
    transcribed.refuse(file, frame, "partner_iso3", several & ~wrong, why, "correct the code or the number")


def _japan(files: SourceFiles, corrections: SourceFiles) -> Part:
    file = files.path("monthly_imports.csv")
    frame = read_corrected(files, file, JAPAN, corrections)
    rows = frame.assign(period_start=frame["month"], period_end=frame["month"], hs_code="", flow="import")
    return Part(files, file, rows.assign(vintage="unknown", flag="")[READ], "printed")


def _aggregates(files: SourceFiles, corrections: SourceFiles) -> Part:
    """Years and half-years as published."""
    file = files.path("aggregates.csv")
    frame = read_corrected(files, file, AGGREGATES, corrections)
    periods = frame["period"].str.extract(r"^(?P<year>\d{4})(?P<half>H[12])?$")
    remedy = "write a year, or a year with H1 or H2"
    transcribed.refuse(file, frame, "period", periods["year"].isna(), "is not a year or half-year", remedy)
    half = periods["half"].fillna("")
    rows = frame.assign(
        period_start=periods["year"] + half.map({"": "-01", "H1": "-01", "H2": "-07"}),
        period_end=periods["year"] + half.map({"": "-12", "H1": "-06", "H2": "-12"}),
        product=frame["scope"],
        hs_code="",
        vintage="unknown",
        flag="",
    )
    return Part(files, file, rows[READ], "printed")
