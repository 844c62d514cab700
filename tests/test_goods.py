"""Where every code of BACI is kept, checks and pages are still about the goods of products.csv."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline import catalog, goods
from pipeline.intake import lock
from tests.finished_world import tidy
from tests.schemas.test_contract import flows


@pytest.mark.parametrize(("codes", "expected"), [("products", {"284690", "999999"}), ("all", {"284690"})])
def test_other_goods_are_left_out_only_where_the_lock_keeps_every_code(
    finished_toy_world: Path, data_folder: Path, codes: str, expected: set[str]
) -> None:
    """Without `codes: all` a good that products.csv does not list must show: `products_are_known` is there to see it."""
    declared = (finished_toy_world / "raw" / "sources.yml").read_text()
    lock.path().write_text(declared.replace("  cepii_baci:\n", f"  cepii_baci:\n    codes: {codes}\n"))
    assert lock.source("cepii_baci").codes == codes
    catalog.save_table("products", tidy("products"))
    catalog.save_table("trade_flows", pd.concat([flows(), flows().assign(hs6="999999")], ignore_index=True))
    assert set(goods.load("trade_flows")["hs6"]) == expected
