"""Files that are not tables, only compared with those that are: quoted USGS cells, a press table, US trade by heading."""

import pandas as pd
import pytest

from pipeline import catalog, paths

CHINA = "country == 'China'"


def raw(name: str) -> pd.DataFrame:
    return pd.read_csv(paths.REPOSITORY / "data" / "raw" / name)


def china_by_yearbook() -> "pd.Series[float]":
    return raw("usgs_minerals_yearbook/world.csv").query(f"{CHINA} and measure == 'mine_production'").set_index("year")["value"]


def us_by_data_series() -> "pd.Series[float]":
    return raw("usgs_ds140/rare_earths.csv").query("item == 'Production'").set_index("year")["value"]


def test_china_as_the_press_quoted_usgs_is_china_as_usgs_prints_it_since() -> None:
    quoted = raw("usgs_mcs_press_quoted/cells.csv").query(f"{CHINA} and measure == 'mine_production' and year >= 2018")
    printed = china_by_yearbook().reindex(quoted["year"].astype(int))
    assert quoted["year"].tolist() == [2018, 2019, 2020]
    assert quoted["value"].tolist() == printed.tolist()


def test_world_as_the_press_quoted_usgs_was_revised_by_less_than_a_tenth() -> None:
    quoted = raw("usgs_mcs_press_quoted/cells.csv").query("country.str.startswith('World') and year == 2015")["value"].item()
    revised = raw("usgs_ds140/rare_earths.csv").query("item == 'World production' and year == 2015")["value"].item()
    assert quoted == pytest.approx(revised, rel=0.1)


@pytest.mark.parametrize("year", [1994, 2014])
def test_the_press_table_has_the_united_states_as_data_series_140_does(year: int) -> None:
    table = raw("visual_capitalist/mine_production.csv")
    assert table.query("country == 'United States' and year == @year")["value"].item() == us_by_data_series()[year]


def test_the_press_table_has_china_in_2024_as_the_edition_of_2025_does() -> None:
    printed = raw("usgs_mcs/world.csv").query(f"{CHINA} and measure == 'mine_production' and edition == 2025 and year == 2024")
    table = raw("visual_capitalist/mine_production.csv")
    assert table.query(f"{CHINA} and year == 2024")["value"].item() == printed["value"].item()


def test_us_imports_of_compounds_from_china_by_heading_are_within_a_tenth_of_baci_in_every_year() -> None:
    """USITC counts imports for consumption of heading 2846; BACI reconciles them with China's report, without freight."""
    if not catalog.parquet_path("trade_flows").is_file():
        pytest.skip("needs table trade_flows: run `reo build` first")
    flows = catalog.load_table("trade_flows").query("exporter == 'CHN' and importer == 'USA' and hs6 in ['284610', '284690']")
    baci = flows.groupby("year")["value_kusd"].sum()
    by_heading = raw("usitc_dataweb/hts4.csv.gz").query(
        "hts4 == 2846 and partner == 'China' and flow == 'imports_for_consumption' and period == 'Jan-Dec'"
    )
    reported = by_heading.groupby("year")["value_usd"].max() / 1000
    ratio = (baci / reported).dropna()
    assert list(ratio.index) == list(range(1995, 2025))
    assert ratio.between(0.9, 1.1).all(), ratio[~ratio.between(0.9, 1.1)].to_dict()
