"""Magnets, both sides' reports and monthly trade: bad files are one error each, real files say what was printed."""

import gzip
import inspect
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.catalog import table
from pipeline.intake import country_names, transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError
from pipeline.schemas import contract
from pipeline.sources import baci as cepii
from pipeline.sources import comtrade, monthly_trade
from tests.made_sources import Write
from tests.toy_world import raw_inputs

COUNTRIES = pd.DataFrame({"iso3": ["CHN", "EST", "MYS", "USA", "WLD", "EUU"]})
NAMES = "name_as_printed,iso3,note\nEU27,EUU,\n"
MAGNETS = (
    "year,exporter,importer,hs6,value_kusd,quantity_t,reported_by,document_id,note\n"
    "2016,CHN,USA,850511,600,,reconciled,d,top-6 partners per side only\n"
    "2024,CHN,USA,850511,600,20,reconciled,d,all partners\n"
    "2024,EST,USA,850511,100,2,reconciled,d,all partners\n"
)
Made = Callable[..., pd.DataFrame]


def made(
    source: Write,
    maker: Callable[..., pd.DataFrame],
    changed: str = "",
    change: Callable[[bytes], bytes] | None = None,
    corrections: str = "[]",
) -> pd.DataFrame:
    """A table from the toy world's files, one of them ("source/file.csv") changed before it is packed and locked."""
    toy = Path(raw_inputs.__file__).parent / "raw"
    by_source: dict[str, dict[str, bytes]] = {
        "reviewed": {"country_names.csv": NAMES.encode()},
        "corrections": {"corrections.yml": corrections.encode()},
    }
    for file in sorted(toy.rglob("*.csv")):
        name = file.relative_to(toy).as_posix()
        content = file.read_bytes()
        if name == changed and change:
            altered = change(content)
            assert altered != content, "the test changes nothing"
            content = altered
        packed = name in raw_inputs.PACKED
        files = by_source.setdefault(file.parent.name, {})
        files[file.name + ".gz" * packed] = gzip.compress(content, mtime=0) if packed else content
    return maker(
        *[COUNTRIES if name == "countries" else source(name, **by_source[name]) for name in inspect.signature(maker).parameters]
    )


def swapped(old: str, new: str) -> Callable[[bytes], bytes]:
    return lambda content: content.replace(old.encode(), new.encode(), 1)


def months(source: Write, changed: str = "", change: Callable[[bytes], bytes] | None = None) -> pd.DataFrame:
    return made(source, monthly_trade.trade_monthly, changed, change)


def mirrored(source: Write, change: Callable[[bytes], bytes] | None = None) -> pd.DataFrame:
    return made(source, comtrade.mirror_flows, "un_comtrade_annual/magnets_by_reporter.csv", change)


def magnets(source: Write, text: str | bytes) -> pd.DataFrame:
    content = text if isinstance(text, bytes) else gzip.compress(text.encode(), mtime=0)
    return cepii.magnets(source("cepii_baci_magnets", **{"flows.csv.gz": content}), COUNTRIES)


# What the toy world's files mean


def test_units_are_tonnes_thousand_dollars_and_dollars_a_kilogram(source: Write) -> None:
    rows = contract.check(table("trade_monthly"), months(source)).rows
    seen = rows.groupby(["source_id", "measure", "unit"])["value"].first()
    assert seen["hmrc_monthly", "quantity", "t"] == 0.9
    assert seen["us_census_monthly", "value", "kUSD"] == 400
    assert seen["china_customs_quoted", "unit_value", "USD/kg"] == 30


def test_a_later_print_is_preferred_and_both_stay(source: Write) -> None:
    rows = months(source).query("source_id == 'china_customs_quoted' and measure == 'quantity' and period_end == '2024-01'")
    to_usa = rows[rows["partner"] == "USA"].set_index("vintage")
    assert to_usa["value"].to_dict() == {"first": 10, "later": 11}
    assert to_usa["preferred"].to_dict() == {"first": False, "later": True}


def test_of_two_prints_the_one_with_more_digits_is_preferred(source: Write) -> None:
    file = "china_customs_quoted/monthly_exports.csv"
    rows = months(source, file, swapped(",11,later,", ",10.4,first,"))
    assert rows.query("value in [10, 10.4] and vintage == 'first'").set_index("value")["preferred"].to_dict() == {
        10: False,
        10.4: True,
    }


def test_what_another_project_summed_is_never_one_figure_with_a_print(source: Write) -> None:
    rows = months(source)
    assert rows.loc[rows["kind"] == "derived_by_repo", "source_id"].unique().tolist() == ["comtrade_china_exports_derived"]
    assert rows[rows["kind"] == "derived_by_repo"]["preferred"].all()


def test_periods_of_more_than_a_month_keep_both_ends(source: Write) -> None:
    ends = months(source).groupby("source_id")[["period_start", "period_end"]].first()
    assert ends.loc["india_trade_quoted"].tolist() == ["2024-04", "2025-03"]
    assert ends.loc["trade_aggregates_quoted"].tolist() == ["2024-01", "2024-06"]


def test_an_estimated_mass_is_flagged_and_a_missing_one_is_no_row(source: Write) -> None:
    rows = months(source).query("product == 'rare_earth_compounds'").set_index(["partner", "measure"])
    assert rows.loc[("MYS", "quantity"), ["value", "flag"]].tolist() == [40, "estimated"]
    assert pd.isna(rows.loc[("MYS", "value"), "flag"])
    assert ("USA", "quantity") not in rows.index


def test_both_reports_stand_in_one_row_and_totals_are_named(source: Write) -> None:
    rows = contract.check(table("mirror_flows"), mirrored(source)).rows.set_index(["exporter", "importer"])
    assert rows.loc[("CHN", "USA")].filter(like="value").tolist() == [590, 620]
    assert pd.isna(rows.loc[("CHN", "EST"), "importer_value_kusd"])
    assert rows["kind"].to_dict() == {
        ("CHN", "EST"): "pair",
        ("CHN", "USA"): "pair",
        ("CHN", "WLD"): "world_total",
        ("USA", "USA"): "re_import",
    }


def test_coverage_and_nomenclature_of_magnets(source: Write) -> None:
    rows = contract.check(table("trade_flows"), magnets(source, MAGNETS)).rows
    assert rows["coverage"].tolist() == ["top6", "whole", "whole"]
    assert rows["nomenclature"].tolist() == ["HS02", "HS17", "HS17"]
    assert rows["quantity_t"].isna().tolist() == [True, False, False]


DOUBT = """
- id: later-print
  source_id: china_customs_quoted
  table: trade_monthly
  file: monthly_exports.csv
  row: {month: 2024-01, product: magnets, measure: tonnes, revised: later}
  column: value
  printed: 11
  kind: flag
  why: Invented for this test.
  evidence: none
  who: test
"""


def test_a_doubtful_print_is_flagged_and_not_preferred(source: Write) -> None:
    rows = made(source, monthly_trade.trade_monthly, corrections=DOUBT)
    rows = rows.query(
        "document_id in ['toy-customs', 'toy-trade-press'] and product == 'rare_earth_magnets' and partner == 'USA' "
        "and source_id == 'china_customs_quoted'"
    )
    rows = rows[rows["period_end"] == "2024-01"].set_index("vintage")
    assert rows["preferred"].to_dict() == {"first": True, "later": False}
    assert rows.loc["later", "flag"] == "doubtful"


# Bad files

CUSTOMS = "china_customs_quoted/"


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("comex_stat_monthly/monthly.csv", ",measure,", ",unit,", r"missing: \['measure'\]; unknown: \['unit'\]"),
        (CUSTOMS + "monthly_imports.csv", "value,", "value,flag,", r"unknown: \['flag'\]"),
        ("hmrc_monthly/monthly.csv", ",900,", ',"9,000",', r"row 2, column value: '9,000' is not a plain number"),
        ("hmrc_monthly/monthly.csv", ",900,", ",9,000,", r"monthly\.csv\.gz, row 2 has 13 cells"),
        ("hmrc_monthly/monthly.csv", ",900,", ",900 kg,", r"'900 kg' is not a plain number"),
        ("hmrc_monthly/monthly.csv", ",900,", ",,", r"column value: '' is empty"),
        ("hmrc_monthly/monthly.csv", "2024-01,2024-01", "Jan-24,2024-01", r"period_start: 'Jan-24' is not a month"),
        ("hmrc_monthly/monthly.csv", "2024-01,2024-01", "2024-01,2024-13", r"period_end: '2024-13' is not a month"),
        (CUSTOMS + "monthly_by_destination.csv", "2024-03", "2023-12", r"row 3, .*'2023-12' is before the start of its period"),
        ("japan_customs_quoted/monthly_imports.csv", ",USA,", ",JAP,", r"column reporter: 'JAP' is not a code of countries\.csv"),
        ("un_comtrade_monthly/monthly.csv", ",USA,", ",_X,", r"column partner: '_X' is not a code of countries\.csv"),
        ("india_trade_quoted/magnets.csv", "tonnes", "kilotonnes", r"column measure: 'kilotonnes' is not an allowed value"),
        ("india_trade_quoted/magnets.csv", ",permanent_", ",big_", r"'big_magnets' is not in traded_goods\.csv"),
        ("us_census_monthly/monthly.csv", "import", "imports", r"column flow: 'imports' is not an allowed value"),
        ("us_census_monthly/monthly.csv", "n01", "n02", r"column note_id: 'n02' is not in notes\.csv"),
        (CUSTOMS + "monthly_exports.csv", ",first,", ",1st,", r"column revised: '1st' is not an allowed value"),
        (CUSTOMS + "monthly_by_destination.csv", "10400", "14000", r"'14000' is said to be also in monthly_exports\.csv"),
        (CUSTOMS + "annual_magnet_exports.csv", "85051110", "850511", r"does not name the national code"),
        (
            CUSTOMS + "annual_magnet_exports.csv",
            "exporter_",
            "broker_",
            r"column basis: 'broker_reported' is not an allowed value",
        ),
        (
            "un_comtrade_annual/china_imports_hs2846.csv",
            "True",
            "yes",
            r"column net_wgt_estimated: 'yes' is not an allowed value",
        ),
        ("trade_aggregates_quoted/aggregates.csv", "2024H1", "2024Q1", r"'2024Q1' is not a year or half-year"),
        ("reviewed/traded_goods.csv", "permanent_magnets,perm", "magnets,perm", r"column word: 'magnets' occurs twice"),
    ],
)
def test_a_bad_cell_of_monthly_trade_is_one_error_naming_it(source: Write, file: str, old: str, new: str, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        months(source, file, swapped(old, new))


@pytest.mark.parametrize(
    ("file", "change", "says"),
    [
        ("hmrc_monthly/monthly.csv", lambda b: b.decode().encode("utf-16"), r"monthly\.csv\.gz is not UTF-8"),
        (
            "india_trade_quoted/magnets.csv",
            lambda b: b.replace(b"fiscal", "Année".encode("latin-1")),
            r"magnets\.csv is not UTF-8",
        ),
        ("india_trade_quoted/magnets.csv", lambda b: b[:-20], r"row 2 has \d+ cells, the header has 11"),
        ("us_census_monthly/monthly.csv", lambda b: b.replace(b"n01", b'"n01'), r"cannot be read as CSV"),
    ],
    ids=["utf-16 in a packed file", "latin-1", "half written", "an open quote"],
)
def test_a_broken_file_is_one_error_naming_it(source: Write, file: str, change: Callable[[bytes], bytes], says: str) -> None:
    with pytest.raises(SourceError, match=says):
        months(source, file, change)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (",900,", ",900000000000000,", "less_than_or_equal_to"),
        ("85051110", "8505.11", "must have the form"),
    ],
    ids=["absurd", "a code with a point"],
)
def test_amounts_and_codes_no_country_trades_break_the_contract(source: Write, old: str, new: str, says: str) -> None:
    with pytest.raises(contract.ContractBroken, match=says):
        contract.check(table("trade_monthly"), months(source, "hmrc_monthly/monthly.csv", swapped(old, new)))


def test_a_figure_that_stands_twice_breaks_the_contract(source: Write) -> None:
    twice = months(source, CUSTOMS + "monthly_imports.csv", lambda b: b + b"2024-01,re_metal_ores,tonnes,MYS,41,toy-customs\n")
    with pytest.raises(contract.ContractBroken, match="same key"):
        contract.check(table("trade_monthly"), twice)


def test_a_wrong_type_breaks_the_contract(source: Write) -> None:
    with pytest.raises(contract.ContractBroken, match="dtype"):
        contract.check(table("trade_monthly"), months(source).astype({"value": "str"}))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("590,19", '"5,900",19', r"row 2, column value_kusd: '5,900' is not a plain number"),
        ("2024,CHN,USA", "1.1.2024,CHN,USA", r"row 2, column year: '1\.1\.2024' is not a year"),
        ("2024,CHN,USA", "20244,CHN,USA", r"row 2, column year: '20244' is not a year"),
        ("USA,850511", "UDA,850511", r"column importer: 'UDA' is not a code of countries\.csv"),
        ("850511", "850519", r"column hs6: '850519' is not an allowed value"),
        ("importer,toy", "both,toy", r"column reported_by: 'both' is not an allowed value"),
        ("620,21,importer", "620,21,exporter", r"row 3, column reported_by: 'exporter' reports this flow a second time"),
        ("CHN,WLD", "CHN,MYS", r"row 5, column note: .* does not fit partner WLD"),
        ("re-import", "re-export", r"column note: 're-export' is not an allowed value"),
        (",note", ",remark", r"missing: \['note'\]; unknown: \['remark'\]"),
    ],
)
def test_a_bad_cell_of_both_reports_is_one_error_naming_it(source: Write, old: str, new: str, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        mirrored(source, swapped(old, new))


def test_a_negative_report_breaks_the_contract(source: Write) -> None:
    with pytest.raises(contract.ContractBroken, match="greater_than_or_equal_to"):
        contract.check(table("mirror_flows"), mirrored(source, swapped("590,", "-590,")))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("all partners", "most partners", r"flows\.csv\.gz, row 3, column note: 'most partners' is not an allowed value"),
        ("reconciled", "exporter", r"row 2, column reported_by: 'exporter' is not an allowed value"),
        ("850511", "850519", r"column hs6: '850519' is not an allowed value"),
        ("2016", "2016.5", r"row 2, column year: '2016\.5' is not a year"),
        ("CHN", "PRC", r"column exporter: 'PRC' is not a code of countries\.csv"),
        ("600", '"1,600"', r"column value_kusd: '1,600' is not a plain number"),
        ("quantity_t", "quantity_kg", r"missing: \['quantity_t'\]; unknown: \['quantity_kg'\]"),
    ],
)
def test_a_bad_cell_of_magnets_is_one_error_naming_it(source: Write, old: str, new: str, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        magnets(source, MAGNETS.replace(old, new, 1))


@pytest.mark.parametrize("packed", [gzip.compress(MAGNETS.encode(), mtime=0)[:-30], MAGNETS.encode()], ids=["cut", "not packed"])
def test_a_packed_file_that_is_none_is_one_error_naming_it(source: Write, packed: bytes) -> None:
    with pytest.raises(SourceError, match=r"flows\.csv\.gz cannot be unpacked"):
        magnets(source, packed)


# The files of this repository


def real(maker: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    listed = country_names.converter().data["ISO3"]
    ours = transcribed.read(SourceFiles("reviewed").path("countries.csv"), ["iso3", "name", "m49", "note"])["iso3"]
    countries = pd.DataFrame({"iso3": pd.concat([listed, ours], ignore_index=True)})
    return maker(*[countries if name == "countries" else SourceFiles(name) for name in inspect.signature(maker).parameters])


@pytest.fixture(scope="module")
def printed() -> pd.DataFrame:
    return contract.check(table("trade_monthly"), real(monthly_trade.trade_monthly)).rows


@pytest.fixture(scope="module")
def mirror() -> pd.DataFrame:
    return contract.check(table("mirror_flows"), real(comtrade.mirror_flows)).rows


@pytest.fixture(scope="module")
def baci() -> pd.DataFrame:
    return contract.check(table("trade_flows"), real(cepii.magnets)).rows


def figure(rows: pd.DataFrame, source_id: str, start: str, end: str, flow: str, partner: str, product: str) -> pd.Series:
    """The preferred row of a quantity."""
    asked = pd.Series(
        {"source_id": source_id, "period_start": start, "period_end": end, "flow": flow, "partner": partner, "product": product}
    )
    found = rows[rows["preferred"] & (rows["measure"] == "quantity") & (rows[list(asked.index)] == asked).all(axis="columns")]
    assert len(found) == 1
    return found.iloc[0]


@pytest.mark.parametrize(
    ("asked", "tonnes", "document_id"),
    [
        (
            ("china_customs_quoted", "2024-05", "2024-05", "export", "WLD", "rare_earths_total"),
            6217,
            "chinas-june-rare-earths-exports-drop-from-mays-record",
        ),
        (
            ("china_customs_quoted", "2025-01", "2025-12", "export", "WLD", "rare_earths_total"),
            62_585,
            "roundup-week-3-of-2026-rawmaterials-net",
        ),
        (
            ("china_customs_quoted", "2025-01", "2025-12", "export", "USA", "rare_earth_magnets"),
            5933,
            "china-rare-earth-exports-to-us-japan-fell-in-december",
        ),
        (
            ("japan_customs_quoted", "2010-12", "2010-12", "import", "CHN", "rare_earths_total"),
            4081,
            "china-rare-earth-exports-to-japan-surged-six-times-in",
        ),
        (
            ("india_trade_quoted", "2024-04", "2025-03", "import", "WLD", "permanent_magnets"),
            53_700,
            "indias-permanent-magnet-imports-nearly-doubled-in-fy25",
        ),
    ],
)
def test_as_printed(printed: pd.DataFrame, asked: tuple[str, ...], tonnes: float, document_id: str) -> None:
    """The text named prints this figure, and it is the preferred one."""
    row = figure(printed, *asked)
    assert [row["value"], row["document_id"]] == [tonnes, document_id]


def test_steps_of_chinas_cumulative_exports_are_its_months(printed: pd.DataFrame) -> None:
    """China's customs print months and months since January; where both are printed a step is a month, within a tonne."""
    columns = ["period_start", "period_end", "product", "measure", "partner", "value", "document_id", "note"]
    file = SourceFiles("china_customs_quoted").path("cumulative_exports.csv")
    added = transcribed.read(file, columns).query("measure == 'tonnes'")
    added = added.assign(amount=added["value"].astype(float), end=pd.PeriodIndex(added["period_end"], freq="M"))
    key = ["period_start", "product", "partner"]
    steps = added.merge(added.assign(end=added["end"] + 1), on=[*key, "end"], suffixes=("", "_before"))
    steps["product"] = steps["product"].replace("magnets", "rare_earth_magnets")
    months = printed.query("source_id == 'china_customs_quoted' and flow == 'export' and measure == 'quantity'")
    months = months[months["period_start"] == months["period_end"]].drop(columns="period_start")
    both = steps.merge(months, on=["period_end", "product", "partner"], suffixes=("_printed", ""))
    off = (both["amount"] - both["amount_before"] - both["value"]).abs()
    nearest = off.groupby([both[c] for c in [*key, "period_end"]]).min()
    assert len(nearest) >= 15
    assert nearest.max() <= 1.0


def test_chinas_imports_of_2846_add_up_to_the_printed_world(printed: pd.DataFrame) -> None:
    """UN Comtrade: China imported 77,025 t of 2846 in 2024, most of it by an estimate of the mass."""
    rows = printed.query("product == 'rare_earth_compounds' and measure == 'value'")
    world = rows[rows["partner"] == "WLD"].set_index("period_start")["value"]
    assert rows[rows["partner"] != "WLD"].groupby("period_start")["value"].sum().div(world).sub(1).abs().max() < 1e-9
    row = figure(printed, "un_comtrade_annual", "2024-01", "2024-12", "import", "WLD", "rare_earth_compounds")
    assert row["value"] == pytest.approx(77_025.454404)
    assert row["flag"] == "estimated"


def test_the_absurd_mass_of_2018_is_marked_and_its_value_is_not(printed: pd.DataFrame) -> None:
    rows = printed.query("product == 'rare_earth_compounds' and partner == 'USA' and period_start == '2018-01'")
    flags = rows.set_index("measure")["flag"]
    assert flags["quantity"] == "estimated;doubtful"
    assert pd.isna(flags["value"])


def test_what_repeats_is_left_out_and_counted(printed: pd.DataFrame) -> None:
    """left_out.csv counts 72 rows of monthly_by_destination.csv: 283 are transcribed, 211 stand in the table."""
    rows = printed.query("source_id == 'china_customs_quoted'")
    files = SourceFiles("china_customs_quoted")
    transcribed_rows = sum(
        len(pd.read_csv(files.path(name)))
        for name in ("monthly_exports.csv", "monthly_by_destination.csv", "monthly_imports.csv", "annual_magnet_exports.csv")
    )
    assert transcribed_rows - len(rows) == 72


def test_one_figure_has_one_preferred_print(printed: pd.DataFrame) -> None:
    figures = printed.fillna({"hs_code": ""}).groupby(monthly_trade.ONE_FIGURE)["preferred"].sum()
    assert (figures == 1).all()


def test_china_and_the_united_states_tell_two_stories_of_2024(mirror: pd.DataFrame) -> None:
    """UN Comtrade, 850511, 2024: China reports 395.3 million USD and 17,749 t to the USA, the USA 359.8 million and 7,079 t."""
    row = mirror.query("year == 2024 and exporter == 'CHN' and importer == 'USA'").iloc[0]
    assert row["exporter_value_kusd"] == 395_313.453
    assert row["importer_value_kusd"] == 359_791.115
    assert row["exporter_quantity_t"] == pytest.approx(17_748.5391)
    assert row["importer_quantity_t"] == pytest.approx(7078.8644)


@pytest.mark.parametrize(("side", "other"), [("exporter", "importer"), ("importer", "exporter")])
def test_partners_add_up_to_the_total_each_country_reports(mirror: pd.DataFrame, side: str, other: str) -> None:
    value = f"{side}_value_kusd"
    total = mirror[mirror[other] == "WLD"].set_index(["year", side])[value].dropna()
    summed = mirror[mirror[other] != "WLD"].groupby(["year", side])[value].sum().reindex(total.index)
    assert ((summed - total).abs() <= 0.002 * total + 0.002).all()


def test_baci_lies_where_both_sides_reports_do(baci: pd.DataFrame, mirror: pd.DataFrame) -> None:
    """BACI reconciles these very reports: 99 % of its value is between them or within 10 % of one."""
    both = baci.query("coverage == 'whole'").merge(mirror.query("kind == 'pair'"), on=["year", "exporter", "importer"])
    assert len(both) > 8800
    reports = both[["exporter_value_kusd", "importer_value_kusd"]]
    near = both["value_kusd"].between(0.9 * reports.min(axis="columns"), 1.1 * reports.max(axis="columns"))
    assert both.loc[near, "value_kusd"].sum() > 0.99 * both["value_kusd"].sum()


def test_china_ships_most_magnets(baci: pd.DataFrame) -> None:
    """CEPII BACI V202601: China's exports of 850511 in 2024 weigh 137,248 t, and make 62.7 % of the world's by value."""
    whole = baci.query("year == 2024")
    assert whole.loc[whole["exporter"] == "CHN", "quantity_t"].sum() == pytest.approx(137_248.015)
    value = whole.groupby("exporter")["value_kusd"].sum()
    assert value["CHN"] / value.sum() == pytest.approx(0.6266, abs=5e-5)


def test_whole_years_are_2022_and_2024_and_only_2024_has_tonnes(baci: pd.DataFrame) -> None:
    assert sorted(baci.loc[baci["coverage"] == "whole", "year"].unique()) == [2022, 2024]
    assert baci.loc[baci["quantity_t"].notna(), "year"].unique().tolist() == [2024]
    assert baci.groupby("nomenclature")["year"].agg(["min", "max"]).to_dict("index") == {
        "HS02": {"min": 2002, "max": 2016},
        "HS17": {"min": 2017, "max": 2024},
    }
