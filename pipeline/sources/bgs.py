"""World Mineral Statistics of the British Geological Survey: rare earths by country since 1975, from its two tables."""

from pathlib import Path

import pandas as pd

from pipeline.intake import corrections as correction
from pipeline.intake import country_names, transcribed
from pipeline.intake.source_files import SourceFiles

COLUMNS = ["year", "country_as_printed", "table", "form", "amount", "status", "figure_notes", "document_id"]
ORES, OXIDES = "119", "736"
TABLES = {ORES: "table 119, rare earth minerals", OXIDES: "table 736, rare earth oxides"}
# Table 119 has no row of China before: with no world total to compare with, its earlier years are no whole tables.
CHINA_FROM = 1982
WITHOUT_CHINA = "table 119, rare earth minerals, before China"
# The first year of the table of oxides; both tables have the years that follow, and their figures are never summed.
OXIDES_FROM = 1992
# Factor of `conversion_factors` from the gross weight of a concentrate to oxide; its material is the mineral's name.
FACTOR = "reo_content_of_concentrate"
MINERALS = ("Bastnaesite", "Loparite", "Monazite", "Xenotime")
FORMS = (*MINERALS, "oxides", "not stated")
# What the publisher remarks where a figure of table 119 is oxide already, and where it is an estimate.
IS_OXIDE = "REO content."
ESTIMATED = "Estimates."
PRESENT, MISSING = "normal value", "missing"


def production(
    bgs_world_mineral_statistics: SourceFiles, conversion_factors: pd.DataFrame, reviewed: SourceFiles, corrections: SourceFiles
) -> pd.DataFrame:
    """Mine production by year and country, tonnes REO: of table 119 to 1991, of table 736 from 1992.

    Concentrates are converted to oxide by the factor of their mineral in conversion_factors (flag `converted`, the sum in the
    note) and the minerals of a country added; figures the publisher calls REO content are unchanged. The publisher gives
    no world total, and no row of China before 1982. Raises SourceError for a word this parser does not know, an amount that
    contradicts its status, a row that occurs twice, or a mineral in gross weight without a factor.
    """
    file = bgs_world_mineral_statistics.path("rare_earths.csv")
    frame = correction.read_corrected(bgs_world_mineral_statistics, file, COLUMNS, corrections)
    rows = _read(file, frame, reviewed)
    rows = rows[(rows["table"] == OXIDES) == (rows["year"] >= OXIDES_FROM)]
    rows = _in_oxide(file, frame, rows, conversion_factors)
    groups = rows.groupby(["year", "country", "table"])
    one = groups.agg(
        amount=("oxide", lambda oxide: oxide.sum(min_count=1)),
        estimated=("estimated", "any"),
        converted=("converted", "any"),
        empty=("empty", "all"),
        corrected=("mark", "first"),
        note=("remarks", lambda remarks: "; ".join(filter(None, remarks))),
        document_id=("document_id", "first"),
    ).reset_index()
    words = {"estimated": "e", "converted": "converted", "empty": "NA"}
    flags = one["corrected"].fillna("").astype("str")
    for column, word in reversed(words.items()):
        flags = (pd.Series(word, index=one.index, dtype="str").where(one[column].astype("bool"), "") + ";" + flags).str.strip(";")
    return pd.DataFrame(
        {
            "year": one["year"],
            "country": one["country"],
            "source_id": bgs_world_mineral_statistics.id,
            "edition_as_printed": one["table"].map(TABLES).mask(one["year"] < CHINA_FROM, WITHOUT_CHINA),
            "publisher_as_printed": "",
            "amount": one["amount"],
            "unit": "t",
            "flag": transcribed.nulls(flags),
            "document_id": one["document_id"],
            "note": transcribed.nulls(one["note"]),
        }
    )


def _read(file: Path, frame: pd.DataFrame, reviewed: SourceFiles) -> pd.DataFrame:
    transcribed.one_of(file, frame, "table", TABLES)
    transcribed.one_of(file, frame, "form", FORMS)
    amount = transcribed.numbers(file, frame, "amount")
    there = transcribed.one_of(file, frame, "status", (PRESENT, MISSING)) == PRESENT
    transcribed.refuse(file, frame, "amount", amount.notna() != there, "contradicts its status", "correct one of the two")
    transcribed.refuse(file, frame, "amount", amount < 0, "is negative", "enter the figure as published")
    twice = frame.duplicated(["year", "country_as_printed", "table", "form"])
    transcribed.refuse(file, frame, "form", twice, "occurs twice in one table, year and country", "keep one of the rows")
    return pd.DataFrame(
        {
            "year": transcribed.years(file, frame, "year"),
            "country": country_names.iso3(file, frame, "country_as_printed", country_names.reviewed_names(reviewed)),
            "table": frame["table"],
            "form": frame["form"],
            "amount": amount,
            "empty": ~there,
            "estimated": frame["figure_notes"].str.contains(ESTIMATED, regex=False),
            "remark": frame["figure_notes"].str.replace(ESTIMATED, "", regex=False).str.strip(),
            "mark": correction.marked(frame.assign(flag="")),
            "document_id": frame["document_id"],
        }
    )


def _in_oxide(file: Path, frame: pd.DataFrame, rows: pd.DataFrame, conversion_factors: pd.DataFrame) -> pd.DataFrame:
    """`rows` with oxide (t REO), converted, and remarks: the published gross weight and factor, and the publisher's remark."""
    listed = conversion_factors[conversion_factors["factor"] == FACTOR].set_index("material")["value"]
    gross = (rows["table"] == ORES) & ~rows["remark"].str.contains(IS_OXIDE, regex=False)
    factor = rows["form"].map(listed).astype("float64").where(gross, 1.0)
    missing = factor.isna().reindex(frame.index, fill_value=False)
    remedy = f"add its {FACTOR} with its source to data/raw/conversion_factors/factors.csv and run `reo sources lock`"
    transcribed.refuse(file, frame, "form", missing, "is published in gross weight and has no factor to oxide", remedy)
    converted = gross & rows["amount"].gt(0)
    weight, times = rows["amount"].map("{:,.0f}".format).astype("str"), factor.map("{:g}".format).astype("str")
    sums = rows["form"] + " " + weight + " t gross × " + times
    remarks = sums.where(converted, "").str.cat(rows["remark"], sep=", ").str.strip(", ")
    return rows.assign(oxide=rows["amount"] * factor, converted=converted, remarks=remarks)
