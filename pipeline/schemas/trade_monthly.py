from pipeline.schemas import table as t

KINDS = ("printed", "data_set", "derived_by_repo")


VINTAGES = ("first", "later", "retrieved", "unknown")


FLOWS = ("export", "import")


# Above any amount of these goods that a country could trade: a unit is wrong.
ABSURD = 1e8


class TradeMonthly(t.Table):
    """Trade of one reporter by month, or by the longer period a text gives, as published or as a publisher's data set holds it.

    Never summed over periods (a year stands beside its months), over partners with WLD, or over kinds: printed, data_set and
    derived_by_repo are never joined into one series.
    """

    document_id: str = t.document_id()
    period_start: str = t.month("First month of the period, YYYY-MM")
    period_end: str = t.month("Last month of the period, YYYY-MM; the first one again where it is a single month")
    reporter: str = t.country("Country whose customs count")
    partner: str = t.country(
        "Where goods go to or come from, WLD the total as reported; the reporter itself for goods that came back"
    )
    product: str = t.text("Goods, in the words of the reviewed table traded_goods.csv")
    flow: str = t.vocabulary("export or import, as the reporter counts", FLOWS)
    measure: str = t.vocabulary(
        "quantity (net mass), value (exports at the border, most imports with freight), or unit_value, the average as published",
        ("quantity", "value", "unit_value"),
    )
    vintage: str = t.vocabulary(
        "first: the period's own report; later: quoted afterwards; retrieved: as the data set stood when read; unknown",
        VINTAGES,
    )
    source_id: str = t.source_id()
    kind: str = t.vocabulary(
        "printed in a text; a publisher's data_set; derived_by_repo: sums of another project, never joined with printed ones",
        KINDS,
    )
    hs_code: str = t.text("Customs code of 4 to 10 digits, null where not given", str_matches=r"^[0-9]{4,10}$", nullable=True)
    value: float = t.number("Amount in `unit`", "see unit", ge=0, le=ABSURD)
    unit: str = t.vocabulary("t, kUSD (nominal), or USD/kg", ("t", "kUSD", "USD/kg"))
    preferred: bool = t.flag(
        "Of the rows of a source that print one figure, one: none doubtful, a later print, the most digits, the first by document"
    )
    flag: str = t.text(
        "estimated by the publisher; doubtful or corrected by data/raw/corrections.yml; several joined by ;",
        str_matches=r"^(estimated|doubtful|corrected)(;(doubtful|corrected))?$",
        nullable=True,
    )
    note: str = t.text("What the text says besides, and doubts", nullable=True)

    class Config:
        title = "Monthly trade"
        unique = ["document_id", "period_start", "period_end", "reporter", "partner", "product", "flow", "measure", "vintage"]
        metadata = {"floor": "tidy", "subject": "trade"}
