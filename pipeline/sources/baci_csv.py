"""BACI from CEPII's own files: one CSV a year, named and laid out as CEPII's archives have them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.csv
from pyarrow import compute

from pipeline.intake import canonical, transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError
from pipeline.sources import baci_rows
from pipeline.sources.baci_rows import COLUMNS

NAME = r"BACI_(HS[0-9]{2})_Y([0-9]{4})_V([0-9]{6}[a-z]?)\.csv(\.gz)?"
# What an archive holds besides, which is not read.
BESIDES = r"(country_codes|product_codes).*\.csv|Readme\.txt"
BLOCK = 1 << 23
AGAIN = "take CEPII's file again"
# How CEPII writes that a flow has no quantity; newer releases leave the cell empty.
NO_QUANTITY = "NA"
NONE = pyarrow.array(["", NO_QUANTITY])


def has(cepii_baci: SourceFiles) -> bool:
    """Whether sources.yml lists CEPII's own files for this source."""
    return any(re.fullmatch(NAME, Path(file.name).name) for file in cepii_baci.source.files)


def years(
    cepii_baci: SourceFiles, codes: pd.DataFrame, wanted: set[str] | None, without: set[str]
) -> Iterator[tuple[int, pd.DataFrame]]:
    """Each year with its flows as rows of `trade_flows`: thousand USD, tonnes missing where BACI has none.

    `codes` has iso3, valid_from and valid_to by BACI's country code. Codes `wanted` are kept, None for all, but for those
    `without`. Raises SourceError for a file of another name, nomenclature or release than the others, a year without a file,
    and, naming file, row and column, for what `flows` of the package refuses.
    """
    for year, file in _by_year(cepii_baci).items():
        yield year, _flows(cepii_baci, file, year, codes, wanted, without)


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


def _flows(
    cepii_baci: SourceFiles, file: Path, year: int, codes: pd.DataFrame, wanted: set[str] | None, without: set[str]
) -> pd.DataFrame:
    found = []
    for block in _blocks(file):
        cells = _of_codes(file, block, wanted, without)
        quantity = compute.if_else(compute.is_in(cells["q"], NONE), None, cells["q"])
        rows = baci_rows.rows(cells.set_column(5, "q", quantity), codes)
        if rows is None or not compute.all(compute.equal(rows["year"], year)).as_py():
            _refuse(file, cells, year, codes)
        found.append(rows)
    rows = pyarrow.concat_tables(found) if found else None
    if not rows:
        raise SourceError(f"{transcribed.shown(file)} has no row{' of a code of products.csv' if wanted else ''}", AGAIN)
    constants = {"source_id": cepii_baci.id, "nomenclature": file.name.split("_")[1], "coverage": "whole"}
    for name, text in constants.items():
        rows = rows.append_column(name, pyarrow.repeat(text, len(rows)))
    frame: pd.DataFrame = rows.to_pandas()
    return frame


def _blocks(file: Path) -> Iterator[pyarrow.Table]:
    """The rows as text without the spaces CEPII pads cells with, some at a time, each with its number in `row`."""
    transcribed.count_as_read(file)
    texts = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(COLUMNS, pyarrow.string()), strings_can_be_null=False)
    row = 0
    try:
        with pyarrow.csv.open_csv(file, pyarrow.csv.ReadOptions(block_size=BLOCK), convert_options=texts) as reader:
            if reader.schema.names != COLUMNS:
                problem = (
                    f"{transcribed.shown(file)} has the columns {', '.join(reader.schema.names)}; {', '.join(COLUMNS)} expected"
                )
                raise SourceError(problem, "take CEPII's file again; if its layout has changed, change the parser with it")
            for batch in reader:
                cells = [compute.utf8_trim(column, characters=" ") for column in batch.columns]
                yield pyarrow.table([*cells, pyarrow.array(np.arange(row, row + len(batch)))], names=[*COLUMNS, "row"])
                row += len(batch)
    except (pyarrow.ArrowException, OSError, UnicodeError) as error:
        said = " ".join(str(error).split())
        raise SourceError(f"{transcribed.shown(file)} cannot be read as CSV ({said})", AGAIN) from error


def _of_codes(file: Path, block: pyarrow.Table, wanted: set[str] | None, without: set[str]) -> pyarrow.Table:
    """The rows of the codes wanted, with the zeros that some releases leave out. Raises SourceError for a code that is none."""
    codes = compute.utf8_lpad(block["k"], 6, "0").combine_chunks().dictionary_encode()
    known = codes.dictionary
    digits = compute.match_substring_regex(known, "^[0-9]{6}$")
    if not compute.all(digits).as_py():
        frame = _frame(block)
        transcribed.refuse(file, frame, "k", ~frame["k"].str.fullmatch("[0-9]{1,6}"), "is not a code of six digits", AGAIN)
    kept = known.filter(digits) if wanted is None else pyarrow.array(sorted(wanted), pyarrow.string())
    kept = kept.filter(compute.invert(compute.is_in(kept, pyarrow.array(sorted(without), pyarrow.string()))))
    return block.set_column(3, "k", codes.cast(pyarrow.string())).filter(compute.is_in(codes, kept))


def _refuse(file: Path, block: pyarrow.Table, year: int, codes: pd.DataFrame) -> NoReturn:
    """Raises SourceError naming the cells that are not plain, or of another year."""
    frame = _frame(block)
    with transcribed.all_faults():
        for column in COLUMNS:
            faults = frame[column].map(canonical.fault)
            for why in faults.dropna().unique():
                transcribed.refuse(file, frame, column, faults == why, why, canonical.REMEDY)
        transcribed.refuse(file, frame, "t", frame["t"] != str(year), f"is not {year}, the year of the file", AGAIN)
        transcribed.refuse(file, frame, "v", frame["v"] == "", "is empty", AGAIN)
        transcribed.numbers(file, frame, "v", three_decimals=True)
        transcribed.numbers(file, frame.assign(q=frame["q"].replace(NO_QUANTITY, "")), "q", three_decimals=True)
        for side in ("i", "j"):
            _refuse_countries(file, frame, side, year, codes)
    raise SourceError(f"{transcribed.shown(file)} has a row as CEPII writes none, near row {frame.index[0] + 2}", AGAIN)


def _frame(block: pyarrow.Table) -> pd.DataFrame:
    """The same with the number of the row as index, as errors name it."""
    frame: pd.DataFrame = block.to_pandas().set_index("row")
    return frame


def _refuse_countries(file: Path, frame: pd.DataFrame, column: str, year: int, codes: pd.DataFrame) -> None:
    unknown = frame[column].map(codes["iso3"]).isna()
    why = "is not a country code of the scheme baci in country_codes.csv"
    transcribed.refuse(file, frame, column, unknown, why, "add it there with the country, the name and its years")
    outside = (frame[column].map(codes["valid_from"]) > year) | (frame[column].map(codes["valid_to"]) < year)
    why = "is a country code used outside the years country_codes.csv gives it"
    transcribed.refuse(file, frame, column, outside, why, "look at CEPII's country table, then correct the years there")
