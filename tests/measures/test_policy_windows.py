"""Windows around acts: worked by hand, which periods and comparators count, and what ties an act to a series."""

import math
from collections.abc import Sequence

import pandas as pd
import pytest

from pipeline.measures.policy_windows import LINEAGE, policy_windows
from tests.measures import toy

ACT, CODE = "TOY-act", "284690"


def typed(table: str, rows: Sequence[dict]) -> pd.DataFrame:
    kinds = toy.t.kinds(toy.catalog.table(table))
    blank = {"float64": 0.0, "int64": 0, "bool": True}
    full = [{name: blank.get(kind) for name, kind in kinds.items()} | row for row in rows]
    return toy.t.frame(toy.catalog.table(table), full)


def act(event_id: str = ACT, announced: str = "2013-06-01", effective: str | None = None, **cells: str) -> dict:
    return {
        "event_id": event_id,
        "announced_on": announced,
        "effective_on": effective,
        "actor": "CHN",
        "elements": "all",
        **cells,
    }


def product(hs6: str, treatment: str = "never_controlled", since: str | None = None) -> dict:
    of_act = hs6 == CODE
    treatment = "rare_earth" if of_act else treatment
    return {"hs6": hs6, "hs92": hs6, "hs2017": hs6 if of_act else None, "treatment": treatment, "controlled_since": since}


def exports(hs6: str, tonnes: dict[int, float]) -> list[dict]:
    common = {"hs6": hs6, "exporter_group": "CHN", "basis": "quantity_clean", "usd_per_kg": 5.0}
    return [{**common, "year": year, "quantity_t": amount} for year, amount in tonnes.items()]


def figure(month: str, tonnes: float, product: str = "terbium", hs_code: str | None = None) -> dict:
    return {
        "month": month, "reporter": "CHN", "flow": "export", "product": product, "kind": "printed", "source_id": "press",
        "hs_code": hs_code, "total_basis": "world", "quantity_t": tonnes,
    }  # fmt: skip


def windows(
    acts: list[dict],
    trade: Sequence[dict] = (),
    months: Sequence[dict] = (),
    products: Sequence[dict] = (product(CODE),),
    prices: Sequence[dict] = (),
) -> pd.DataFrame:
    codes = [{"event_id": a["event_id"], "hs6": CODE, "nomenclature": "HS2022", "scope_share": "part"} for a in acts]
    made = policy_windows(
        typed("policy_events", acts),
        typed("policy_hs", codes),
        typed("products", products),
        typed("unit_values", trade),
        typed("export_concentration", []),
        typed("trade_by_month", months),
        typed("prices", prices),
    )
    return toy.made("policy_windows", made)


def quantity(made: pd.DataFrame, event_id: str = ACT) -> pd.Series:
    return made[(made["event_id"] == event_id) & (made["outcome"] == f"china_export_quantity:{CODE}")].iloc[0]


def test_worked_example_of_the_method_page():
    years = [2010, 2011, 2012, 2014, 2015, 2016]
    after = {"111111": 10.0, "222222": 20.0, "333333": 40.0, "444444": 80.0}
    trade = exports(CODE, dict(zip(years, [100.0] * 3 + [50.0] * 3, strict=True)) | {2013: 999.0})
    for code, amount in after.items():
        trade += exports(code, dict(zip(years, [10.0] * 3 + [amount] * 3, strict=True)))
    products = [product(CODE), *(product(code) for code in list(after)[:3]), product("444444", "later_controlled", "2016-01-01")]
    row = quantity(windows([act()], trade, products=products))
    assert [row["before"], row["after"], row["before_held"], row["after_held"]] == [100, 50, 3, 3]
    assert row["change"] == pytest.approx(-math.log(2), abs=1e-9)
    assert row["comparators"] == 3
    quartiles = row[["comparators_low", "comparators_change", "comparators_high"]].tolist()
    assert quartiles == pytest.approx([0.5 * math.log(2), math.log(2), 1.5 * math.log(2)], abs=1e-9)


def test_a_mineral_controlled_after_the_window_is_a_comparator_until_then():
    years = dict.fromkeys([2010, 2011, 2012, 2014, 2015, 2016], 10.0)
    products = [product(CODE), product("444444", "later_controlled", "2017-01-01")]
    assert quantity(windows([act()], exports(CODE, years) + exports("444444", years), products=products))["comparators"] == 1


def test_a_comparator_holds_the_very_same_years():
    years = dict.fromkeys([2010, 2011, 2012, 2014, 2015, 2016], 10.0)
    trade = exports(CODE, years) + exports("111111", {year: 10.0 for year in years if year != 2011})
    row = quantity(windows([act()], trade, products=[product(CODE), product("111111")]))
    assert row["comparators"] == 0
    assert pd.isna(row["comparators_change"])


def test_a_side_without_a_period_has_no_row_and_one_period_says_so():
    assert windows([act(announced="2023-06-01")], exports(CODE, {2022: 1.0, 2023: 1.0})).empty
    row = quantity(windows([act(announced="2023-06-01")], exports(CODE, {2022: 1.0, 2024: 2.0})))
    assert [row["before_held"], row["after_held"]] == [1, 1]


def test_the_day_of_effect_decides_the_year():
    years = {2013: 1.0, 2014: 2.0, 2015: 4.0, 2016: 8.0}
    row = quantity(windows([act(announced="2014-12-31", effective="2015-01-01")], exports(CODE, years)))
    assert [row["before"], row["after"], row["before_from"], row["after_to"]] == [1.5, 8.0, "2012", "2018"]


def test_a_code_without_a_crosswalk_has_no_yearly_row():
    bare = {**product(CODE), "hs2017": None}
    assert windows([act()], exports(CODE, {2012: 1.0, 2014: 1.0}), products=[bare]).empty


def test_other_acts_on_the_code_within_the_window_are_counted():
    acts = [act(), act("TOY-same-year"), act("TOY-edge", "2016-12-31"), act("TOY-beyond", "2017-01-01")]
    assert quantity(windows(acts, exports(CODE, {2012: 1.0, 2014: 1.0})))["other_acts"] == 2


def test_months_between_announcement_and_effect_are_left_out():
    months = [
        figure("2023-06", 6.0),
        figure("2023-07", 50.0),
        figure("2023-08", 0.0),
        figure("2023-09", 2.0),
        figure("2024-09", 9.0),
    ]
    row = windows([act(announced="2023-07-03", effective="2023-08-01")], months=months).iloc[0]
    assert row["outcome"] == "monthly_export_quantity:terbium (press)"
    assert [row["before"], row["after"], row["before_held"], row["after_held"]] == [6, 2, 1, 1]
    assert [row["element"], row["comparators"]] == ["Tb", 0]


def test_nothing_exported_after_has_no_logarithm():
    row = windows([act(announced="2023-07-03")], months=[figure("2023-06", 6.0), figure("2023-08", 0.0)]).iloc[0]
    assert row["after"] == 0
    assert pd.isna(row["change"])


@pytest.mark.parametrize(
    ("cells", "product", "hs_code", "tied"),
    [
        ({"elements": "Dy;Tb"}, "terbium", None, True),
        ({"elements": "Dy"}, "terbium", None, False),
        ({"elements": "all"}, "gallium", None, False),
        ({"elements": "Tb", "actor": "USA"}, "terbium", None, False),
        ({"elements": "Tb", "actor": "USA"}, "anything", "28469010", True),
    ],
)
def test_what_ties_monthly_figures_to_an_act(cells, product, hs_code, tied):
    months = [figure("2023-06", 6.0, product, hs_code), figure("2023-08", 5.0, product, hs_code)]
    made = windows([act(announced="2023-07-03", **cells)], months=months)
    assert len(made) == tied
    if tied and hs_code:
        assert made[["hs6", "scope_share"]].iloc[0].tolist() == [CODE, "part"]


def test_an_act_known_to_the_year_has_no_month():
    assert windows([act(announced="2023")], months=[figure("2023-06", 6.0), figure("2024-02", 5.0)]).empty


def test_prices_of_one_series_only():
    price = {
        "oxide": "Pr oxide",
        "basis": "FOB",
        "unit": "USD/kg",
        "precision": "month",
        "market": "fob_china",
        "source_id": "press",
    }
    prices = [price | {"date": "2023-06", "value": 60.0}, price | {"date": "2023-08", "value": 30.0}]
    row = windows([act(announced="2023-07-03")], prices=prices).iloc[0]
    assert row["outcome"] == "monthly_price:Pr oxide, FOB, USD/kg (press)"
    assert row["change"] == pytest.approx(-math.log(2), abs=1e-9)


def test_rows_behind_a_window_are_of_its_years_and_months():
    trade, months = exports(CODE, dict.fromkeys(range(2005, 2020), 2.0)), [figure("2013-05", 6.0), figure("2013-07", 5.0)]
    tables = {"unit_values": typed("unit_values", trade), "trade_by_month": typed("trade_by_month", months)}

    class Finished:
        load_table = staticmethod(tables.__getitem__)

    made = windows([act()], trade, [*months, figure("2013-06", 9.0)]).to_dict("records")
    yearly = next(row for row in made if row["measure"] == "china_export_quantity")
    monthly = next(row for row in made if row["measure"] == "monthly_export_quantity")
    _words, years = LINEAGE["policy_windows", "unit_values"](yearly, Finished())
    assert years["year"].tolist() == list(range(2010, 2017))
    assert LINEAGE["policy_windows", "trade_by_month"](monthly, Finished())[1]["quantity_t"].tolist() == [6.0, 5.0]
    assert LINEAGE["policy_windows", "trade_by_month"](yearly, Finished())[1].empty


def test_no_acts_give_no_rows():
    assert windows([]).empty
