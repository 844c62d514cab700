from pipeline.schemas import table as t


class ConversionFactors(t.Table):
    """Oxide content of traded goods, factors between oxide and metal, distribution of oxides in deposits, make-up of magnets.

    Never one factor for a code that holds many goods, and never an average of the factors here: low and high say how far they go.
    """

    factor: str = t.text("What is converted, such as reo_content_of_gross_weight or oxide_share_Nd")
    material: str = t.text("Good, mineral and place, or oxide, as published")
    document_id: str = t.document_id()
    value: float = t.number(
        "Factor in `unit`, null where only a range is published or none", "as in unit", ge=0, le=100, nullable=True
    )
    low: float = t.number("Least of a published range or bound", "as in unit", ge=0, nullable=True)
    high: float = t.number("Most of a published range or bound", "as in unit", ge=0, nullable=True)
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
        metadata = {"floor": "tidy", "subject": "production"}
