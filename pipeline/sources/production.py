"""Production, reserves and the world's output since 1900: every publisher's figures side by side, none added to another."""

import pandas as pd

from pipeline.intake import transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError, nulls
from pipeline.schemas.production import COVERAGES
from pipeline.sources import bgs, printed_production, usgs
from pipeline.sources import world_mining_data as wmd

EDITIONS = [
    "source_id", "edition_as_printed", "publisher_as_printed", "edition", "publisher", "dated", "coverage", "reconciled", "note",
]  # fmt: skip
QUOTED = "production_history"
# Flags of a cell whose place, year or sum the transcriber inferred; the figure is shown, not used.
UNSURE = ("doubtful", "derived", "undated", "pos")


def production(
    world_mining_data: SourceFiles,
    world_mining_data_releases: SourceFiles,
    usgs_mcs: SourceFiles,
    usgs_minerals_yearbook: SourceFiles,
    statistical_review: SourceFiles,
    production_history: SourceFiles,
    bgs_world_mineral_statistics: SourceFiles,
    reviewed: SourceFiles,
    corrections: SourceFiles,
    country_codes: pd.DataFrame,
    conversion_factors: pd.DataFrame,
) -> pd.DataFrame:
    """Mine production of rare earths by publisher and edition, tonnes REO (columns of Production).

    Raises SourceError as the parsers do, and for an edition that production_editions.csv does not list.
    """
    printed = _printed(statistical_review, production_history, reviewed, corrections)
    parts = [
        wmd.production(world_mining_data, country_codes, corrections),
        wmd.older_release(world_mining_data_releases, wmd.packaged_edition(world_mining_data), reviewed, corrections),
        usgs.production(usgs_mcs, reviewed, corrections),
        usgs.production(usgs_minerals_yearbook, reviewed, corrections),
        bgs.production(bgs_world_mineral_statistics, conversion_factors, reviewed, corrections),
        printed[(printed["measure"] == "mine_production") & (printed["unit"] == "t")].astype({"year": "int64"}),
    ]
    frame = _with_editions(pd.concat([part[list(parts[0].columns)] for part in parts], ignore_index=True), reviewed)
    frame = frame.assign(stage="mining", material="rare_earths", basis="REO")
    frame["preferred"] = _preferred(frame, ["year", "country", "source_id", "publisher", "edition_as_printed"])
    sure = ~frame["flag"].fillna("").map(lambda flags: bool(set(flags.split(";")) & set(UNSURE)))
    frame["reconciled"] = (frame["reconciled"] == "yes") & frame["preferred"] & sure & frame["amount"].notna()
    return frame[
        [
            "year", "country", "stage", "material", "source_id", "edition", "publisher", "dated", "amount", "unit", "basis",
            "flag", "coverage", "preferred", "reconciled", "document_id", "note",
        ]
    ]  # fmt: skip


def reserves(
    usgs_mcs: SourceFiles,
    statistical_review: SourceFiles,
    production_history: SourceFiles,
    reviewed: SourceFiles,
    corrections: SourceFiles,
) -> pd.DataFrame:
    """Reserves of rare earths by publisher and edition, tonnes REO (columns of Reserves). Raises SourceError as `production`."""
    printed = _printed(statistical_review, production_history, reviewed, corrections)
    parts = [
        usgs.reserves(usgs_mcs, reviewed, corrections),
        printed[(printed["measure"] == "reserves") & (printed["unit"] == "t")],
    ]
    frame = _with_editions(pd.concat([part[list(parts[0].columns)] for part in parts], ignore_index=True), reviewed)
    frame["preferred"] = _preferred(frame, ["country", "source_id", "publisher", "edition_as_printed"])
    return frame.assign(basis="REO")[
        [
            "edition", "country", "source_id", "publisher", "amount", "unit", "basis", "flag", "coverage", "preferred",
            "document_id", "note",
        ]
    ]  # fmt: skip


def world_history(
    usgs_ds140: SourceFiles, production_history: SourceFiles, reviewed: SourceFiles, corrections: SourceFiles
) -> pd.DataFrame:
    """World output since 1900, and shares of the world that single texts publish (columns of WorldHistory)."""
    output = usgs.world_output(usgs_ds140, corrections)
    quoted = printed_production.quoted(production_history, reviewed, corrections)
    shares = _with_editions(quoted[quoted["unit"] == "percent"].reset_index(drop=True), reviewed)
    shares["measure"] = shares["measure"].map(
        {"mine_production": "share_of_world_mine_production", "reserves": "share_of_world_reserves"}
    )
    shares["period"] = shares["year"].astype("str").where(shares["year"].notna(), shares["edition_as_printed"])
    shares = shares.assign(value=shares["amount"], basis="REO")
    return pd.concat([output, shares[list(output.columns)].astype(output.dtypes)], ignore_index=True)


def _printed(
    statistical_review: SourceFiles, production_history: SourceFiles, reviewed: SourceFiles, corrections: SourceFiles
) -> pd.DataFrame:
    return pd.concat(
        [
            printed_production.statistical_review(statistical_review, reviewed, corrections),
            printed_production.quoted(production_history, reviewed, corrections),
        ],
        ignore_index=True,
    )


def _with_editions(frame: pd.DataFrame, reviewed: SourceFiles) -> pd.DataFrame:
    """What production_editions.csv says of each edition; a quoted cell's edition also names the text that quotes it."""
    file = reviewed.path("production_editions.csv")
    editions = transcribed.read(file, EDITIONS).drop(columns="note")
    transcribed.one_of(file, editions, "coverage", COVERAGES)
    transcribed.one_of(file, editions, "reconciled", ("yes", "no"))
    editions["dated"] = nulls(editions["dated"])
    key = ["source_id", "edition_as_printed", "publisher_as_printed"]
    twice = editions.duplicated(key)
    transcribed.refuse(file, editions, "edition_as_printed", twice, "is listed twice", "keep one of the rows")
    joined = frame.merge(editions, on=key, how="left", validate="many_to_one")
    if joined["coverage"].isna().any():
        new = joined[joined["coverage"].isna()].iloc[0]
        raise SourceError(
            f"edition {new['edition_as_printed']!r} of {new['source_id']} (publisher {new['publisher_as_printed']!r}) "
            f"is not in {file.name}",
            f"add a row to data/raw/reviewed/{file.name} ({', '.join(EDITIONS)}): whose figures they are, when they were "
            "published, whether we have the whole table, and whether they are reconciled; then run `reo sources lock`",
        )
    quoted = joined["source_id"] == QUOTED
    joined["edition"] = joined["edition"].mask(quoted, joined["edition"] + ", in " + joined["document_id"].fillna(""))
    return joined


def _preferred(frame: pd.DataFrame, cell: list[str]) -> "pd.Series[bool]":
    """Of the rows of one cell the first by: not doubtful, nothing inferred, the publisher's own text, document."""
    flags = frame["flag"].fillna("").str.split(";")
    order = frame.assign(
        doubtful=flags.map(lambda found: "doubtful" in found),
        inferred=flags.map(lambda found: len(set(found) & set(UNSURE))),
        second_hand=frame["publisher_as_printed"].str.contains("quoted"),
    ).sort_values(["doubtful", "inferred", "second_hand", "document_id", "edition"], kind="stable")
    first = ~order.duplicated(cell) & ~order["doubtful"]
    return first.reindex(frame.index)
