"""Our formulas and tables against figures others have published. Those on tables need a build and are skipped without one."""

import numpy as np
import pandas as pd
import pytest

from pipeline import catalog, paths
from pipeline.measures.helpers.export_panel import export_panel, whole_series
from pipeline.measures.stage_concentration import stage_concentration
from tests.measures import toy

# Numbers of countries that have ended, such as Czechoslovakia: the library scores them too.
ENDED = 9
COMPOUNDS_AND_METALS = ["280530", "284610", "284690"]


def built(table_name: str) -> pd.DataFrame:
    if not catalog.parquet_path(table_name).is_file():
        pytest.skip(f"needs table {table_name}: run `reo build` first")
    return catalog.load_table(table_name)


def stages(amounts: dict[str, float]) -> pd.Series:
    frame = pd.DataFrame({"country": list(amounts), "amount": list(amounts.values())}).assign(
        year=2011,
        stage="mining",
        material="other",
        source_id="usgs",
        edition="2012",
        coverage="whole",
        flag=None,
        publisher="USGS",
        basis="content",
    )
    return stage_concentration(frame, toy.nothing("reserves"), toy.nothing("stage_shares")).iloc[0]


def test_helium_2011_by_theler_kauwe_and_sparks():
    """Theler, Kauwe, Sparks, Integrating Materials and Manufacturing Innovation 9, 144 (2020), data file 2011.

    Helium: USA 132, rest of the world 40, HHI 6430.50 of 10,000. They count the rest as one supplier, our upper bound.
    """
    helium = stages({"USA": 132, "ROW": 40, "WLD": 172})
    assert helium.hhi_high * 1e4 == pytest.approx(6430.502974580854)
    assert helium.hhi_low * 1e4 == pytest.approx(5889.67009194159)


def test_platinum_group_2011_by_theler_kauwe_and_sparks():
    """The same file: 6669.15 on a printed world total of 72,700; its four countries sum to 72,731, on which it is less."""
    named = {"CAN": 800, "RUS": 12000, "ZAF": 58111, "ZWE": 1820}
    platinum = stages({**named, "WLD": 72700})
    assert platinum.total == 72731
    assert platinum.hhi * 1e4 * (72731 / 72700) ** 2 == pytest.approx(6669.152914977229)


def usgs_mine_production(edition: str, year: int) -> pd.Series:
    """The row of stage_concentration for one table of USGS Mineral Commodity Summaries, from the transcribed file."""
    file = paths.REPOSITORY / "data" / "raw" / "usgs_mcs" / "world.csv"
    rows = pd.read_csv(file, dtype={"edition": "str"}).query(
        "edition == @edition and measure == 'mine_production' and year == @year"
    )
    codes = {
        "China": "CHN",
        "World total (rounded)": "WLD",
        "World total": "WLD",
        "Other countries": "ROW",
        "Other Countries": "ROW",
    }
    frame = pd.DataFrame(
        {"country": rows["country"].map(codes).fillna(rows["country"]), "amount": rows["value"].astype("float64")}
    )
    return stage_concentration(
        frame.assign(
            year=year,
            stage="mining",
            material="rare_earths",
            source_id="usgs_mcs",
            edition=edition,
            coverage="whole",
            flag=None,
            publisher="USGS",
            basis="REO",
        ),
        toy.nothing("reserves"),
        toy.nothing("stage_shares"),
    ).iloc[0]


def test_reserves_of_2026_without_india_are_a_range():
    """USGS 2026 leaves India out, 6.9 Mt in 2025: China's 44 Mt are 58.4 % of the rest and 53.5 % with India's last figure."""
    rows = built("stage_concentration").query("stage == 'reserves' and source_id == 'usgs_mcs'").set_index("edition")
    assert rows.loc["2026", "china_share_low"] == pytest.approx(0.535, abs=0.003)
    assert rows.loc["2026", "china_share_high"] == pytest.approx(0.584, abs=0.003)
    assert rows.loc["2026", "vanished"] == "IND 6,900,000 t (2024, edition 2025)"
    assert rows["vanished"].notna().sum() == 1


def test_china_mined_about_seventy_per_cent():
    """China accounts for roughly 70% of rare earth extraction (The Motley Fool, Rare Earths Trade Statistics, on USGS)."""
    for edition, year in (("2025", 2023), ("2025", 2024), ("2026", 2024), ("2026", 2025)):
        assert usgs_mine_production(edition, year).china_share == pytest.approx(0.70, abs=0.03)


def test_european_union_imports_by_eurostat():
    """Eurostat, International trade in critical raw materials: China's part of the EU's imports of rare earths by mass.

    40 % of 18 kt (7.4 kt) in 2022, 39.0 % of 18.3 kt (7.1 kt) in 2023, 46.3 % of 12.9 kt (6.0 kt) in 2024. BACI reconciles both
    sides' reports: China's tonnes agree within a tenth, its share within 3 points.
    """
    rows = built("import_dependence").query("importer == 'EUU' and basis == 'quantity' and hs6 in @COMPOUNDS_AND_METALS")
    rows = rows.assign(china=rows["china_share"] * rows["total"])
    by_year = rows.groupby("year")[["china", "total"]].sum()
    published = pd.DataFrame({"share": [0.40, 0.39, 0.463], "china": [7400, 7100, 6000]}, index=[2022, 2023, 2024])
    ours = by_year.loc[published.index]
    assert np.allclose(ours["china"] / ours["total"], published["share"], atol=0.03)
    assert np.allclose(ours["china"], published["china"], rtol=0.10)


def test_united_states_imports_by_customs():
    """Customs figures of 2024.

    HS 284690: 10.53 kt worth 151.08 million dollars, China 84 % by mass and 74.5 % by value (GTAIC, U.S. Rare Earth Compound
    Imports in 2024). All rare earths: 77 % from China by mass, 10.4 kt (The Motley Fool, Rare Earths Trade Statistics).
    """
    rows = built("import_dependence").query("importer == 'USA' and year == 2024 and hs6 in @COMPOUNDS_AND_METALS")
    compounds = rows[rows["hs6"] == "284690"].set_index("basis")
    assert compounds.loc["value", "total"] == pytest.approx(151_080, rel=0.05)
    assert compounds.loc["quantity", "total"] == pytest.approx(10_530, rel=0.05)
    assert compounds.loc["value", "china_share"] == pytest.approx(0.745, abs=0.02)
    assert compounds.loc["quantity", "china_share"] == pytest.approx(0.84, abs=0.02)
    mass = rows[rows["basis"] == "quantity"]
    china = (mass["china_share"] * mass["total"]).sum()
    assert china == pytest.approx(10_400, rel=0.05)
    assert china / mass["total"].sum() == pytest.approx(0.77, abs=0.02)


@pytest.mark.parametrize(("years", "printed"), [((2020, 2023), 0.70), ((2021, 2024), 0.71)])
def test_united_states_import_sources_by_the_geological_survey(years: tuple[int, int], printed: float):
    """Mineral Commodity Summaries 2025 and 2026, import sources of compounds and metals: China 70 and 71 % over four years.

    What the Survey weighs is not printed beside its shares, ours is gross mass: within five points.
    """
    rows = built("diversification").query("bloc == 'USA' and basis == 'quantity' and group != 'magnets'")
    rows = rows[rows["year"].between(*years)]
    china = ((1 - rows["non_china_share"]) * rows["imports"]).sum()
    assert china / rows["imports"].sum() == pytest.approx(printed, abs=0.05)


def test_price_shock_of_2010_to_2012():
    """Between 2006–09 and 2010–12 China's unit value of 284690 rose by 1.67 log points, its ratio to the others' by 0.9 only."""
    rows = built("unit_values").query("hs6 == '284690' and basis == 'quantity_clean' and exporter_group == 'CHN'")
    rows = rows.set_index("year")
    logs = np.log(rows[["usd_per_kg", "ratio_china_to_rest_mix_confounded"]])
    rise = logs.loc[2010:2012].mean() - logs.loc[2006:2009].mean()
    assert rise["usd_per_kg"] == pytest.approx(1.67, abs=0.005)
    assert rise["ratio_china_to_rest_mix_confounded"] == pytest.approx(0.9, abs=0.05)


def test_the_great_stray_flows_are_set_aside():
    """Single flows that ruled a year's tonnage of 284690.

    USA to Mexico 2004 (30 kt at 0.12 USD/kg, 36 %), Turkmenistan to Benin 2019 (27.5 kt), Türkiye to Benin 2024 (40.7 kt).
    """
    found = built("flow_outliers").query("hs6 == '284690'")
    flows = set(zip(found["year"], found["exporter"], found["importer"], strict=True))
    assert {(2004, "USA", "MEX"), (2019, "TKM", "BEN"), (2024, "TUR", "BEN")} <= flows


def test_supply_risk_published_is_the_published_library_s():
    """3,527 scores of geopolrisk-py 2.0.1, made by the library itself: tests/published/make_geopolrisk_scores.py.

    Some of its importers are numbers of countries that have ended: it scores them 0, and they have no rows here.
    """
    theirs = pd.read_csv(paths.REPOSITORY / "tests" / "published" / "geopolrisk_scores.csv", dtype={"importer": "str"})
    ours = built("supply_risk_published")
    codes = built("country_codes").query("scheme == 'baci' and valid_to == 2100").set_index("code")["iso3"]
    materials = built("material_codes").drop_duplicates("material").set_index("reference_name")["material"]
    named = theirs.assign(
        importer=theirs["importer"].replace({"EU": "EUU"}).where(theirs["importer"] == "EU", theirs["importer"].map(codes)),
        material=theirs["material"].map(materials),
    )
    ended = named[named["importer"].isna()]
    assert theirs.loc[ended.index, "importer"].nunique() == ENDED
    assert (ended["geopolrisk_score"] == 0).all()
    both = named.dropna(subset="importer").merge(ours, on=["year", "importer", "material"], suffixes=("_theirs", ""))
    assert len(both) == len(named) - len(ended) > 3000
    assert both[["material", "year"]].nunique().tolist() == [53, 7]
    for column in ("production_hhi", "import_risk", "geopolrisk_score"):
        assert np.allclose(both[column], both[f"{column}_theirs"], rtol=0, atol=1e-9, equal_nan=True)
    # Prices run to 100,000 USD/kg: as close by their own measure.
    assert np.allclose(both["price_usd_per_kg"], both["price"], rtol=1e-9)
    factors = both[["characterization_factor", "characterization_factor_theirs"]]
    assert np.allclose(*factors.to_numpy().T, rtol=1e-9, equal_nan=True)


def test_shock_of_2010_with_the_comparison_taken_off():
    """China's own change of 284690 is the 1.67 log points of the means of logs; its ratio's is 0.92, of the same panel."""
    own = built("policy_effects").query("outcome == 'unit_value_284690' and method == 'triple_difference'").iloc[0]
    assert own.change == pytest.approx(1.67, abs=0.005)
    outliers = built("flow_outliers")
    panel = export_panel(catalog.scan_table("trade_flows"), outliers, ["284690"])
    ratio = whole_series(panel, "unit_value_ratio", own.pre_from, own.post_to).loc[("CHN", "284690")]
    after, before = ratio.loc[own.first_treated :], ratio.loc[: own.first_treated - 1]
    assert after.mean() - before.mean() == pytest.approx(0.92, abs=0.005)


def test_customs_of_early_2011():
    """Customs data by Economic Information & Agency (mining.com, "China rare earth exports fall 11% in a single month").

    January to May 2011 against the year before: 8.8 % fewer tonnes of ores, metals and compounds for 3.425 times the value, so
    3.76 times the price. Our whole years, without ores: a fourfold price, within 0.2 log points.
    """
    outliers = built("flow_outliers")
    panel = export_panel(catalog.scan_table("trade_flows"), outliers, COMPOUNDS_AND_METALS)
    china = panel[panel["exporter"] == "CHN"].assign(t=lambda rows: np.exp(rows["tonnes"])).groupby("year")[["usd", "t"]].sum()
    price = china["usd"] / china["t"]
    assert np.log(price[2011] / price[2010]) == pytest.approx(np.log(3.425 / 0.912), abs=0.2)
