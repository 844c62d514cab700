"""The rows that `reo explain` shows give the row's figures again when the measure is made from them alone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline import catalog, lineage, wiring
from pipeline.measures.helpers.input_rows import Key
from pipeline.schemas import table as t
from tests.measures import toy

Frames = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Again:
    """How a table is made again from the rows shown for one of its rows.

    `but` are columns that need more than the row's own inputs, each with the reason; `whole` are inputs read whole, because the
    rows shown are those of the row and the rest of the table is context; `flows` turns sums by exporter into flows again.
    """

    but: dict[str, str] = field(default_factory=dict)
    whole: tuple[str, ...] = ()
    rows: str | None = None
    flows: Callable[[pd.DataFrame, Key], Frames] | None = None


def flows_again(sums: pd.DataFrame, row: Key) -> Frames:
    """Flows with the sums of each exporter: one with its mass, one without, and one excluded as an outlier."""
    codes = [row["hs6"]] if "hs6" in row else catalog.load_table("products").query("group == @row['group']")["hs6"].tolist()
    importer = "EST" if row.get("importer") == "EUU" else row.get("importer", "X_ALL")
    kinds: dict[str, list[Any]] = {"kept": [], "outliers": []}
    for flow in sums.fillna({"quantity_t": 0.0}).to_dict("records"):
        excluded_value, excluded_t = flow.get("excluded_value_kusd", 0.0), flow.get("excluded_t", 0.0)
        unweighed = flow["value_kusd"] - flow["value_with_quantity_kusd"]
        with_mass = (flow["value_with_quantity_kusd"] - excluded_value, flow["quantity_t"] - excluded_t)
        for kind, value, tonnes in (
            ("kept", *with_mass),
            ("kept", unweighed, None),
            ("outliers", excluded_value, excluded_t),
        ):
            if value or tonnes:
                kinds[kind].append((row["year"], flow["exporter"], importer, codes[0], value, tonnes))
    outliers = toy.trade(kinds["outliers"])[["year", "exporter", "importer", "hs6", "value_kusd", "quantity_t"]]
    return {"trade_flows": toy.trade(kinds["kept"] + kinds["outliers"]), "flow_outliers": outliers}


COUNTED = {
    "flows": "the sums shown are of many flows",
    "flows_without_quantity": "the sums shown are of many flows",
    "ratio_china_to_rest_mix_confounded": "compares the row with another exporter group",
}
TABLES: dict[str, Again] = {
    "stage_concentration": Again(),
    "export_concentration": Again(flows=flows_again),
    "import_dependence": Again(flows=flows_again, whole=("countries",)),
    "unit_values": Again(flows=flows_again, but=COUNTED),
    "origin_gap": Again(flows=flows_again),
    "value_chain_gap": Again(),
    "production_reconciled": Again(but={"warning": "compares all countries of the year with the world"}),
    "disagreements": Again(),
    "quota_use": Again(),
    "quality_shift": Again(),
    "diversification": Again(rows="basis.str.startswith('capacity') == False"),
    "supply_risk": Again(whole=("countries", "material_codes", "country_codes")),
    "supply_risk_published": Again(whole=("countries", "material_codes", "country_codes")),
}
# Why no row of these can be made from its own rows.
NOT_AGAIN = {
    "flow_outliers": "a flow is judged among all flows of its year and code, which are the rows shown; the toy world has one",
    "indirect_dependence": "one system is solved for all countries of the year: the rows shown are the importer's own",
    "disruption": "losses pass through all countries of the network: the rows shown are the importer's own",
}


@pytest.fixture(autouse=True)
def finished(finished_toy_world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REO_DATA", str(finished_toy_world))


@pytest.mark.parametrize("part", range(3))
@pytest.mark.parametrize("name", TABLES)
def test_rows_shown_give_the_row_again(name: str, part: int) -> None:
    again, key, table = TABLES[name], t.key(catalog.table(name)), catalog.load_table(name)
    table = table.query(again.rows) if again.rows else table
    sample = table.iloc[part :: max(3, len(table) // 4)]
    for at in sample.index:
        row = {str(column): value for column, value in table.loc[at].items()}
        made = toy.made(name, made_from(rows_shown(name, again, row), name))
        same = pd.Series(True, index=made.index)
        for column in key:
            same &= made[column] == row[column]
        compared = [column for column in made.columns if column not in again.but]
        wanted = table[(table[key] == pd.Series({column: row[column] for column in key})).all(axis=1)]
        pd.testing.assert_frame_equal(
            made.loc[same, compared].reset_index(drop=True),
            wanted[compared].reset_index(drop=True),
            rtol=1e-9,
            obj=f"{name} {row}",
        )


def rows_shown(name: str, again: Again, row: Key) -> Frames:
    """Each input's rows for this row; an input that is read whole is whole, one without a part in the row is empty."""
    found: Frames = {}
    for input_name, kind in wiring.inputs(name).items():
        assert kind == "table"
        words, rows = lineage.input_rows(name, input_name, row)
        if words.startswith("all ") or input_name in again.whole:
            rows = catalog.load_table(input_name)
        found[input_name] = rows
    if again.flows:
        found |= {n: frame for n, frame in again.flows(found["trade_flows"], row).items() if n in found}
    return {n: typed(n, frame) for n, frame in found.items()}


def typed(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    return rows if name == "flow_outliers" and len(rows) else t.frame(catalog.table(name), rows)


def made_from(inputs: Frames, name: str) -> Any:
    hints = wiring.maker(name).__annotations__
    expressions = {n for n, hint in hints.items() if "Table" in str(hint)}
    return wiring.maker(name)(**{n: toy.flows(rows) if n in expressions else rows for n, rows in inputs.items()})
