"""Each expectation fails on the world that breaks it, names the failing rows, and fails alone."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
import world

from pipeline import catalog
from pipeline.quality import run
from pipeline.quality.expectation import Outcome
from pipeline.quality.expectations import EXPECTATIONS, keys_and_bounds
from pipeline.schemas import contract

Tables = dict[str, pd.DataFrame]
BY_NAME = {e.name: e for e in EXPECTATIONS}


def judged(tables: Tables, folder) -> dict[str, Outcome]:
    return {o.name: o for o in run.run(tables.__getitem__, folder / "data_docs")}


def change(name: str, column: str, value: object, where: str = "index >= 0") -> Callable[[Tables], None]:
    def break_it(tables: Tables) -> None:
        frame = tables[name]
        frame.loc[frame.query(where).index, column] = value

    return break_it


def drop(name: str, where: str) -> Callable[[Tables], None]:
    def break_it(tables: Tables) -> None:
        tables[name] = tables[name].drop(index=tables[name].query(where).index)

    return break_it


def twice(name: str) -> Callable[[Tables], None]:
    def break_it(tables: Tables) -> None:
        tables[name] = pd.concat([tables[name], tables[name].head(1)], ignore_index=True)

    return break_it


def one_amount_twice(tables: Tables) -> None:
    """A row without a figure occurs twice: no sum changes."""
    cell = tables["production"].head(1).assign(country="JPN", amount=float("nan"))
    tables["production"] = pd.concat([tables["production"], cell, cell], ignore_index=True)


def shift_years(tables: Tables) -> None:
    tables["trade_flows"]["year"] += 1


def comparator_outlier(tables: Tables) -> None:
    tables["flow_outliers"] = tables["flow_outliers"].assign(hs6="250410", share_of_quantity=0.9)


def china_falls_by_a_third(tables: Tables) -> None:
    newest = tables["stage_concentration"].assign(year=2023, china_share=0.5, china_share_low=0.5, china_share_high=0.5)
    tables["stage_concentration"] = pd.concat([tables["stage_concentration"], newest], ignore_index=True)


def a_table_of_one_row(tables: Tables) -> None:
    row = tables["production"].head(1).assign(edition="2025", year=2023)
    tables["production"] = pd.concat([tables["production"], row], ignore_index=True)


def wmd_counts_less(tables: Tables) -> None:
    wmd = tables["production"]["source_id"] == "world_mining_data"
    tables["production"].loc[wmd, "amount"] *= 0.8


# What breaks each expectation, and the text a reader must find in its outcome.
BROKEN: list[tuple[str, Callable[[Tables], None], str]] = [
    ("trade_years_without_gap", drop("trade_flows", "hs6 == '280530' and year == 1996"), "280530 in 1996: 0 flows"),
    ("trade_begins_in_1995", shift_years, "284690 begins in 1996"),
    (
        "rare_earth_outliers_small_part_of_tonnage",
        change("flow_outliers", "share_of_quantity", 0.25),
        "284690 in 1995: 25.0 % of the tonnage are outliers",
    ),
    ("comparator_outliers_not_most_of_tonnage", comparator_outlier, "250410 in 1995: 90.0 % of the tonnage are outliers"),
    (
        "china_share_moves_by_steps",
        change("export_concentration", "china_share", 0.58, "hs6 == '284690' and year == 1996"),
        "284690, 1995 to 1996: from 80.0% to 58.0%",
    ),
    (
        "quantities_reported",
        change("export_concentration", "quantity_coverage", 0.4, "year == 1995"),
        "284690 in 1995: 40.0% of the value",
    ),
    (
        "rare_earth_unit_values_plausible",
        change("unit_values", "usd_per_kg", 8000.0, "year == 1996"),
        "284690 in 1996, world: 8,000.00 USD/kg",
    ),
    (
        "usgs_mcs_countries_sum_to_published_world_total",
        change("production", "amount", 244_000.0, "source_id == 'usgs_mcs' and country == 'WLD'"),
        "2024, mining of rare_earths in 2022: countries sum to 252,000 t, published 244,000 t: +8,000 t, +3.3 %",
    ),
    (
        "world_mining_data_countries_sum_to_published_world_total",
        change("production", "amount", 239_000.0, "source_id == 'world_mining_data' and country == 'WLD'"),
        "e, mining of rare_earths in 2022: countries sum to 240,000 t, published 239,000 t: +1,000 t, +0.4 %",
    ),
    ("usgs_agrees_with_world_mining_data", wmd_counts_less, "China in 2022: USGS 210,000 t, World Mining Data 160,000 t"),
    (
        "stage_shares_sum_to_at_most_the_whole",
        change("stage_shares", "share", 0.178, "country == 'USA'"),
        "USGS, 2024: 2 shares of mining of rare_earths in 2022 sum to 100.80 %",
    ),
    (
        "reconciled_countries_within_world_total",
        change("production_reconciled", "central", 60_000.0, "country == 'USA'"),
        "2022: countries sum to 270,000 t, the world to 250,000 t (+8.0 %)",
    ),
    (
        "statistical_review_agrees_with_reconciled",
        change("production", "amount", 105_000.0, "source_id == 'statistical_review'"),
        "CHN in 2022: -50.0 % from production_reconciled",
    ),
    (
        "status_documented_after_announcement",
        change("policy_status", "documented_on", "2010-08"),
        "CN-2010-halt, announced 2010-09",
    ),
    ("acts_have_a_text", drop("policy_sources", "event_id == 'CN-2010-halt-over'"), "CN-2010-halt-over: 0 texts"),
    (
        "texts_not_long_before_act",
        change("policy_sources", "published_on", "2009-08-31", "event_id == 'CN-2010-halt'"),
        "CN-2010-halt, announced 2010-09: text 1 of 2009-08-31, A text",
    ),
    (
        "acts_are_coded_twice",
        drop("policy_codes", "event_id == 'CN-2010-halt' and coder == '2'"),
        "CN-2010-halt: coded by 1 of 2",
    ),
    ("coders_agree", change("coding_agreement", "kappa", 0.79, "field == 'layer'"), "layer: kappa 0.79, 100.0% of 2 acts"),
    ("countries_are_named", drop("countries", "iso3 == 'JPN'"), "trade_flows.importer: unknown JPN"),
    ("products_are_known", change("flow_outliers", "hs6", "250510"), "flow_outliers.hs6: unknown 250510"),
    ("documents_are_listed", change("reserves", "document_id", "d2"), "reserves.document_id: unknown d2"),
    (
        "acts_are_registered",
        change("policy_status", "superseded_by", "CN-2011-x"),
        "policy_status.superseded_by: unknown CN-2011-x",
    ),
    ("export_concentration_key_unique", twice("export_concentration"), "1995, 250410, value"),
    ("production_key_unique", one_amount_twice, "2022, JPN, mining, rare_earths, usgs_mcs, 2024"),
    ("reserves_key_unique", twice("reserves"), "2024, CHN, usgs_mcs"),
    ("stage_concentration_key_unique", twice("stage_concentration"), "2022, mining, rare_earths, usgs_mcs, 2024, actual"),
    ("unit_values_key_unique", twice("unit_values"), "1995, 284690, world, quantity_clean"),
    ("origin_gap_key_unique", twice("origin_gap"), "2022, compounds, included, usgs_mcs"),
    (
        "no_country_vanishes_from_the_next_edition",
        change("stage_concentration", "vanished", "USA 43,000 t (2021, edition 2023)"),
        "usgs_mcs, edition 2024, mining of rare_earths in 2022: USA 43,000 t (2021, edition 2023)",
    ),
    ("stage_concentration_shares_within_bounds", change("stage_concentration", "hhi_high", 1.2), "hhi_high 1.2"),
    ("export_concentration_shares_within_bounds", change("export_concentration", "cr3", 80.0, "year == 1996"), "cr3 80"),
    ("origin_gap_shares_within_bounds", change("origin_gap", "export_share", -0.1), "export_share -0.1"),
    ("mine_production_sums_to_its_total", change("mine_production", "amount", 20.0, "country == 'USA'"), "-10.0 %"),
    ("imports_have_an_estimate_of_governance", change("supply_risk", "governance_coverage", 0.5), "50.0 % of the tonnes"),
    (
        "whole_tables_have_their_total",
        a_table_of_one_row,
        "production: usgs_mcs 2025 2023",
    ),
    (
        "export_concentration_newest_shares_step_by_step",
        change("export_concentration", "china_share", 0.5, "hs6 == '284690' and year == 1996 and basis == 'quantity'"),
        "284690 quantity 1996: -30.0%",
    ),
    ("stage_concentration_newest_shares_step_by_step", china_falls_by_a_third, "REO 2023: -33.0%"),
]


@pytest.fixture(scope="module")
def in_broken_worlds(tmp_path_factory) -> dict[str, dict[str, Outcome]]:
    """Outcomes by broken world and expectation, judged in one run, of all expectations that read what the break changes."""
    sound, reads, asked = world.tables(), {}, []
    for e in EXPECTATIONS:
        read = reads[e.name] = set()
        e.readings(lambda name, read=read: read.add(name) or sound[name])
    for broken, break_it, _label in BROKEN:
        tables = {name: frame.copy() for name, frame in sound.items()}
        break_it(tables)
        changed = {name for name, frame in tables.items() if not frame.equals(sound[name])}
        for e in EXPECTATIONS:
            if reads[e.name] & changed:
                readings = e.readings(tables.__getitem__)
                asked.append(replace(e, name=f"{broken}__{e.name}", readings=lambda _load, made=readings: made))
    outcomes = run.run(world.tables().__getitem__, tmp_path_factory.mktemp("broken") / "data_docs", asked)
    return {b[0]: {o.name.split("__")[1]: o for o in outcomes if o.name.startswith(f"{b[0]}__")} for b in BROKEN}


@pytest.mark.parametrize(("name", "label"), [(b[0], b[2]) for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_fails_alone_and_names_the_failing_rows(name, label, in_broken_worlds):
    outcomes = in_broken_worlds[name]
    assert {o for o, outcome in outcomes.items() if not outcome.passed} == {name}
    assert any(label in row for row in outcomes[name].rows_off), outcomes[name].rows_off


def test_every_expectation_passes_in_the_sound_world(tmp_path):
    assert [o for o in judged(world.tables(), tmp_path).values() if not o.passed] == []


def test_every_expectation_has_a_world_that_breaks_it():
    assert {b[0] for b in BROKEN} == set(BY_NAME)


def test_the_sound_world_meets_the_contract_of_every_table_judged_by_class():
    tables = world.tables()
    for name in (*keys_and_bounds.JUDGED, "trade_flows", "flow_outliers", "countries", "products", "documents"):
        assert contract.check(catalog.table(name), tables[name]).quarantined.empty


def test_names_are_unique_words_and_tables_exist():
    assert len(BY_NAME) == len(EXPECTATIONS)
    for e in EXPECTATIONS:
        assert e.name.isidentifier()
        assert e.name == e.name.lower()
        assert e.table in catalog.tables()
        assert e.expected.endswith(".")
        assert e.meaning.endswith(".")


def test_a_document_of_the_month_of_an_act_is_not_before_it(tmp_path):
    """Only the last day a date may mean counts against the first day the other may mean."""
    tables = world.tables()
    tables["policy_events"]["announced_on"] = "2010-09-15"
    tables["policy_status"]["documented_on"] = "2010-09"
    assert judged(tables, tmp_path)["status_documented_after_announcement"].passed


def test_the_newest_edition_is_compared_with_the_other_source(tmp_path):
    """A superseded edition raises no warning."""
    tables = world.tables()
    old = tables["production"].query("source_id == 'usgs_mcs'").assign(edition="2023")
    old["amount"] *= 0.5
    tables["production"] = pd.concat([tables["production"], old], ignore_index=True)
    assert judged(tables, tmp_path)["usgs_agrees_with_world_mining_data"].passed


def test_a_code_that_begins_later_has_no_gap_before_it_but_a_warning(tmp_path):
    tables = world.tables()
    drop("trade_flows", "hs6 == '280530' and year == 1995")(tables)
    outcomes = judged(tables, tmp_path)
    assert outcomes["trade_years_without_gap"].passed
    assert outcomes["trade_begins_in_1995"].rows_off == ("280530 begins in 1996",)


def test_a_rare_earth_code_without_any_flow_is_off(tmp_path):
    tables = world.tables()
    drop("trade_flows", "hs6 == '280530'")(tables)
    assert judged(tables, tmp_path)["trade_years_without_gap"].rows_off == ("280530 in 1996: 0 flows",)


def test_nothing_to_judge_is_not_a_pass(tmp_path):
    tables = world.tables()
    tables["production"] = tables["production"].query("source_id == 'usgs_mcs'")
    tables["reserves"] = tables["reserves"].iloc[:0]
    outcomes = judged(tables, tmp_path)
    for name in ("usgs_agrees_with_world_mining_data", "reserves_key_unique"):
        assert not outcomes[name].passed
        assert outcomes[name].observed == "nothing to judge"


def test_goods_that_only_score_a_method_need_no_group():
    """Trade ahead of BACI is tried on thirty goods, most of them no rare earths."""
    tables = world.tables()
    for name in ("trade_nowcast", "trade_nowcast_shares", "trade_reports"):
        tables[name] = pd.DataFrame({"hs6": ["251010"]})
    assert BY_NAME["products_are_known"].readings(tables.__getitem__).eq(0).all()
