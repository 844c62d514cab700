"""What is made at each stage of the chain, by whom and where: printed figures, shares, plants, Chinese projects abroad."""

import pandas as pd

from pipeline.schemas import table as t

KINDS = ("actual", "estimate", "projection")
PLANT_STAGES = ("recycling", "mining", "intermediate", "separation", "metal_alloy", "magnet")
PLANT_STATUS = ("operating", "construction", "planned", "shelved", "unknown")
AS_OF = r"^(undated|\d{4}(-\d{2}(-\d{2})?)?)$"
AS_OF_PRECISION = ("day", "month", "year", "about", "undated")


class Processing(t.Table):
    """Printed output and shares by stage, as each text prints them. Never summed: quarters, fiscal and calendar years overlap."""

    document_id: str = t.document_id()
    period_start: str = t.partial_date("First month or year the figure is for")
    period_end: str = t.partial_date("Last month or year the figure is for")
    stage: str = t.vocabulary("Stage of the chain", t.STAGES)
    material: str = t.text("Material, such as rare_earths or NdPr, by data/raw/reviewed/material_words.csv")
    country: str = t.country("Country; X_TOP3 and WLD are totals, never added to the others")
    company: str = t.text("Company, `all` where the figure is the country's")
    site: str = t.text("Site, `all` where the figure is the company's or country's")
    kind: str = t.vocabulary("Whether the figure is of the past, estimated, or foreseen", KINDS)
    unit: str = t.vocabulary("Unit of the value: share (0 to 1), t, or kt", ("share", "t", "kt"))
    value: float = t.number("The figure as printed", "as in unit", ge=0, le=2_000_000)
    basis: str = t.text("What is weighed, where the unit prints it: REO, oxide or products", nullable=True)
    year: pd.Int64Dtype = t.year(
        "Year as the text states it, fiscal years by their end; null where it states none", nullable=True
    )
    period: str = t.text("The period in the text's words")
    dated_by: str = t.vocabulary("Whether the period is stated, or the date of the text stands in for it", ("period", "text"))
    edition: str = t.text("Whose figure it is, and which edition, as the text says", nullable=True)
    country_as_printed: str = t.text("Country or group as printed")
    note: str = t.text("What the text says besides, and doubts", nullable=True)
    source_id: str = t.source_id()

    class Config:
        title = "Processing"
        unique = ["document_id", "period_start", "period_end", "stage", "material", "country", "company", "site", "kind", "unit"]
        metadata = {"floor": "tidy"}


class StageShares(t.Table):
    """Shares of countries in a stage, as one publisher has them. Never averaged or joined between publishers: bases differ."""

    year: int = t.year()
    stage: str = t.vocabulary("Stage of the chain", t.STAGES)
    material: str = t.text("Material, such as rare_earths, by data/raw/reviewed/material_words.csv")
    country: str = t.country("Country; ROW is the publisher's unnamed rest")
    publisher: str = t.text("Who publishes the share")
    edition: str = t.text("Edition or date of the text")
    share: float = t.share(
        "Share of the world, as printed or computed from printed figures (the note says which); never made to sum to 1"
    )
    basis: str = t.text("What it is a share of")
    kind: str = t.vocabulary("Whether the figure is of the past, estimated, or foreseen", KINDS)
    source_id: str = t.source_id()
    document_id: str = t.document_id()
    note: str = t.text("How it was computed, bounds and doubts", nullable=True)

    class Config:
        title = "Stage shares"
        unique = ["year", "stage", "material", "country", "publisher", "edition"]
        metadata = {"floor": "tidy", "whole": True}


class Facilities(t.Table):
    """Separation, metal and magnet plants. Capacities are never added: bases differ, and rows with part_of are in another row."""

    facility: str = t.text("Plant")
    phase: str = t.text("Phase, step or line of the plant the row is about; `whole` where it has none")
    products: str = t.text("Products the capacity is of, `not printed` where the text names none")
    as_of: str = t.text("Date of the text the status is from: YYYY, YYYY-MM, YYYY-MM-DD or undated", str_matches=AS_OF)
    as_of_precision: str = t.vocabulary("How well that date is known", AS_OF_PRECISION)
    operator: str = t.text("Operator")
    country: str = t.country("Country")
    stage: str = t.vocabulary(
        "The last stage the plant reaches, which the capacity is of; intermediate is a mixed product", PLANT_STAGES
    )
    stages: str = t.text("All its stages, in order of the chain, joined by semicolons")
    status: str = t.vocabulary("Status as of the text's date; it may be out of date", PLANT_STATUS)
    capacity: float = t.number("Capacity, null where none or a range is printed", "t/yr", ge=0, le=1_000_000, nullable=True)
    capacity_low: float = t.number("Lower end of a printed range", "t/yr", ge=0, le=1_000_000, nullable=True)
    capacity_high: float = t.number("Upper end of a printed range", "t/yr", ge=0, le=1_000_000, nullable=True)
    capacity_basis: str = t.text("Tonnes of what a year, in the text's words", nullable=True)
    start_year: pd.Int64Dtype = t.year("Year of start, past or planned", nullable=True)
    part_of: str = t.text(
        "Plant whose row already covers this one (as a part, an earlier step, or a newer plan): never add both", nullable=True
    )
    part_of_phase: str = t.text("Phase of that row", nullable=True)
    source_id: str = t.source_id()
    document_id: str = t.document_id()
    note: str = t.text("What the text says besides, and doubts", nullable=True)

    class Config:
        title = "Facilities"
        unique = ["facility", "phase", "products", "as_of"]
        metadata = {"floor": "tidy"}


class OverseasPresence(t.Table):
    """Chinese projects and stakes in mining and processing abroad. Amounts are never added: each has its own unit and meaning."""

    project: str = t.text("Project or stake")
    as_of: str = t.text("Date of the text the status is from: YYYY, YYYY-MM, YYYY-MM-DD or undated", str_matches=AS_OF)
    as_of_precision: str = t.vocabulary("How well that date is known", AS_OF_PRECISION)
    country: str = t.country("Country the project is in")
    firm: str = t.text("Chinese firm or side, as named")
    role: str = t.text("Stake or role, in words")
    stage: str = t.vocabulary("The last stage the project would reach", PLANT_STAGES)
    stages: str = t.text("All its stages, in order of the chain, joined by semicolons")
    material: str = t.text("Material, in the text's words")
    comparator: bool = t.text("Another mineral than rare earths, kept for comparison: filter before counting")
    start: str = t.partial_date("Start of the stake, deal or work, as far as known", nullable=True)
    status: str = t.text("Status as of the text's date, in words")
    amount: float = t.number("A printed amount: capacity, money or area", "as in unit", ge=0, nullable=True)
    unit: str = t.text("Unit and meaning of the amount, in words", nullable=True)
    part_of: str = t.text("Project this one may be a part of: never count both", nullable=True)
    source_id: str = t.source_id()
    document_id: str = t.document_id()
    note: str = t.text("What the text says besides, and doubts", nullable=True)

    class Config:
        title = "Chinese presence abroad"
        unique = ["project", "as_of"]
        metadata = {"floor": "tidy"}
