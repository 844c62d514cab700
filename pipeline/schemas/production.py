"""Production and reserves as publishers print them, and how concentrated each stage is."""

from pipeline.schemas import table as t


class Production(t.Table):
    """Output by country, stage and edition, as printed. WLD is the publisher's own total, ROW its unnamed rest."""

    year: int = t.year()
    country: str = t.country("Producing country")
    stage: str = t.vocabulary("Stage of the chain", t.STAGES)
    material: str = t.text("Material, such as rare_earths")
    source_id: str = t.source_id()
    edition: str = t.text("Edition of the source; a later one may revise the same year")
    amount: float = t.number("Output, null where the publisher prints none", "t", ge=0, nullable=True)
    unit: str = t.vocabulary("Unit of the amount", ("t",))
    basis: str = t.vocabulary("What is weighed: rare-earth oxide (REO), content, or gross", ("REO", "content", "gross"))
    flag: str = t.text(
        "The publisher's flag: e estimated, r reported, - printed as zero, NA not available, > more than", nullable=True
    )
    document_id: str = t.document_id(nullable=True)

    class Config:
        title = "Production"
        unique = ["year", "country", "stage", "material", "source_id", "edition"]
        metadata = {"floor": "tidy"}


class Reserves(t.Table):
    """Reserves of rare earths by country as each edition prints them."""

    edition: str = t.text("Edition of the source")
    country: str = t.country("Country")
    source_id: str = t.source_id()
    amount: float = t.number("Reserves, null where none are printed", "t", ge=0, nullable=True)
    unit: str = t.vocabulary("Unit of the amount", ("t",))
    basis: str = t.vocabulary("What is weighed", ("REO",))
    flag: str = t.text("The publisher's flag: NA not available, > more than, c corrected in a later version", nullable=True)
    document_id: str = t.document_id(nullable=True)

    class Config:
        title = "Reserves"
        unique = ["edition", "country", "source_id"]
        metadata = {"floor": "tidy"}


class StageConcentration(t.Table):
    """How concentrated a stage of the chain is among countries, by publisher and edition."""

    year: int = t.year("Year of the output; for reserves the year before the edition, which is what the publisher dates them by")
    stage: str = t.vocabulary("Stage of the chain", t.STAGES)
    material: str = t.text("Material, such as rare_earths")
    source_id: str = t.source_id()
    edition: str = t.text("Edition of the source")
    kind: str = t.vocabulary("Whether the figures are of the past or foreseen", ("actual", "projection"))
    hhi: float = t.hhi("HHI; the midpoint of low and high where the publisher prints an unnamed rest")
    hhi_low: float = t.hhi("HHI with the unnamed rest as infinitely many suppliers")
    hhi_high: float = t.hhi("HHI with the unnamed rest as one supplier")
    effective_suppliers: float = t.effective_suppliers()
    cr1: float = t.share("Share of the largest country")
    cr3: float = t.share("Share of the three largest countries")
    top_country: str = t.country("Largest country; of equals the first by code")
    china_share: float = t.share("China's share")
    countries: int = t.count("Named countries with a positive amount")
    total: float = t.number("Sum over countries and the unnamed rest", "t", gt=0)
    printed_total: float = t.number("World total as printed; without one a table has no row", "t", gt=0)
    unnamed_share: float = t.share("Part in the publisher's unnamed rest")

    class Config:
        title = "Stage concentration"
        unique = ["year", "stage", "material", "source_id", "edition", "kind"]
        metadata = {"floor": "derived", "method": "shares-and-hhi"}


class OriginGap(t.Table):
    """Export share of a group's top exporter against its share of mining: who trades what others dig."""

    year: int = t.year()
    group: str = t.vocabulary("Group of traded goods", t.GROUPS)
    production_source_id: str = t.text("Source of the mining figures; its newest edition for the year")
    top_exporter: str = t.country("Largest exporter of the group by value")
    export_share: float = t.share("Its share of the group's exports by value")
    mining_share: float = t.share("Its share of mining, 0 where the source names others only")
    mining_gap: float = t.number("Export share minus share of mining", "1", ge=-1, le=1)
    china_export_share: float = t.share("China's share of the group's exports by value")
    china_mining_share: float = t.share("China's share of mining")
    china_mining_gap: float = t.number("The same gap for China", "1", ge=-1, le=1)

    class Config:
        title = "Origin gap"
        unique = ["year", "group", "production_source_id"]
        metadata = {"floor": "derived", "method": "origin-gap"}
