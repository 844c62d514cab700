"""Rare-earth magnets, separated from the other permanent magnets of metal in HS 850511."""

from itertools import pairwise
from typing import NamedTuple

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd
from ibis import _
from scipy.optimize import brentq

from pipeline.errors import ReoError
from pipeline.measures.helpers import trade
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables
from pipeline.schemas import table as t
from pipeline.schemas.rare_earth_magnets import RareEarthMagnets

Vector = npt.NDArray[np.float64]
HS6 = "850511"
LINE = "rare_earth_magnets"
EXPORTER = "CHN"


class NoTwoPrices(ReoError):
    """No pair of prices meets the published total in tonnes and in value."""


class TwoPrices(NamedTuple):
    """USD/kg of rare-earth magnets and of the other magnets of HS 850511; the first also low and high."""

    rare_earth: float
    other: float
    low: float
    high: float


def rare_earth_magnets(trade_flows: ir.Table, mirror_flows: pd.DataFrame, trade_monthly: pd.DataFrame) -> pd.DataFrame:
    """Value and tonnes of rare-earth magnets by year, exporter and importer (columns of RareEarthMagnets).

    Published national lines where there are any. Else China's flows of a year held whole with tonnes are estimated from their
    unit value u as a mixture: part x = clip((u - p_other) / (p_re - p_other), 0, 1), tonnes x q, value min(v, x q p_re), and all
    of v above p_re. The two prices solve China's published total of the year in tonnes and value (`two_prices`); low and high
    take for p_re the extremes of its published unit values by destination. 2022 has no published total: its flows are the
    importers' reports of mirror_flows, p_re is the mean of China's published monthly unit values of the year, p_other that of
    the nearest year solved. Other exporters' prices are no evidence (above p_re stand samarium-cobalt, AlNiCo and assemblies):
    value of the whole code, tonnes from 0 to all. Years without any of these have no row. Raises NoTwoPrices.
    """
    published = national_lines(trade_monthly)
    flows = _whole_flows(trade_flows)
    totals = published[published["importer"] == "WLD"].dropna(subset=["value_kusd", "quantity_t"]).set_index("year")
    lowest, level, highest = _prices_by_destination(trade_monthly)
    solved: dict[int, TwoPrices] = {}
    parts = [published]
    for year, of_year in flows.groupby("year"):
        of_china = of_year[of_year["exporter"] == EXPORTER]
        if year in totals.index and of_china["hs850511_quantity_t"].notna().any():
            tonnes, kusd = (float(totals[name].to_dict()[year]) for name in ("quantity_t", "value_kusd"))
            p_re, p_other = two_prices(of_china, tonnes, kusd)
            solved[int(str(year))] = TwoPrices(p_re, p_other, min(lowest, p_re), max(highest, p_re))
            parts.append(estimated(of_china, solved[int(str(year))]))
        if of_year["hs850511_quantity_t"].notna().any():
            parts.append(_interval(of_year[of_year["exporter"] != EXPORTER]))
    mirror = importers_reports(mirror_flows)
    for year, of_year in mirror.groupby("year"):
        price = _mean_published_price(trade_monthly, int(str(year)))
        if solved and price is not None and year not in solved:
            nearest = solved[min(solved, key=lambda known: abs(known - int(str(year))))]
            scale = price / level
            parts.append(estimated(of_year, TwoPrices(price, nearest.other, lowest * scale, highest * scale)))
    rows = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    rows = rows.drop_duplicates(RareEarthMagnets.Config.unique)
    return t.frame(RareEarthMagnets, rows.assign(usd_per_kg=_unit_value(rows)))


def national_lines(trade_monthly: pd.DataFrame) -> pd.DataFrame:
    """China's preferred published exports of its line of rare-earth magnets, whole years, one row a year and importer.

    Where tonnes and a unit value are published and no value, the value is their product.
    """
    rows = _lines(trade_monthly)
    year = rows["period_start"].str[:4]
    whole = rows[(rows["period_start"] == year + "-01") & (rows["period_end"] == year + "-12")]
    whole = whole.assign(year=whole["period_start"].str[:4].astype("int64"), exporter=EXPORTER, importer=whole["partner"])
    # Two sources may each prefer one: the figure with the most digits, then the first by document, as within a source.
    whole = whole.assign(digits=whole["value"].map(lambda v: len(f"{v:.10g}".replace(".", "").strip("0"))))
    whole = whole.sort_values(["digits", "document_id"], ascending=[False, True], kind="stable")
    flow = ["year", "exporter", "importer"]
    amounts = whole.drop_duplicates([*flow, "measure"]).pivot(index=flow, columns="measure", values="value")
    amounts = amounts.reindex(columns=["quantity", "value", "unit_value"]).astype("float64")
    first = whole.sort_values("measure", kind="stable").drop_duplicates(flow).set_index(flow)[["source_id", "document_id"]]
    computed = amounts["quantity"] * amounts["unit_value"]
    found = amounts.assign(value_kusd=amounts["value"].fillna(computed), quantity_t=amounts["quantity"]).join(first)
    found = found.assign(quantity_t_low=found["quantity_t"], quantity_t_high=found["quantity_t"], basis="national_line")
    return found.drop(columns=["quantity", "value", "unit_value"]).reset_index()


def two_prices(flows: pd.DataFrame, total_t: float, total_kusd: float) -> tuple[float, float]:
    """The prices (rare-earth, other; USD/kg) at which the mixture of these flows makes the published tonnes and value.

    Raises NoTwoPrices where there is no such pair.
    """
    value, mass = _amounts(flows)
    cheapest, dearest = total_kusd / total_t / 2, total_kusd / total_t * 2

    def other(p_re: float) -> float:
        """The other magnets' price at which the tonnes are as published."""
        return float(brentq(lambda p: mixture(value, mass, p_re, p)[0].sum() - total_t, -10 * dearest, p_re * 0.999))

    def difference(p_re: float) -> float:
        return float(mixture(value, mass, p_re, other(p_re))[1].sum() - total_kusd)

    found = []
    for p_re in np.linspace(cheapest, dearest, 61):
        try:
            found.append((float(p_re), difference(float(p_re))))
        except ValueError:
            continue
    for (left, below), (right, above) in pairwise(found):
        if below <= 0 <= above:
            p_re = float(brentq(difference, left, right)) if below < 0 < above else (left if below == 0 else right)
            return p_re, other(p_re)
    raise NoTwoPrices(
        f"no two prices make {total_t:,.0f} t and {total_kusd:,.0f} thousand USD of the flows of HS {HS6}",
        "compare the published total with the flows: one of them is of another year or unit",
    )


def mixture(value: Vector, mass: Vector, p_re: float, p_other: float) -> tuple[Vector, Vector]:
    """Tonnes and thousand USD of rare-earth magnets in flows of this value (kUSD) and mass (t); 0 where no mass is reported."""
    weighed = mass > 0
    unit = np.divide(value, mass, out=np.zeros_like(value), where=weighed)
    part = np.where(weighed, np.clip((unit - p_other) / (p_re - p_other), 0.0, 1.0), 0.0)
    tonnes = part * np.where(weighed, mass, 0.0)
    return tonnes, np.where(unit > p_re, value, np.minimum(value, tonnes * p_re))


def estimated(flows: pd.DataFrame, prices: TwoPrices) -> pd.DataFrame:
    """The flows with the estimate: central at p_re, low at its highest and high at its lowest."""
    value, mass = _amounts(flows)
    tonnes, worth = mixture(value, mass, prices.rare_earth, prices.other)
    unknown = ~(mass > 0)
    amounts = {
        "value_kusd": worth,
        "quantity_t": tonnes,
        "quantity_t_low": mixture(value, mass, prices.high, prices.other)[0],
        "quantity_t_high": mixture(value, mass, prices.low, prices.other)[0],
    }
    found = flows.assign(**{name: np.where(unknown, np.nan, amount) for name, amount in amounts.items()})
    return found.assign(basis="two_price_estimate", price_rare_earth=prices.rare_earth, price_other=prices.other)


def _interval(flows: pd.DataFrame) -> pd.DataFrame:
    mass = flows["hs850511_quantity_t"]
    return flows.assign(
        basis="hs850511_interval",
        value_kusd=flows["hs850511_value_kusd"],
        quantity_t=np.nan,
        quantity_t_low=mass * 0,
        quantity_t_high=mass,
    )


def _amounts(flows: pd.DataFrame) -> tuple[Vector, Vector]:
    return tuple(flows[name].fillna(0.0).to_numpy(dtype=float) for name in ("hs850511_value_kusd", "hs850511_quantity_t"))  # type: ignore[return-value]


def _unit_value(rows: pd.DataFrame) -> "pd.Series[float]":
    return (rows["value_kusd"] / rows["quantity_t"].where(rows["quantity_t"] > 0)).where(rows["value_kusd"] > 0)


def _whole_flows(trade_flows: ir.Table) -> pd.DataFrame:
    """All flows of the code in years held whole, in thousand USD and tonnes."""
    of_code = trade_flows.filter(_.hs6 == HS6)
    flows = trade.whole_years(of_code).to_pyarrow().to_pandas()
    source = of_code.select("year", "source_id").distinct().to_pyarrow().to_pandas().drop_duplicates("year")
    flows = flows.assign(hs850511_value_kusd=flows["usd"] / 1000, hs850511_quantity_t=flows["kg"].astype("float64") / 1000)
    flows = flows.merge(source, on="year").sort_values(["year", "exporter", "importer"], kind="stable")
    return flows[["year", "exporter", "importer", "source_id", "hs850511_value_kusd", "hs850511_quantity_t"]]


def importers_reports(mirror_flows: pd.DataFrame) -> pd.DataFrame:
    """China's flows of 850511 as importers report them; totals and re-imports are left out."""
    rows = mirror_flows[(mirror_flows["exporter"] == EXPORTER) & (mirror_flows["hs6"] == HS6)]
    rows = rows[~rows["importer"].isin([EXPORTER, "WLD"]) & rows["importer_value_kusd"].notna()]
    columns = {"importer_value_kusd": "hs850511_value_kusd", "importer_quantity_t": "hs850511_quantity_t"}
    kept = ["year", "exporter", "importer", "source_id", "document_id", *columns.values()]
    return rows.rename(columns=columns)[kept]


def _lines(trade_monthly: pd.DataFrame) -> pd.DataFrame:
    """China's preferred published exports of the line, all periods."""
    rows = trade_monthly[(trade_monthly["product"] == LINE) & (trade_monthly["reporter"] == EXPORTER)]
    return rows[(rows["flow"] == "export") & (rows["kind"] == "printed") & rows["preferred"]]


def _prices_by_destination(trade_monthly: pd.DataFrame) -> tuple[float, float, float]:
    """Least and greatest published unit value by destination, USD/kg, between them that of all destinations in those months."""
    rows = _lines(trade_monthly)
    rows = rows[rows["measure"] == "unit_value"]
    by_destination = rows[rows["partner"] != "WLD"]
    of_all = rows[(rows["partner"] == "WLD") & rows["period_start"].isin(by_destination["period_start"])]
    prices = by_destination["value"]
    return float(prices.min()), float(of_all["value"].mean()), float(prices.max())


def _mean_published_price(trade_monthly: pd.DataFrame, year: int) -> float | None:
    """Mean of China's published unit values of all destinations in single months of the year, USD/kg."""
    rows = _lines(trade_monthly)
    rows = rows[(rows["measure"] == "unit_value") & (rows["partner"] == "WLD")]
    months = rows[(rows["period_start"] == rows["period_end"]) & (rows["period_start"].str[:4] == str(year))]
    return float(months["value"].mean()) if len(months) else None


def _own_flow(row: Key, tables: Tables) -> InputRows:
    if row["basis"] == "national_line":
        return "none: a published line", pd.DataFrame()
    flows = tables.scan_table("trade_flows")
    flows = flows.filter(_.year == row["year"], _.hs6 == HS6, _.exporter == row["exporter"])
    if row["basis"] == "two_price_estimate":
        return f"every flow of China in {row['year']} is read to find the prices", flows.order_by("importer").to_pandas()
    return "the flow itself", flows.filter(_.importer == row["importer"]).to_pandas()


def _own_report(row: Key, tables: Tables) -> InputRows:
    rows = importers_reports(tables.load_table("mirror_flows"))
    rows = rows[(rows["year"] == row["year"]) & (rows["importer"] == row["importer"])]
    if row["basis"] != "two_price_estimate" or row["source_id"] not in set(rows["source_id"]):
        return "none: not made from importers' reports", rows.head(0)
    return "the importer's report", rows


def _own_lines(row: Key, tables: Tables) -> InputRows:
    rows = _lines(tables.load_table("trade_monthly"))
    if row["basis"] == "hs850511_interval":
        return "none: other exporters", rows.head(0)
    of_year = rows[rows["period_start"].str[:4] == str(row["year"])]
    if row["basis"] == "national_line":
        of_year = of_year[of_year["partner"] == row["importer"]]
    prices = rows[(rows["measure"] == "unit_value") & (rows["partner"] != "WLD")]
    used = of_year if row["basis"] == "national_line" else pd.concat([of_year[of_year["partner"] == "WLD"], prices])
    return "published figures of the line: the year's, and for an estimate the unit values by destination", used


LINEAGE: dict[tuple[str, str], Rule] = {
    ("rare_earth_magnets", "trade_flows"): _own_flow,
    ("rare_earth_magnets", "mirror_flows"): _own_report,
    ("rare_earth_magnets", "trade_monthly"): _own_lines,
}
