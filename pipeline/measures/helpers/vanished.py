"""Countries that a publisher's table had in the edition before and has no longer."""

from itertools import pairwise

import pandas as pd

# Least part of the table before for which a country that is gone changes how the new table is read.
LEAST_PART = 0.02
SERIES = ["stage", "material", "source_id", "kind"]
TABLE = ["year", *SERIES, "edition"]
NOT_COUNTRIES = ("WLD", "ROW")


def vanished(rows: pd.DataFrame) -> pd.DataFrame:
    """The last figures of countries gone from a table: the rows of the table before (their index kept), and whose they are.

    `rows` are whole tables, one row a country (TABLE, country, amount). Gone is a country without an amount, or without a row
    (a published 0 is an amount), that had LEAST_PART of the table before: that of the same year in the edition before, else of
    that edition's newest year. Editions follow each other by the year they begin with; others follow none. Gives year and
    edition of the table it is gone from, SERIES, country, amount, edition_before, year_before.
    """
    published = rows[rows["amount"].notna() & rows["edition"].str.match(r"\d{4}\b") & (rows["country"] != "WLD")]
    found = []
    for _series, of_series in published.groupby(SERIES):
        editions = sorted(of_series["edition"].unique())
        for before, edition in pairwise(editions):
            old, new = (of_series[of_series["edition"] == e] for e in (before, edition))
            for year, table in new.groupby("year"):
                last = old[old["year"] == (year if (old["year"] == year).any() else old["year"].max())]
                gone = last[~last["country"].isin([*table["country"], *NOT_COUNTRIES])]
                gone = gone[gone["amount"] >= LEAST_PART * last["amount"].sum()]
                found.append(gone.assign(edition_before=before, year_before=gone["year"], edition=edition, year=year))
    columns = [*TABLE, "country", "amount", "edition_before", "year_before"]
    return pd.concat(found)[columns] if found else published.iloc[:0].assign(edition_before="", year_before=0)[columns]


def by_table(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """What has vanished from each table, by `key`: gone (all together), gone_china, gone_squares, vanished (words)."""
    gone = vanished(rows).sort_values([*key, "amount", "country"], ascending=[True] * len(key) + [False, True], kind="stable")
    figure = gone["amount"].map("{:,.0f} t".format).astype("str")
    dated = gone["year_before"].astype("str") + ", edition " + gone["edition_before"]
    gone = gone.assign(
        gone_china=gone["amount"].where(gone["country"] == "CHN", 0.0),
        gone_squares=gone["amount"] ** 2,
        words=gone["country"] + " " + figure + " (" + dated + ")",
    )
    return gone.groupby(key).agg(
        gone=("amount", "sum"),
        gone_china=("gone_china", "sum"),
        gone_squares=("gone_squares", "sum"),
        vanished=("words", "; ".join),
    )
