import pandas as pd

from pipeline.schemas import table as t
from pipeline.schemas.trade_monthly import FLOWS, KINDS


class TradeByMonth(t.Table):
    """Trade of a good by single month: total, unit value, change on the year before. Kinds and sources are never joined.

    Gappy: a month nobody published has no row, and gap_months counts the months left out before a row.
    """

    month: str = t.month()
    reporter: str = t.country("Country whose customs count")
    flow: str = t.vocabulary("export or import, as the reporter counts", FLOWS)
    product: str = t.text("Goods, in the words of the reviewed table traded_goods.csv")
    kind: str = t.vocabulary("printed in a text; a publisher's data_set; derived_by_repo, sums of another project", KINDS)
    source_id: str = t.source_id()
    hs_code: str = t.text("Customs code, null where none is published", str_matches=r"^[0-9]{4,10}$", nullable=True)
    total_basis: str = t.vocabulary(
        "world: the total as reported; fixed_list: a total over some 40 partners; partners: our sum of the partners held, which "
        "need not be all",
        ("world", "fixed_list", "partners"),
    )
    quantity_t: float = t.quantity_t("Net mass, null where not reported", nullable=True)
    value_kusd: float = t.value_kusd("Value, nominal thousand US dollars, null where not reported", nullable=True)
    usd_per_kg: float = t.number("Unit value: of the partners that report both, else as published", "USD/kg", ge=0, nullable=True)
    usd_per_kg_printed: bool = t.flag("The unit value is a published average, not computed here")
    partners: int = t.count("Countries with a figure of their own")
    largest_partner: str = t.country(
        "Partner with the largest tonnage, only where the world's total is reported and no country left unnamed can be larger",
        nullable=True,
    )
    largest_partner_share: float = t.share("Its share of the world's total", nullable=True)
    quantity_change: float = t.number(
        "Tonnage over that of the same month a year before, less 1; null without both, or before 0", "1", ge=-1, nullable=True
    )
    value_change: float = t.number("The same of the value", "1", ge=-1, nullable=True)
    usd_per_kg_change: float = t.number("The same of the unit value", "1", ge=-1, nullable=True)
    gap_months: pd.Int64Dtype = t.count("Months without a row since the one before, null in the first", nullable=True)

    class Config:
        title = "Trade by month"
        unique = ["month", "reporter", "flow", "product", "kind", "source_id"]
        metadata = {"floor": "derived", "subject": "trade"}
