from pipeline.schemas import table as t
from pipeline.schemas.supply_risk import OF_PRODUCTION


class SupplyRiskPublished(t.Table):
    """The scores the published GeoPolRisk library (geopolrisk-py 2.0.1) gives, with its treatment of gaps: for comparison only.

    Every importer stands with every material, 0 where it neither imports nor mines it. To use a score, read `supply_risk`.
    """

    year: int = t.year()
    importer: str = t.country("Importing country, EUU for the library's EU")
    material: str = t.text("Material, as in mine_production")
    production_hhi: float = t.hhi(OF_PRODUCTION)
    import_risk: float = t.share("As the library has it, null where it gives no number", nullable=True)
    geopolrisk_score: float = t.share("production_hhi × import_risk", nullable=True)
    price_usd_per_kg: float = t.number("Import value by quantity, 0 without a quantity", "USD/kg", ge=0)
    characterization_factor: float = t.number(
        "geopolrisk_score × price_usd_per_kg / 0.409412948, the library's mean for copper", "kg Cu-eq/kg", ge=0, nullable=True
    )
    governance_coverage: float = t.share(
        "Part of the imported tonnes whose origin the library finds an estimate of", nullable=True
    )

    class Config:
        title = "Supply risk as published"
        unique = ["year", "importer", "material"]
        metadata = {"floor": "derived", "subject": "chain"}
