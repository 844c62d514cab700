"""BACI's cells as text, from whatever file, turned into rows of `trade_flows`, whole columns at once."""

import pandas as pd
import pyarrow
from pyarrow import compute

from pipeline.intake.transcribed import PLAIN_NUMBER

# BACI's own names: year, exporter, importer, product, value in thousand USD, quantity in tonnes.
COLUMNS = ["t", "i", "j", "k", "v", "q"]
YEAR = "^(19|20)[0-9]{2}$"
CODE = "^[0-9]{6}$"
NUMBER = f"^({PLAIN_NUMBER})$"


def rows(cells: pyarrow.Table, codes: pd.DataFrame) -> pyarrow.Table | None:
    """Year, exporter, importer, hs6, value_kusd and quantity_t of cells in BACI's columns; None unless every cell is plain.

    A null quantity is missing. `codes` has iso3, valid_from and valid_to by BACI's country code: a code outside its years is
    not plain, nor is a code of products without its zeros, a power of ten or a space. Who asks says what is wrong.
    """
    if not _all(compute.match_substring_regex(cells["t"], YEAR)):
        return None
    year = cells["t"].cast(pyarrow.int64())
    exporter, importer = (_country(cells[side], year, codes) for side in ("i", "j"))
    plain = [exporter is not None, importer is not None, _all(compute.match_substring_regex(cells["k"], CODE))]
    plain += [_all(compute.match_substring_regex(cells[c], NUMBER), but_null=c == "q") for c in ("v", "q")]
    if not all(plain):
        return None
    value, quantity = (cells[c].cast(pyarrow.float64()) for c in ("v", "q"))
    if not _all(compute.is_finite(value)) or not _all(compute.is_finite(quantity), but_null=True):
        return None
    names = ["year", "exporter", "importer", "hs6", "value_kusd", "quantity_t"]
    return pyarrow.table([year, exporter, importer, cells["k"], value, quantity], names)


def _country(cells: pyarrow.ChunkedArray, year: pyarrow.ChunkedArray, codes: pd.DataFrame) -> pyarrow.Array | None:
    place = compute.index_in(cells, pyarrow.array(codes.index, pyarrow.string()))
    if place.null_count:
        return None
    first, last = (pyarrow.array(codes[name], pyarrow.int64()).take(place) for name in ("valid_from", "valid_to"))
    if not _all(compute.and_(compute.less_equal(first, year), compute.greater_equal(last, year))):
        return None
    return pyarrow.array(codes["iso3"], pyarrow.string()).take(place)


def _all(holds: pyarrow.ChunkedArray, but_null: bool = False) -> bool:
    return (but_null or not holds.null_count) and compute.all(holds).as_py() is not False
