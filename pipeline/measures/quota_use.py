"""China's quotas against its output and exports, and who holds them."""

import pandas as pd

from pipeline.measures.helpers import oxide
from pipeline.measures.helpers.input_rows import InputRows, Key, Tables, in_words, where_equal

COLUMNS = [
    "year", "stage", "issuer", "quota", "quota_basis", "quota_flag", "plan_quota", "quota_light", "quota_heavy",
    "reported_output_low", "reported_output", "reported_output_high", "output_publishers", "output_is_quota",
    "exports_gross", "exports_reo_low", "exports_reo", "exports_reo_high",
    "output_over_quota_low", "output_over_quota", "output_over_quota_high",
    "exports_over_quota_low", "exports_over_quota", "exports_over_quota_high", "holders", "holders_hhi", "holders_batch",
]  # fmt: skip
KEY = ["year", "stage"]
# Whose cap is the quota of a stage. Until 2018 the industry ministry's plan for mining is another cap, beside it.
ISSUERS = {"mining": ("MLR", "MNR", "MIIT/MNR"), "separation": ("MIIT", "MIIT/MNR"), "export": ("MOFCOM",)}
PLAN = "MIIT"
LIGHT = ("light", "rock_type")
HEAVY = ("heavy_ion_adsorption", "medium_heavy")
# Batches of which a year is made; full_year and first+second hold them.
BATCHES = ("first", "first_supplement", "second", "third")
# Parts are printed rounded, in 2022 to hundreds of tonnes: by so much they may miss the total and still be all of it.
PARTS = 0.005
EXPORTED = ("280530", "284610", "284690")
SEPARATED = "china_output_separated_products"
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
    year's, else the sum of the batches' where together they give the quota within PARTS. Output of mining is that of
    production_reconciled, of separation what texts print for China. Exports: China's of compounds and metals, flows set aside
    left out, in oxide by `oxide.factors`; null unless every code has a mass. Ratios to a quota whose basis no text states have
    a low and a high only, over oxide and gross. Holders are counted from the year's last notice; their HHI is that of the
    largest batch in which all parts are printed, provinces and parts within another holder left out.
    """
    total = quotas[quotas["preferred"] & (quotas["group"] == "all")]
    table = _quotas(total).join(_outputs(production_reconciled, china_output, processing), how="outer").sort_index()
    issuers = table.index.get_level_values("stage")
    table = table.join(_kinds(total, table["quota"]))
    exports = _exports(unit_values, conversion_factors)
    table = table.join(exports, on="year").join(_holders(quota_holders), on="year").join(_holders_hhi(quotas))
    table["holders"] = table["holders"].mask(issuers == "export").astype("Int64")
    table["output_is_quota"] = (table["reported_output"] == table["quota"]) & table["quota"].notna()
    for end in BOUNDS:
        table[f"output_over_quota{end}"] = table[f"reported_output{end}"] / table["quota"].where(table["quota"] > 0)
    return _exports_over_quota(table).reset_index()[COLUMNS]


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
    return ((parts - total).abs() <= PARTS * total).fillna(False)


def _outputs(production_reconciled: pd.DataFrame, china_output: pd.DataFrame, processing: pd.DataFrame) -> pd.DataFrame:
    """Index year and stage: reported output and who says so."""
    mined = production_reconciled[production_reconciled["country"] == "CHN"]
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
    told = _separated(china_output, processing)
    groups = told.groupby("year")
    low, high = groups["value"].min(), groups["value"].max()
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


def _separated(china_output: pd.DataFrame, processing: pd.DataFrame) -> pd.DataFrame:
    """China's output of separated rare earths of a year, tonnes REO, as texts print it: year, value, publisher."""
    told = china_output[(china_output["measure"] == SEPARATED) & (china_output["unit"] == "t")]
    whole = (processing["period_start"].str[4:] == "-01") & (processing["period_end"].str[4:] == "-12")
    printed = processing[
        whole & (processing["country"] == "CHN") & (processing["company"] == "all") & (processing["stage"] == "separation")
        & (processing["material"] == "rare_earths") & (processing["unit"] == "t") & (processing["kind"] == "actual")
    ]  # fmt: skip
    printed = printed.assign(publisher=printed["edition"].fillna("not named"))
    both = pd.concat([rows[["year", "value", "publisher"]] for rows in (told, printed)]).dropna(subset=["year"])
    return both.astype({"year": "int64"}).sort_values(["year", "publisher", "value"], kind="stable")


def _exports(unit_values: pd.DataFrame, conversion_factors: pd.DataFrame) -> pd.DataFrame:
    """Index year: China's exports of EXPORTED, gross and in oxide; years and codes without a mass make the year null."""
    of = unit_values[(unit_values["basis"] == "quantity_clean") & (unit_values["exporter_group"] == "CHN")]
    tonnes = of.pivot(index="year", columns="hs6", values="quantity_t").reindex(columns=list(EXPORTED)).dropna()
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


def _holders_hhi(quotas: pd.DataFrame) -> pd.DataFrame:
    """Index year and stage: HHI of the holders' parts in the largest batch whose parts are all printed."""
    rows = quotas[quotas["preferred"] & (quotas["stage"] != "export") & quotas["amount"].notna()]
    rows = _own(rows)
    batch = [*KEY, "batch"]
    totals = rows[(rows["group"] == "all") & (rows["kind"] == "total")].drop_duplicates(batch).set_index(batch)["amount"]
    holders = rows[~rows["group"].str.contains(r"^all$|^province |\(within ", regex=True)]
    of_kinds = holders.groupby(holders["kind"] == "total")
    printed = [part.groupby([*batch, "group"])["amount"].sum() for _, part in of_kinds]
    found = [_hhi(parts, totals) for parts in printed]
    empty = pd.DataFrame({"holders_hhi": pd.Series(dtype="float64"), "holders_batch": pd.Series(dtype="str")})
    table = pd.concat(found).reset_index() if found else totals.iloc[:0].reset_index().join(empty).assign(total=0.0)
    table = table.sort_values([*KEY, "total", "batch"], ascending=[True, True, False, True], kind="stable").drop_duplicates(KEY)
    return table.rename(columns={"batch": "holders_batch"}).set_index(KEY)[["holders_hhi", "holders_batch"]]


def _hhi(parts: "pd.Series[float]", totals: "pd.Series[float]") -> pd.DataFrame:
    batch = [*KEY, "batch"]
    summed = parts.groupby(batch).sum()
    squares = (parts**2).groupby(batch).sum()
    table = pd.DataFrame({"holders_hhi": squares / summed**2, "total": totals.reindex(summed.index)})
    return table[_all_of(summed, table["total"])]


def _quotas_behind(row: Key, tables: Tables) -> InputRows:
    """The preferred rows of the year and stage: the cap, its kinds and its holders' parts."""
    values = {"year": row["year"], "stage": row["stage"], "preferred": True}
    return in_words(values), where_equal(tables.scan_table("quotas"), values).to_pandas()


def _mined_behind(row: Key, tables: Tables) -> InputRows:
    if row["stage"] != "mining":
        return "none: it has the output of mines alone", pd.DataFrame()
    values = {"year": row["year"], "country": "CHN"}
    return in_words(values), where_equal(tables.scan_table("production_reconciled"), values).to_pandas()


def _output_behind(row: Key, tables: Tables) -> InputRows:
    if row["stage"] != "separation":
        return "none: read for separation alone", pd.DataFrame()
    values = {"year": row["year"], "measure": SEPARATED}
    return in_words(values), where_equal(tables.scan_table("china_output"), values).to_pandas()


def _processing_behind(row: Key, tables: Tables) -> InputRows:
    if row["stage"] != "separation":
        return "none: read for separation alone", pd.DataFrame()
    values = {"year": row["year"], "country": "CHN", "company": "all", "stage": "separation", "unit": "t"}
    return in_words(values), where_equal(tables.scan_table("processing"), values).to_pandas()


def _exports_behind(row: Key, tables: Tables) -> InputRows:
    values = {"year": row["year"], "exporter_group": "CHN", "basis": "quantity_clean"}
    rows = where_equal(tables.scan_table("unit_values"), values).to_pandas()
    return in_words(values), rows[rows["hs6"].isin(EXPORTED)].sort_values("hs6")


def _factors_behind(_row: Key, tables: Tables) -> InputRows:
    rows = where_equal(tables.scan_table("conversion_factors"), {"factor": oxide.FACTOR}).to_pandas()
    return f"rows of factor {oxide.FACTOR}", rows.sort_values("material")


LINEAGE = {
    ("quota_use", "quotas"): _quotas_behind,
    ("quota_use", "production_reconciled"): _mined_behind,
    ("quota_use", "china_output"): _output_behind,
    ("quota_use", "processing"): _processing_behind,
    ("quota_use", "unit_values"): _exports_behind,
    ("quota_use", "conversion_factors"): _factors_behind,
}
