"""China's share stage by stage, each step within one publisher and edition."""

import pandas as pd

from pipeline.measures.helpers import published_shares
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Select, Tables, selected
from pipeline.measures.helpers.published_shares import dated_shares
from pipeline.schemas import table as t
from pipeline.schemas.table import STAGES
from pipeline.schemas.value_chain_gap import ValueChainGap

CHAIN = ["publisher", "edition", "year", "kind"]
# Only a chain can be stepped along: a text of `processing` counts where it gives China's share of so many stages.
LEAST_STAGES = 2


def value_chain_gap(stage_concentration: pd.DataFrame, stage_shares: pd.DataFrame, processing: pd.DataFrame) -> pd.DataFrame:
    """China's share by year, stage, material, publisher and edition, and the step from the stage before (ValueChainGap).

    Shares come from whole tables of tonnes (stage_concentration), from published shares (stage_shares; USGS's own only where no
    whole table of it has the year), and from texts that give China's share of two stages or more (processing) and more than
    stage_shares has of them; such a text is dated by itself where it states no year.
    step = share minus that of the nearest earlier stage that the same publisher gives in the same edition, for the same year,
    kind and material. Magnets are another material than what they are made of: they step from the one earlier share there
    is, where there is one. No step from or to a lower bound, and none between publishers, editions or years.
    """
    parts = [_of_tables(stage_concentration), _of_shares(stage_shares, stage_concentration), _of_texts(processing, stage_shares)]
    kept = [part for part in parts if len(part)] or parts[:1]
    table = pd.concat(kept, ignore_index=True).dropna(subset=["china_share"])
    table = table.sort_values(["year", "stage", "material", "publisher", "edition"], kind="stable").reset_index(drop=True)
    return t.frame(ValueChainGap, _with_steps(table))


def _of_tables(stage_concentration: pd.DataFrame) -> pd.DataFrame:
    rows = stage_concentration[stage_concentration["source_id"] != "stage_shares"]
    # Two books of one publisher may have an edition of the same year.
    return rows.assign(edition=rows["source_id"].str.cat(rows["edition"], sep=" "), dated_by="period")


def _of_shares(stage_shares: pd.DataFrame, stage_concentration: pd.DataFrame) -> pd.DataFrame:
    rows = stage_shares[stage_shares["country"] == "CHN"]
    whole = pd.MultiIndex.from_frame(stage_concentration[["publisher", "year", "stage"]])
    again = pd.MultiIndex.from_frame(rows[["publisher", "year", "stage"]]).isin(whole) & (rows["publisher"] == "USGS")
    return rows[~again].assign(china_share=rows["share"], at_least=published_shares.at_least(rows["note"]), dated_by="period")


def _of_texts(processing: pd.DataFrame, stage_shares: pd.DataFrame) -> pd.DataFrame:
    rows = dated_shares(processing)
    rows = rows[rows["country"] == "CHN"]
    rows = rows.assign(
        year=rows["year"].astype("int64"),
        publisher=rows["edition"].fillna("not named"),
        edition=rows["document_id"],
        china_share=rows["value"],
        at_least=published_shares.at_least(rows["note"]),
        basis="as the text words it",
    )
    share = ["year", "stage", "material", "china_share"]
    published = stage_shares[stage_shares["country"] == "CHN"].rename(columns={"share": "china_share"})
    again = pd.MultiIndex.from_frame(rows[share]).isin(pd.MultiIndex.from_frame(published[share]))
    rows = rows[~pd.Series(again, index=rows.index).groupby([rows[k] for k in CHAIN]).transform("all")]
    stages = rows.groupby(CHAIN)["stage"].transform("nunique")
    rows = rows[stages >= LEAST_STAGES].sort_values("period_end", kind="stable")
    return rows.drop_duplicates(["year", "stage", "material", "publisher", "edition"], keep="last")


def _with_steps(table: pd.DataFrame) -> pd.DataFrame:
    before = [_stage_before(row, chain) for _, chain in table.groupby(CHAIN) for _, row in chain.iterrows()]
    index = [label for _, chain in table.groupby(CHAIN) for label in chain.index]
    found = pd.DataFrame(before, index=index, columns=["step_from", "step_from_material", "step"]).reindex(table.index)
    return table.join(found.astype({"step_from": "str", "step_from_material": "str", "step": "float64"}))


def _stage_before(row: "pd.Series[str]", chain: pd.DataFrame) -> tuple[str | None, str | None, float]:
    """The stage and material a row is stepped from, and the step."""
    place = chain["stage"].map(STAGES.index)
    earlier = chain[(place < STAGES.index(row["stage"])) & ~chain["at_least"] & (not row["at_least"])]
    same = earlier[earlier["material"] == row["material"]]
    if same.empty and row["stage"] == "magnet":
        same = earlier
    if same.empty:
        return None, None, float("nan")
    nearest = same[same["stage"].map(STAGES.index) == same["stage"].map(STAGES.index).max()]
    if len(nearest) > 1:
        return None, None, float("nan")
    one = nearest.iloc[0]
    return str(one["stage"]), str(one["material"]), round(float(row["china_share"]) - float(one["china_share"]), 12)


def _chain(input_name: str, select: Select) -> Rule:
    """The figures of the whole chain that the row is a stage of: a step is from another stage."""
    return selected(input_name, select, CHAIN)


def _kept_shares(row: Key, tables: Tables) -> InputRows:
    whole = tables.load_table("stage_concentration")
    return _chain("stage_shares", lambda shares: _of_shares(shares, whole))(row, tables)


def _kept_texts(row: Key, tables: Tables) -> InputRows:
    shares = tables.load_table("stage_shares")
    return _chain("processing", lambda processing: _of_texts(processing, shares))(row, tables)


LINEAGE: dict[tuple[str, str], Rule] = {
    ("value_chain_gap", "stage_concentration"): _chain("stage_concentration", _of_tables),
    ("value_chain_gap", "stage_shares"): _kept_shares,
    ("value_chain_gap", "processing"): _kept_texts,
}
