from pipeline.schemas import table as t


class Documents(t.Table):
    """The texts that figures and acts were read from, one row a text."""

    document_id: str = t.text("Short stable name of the text")
    title: str = t.text("Title, edition and place within the text")
    url: str = t.text("Where it was read, or the package or text it is in")
    publisher: str = t.text("Who publishes the data or text", nullable=True)
    kind: str = t.text(
        "What it is: official, official_copy, repo, press, trade_press, analysis, company, other, as noted when read",
        nullable=True,
    )
    published_on: str = t.partial_date("When it was published, as far as noted", nullable=True)
    accessed_on: str = t.partial_date("When it was read")
    source_id: str = t.source_id()
    origin_url: str = t.text("The publisher's own address, where the text was read at another", nullable=True)

    class Config:
        title = "Documents"
        unique = ["document_id"]
        metadata = {"floor": "tidy", "subject": "reference"}
