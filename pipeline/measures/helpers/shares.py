"""Shares, HHI and largest members of groups from exact amounts. Written once for every table over trade."""

from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from pipeline.measures.helpers.trade import EXACT

_RANKED = f"struct<less: {EXACT}, country: string>"


@ibis.udf.agg.builtin(name="min", signature=((_RANKED, "int64"), f"array<{_RANKED}>"))  # type: ignore[untyped-decorator]
def _min(ranked: Any, n: int) -> Any:
    """DuckDB's min(value, n), the n smallest in order: a fifth of the cost of ranking every row."""


def _first(ranked: Any, positive: Any, n: int) -> Any:
    """The n largest in order, of equals the first by code; other engines than DuckDB sort each group's members for it."""
    if n == 1:
        return ibis.array([ranked.min(where=positive)])
    if ranked.get_backend().name == "duckdb":
        return _min(ranked, n, where=positive)
    return ranked.collect(where=positive).sort()[:n]


def shares(
    amounts: ir.Table, group: list[str], country: str, bases: list[str], carried: dict[str, ir.Value], first: int = 1
) -> ir.Table:
    """HHI, shares and counts of each group and basis; a group without a positive amount has no row.

    `amounts` has one row a group and country, and a column a basis of whole dollars or kilograms (EXACT); null and 0 are no
    member of the group. `carried` are further aggregates over the group, the same for every basis.
    HHI = Σx² / (Σx)² from whole numbers, divided once at the end: the order of rows cannot change a digit.
    Gives group, basis, hhi, effective_suppliers, cr1, top_country (of equals the first by code), china_share, members, total
    (thousand dollars or tonnes), above_65 (the largest share is above 65 %), what is carried, and `first_share`, that of the
    `first` largest together; three cost four times as much as one. Shares are 0–1.
    Hirschman (1945), Herfindahl (1950).
    """
    positive = amounts.mutate(**{basis: amounts[basis].nullif(0) for basis in bases})
    sums = {b: _sums(positive[b], positive[country], first) for b in bases}
    wide = positive.group_by(group).agg(**carried, **{f"{b}_{name}": s for b in bases for name, s in sums[b].items()})
    by_basis = (
        wide.select(*group, *carried, basis=ibis.literal(b), **{name: wide[f"{b}_{name}"] for name in sums[b]}) for b in bases
    )
    long = ibis.union(*by_basis).filter(_.members > 0)
    ratios = long.mutate(
        hhi=_.squares.cast("float64") / (_["sum"] * _["sum"]).cast("float64"),
        cr1=-_["first"][0]["less"].cast("float64") / _["sum"].cast("float64"),
        first_share=-_["first"].map(lambda member: member["less"]).sums().cast("float64") / _["sum"].cast("float64"),
        top_country=_["first"][0]["country"],
        china_share=_.china.fill_null(0).cast("float64") / _["sum"].cast("float64"),
        total=_["sum"].cast("float64") / 1000,
        above_65=-_["first"][0]["less"] * 100 > _["sum"] * 65,
    )
    return ratios.mutate(effective_suppliers=1 / _.hhi).drop("sum", "squares", "first", "china")


def _sums(amount: Any, country: Any, first: int) -> dict[str, ir.Value]:
    ranked = ibis.struct({"less": -amount, "country": country})
    return {
        "sum": amount.sum().cast(EXACT),
        "squares": (amount * amount).sum().cast(EXACT),
        "first": _first(ranked, amount.notnull(), first),
        "china": amount.sum(where=country == "CHN").cast(EXACT),
        "members": amount.count(),
    }
