"""Concentration of suppliers: the toy world by hand, the European Union as one importer, and the 65 % line."""

import pandas as pd

from pipeline.measures.import_dependence import import_dependence
from tests.measures import toy


def test_toy_world_imports():
    worked = import_dependence(toy.trade_flows(), toy.expected("flow_outliers"), toy.tidy("countries"), toy.tidy("products"))
    toy.assert_as_worked("import_dependence", worked)


def test_years_cut_to_the_largest_partners_have_no_row():
    cut = toy.trade([(2023, "CHN", "USA", "850511", 900.0, None)], coverage="top6", nomenclature="HS17")
    both = pd.concat([cut, toy.trade([(2024, "CHN", "VNM", "284690", 9.0, 1.0)])], ignore_index=True)
    dependence = (
        import_dependence(toy.flows(both), toy.no_outliers(), toy.tidy("countries"), toy.tidy("products"))
        .to_pyarrow()
        .to_pandas()
    )
    assert set(dependence["hs6"]) == {"284690"}


def test_union_counts_imports_from_outside_only():
    countries = pd.DataFrame({"iso3": ["DEU", "EST", "CHN"], "eu27": [True, True, False]})
    frame = toy.trade(
        [
            (2024, "CHN", "DEU", "284690", 30.0, 3.0),
            (2024, "CHN", "EST", "284690", 10.0, 1.0),
            (2024, "USA", "EST", "284690", 10.0, 1.0),
            (2024, "EST", "DEU", "284690", 70.0, 2.0),
        ]
    )
    rows = (
        import_dependence(toy.flows(frame), toy.no_outliers(), countries, toy.tidy("products"))
        .to_pyarrow()
        .to_pandas()
        .set_index(["importer", "basis"])
    )
    union = rows.loc[("EUU", "value")]
    assert union["total"] == 50
    assert union["china_share"] == 0.8
    assert union["suppliers"] == 2
    for basis in ("quantity", "quantity_clean"):
        assert rows.loc[("EUU", basis), ["total", "china_share"]].tolist() == [5, 0.8]
    assert rows.loc[("DEU", "value"), "top_supplier"] == "EST"


def test_sixty_five_per_cent_is_not_above_65():
    def above(china: float) -> bool:
        frame = toy.trade([(2024, "CHN", "JPN", "284690", china, None), (2024, "USA", "JPN", "284690", 100.0 - china, None)])
        return (
            import_dependence(toy.flows(frame), toy.no_outliers(), toy.tidy("countries"), toy.tidy("products"))
            .to_pyarrow()
            .to_pandas()["above_65"]
            .item()
        )

    assert [above(65.0), above(65.1), above(66.0)] == [False, True, True]


def test_only_codes_of_products_are_computed():
    frame = toy.trade([(2024, "CHN", "USA", "284690", 10.0, 1.0), (2024, "CHN", "USA", "010121", 10.0, 1.0)])
    made = import_dependence(toy.flows(frame), toy.no_outliers(), toy.tidy("countries"), toy.tidy("products"))
    assert set(made.to_pyarrow().to_pandas()["hs6"]) == {"284690"}
