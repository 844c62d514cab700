from pipeline.schemas import table as t

BASES = ("national_line", "two_price_estimate", "hs850511_interval")


class RareEarthMagnets(t.Table):
    """Rare-earth magnets as far as they can be distinguished from the other permanent magnets of HS 850511.

    `national_line`: what a customs office publishes for its own line of rare-earth magnets (China 85051110); importer WLD is
    its total, not to be added to destinations. `two_price_estimate`: China's flows of 850511 read as a mixture of magnets at
    two prices; an estimate that no annual figure by destination of these years can test. `hs850511_interval`: other
    exporters, whose prices say nothing of the mixture: value of all of 850511, tonnes anywhere from none to all of it.
    """

    year: int = t.year()
    exporter: str = t.country("Exporter")
    importer: str = t.country("Importer; WLD is an exporter's published total")
    basis: str = t.vocabulary("Where the figure comes from", BASES)
    value_kusd: float = t.number(
        "Value of rare-earth magnets; of all of HS 850511 where basis is hs850511_interval", "kUSD", ge=0, nullable=True
    )
    quantity_t_low: float = t.number("Least gross mass of rare-earth magnets", "t", ge=0, nullable=True)
    quantity_t: float = t.number("Gross mass of rare-earth magnets, central", "t", ge=0, nullable=True)
    quantity_t_high: float = t.number("Most gross mass of rare-earth magnets", "t", ge=0, nullable=True)
    usd_per_kg: float = t.number("Value over central mass", "USD/kg", gt=0, nullable=True)
    hs850511_value_kusd: float = t.number("Value of the whole code", "kUSD", ge=0, nullable=True)
    hs850511_quantity_t: float = t.number("Gross mass of the whole code", "t", ge=0, nullable=True)
    price_rare_earth: float = t.number("Price of rare-earth magnets in the estimate", "USD/kg", gt=0, nullable=True)
    price_other: float = t.number("Price of the other magnets in the estimate", "USD/kg", nullable=True)
    source_id: str = t.source_id()
    document_id: str = t.document_id(nullable=True)

    class Config:
        title = "Rare-earth magnets: published lines, and an estimate where there is none"
        unique = ["year", "exporter", "importer"]
        metadata = {"floor": "derived", "subject": "trade"}
