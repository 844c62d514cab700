"""How far blocs buy elsewhere than from China, and what plants outside China could make."""

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from pipeline.measures.helpers import trade
from pipeline.measures.helpers.input_rows import InputRows, Key, Tables, in_words, where_equal
from pipeline.measures.helpers.shares import shares
from pipeline.measures.helpers.trade import EXACT
from pipeline.schemas import table as t
from pipeline.schemas.diversification import Diversification

EVERYWHERE = "outside_china"
LIVE = ("operating", "construction", "planned")
# The capacities that weigh the same: stage, basis as printed, products. All others differ in what a tonne is of.
SUMMED = {
    ("compounds", "capacity_reo"): ("separation", r"t REO/yr", r".*"),
    ("magnets", "capacity_magnets"): ("magnet", r"t( NdFeB magnets)?/yr( total.*| target)?", r".*NdFeB.*"),
}


def diversification(
    trade_flows: ir.Table,
    flow_outliers: pd.DataFrame,
    products: pd.DataFrame,
    blocs: pd.DataFrame,
    facilities: pd.DataFrame,
    china_output: pd.DataFrame,
) -> pd.DataFrame:
    """Imports of blocs by origin, and capacity outside China, one row a year, bloc, group and basis (columns of Diversification).

    A group counts in years in which all its codes are held whole. Capacity is summed where SUMMED says that it weighs the same;
    a plant that another counted row covers (`part_of`) is not counted beside it, nor is one whose text gives no date.
    Raises NotWhole (see trade.whole_years).
    """
    flows = trade.with_clean_kg(trade.whole_groups(trade_flows, products), flow_outliers)
    imports = _imports(flows, blocs)
    capacity = _capacity(facilities, blocs)
    rows = pd.concat([imports, _held_against(capacity, imports, _from_china(flows), china_output)], ignore_index=True)
    return t.frame(Diversification, rows)


def _imports(flows: ir.Table, blocs: pd.DataFrame) -> pd.DataFrame:
    members = trade.memtable(blocs[["bloc", "iso3"]])
    bought = flows.join(members, flows.importer == members.iso3).drop("iso3")
    within = members.rename(of="bloc", exporter="iso3")
    from_outside = bought.anti_join(within, [bought.bloc == within.of, bought.exporter == within.exporter])
    group = ["year", "bloc", "group"]
    amounts = from_outside.group_by([*group, "exporter"]).agg(
        value=_.usd.sum().cast(EXACT), quantity=_.kg.sum().cast(EXACT), quantity_clean=_.clean_kg.sum().cast(EXACT)
    )
    by_origin = shares(amounts, group, "exporter", ["value", "quantity", "quantity_clean"], {})
    table = by_origin.select(
        *group, "basis", "effective_suppliers", non_china_share=1 - _.china_share, suppliers=_.members, imports=_.total
    )
    return table.to_pyarrow().to_pandas()


def _from_china(flows: ir.Table) -> pd.DataFrame:
    """Tonnes that left China by year and group, flows set aside not among them."""
    sent = flows.filter((_.exporter == "CHN") & (_.importer != "CHN")).group_by("year", "group")
    return sent.agg(t=_.clean_kg.sum().cast(EXACT).cast("float64") / 1000).to_pyarrow().to_pandas().dropna()


def _capacity(facilities: pd.DataFrame, blocs: pd.DataFrame) -> pd.DataFrame:
    """Capacity operating and announced by bloc, one row a basis; a bloc without a plant of the stage has none."""
    outside = facilities[(facilities["country"] != "CHN") & facilities["status"].isin(LIVE) & (facilities["as_of"] != "undated")]
    if outside.empty:
        return pd.DataFrame()
    newest = int(outside["as_of"].str[:4].max())
    places = {bloc: set(members) for bloc, members in blocs.groupby("bloc")["iso3"]} | {EVERYWHERE: set(outside["country"])}
    rows = []
    for (group, basis), (stage, printed_basis, products) in SUMMED.items():
        of_stage = outside[outside["stage"] == stage]
        same = of_stage["capacity_basis"].fillna("").str.fullmatch(printed_basis) & of_stage["products"].str.fullmatch(products)
        for bloc, countries in places.items():
            here = of_stage["country"].isin(list(countries))
            counted, left_out = of_stage[here & same], of_stage[here & ~same]
            if len(counted) or len(left_out):
                operating = _summed(counted[counted["status"] == "operating"])
                whole = _summed(counted)
                more = [None if w is None else w - (o or 0.0) for w, o in zip(whole, operating, strict=True)]
                rows.append(
                    {
                        "year": newest,
                        "bloc": bloc,
                        "group": group,
                        "basis": basis,
                        "capacity_operating": operating[0],
                        "capacity_operating_high": operating[1],
                        "capacity_announced": more[0],
                        "capacity_announced_high": more[1],
                        "plants": len(_not_covered(counted)),
                        "plants_left_out": len(_not_covered(left_out)),
                    }
                )
    return pd.DataFrame(rows)


def _not_covered(plants: pd.DataFrame) -> pd.DataFrame:
    """Plants that no other of them covers as its part."""
    names = pd.MultiIndex.from_frame(plants[["facility", "phase"]])
    return plants[~pd.MultiIndex.from_frame(plants[["part_of", "part_of_phase"]]).isin(names)]


def _summed(plants: pd.DataFrame) -> tuple[float | None, float | None]:
    """Least and most capacity together, None where none is printed."""
    counted = _not_covered(plants)
    low, high = (counted["capacity"].fillna(counted[end]).sum(min_count=1) for end in ("capacity_low", "capacity_high"))
    return (None, None) if pd.isna(low) else (float(low), float(high))


def _held_against(
    capacity: pd.DataFrame, imports: pd.DataFrame, from_china: pd.DataFrame, china_output: pd.DataFrame
) -> pd.DataFrame:
    """Capacity beside the demand it could meet: of magnets the bloc's imports, of REO the printed demand outside China."""
    if capacity.empty:
        return capacity
    demands = []
    printed = china_output[(china_output["measure"] == "demand_outside_china") & (china_output["basis"] == "REO")]
    for year, value in printed[["year", "value"]].dropna().itertuples(index=False):
        demands.append((EVERYWHERE, "compounds", year, value, "demand outside China as printed, t REO"))
    bought = imports[(imports["basis"] == "quantity_clean") & (imports["group"] == "magnets")]
    for row in bought.to_dict("records"):
        demands.append((row["bloc"], "magnets", row["year"], row["imports"], "imports from outside the bloc, gross t"))
    for year, tonnes in from_china.loc[from_china["group"] == "magnets", ["year", "t"]].itertuples(index=False):
        demands.append((EVERYWHERE, "magnets", year, tonnes, "imports from China, gross t"))
    demand = pd.DataFrame(demands, columns=["bloc", "group", "demand_year", "demand", "demand_basis"])
    newest = demand.sort_values(["bloc", "group", "demand_year"]).drop_duplicates(["bloc", "group"], keep="last")
    table = capacity.merge(newest, on=["bloc", "group"], how="left")
    table["demand_met_operating"] = table["capacity_operating"] / table["demand"]
    announced = table["capacity_operating"].fillna(0.0) + table["capacity_announced"]
    table["demand_met_with_announced"] = announced / table["demand"]
    return table


# Which rows stand behind one, for `reo explain`.


def _members(row: Key, tables: Tables) -> list[str]:
    blocs = tables.load_table("blocs")
    return blocs.loc[blocs["bloc"] == row["bloc"], "iso3"].tolist()


def _bought(row: Key, tables: Tables) -> InputRows:
    if row["basis"].startswith("capacity"):
        return "none: capacity is of plants", pd.DataFrame()
    members, products = _members(row, tables), tables.load_table("products")
    codes = trade.codes_of(products, row["group"])
    flows = where_equal(tables.scan_table("trade_flows"), {"year": row["year"]}).filter(_.hs6.isin(codes))
    flows = flows.filter(_.importer.isin(members), _.exporter.notin(members))
    sums = flows.group_by("exporter").agg(value_kusd=_.value_kusd.sum(), quantity_t=_.quantity_t.sum(), flows=_.count())
    words = f"rows of year {row['year']}, hs6 {', '.join(codes)}, importer in {row['bloc']}, from outside it, by exporter"
    return words, sums.order_by(ibis.desc("value_kusd"), "exporter").to_pandas()


def _set_aside(row: Key, tables: Tables) -> InputRows:
    members, products = _members(row, tables), tables.load_table("products")
    codes = trade.codes_of(products, row["group"])
    outliers = where_equal(tables.scan_table("flow_outliers"), {"year": row["year"]}).to_pandas()
    chosen = outliers["hs6"].isin(codes) & outliers["importer"].isin(members) & ~outliers["exporter"].isin(members)
    return f"flows into {row['bloc']} in {row['year']} that quantity_clean leaves out", outliers[chosen]


def _plants(row: Key, tables: Tables) -> InputRows:
    if not row["basis"].startswith("capacity"):
        return "none: imports are of trade_flows", pd.DataFrame()
    stage, *_printed = SUMMED[row["group"], row["basis"]]
    plants = where_equal(tables.scan_table("facilities"), {"stage": stage}).to_pandas()
    plants = plants[(plants["country"] != "CHN") & plants["status"].isin(LIVE) & (plants["as_of"] != "undated")]
    if row["bloc"] != EVERYWHERE:
        plants = plants[plants["country"].isin(_members(row, tables))]
    words = f"plants of stage {stage} in {row['bloc']}, operating to planned"
    return words, plants.sort_values(["facility", "phase", "products"])


def _printed_demand(row: Key, tables: Tables) -> InputRows:
    if (row["bloc"], row["group"]) != (EVERYWHERE, "compounds"):
        return "none: its demand is not printed", pd.DataFrame()
    values = {"measure": "demand_outside_china"}
    return in_words(values), where_equal(tables.scan_table("china_output"), values).order_by("year").to_pandas()


LINEAGE = {
    ("diversification", "trade_flows"): _bought,
    ("diversification", "flow_outliers"): _set_aside,
    ("diversification", "facilities"): _plants,
    ("diversification", "china_output"): _printed_demand,
}
