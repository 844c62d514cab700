from pipeline.schemas import table as t
from pipeline.schemas.vocabularies import KINDS_OF_FIGURE


class StageConcentration(t.Table):
    """How concentrated a stage of the chain is among countries, by publisher and edition.

    Where a publisher prints one country's share alone, HHI is not known but bounded: hhi is null, hhi_low and hhi_high stand.
    """

    year: int = t.year("Year of the output; for reserves the year before the edition, which is what the publisher dates them by")
    stage: str = t.vocabulary("Stage of the chain", t.STAGES)
    material: str = t.text("Material, such as rare_earths")
    source_id: str = t.source_id()
    edition: str = t.text("Edition of the source; of published shares their publisher and its edition")
    kind: str = t.vocabulary(
        "Whether the figures are of the past, estimated or foreseen; of published shares the least sure of the table's",
        KINDS_OF_FIGURE,
    )
    publisher: str = t.text("Whose figures they are; never compare levels of two publishers as a change")
    basis: str = t.text("What the shares are of")
    hhi: float = t.hhi(
        "HHI; the midpoint of low and high where the publisher prints an unnamed rest; null where it leaves more than 1 % unsaid",
        nullable=True,
    )
    hhi_low: float = t.hhi(
        "HHI with the unnamed rest as infinitely many suppliers; the lower of it with and without the vanished countries"
    )
    hhi_high: float = t.hhi(
        "HHI with the unnamed rest as one supplier, the higher of it with and without the vanished countries; "
        "1 where a share is published as a lower bound only"
    )
    effective_suppliers: float = t.effective_suppliers(nullable=True)
    cr1: float = t.share("Share of the largest country, null where a country not named may be larger", nullable=True)
    cr3: float = t.share("Share of the three largest countries, null where hhi is", nullable=True)
    top_country: str = t.country(
        "Largest country; of equals the first by code; null where one not named may be larger", nullable=True
    )
    china_share: float = t.share("China's share, null where the publisher prints others' alone", nullable=True)
    china_share_low: float = t.share(
        "China's share with the last published figures of the vanished countries in the total; else china_share", nullable=True
    )
    china_share_high: float = t.share(
        "China's share without the vanished countries; 1 where it is published as a lower bound; else china_share", nullable=True
    )
    at_least: bool = t.flag("Whether a share is published as a lower bound (more than): it and hhi_low are then the least")
    countries: int = t.count("Named countries with a positive amount")
    total: float = t.number(
        "Sum over countries and the unnamed rest, null where shares alone are published", "t", gt=0, nullable=True
    )
    printed_total: float = t.number(
        "World total as published, rounded; null where shares alone are published, or the publisher gives no total of any year",
        "t",
        gt=0,
        nullable=True,
    )
    unnamed_share: float = t.share("Part of countries not named; with vanished countries at most, their last figures counted")
    vanished: str = t.text(
        "Countries with 2 % or more of the publisher's edition before that this one leaves out, each with its last figure, year "
        "and edition, by semicolons; null where none",
        nullable=True,
    )

    class Config:
        title = "Stage concentration"
        unique = ["year", "stage", "material", "source_id", "edition", "kind"]
        metadata = {"floor": "derived", "subject": "chain"}
