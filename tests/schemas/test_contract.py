"""What breaks a contract is named; what can be quarantined is, with its reason; nothing else is stored."""

import pandas as pd
import pytest

from pipeline import catalog
from pipeline.schemas import contract
from pipeline.schemas import table as t
from pipeline.schemas.reserves import Reserves
from pipeline.schemas.trade_flows import TradeFlows
from tests.measures import toy


def flows(n: int = 3, **changes: object) -> pd.DataFrame:
    """n sound flows; a changed column gets the value in its first row only."""
    frame = pd.DataFrame(
        {
            "year": [2024] * n,
            "exporter": ["CHN"] * n,
            "importer": [f"X_{i}" for i in range(n)],
            "hs6": ["284690"] * n,
            "source_id": ["toy"] * n,
            "value_kusd": [10.0] * n,
            "quantity_t": [1.0] * (n - 1) + [None],
            "nomenclature": ["HS92"] * n,
            "coverage": ["whole"] * n,
        }
    )
    for column, value in changes.items():
        frame.loc[0, column] = value
    return frame


def test_a_sound_table_is_kept_sorted_by_key_with_missing_left_missing() -> None:
    checked = contract.check(TradeFlows, flows().iloc[::-1].reset_index(drop=True))
    assert list(checked.rows["importer"]) == ["X_0", "X_1", "X_2"]
    assert checked.rows["quantity_t"].isna().tolist() == [False, False, True]
    assert checked.quarantined.empty


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"exporter": "China"}, "exporter"),
        ({"coverage": "most"}, "coverage"),
        ({"year": 20240}, "year"),
        ({"importer": "X_1"}, "same key"),
        ({"hs6": "28469"}, "hs6"),
        ({"value_kusd": -1.0}, "value_kusd"),
    ],
    ids=[
        "unknown country",
        "unknown vocabulary",
        "impossible year",
        "duplicate key",
        "code too short",
        "negative amount in a small table",
    ],
)
def test_what_breaks_the_contract_is_one_error_naming_the_column(changes: dict[str, object], said: str) -> None:
    with pytest.raises(contract.ContractBroken, match=said):
        contract.check(TradeFlows, flows(**changes))


@pytest.mark.parametrize(
    "bad",
    [
        flows().drop(columns="hs6"),
        flows().rename(columns={"quantity_t": "quantity_kg"}),
        flows().assign(extra=1),
        flows().assign(value_kusd="10"),
    ],
    ids=["missing column", "renamed column", "extra column", "wrong dtype"],
)
def test_structure_must_be_as_declared(bad: pd.DataFrame) -> None:
    with pytest.raises(contract.ContractBroken):
        contract.check(TradeFlows, bad)


def test_all_faults_are_shown_at_once() -> None:
    with pytest.raises(contract.ContractBroken) as raised:
        contract.check(TradeFlows, flows(exporter="China", coverage="most"))
    assert "exporter" in raised.value.problem
    assert "coverage" in raised.value.problem


def test_a_negative_tonnage_in_a_large_table_is_quarantined_with_its_reason(data_folder: object) -> None:
    checked = catalog.save_table("trade_flows", flows(200, quantity_t=-5.0))
    assert len(checked.rows) == 199
    assert "quantity_t: greater_than_or_equal_to(0): -5.0" in checked.quarantined["reason"].iloc[0]
    told = pd.read_csv(catalog.quarantine_path("trade_flows"))
    assert told["importer"].tolist() == ["X_0"]


def test_no_row_is_quarantined_from_a_table_whose_rows_make_wholes() -> None:
    one = toy.tidy("reserves").query("country == 'CHN'").iloc[[0]]
    sound = pd.concat([one.assign(country=f"X_{i}") for i in range(200)], ignore_index=True)
    assert len(contract.check(Reserves, sound).rows) == 200
    sound.loc[0, "amount"] = -1.0
    with pytest.raises(contract.ContractBroken, match="amount"):
        contract.check(Reserves, sound)


def test_a_table_that_breaks_its_contract_leaves_the_last_good_one(data_folder: object) -> None:
    catalog.save_table("trade_flows", flows())
    with pytest.raises(contract.ContractBroken):
        catalog.save_table("trade_flows", flows(exporter="China"))
    assert len(catalog.load_table("trade_flows")) == 3
    assert catalog.load_table("trade_flows")["exporter"].eq("CHN").all()


def test_an_all_null_column_keeps_its_type_on_disk(data_folder: object) -> None:
    catalog.save_table("trade_flows", flows().assign(quantity_t=float("nan")))
    assert catalog.load_table("trade_flows")["quantity_t"].dtype == "float64"


def test_the_stored_file_is_the_same_byte_for_byte_whatever_the_order_of_rows(data_folder: object) -> None:
    catalog.save_table("trade_flows", flows(50))
    first = catalog.parquet_path("trade_flows").read_bytes(), catalog.csv_path("trade_flows").read_bytes()
    catalog.save_table("trade_flows", flows(50).sample(frac=1, random_state=1).reset_index(drop=True))
    assert (catalog.parquet_path("trade_flows").read_bytes(), catalog.csv_path("trade_flows").read_bytes()) == first


def test_every_declared_table_has_words_a_key_and_described_columns() -> None:
    for name, table in catalog.tables().items():
        assert table.__doc__, name
        assert set(t.key(table)) <= set(t.columns(table)), name
        for column_name, column in t.columns(table).items():
            assert column.description, f"{name}.{column_name}"


def test_key_columns_are_never_nullable() -> None:
    for name, table in catalog.tables().items():
        assert not [k for k in t.key(table) if t.columns(table)[k].nullable], name


def test_a_table_not_built_says_so(data_folder: object) -> None:
    with pytest.raises(catalog.NoSuchTable, match="reo build"):
        catalog.load_table("reserves")


def test_an_unknown_table_names_the_known_ones() -> None:
    with pytest.raises(catalog.NoSuchTable, match="trade_flows"):
        catalog.load_table("trade")


def test_an_empty_frame_keeps_the_contract() -> None:
    assert contract.check(Reserves, t.empty(Reserves)).rows.empty


def test_a_hundredth_of_the_rows_may_be_quarantined_and_no_more() -> None:
    def with_negative(rows: int) -> pd.DataFrame:
        frame = flows(200)
        frame.loc[: rows - 1, "quantity_t"] = -5.0
        return frame

    assert len(contract.check(TradeFlows, with_negative(2)).quarantined) == 2
    with pytest.raises(contract.ContractBroken, match="quantity_t"):
        contract.check(TradeFlows, with_negative(3))


def test_nothing_is_quarantined_from_a_table_with_another_fault() -> None:
    with pytest.raises(contract.ContractBroken, match="coverage"):
        contract.check(TradeFlows, flows(200, quantity_t=-5.0).assign(coverage=["whole"] * 199 + ["most"]))


def test_a_checked_table_has_the_declared_columns_and_no_other() -> None:
    assert list(contract.check(TradeFlows, flows()).rows.columns) == list(t.columns(TradeFlows))
