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
    robust_z: float = t.number("Robust z of the log unit value: distance to the median in units of 1.4826 MAD; 0 where the MAD is 0", "1")
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
