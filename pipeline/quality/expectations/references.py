"""References between tables: every country, product, document and act that a table names is defined in its own table."""

from collections.abc import Iterator

import pandas as pd

from pipeline import catalog
from pipeline.quality.expectation import Load, expectation, labelled
from pipeline.schemas import table as t

# Acts and control lists name goods of every kind, and trade ahead of BACI is scored on others than rare earths too; only goods in
# `products` are summed by group.
ANY_GOODS = ("policy_hs", "control_lists", "policy_windows", "trade_reports", "trade_nowcast", "trade_nowcast_shares")
UNKNOWN_SHOWN = 5


def _country_columns() -> Iterator[tuple[str, str]]:
    """Table and column of every column that holds a country, recognised by its pattern in the table class."""
    for table_name, table in catalog.tables().items():
        for column_name, column in t.columns(table).items():
            if t.pattern(column) == t.COUNTRY:
                yield table_name, column_name


def _columns_named(column_name: str) -> list[tuple[str, str]]:
    return [(table_name, column_name) for table_name, table in catalog.tables().items() if column_name in t.columns(table)]


def _unknown(load: Load, columns: list[tuple[str, str]], known: pd.Series) -> pd.Series:
    """How many codes of each column (several in a cell by ;) are not among the known; the label names the first of them."""
    labels, counts = [], []
    for table_name, column in columns:
        codes = load(table_name)[column].dropna().str.split(";").explode().drop_duplicates()
        unknown = sorted(codes[~codes.isin(known)].tolist())
        shown = ", ".join(unknown[:UNKNOWN_SHOWN]) + (" …" if len(unknown) > UNKNOWN_SHOWN else "")
        labels.append(f"{table_name}.{column}: {f'unknown {shown}' if unknown else f'all {len(codes):,} known'}")
        counts.append(float(len(unknown)))
    return labelled(labels, counts)


@expectation(
    table="countries",
    severity="error",
    expected="Every country code in any table has a row in countries.",
    meaning="An undefined code: its rows count in totals, but nobody can say which country they belong to.",
    unit="codes",
    high=0,
)
def countries_are_named(load: Load) -> pd.Series:
    """Country codes without a row in `countries`, by table and column."""
    return _unknown(load, list(_country_columns()), load("countries")["iso3"])


@expectation(
    table="products",
    severity="error",
    expected="Every six-digit code in any table of trade and measures has a row in products.",
    meaning="Goods without material and stage belong to no group: totals by group omit them without notice.",
    unit="codes",
    high=0,
)
def products_are_known(load: Load) -> pd.Series:
    """Six-digit codes without a row in `products`, by table and column."""
    columns = [(table_name, column) for table_name, column in _columns_named("hs6") if table_name not in ANY_GOODS]
    return _unknown(load, columns, load("products")["hs6"])


@expectation(
    table="documents",
    severity="error",
    expected="Every document_id in any table has a row in documents.",
    meaning="The source of a figure cannot be looked up.",
    unit="documents",
    high=0,
)
def documents_are_listed(load: Load) -> pd.Series:
    """Documents cited but not in `documents`, by table."""
    return _unknown(load, _columns_named("document_id"), load("documents")["document_id"])


@expectation(
    table="policy_events",
    severity="error",
    expected="Every act that another table of the register refers to is in policy_events.",
    meaning="A status without its act: counts of measures in force omit it or include an act that is not described.",
    unit="acts",
    high=0,
)
def acts_are_registered(load: Load) -> pd.Series:
    """Acts that other tables of the register name and `policy_events` lacks, by column."""
    columns = [(table_name, "event_id") for table_name in ("policy_status", "policy_sources", "policy_hs")]
    columns.append(("policy_status", "superseded_by"))
    return _unknown(load, columns, load("policy_events")["event_id"])
