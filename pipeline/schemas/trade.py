"""Trade between countries, and what is derived from it."""

from pipeline.schemas import table as t

BASES = ("value", "quantity", "quantity_clean")
COVERAGE = ("whole", "top6")


class TradeFlows(t.Table):
    """Goods traded between two countries in a year, reports of both sides reconciled by the publisher."""

    year: int = t.year()
    exporter: str = t.country("Exporting country")
    importer: str = t.country("Importing country")
    hs6: str = t.hs6()
    source_id: str = t.source_id()
    value_kusd: float = t.value_kusd()
    quantity_t: float = t.quantity_t(nullable=True)
    nomenclature: str = t.text("Edition of the Harmonized System, such as HS92")
    coverage: str = t.vocabulary("whole, or top6 where only each country's six largest partners are held", COVERAGE)

    class Config:
        title = "Trade flows"
        unique = ["year", "exporter", "importer", "hs6", "source_id"]
        metadata = {"floor": "tidy"}


class FlowOutliers(t.Table):
    """Single flows whose price is absurd and whose tonnage matters: set aside in `quantity_clean`, never dropped unseen."""

    year: int = t.year()
    exporter: str = t.country("Exporting country")
    importer: str = t.country("Importing country")
    hs6: str = t.hs6()
    value_kusd: float = t.value_kusd()
    quantity_t: float = t.quantity_t()
    usd_per_kg: float = t.number("Unit value of the flow", "USD/kg", ge=0)
    median_usd_per_kg: float = t.number("Median unit value of the flows of the same year and code", "USD/kg", ge=0)
    robust_z: float = t.number(
        "Robust z of the log unit value: distance to the median in units of 1.4826 MAD; 0 where the MAD is 0", "1"
    )
    share_of_quantity: float = t.share("Part of the year's tonnage of the code")
    reason: str = t.vocabulary("Rule that set it aside", ("robust_z", "below_floor"))

    class Config:
        title = "Flow outliers"
        unique = ["year", "exporter", "importer", "hs6"]
        metadata = {"floor": "derived", "method": "unit-values"}


class ExportConcentration(t.Table):
    """How concentrated the world's exports of a good are, by value and by mass."""

    year: int = t.year()
    hs6: str = t.hs6()
    basis: str = t.vocabulary("value, quantity as published, or quantity_clean without flow_outliers", BASES)
    hhi: float = t.hhi()
    effective_suppliers: float = t.effective_suppliers()
    cr1: float = t.share("Share of the largest exporter")
    cr3: float = t.share("Share of the three largest exporters")
    top_country: str = t.country("Largest exporter; of equals the first by code")
    china_share: float = t.share("China's share")
    exporters: int = t.count("Exporters with a positive amount")
    total: float = t.number("Sum over exporters, thousand USD for value and tonnes otherwise", "kUSD or t", gt=0)
    quantity_coverage: float = t.share("Part of the value whose flows report a quantity")
    coverage: str = t.vocabulary("Whole years only", ("whole",))

    class Config:
        title = "Export concentration"
        unique = ["year", "hs6", "basis"]
        metadata = {"floor": "derived", "method": "shares-and-hhi"}


class ImportDependence(t.Table):
    """Where each importer's supply of a good comes from, directly. EUU counts imports from outside the EU only."""

    year: int = t.year()
    importer: str = t.country("Importing country, or EUU")
    hs6: str = t.hs6()
    basis: str = t.vocabulary("value, quantity as published, or quantity_clean without flow_outliers", BASES)
    hhi: float = t.hhi()
    effective_suppliers: float = t.effective_suppliers()
    top_supplier: str = t.country("Largest supplier; of equals the first by code")
    top_share: float = t.share("Share of the largest supplier")
    china_share: float = t.share("China's share")
    suppliers: int = t.count("Suppliers with a positive amount")
    total: float = t.number("Imports, thousand USD for value and tonnes otherwise", "kUSD or t", gt=0)
    above_65: bool = t.text(
        "Largest supplier above 65 %, the line of the EU Critical Raw Materials Act. "
        "The act speaks of yearly consumption; import shares are a proxy"
    )

    class Config:
        title = "Import dependence"
        unique = ["year", "importer", "hs6", "basis"]
        metadata = {"floor": "derived", "method": "shares-and-hhi"}


class UnitValues(t.Table):
    """Export unit values of China and of the rest of the world.

    Their ratio is confounded by mix: one code holds cheap and dear elements.
    """

    year: int = t.year()
    hs6: str = t.hs6()
    exporter_group: str = t.vocabulary("CHN, rest (all others), or world", ("CHN", "rest", "world"))
    basis: str = t.vocabulary(
        "quantity: all flows with a quantity; quantity_clean: without flow_outliers", ("quantity", "quantity_clean")
    )
    value_kusd: float = t.value_kusd("Value of the flows that report a quantity")
    quantity_t: float = t.quantity_t("Their gross mass")
    usd_per_kg: float = t.number("Unit value", "USD/kg", ge=0)
    flows: int = t.count("Flows counted")
    flows_without_quantity: int = t.count("Flows left out because no quantity, or zero, is reported")
    ratio_china_to_rest_mix_confounded: float = t.number(
        "Unit value of China over that of the rest, the same in each row of year, code and basis", "1", ge=0, nullable=True
    )

    class Config:
        title = "Unit values"
        unique = ["year", "hs6", "exporter_group", "basis"]
        metadata = {"floor": "derived", "method": "unit-values"}


KINDS = ("printed", "data_set", "derived_by_repo")
VINTAGES = ("first", "later", "retrieved", "unknown")
FLOWS = ("export", "import")
# Above any amount of these goods that a country could trade: a unit is wrong.
ABSURD = 1e8


class TradeMonthly(t.Table):
    """Trade of one reporter by month, or by the longer period a text prints, as printed or as a publisher's data set holds it.

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
        "quantity (net mass), value (exports at the border, most imports with freight), or unit_value, the average as printed",
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
    hs_code: str = t.text("Customs code of 4 to 10 digits, null where none is printed", str_matches=r"^\d{4,10}$", nullable=True)
    value: float = t.number("Amount in `unit`", "see unit", ge=0, le=ABSURD)
    unit: str = t.vocabulary("t, kUSD (nominal), or USD/kg", ("t", "kUSD", "USD/kg"))
    preferred: bool = t.text(
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
        metadata = {"floor": "tidy"}


class MirrorFlows(t.Table):
    """What both sides report of the same trade in a year, side by side, not reconciled; null where a side reports none.

    Rows of kind world_total are never added to the others; exporters count at the border, most importers with freight.
    """

    year: int = t.year()
    exporter: str = t.country("Exporting country, WLD for an importer's total")
    importer: str = t.country("Importing country, WLD for an exporter's total")
    hs6: str = t.hs6()
    source_id: str = t.source_id()
    kind: str = t.vocabulary(
        "pair of countries; special_area of UN Comtrade on one side; re_import, the country itself; world_total as reported",
        ("pair", "special_area", "re_import", "world_total"),
    )
    exporter_value_kusd: float = t.value_kusd("Value as the exporter reports it", nullable=True, le=ABSURD)
    exporter_quantity_t: float = t.quantity_t("Net mass as the exporter reports it", nullable=True, le=ABSURD)
    importer_value_kusd: float = t.value_kusd("Value as the importer reports it", nullable=True, le=ABSURD)
    importer_quantity_t: float = t.quantity_t("Net mass as the importer reports it", nullable=True, le=ABSURD)
    document_id: str = t.document_id()

    class Config:
        title = "Mirror flows"
        unique = ["year", "exporter", "importer", "hs6", "source_id"]
        metadata = {"floor": "tidy"}
