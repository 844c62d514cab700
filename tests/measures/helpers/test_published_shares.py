"""HHI where shares are printed, often one alone: bounded, never guessed."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ReoError
from pipeline.measures.helpers.published_shares import concentration
from pipeline.measures.stage_concentration import stage_concentration
from tests.measures import toy

COUNTRIES = ["AUS", "CHN", "EST", "JPN", "MYS", "USA"]


def shares(of: dict[str, float], note: str | None = None, **columns: str) -> pd.DataFrame:
    frame = pd.DataFrame({"country": list(of), "share": [str(share) for share in of.values()]}).assign(
        **{
            "year": "2024", "stage": "separation", "material": "rare_earths", "publisher": "Agency", "edition": "2025",
            "basis": "refined output", "kind": "actual", "source_id": "stage_shares", "document_id": "d", "note": note, **columns,
        }
    )  # fmt: skip
    return toy.typed("stage_shares", frame)


def row(of: dict[str, float], note: str | None = None) -> pd.Series:
    return toy.made("stage_concentration", concentration(shares(of, note))).iloc[0]


def test_one_share_alone_gives_bounds_and_no_hhi():
    found = row({"CHN": 0.9})
    assert [found.hhi_low, found.hhi_high] == pytest.approx([0.81, 0.82])
    assert pd.isna(found[["hhi", "effective_suppliers", "cr3"]]).all()
    assert [found.top_country, found.cr1, found.unnamed_share] == ["CHN", 0.9, 0.1]


def test_largest_country_is_unknown_where_more_is_unsaid_than_it_has():
    found = row({"CHN": 0.45})
    assert found.china_share == 0.45
    assert pd.isna(found[["cr1", "top_country"]]).all()


def test_printed_rest_and_regions_are_no_countries():
    found = row({"CHN": 0.7, "JPN": 0.2, "X_EUROPE": 0.06, "ROW": 0.04})
    assert found.countries == 2
    assert [found.hhi_low, found.hhi_high, found.hhi] == pytest.approx([0.53, 0.54, 0.535])
    assert [found.unnamed_share, found.cr3] == pytest.approx([0.1, 0.9])


def test_lower_bound_leaves_monopoly_open():
    found = row({"CHN": 0.97}, note="lower bound: printed as in excess of 97%")
    assert found.at_least
    assert [found.hhi_low, found.hhi_high] == [0.97**2, 1]
    assert [found.china_share_low, found.china_share_high] == [0.97, 1]
    assert pd.isna(found.hhi)


def test_table_is_as_sure_as_its_least_sure_share():
    frame = pd.concat([shares({"CHN": 0.8}), shares({"USA": 0.2}, kind="estimate")], ignore_index=True)
    assert concentration(frame)["kind"].tolist() == ["estimate"]


def test_mining_of_rare_earths_is_left_to_the_tables_of_tonnes():
    assert concentration(shares({"CHN": 0.7}, stage="mining")).empty
    assert len(concentration(shares({"CHN": 0.7}, stage="mining", material="magnet_rare_earths"))) == 1


def test_publishers_with_editions_of_one_name_stay_apart():
    frame = pd.concat([shares({"CHN": 0.8}), shares({"CHN": 0.9}, publisher="Bureau")], ignore_index=True)
    assert toy.made("stage_concentration", concentration(frame))["edition"].tolist() == ["Agency, 2025", "Bureau, 2025"]


def test_shares_above_the_world_are_refused():
    with pytest.raises(ReoError, match=r"separation of rare_earths in 2024 \(Agency, 2025\) sum to 1.1"):
        concentration(shares({"CHN": 0.8, "MYS": 0.3}))


def test_nothing_printed_gives_nothing():
    empty = stage_concentration(toy.nothing("production"), toy.nothing("reserves"), toy.nothing("stage_shares"))
    assert toy.made("stage_concentration", empty.astype(dict(toy.expected("stage_concentration").dtypes))).empty


@given(st.dictionaries(st.sampled_from(COUNTRIES), st.integers(1, 1000), min_size=1), st.integers(0, 1000))
def test_any_way_the_unsaid_rest_may_be_divided_lies_between_the_bounds(named, unsaid):
    world = sum(named.values()) + unsaid
    of = {country: amount / world for country, amount in named.items()}
    found = concentration(shares(of)).iloc[0]
    for parts in (1, 2, 7):
        truth = sum(s**2 for s in of.values()) + parts * (unsaid / world / parts) ** 2
        assert found.hhi_low - 1e-9 <= truth <= found.hhi_high + 1e-9
    assert found.hhi_high - found.hhi_low == pytest.approx(found.unnamed_share**2)
    if pd.notna(found.hhi):
        assert found.hhi_low <= found.hhi <= found.hhi_high


@settings(max_examples=20, deadline=None)
@given(st.dictionaries(st.sampled_from(COUNTRIES), st.integers(1, 1000), min_size=1))
def test_country_with_nothing_changes_nothing(named):
    of = {country: amount / sum(named.values()) for country, amount in named.items()}
    pd.testing.assert_frame_equal(concentration(shares(of)), concentration(shares({**of, "ZAF": 0.0})))
