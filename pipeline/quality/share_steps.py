"""Steps of China's share at the newest year of each series: a misread figure moves the newest share before anyone looks."""

import pandas as pd

from pipeline import paths
from pipeline.intake import transcribed

# Largest step from the year before that passes unreviewed, as a part of 1; the years are at most so many apart.
LARGEST_STEP = 0.25
YEARS_APART = 3
SERIES = {
    "stage_concentration": ["source_id", "publisher", "stage", "material", "kind", "basis"],
    "export_concentration": ["hs6", "basis"],
}
COLUMNS = ["table", "series", "year", "why"]


def newest_steps(table_name: str, table: pd.DataFrame) -> pd.DataFrame:
    """The step of `china_share` into the newest year of each series: columns series, year, step.

    Of several editions of a year the last one counts. Steps listed in data/raw/reviewed/share_steps.csv are left out.
    """
    keys = SERIES[table_name]
    order = ["year", "edition"] if "edition" in table else ["year"]
    shares = table[table["china_share"].notna()].sort_values([*keys, *order], kind="stable")
    yearly = shares.groupby([*keys, "year"], dropna=False)["china_share"].last().reset_index()
    yearly["series"] = yearly[keys].astype("str").agg(" ".join, axis="columns")
    held = yearly.groupby("series")
    yearly["step"] = held["china_share"].diff().where(held["year"].diff() <= YEARS_APART)
    newest = yearly.groupby("series").tail(1).dropna(subset="step")
    return newest[~_reviewed(table_name, newest)][["series", "year", "step"]].reset_index(drop=True)


def _reviewed(table_name: str, steps: pd.DataFrame) -> "pd.Series[bool]":
    file = paths.reviewed() / "share_steps.csv"
    if not file.is_file():
        return pd.Series(False, index=steps.index)
    listed = transcribed.read(file, COLUMNS, may_be_empty=True)
    transcribed.refuse(file, listed, "why", listed["why"] == "", "is empty", "say why the step is right")
    known = set(listed[["table", "series", "year"]].itertuples(index=False, name=None))
    cells = zip(steps["series"], steps["year"].astype("str"), strict=True)
    return pd.Series([(table_name, series, year) in known for series, year in cells], index=steps.index, dtype="bool")
