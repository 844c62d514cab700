"""How a reader asks for a part of a table, and for its codes and dates in a form to work with."""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.dates import first_day, precisions
from pipeline.errors import ReoError, did_you_mean
from pipeline.schemas import table as t
from pipeline.schemas.table import Table

if TYPE_CHECKING:
    import pyarrow.compute

# A value, several values, or None for rows without one.
Wanted = str | float | bool | Iterable[str] | Iterable[int] | Iterable[float] | None
NUMBERS = ("int64", "Int64", "float64")


def expression(table: type[Table], filters: Mapping[str, Wanted]) -> "pyarrow.compute.Expression | None":
    """Filters by column as a condition on stored rows, None where there are none.

    Raises ReoError for an unknown column, a value of another type, or one that the column's vocabulary does not have.
    """
    if not filters:
        return None
    import pyarrow.compute

    known = t.columns(table)
    whole = None
    for name, wanted in filters.items():
        if name not in known:
            raise ReoError(f"table {t.name(table)} has no column {name!r}", did_you_mean(name, known))
        values = _values(table, name, wanted)
        field = pyarrow.compute.field(name)
        present = [v for v in values if v is not None]
        condition = field.isin(pyarrow.array(present, t.arrow_schema(table).field(name).type))
        if len(present) < len(values):
            condition |= field.is_null()
        whole = condition if whole is None else whole & condition
    return whole


def _values(table: type[Table], name: str, wanted: Wanted) -> list[Any]:
    values: list[Any] = [wanted] if isinstance(wanted, str) or not isinstance(wanted, Iterable) else list(wanted)
    column = t.columns(table)[name]
    kind, words = t.kind(column), t.allowed(column)
    for value in values:
        if value is None:
            continue
        number = pd.api.types.is_number(value) and not pd.api.types.is_bool(value)
        fits = {"str": isinstance(value, str), "bool": pd.api.types.is_bool(value)}.get(kind, number)
        if fits and kind in ("int64", "Int64"):
            fits = value == int(value)
        if not fits:
            what = {"str": "text", "bool": "true or false", "float64": "a number"}.get(kind, "a whole number")
            raise ReoError(f"column {name} of {t.name(table)} is {what}, not {value!r}", f"give {what}, or a list of such values")
        if words and value not in words:
            raise ReoError(f"column {name} of {t.name(table)} is never {value!r}", did_you_mean(str(value), map(str, words)))
    return [int(v) if kind in ("int64", "Int64") and v is not None else v for v in values]


def with_dates(table: type[Table], rows: pd.DataFrame) -> pd.DataFrame:
    """Each column of dates as timestamps of the first day it can mean, with how exactly it is known beside it.

    The column of precision is the table's own where it has one; otherwise `NAME_precision` (day, month, quarter, year).
    A date that is not known is null.
    """
    made = {}
    for name in rows.columns.astype(str):
        made[name] = rows[name]
        if not is_date(table, name):
            continue
        text = rows[name].where(rows[name].str.match(r"\d{4}"))
        quarter = text.str.contains("Q", na=False)
        made[name] = first_day(text.str.replace(r"-Q([1-4])$", lambda q: f"-{int(q[1]) * 3 - 2:02d}", regex=True))
        own = {f"{name.removesuffix('_on')}_precision", "precision"} & set(rows)
        if not own and t.pattern(t.columns(table)[name]) != t.MONTH:
            made[f"{name}_precision"] = precisions(text).mask(quarter, "quarter")
    return pd.DataFrame(made, index=rows.index)


def is_date(table: type[Table], name: str) -> bool:
    """Whether a column's texts are dates as far as known: its pattern admits a month."""
    pattern = t.pattern(t.columns(table)[name])
    return pattern is not None and re.search(pattern, "2025-04") is not None


def with_country_names(table: type[Table], rows: pd.DataFrame, countries: pd.DataFrame) -> pd.DataFrame:
    """The English name beside each country's code, as `NAME_name`; null where `countries` has no such code."""
    names = countries.set_index("iso3")["name"]
    made = {}
    for name in rows.columns.astype(str):
        made[name] = rows[name]
        if name in t.columns(table) and t.pattern(t.columns(table)[name]) == t.COUNTRY:
            made[f"{name}_name"] = rows[name].map(names)
    return pd.DataFrame(made, index=rows.index)
