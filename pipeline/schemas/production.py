"""Production and reserves as publishers print them, and how concentrated each stage is."""

import pandas as pd

from pipeline.schemas import table as t

# Beyond these an amount is a slip of unit: the world mines some 400,000 t and holds some 100 million t of REO.
MOST_MINED_T = 2_000_000
MOST_RESERVES_T = 1_000_000_000


COVERAGES = ("whole", "excerpt")


class Production(t.Table):
    """Output by country, stage and edition, as printed. WLD is the publisher's own total, ROW its unnamed rest.

    Never add or average over sources or editions: they print the same output again. production_reconciled says which to take.
    """

    year: int = t.year()
    country: str = t.country("Producing country")
    stage: str = t.vocabulary("Stage of the chain", t.STAGES)
    material: str = t.text("Material, such as rare_earths")
    source_id: str = t.source_id()
    edition: str = t.text(
        "Edition of the source, a later one may revise the same year; of a quoted cell also the text that quotes it"
    )
    publisher: str = t.text("Whose figure it is; editions of one publisher revise each other")
    dated: str = t.partial_date(
        "Date that orders the editions of one publisher, null where the edition is not known", nullable=True
    )
    amount: float = t.number("Output, null where the publisher prints none", "t", ge=0, le=MOST_MINED_T, nullable=True)
    unit: str = t.vocabulary("Unit of the amount", ("t",))
    basis: str = t.vocabulary("What is weighed: rare-earth oxide (REO), content, or gross", ("REO", "content", "gross"))
    flag: str = t.text("Flags of publisher and transcription, by semicolons (docs/production.md)", nullable=True)
    coverage: str = t.vocabulary("whole where the edition's whole table is held, excerpt where single cells are", COVERAGES)
    preferred: bool = t.text("Of the texts that quote one edition's figure, the one to read; never a doubtful one")
    reconciled: bool = t.text(
        "Whether production_reconciled reads the row, by data/raw/reviewed/production_editions.csv and its flag"
    )
    document_id: str = t.document_id(nullable=True)
    note: str = t.text("What the publisher or the transcriber remarks", nullable=True)

    class Config:
        title = "Production"
        unique = ["year", "country", "stage", "material", "source_id", "edition"]
        metadata = {"floor": "tidy", "whole": True}


class Reserves(t.Table):
    """Reserves of rare earths by country as each edition prints them.

    An edition is a new estimate, not a revision of the last: never read a step between editions as discovery or depletion.
    """

    edition: str = t.text("Edition of the source; of a quoted cell also the text that quotes it")
    country: str = t.country("Country")
    source_id: str = t.source_id()
    publisher: str = t.text("Whose figure it is")
    amount: float = t.number("Reserves, null where none are printed", "t", ge=0, le=MOST_RESERVES_T, nullable=True)
    unit: str = t.vocabulary("Unit of the amount", ("t",))
    basis: str = t.vocabulary("What is weighed", ("REO",))
    flag: str = t.text("Flags of publisher and transcription, by semicolons (docs/production.md)", nullable=True)
    coverage: str = t.vocabulary("whole where the edition's whole table is held, excerpt where single cells are", COVERAGES)
    preferred: bool = t.text("Of the texts that quote one edition's figure, the one to read; never a doubtful one")
    document_id: str = t.document_id(nullable=True)
    note: str = t.text("What the publisher or the transcriber remarks", nullable=True)

    class Config:
        title = "Reserves"
        unique = ["edition", "country", "source_id"]
        metadata = {"floor": "tidy", "whole": True}


class WorldHistory(t.Table):
    """World output since 1900, and countries' shares of world output and reserves as single texts print them.

    Never join the shares of different publishers to one series, and never multiply them with another publisher's total.
    """

    measure: str = t.vocabulary(
        "What is measured", ("world_mine_production", "share_of_world_mine_production", "share_of_world_reserves")
    )
    period: str = t.text("Year, or for reserves the edition that prints them")
    country: str = t.country("Country the share is of; WLD for the world's output")
    document_id: str = t.document_id()
    year: pd.Int64Dtype = t.year("Calendar year, null where the text states none", nullable=True)
    value: float = t.number("Value in `unit`, null where none is printed", "as in unit", ge=0, le=10_000_000, nullable=True)
    unit: str = t.vocabulary("t, or percent of the world", ("t", "percent"))
    basis: str = t.vocabulary("What is weighed", ("REO",))
    publisher: str = t.text("Who says so")
    dated: str = t.partial_date(
        "Date that orders the editions of one publisher, null where the edition is not known", nullable=True
    )
    source_id: str = t.source_id()
    flag: str = t.text("Flags of publisher and transcription", nullable=True)
    note: str = t.text("What the publisher or the transcriber remarks", nullable=True)

    class Config:
        title = "World history"
        unique = ["measure", "period", "country", "document_id"]
        metadata = {"floor": "tidy"}


class UsStatistics(t.Table):
    """The United States' statistics of rare earths: output, trade, use, prices, reliance and sources of imports, by edition.

    Editions print the same year again: take one edition a year, never add or average over them. Unit values of DS140 are
    apparent values, not prices; prices of 2016's edition are year-end, later ones averages.
    """

    material: str = t.vocabulary("Material", ("rare_earths", "heavy_rare_earths", "yttrium", "scandium"))
    item: str = t.text("Item as printed")
    period: str = t.text("Year, or years as printed")
    partner: str = t.country("Country imports came from; WLD where the figure is not by country, ROW for other countries")
    document_id: str = t.document_id()
    measure: str = t.text(
        "One name for an item over editions that word it differently, null where an item has none", nullable=True
    )
    year: pd.Int64Dtype = t.year("Calendar year, null for a span of years", nullable=True)
    value: float = t.number(
        "Value in `unit`, null where none or only a range is printed", "as in unit", ge=0, le=10_000_000, nullable=True
    )
    value_low: float = t.number("Least of a printed range or bound", "as in unit", ge=0, nullable=True)
    value_high: float = t.number("Most of a printed range or bound", "as in unit", ge=0, nullable=True)
    printed: str = t.text("The cell as printed where it is no plain number", nullable=True)
    unit: str = t.vocabulary("Unit of the value", ("t", "USD/kg", "USD/t", "1998 USD/t", "percent", "persons"))
    basis: str = t.vocabulary("What is weighed, null for other units", ("REO", "not stated"), nullable=True)
    edition: str = t.text("Edition of the source")
    source_id: str = t.source_id()
    flag: str = t.text(
        "The publisher's flag: e estimated, E net exporter, W withheld, NA, XX, range, >; corrected by us", nullable=True
    )
    note: str = t.text("The publisher's footnotes", nullable=True)

    class Config:
        title = "United States statistics"
        unique = ["material", "item", "period", "partner", "document_id"]
        metadata = {"floor": "tidy"}


class ConversionFactors(t.Table):
    """Oxide content of traded goods, factors between oxide and metal, distribution of oxides in deposits, make-up of magnets.

    Never one factor for a code that holds many goods, and never an average of the factors here: low and high say how far they go.
    """

    factor: str = t.text("What is converted, such as reo_content_of_gross_weight or oxide_share_Nd")
    material: str = t.text("Good, mineral and place, or oxide, as printed")
    document_id: str = t.document_id()
    value: float = t.number(
        "Factor in `unit`, null where only a range is printed or none", "as in unit", ge=0, le=100, nullable=True
    )
    low: float = t.number("Least of a printed range or bound", "as in unit", ge=0, nullable=True)
    high: float = t.number("Most of a printed range or bound", "as in unit", ge=0, nullable=True)
    unit: str = t.vocabulary(
        "Unit of the factor",
        (
            "t REO per t gross", "t oxide per t metal", "t metal per t oxide", "percent of total REO", "percent by weight",
            "percent", "percent REO", "percent REE", "percent TREO", "percent of raw-material cost",
        ),
    )  # fmt: skip
    source_id: str = t.source_id()
    note: str = t.text("What the publisher or the transcriber remarks", nullable=True)

    class Config:
        title = "Conversion factors"
        unique = ["factor", "material", "document_id"]
        metadata = {"floor": "tidy"}


class StageConcentration(t.Table):
    """How concentrated a stage of the chain is among countries, by publisher and edition.

    Where a publisher prints one country's share alone, HHI is not known but bounded: hhi is null, hhi_low and hhi_high stand.
    """

    year: int = t.year("Year of the output; for reserves the year before the edition, which is what the publisher dates them by")
    stage: str = t.vocabulary("Stage of the chain", t.STAGES)
    material: str = t.text("Material, such as rare_earths")
    source_id: str = t.source_id()
    edition: str = t.text("Edition of the source; of printed shares their publisher and its edition")
    kind: str = t.vocabulary(
        "Whether the figures are of the past, estimated or foreseen; of printed shares the least sure of the table's",
        ("actual", "estimate", "projection"),
    )
    publisher: str = t.text("Whose figures they are; never compare levels of two publishers as a change")
    basis: str = t.text("What the shares are of")
    hhi: float = t.hhi(
        "HHI; the midpoint of low and high where the publisher prints an unnamed rest; null where it leaves more than 1 % unsaid",
        nullable=True,
    )
    hhi_low: float = t.hhi("HHI with the unnamed rest as infinitely many suppliers")
    hhi_high: float = t.hhi("HHI with the unnamed rest as one supplier; 1 where a share is printed as a lower bound only")
    effective_suppliers: float = t.effective_suppliers(nullable=True)
    cr1: float = t.share("Share of the largest country, null where a country not named may be larger", nullable=True)
    cr3: float = t.share("Share of the three largest countries, null where hhi is", nullable=True)
    top_country: str = t.country(
        "Largest country; of equals the first by code; null where one not named may be larger", nullable=True
    )
    china_share: float = t.share("China's share, null where the publisher prints others' alone", nullable=True)
    at_least: bool = t.text("Whether a share is printed as a lower bound (more than): it and hhi_low are then the least")
    countries: int = t.count("Named countries with a positive amount")
    total: float = t.number(
        "Sum over countries and the unnamed rest, null where shares alone are printed", "t", gt=0, nullable=True
    )
    printed_total: float = t.number(
        "World total as printed, rounded; null where shares alone are printed. Tables of tonnes without one are no whole tables",
        "t",
        gt=0,
        nullable=True,
    )
    unnamed_share: float = t.share("Part of countries not named")

    class Config:
        title = "Stage concentration"
        unique = ["year", "stage", "material", "source_id", "edition", "kind"]
        metadata = {"floor": "derived", "method": "shares-and-hhi"}


class OriginGap(t.Table):
    """Export share of a group's top exporter against its share of mining and of separation: who trades what others dig."""

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
    separation_edition: str = t.text("Whose shares of separation, null where nobody prints any for the year", nullable=True)
    separation_share: float = t.share(
        "The top exporter's share of separation, null where that publisher does not name it", nullable=True
    )
    separation_gap: float = t.number("Export share minus share of separation", "1", ge=-1, le=1, nullable=True)
    china_separation_share: float = t.share("China's share of separation", nullable=True)
    china_separation_gap: float = t.number("The same gap for China", "1", ge=-1, le=1, nullable=True)

    class Config:
        title = "Origin gap"
        unique = ["year", "group", "production_source_id"]
        metadata = {"floor": "derived", "method": "origin-gap"}


class ProductionReconciled(t.Table):
    """Mining of rare earths by year and country: one figure of those that publishers print, and how far they lie apart.

    WLD is a total that publishers print, not the sum of the countries; never fill a missing country from it.
    """

    year: int = t.year()
    country: str = t.country("Producing country, WLD for printed world totals")
    low: float = t.number("Least of the publishers' newest figures", "t", ge=0)
    central: float = t.number("The preferred publisher's newest figure", "t", ge=0)
    high: float = t.number("Most of the publishers' newest figures", "t", ge=0)
    spread: float = t.share("(high - low) / high, 0 where all are 0")
    sources: int = t.count("Publishers that print a figure")
    preferred: str = t.text("Publisher of the central figure")
    preferred_source_id: str = t.text("Source of the central figure")
    preferred_edition: str = t.text("Edition of the central figure")
    rule: str = t.text("Why this publisher and edition")
    warning: str = t.text("What is wrong with the year as a whole, null where nothing is", nullable=True)

    class Config:
        title = "Production reconciled"
        unique = ["year", "country"]
        metadata = {"floor": "derived", "method": "production-reconciled"}


class Disagreements(t.Table):
    """Figures of one thing that lie more than 10 % apart: of two publishers, of two editions of one, or of two texts.

    A list to look at, not to count: one revision shows once however many editions repeat it.
    """

    table: str = t.text("Table the figures stand in")
    key: str = t.text("What they are figures of")
    between: str = t.vocabulary("Who disagrees", ("publishers", "editions", "documents"))
    publisher: str = t.text("Whose editions or documents, or all publishers together")
    year: pd.Int64Dtype = t.year("Calendar year, null where the figures have none", nullable=True)
    country: str = t.country("Country of the figures", nullable=True)
    low: float = t.number("Least of the figures", "as in unit", ge=0)
    high: float = t.number("Most of the figures", "as in unit", ge=0)
    difference: float = t.share("(high - low) / high")
    unit: str = t.text("Unit of the figures")
    figures: str = t.text("Each figure with who prints it, the oldest edition first")

    class Config:
        title = "Disagreements"
        unique = ["table", "key", "between", "publisher"]
        metadata = {"floor": "derived", "method": "production-reconciled"}
