"""Concentration of a stage where a publisher gives shares, often one country's alone."""

import pandas as pd

from pipeline.errors import ReoError
from pipeline.schemas import table as t
from pipeline.schemas.stage_concentration import StageConcentration
from pipeline.schemas.vocabularies import KINDS_OF_FIGURE

TABLE = ["year", "stage", "material", "publisher", "edition"]
# Shares published in whole per cent may miss 1, or pass it, by so much and still be a whole table.
ROUNDING = 0.01


def read(stage_shares: pd.DataFrame) -> pd.DataFrame:
    """The shares that count, `edition` naming the publisher too: all but mining of rare earths, whose tonnes `production` has."""
    rows = stage_shares[(stage_shares["stage"] != "mining") | (stage_shares["material"] != "rare_earths")]
    return rows.assign(edition=edition(rows))


def edition(stage_shares: pd.DataFrame) -> "pd.Series[str]":
    """Whose table and which, in one text: two publishers may call an edition alike."""
    return stage_shares["publisher"].str.cat(stage_shares["edition"], sep=", ")


def at_least(notes: "pd.Series[str]") -> "pd.Series[bool]":
    """Whether a share is published as a lower bound (more than 97 %), which its note begins with."""
    return notes.str.startswith("lower bound").fillna(False).astype("bool")


def concentration(stage_shares: pd.DataFrame) -> pd.DataFrame:
    """HHI and shares of the tables of published shares (columns of StageConcentration); shares never made to sum to 1.

    One table is one publisher, edition, year, stage and material. A published rest, regions (X_ codes) and what the shares leave
    out are countries not named: hhi_low takes them as infinitely many suppliers, hhi_high as one. Where the publisher
    accounts for 99 % of the world or more, hhi is the midpoint, as everywhere. Where it leaves out more, nobody published what
    an HHI takes: hhi, effective_suppliers and cr3 are null, and cr1 and top_country too where the part left out is larger than
    the largest share. Low and high of China's share are itself, but 1 the high of one published as a lower bound: a table of
    shares says itself what it leaves unnamed, so no country vanishes from it.
    Raises ReoError where a table's shares sum above 1.01.
    """
    shares = read(stage_shares)
    shares = shares.assign(rank=shares["kind"].map(KINDS_OF_FIGURE.index).astype("int64"), at_least=at_least(shares["note"]))
    _refuse_above_one(shares)
    unnamed = shares["country"].isin(["ROW", "WLD"]) | shares["country"].str.startswith("X_")
    named = shares[~unnamed & (shares["share"] > 0)]
    named = named.sort_values([*TABLE, "share", "country"], ascending=[True] * len(TABLE) + [False, True], kind="stable")
    groups = named.groupby(TABLE)
    table = groups.agg(
        source_id=("source_id", "first"), basis=("basis", "first"), named=("share", "sum"), countries=("country", "size"),
        cr1=("share", "max"), top_country=("country", "first"), at_least=("at_least", "any"),
    )  # fmt: skip
    table["kind"] = shares.groupby(TABLE)["rank"].max().reindex(table.index).map(dict(enumerate(KINDS_OF_FIGURE)))
    table["cr3"] = groups.head(3).groupby(TABLE)["share"].sum().clip(upper=1)
    published = shares.groupby(TABLE)["share"].sum().reindex(table.index)
    table["hhi_low"] = (named["share"] ** 2).groupby([named[k] for k in TABLE]).sum()
    table["unnamed_share"] = (1 - table["named"]).clip(lower=0).round(9)
    table["hhi_high"] = (table["hhi_low"] + table["unnamed_share"] ** 2).mask(table["at_least"], 1.0)
    china = named[named["country"] == "CHN"].set_index(TABLE)["share"].reindex(table.index)
    left_out = (1 - published).clip(lower=0).round(9)
    whole = (left_out <= ROUNDING) & ~table["at_least"]
    table["china_share"] = china.mask(whole & china.isna(), 0.0)
    table["china_share_low"] = table["china_share"]
    table["china_share_high"] = table["china_share"].mask(table["at_least"] & table["china_share"].notna(), 1.0)
    table["hhi"] = ((table["hhi_low"] + table["hhi_high"]) / 2).where(whole)
    table["effective_suppliers"] = 1 / table["hhi"]
    table["cr3"] = table["cr3"].where(whole)
    largest_known = left_out <= table["cr1"]
    for column in ("cr1", "top_country"):
        table[column] = table[column].where(largest_known)
    nothing = pd.Series(float("nan"), index=table.index)
    table = table.assign(total=nothing, printed_total=nothing).reset_index()
    return t.frame(StageConcentration, table)


def _refuse_above_one(shares: pd.DataFrame) -> None:
    above = shares[shares["country"] != "WLD"].groupby(TABLE)["share"].sum().round(9)
    above = above[above > 1 + ROUNDING]
    if len(above):
        year, stage, material, _publisher, of = above.index[0]
        raise ReoError(
            f"stage_shares: shares of {stage} of {material} in {year} ({of}) sum to {above.iloc[0]:.4g}",
            "correct the shares, or give figures of two bases two editions",
        )


def dated_shares(processing: pd.DataFrame) -> pd.DataFrame:
    """The shares of whole countries in `processing`, those without a year dated by their text."""
    rows = processing[(processing["unit"] == "share") & (processing["company"] == "all") & (processing["site"] == "all")]
    return rows.assign(year=rows["year"].fillna(rows["period_start"].str[:4].astype("Int64")))
