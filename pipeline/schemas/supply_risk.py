from pipeline.schemas import table as t

OF_PRODUCTION = "HHI of the world's mine production of the material"


class SupplyRisk(t.Table):
    """Geopolitical supply risk (GeoPolRisk) of each importer, material and year, with what is unknown left unknown.

    EUU imports from outside and mines what its members mine. A step from 2022 to 2023 mixes editions of `governance`.
    Rankings leave out rows whose imports are below the floor (`below_floor`).
    """

    year: int = t.year()
    importer: str = t.country("Importing country, EUU for the 27 members of the European Union as one")
    material: str = t.text("Material, as in mine_production")
    production_hhi: float = t.hhi(OF_PRODUCTION)
    import_risk: float = t.share(
        "Tonnes imported, weighted by 0 (stable) to 1 (unstable) of their origin, of imports and own production together; "
        "null where no origin has an estimate, no flow a quantity, or own production no tonnes",
        nullable=True,
    )
    geopolrisk_score: float = t.share("production_hhi × import_risk", nullable=True)
    geopolrisk_score_low: float = t.share(
        "The least by the estimates' 90 % intervals, origins without an estimate taken as stable", nullable=True
    )
    geopolrisk_score_high: float = t.share(
        "The most by the estimates' 90 % intervals, origins without an estimate taken as unstable", nullable=True
    )
    price_usd_per_kg: float = t.number(
        "Import value by quantity, of the flows that have both; null without one", "USD/kg", ge=0, nullable=True
    )
    characterization_factor: float = t.number("geopolrisk_score × price_usd_per_kg", "USD/kg", ge=0, nullable=True)
    governance_coverage: float = t.share("Part of the imported tonnes whose origin has an estimate", nullable=True)
    quantity_coverage: float = t.share("Part of the import value whose flows have a quantity", nullable=True)
    flows_without_quantity: int = t.count("Flows left out of every figure but quantity_coverage")
    imports_t: float = t.number("Imports", "t", ge=0)
    imports_kusd: float = t.number("Value of all imports, with or without a quantity", "kUSD", ge=0)
    below_floor: bool = t.flag("Whether imports are below a million dollars: leave such rows out of rankings")
    production_t: float = t.quantity_t(
        "Own mine production, 0 where the publisher names none, null where not in tonnes", nullable=True
    )

    class Config:
        title = "Supply risk"
        unique = ["year", "importer", "material"]
        metadata = {"floor": "derived", "subject": "chain"}
