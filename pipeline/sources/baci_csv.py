"""BACI from CEPII's own files: one CSV a year, named and laid out as CEPII's archives have them."""

import re
from pathlib import Path

import pandas as pd
import pyarrow
import pyarrow.compute
import pyarrow.csv

from pipeline.intake import canonical, transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError

# BACI's own names: year, exporter, importer, product, value in thousand USD, quantity in tonnes.
COLUMNS = ["t", "i", "j", "k", "v", "q"]
NAME = r"BACI_(HS[0-9]{2})_Y([0-9]{4})_V([0-9]{6}[a-z]?)\.csv(\.gz)?"
# What an archive holds besides, which is not read.
BESIDES = r"(country_codes|product_codes).*\.csv|Readme\.txt"
BLOCK = 1 << 23
AGAIN = "take CEPII's file again"
# How CEPII writes that a flow has no quantity; newer releases leave the cell empty.
NO_QUANTITY = "NA"


def has(cepii_baci: SourceFiles) -> bool:
    """Whether sources.yml lists CEPII's own files for this source."""
    return any(re.fullmatch(NAME, Path(file.name).name) for file in cepii_baci.source.files)


def flows(cepii_baci: SourceFiles, codes: pd.DataFrame, wanted: set[str]) -> pd.DataFrame:
    """The flows of the codes `wanted` as rows of `trade_flows`: thousand USD, tonnes missing where BACI has none.

    `codes` has iso3, valid_from and valid_to by BACI's country code. Raises SourceError for a file of another name, nomenclature
    or release than the others, a year without a file, and, naming file, row and column, for what `flows` of the package refuses.
    """
    files = _by_year(cepii_baci)
    return pd.concat([_flows(cepii_baci, file, year, codes, wanted) for year, file in files.items()], ignore_index=True)


def _by_year(cepii_baci: SourceFiles) -> dict[int, Path]:
    files = {file: re.fullmatch(NAME, file.name) for file in cepii_baci.paths() if not re.fullmatch(BESIDES, file.name)}
    remedy = "list the files of one archive as CEPII names them, BACI_HS92_Y1995_V202701.csv and so on, packed with gzip or not"
    other = [file.name for file, named in files.items() if not named]
    if other:
        raise SourceError(f"{cepii_baci.id}: {other[0]} is not named as CEPII names its files", remedy)
    named = {file: match.groups() for file, match in files.items() if match}
    for place, what in ((0, "nomenclatures"), (2, "releases")):
        if len(found := sorted({parts[place] or "" for parts in named.values()})) > 1:
            raise SourceError(f"{cepii_baci.id}: files of two {what}, {' and '.join(found)}", f"never mix them: {remedy}")
    years = sorted(int(parts[1]) for parts in named.values())
    if years != list(range(years[0], years[-1] + 1)):
        raise SourceError(f"{cepii_baci.id}: the years {years[0]} to {years[-1]} have not one file each", remedy)
    return dict(sorted((int(parts[1]), file) for file, parts in named.items()))


def _flows(cepii_baci: SourceFiles, file: Path, year: int, codes: pd.DataFrame, wanted: set[str]) -> pd.DataFrame:
    frame = _read(file, wanted)
    transcribed.refuse(
        file, frame, "t", frame["t"] != str(year), f"is not {year}, the year of the file", "take CEPII's file again"
    )
    value = transcribed.numbers(file, frame, "v", three_decimals=True)
    transcribed.refuse(file, frame, "v", value.isna(), "is empty", AGAIN)
    return pd.DataFrame(
        {
            "year": year,
            "exporter": _countries(file, frame, "i", year, codes),
            "importer": _countries(file, frame, "j", year, codes),
            "hs6": frame["k"],
            "source_id": cepii_baci.id,
            "value_kusd": value,
            "quantity_t": transcribed.numbers(
                file, frame.assign(q=frame["q"].replace(NO_QUANTITY, "")), "q", three_decimals=True
            ),
            "nomenclature": file.name.split("_")[1],
            "coverage": "whole",
        }
    ).astype({"year": "int64"})


def _read(file: Path, wanted: set[str]) -> pd.DataFrame:
    """The rows of the codes wanted, every cell as text without the spaces CEPII pads it with; the index is the file's row."""
    transcribed.count_as_read(file)
    texts = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(COLUMNS, pyarrow.string()), strings_can_be_null=False)
    parts, row = [], 0
    try:
        with pyarrow.csv.open_csv(file, pyarrow.csv.ReadOptions(block_size=BLOCK), convert_options=texts) as reader:
            if reader.schema.names != COLUMNS:
                problem = (
                    f"{transcribed.shown(file)} has the columns {', '.join(reader.schema.names)}; {', '.join(COLUMNS)} expected"
                )
                raise SourceError(problem, "take CEPII's file again; if its layout has changed, change the parser with it")
            for batch in reader:
                table = pyarrow.Table.from_batches([batch])
                code = pyarrow.compute.utf8_lpad(pyarrow.compute.utf8_trim_whitespace(table["k"]), 6, "0")
                table = table.set_column(3, "k", code).append_column("row", pyarrow.array(range(row, row + len(table))))
                parts.append(table.filter(pyarrow.compute.is_in(code, pyarrow.array(sorted(wanted)))))
                row += len(table)
    except (pyarrow.ArrowException, OSError, UnicodeError) as error:
        said = " ".join(str(error).split())
        raise SourceError(f"{transcribed.shown(file)} cannot be read as CSV ({said})", AGAIN) from error
    frame: pd.DataFrame = pyarrow.concat_tables(parts).to_pandas() if parts else pd.DataFrame(columns=[*COLUMNS, "row"])
    frame.index = pd.Index(frame.pop("row").astype("int64"))
    if frame.empty:
        raise SourceError(f"{transcribed.shown(file)} has no row of a code of products.csv", AGAIN)
    frame = frame.apply(lambda cells: cells.astype("str").str.strip(" "))
    for column in COLUMNS:
        unlike = frame[column].map(canonical.fault).notna()
        transcribed.refuse(file, frame, column, unlike, "is not plain text", canonical.REMEDY)
    return frame


def _countries(file: Path, frame: pd.DataFrame, column: str, year: int, codes: pd.DataFrame) -> "pd.Series[str]":
    iso3 = frame[column].map(codes["iso3"])
    why = "is not a country code of the scheme baci in country_codes.csv"
    transcribed.refuse(file, frame, column, iso3.isna(), why, "add it there with the country, the name and its years")
    outside = (frame[column].map(codes["valid_from"]) > year) | (frame[column].map(codes["valid_to"]) < year)
    why = "is a country code used outside the years country_codes.csv gives it"
    transcribed.refuse(file, frame, column, outside, why, "look at CEPII's country table, then correct the years there")
    return iso3.astype("str")
