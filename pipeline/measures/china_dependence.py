"""China's share of the main importers' purchases on every basis that the tables hold, side by side."""

import ibis.expr.types as ir
import pandas as pd
from ibis import _

from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables, in_words
from pipeline.schemas import table as t
from pipeline.schemas.china_dependence import ChinaDependence

# Main importers buy at least this part of what all countries import of the three groups in a year, by value.
LEAST_PART = 0.005
BY_TRADE = ("value", "quantity_clean")
# The quantities of 850511 hold other magnets: shares of tonnes of it say little of rare-earth magnets.
NOT_BY_TONNES = "magnets"
UNITS = {"value": "kUSD", "quantity_clean": "t gross"}
ORIGIN = {
    "reo_shipped": ("china_trade_share", None, None),
    "reo_direct": ("direct_china_share", None, None),
    "reo_origin": ("total_china_origin_share", "total_china_origin_share_low", "total_china_origin_share_high"),
}


def china_dependence(
    import_dependence: ir.Table, products: pd.DataFrame, indirect_dependence: pd.DataFrame, us_statistics: pd.DataFrame
) -> pd.DataFrame:
    """China's share by year, main importer, goods and basis (columns of ChinaDependence).

    Shares of a group are those of its codes together, weighted by their totals. Importers count in years in which they buy at
    least 0.5 % of all imports of the three groups by value; EUU buys from outside its members and is no part of that sum.
    """
    by_code = _by_code(import_dependence, products)
    value = by_code[by_code["basis"] == "value"].groupby(["year", "importer"])["total"].sum()
    world = value.drop("EUU", level="importer", errors="ignore").groupby("year").sum()
    main = value[value.div(world, level="year") >= LEAST_PART].index
    rows = pd.concat([by_code, _by_group(by_code), _by_origin(indirect_dependence)], ignore_index=True)
    rows = rows[pd.MultiIndex.from_frame(rows[["year", "importer"]]).isin(main)]
    return t.frame(ChinaDependence, pd.concat([rows, _published(us_statistics)], ignore_index=True))


def _by_code(import_dependence: ir.Table, products: pd.DataFrame) -> pd.DataFrame:
    codes = products.dropna(subset=["group"]).drop_duplicates(["hs6", "group"])[["hs6", "group"]]
    wanted = import_dependence.filter(_.hs6.isin(codes["hs6"].tolist()), _.basis.isin(BY_TRADE))
    frame = wanted.select("year", "importer", "hs6", "basis", "china_share", "total").to_pyarrow().to_pandas()
    frame = frame.merge(codes, on="hs6").sort_values(["year", "importer", "hs6", "basis"], kind="stable")
    frame = frame[(frame["basis"] == "value") | (frame["group"] != NOT_BY_TONNES)]
    return frame.assign(goods=frame["hs6"], unit=frame["basis"].map(UNITS), source_table="import_dependence")


def _by_group(by_code: pd.DataFrame) -> pd.DataFrame:
    key = ["year", "importer", "group", "basis", "unit", "source_table"]
    weighted = by_code.assign(china=by_code["china_share"] * by_code["total"])
    sums = weighted.groupby(key)[["china", "total"]].sum().reset_index()
    return sums.assign(goods=sums["group"], china_share=sums["china"] / sums["total"])


def _by_origin(indirect_dependence: pd.DataFrame) -> pd.DataFrame:
    # Magnets have no feed: their rows say included.
    kept = indirect_dependence[(indirect_dependence["feed"] == "excluded") | (indirect_dependence["group"] != "compounds")]
    parts = []
    for basis, (share, low, high) in ORIGIN.items():
        part = kept.assign(
            goods=kept["group"],
            basis_of_share=basis,
            china_share=kept[share],
            china_share_low=kept[low] if low else None,
            china_share_high=kept[high] if high else None,
            total=kept["imports_t"],
            unit=kept["basis"].map({"REO": "t REO", "gross": "t gross"}),
            source_table="indirect_dependence",
        )
        parts.append(part.drop(columns="basis").rename(columns={"basis_of_share": "basis"}))
    return pd.concat(parts, ignore_index=True).dropna(subset=["china_share"])


def _published(us_statistics: pd.DataFrame) -> pd.DataFrame:
    """Import sources of the United States as USGS publishes them; a share below or above a bound has no figure."""
    rows = us_statistics[(us_statistics["measure"] == "import_source_share") & (us_statistics["partner"] == "CHN")]
    rows = rows[(rows["material"] == "rare_earths") & rows["value"].notna() & rows["period"].notna()]
    rows = rows[rows["item"].str.contains("compounds and metals", case=False)]
    start, end = rows["period"].str[:2], rows["period"].str.extract(r"(\d{2})$", expand=False)
    rows = rows.assign(year=(start + end).astype("int64"), importer="USA", goods="compounds and metals")
    rows = rows.sort_values("edition", kind="stable").drop_duplicates("year", keep="last")
    return rows.assign(basis="published_import_sources", china_share=rows["value"] / 100, unit="1", source_table="us_statistics")[
        ["year", "importer", "goods", "basis", "china_share", "unit", "source_table"]
    ]


def _codes(row: Key, tables: Tables) -> InputRows:
    if row["source_table"] != "import_dependence":
        return f"none: read from {row['source_table']}", pd.DataFrame()
    products = tables.load_table("products")
    codes = sorted(set(products.loc[products["group"] == row["goods"], "hs6"])) or [row["goods"]]
    values = {name: row[name] for name in ("year", "importer", "basis")}
    rows = tables.scan_table("import_dependence")
    rows = rows.filter(*[rows[name] == value for name, value in values.items()], rows.hs6.isin(codes)).to_pandas()
    return in_words({**values, "hs6": ", ".join(codes)}), rows


def _origins(row: Key, tables: Tables) -> InputRows:
    rows = tables.load_table("indirect_dependence")
    if row["source_table"] != "indirect_dependence":
        return f"none: read from {row['source_table']}", rows.head(0)
    own = (rows["year"] == row["year"]) & (rows["importer"] == row["importer"]) & (rows["group"] == row["goods"])
    return in_words({"year": row["year"], "importer": row["importer"], "group": row["goods"]}), rows[own]


LINEAGE: dict[tuple[str, str], Rule] = {
    ("china_dependence", "import_dependence"): _codes,
    ("china_dependence", "indirect_dependence"): _origins,
}
