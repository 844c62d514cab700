"""Disruption: worked cases, and that what is lost is what was withheld."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_indirect_dependence import WORKED, inputs, of_flows, outliers, worlds

from pipeline.catalog import table
from pipeline.measures.disruption import disruption, play
from pipeline.measures.helpers.supply_network import Network
from pipeline.schemas import table as t
from tests.measures import toy


def scenarios(**columns: object) -> pd.DataFrame:
    about = {
        "scenario": "case", "origin": "CHN", "cut": 0.5, "targets": "all", "group": None, "feed": "excluded",
        "spare_share": 0.0, "spare_t": 0.0, "note": "",
    }  # fmt: skip
    return pd.DataFrame([{**about, **columns}])


def played(made: Network, **columns: object) -> pd.DataFrame:
    lost = play([made], scenarios(**columns), toy.tidy("countries"))
    return toy.made("disruption", lost).set_index("importer")


def without_union(lost: pd.DataFrame) -> pd.DataFrame:
    return lost[lost.index != "EUU"]


def test_three_countries_on_paper():
    """Half withheld from all: 25 of 50. Korea lacks 15 of 40, uses 20: 7.5; the USA lacks 10 and 7.5 of Korea's 20."""
    lost = played(of_flows(WORKED, CHN=90, KOR=10))
    assert lost.lost_before_t.to_dict() == {"CHN": 0, "KOR": 7.5, "USA": 17.5}
    assert lost.loc["USA", ["lost_direct_t", "lost_through_others_t"]].tolist() == [10, 7.5]
    assert lost.loc["USA", "lost_before_share"] == 17.5 / 40


def test_others_step_in_by_a_part_of_their_output():
    """A quarter of Korea's 10 is 2.5, shared 7.5 : 17.5."""
    lost = played(of_flows(WORKED, CHN=90, KOR=10), spare_share=0.25)
    assert lost.added_t.to_dict() == {"CHN": 0, "KOR": 0.75, "USA": 1.75}
    assert lost.loc["USA", "lost_after_t"] == 15.75
    assert set(lost.spare_used_share) == {1.0}


def test_nobody_gets_more_than_it_lost():
    lost = played(of_flows(WORKED, CHN=90, KOR=10), spare_t=100.0)
    assert (lost.added_t == lost.lost_before_t).all()
    assert set(lost.spare_used_share) == {0.25}


def test_a_bloc_is_hit_and_the_others_pass_on_what_they_can():
    """All withheld from the USA alone: it loses 20 of 40, and Korea nothing."""
    lost = played(of_flows(WORKED, CHN=90, KOR=10), cut=1.0, targets="G7")
    assert lost.lost_before_t.to_dict() == {"CHN": 0, "KOR": 0, "USA": 20}


def test_what_comes_back_less_is_the_withholders_own_loss():
    lost = played(of_flows([*WORKED, ("KOR", "CHN", 10.0)], CHN=90, KOR=10))
    assert lost.lost_before_t.sum() == pytest.approx(25)
    assert lost.loc["CHN", "lost_before_t"] == pytest.approx(10 * 15 / 40)


def test_a_member_passing_on_within_the_union_is_the_unions_own_cut():
    """All comes from outside through the Netherlands: direct for the union, through another country for Germany."""
    made = of_flows([("CHN", "NLD", 10.0), ("NLD", "DEU", 8.0)], CHN=90)
    union = toy.tidy("countries")
    more = pd.DataFrame({"iso3": ["NLD", "DEU"], "name": "", "m49": None, "eu27": True, "g7": False})
    lost = play([made], scenarios(), pd.concat([union, more])).set_index("importer")
    assert lost.loc["EUU", ["lost_direct_t", "lost_through_others_t"]].tolist() == [5, 0]
    assert lost.loc["DEU", ["lost_direct_t", "lost_through_others_t"]].tolist() == [0, 4]


def test_toy_world():
    made = disruption(toy.trade_flows(), outliers(), *inputs(), toy.tidy("disruption_scenarios"), toy.tidy("countries"))
    toy.assert_as_worked("disruption", made)


@given(
    worlds,
    st.sampled_from(["CHN", "MYS"]),
    st.floats(0.01, 1),
    st.sampled_from(["all", "G7", "EU27", "USA+EST"]),
    st.floats(0, 0.5),
)
def test_what_is_lost_is_what_was_withheld(made: Network, origin: str, cut: float, targets: str, spare: float):
    lost = without_union(played(made, origin=origin, cut=cut, targets=targets, spare_share=spare))
    withheld = lost.withheld_t.sum()
    assert lost.lost_before_t.sum() == pytest.approx(withheld, abs=1e-4)
    assert (lost.lost_after_t + lost.added_t).sum() == pytest.approx(withheld, abs=1e-4)
    assert (lost.lost_direct_t + lost.lost_through_others_t).sum() == pytest.approx(withheld, abs=1e-4)
    others = lost[lost.index != origin]
    assert (others.lost_before_t <= others.use_t + 1e-5).all()


@settings(max_examples=20, deadline=None)
@given(worlds)
def test_more_withheld_loses_in_proportion(made: Network):
    half, whole = (played(made, cut=cut).lost_before_t for cut in (0.5, 1.0))
    assert (half * 2).round(4).to_dict() == pytest.approx(whole.round(4).to_dict(), abs=1e-3)


def test_nothing_withheld_loses_nothing():
    assert played(of_flows(WORKED, CHN=90, KOR=10), cut=0.0).empty
    assert played(of_flows(WORKED, CHN=90, KOR=10), origin="MMR").empty


def test_feed_of_another_network_is_not_played():
    assert played(of_flows(WORKED, CHN=90), feed="included").empty
    assert played(of_flows(WORKED, CHN=90), group="rare_earth_magnets").empty


def test_no_scenarios_no_rows():
    none = t.empty(table("disruption_scenarios"))
    made = disruption(toy.trade_flows(), outliers(), *inputs(), none, toy.tidy("countries"))
    assert toy.made("disruption", made).empty
