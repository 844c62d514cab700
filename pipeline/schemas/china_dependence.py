from pipeline.schemas import table as t

BASES = ("value", "quantity_clean", "reo_shipped", "reo_direct", "reo_origin", "published_import_sources")


class ChinaDependence(t.Table):
    """China's share of what the main importers buy, every basis side by side, so that one country's figures can be reconciled.

    The bases answer different questions and none is the true one. `value`: thousand USD of imports. `quantity_clean`: gross
    tonnes without excluded flows. `reo_shipped`: tonnes of rare-earth oxide (gross for magnets) by the country that shipped
    them, feed for separation excluded. `reo_direct`: of these what was separated or made in China and came straight from
    there. `reo_origin`: the same with what came through third countries, low and high over three assumptions.
    `published_import_sources`: the share that the importer's own authority publishes, over several years.
    """

    year: int = t.year("Calendar year; the last one of a published period")
    importer: str = t.country("Importing country")
    goods: str = t.text("A six-digit code, or a group of goods")
    basis: str = t.vocabulary("What is shared", BASES)
    china_share: float = t.share("China's share")
    china_share_low: float = t.share("Least share, where the basis has a range", nullable=True)
    china_share_high: float = t.share("Greatest share, where the basis has a range", nullable=True)
    total: float = t.number("What the shares are of; null where only the share is published", "as in unit", ge=0, nullable=True)
    unit: str = t.vocabulary("Unit of the total", ("kUSD", "t gross", "t REO", "1"))
    source_table: str = t.text("Table the figure is read from")

    class Config:
        title = "China's share of the main importers' purchases, on every basis"
        unique = ["year", "importer", "goods", "basis"]
        metadata = {"floor": "derived", "subject": "chain"}
