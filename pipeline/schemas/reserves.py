from pipeline.schemas import table as t
from pipeline.schemas.production import COVERAGES

MOST_RESERVES_T = 1_000_000_000


class Reserves(t.Table):
    """Reserves of rare earths by country as each edition prints them.

    An edition is a new estimate, not a revision of the last: never read a step between editions as discovery or depletion.
    """

    edition: str = t.text("Edition of the source; of a quoted cell also the text that quotes it")
    country: str = t.country("Country")
    source_id: str = t.source_id()
    publisher: str = t.text("Whose figure it is")
    amount: float = t.number("Reserves, null where none are published", "t", ge=0, le=MOST_RESERVES_T, nullable=True)
    unit: str = t.vocabulary("Unit of the amount", ("t",))
    basis: str = t.vocabulary("What is weighed", ("REO",))
    flag: str = t.text("Flags of publisher and transcription, by semicolons (docs/production.md)", nullable=True)
    coverage: str = t.vocabulary("whole where the edition's whole table is held, excerpt where single cells are", COVERAGES)
    preferred: bool = t.flag("Of the texts that quote one edition's figure, the one to read; never a doubtful one")
    document_id: str = t.document_id(nullable=True)
    note: str = t.text("What the publisher or the transcriber remarks", nullable=True)

    class Config:
        title = "Reserves"
        unique = ["edition", "country", "source_id"]
        metadata = {"floor": "tidy", "subject": "production", "whole": True}
