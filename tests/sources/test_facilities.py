"""Plants and Chinese projects abroad: nothing counted twice unseen, and a bad file is one error naming the place."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.intake.transcribed import SourceError
from pipeline.schemas import contract
from pipeline.schemas.facilities import Facilities
from pipeline.schemas.overseas_presence import OverseasPresence
from pipeline.sources import facilities
from tests.sources.raw_files import TOY, Change, files, half_written, put, repeated_row, spoilt, wrongly_encoded

PLANTS = "separation_facilities/facilities.csv"
PROJECTS = "overseas_presence/projects.csv"


def plants(raw: Path) -> pd.DataFrame:
    return contract.check(Facilities, facilities.facilities(files("separation_facilities", raw), files("reviewed"))).rows


def projects(raw: Path) -> pd.DataFrame:
    return contract.check(OverseasPresence, facilities.overseas_presence(files("overseas_presence", raw), files("reviewed"))).rows


@pytest.fixture(scope="module")
def real() -> pd.DataFrame:
    return contract.check(Facilities, facilities.facilities(files("separation_facilities"), files("reviewed"))).rows


@pytest.fixture(scope="module")
def real_projects() -> pd.DataFrame:
    return contract.check(OverseasPresence, facilities.overseas_presence(files("overseas_presence"), files("reviewed"))).rows


def test_the_capacity_is_of_the_last_stage_and_all_stages_are_kept() -> None:
    last = plants(TOY).set_index(["facility", "phase"])
    assert tuple(last.loc[("Plant", "phase 2"), ["stage", "stages"]]) == ("metal_alloy", "separation;metal_alloy")
    assert last.loc[("Leach", "whole"), "stage"] == "intermediate"


def test_a_part_names_the_row_that_holds_it() -> None:
    part = plants(TOY).query("phase == 'phase 1'").iloc[0]
    assert (part["part_of"], part["part_of_phase"]) == ("Plant", "phase 2")


def test_dates_keep_how_well_they_are_known() -> None:
    assert plants(TOY).query("facility == 'Leach'")[["as_of", "as_of_precision"]].to_numpy().tolist() == [["2020", "about"]]
    known = projects(TOY).set_index("project")[["as_of", "as_of_precision"]].apply(tuple, axis=1).to_dict()
    assert known == {"Mine": ("2021-06-30", "day"), "Pit": ("undated", "undated")}


def test_other_minerals_are_marked() -> None:
    assert projects(TOY).set_index("project")[["material", "comparator"]].apply(tuple, axis=1).to_dict() == {
        "Mine": ("REE", False),
        "Pit": ("Li", True),
    }


BAD: list[tuple[str, str, Change, str]] = [
    ("missing column", PLANTS, put(",phase,", ",part,"), "missing: ['phase']"),
    ("extra column", PROJECTS, lambda c: c.replace(b"\n", b",x\n"), "unknown: ['x']"),
    ("words for a number", PLANTS, put(",50,", ",fifty,"), "row 2, column capacity_t_per_year: 'fifty'"),
    ("thousands separator", PLANTS, put(",50,", ',"5,000",'), "row 2, column capacity_t_per_year: '5,000'"),
    ("negative amount", PLANTS, put(",50,", ",-50,"), "row 2, column capacity_t_per_year: '-50' is negative"),
    ("negative amount", PROJECTS, put(",500,", ",-500,"), "row 2, column capacity_or_volume: '-500' is negative"),
    ("range upside down", PLANTS, put(",80,100,", ",800,100,"), "row 3, column capacity_low: '800' is above capacity_high"),
    ("changed unit", PLANTS, put("t NdPr oxide/yr", "lb NdPr oxide/yr"), "row 2, column capacity_unit"),
    ("amount without unit", PROJECTS, put("t REO/yr", ""), "row 2, column unit: '' does not go with its amount"),
    ("unknown country", PLANTS, put("Japan", "Korea"), "row 4, column country: 'Korea'"),
    ("unknown country code", PROJECTS, put("USA", "USB"), "row 2, column country: 'USB'"),
    ("unknown stage", PROJECTS, put("mining;separation", "mining;magic"), "row 2, column stage: 'mining;magic'"),
    ("unknown status", PLANTS, put("planned", "hoped for"), "row 3, column status: 'hoped for'"),
    ("impossible date", PROJECTS, put("2021-06-30", "2021-06-31"), "row 2, column status_as_of: '2021-06-31' is not a date"),
    ("Excel-mangled date", PLANTS, put("2021-06", "Jun-21"), "row 2, column status_as_of: 'Jun-21' is not a date"),
    ("Excel-mangled start", PROJECTS, put("2019-05", "43586"), "row 2, column start: '43586' is not a date"),
    ("impossible year", PLANTS, put(",2020,Plant", ",20200,Plant"), "row 2, column start_year: '20200' is not a year"),
    ("part of nothing", PLANTS, put("Plant,phase 2,toy", "Plant,phase 3,toy"), "row 2, column part_of: 'Plant' names no row"),
    ("part of nothing", PROJECTS, put(",Mine,toy", ",Mime,toy"), "row 3, column part_of: 'Mime' names no row"),
    ("half-written file", PLANTS, half_written, "cells"),
    ("wrong encoding", PROJECTS, wrongly_encoded, "is not UTF-8"),
    ("duplicate key", PLANTS, repeated_row, "same key"),
    ("duplicate key", PROJECTS, repeated_row, "same key"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "change", "said"), [pytest.param(*rest, id=f"{name} in {rest[0]}") for name, *rest in BAD])
def test_a_bad_file_is_one_error_naming_the_place(tmp_path: Path, file: str, change: Change, said: str) -> None:
    make: Callable[[Path], pd.DataFrame] = plants if file == PLANTS else projects
    with pytest.raises((SourceError, contract.ContractBroken)) as raised:
        make(spoilt(tmp_path, file, change))
    assert said in str(raised.value)


# The real files, against what their documents print


@pytest.mark.parametrize(
    ("facility", "phase", "capacity", "low", "high"),
    [
        ("Lynas Malaysia advanced materials plant, Kuantan (Gebeng)", "whole", 10500, None, None),
        ("10X, Northlake, Texas", "whole", 10000, None, None),
        ("White Mesa Mill", "phase 1", None, 850, 1000),
        ("Eneabba refinery", "whole", 17500, None, None),
    ],
)
def test_printed_capacities(real: pd.DataFrame, facility: str, phase: str, capacity: float, low: float, high: float) -> None:
    found = real[real["facility"].eq(facility) & real["phase"].eq(phase)]
    printed = found[["capacity", "capacity_low", "capacity_high"]]
    assert printed.astype(object).where(printed.notna(), None).to_numpy().tolist() == [[capacity, low, high]]


def test_no_part_of_a_plant_is_larger_than_the_row_that_holds_it(real: pd.DataFrame) -> None:
    whole = real.dropna(subset="capacity").groupby(["facility", "phase"])["capacity"].max()
    parts = real.dropna(subset=["capacity", "part_of"]).query("facility == part_of or part_of.str.startswith('10X')")
    assert len(parts) >= 4
    for row in parts.itertuples():
        assert row.capacity <= whole[row.part_of, row.part_of_phase], row


@pytest.mark.parametrize(
    ("project", "country", "amount", "unit"),
    [
        ("Northern Minerals shareholding", "AUS", 613_600_000, "shares ordered sold"),
        ("Serra Verde (Pela Ema)", "BRA", 6500, "t REO/yr by 2027 (target)"),
        ("Lynas (Mount Weld)", "AUS", 252, "million A$ for the stake"),
    ],
)
def test_printed_amounts(real_projects: pd.DataFrame, project: str, country: str, amount: float, unit: str) -> None:
    found = real_projects[real_projects["project"] == project]
    assert found[["country", "amount", "unit"]].to_numpy().tolist() == [[country, amount, unit]]


def test_chinese_projects_are_in_27_countries(real_projects: pd.DataFrame) -> None:
    assert real_projects["country"].nunique() == 27


def test_failed_bids_and_blocked_stakes_have_outcomes_of_their_own(real_projects: pd.DataFrame) -> None:
    """The bid for Lynas was withdrawn in 2009; Shenghe's stake in Kvanefjeld was stopped by the state of Greenland."""
    outcome = real_projects.set_index("project")["outcome"]
    assert outcome[["Lynas (Mount Weld)", "Kvanefjeld (Kuannersuit)", "Nolans (Arafura)", "Mountain Pass"]].tolist() == [
        "failed_bid",
        "blocked",
        "sold",
        "ended",
    ]
    early = real_projects[~real_projects["comparator"] & (real_projects["start"] < "2010-09")]
    assert sorted(early["project"]) == ["Lynas (Mount Weld)", "Nolans (Arafura)", "Shan State (Wa area) mines"]
    assert (early["outcome"] != "failed_bid").sum() == 2
