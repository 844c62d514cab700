"""Effects of acts on China's exports, by the designs of effect_designs, with inference by placebo tests."""

from typing import Any

import ibis.expr.types as ir
import pandas as pd

from pipeline.errors import ReoError
from pipeline.measures.helpers import placebo
from pipeline.measures.helpers.crosswalk import crosswalk
from pipeline.measures.helpers.export_panel import comparators, established, export_panel, panel_flows, whole_series
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables
from pipeline.schemas import table as t
from pipeline.schemas.policy_effects import PolicyEffects

EXPORTER = "CHN"
TREATED = "treated"


class DesignError(ReoError):
    """A design that names codes or materials which the act or `products` do not have."""


def policy_effects(
    trade_flows: ir.Table,
    flow_outliers: pd.DataFrame,
    products: pd.DataFrame,
    policy_hs: pd.DataFrame,
    effect_designs: pd.DataFrame,
) -> pd.DataFrame:
    """The effect of each design on China's exports, in log points (columns of PolicyEffects).

    Treated is China's export of the act's codes, the mean of their logs. Placebos are China's other materials, each given the
    treatment in the same years by the same method, the treated codes left out; comparators, established and whole_series say
    which. The triple difference compares with every established exporter. Raises DesignError for a code that policy_hs does
    not tie to the act through the products' HS92 code, and for an unknown excluded material.
    """
    designs = effect_designs.sort_values(t.key(PolicyEffects), kind="stable")
    tied = policy_hs.merge(crosswalk(products), on="hs6")[["event_id", "hs92", "scope_share"]]
    _check(designs, products, tied)
    goods = products[products["nomenclature"] == "HS92"]
    panel = export_panel(trade_flows, flow_outliers, sorted(goods["hs6"].unique()))
    rows = [{**design, "scope_share": _scope(design, tied), **_outcome(design, panel, goods)} for design in _rows(designs)]
    return t.frame(PolicyEffects, with_multiplicity(rows)).round(placebo.LOG_DIGITS)


def with_multiplicity(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """How many outcomes of the act are tested, and the least share a test can attain: first place of donors + 1."""
    effects = pd.DataFrame(rows, columns=list(t.columns(PolicyEffects)))
    ranked = effects[effects["placebo_rank"].notna()]
    tested = effects["event_id"].map(ranked.groupby("event_id")["outcome"].nunique()).fillna(0).astype("int64")
    least = (1 / (effects["donors"] + 1)).where(effects["placebo_rank"].notna())
    return effects.assign(outcomes_tested=tested, least_share=least)


def _outcome(design: dict[str, Any], panel: pd.DataFrame, goods: pd.DataFrame) -> dict[str, Any]:
    """The estimated columns of a design's row."""
    nothing = {"donors": 0, "verdict": "cannot tell"}
    if design["method"] == "description":
        return nothing
    first, treated_from, last = (int(design[name]) for name in ("pre_from", "first_treated", "post_to"))
    series = whole_series(panel, design["measure"], first, last)
    own = pd.MultiIndex.from_product([[EXPORTER], _listed(design["hs6"])], names=series.index.names)
    if not own.isin(series.index).all():
        return nothing | {"reason": f"China's series is not whole from {first} to {last}"}
    mean = series.loc[own].mean()
    change = float(mean[mean.index >= treated_from].mean() - mean[mean.index < treated_from].mean())
    material = comparators(goods, _listed(design["excluded"]), last)
    large = series.index.isin(established(panel, first, treated_from - 1))
    code = series.index.get_level_values("hs6")
    same_goods = series[(large & code.isin(own.get_level_values("hs6"))) | series.index.isin(own)]
    estimate = _triple_difference if design["method"] == "triple_difference" else _synthetic_control
    found = estimate(same_goods, own, series[large & code.isin(material.index)], material, treated_from)
    if found is None:
        return nothing | {"change": change, "reason": "nothing to compare with"}
    return {"change": change, **found}


def _triple_difference(
    same_goods: pd.DataFrame, own: pd.MultiIndex, compared: pd.DataFrame, material: "pd.Series[str]", treated_from: int
) -> dict[str, Any] | None:
    whole = pd.concat([same_goods, compared])
    gap = placebo.triple_difference_gaps(whole, pd.DataFrame({TREATED: whole.index.isin(own)}), treated_from)
    if gap.empty:
        return None
    of_china = compared.index.get_level_values("exporter") == EXPORTER
    materials = pd.get_dummies(material.reindex(compared.index.get_level_values("hs6")).where(of_china))
    placebos = placebo.triple_difference_gaps(compared, materials, treated_from)
    judged = placebo.judged(gap[TREATED], placebos, treated_from, placebo.size)
    return judged._asdict() | {"estimate": placebo.triple_difference(whole, own, treated_from)}


def _synthetic_control(
    same_goods: pd.DataFrame, own: pd.MultiIndex, compared: pd.DataFrame, material: "pd.Series[str]", treated_from: int
) -> dict[str, Any] | None:
    of_china = compared[compared.index.get_level_values("exporter") == EXPORTER].droplevel("exporter")
    materials = of_china.groupby(material).mean().T
    if materials.shape[1] < 2:
        return None
    with_treated = materials.assign(**{TREATED: same_goods.loc[own].mean()})
    gaps = [placebo.synthetic_control_gaps(with_treated, TREATED, treated_from, ridge) for ridge in placebo.RIDGES]
    estimates = [float(gap[gap.index >= treated_from].mean()) for gap in gaps]
    gap = gaps[placebo.RIDGES.index(placebo.RIDGE)]
    placebos = pd.DataFrame({unit: placebo.synthetic_control_gaps(materials, unit, treated_from) for unit in materials.columns})
    judged = placebo.judged(gap, placebos, treated_from, placebo.fit_ratio)
    return judged._asdict() | {"ridge_low": min(estimates), "ridge_high": max(estimates)}


def _rows(designs: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in designs.to_dict("records")]


def _listed(joined: Any) -> list[str]:
    return [] if pd.isna(joined) else str(joined).split(";")


def _scope(design: dict[str, Any], tied: pd.DataFrame) -> str | None:
    """whole where the act covers each of the design's codes whole, else part where one is covered in part, else unknown."""
    if pd.isna(design["hs6"]):
        return None
    tied = tied[(tied["event_id"] == design["event_id"]) & tied["hs92"].isin(_listed(design["hs6"]))]
    scopes = set(tied["scope_share"])
    return "whole" if scopes == {"whole"} else "part" if "part" in scopes else "unknown"


def _check(designs: pd.DataFrame, products: pd.DataFrame, tied: pd.DataFrame) -> None:
    covered = tied.groupby("event_id")["hs92"].agg(set)
    known = set(products["material"])
    for design in _rows(designs):
        name = f"effect_designs, row {design['event_id']}, {design['outcome']}, {design['method']}"
        if loose := sorted(set(_listed(design["hs6"])) - covered.get(design["event_id"], set())):
            raise DesignError(
                f"{name}: policy_hs does not tie code {loose[0]} to the act",
                "take the act's own codes, by their HS92 code in products, or add the code to the register with its reason",
            )
        if strange := sorted(set(_listed(design["excluded"])) - known):
            raise DesignError(f"{name}: products has no material {strange[0]!r} to exclude", "write it as products does")


def _of_china(input_name: str) -> Rule:
    """China's rows of the design's codes and years, of the flows that the panel sums."""

    def rule(row: Key, tables: Tables) -> InputRows:
        if row["method"] == "description":
            return "none: nothing is estimated", pd.DataFrame()
        codes = _listed(row["hs6"])

        def of_design(rows: ir.Table) -> ir.Table:
            years = rows.year.between(int(row["pre_from"]), int(row["post_to"]))
            return rows.filter(rows.exporter == EXPORTER, rows.hs6.isin(codes), years)

        words = f"China's exports of {', '.join(codes)} from {row['pre_from']} to {row['post_to']}"
        if input_name == "flow_outliers":
            return words, of_design(tables.scan_table(input_name)).order_by("year", "importer", "hs6").to_pandas()
        flows = of_design(panel_flows(tables.scan_table(input_name), codes))
        summed = flows.group_by("year", "hs6").agg(
            value_kusd=flows.usd.sum() / 1000, quantity_t=flows.kg.sum() / 1000, flows=flows.count()
        )
        words += ", summed by year and code; the comparison reads those of every established exporter and material"
        return words, summed.order_by("year", "hs6").to_pandas()

    return rule


def _goods(row: Key, tables: Tables) -> InputRows:
    products = tables.load_table("products")
    return "goods of the design's codes", products[products["hs6"].isin(_listed(row["hs6"]))]


LINEAGE: dict[tuple[str, str], Rule] = {
    ("policy_effects", "trade_flows"): _of_china("trade_flows"),
    ("policy_effects", "flow_outliers"): _of_china("flow_outliers"),
    ("policy_effects", "products"): _goods,
}
