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
    ("rare_earth_magnets", "capacity_magnets"): ("magnet", r"t( NdFeB magnets)?/yr( total.*| target)?", r".*NdFeB.*"),
}
# What each capacity is, in words.
WEIGHED = {"capacity_reo": "t REO a year, as published", "capacity_magnets": "t NdFeB magnets a year, as published"}
# A demand is compared with capacity if it is of this many years before the newest text on plants, or later.
MOST_YEARS_BEFORE = 2
# The group whose code holds magnets of other metals too, so that its tonnes are not compared: it counts by value only.
BY_VALUE_ONLY = "magnets"
MAGNETS = "rare_earth_magnets"


def diversification(
    trade_flows: ir.Table,
    flow_outliers: pd.DataFrame,
    products: pd.DataFrame,
    blocs: pd.DataFrame,
    facilities: pd.DataFrame,
    china_output: pd.DataFrame,
    stage_shares: pd.DataFrame,
    rare_earth_magnets: pd.DataFrame,
) -> pd.DataFrame:
    """Imports of blocs by origin, and capacity outside China, one row a year, bloc, group and basis (columns of Diversification).

    A group counts in years in which all its codes are held whole. Capacity is summed where SUMMED says that tonnes are
    comparable; a plant that another counted row covers (`part_of`) is not counted beside it, nor is one whose text gives no date.
    It is divided by a demand of the same basis and time only, and not where a country known to produce (stage_shares) has no
    plant in the sum.
    Raises NotWhole (see trade.whole_years).
    """
    flows = trade.with_clean_kg(trade.whole_groups(trade_flows, products), flow_outliers)
    capacity = _compared_with_demand(_capacity(facilities, blocs, stage_shares), china_output)
    rows = pd.concat([_imports(flows, blocs), _magnets(rare_earth_magnets, blocs), capacity], ignore_index=True)
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
    return table.filter((_.group != BY_VALUE_ONLY) | (_.basis == "value")).to_pyarrow().to_pandas()


def _magnets(rare_earth_magnets: pd.DataFrame, blocs: pd.DataFrame) -> pd.DataFrame:
    """Tonnes of rare-earth magnets into blocs, as intervals: of exporters other than China they are none to all of HS 850511.

    Of years in which those exporters have rows, flows without tonnes left out; central figures are null where an exporter's is.
    """
    others = rare_earth_magnets.loc[rare_earth_magnets["basis"] == "hs850511_interval", "year"]
    rows = rare_earth_magnets[rare_earth_magnets["year"].isin(others) & (rare_earth_magnets["exporter"] != "EUU")]
    members = pd.MultiIndex.from_frame(blocs[["bloc", "iso3"]])
    bought = rows.merge(blocs[["bloc", "iso3"]], left_on="importer", right_on="iso3")
    bought = bought[~pd.MultiIndex.from_frame(bought[["bloc", "exporter"]]).isin(members) & (bought["quantity_t_high"] > 0)]
    china = bought["exporter"] == "CHN"
    ends = {"low": "quantity_t_low", "central": "quantity_t", "high": "quantity_t_high"}
    split = {f"china_{end}": bought[column].where(china, 0.0) for end, column in ends.items()}
    split |= {f"other_{end}": bought[column].where(~china, 0.0) for end, column in ends.items()}
    sums = bought.assign(**split, unknown=bought["quantity_t"].isna()).groupby(["year", "bloc"])
    table = sums[list(split)].sum()
    central = (table["china_central"] + table["other_central"]).mask(sums["unknown"].any())
    return (
        table.assign(
            imports=central,
            imports_low=table["china_low"] + table["other_low"],
            imports_high=table["china_high"] + table["other_high"],
            non_china_share=table["other_central"] / central,
            non_china_share_low=table["other_low"] / (table["china_high"] + table["other_low"]),
            non_china_share_high=table["other_high"] / (table["china_low"] + table["other_high"]),
            group=MAGNETS,
            basis="quantity",
        )
        .drop(columns=list(split))
        .reset_index()
    )


def _capacity(facilities: pd.DataFrame, blocs: pd.DataFrame, stage_shares: pd.DataFrame) -> pd.DataFrame:
    """Capacity operating and announced by bloc, one row a basis; a bloc without a plant of the stage has none."""
    outside = _outside_china(facilities)
    if outside.empty:
        return pd.DataFrame()
    newest = int(outside["as_of"].str[:4].max())
    producers = _producers(stage_shares)
    everywhere = set(outside["country"]) | set(producers["country"])
    places = {bloc: set(members) for bloc, members in blocs.groupby("bloc")["iso3"]} | {OUTSIDE_CHINA: everywhere}
    rows = []
    for (group, basis), (stage, published_basis, products) in SUMMED.items():
        of_stage = outside[outside["stage"] == stage]
        same = of_stage["capacity_basis"].fillna("").str.fullmatch(published_basis) & of_stage["products"].str.fullmatch(products)
        making = set(producers.loc[producers["stage"] == stage, "country"])
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
                        "capacity_basis": WEIGHED[basis],
                        "capacity_year_from": counted["as_of"].str[:4].astype("float64").min(),
                        "capacity_year_to": counted["as_of"].str[:4].astype("float64").max(),
                        "capacity_countries": len(set(counted["country"])),
                        "producers_missing": ";".join(sorted((making & countries) - set(counted["country"]))) or None,
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


def _producers(stage_shares: pd.DataFrame) -> pd.DataFrame:
    """Published shares, no projections, of countries other than China: who is known to make what."""
    made = stage_shares[(stage_shares["kind"] != "projection") & (stage_shares["share"] > 0)]
    return made[~made["country"].isin(["CHN", "ROW", "WLD"]) & ~made["country"].str.startswith("X_")]


def _compared_with_demand(capacity: pd.DataFrame, china_output: pd.DataFrame) -> pd.DataFrame:
    """Capacity and the demand it could meet: of REO the newest published demand outside China, of magnets none is published.

    The ratios are null where the demand is too old for the plants (MOST_YEARS_BEFORE), or a producer is missing from the sum.
    """
    if capacity.empty:
        return capacity
    published = _published_demand(china_output).sort_values("year").tail(1)
    demand = pd.DataFrame({"demand_year": published["year"], "demand": published["value"]}).assign(
        bloc=OUTSIDE_CHINA, group="compounds", demand_basis="demand outside China as published, t REO"
    )
    table = capacity.merge(demand, on=["bloc", "group"], how="left")
    recent = (table["demand_year"] >= table["year"] - MOST_YEARS_BEFORE).fillna(False).astype("bool")
    comparable = recent & table["producers_missing"].isna()
    divisor = table["demand"].where(comparable)
    table["demand_met_operating"] = table["capacity_operating"] / divisor
    table["demand_met_with_announced"] = (table["capacity_operating"].fillna(0.0) + table["capacity_announced"]) / divisor
    return table


def _members(row: Key, tables: Tables) -> list[str]:
    blocs = tables.load_table("blocs")
    return blocs.loc[blocs["bloc"] == row["bloc"], "iso3"].tolist()


def _trade(row: Key, tables: Tables) -> tuple[str, Callable[[Any], Any]] | None:
    """The row's trade in words, and the condition on flows (a frame or an expression); capacity has none."""
    if row["basis"].startswith("capacity") or row["group"] == MAGNETS:
        return None
    year = row["year"]
    codes = trade.codes_of(tables.load_table("products"), row["group"])
    words = f"rows of year {year}, hs6 {', '.join(codes)}"
    members = _members(row, tables)
    return (
        words + f", into {row['bloc']} from outside it",
        lambda f: (f["year"] == int(year)) & f["hs6"].isin(codes) & f["importer"].isin(members) & ~f["exporter"].isin(members),
    )


def _flows(row: Key, tables: Tables) -> InputRows:
    if not (found := _trade(row, tables)):
        return "none: capacity is of plants, and tonnes of magnets are of rare_earth_magnets", pd.DataFrame()
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


def _estimated(row: Key, tables: Tables) -> InputRows:
    if row["basis"].startswith("capacity") or row["group"] != MAGNETS:
        return "none: read for tonnes of rare-earth magnets alone", pd.DataFrame()
    found = equal(tables.load_table("rare_earth_magnets"), {"year": row["year"]})
    words = f"rows of year {row['year']}, of which those into {row['bloc']} from outside it count, the largest first"
    return words, found.sort_values(["quantity_t_high", "exporter", "importer"], ascending=[False, True, True])


def _plants(row: Key, tables: Tables) -> InputRows:
    if not row["basis"].startswith("capacity"):
        return "none: imports are of trade_flows", pd.DataFrame()
    stage, *_published = SUMMED[row["group"], row["basis"]]
    plants = equal(_outside_china(tables.load_table("facilities")), {"stage": stage})
    if row["bloc"] != OUTSIDE_CHINA:
        plants = plants[plants["country"].isin(_members(row, tables))]
    words = f"plants of stage {stage} in {row['bloc']}, operating to planned"
    return words, plants.sort_values(["facility", "phase", "products"])


def _shares(row: Key, tables: Tables) -> InputRows:
    if not row["basis"].startswith("capacity"):
        return "none: imports are of trade_flows", pd.DataFrame()
    stage, *_published = SUMMED[row["group"], row["basis"]]
    found = equal(_producers(tables.load_table("stage_shares")), {"stage": stage})
    if row["bloc"] != OUTSIDE_CHINA:
        found = found[found["country"].isin(_members(row, tables))]
    return f"published shares of stage {stage} in {row['bloc']}, which name the producers", found


LINEAGE: dict[tuple[str, str], Rule] = {
    ("diversification", "trade_flows"): _flows,
    ("diversification", "flow_outliers"): _outliers,
    ("diversification", "facilities"): _plants,
    ("diversification", "rare_earth_magnets"): _estimated,
    ("diversification", "stage_shares"): _shares,
    ("diversification", "china_output"): selected(
        "china_output", _published_demand, [], only={"bloc": OUTSIDE_CHINA, "group": "compounds"}, year="demand_year"
    ),
}
