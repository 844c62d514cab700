"""The reviewed table of designs: what does not fit is refused with its row."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.intake.transcribed import SourceError
from pipeline.sources.reviewed.effect_designs import COLUMNS, effect_designs

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


class Files:
    def __init__(self, folder: Path):
        self.folder = folder

    def path(self, name: str) -> Path:
        return self.folder / name


def read(folder: Path, *rows: dict[str, str]) -> pd.DataFrame:
    pd.DataFrame(list(rows))[COLUMNS].to_csv(folder / "effect_designs.csv", index=False)
    return effect_designs(Files(folder), ACTS)  # type: ignore[arg-type]


def test_designs_and_descriptions(tmp_path: Path):
    frame = read(tmp_path, ROW, DESCRIPTION)
    assert frame["first_treated"].tolist() == [2010, pd.NA]
    assert frame["hs6"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"event_id": "act-x"}, "row 2, column event_id: 'act-x' is no act of the register"),
        ({"method": "guess"}, "column method: 'guess' is not a word this column knows"),
        ({"measure": "price"}, "column measure: 'price' is not a word this column knows"),
        ({"hs6": ""}, "column hs6: '' does not fit the row's method"),
        ({"post_to": "2009"}, "column first_treated: '2010' is not between its years"),
        ({"pre_from": "2010"}, "column first_treated: '2010' is not between its years"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, changed: dict[str, str], said: str):
    with pytest.raises(SourceError, match=said):
        read(tmp_path, ROW | changed)


def test_description_with_years_is_refused(tmp_path: Path):
    with pytest.raises(SourceError, match="column pre_from: '2006' does not fit the row's method"):
        read(tmp_path, DESCRIPTION | {"pre_from": "2006"})
