"""Trade described by single months: totals, unit values and changes, as far as published."""

import math

import pandas as pd

from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables, in_words, where_equal
from pipeline.schemas import table as t
from pipeline.schemas.trade_by_month import TradeByMonth

GROUP = ["reporter", "flow", "product", "kind", "source_id"]
KEY = ["month", *GROUP]
# Partners that are not countries: never summed with others, nor a largest partner.
GROUPS_OF_PARTNERS = r"^(WLD|EUU|ROW|X_.*)$"
TOTALS = {"WLD": "world", "X_LIST40": "fixed_list"}
# A published total rounded to a tenth of a tonne may be a little less than the sum of its partners.
ROUNDED_T = 0.1


def trade_by_month(trade_monthly: pd.DataFrame) -> pd.DataFrame:
    """Trade by reporter, flow, product, kind, source and single month (columns of TradeByMonth).

    Preferred rows of single months only. The total is the one reported for the world, else that of the derived collection's
    fixed list, else, of a data set, our sum of its partners without returned goods; published months that name partners
    only have no row. A unit value divides value and tonnage of the same total basis, never of two.
    """
    months = _single_months(trade_monthly).rename(columns={"period_start": "month"})
    countries = months[~months["partner"].str.fullmatch(GROUPS_OF_PARTNERS) & (months["partner"] != months["reporter"])]
    table = pd.concat([_reported(months), _summed(countries)], ignore_index=True)
    order = {"world": 0, "fixed_list": 1, "partners": 2}
    table = table.sort_values("total_basis", key=lambda basis: basis.map(order)).drop_duplicates(KEY).sort_values(KEY)
    table = table.merge(months.groupby(KEY, as_index=False)["hs_code"].min(), on=KEY)
    table = table.merge(countries.groupby(KEY)["partner"].nunique().rename("partners"), on=KEY, how="left")
    table = table.merge(_largest(countries), on=KEY, how="left")
    table["partners"] = table["partners"].fillna(0).astype("int64")
    share = table["largest_t"] / table["quantity_t"]
    unnamed = table["quantity_t"] - table["named_t"]
    sure = (table["total_basis"] == "world") & (table["largest_t"] >= unnamed) & (unnamed >= -ROUNDED_T) & (share <= 1)
    table["largest_partner"] = table["largest_partner"].where(sure)
    table["largest_partner_share"] = share.where(sure)
    return t.frame(TradeByMonth, _changes(table))


def _single_months(trade_monthly: pd.DataFrame) -> pd.DataFrame:
    """Preferred rows of one month."""
    return trade_monthly[trade_monthly["preferred"] & (trade_monthly["period_start"] == trade_monthly["period_end"])]


def _reported(months: pd.DataFrame) -> pd.DataFrame:
    """Totals as reported, one column per measure."""
    totals = months[months["partner"].isin(list(TOTALS))]
    totals = totals.assign(total_basis=totals["partner"].map(TOTALS))
    wide = _wide(totals, [*KEY, "total_basis"])
    computed = wide["value"] / wide["quantity"].where(wide["quantity"] > 0)
    return pd.DataFrame(
        {
            **{name: wide[name] for name in (*KEY, "total_basis")},
            "quantity_t": wide["quantity"],
            "value_kusd": wide["value"],
            "usd_per_kg": computed.fillna(wide["unit_value"]),
            "usd_per_kg_printed": computed.isna() & wide["unit_value"].notna(),
        }
    )


def _summed(countries: pd.DataFrame) -> pd.DataFrame:
    """Sums over the partners of data sets, exact in any order of addition."""
    wide = _wide(countries[countries["kind"] == "data_set"], [*KEY, "partner"])
    both = wide["value"].notna() & (wide["quantity"] > 0)
    wide = wide.assign(value_of_both=wide["value"].where(both), quantity_of_both=wide["quantity"].where(both))
    measures = ["value", "quantity", "value_of_both", "quantity_of_both"]
    sums = wide.groupby(KEY)[measures].agg(_sum).astype("float64").reset_index()
    return pd.DataFrame(
        {
            **{name: sums[name] for name in KEY},
            "total_basis": "partners",
            "quantity_t": sums["quantity"],
            "value_kusd": sums["value"],
            "usd_per_kg": sums["value_of_both"] / sums["quantity_of_both"],
            "usd_per_kg_printed": False,
        }
    )


def _sum(amounts: "pd.Series[float]") -> float | None:
    known = amounts.dropna()
    return math.fsum(known) if len(known) else None


def _wide(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    wide = rows.pivot(index=key, columns="measure", values="value")
    return wide.reindex(columns=["quantity", "value", "unit_value"]).astype("float64").rename_axis(columns=None).reset_index()


def _largest(countries: pd.DataFrame) -> pd.DataFrame:
    """The partner with the most tonnes (of equals the first by code), and the tonnes of all partners named."""
    tonnes = countries[countries["measure"] == "quantity"].sort_values(["value", "partner"], ascending=[False, True])
    largest = tonnes.drop_duplicates(KEY).rename(columns={"partner": "largest_partner", "value": "largest_t"})
    named = tonnes.groupby(KEY)["value"].agg(_sum).astype("float64").rename("named_t")
    return largest[[*KEY, "largest_partner", "largest_t"]].merge(named, on=KEY)


def _changes(table: pd.DataFrame) -> pd.DataFrame:
    """The table with changes on the same month a year before, of the same total, and the gap before each month."""
    number = table["month"].str[:4].astype("int64") * 12 + table["month"].str[5:].astype("int64")
    same = [*GROUP, "total_basis", "number"]
    amounts = {"quantity_t": "quantity_change", "value_kusd": "value_change", "usd_per_kg": "usd_per_kg_change"}
    table = table.assign(number=number)
    before = table.assign(number=number + 12)[[*same, *amounts]]
    both = table.merge(before, on=same, how="left", suffixes=("", "_before"))
    for amount, change in amounts.items():
        base = both[f"{amount}_before"]
        both[change] = both[amount] / base.where(base > 0) - 1
    both["gap_months"] = (both["number"] - both.groupby(GROUP)["number"].shift() - 1).astype("Int64")
    return both


def _rows_of_month(row: Key, tables: Tables) -> InputRows:
    values = {**{name: row[name] for name in GROUP}, "period_start": row["month"]}
    rows = _single_months(where_equal(tables.scan_table("trade_monthly"), values).to_pandas())
    return f"preferred {in_words(values)} alone", rows.sort_values(["measure", "value", "partner"], ascending=[True, False, True])


LINEAGE: dict[tuple[str, str], Rule] = {("trade_by_month", "trade_monthly"): _rows_of_month}
