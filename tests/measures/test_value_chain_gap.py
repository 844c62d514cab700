"""China's share stage by stage: the toy world by hand, and no step where the figures are not one publisher's."""

import pandas as pd
import pytest

from pipeline import catalog
from pipeline.measures.stage_concentration import stage_concentration
from pipeline.measures.value_chain_gap import value_chain_gap
from tests.measures import toy


def texts(*rows: tuple[str, str, float], document: str = "a-text", edition: str | None = "Department") -> pd.DataFrame:
    """Shares of China by stage, material and value in one text of June 2023 that states no year."""
    frame = pd.DataFrame(rows, columns=["stage", "material", "value"]).assign(
        document_id=document, edition=edition, period_start="2023-06", period_end="2023-06", country="CHN", company="all",
        site="all", kind="estimate", unit="share", basis=None, year=None, period="report of Jun 2023", dated_by="text",
        country_as_printed="China", note=None, source_id="processing_shares",
    )  # fmt: skip
    return toy.typed("processing", frame.astype({"value": "str"}))


def chain(shares: pd.DataFrame | None = None, processing: pd.DataFrame | None = None) -> pd.DataFrame:
    shares = toy.nothing("stage_shares") if shares is None else shares
    processing = toy.nothing("processing") if processing is None else processing
    stages = stage_concentration(toy.nothing("production"), toy.nothing("reserves"), shares)
    return toy.made("value_chain_gap", value_chain_gap(stages, shares, processing))


def test_toy_world():
    toy.assert_as_worked(
        "value_chain_gap",
        value_chain_gap(toy.expected("stage_concentration"), toy.tidy("stage_shares"), toy.nothing("processing")),
    )


def test_text_with_the_whole_chain_is_stepped_along_and_dated_by_itself():
    found = chain(processing=texts(("mining", "ree", 0.58), ("separation", "ree", 0.87), ("magnet", "magnets", 0.92)))
    found = found.set_index("stage")
    assert set(found["year"]) == {2023}
    assert set(found["dated_by"]) == {"text"}
    assert found["step"].tolist()[0:2] == pytest.approx([0.05, float("nan")], nan_ok=True)
    assert found.loc["separation", "step"] == pytest.approx(0.29)
    assert found.loc["magnet", "step_from_material"] == "ree"


def test_text_with_one_stage_is_no_chain():
    assert chain(processing=texts(("mining", "ree", 0.58))).empty


def test_text_that_repeats_printed_shares_is_not_counted_twice():
    shares = toy.tidy("stage_shares")
    again = texts(("mining", "rare_earths", 0.6), ("separation", "rare_earths", 0.8)).assign(
        year=pd.Series([2021, 2021], dtype="Int64")
    )
    assert chain(shares, again).equals(chain(shares))


@pytest.mark.parametrize("changed", ["publisher", "edition", "year", "kind", "material"])
def test_no_step_between_two_of_anything(changed):
    shares = toy.tidy("stage_shares").query("year == 2021 and stage in ['mining', 'separation'] and country == 'CHN'")
    assert chain(shares)["step"].count() == 1
    other = {"publisher": "Bureau", "edition": "2022", "year": 2022, "kind": "actual", "material": "magnet_rare_earths"}
    apart = shares.assign(**{changed: shares[changed].mask(shares["stage"] == "separation", other[changed])})
    found = chain(apart.astype(shares.dtypes.to_dict()))
    assert len(found) == 2
    assert found["step"].isna().all()


def test_no_step_from_a_lower_bound():
    shares = toy.tidy("stage_shares").query("year == 2021 and stage in ['mining', 'separation'] and country == 'CHN'")
    bound = shares.assign(note=shares["note"].mask(shares["stage"] == "mining", "lower bound: more than 60 %"))
    assert chain(bound)["step"].isna().all()


def test_steps_add_up_to_the_whole_way():
    found = chain(toy.tidy("stage_shares")).query("year == 2021").set_index("stage")["china_share"]
    steps = chain(toy.tidy("stage_shares")).query("year == 2021")["step"].sum()
    assert steps == pytest.approx(found["magnet"] - found["mining"])


def test_agencys_own_shares_of_the_top_three():
    """IEA, critical minerals dataset of May 2025, prints the three largest countries' share beside the tonnes."""
    for name in ("stage_concentration", "processing"):
        if not catalog.parquet_path(name).is_file():
            pytest.skip(f"needs table {name}: run `reo build` first")
    printed = catalog.load_table("processing").query("country == 'X_TOP3' and unit == 'share' and edition == 'IEA May 2025'")
    stages = catalog.load_table("stage_concentration")
    ours = stages[stages["edition"] == "IEA, dataset May 2025 (2024 base)"]
    both = printed.astype({"year": "int64"}).merge(ours, on=["year", "stage", "material"])
    assert len(both) == 8
    assert (both["cr3"] - both["value"]).abs().max() < 0.0002
