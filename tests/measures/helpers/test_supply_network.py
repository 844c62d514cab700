"""The network of who makes and ships a group of goods: rounding, ways around a country, magnets, shares of value counted."""

import ibis
import numpy as np
import pandas as pd
import pytest

from pipeline.measures.helpers import supply_network
from pipeline.measures.helpers.supply_network import Recorded, magnet_flows, network

GRAM = 1e-6


def of(*flows: tuple[str, str, float], **output: float) -> supply_network.Network:
    rows = pd.DataFrame(flows, columns=["exporter", "importer", "t"])
    return network(2024, "compounds", "excluded", rows, output)


def test_exports_beyond_output_on_record_are_unexplained_output_however_small() -> None:
    """A makes 1 t on record and ships 1.5 t: half a tonne more was made; B uses all it gets."""
    found = of(("A", "B", 1.5), A=1.0)
    assert found.unexplained.tolist() == [0.5, 0.0]
    assert found.output.tolist() == [1.5, 0.0]
    assert found.use.tolist() == [0.0, 1.5]


def test_a_gram_or_less_is_rounding() -> None:
    found = of(("A", "B", GRAM))
    assert found.unexplained.tolist() == [0.0, 0.0]
    assert found.use.tolist() == [0.0, 0.0]
    more = of(("A", "B", 2 * GRAM))
    assert more.unexplained.tolist() == [2 * GRAM, 0.0]
    assert more.use.tolist() == [0.0, 2 * GRAM]


def test_goods_come_by_any_way_but_through_the_country_left_out() -> None:
    """A ships to B, B to C and D, C to D, half a tonne each; nothing comes to E but from F."""
    found = of(("A", "B", 0.5), ("B", "C", 0.5), ("C", "D", 0.5), ("F", "E", 0.5))
    sources = np.array([country == "A" for country in found.countries])
    reached = dict(zip(found.countries, found.reached(sources), strict=True))
    assert reached == {"A": True, "B": True, "C": True, "D": True, "E": False, "F": False}
    around = dict(zip(found.countries, found.reached(sources, found.index("B")), strict=True))
    assert around == {"A": True, "B": True, "C": False, "D": False, "E": False, "F": False}
    assert found.index("Z") is None


def magnets(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_flows_of_magnets_are_those_held_for_all_exporters_of_the_years_asked_for() -> None:
    """2024 is whole, 2023 has China's line alone, 2022 is not asked for; a published total is no flow."""
    rows = magnets(
        year=[2024, 2024, 2024, 2024, 2023, 2022],
        exporter=["DEU", "CHN", "CHN", "JPN", "CHN", "DEU"],
        importer=["USA", "USA", "WLD", "USA", "USA", "USA"],
        basis=["hs850511_interval", "national_line", "national_line", "hs850511_interval", "national_line", "hs850511_interval"],
        quantity_t=[None, 3.0, 99.0, None, 8.0, None],
        quantity_t_low=[None, 2.0, 99.0, None, 8.0, 1.0],
        quantity_t_high=[10.0, 4.0, 99.0, None, 8.0, 1.0],
        hs850511_value_kusd=[5.0, None, 99.0, None, 8.0, 1.0],
        value_kusd=[None, 7.0, 99.0, None, 8.0, 1.0],
    )
    found = magnet_flows(rows, [2023, 2024]).set_index("exporter")
    assert found.loc["DEU", ["low", "central", "high", "usd"]].tolist() == [0.0, 5.0, 10.0, 5000.0]
    assert found.loc["CHN", ["low", "central", "high", "usd"]].tolist() == [2.0, 3.0, 4.0, 7000.0]
    assert found.loc["JPN", ["low", "central", "high", "usd"]].tolist() == [0.0, 0.0, 0.0, 0.0]
    assert len(found) == 3


def test_coverage_is_the_share_of_value_whose_flows_have_a_mass() -> None:
    """The USA: 30 of 100 dollars; Germany half a dollar, all of it; France bought for nothing and has no share."""
    flows = pd.DataFrame(
        [("CHN", "USA", 30.0, 3.0), ("JPN", "USA", 70.0, 0.0), ("CHN", "DEU", 0.5, 0.1), ("CHN", "FRA", 0.0, 1.0)],
        columns=["exporter", "importer", "usd", "central"],
    )
    made = pd.DataFrame({"amount": [9.0], "basis": ["quota"], "document_id": ["d"]}, index=["CHN"])
    found = Recorded(2024, "compounds", "excluded", flows, made).at()
    assert found.coverage == pytest.approx({"USA": 0.3, "DEU": 1.0})
    assert found.recorded_output.tolist() == [9.0, 0.0, 0.0, 0.0]


def test_a_flow_of_half_a_tonne_counts_in_coverage() -> None:
    """The USA: 40 dollars weigh half a tonne, 60 a tonne: all counted."""
    flows = pd.DataFrame([("CHN", "USA", 40.0, 0.5), ("JPN", "USA", 60.0, 1.0)], columns=["exporter", "importer", "usd", "t"])
    assert supply_network._coverage(flows) == {"USA": 1.0}


def test_rows_of_one_flow_are_added_and_one_without_a_mass_has_none() -> None:
    rows = pd.DataFrame(
        [
            (2024, "CHN", "USA", "284690", "compounds", 10.0, 2.0),
            (2024, "CHN", "USA", "284690", "compounds", 5.0, 1.0),
            (2024, "MYS", "USA", "284690", "compounds", 7.0, None),
            (2024, "MYS", "USA", "280530", "metals", 7.0, 1.0),
            (2021, "MYS", "USA", "284690", "compounds", 7.0, 1.0),
        ],
        columns=["year", "exporter", "importer", "hs6", "group", "usd", "clean_kg"],
    )
    found = supply_network._flows(ibis.memtable(rows), "compounds", [2024])
    assert found[["exporter", "usd", "kg"]].to_numpy().tolist() == [["CHN", 15.0, 3.0], ["MYS", 7.0, 0.0]]
