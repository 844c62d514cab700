from pipeline.schemas import table as t

# Beyond these an amount is a slip of unit: the world mines some 400,000 t and holds some 100 million t of REO.
MOST_MINED_T = 2_000_000


COVERAGES = ("whole", "excerpt")


class Production(t.Table):
    """Output by country, stage and edition, as published. WLD is the publisher's own total, ROW its unnamed rest.

    Concentrates that a publisher weighs gross are converted to REO by a named factor: flag `converted`, the sum in the note.

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
    preferred: bool = t.flag("Of the texts that quote one edition's figure, the one to read; never a doubtful one")
    reconciled: bool = t.flag(
        "Whether production_reconciled reads the row, by data/raw/reviewed/production_editions.csv and its flag"
    )
    document_id: str = t.document_id(nullable=True)
    note: str = t.text("What the publisher or the transcriber remarks", nullable=True)

    class Config:
        title = "Production"
        unique = ["year", "country", "stage", "material", "source_id", "edition"]
        metadata = {"floor": "tidy", "subject": "production", "whole": True}
