from pipeline.schemas import table as t
from pipeline.schemas.vocabularies import KINDS_OF_TEXT

EXTENTS = ("whole", "partial", "address_only")


class PolicySources(t.Table):
    """The texts that document each act, best first. Never count them as independent sources: many are copies of one report."""

    event_id: str = t.text("Act, a row of policy_events")
    url: str = t.text("Where the text was read")
    rank: int = t.number("Place among the texts of the act, 1 the best", "1", ge=1)
    title: str = t.text("Title of the text")
    kind: str = t.vocabulary("Official text, copy of one, or other (press, trade press, company, analysis)", KINDS_OF_TEXT)
    extent: str = t.vocabulary(
        "How much of an official text or copy was read; address_only: another text gives address and gist; null: not noted",
        EXTENTS,
        nullable=True,
    )
    published_on: str = t.partial_date("When the text was published, null where it does not say", nullable=True)
    document_id: str = t.document_id()

    class Config:
        title = "Sources of policy acts"
        unique = ["event_id", "url"]
        metadata = {"floor": "tidy", "subject": "policy"}
