"""What measures over trade share: whole amounts, and which rows may be summed."""

from typing import cast

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pandas as pd
import pyarrow
from ibis import _

from pipeline.errors import ReoError

# Wide enough for squares of sums on every engine: DuckDB adds such numbers exactly, in whatever order its threads work.
EXACT = dt.Decimal(38, 0)


class NotWhole(ReoError):
    """Trade rows that must not be summed: cut to the largest partners, or of two sources at once."""


@ibis.udf.scalar.builtin(name="round")  # type: ignore[untyped-decorator]
def _rounded(number: float) -> float:  # type: ignore[empty-body]
    """To a whole number: in DuckDB at a third of the cost of rounding to a number of digits."""


def whole_units(thousands: ir.NumericValue) -> ir.IntegerValue:
    """Thousand dollars as whole dollars, or tonnes as whole kilograms: integers, whose sum has no order."""
    return cast("ir.IntegerValue", _rounded(thousands * 1000).cast("int64"))


def whole_years(trade_flows: ir.Table) -> ir.Table:
    """The flows of (year, hs6) of which every flow is held, as year, exporter, importer, hs6, usd, kg; kg null if missing or 0.

    Years of coverage `top6` hold each country's six largest partners only and are left out: no share of them is whole.
    Raises NotWhole where a (year, hs6) mixes coverages or comes from two sources, for its flows would count twice.
    """
    if not _held_once(trade_flows):
        refuse_twice_held(trade_flows)
    kg = whole_units(cast("ir.NumericValue", _.quantity_t.nullif(0)))
    return trade_flows.filter(_.coverage == "whole").select(
        "year", "exporter", "importer", "hs6", usd=whole_units(cast("ir.NumericValue", _.value_kusd)), kg=kg
    )


def _held_once(trade_flows: ir.Table) -> bool:
    """Whether all flows have the source and the coverage of the first, as in the common case.

    What other rows there are is known from the ends of a column in the footer of its file: this costs no scan.
    """
    of_one = trade_flows.select("source_id", "coverage").limit(1).to_pyarrow().to_pylist()
    other = [trade_flows.filter(trade_flows[n] != value).select(other=n).limit(1) for one in of_one for n, value in one.items()]
    return not other or ibis.union(*other).to_pyarrow().num_rows == 0


def whole_groups(trade_flows: ir.Table, products: pd.DataFrame) -> ir.Table:
    """whole_years of the rare-earth groups, with `group`: of years in which every code of the group is held whole."""
    codes = products.dropna(subset=["group"])[["hs6", "group"]].drop_duplicates()
    groups = memtable(codes)
    of_groups = trade_flows.filter(trade_flows.hs6.isin(codes["hs6"].tolist()))
    cut = of_groups.filter(_.coverage != "whole").join(groups, "hs6").select("year", "group").distinct()
    return whole_years(of_groups).join(groups, "hs6").anti_join(cut, ["year", "group"])


def with_clean_kg(flows: ir.Table, flow_outliers: pd.DataFrame) -> ir.Table:
    """Flows with `clean_kg` beside kg: null where flow_outliers excludes the flow."""
    flow = ["year", "exporter", "importer", "hs6"]
    marked = flows.left_join(memtable(flow_outliers[flow]).mutate(outlier=True), flow)
    return marked.select(*flows.columns, clean_kg=marked.outlier.isnull().ifelse(marked.kg, None))


def without_feed(flows: ir.Table, feed_flows: pd.DataFrame) -> ir.Table:
    """Flows that are not feed for the importer's separation, by feed_flows."""
    feed = memtable(feed_flows[["exporter", "importer", "hs6", "year_from", "year_to"]])
    flow = [flows[name] == feed[name] for name in ("exporter", "importer", "hs6")]
    return flows.anti_join(feed, [*flow, flows.year >= feed.year_from, flows.year <= feed.year_to])


def listed_without_feed(listed: pd.DataFrame, feed_flows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a small table of flows (year, exporter, importer, hs6) that are not feed for the importer's separation."""
    flow = ["exporter", "importer", "hs6"]
    pairs = listed.reset_index()[["index", "year", *flow]].merge(feed_flows[[*flow, "year_from", "year_to"]], on=flow)
    feed = pairs.loc[pairs["year"].between(pairs["year_from"], pairs["year_to"]), "index"]
    return listed[~listed.index.isin(feed)]


def codes_of(products: pd.DataFrame, group: str) -> list[str]:
    """The six-digit codes of a group of traded goods."""
    return sorted(products.loc[products["group"] == group, "hs6"].unique())


def union_members(countries: pd.DataFrame) -> list[str]:
    """The countries that EUU stands for, in all years."""
    return countries.loc[countries["eu27"], "iso3"].tolist()


def memtable(frame: pd.DataFrame) -> ir.Table:
    """A small frame for expressions over trade."""
    # Spark's client takes no column in several pieces, as a frame joined of others has them.
    return ibis.memtable(pyarrow.Table.from_pandas(frame, preserve_index=False).combine_chunks())


def refuse_twice_held(trade_flows: ir.Table) -> None:
    """Raises NotWhole where a year and code is held from two sources or with two coverages."""
    held = trade_flows.select("year", "hs6", "source_id", "coverage").distinct()
    twice = held.group_by("year", "hs6").having(_.count() > 1).agg(found=_.count()).order_by("year", "hs6").limit(1)
    found = held.semi_join(twice, ["year", "hs6"]).order_by("source_id", "coverage").to_pyarrow().to_pandas()
    if len(found):
        raise NotWhole(
            f"trade_flows: {found.hs6[0]} in {found.year[0]} is held more than once: "
            + ", ".join(f"source {s} with coverage {c}" for s, c in zip(found.source_id, found.coverage, strict=True)),
            "keep one source and one coverage for a year and code in trade_flows; another source belongs into mirror_flows",
        )


def outlying(flow_outliers: pd.DataFrame, keys: list[str]) -> ir.Table:
    """What flow_outliers excludes, summed over `keys`, as `keys, outlying_usd, outlying_kg, outlying_flows`."""
    columns = ["year", "exporter", "importer", "hs6", "value_kusd", "quantity_t"]
    flows = memtable(flow_outliers[columns])
    return flows.group_by(keys).agg(
        outlying_usd=whole_units(_.value_kusd).sum().cast(EXACT),
        outlying_kg=whole_units(_.quantity_t).sum().cast(EXACT),
        outlying_flows=_.count(),
    )
