"""China's share on every basis: the toy world by hand, who is a main importer, and the bases of the United States in 2024."""

import pandas as pd
import pytest

from pipeline.measures.china_dependence import china_dependence
from tests.measures import toy


def origins() -> pd.DataFrame:
    return toy.expected("indirect_dependence")


def made(import_dependence: pd.DataFrame) -> pd.DataFrame:
    result = china_dependence(toy.flows(import_dependence), toy.tidy("products"), origins(), toy.tidy("us_statistics"))
    return toy.made("china_dependence", result)


def test_toy_world_as_worked() -> None:
    result = china_dependence(
        toy.flows(toy.expected("import_dependence")), toy.tidy("products"), origins(), toy.tidy("us_statistics")
    )
    toy.assert_as_worked("china_dependence", result)


def test_a_group_is_the_sum_of_its_codes_not_the_mean_of_their_shares() -> None:
    """Estonia 2024: 400 of 400 of 284610 and 1,000 of 1,400 of 284690 from China: 1,400 of 1,800."""
    rows = made(toy.expected("import_dependence"))
    row = rows[(rows["importer"] == "EST") & (rows["goods"] == "compounds") & (rows["basis"] == "value")]
    assert row["china_share"].item() == pytest.approx(1400 / 1800)


def test_an_importer_below_half_a_percent_of_the_world_has_no_row() -> None:
    table = toy.expected("import_dependence")
    small = table[(table["importer"] == "MYS") & (table["basis"] == "value")].assign(importer="KOR", total=20.0)
    both = pd.concat([table, small], ignore_index=True)
    assert "KOR" not in set(made(both)["importer"])
    assert "KOR" in set(made(pd.concat([table, small.assign(total=60.0)], ignore_index=True))["importer"])


def test_tonnes_of_the_magnets_code_are_no_basis() -> None:
    rows = made(toy.expected("import_dependence"))
    assert set(rows.loc[rows["goods"].isin(["magnets", "850511"]), "basis"]) == {"value"}
