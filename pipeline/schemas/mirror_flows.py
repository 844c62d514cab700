from pipeline.schemas import table as t
from pipeline.schemas.trade_monthly import ABSURD


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
        metadata = {"floor": "tidy", "subject": "trade"}
