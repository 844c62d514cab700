"""Yearly counts from others' databases: each with its rule, and years that are not whole marked."""

import pytest

from pipeline import catalog
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError
from pipeline.schemas import contract
from pipeline.sources.policy_counts import policy_counts
from tests.made_sources import Write

MEASURES = """\
measure,publisher,grouped_by,rule,document_id
subsidies,GTA,,each subsidy once; year it began,text-a
policies_by_country,IEA,country,each policy once per country,text-b
"""
COUNTS = """\
measure,group,year,count
subsidies,,2024,6
subsidies,,2026,2
subsidies,,2028,1
policies_by_country,Japan,2024,3
"""


def test_each_count_has_its_rule_and_years_of_no_use_are_marked(source: Write) -> None:
    made = policy_counts(source("policy_counts", **{"measures.csv": MEASURES, "counts.csv": COUNTS}))
    rows = contract.check(catalog.table("policy_counts"), made).rows.set_index(["measure", "group", "year"])
    assert rows["year_state"].to_dict() == {
        ("subsidies", "all", 2024): "whole",
        ("subsidies", "all", 2026): "incomplete",
        ("subsidies", "all", 2028): "artefact",
        ("policies_by_country", "Japan", 2024): "whole",
    }
    assert rows.loc[("policies_by_country", "Japan", 2024), ["count", "rule", "publisher"]].tolist() == [
        3,
        "each policy once per country",
        "IEA",
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("subsidies,,2024", "grants,,2024", r"counts\.csv, row 2, column measure: 'grants' is not an allowed value"),
        ("subsidies,,2024", "subsidies,China,2024", r"row 2, column group: 'China' does not fit its measure"),
        ("Japan", "", r"row 5, column group: '' does not fit its measure"),
        ("2024,6", "2024,6.5", r"row 2, column count: '6.5' is no whole number"),
        ("2024,6", "2024,", r"row 2, column count: '' is no whole number"),
        ("subsidies,,2024", "subsidies,,24", r"row 2, column year: '24' is not a year"),
    ],
)
def test_a_count_that_cannot_be_is_named_by_its_row(source: Write, old: str, new: str, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        policy_counts(source("policy_counts", **{"measures.csv": MEASURES, "counts.csv": COUNTS.replace(old, new, 1)}))


def test_others_count_more_policies_on_rare_earths_too() -> None:
    """Global Trade Alert, a selection, tags more acts with rare earths in 2020 to 2025 than in the six years before."""
    rows = contract.check(catalog.table("policy_counts"), policy_counts(SourceFiles("policy_counts"))).rows
    assert len(rows) == 602
    assert SourceFiles("policy_counts").source.redistribution == "restricted"
    assert set(rows.loc[rows["year"] >= 2026, "year_state"]) == {"incomplete", "artefact"}
    tagged = rows.query("measure == 'gta_interventions_tagged_rare_earths' and year_state == 'whole'").set_index("year")["count"]
    assert tagged.loc[2020:2025].sum() > tagged.loc[2014:2019].sum() > 0
