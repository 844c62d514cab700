"""Supply risk as the published library computes it: the toy world by hand, and the library's particulars."""

import numpy as np

from pipeline.measures.supply_risk_published import supply_risk_published
from tests.measures import toy
from tests.measures.test_supply_risk import governed, inputs, mined, world


def test_toy_world_as_published():
    toy.assert_as_worked("supply_risk_published", supply_risk_published(toy.trade_flows(), **inputs()))


def test_library_takes_the_first_of_two_countries_with_one_number():
    flows = [("CHN", "GUY", 1.0, 10.0), ("GUY", "DEU", 1.0, 10.0)]
    production, governance = mined({"CHN": 10, "GUF": 10, "GUY": 90}), governed({"CHN": -2.5, "GUF": 2.5, "GUY": -2.5})
    ours, theirs = (world(flows, production, governance, published) for published in (False, True))
    assert [ours.import_risk["GUY"], theirs.import_risk["GUY"]] == [0.1, 0.5]
    assert [ours.import_risk["DEU"], theirs.import_risk["DEU"]] == [1, 0]
    kosovo = world([("X_697", "DEU", 1.0, 1.0)], mined({"CHN": 1}), governed({"XKX": -2.5}), published=True)
    assert kosovo.import_risk["DEU"] == 1


def test_library_cuts_tonnages_and_knows_no_number_for_taiwan_nor_french_polynesia():
    ours, theirs = (
        world([("TWN", "DEU", 1.0, 1.0)], mined({"CHN": 1.9, "ZAF": 1.0}), governed({"TWN": 2.5}), published)
        for published in (False, True)
    )
    assert [ours.import_risk["DEU"], theirs.import_risk["DEU"]] == [0, 0.5]
    assert theirs.production_hhi.iloc[0] == 0.5 < ours.production_hhi.iloc[0]
    nan = world([("PYF", "DEU", 1.0, 1.0)], mined({"CHN": 1}, year=2018), governed({"CHN": 0.0}, year=2018), published=True)
    assert np.isnan(nan.import_risk["DEU"])
