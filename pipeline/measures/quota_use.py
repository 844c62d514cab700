"""China's quotas against its output and exports, and who holds them."""

import pandas as pd

from pipeline.measures.helpers import oxide
from pipeline.measures.helpers.input_rows import Key, Rule, selected
from pipeline.measures.helpers.stage_output import china_separated, separated_in_output, separated_in_texts
from pipeline.schemas import table as t
from pipeline.schemas.quota_use import QuotaUse

KEY = ["year", "stage"]
# Whose cap is the quota of a stage. Until 2018 the industry ministry's plan for mining is another cap, beside it.
ISSUERS = {"mining": ("MLR", "MNR", "MIIT/MNR"), "separation": ("MIIT", "MIIT/MNR"), "export": ("MOFCOM",)}
PLAN = "MIIT"
LIGHT = ("light", "rock_type")
HEAVY = ("heavy_ion_adsorption", "medium_heavy")
# Batches of which a year is made; full_year and first+second hold them.
BATCHES = ("first", "first_supplement", "second", "third")
# Parts are published rounded, in 2022 to hundreds of tonnes: by so much they may miss the total and still be all of it.
ROUNDED = 0.005
EXPORTED = ("280530", "284610", "284690")
BOUNDS = ("_low", "", "_high")


def quota_use(
    quotas: pd.DataFrame,
    quota_holders: pd.DataFrame,
    production_reconciled: pd.DataFrame,
    china_output: pd.DataFrame,
    processing: pd.DataFrame,
    unit_values: pd.DataFrame,
    conversion_factors: pd.DataFrame,
) -> pd.DataFrame:
    """Quota, output and exports by year and stage, tonnes (columns of QuotaUse).

    Quota: the preferred full-year total for all holders of ISSUERS; batches are never summed to it. Light and heavy: the full
    year's, else the sum of the batches' where together they give the quota within ROUNDED. Output of mining is that of
    production_reconciled, of separation what texts publish for China. Exports: China's of compounds and metals, without
    flow_outliers, in oxide by `oxide.factors`; null unless every code has a mass. Ratios to a quota whose basis no text
    states have a low and a high only, over oxide and gross. Holders are counted from the year's last notice; their HHI is
    that of the largest batch in which all parts are published, provinces and parts within another holder left out.
    """
    preferred = _preferred(quotas)
    total = preferred[preferred["group"] == "all"]
    table = _quotas(total).join(_outputs(production_reconciled, china_output, processing), how="outer").sort_index()
    issuers = table.index.get_level_values("stage")
    table = table.join(_kinds(total, table["quota"]))
    exports = _exports(unit_values, conversion_factors)
    table = table.join(exports, on="year").join(_holders(quota_holders), on="year").join(_holders_hhi(preferred))
    table["holders"] = table["holders"].mask(issuers == "export").astype("Int64")
    table["output_is_quota"] = (table["reported_output"] == table["quota"]) & table["quota"].notna()
    for end in BOUNDS:
        table[f"output_over_quota{end}"] = table[f"reported_output{end}"] / table["quota"].where(table["quota"] > 0)
    return t.frame(QuotaUse, _exports_over_quota(table).reset_index())


def _quotas(total: pd.DataFrame) -> pd.DataFrame:
    """Index year and stage: the full-year totals, and the plan for mining where it is another cap."""
    year = total[(total["batch"] == "full_year") & (total["kind"] == "total")]
    caps = _own(year).sort_values([*KEY, "issuer"], kind="stable").drop_duplicates(KEY).set_index(KEY)
    caps = caps.rename(columns={"amount": "quota", "basis": "quota_basis", "flag": "quota_flag"})
    plan = year[(year["stage"] == "mining") & (year["issuer"] == PLAN)].set_index(KEY)["amount"].rename("plan_quota")
    return caps[["issuer", "quota", "quota_basis", "quota_flag"]].join(plan, how="outer")


def _own(quotas: pd.DataFrame) -> pd.DataFrame:
    """The rows of each stage's own issuers."""
    own = [quotas[(quotas["stage"] == stage) & quotas["issuer"].isin(issuers)] for stage, issuers in ISSUERS.items()]
    return pd.concat(own)


def _kinds(total: pd.DataFrame, quota: "pd.Series[float]") -> pd.DataFrame:
    """Index year and stage: light and heavy part of the quota, both or neither."""
    named = {**dict.fromkeys(LIGHT, "quota_light"), **dict.fromkeys(HEAVY, "quota_heavy")}
    rows = total.assign(of=total["kind"].map(named)).dropna(subset=["of", "amount"])
    rows = _own(rows)

    def parts(batches: tuple[str, ...]) -> pd.DataFrame:
        of = rows[rows["batch"].isin(batches)].pivot_table(index=KEY, columns="of", values="amount", aggfunc="sum")
        of = of.reindex(columns=["quota_light", "quota_heavy"]).dropna()
        return of[_all_of(of.sum(axis=1), quota.reindex(of.index))]

    whole, summed = parts(("full_year",)), parts(BATCHES)
    return pd.concat([whole, summed[~summed.index.isin(whole.index)]])


def _all_of(parts: "pd.Series[float]", total: "pd.Series[float]") -> "pd.Series[bool]":
    return (parts - total).abs() <= ROUNDED * total


def _outputs(production_reconciled: pd.DataFrame, china_output: pd.DataFrame, processing: pd.DataFrame) -> pd.DataFrame:
    """Index year and stage: reported output and who says so."""
    mined = _of_china(production_reconciled)
    others = (mined["sources"] - 1).map(lambda n: f" and {n} more" if n else "")
    mining = pd.DataFrame(
        {
            "year": mined["year"],
            "stage": "mining",
            "reported_output_low": mined["low"],
            "reported_output": mined["central"],
            "reported_output_high": mined["high"],
            "output_publishers": mined["preferred"].str.cat(others.astype("str")),
        }
    )
    separated = china_separated(china_output, processing).sort_values(["year", "publisher", "amount"], kind="stable")
    groups = separated.groupby("year")
    low, high = groups["amount"].min(), groups["amount"].max()
    separation = pd.DataFrame(
        {
            "stage": "separation",
            "reported_output_low": low,
            "reported_output": low.where(low == high),
            "reported_output_high": high,
            "output_publishers": groups["publisher"].agg("; ".join),
        }
    ).reset_index()
    columns = list(mining)
    return pd.concat([part for part in (mining, separation[columns]) if len(part)] or [mining]).set_index(KEY)


def _exports(unit_values: pd.DataFrame, conversion_factors: pd.DataFrame) -> pd.DataFrame:
    """Index year: China's exports of EXPORTED, gross and in oxide; years and codes without a mass make the year null."""
    tonnes = (
        _exported(unit_values).pivot(index="year", columns="hs6", values="quantity_t").reindex(columns=list(EXPORTED)).dropna()
    )
    factors = oxide.factors(conversion_factors).reindex(list(EXPORTED))
    in_oxide = {
        f"exports_reo{end}": (tonnes * factors[bound]).sum(axis=1, min_count=len(EXPORTED))
        for end, bound in zip(BOUNDS, ("low", "central", "high"), strict=True)
    }
    return pd.DataFrame({"exports_gross": tonnes.sum(axis=1), **in_oxide})


def _exports_over_quota(table: pd.DataFrame) -> pd.DataFrame:
    """The ratios in the quota's own basis."""
    gross, stated = table["quota_basis"] == "gross", table["quota_basis"].isin(["REO", "gross"])
    least, central, most = (table[f"exports_reo{end}"].mask(gross, table["exports_gross"]) for end in BOUNDS)
    exports = {
        "_low": least.where(stated, least.combine(table["exports_gross"], min)),
        "": central.where(stated),
        "_high": most.where(stated, most.combine(table["exports_gross"], max)),
    }
    quota = table["quota"].where(table["quota"] > 0)
    return table.assign(**{f"exports_over_quota{end}": amount / quota for end, amount in exports.items()})


def _holders(quota_holders: pd.DataFrame) -> "pd.Series[int]":
    """Index year: holders of the year's last notice."""
    notices = quota_holders[quota_holders["kind"] == "addressees"].dropna(subset=["holders"])
    last = notices.sort_values(["happened_on", "document_id"], kind="stable").drop_duplicates("year", keep="last")
    return last.set_index("year")["holders"]


def _holders_hhi(preferred: pd.DataFrame) -> pd.DataFrame:
    """Index year and stage: HHI of the holders' parts in the largest batch whose parts are all published."""
    rows = _own(preferred[(preferred["stage"] != "export") & preferred["amount"].notna()])
    batch = [*KEY, "batch"]
    totals = rows[(rows["group"] == "all") & (rows["kind"] == "total")].drop_duplicates(batch).set_index(batch)["amount"]
    holders = rows[~rows["group"].str.contains(r"^all$|^province |\(within ", regex=True)]
    of_kinds = holders.groupby(holders["kind"] == "total")
    published = [part.groupby([*batch, "group"])["amount"].sum() for _, part in of_kinds]
    found = [_hhi(parts, totals) for parts in published]
    empty = pd.DataFrame({"holders_hhi": pd.Series(dtype="float64")})
    table = pd.concat(found).reset_index() if found else totals.iloc[:0].reset_index().join(empty).assign(total=0.0)
    table = table.sort_values([*KEY, "total", "batch"], ascending=[True, True, False, True], kind="stable").drop_duplicates(KEY)
    return table.rename(columns={"batch": "holders_batch"}).set_index(KEY)[["holders_hhi", "holders_batch"]]


def _hhi(parts: "pd.Series[float]", totals: "pd.Series[float]") -> pd.DataFrame:
    batch = [*KEY, "batch"]
    summed = parts.groupby(batch).sum()
    squares = (parts**2).groupby(batch).sum()
    table = pd.DataFrame({"holders_hhi": squares / summed**2, "total": totals.reindex(summed.index)})
    return table[_all_of(summed, table["total"])]


def _preferred(quotas: pd.DataFrame) -> pd.DataFrame:
    return quotas[quotas["preferred"]]


def _of_china(production_reconciled: pd.DataFrame) -> pd.DataFrame:
    return production_reconciled[production_reconciled["country"] == "CHN"]


def _exported(unit_values: pd.DataFrame) -> pd.DataFrame:
    """China's exports of EXPORTED, without flow_outliers."""
    of_china = (unit_values["basis"] == "quantity_clean") & (unit_values["exporter_group"] == "CHN")
    return unit_values[of_china & unit_values["hs6"].isin(EXPORTED)]


def _year_of_text(processing: pd.DataFrame) -> pd.DataFrame:
    rows = separated_in_texts(processing)
    return rows.assign(year=rows["period_start"].str[:4].astype("int64"))


_SEPARATION: Key = {"stage": "separation"}
LINEAGE: dict[tuple[str, str], Rule] = {
    ("quota_use", "quotas"): selected("quotas", _preferred, [*KEY]),
    ("quota_use", "production_reconciled"): selected("production_reconciled", _of_china, ["year"], only={"stage": "mining"}),
    ("quota_use", "china_output"): selected("china_output", separated_in_output, ["year"], only=_SEPARATION),
    ("quota_use", "processing"): selected("processing", _year_of_text, ["year"], only=_SEPARATION),
    ("quota_use", "unit_values"): selected("unit_values", _exported, ["year"]),
    ("quota_use", "conversion_factors"): selected("conversion_factors", oxide.contents, []),
}
