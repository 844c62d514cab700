"""The reviewed table of designs: what does not fit is refused with its row."""

from collections.abc import Callable

import pandas as pd
import pytest

from pipeline.intake.transcribed import SourceError
from pipeline.sources.reviewed.effect_designs import COLUMNS, effect_designs
from tests.made_sources import Write

ACTS = pd.DataFrame({"event_id": ["act"]})
ROW = {
    "event_id": "act",
    "outcome": "tonnes",
    "method": "triple_difference",
    "measure": "tonnes",
    "hs6": "284690",
    "pre_from": "2006",
    "first_treated": "2010",
    "post_to": "2012",
    "excluded": "",
    "reason": "why",
}
DESCRIPTION = ROW | {"method": "description", "measure": "", "hs6": "", "pre_from": "", "first_treated": "", "post_to": ""}


Read = Callable[..., pd.DataFrame]


@pytest.fixture
def read(source: Write) -> Read:
    def parsed(*rows: dict[str, str]) -> pd.DataFrame:
        table = pd.DataFrame(list(rows))[COLUMNS].to_csv(index=False)
        return effect_designs(source("reviewed", **{"effect_designs.csv": table}), ACTS)

    return parsed


def test_designs_and_descriptions(read: Read):
    frame = read(ROW, DESCRIPTION)
    assert frame["first_treated"].tolist() == [2010, pd.NA]
    assert frame["hs6"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"event_id": "act-x"}, "row 2, column event_id: 'act-x' is not an act of the register"),
        ({"method": "guess"}, "column method: 'guess' is not an allowed value of this column"),
        ({"measure": "price"}, "column measure: 'price' is not an allowed value of this column"),
        ({"hs6": ""}, "column hs6: '' does not fit the row's method"),
        ({"post_to": "2009"}, "column first_treated: '2010' is not between its years"),
        ({"pre_from": "2010"}, "column first_treated: '2010' is not between its years"),
    ],
)
def test_what_does_not_fit_is_refused(read: Read, changed: dict[str, str], said: str):
    with pytest.raises(SourceError, match=said):
        read(ROW | changed)


def test_description_with_years_is_refused(read: Read):
    with pytest.raises(SourceError, match="column pre_from: '2006' does not fit the row's method"):
        read(DESCRIPTION | {"pre_from": "2006"})
