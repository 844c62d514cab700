"""What a table class is, and the columns that mean one thing everywhere.

A table is declared once, as a subclass of `Table`: docstring, title, floor, subject, key, and a field a column.
The contract, the Dagster column schema, the data dictionary, the data package's fields and the key and
range expectations are all read from it.
"""

import re
from typing import Any, cast

import pandas as pd
import pandera.pandas as pa
import pyarrow

from pipeline.dates import PARTIAL_DATE
from pipeline.errors import ReoError
from pipeline.schemas import units

COUNTRY = r"^([A-Z]{3}|X_[A-Z0-9]+)$"
MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
STAGES = ("reserves", "mining", "separation", "metal_alloy", "magnet")
GROUPS = ("compounds", "metals", "magnets")
# What tables are about, in the order in which they are shown, each with its heading.
SUBJECTS = {
    "trade": "Trade",
    "production": "Reserves, production and quotas",
    "chain": "The value chain and dependence on it",
    "prices": "Prices",
    "policy": "Policy acts and their effects",
    "claims": "Claims tested",
    "reference": "Countries and documents",
}


class Table(pa.DataFrameModel):
    """Base of every table class. Subclasses set Config.title, Config.unique (the key), the floor and the subject."""

    class Config:
        strict = True
        coerce = False


def name(table: type[Table]) -> str:
    """The public name of a table: `TradeFlows` is `trade_flows`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", table.__name__).lower()


def title(table: type[Table]) -> str:
    return str(table.Config.title)  # type: ignore[attr-defined]


def floor(table: type[Table]) -> str:
    """`tidy` or `derived`."""
    return str(table.Config.metadata["floor"])  # type: ignore[attr-defined]


def subject(table: type[Table]) -> str:
    """What the table is about, one of SUBJECTS. Raises ReoError where it declares none of them."""
    declared = str(table.Config.metadata.get("subject"))  # type: ignore[attr-defined]
    if declared not in SUBJECTS:
        raise ReoError(
            f"table {name(table)} declares the subject {declared}",
            f"give Config.metadata of its class one of: {', '.join(SUBJECTS)}",
        )
    return declared


def whole(table: type[Table]) -> bool:
    """Whether rows add up to totals or shares, so that none may be left out alone."""
    return floor(table) == "derived" or bool(table.Config.metadata.get("whole"))  # type: ignore[attr-defined]


def method(table: type[Table]) -> str | None:
    """Where a derived table's method is described, from the repository's root; None for a tidy table."""
    return f"docs/methods/{name(table)}.md" if floor(table) == "derived" else None


def beyond(table: type[Table]) -> set[str]:
    """Columns of ids that need not be in the table such ids refer to."""
    return set(table.Config.metadata.get("beyond", ()))  # type: ignore[attr-defined]


def key(table: type[Table]) -> list[str]:
    return list(table.Config.unique)  # type: ignore[attr-defined]


def columns(table: type[Table]) -> dict[str, pa.Column]:
    return cast("dict[str, pa.Column]", table.to_schema().columns)


def kinds(table: type[Table]) -> dict[str, str]:
    """The kind of every column by name."""
    return {name: kind(column) for name, column in columns(table).items()}


def kind(column: pa.Column) -> str:
    """The pandas dtype of a column: int64, Int64 (null where unknown), float64, bool, or str."""
    dtype = str(column.dtype)
    return "str" if dtype.startswith("string") else dtype


def unit(column: pa.Column) -> str:
    return str((column.metadata or {}).get("unit", ""))


def ucum(column: pa.Column) -> str | None:
    """The UCUM code of a column's unit; None without a unit, or where it differs by row. Raises ReoError for an unknown unit."""
    declared = unit(column)
    if not declared or declared in (*units.BY_ROW, units.BY_BASIS):
        return None
    if declared not in units.UCUM:
        raise ReoError(f"column {column.name}: unit {declared!r} has no UCUM code", "add it to UCUM in pipeline/schemas/units.py")
    return units.UCUM[declared]


def by_row(table: type[Table]) -> list[str]:
    """Columns whose unit is that of their row, in the column `unit`."""
    return [name for name, column in columns(table).items() if unit(column) in units.BY_ROW]


def bounds(column: pa.Column) -> dict[str, float]:
    """Limits of a column's values by `ge`, `gt`, `le`, `lt`, as far as declared."""
    return {rule: limit for rule, limit in rules(column).items() if rule in ("ge", "gt", "le", "lt")}


def allowed(column: pa.Column) -> tuple[str, ...]:
    """The vocabulary of a column, empty where any text may stand."""
    return tuple(rules(column).get("isin", ()))


def pattern(column: pa.Column) -> str | None:
    """The regular expression that a column's texts match, None where there is none."""
    return rules(column).get("str_matches")


# A pandera check as a field helper names it, and the statistic that holds its value.
_RULES = {
    "greater_than_or_equal_to": ("ge", "min_value"),
    "greater_than": ("gt", "min_value"),
    "less_than_or_equal_to": ("le", "max_value"),
    "less_than": ("lt", "max_value"),
    "isin": ("isin", "allowed_values"),
    "str_matches": ("str_matches", "pattern"),
}


def rules(column: pa.Column) -> dict[str, Any]:
    """Every check of a column as its field declares it: `ge`, `gt`, `le`, `lt`, `isin`, `str_matches`.

    Raises ReoError for any other check, which no reader of the classes knows.
    """
    found = {}
    for check in column.checks:
        if check.name not in _RULES:
            raise ReoError(
                f"column {column.name}: check {check.name} is not known", "add it to _RULES in pipeline/schemas/table.py"
            )
        rule, statistic = _RULES[check.name]
        found[rule] = (check.statistics or {})[statistic]
    return found


def arrow_schema(table: type[Table]) -> pyarrow.Schema:
    """The Parquet types of a table, so that an all-null column keeps its type."""
    types = {"int64": pyarrow.int64(), "Int64": pyarrow.int64(), "float64": pyarrow.float64(), "bool": pyarrow.bool_()}
    return pyarrow.schema([(name, types.get(kind, pyarrow.string())) for name, kind in kinds(table).items()])


def empty(table: type[Table]) -> pd.DataFrame:
    return arrow_schema(table).empty_table().to_pandas()


def frame(table: type[Table], rows: pd.DataFrame | list[dict[str, Any]]) -> pd.DataFrame:
    """Rows with the table's columns, no others, and their types; what a row lacks is null."""
    return pd.DataFrame(rows, columns=list(columns(table))).astype(kinds(table))


# Columns. Each returns a fresh pandera field; the description is what the data dictionary shows.


def text(description: str, **checks: Any) -> Any:
    return pa.Field(description=description, **checks)


def flag(description: str) -> Any:
    """True or false, never null."""
    return pa.Field(description=description)


def vocabulary(description: str, words: tuple[str, ...], **checks: Any) -> Any:
    return pa.Field(description=description, isin=list(words), **checks)


def number(description: str, unit: str, **checks: Any) -> Any:
    """A number within the bounds of its unit, or within its own where they are given."""
    return pa.Field(description=description, metadata={"unit": unit}, **_general(unit, checks), **checks)


def _general(unit: str, own: dict[str, Any]) -> dict[str, Any]:
    """What the unit bounds on a side that the column's own checks leave open."""
    general = units.bounds(unit)
    if general is None:
        return {}
    sides = {"ge": ("gt", general[0]), "le": ("lt", general[1])}
    return {rule: limit for rule, (strict, limit) in sides.items() if not {rule, strict} & own.keys()}


def count(description: str, **checks: Any) -> Any:
    return number(description, "1", ge=0, **checks)


def year(description: str = "Calendar year", **checks: Any) -> Any:
    return pa.Field(description=description, ge=1900, le=2100, **checks)


def month(description: str = "Month, YYYY-MM", **checks: Any) -> Any:
    return pa.Field(description=description, str_matches=MONTH, **checks)


def partial_date(description: str, **checks: Any) -> Any:
    """A date as far as it is known: YYYY, YYYY-MM or YYYY-MM-DD."""
    return pa.Field(description=description, str_matches=PARTIAL_DATE, **checks)


def country(description: str, **checks: Any) -> Any:
    return pa.Field(description=f"{description} (ISO 3166-1 alpha-3, or a code of `countries`)", str_matches=COUNTRY, **checks)


def hs6(description: str = "Six-digit code of the Harmonized System") -> Any:
    return pa.Field(description=description, str_matches=r"^[0-9]{6}$")


def source_id() -> Any:
    return pa.Field(description="Source in data/raw/sources.yml")


def document_id(**checks: Any) -> Any:
    return pa.Field(description="Text the figure was read from, a row of `documents`", **checks)


def value_kusd(description: str = "Value, nominal thousand US dollars", **checks: Any) -> Any:
    return number(description, "kUSD", ge=0, **checks)


def quantity_t(description: str = "Gross mass, null where not reported", **checks: Any) -> Any:
    return number(description, "t", ge=0, **checks)


def share(description: str, **checks: Any) -> Any:
    return number(description, "1", ge=0, le=1, **checks)


def hhi(description: str = "Herfindahl-Hirschman index, 0 to 1", **checks: Any) -> Any:
    return number(description, "1", gt=0, le=1 + 1e-12, **checks)


def effective_suppliers(**checks: Any) -> Any:
    return number("Effective number of suppliers, 1/HHI", "1", ge=1 - 1e-12, **checks)
