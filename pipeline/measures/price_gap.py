"""Prices outside China over prices inside, month by month (docs/methods/price_gap.md)."""

import pandas as pd

from pipeline.measures.disagreements import OPEN_PRICES
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables, in_words, where_equal
from pipeline.schemas import table as t
from pipeline.schemas.price_gap import PriceGap

KEY = ["month", "element", "form"]
INSIDE, OUTSIDE, FOB = "china_domestic", "europe", "fob_china"
# A price outside that says neither oxide nor metal is compared with the oxide inside, in rows of its own.
NO_FORM, COMPARED_WITH = "not_printed", "oxide"
READ = ("value", "midpoint")


def price_gap(prices_tidy: pd.DataFrame) -> pd.DataFrame:
    """Median prices inside and outside China and their ratio by month, element and form (columns of PriceGap).

    Dollars per kilogram. Inside are quotations of China's home market, outside those of Europe; export prices free on board
    are given for comparison and are neither. Each published figure counts once; bounds, prices of quarters and years, and
    figures whose unit is inferred are not read. Months with one side only have no row. ratio_without_vat removes the VAT from
    each quotation that includes it, and is null where one inside does not say.
    """
    rows = _read(prices_tidy)
    without = rows["usd_per_kg"] / (1 + rows["vat_rate"].fillna(0.0))
    rows = rows.assign(without_vat=without.where(rows["vat"] != "unknown"), unknown=rows["vat"] == "unknown")
    inside = rows[(rows["market"] == INSIDE) & (rows["form"] != NO_FORM)]
    export = rows[(rows["market"] == FOB) & (rows["form"] != NO_FORM)]
    again = [part[part["form"] == COMPARED_WITH].assign(form=NO_FORM) for part in (inside, export)]
    inside, export = pd.concat([inside, again[0]]), pd.concat([export, again[1]])
    table = _side(rows[rows["market"] == OUTSIDE], "outside").join(_side(inside, "inside"), how="inner")
    table = table.join(_side(export, "fob"), how="left")
    table["ratio"] = table["outside"] / table["inside"]
    table["ratio_low"] = table["outside_low"] / table["inside_high"]
    table["ratio_high"] = table["outside_high"] / table["inside_low"]
    table["ratio_without_vat"] = (table["outside"] / table["inside_without_vat"]).mask(table["inside_unknown"].astype("bool"))
    table["fob_quotations"] = table["fob_quotations"].fillna(0).astype("int64")
    sources = table[["inside_restricted", "outside_restricted", "fob_restricted"]].astype("str")
    table["restricted_source_id"] = sources.bfill(axis=1).iloc[:, 0].astype("str")
    table = table.rename(columns={"fob": "fob_china", "inside_vat_rate": "vat_rate"})
    return t.frame(PriceGap, table.reset_index())


def _read(prices_tidy: pd.DataFrame) -> pd.DataFrame:
    rows = prices_tidy[prices_tidy["preferred"] & ~prices_tidy["unit_inferred"] & prices_tidy["reading"].isin(READ)]
    return rows[rows["month"].notna() & rows["usd_per_kg"].notna()]


def _side(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """By KEY: the side's median, lowest and highest price, quotations, and what is known of VAT and terms."""
    restricted = rows["source_id"].where(rows["source_id"] != OPEN_PRICES)
    groups = rows.assign(restricted=restricted).groupby(KEY)
    return groups.agg(
        **{
            name: ("usd_per_kg", "median"),
            f"{name}_low": ("usd_per_kg", "min"),
            f"{name}_high": ("usd_per_kg", "max"),
            f"{name}_quotations": ("usd_per_kg", "size"),
            f"{name}_without_vat": ("without_vat", "median"),
            f"{name}_unknown": ("unknown", "any"),
            f"{name}_vat_rate": ("vat_rate", "max"),
            f"{name}_restricted": ("restricted", "min"),
        }
    )


def _quotations(row: Key, tables: Tables) -> InputRows:
    """The quotations of a month and element on the three markets, in the forms that are compared."""
    values = {"month": row["month"], "element": row["element"]}
    rows = _read(where_equal(tables.scan_table("prices_tidy"), values).to_pandas())
    of_form = rows["form"] == row["form"]
    if row["form"] == NO_FORM:
        of_form = (of_form & (rows["market"] == OUTSIDE)) | ((rows["form"] == COMPARED_WITH) & (rows["market"] != OUTSIDE))
    return in_words({**values, "form": row["form"]}), rows[of_form & rows["market"].isin([INSIDE, OUTSIDE, FOB])]


LINEAGE: dict[tuple[str, str], Rule] = {("price_gap", "prices_tidy"): _quotations}
