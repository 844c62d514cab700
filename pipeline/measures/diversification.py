"""How far blocs buy elsewhere than from China, and what plants outside China could make."""

from collections.abc import Callable
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from pipeline.measures.helpers import trade
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables, equal, selected
from pipeline.measures.helpers.shares import shares
from pipeline.measures.helpers.trade import EXACT
from pipeline.schemas import table as t
from pipeline.schemas.diversification import Diversification

OUTSIDE_CHINA = "outside_china"
LIVE = ("operating", "construction", "planned")
# The capacities whose tonnes are comparable: stage, basis as published, products.
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

    A group counts in years in which all its codes are held whole. Capacity is summed where SUMMED says that tonnes are
    comparable; a plant that another counted row covers (`part_of`) is not counted beside it, nor is one whose text gives no date.
    Raises NotWhole (see trade.whole_years).
    """
    flows = trade.with_clean_kg(trade.whole_groups(trade_flows, products), flow_outliers)
    imports = _imports(flows, blocs)
    capacity = _capacity(facilities, blocs)
    rows = pd.concat([imports, _compared_with_demand(capacity, imports, _from_china(flows), china_output)], ignore_index=True)
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
    """Tonnes that left China by year and group, without flow_outliers."""
    sent = flows.filter((_.exporter == "CHN") & (_.importer != "CHN")).group_by("year", "group")
    return sent.agg(t=_.clean_kg.sum().cast(EXACT).cast("float64") / 1000).to_pyarrow().to_pandas().dropna()


def _capacity(facilities: pd.DataFrame, blocs: pd.DataFrame) -> pd.DataFrame:
    """Capacity operating and announced by bloc, one row a basis; a bloc without a plant of the stage has none."""
    outside = _outside_china(facilities)
    if outside.empty:
        return pd.DataFrame()
    newest = int(outside["as_of"].str[:4].max())
    places = {bloc: set(members) for bloc, members in blocs.groupby("bloc")["iso3"]} | {OUTSIDE_CHINA: set(outside["country"])}
    rows = []
    for (group, basis), (stage, published_basis, products) in SUMMED.items():
        of_stage = outside[outside["stage"] == stage]
        same = of_stage["capacity_basis"].fillna("").str.fullmatch(published_basis) & of_stage["products"].str.fullmatch(products)
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


def _outside_china(facilities: pd.DataFrame) -> pd.DataFrame:
    """Plants outside China, operating to planned, whose text has a date."""
    return facilities[(facilities["country"] != "CHN") & facilities["status"].isin(LIVE) & (facilities["as_of"] != "undated")]


def _not_covered(plants: pd.DataFrame) -> pd.DataFrame:
    """Plants that no other of them covers as its part."""
    names = pd.MultiIndex.from_frame(plants[["facility", "phase"]])
    return plants[~pd.MultiIndex.from_frame(plants[["part_of", "part_of_phase"]]).isin(names)]


def _summed(plants: pd.DataFrame) -> tuple[float | None, float | None]:
    """Least and most capacity together, None where none is published."""
    counted = _not_covered(plants)
    low, high = (counted["capacity"].fillna(counted[end]).sum(min_count=1) for end in ("capacity_low", "capacity_high"))
    return (None, None) if pd.isna(low) else (float(low), float(high))


def _published_demand(china_output: pd.DataFrame) -> pd.DataFrame:
    demand = china_output[(china_output["measure"] == "demand_outside_china") & (china_output["basis"] == "REO")]
    return demand.dropna(subset=["year", "value"])


def _compared_with_demand(
    capacity: pd.DataFrame, imports: pd.DataFrame, from_china: pd.DataFrame, china_output: pd.DataFrame
) -> pd.DataFrame:
    """Capacity and the demand it could meet: of magnets the bloc's imports, of REO the published demand outside China."""
    if capacity.empty:
        return capacity
    demands = []
    for year, value in _published_demand(china_output)[["year", "value"]].itertuples(index=False):
        demands.append((OUTSIDE_CHINA, "compounds", year, value, "demand outside China as printed, t REO"))
    bought = imports[(imports["basis"] == "quantity_clean") & (imports["group"] == "magnets")]
    for row in bought.to_dict("records"):
        demands.append((row["bloc"], "magnets", row["year"], row["imports"], "imports from outside the bloc, gross t"))
    for year, tonnes in from_china.loc[from_china["group"] == "magnets", ["year", "t"]].itertuples(index=False):
        demands.append((OUTSIDE_CHINA, "magnets", year, tonnes, "imports from China, gross t"))
    demand = pd.DataFrame(demands, columns=["bloc", "group", "demand_year", "demand", "demand_basis"])
    newest = demand.sort_values(["bloc", "group", "demand_year"]).drop_duplicates(["bloc", "group"], keep="last")
    table = capacity.merge(newest, on=["bloc", "group"], how="left")
    table["demand_met_operating"] = table["capacity_operating"] / table["demand"]
    announced = table["capacity_operating"].fillna(0.0) + table["capacity_announced"]
    table["demand_met_with_announced"] = announced / table["demand"]
    return table


def _members(row: Key, tables: Tables) -> list[str]:
    blocs = tables.load_table("blocs")
    return blocs.loc[blocs["bloc"] == row["bloc"], "iso3"].tolist()


def _trade(row: Key, tables: Tables) -> tuple[str, Callable[[Any], Any]] | None:
    """The row's trade in words, and the condition on flows (a frame or an expression); of capacity the demand's, if traded."""
    if row["basis"].startswith("capacity") and (row["group"] != "magnets" or pd.isna(row["demand_year"])):
        return None
    year = row["demand_year"] if row["basis"].startswith("capacity") else row["year"]
    codes = trade.codes_of(tables.load_table("products"), row["group"])
    words = f"rows of year {year}, hs6 {', '.join(codes)}"
    if row["bloc"] == OUTSIDE_CHINA:
        china = ["CHN"]
        return (
            words + ", out of China",
            lambda f: (f["year"] == int(year)) & f["hs6"].isin(codes) & f["exporter"].isin(china) & ~f["importer"].isin(china),
        )
    members = _members(row, tables)
    return (
        words + f", into {row['bloc']} from outside it",
        lambda f: (f["year"] == int(year)) & f["hs6"].isin(codes) & f["importer"].isin(members) & ~f["exporter"].isin(members),
    )


def _flows(row: Key, tables: Tables) -> InputRows:
    if not (found := _trade(row, tables)):
        return "none: capacity is of plants, and demand for compounds is published", pd.DataFrame()
    words, condition = found
    flows = tables.scan_table("trade_flows")
    flows = flows.filter(condition(flows)).order_by(ibis.desc("value_kusd"), "exporter", "importer", "hs6")
    return words + ", the largest first", flows.to_pandas()


def _outliers(row: Key, tables: Tables) -> InputRows:
    if not (found := _trade(row, tables)):
        return "none: no trade is read", pd.DataFrame()
    words, condition = found
    outliers = tables.load_table("flow_outliers")
    return words + ", which quantity_clean excludes", outliers[condition(outliers)]


def _plants(row: Key, tables: Tables) -> InputRows:
    if not row["basis"].startswith("capacity"):
        return "none: imports are of trade_flows", pd.DataFrame()
    stage, *_published = SUMMED[row["group"], row["basis"]]
    plants = equal(_outside_china(tables.load_table("facilities")), {"stage": stage})
    if row["bloc"] != OUTSIDE_CHINA:
        plants = plants[plants["country"].isin(_members(row, tables))]
    words = f"plants of stage {stage} in {row['bloc']}, operating to planned"
    return words, plants.sort_values(["facility", "phase", "products"])


LINEAGE: dict[tuple[str, str], Rule] = {
    ("diversification", "trade_flows"): _flows,
    ("diversification", "flow_outliers"): _outliers,
    ("diversification", "facilities"): _plants,
    ("diversification", "china_output"): selected(
        "china_output", _published_demand, [], only={"bloc": OUTSIDE_CHINA, "group": "compounds"}, year="demand_year"
    ),
}
