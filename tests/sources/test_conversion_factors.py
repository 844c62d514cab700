"""Conversion factors: shares within the whole, and what the documents print."""

import pandas as pd
import pytest

from pipeline.catalog import table
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError
from pipeline.schemas import contract
from pipeline.sources.conversion_factors import COLUMNS, conversion_factors
from tests.made_sources import Write

ROWS = (
    "reo_content_of_gross_weight,Chlorides,0.4589,0.4589,0.4616,t REO per t gross,yearbook,n01,\n"
    "oxide_share_Nd,A deposit,18,,,percent of total REO,yearbook,,\n"
)


def factors(source: Write, rows: str) -> pd.DataFrame:
    files = {"factors.csv": ",".join(COLUMNS) + "\n" + rows, "notes.csv": "note_id,note\nn01,long\n"}
    return contract.check(table("conversion_factors"), conversion_factors(source("conversion_factors", **files))).rows


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (",18,", ",118,", "row 3, column value: '118' is more than the whole"),
        ("0.4589,0.4589", "4.589,0.4589", "row 2, column value: '4.589' is more than the whole"),
        ("0.4616", "0.4516", "row 2, column low: '0.4589' is above high"),
        ("0.4589", "0,4589", "row 2 has"),
        ("0.4589", "46 %", "row 2, column value: '46 %' is not a plain number"),
        ("n01", "n02", "row 2, column note_id: 'n02' is not in notes.csv"),
    ],
)
def test_a_bad_cell_is_one_error_naming_it(source: Write, old: str, new: str, says: str) -> None:
    with pytest.raises(SourceError, match=f"factors.csv.*{says}" if "has" not in says else "factors.csv"):
        factors(source, ROWS.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("percent of total REO", "permille", "must be one of"),
        ("oxide_share_Nd,A deposit", "reo_content_of_gross_weight,Chlorides", "same key"),
        (",18,", ",-18,", "greater_than_or_equal_to"),
    ],
)
def test_a_row_out_of_its_vocabulary_key_or_bounds_is_refused(source: Write, old: str, new: str, says: str) -> None:
    with pytest.raises(contract.ContractBroken, match=says):
        factors(source, ROWS.replace(old, new, 1))


@pytest.fixture(scope="module")
def printed() -> pd.DataFrame:
    return contract.check(table("conversion_factors"), conversion_factors(SourceFiles("conversion_factors"))).rows


def test_oxide_content_of_code_284690_goes_from_chlorides_to_oxides(printed: pd.DataFrame) -> None:
    """USGS, Minerals Yearbook 2022: chlorides 0.4589, imports of the group 0.6274, oxides 1."""
    content = printed[printed["factor"] == "reo_content_of_gross_weight"].set_index("material")["value"]
    assert content["Chlorides (exports, 2846.90.2060, HS 284690)"] == 0.4589
    assert content["other rare-earth compounds (imports, all of this group, HS 284690)"] == 0.6274
    assert content["Other oxides (imports, 2846.90.2040, HS 284690)"] == 1


def test_oxide_and_metal_factors_are_each_others_inverse(printed: pd.DataFrame) -> None:
    """From the standard atomic masses: 1.22837 t of CeO2 hold 1 t of cerium."""
    to_oxide = printed[printed["factor"] == "metal_to_oxide"].set_index("material")["value"]
    to_metal = printed[printed["factor"] == "oxide_to_metal"].set_index("material")["value"]
    assert to_oxide["CeO2"] == 1.22837
    assert (to_oxide * to_metal).between(0.9999, 1.0001).all()


def test_oxides_of_a_deposit_are_about_the_whole(printed: pd.DataFrame) -> None:
    shares = printed[printed["factor"].str.startswith("oxide_share_")].groupby(["material", "document_id"])["value"].sum()
    whole = shares[shares.index.get_level_values("document_id").str.endswith("85e4")]
    assert len(whole) == 13
    assert whole.between(95, 105).all()
