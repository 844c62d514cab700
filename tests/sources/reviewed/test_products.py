"""Products agree with the register of acts and with the announcements of control."""

import re

import pandas as pd
import pytest

from pipeline.catalog import table
from pipeline.intake.source_files import SourceFiles
from pipeline.schemas import contract
from pipeline.sources import policy_register
from pipeline.sources.reviewed.products import products as reviewed_products


@pytest.fixture(scope="module")
def products() -> pd.DataFrame:
    return contract.check(table("products"), reviewed_products(SourceFiles("reviewed"))).rows


@pytest.fixture(scope="module")
def acts() -> pd.DataFrame:
    return policy_register.policy_events(SourceFiles("policy_register")).set_index("event_id")


def test_the_74_products_of_the_package_and_the_magnets(products: pd.DataFrame) -> None:
    assert products["nomenclature"].value_counts().to_dict() == {"HS92": 74, "HS02": 1, "HS17": 1}
    groups = products.dropna(subset=["group"]).groupby("group")["hs6"].unique().map(list).to_dict()
    assert groups == {"compounds": ["284610", "284690"], "magnets": ["850511"], "metals": ["280530"]}


def test_only_rare_earths_are_treated_as_rare_earths(products: pd.DataFrame) -> None:
    rare = products["treatment"] == "rare_earth"
    assert (rare == (products["material"] == "rare_earths")).all()
    assert (rare == products["group"].notna()).all()


def test_a_mineral_has_one_treatment(products: pd.DataFrame) -> None:
    assert products.groupby("material")["treatment"].nunique().eq(1).all()
    assert not products.loc[products["treatment"] == "never_controlled", "controlled_since"].notna().any()


def test_acts_named_by_products_are_in_the_register(products: pd.DataFrame, acts: pd.DataFrame) -> None:
    named = products["control"].dropna().str.findall(r"\b(?:CN|USA)-\d{4}[\w-]*").explode().dropna()
    assert set(named) <= set(acts.index)


def test_controls_begin_when_the_act_named_first_took_effect(products: pd.DataFrame, acts: pd.DataFrame) -> None:
    controlled = products.dropna(subset=["controlled_since"])
    assert set(controlled["material"]) == {
        "antimony", "bismuth", "germanium", "graphite", "molybdenum", "rare_earths", "tellurium", "tungsten",
    }  # fmt: skip
    for product in controlled.itertuples():
        first = re.findall(r"\bCN-\d{4}[\w-]*", str(product.control))[0]
        assert acts.loc[first, "effective_on"] == product.controlled_since, product.hs6


def test_parts_of_codes_said_to_be_controlled_are_printed_in_the_announcement(products: pd.DataFrame) -> None:
    """Where a code is said to be covered in part, the announcement's own list prints that code, or its successor by name."""
    items = pd.read_csv(SourceFiles("control_lists").path("control_lists.csv"), dtype=str, keep_default_na=False)
    printed = set(items["hs6"].str.split(";").explode())
    successors = {"810600": {"810610", "810690"}, "811230": {"811292", "811299"}}
    partly = products[products["control"].str.contains(": in part", na=False) & (products["group"] != "magnets")]
    assert len(partly) == 7
    for code in partly["hs6"]:
        assert successors.get(code, {code}) <= printed, code
