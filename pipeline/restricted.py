"""Which rows and values may not be passed on: those of sources marked `redistribution: restricted` in sources.yml.

from pipeline.restricted import open_rows
open_rows(load_table("value_chain_gap"))
"""

from collections import Counter

import numpy as np
import pandas as pd

from pipeline import catalog, paths
from pipeline.intake import lock, transcribed
from pipeline.schemas import table as t

Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]
# A number with fewer significant digits may be any other figure; beyond nine, rounding differs from place to place.
DISTINCTIVE = 5
COMPARED = 9
# Of all numbers with as many digits a source's own are at most one in RARE: those of a large source need more digits.
RARE = 100


def sources() -> frozenset[str]:
    """The ids of the restricted sources."""
    return frozenset(i for i, source in lock.read().sources.items() if source.redistribution == "restricted")


def source_of_rows(table_name: str, rows: pd.DataFrame) -> "pd.Series[str]":
    """For each row of a table the restricted source it comes from, null for rows that may be passed on.

    Every column ending in source_id counts; where a row names no source, that of its document does. The table `documents`
    holds only titles and addresses of our own making and stays whole: it says where to find what is left out.
    """
    restricted = list(sources())
    found = pd.Series(None, index=rows.index, dtype="str")
    if not restricted or table_name == "documents":
        return found
    named = rows[[c for c in rows.columns.astype(str) if c.endswith("source_id")]].astype("str")
    for column in named:
        found = found.fillna(named[column].where(named[column].isin(restricted)))
    nameless = named.isna().all(axis=1)
    for column in (c for c in rows.columns.astype(str) if c.endswith("document_id")):
        documents = catalog.load_table("documents").set_index("document_id")["source_id"]
        of_document = rows[column].map(documents).astype("str")
        found = found.fillna(of_document.where(nameless & of_document.isin(restricted)))
    return found


def open_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table that may be passed on, for figures and lists that show them."""
    return rows[source_of_rows("", rows).isna().to_numpy()]


def values() -> dict[float, str]:
    """The numbers that only restricted rows have, to nine significant digits, each with the source of one of them.

    Only those with at least five significant digits, more for a source of many numbers, signs disregarded: others coincide with
    other figures. What a table has that is made from open sources alone is open, and so is what a row has that names an open
    source as its own. Numbers reviewed as coincidences are left out.
    """
    # Imported here: it brings the query engine, which composing the assets must not load.
    from pipeline import lineage

    closed: dict[float, str] = {}
    open_values = set[float]()
    for name, table in catalog.tables().items():
        rows = catalog.load_table(name)
        source = source_of_rows(name, rows)
        may_be_passed_on = source.isna().to_numpy()
        if "source_id" in rows or t.floor(table) == "tidy" or not sources() & lineage.sources_of(name):
            open_values |= set(numbers(name, rows[may_be_passed_on]).tolist())
        for source_id, of_source in rows[~may_be_passed_on].groupby(source[~may_be_passed_on].to_numpy()):
            closed |= dict.fromkeys(numbers(name, of_source).tolist(), str(source_id))
    open_values |= coincidences()
    found = {value: source_id for value, source_id in closed.items() if value not in open_values}
    needed = {source_id: _digits_needed(n) for source_id, n in Counter(found.values()).items()}
    digits = _digits(np.fromiter(found, dtype="float64"))
    return {value: source for (value, source), n in zip(found.items(), digits, strict=True) if n >= needed[source]}


def coincidences() -> set[float]:
    """Numbers of tables that a restricted source has too by chance, as data/raw/reviewed/coincidences.csv lists them."""
    file = paths.reviewed() / "coincidences.csv"
    if not file.is_file():
        return set()
    listed = transcribed.read(file, ["table", "number", "source_id", "reason"])
    return set(distinctive(np.array(listed["number"], dtype="float64")).tolist())


def _digits_needed(numbers_of_source: int) -> int:
    return max(DISTINCTIVE, int(np.ceil(np.log10(RARE * numbers_of_source / 9))) + 1)


def numbers(table_name: str, rows: pd.DataFrame) -> Numbers:
    """The distinctive numbers in the number columns of a table, each once, without signs."""
    columns = [c for c, kind in t.kinds(catalog.table(table_name)).items() if kind in ("float64", "int64", "Int64")]
    return distinctive(pd.unique(rows[columns].astype("float64").to_numpy().ravel()))


def distinctive(found: Numbers) -> Numbers:
    """Those of some numbers with enough digits to be recognised, rounded, without signs."""
    positive = np.abs(found[np.isfinite(found) & (found != 0)])
    places, digits = _written(positive)
    enough = digits % 10 ** (COMPARED - DISTINCTIVE + 1) != 0
    return np.unique(digits[enough] / 10.0 ** places[enough])


def _written(positive: Numbers) -> tuple[Numbers, Numbers]:
    """Places after the point, and significant digits as a whole number: 0.0125 to nine digits is 125000000."""
    places = COMPARED - 1 - np.floor(np.log10(positive))
    return places, np.rint(positive * 10.0**places)


def _digits(positive: Numbers) -> list[int]:
    """How many significant digits each number has, zeros at its end not counted."""
    digits = _written(positive)[1][:, None]
    return [COMPARED - int(zeros) for zeros in (digits % 10.0 ** np.arange(1, COMPARED) == 0).sum(axis=1)]
