"""China's quotas, output and the estimates of what goes past the quotas: as printed, one text preferred, bad cells named."""

import pandas as pd
import pytest

from pipeline.catalog import table
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError
from pipeline.schemas import contract
from pipeline.sources import china
from tests.made_sources import Write

PRODUCTION = ",".join(china.PRODUCTION) + "\n"
EXPORT = ",".join(china.EXPORT) + "\n"
MINED = (
    "2018,first,MNR,mining,total,all,73500,t REO,2018-04-25,,notice,\n"
    "2018,first,MIIT,mining,total,all,73500,t REO,2018-04-25,,notice,\n"
    "2019,first,MNR/MIIT,mining,total,all,60000,t REO,,rounded,a-copy,\n"
    "2019,first,MIIT,mining,total,all,60100,t REO,,,another-copy,\n"
    "2019,first,MIIT/MNR,smelting_separation,total,all,57500,t REO,2019-03-15,,notice,\n"
    "2025,first,MIIT/MNR,mining,total,all,,t REO,,not_published,a-report,\n"
)
SHIPPED = "2007,full_year,all,total,40000,t,not stated,,doubtful,a-report,\n2003,first,all,total,33000,t,gross,,,a-note,\n"


def quotas(source: Write, mined: str | bytes = MINED, shipped: str = SHIPPED) -> pd.DataFrame:
    text = mined if isinstance(mined, bytes) else PRODUCTION + mined
    files = (
        source("china_production_quotas", **{"quotas.csv": text}),
        source("china_export_quotas", **{"quotas.csv": EXPORT + shipped}),
    )
    return contract.check(table("quotas"), china.quotas(*files, source("corrections", **{"corrections.yml": "[]"}))).rows


def test_caps_of_two_ministries_are_two_until_2018_and_one_from_2019(source: Write) -> None:
    issuers = quotas(source).groupby(["year", "stage"])["issuer"].unique().map(sorted).to_dict()
    assert issuers[2018, "mining"] == ["MIIT", "MNR"]
    assert issuers[2019, "mining"] == issuers[2019, "separation"] == ["MIIT/MNR"]
    assert issuers[2003, "export"] == ["MOFCOM"]


def test_the_surest_text_of_a_cell_is_preferred_and_a_doubtful_one_never(source: Write) -> None:
    found = quotas(source).set_index(["year", "stage", "issuer", "document_id"])["preferred"]
    assert found[2019, "mining", "MIIT/MNR", "another-copy"]
    assert not found[2019, "mining", "MIIT/MNR", "a-copy"]
    assert not found[2007, "export", "MOFCOM", "a-report"]
    assert found[2018, "mining", "MIIT", "notice"]
    assert found[2018, "mining", "MNR", "notice"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("73500", '"73,500"', "row 2, column value: '73,500' is not a plain number"),
        ("73500", "-73500", "row 2, column value: '-73500' is negative"),
        ("60000,t REO,,rounded", ",t REO,,rounded", "row 4, column value: '' is empty without the flag not_published"),
        ("t REO", "kg REO", "row 2, column unit: 'kg REO' is not an allowed value"),
        ("MNR,", "MOFCOM,", "row 2, column issuer: 'MOFCOM' is not an allowed value"),
        ("first", "1st", "row 2, column batch: '1st' is not an allowed value"),
        ("smelting_separation", "refining", "row 6, column stage: 'refining' is not an allowed value"),
        ("2018-04-25", "25-Apr", "row 2, column announced_on: '25-Apr' is not a date as YYYY-MM-DD"),
        ("2018-04-25", "2018-02-30", "row 2, column announced_on: '2018-02-30' is not a date"),
        ("2018,first", "18,first", "row 2, column year: '18' is not a year"),
    ],
)
def test_a_bad_cell_is_one_error_naming_it(source: Write, old: str, new: str, says: str) -> None:
    with pytest.raises(SourceError, match=f"quotas.csv, {says}"):
        quotas(source, MINED.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("73500,t REO,2018-04-25,,notice", "73500,t REO,2018-04-25,guess,notice", "must be one of"),
        ("total,all,73500", "totals,all,73500", "must be one of"),
        ("73500", "73500000", "less_than_or_equal_to"),
        ("2018,first,MIIT,", "2018,first,MNR,", "same key"),
    ],
)
def test_a_row_out_of_its_vocabulary_bounds_or_key_is_refused(source: Write, old: str, new: str, says: str) -> None:
    with pytest.raises(contract.ContractBroken, match=says):
        quotas(source, MINED.replace(old, new, 1))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (PRODUCTION.replace("issuer", "ministry") + MINED, "missing: \\['issuer'\\]; unknown: \\['ministry'\\]"),
        (PRODUCTION.replace("note\n", "note,extra\n"), "unknown: \\['extra'\\]"),
        ((PRODUCTION + MINED.replace("a-copy", "Ä")).encode("latin-1"), "is not UTF-8"),
        (PRODUCTION + MINED + '2025,"first', "cannot be read as CSV"),
    ],
)
def test_a_broken_file_is_one_error_naming_it(source: Write, text: str | bytes, says: str) -> None:
    with pytest.raises(SourceError, match=f"quotas.csv .*{says}"):
        quotas(source, text.encode() if isinstance(text, str) else text)


def output(source: Write, rows: str) -> pd.DataFrame:
    files = source("china_output_history", **{"output.csv": ",".join(china.OUTPUT) + "\n" + rows})
    return contract.check(
        table("china_output"), china.china_output(files, source("corrections", **{"corrections.yml": "[]"}))
    ).rows


def test_a_period_is_a_year_only_where_it_is_one(source: Write) -> None:
    rows = "1990s,use,15000,t_reo,x,d1,\n2013-H1,ore,41000,t_reo,x,d1,\n2009,sintered,52000,t product,x,d1,\n"
    found = output(source, rows).set_index("period")
    assert found["year"].dropna().to_dict() == {"2009": 2009}
    assert found.loc["2009", ["unit", "basis"]].tolist() == ["t", "product"]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("2009,share,130,percent,x,d1,", "column value: '130' is above 100 %"),
        ("2009,share,,percent,x,d1,", "column value: '' is empty"),
        ("2009,share,1.000.000,t_reo,x,d1,", "'1.000.000' is not a plain number"),
        ("Sep 09,share,1,t_reo,x,d1,", "column year: 'Sep 09' is not a period"),
        ("2009,share,1,tons,x,d1,", "column unit: 'tons' is not an allowed value"),
    ],
)
def test_a_bad_cell_of_output_is_one_error_naming_it(source: Write, row: str, says: str) -> None:
    with pytest.raises(SourceError, match=f"output.csv, row 2, .*{says}|output.csv, row 2, {says}"):
        output(source, row + "\n")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (",after 2014,share,,,,percent,x,d1,", "column value: '' is empty, and low and high are"),
        ("2014,,share,120,,,percent,x,d1,", "column value: '120' is above 100 %"),
        ("2014,,amount,,30,20,t_reo,x,d1,", "column low: '30' is above high"),
        ("2014,,amount,5,,,boats,x,d1,", "column unit: 'boats' is not an allowed value"),
    ],
)
def test_a_bad_estimate_is_one_error_naming_it(source: Write, row: str, says: str) -> None:
    files = source("illegal_production_estimates", **{"estimates.csv": ",".join(china.ILLEGAL) + "\n" + row + "\n"})
    with pytest.raises(SourceError, match=f"estimates.csv, row 2, {says}"):
        china.illegal_estimates(files, source("corrections", **{"corrections.yml": "[]"}))


@pytest.fixture(scope="module")
def printed() -> pd.DataFrame:
    """The quotas of this repository, preferred rows by year, batch, issuer, stage, kind and group."""
    files = SourceFiles("china_production_quotas"), SourceFiles("china_export_quotas"), SourceFiles("corrections")
    return contract.check(table("quotas"), china.quotas(*files)).rows


def cell(printed: pd.DataFrame, *key: object) -> float:
    chosen = printed[printed["preferred"]].set_index(["year", "batch", "issuer", "stage", "kind", "group"])["amount"]
    return float(chosen[key])


def test_production_quotas_as_published(printed: pd.DataFrame) -> None:
    """Ministries' notices: 2010 mining 89,200 t (MLR); 2019 132,000 and 127,000 t; 2024 270,000 and 254,000 t."""
    assert cell(printed, 2010, "full_year", "MLR", "mining", "total", "all") == 89_200
    assert cell(printed, 2019, "full_year", "MIIT/MNR", "mining", "total", "all") == 132_000
    assert cell(printed, 2019, "full_year", "MIIT/MNR", "separation", "total", "all") == 127_000
    assert cell(printed, 2024, "full_year", "MIIT/MNR", "mining", "total", "all") == 270_000
    assert cell(printed, 2024, "full_year", "MIIT/MNR", "separation", "total", "all") == 254_000


def test_export_quotas_as_published(printed: pd.DataFrame) -> None:
    """Commerce ministry's notices: 2010 30,258 t, 2012 30,996 t, 2014 30,611 t, none from 2015."""
    years = {2010: 30_258, 2012: 30_996, 2014: 30_611}
    assert {y: cell(printed, y, "full_year", "MOFCOM", "export", "total", "all") for y in years} == years
    assert printed[(printed["stage"] == "export") & (printed["year"] == 2015)]["flag"].tolist() == ["abolished"]


def test_batches_add_up_to_the_year_where_all_are_printed(printed: pd.DataFrame) -> None:
    for year, batches in ((2022, ("first", "second")), (2023, ("first", "second", "third")), (2024, ("first", "second"))):
        for stage in ("mining", "separation"):
            parts = [cell(printed, year, batch, "MIIT/MNR", stage, "total", "all") for batch in batches]
            assert sum(parts) == cell(printed, year, "full_year", "MIIT/MNR", stage, "total", "all")


def test_the_misprinted_quota_of_2014_is_doubtful_and_the_computed_one_is_preferred(printed: pd.DataFrame) -> None:
    rows = printed[(printed["year"] == 2014) & (printed["kind"] == "rock_type")].set_index("amount")
    assert rows["flag"].to_dict() == {93_800: "doubtful", 87_100: "computed"}
    assert rows["preferred"].to_dict() == {93_800: False, 87_100: True}


def test_nothing_is_published_from_2025_on(printed: pd.DataFrame) -> None:
    assert printed[printed["year"] >= 2025]["amount"].isna().all()


def test_output_as_told() -> None:
    """USGS: use 73,000 t in 2009; China Chemical Reporter: sintered magnets 78,000 t in 2010; Longben: 105,000 t in 2016."""
    found = china.china_output(SourceFiles("china_output_history"), SourceFiles("corrections"))
    values = contract.check(table("china_output"), found).rows.set_index(["measure", "period", "publisher"])["value"]
    assert values["china_consumption_total", "2009", "USGS"] == 73_000
    assert values["china_output_sintered_ndfeb", "2010", "China Chemical Reporter"] == 78_000
    assert values["china_output_ore", "2016", "not named"] == 105_000


def test_estimates_contradict_each_other_and_all_stay() -> None:
    """Kingsnorth: above 50 % after 2017; Adamas: below 20 % after 2014; white paper: 35 % more abroad in 2006."""
    found = china.illegal_estimates(SourceFiles("illegal_production_estimates"), SourceFiles("corrections"))
    rows = contract.check(table("illegal_estimates"), found).rows.set_index(["measure", "period"])
    assert rows.loc[("illegal_share_of_chinese_production", "after 2017"), "low"] == 50
    assert rows.loc[("illegal_share_of_chinese_production", "after 2014"), "high"] == 20
    assert rows.loc[("foreign_import_statistics_above_chinese_exports", "2006"), "value"] == 35


HOLDERS = ",".join(china.HOLDERS) + "\n"
NOTICES = "2023-12,,Two merge,change,South,West,d1,\n2024-02-06,2,Quota addressees,addressees,North; South,,d2,\n"


def test_holders_of_the_quotas_by_notice(source: Write) -> None:
    made = china.quota_holders(source("china_rare_earth_groups", **{"groups.csv": HOLDERS + NOTICES}))
    kept = contract.check(table("quota_holders"), made).rows
    assert kept["year"].tolist() == [2023, 2024]
    assert kept["holders"].isna().tolist() == [True, False]
    assert kept["absorbed"].fillna("").tolist() == ["West", ""]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("2024-02-06", "6 Feb 2024", "row 3, column date: '6 Feb 2024' is not a date"),
        (",2,", ",2.5,", "row 3, column groups_with_quota: '2.5' is not a count"),
        ("addressees,addressees", "addressees,told", "row 3, column kind: 'told' is not an allowed value"),
    ],
)
def test_bad_holders_are_named(source: Write, old: str, new: str, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        china.quota_holders(source("china_rare_earth_groups", **{"groups.csv": HOLDERS + NOTICES.replace(old, new)}))


def test_a_text_that_names_no_group_leaves_the_cell_empty(source: Write) -> None:
    """An empty text is no name: the data package refuses it."""
    nameless = HOLDERS + NOTICES.replace(",South,West,", ",,West,")
    made = china.quota_holders(source("china_rare_earth_groups", **{"groups.csv": nameless}))
    assert made["groups"].isna().tolist() == [True, False]
