from pipeline.schemas import table as t


class CompanyFigures(t.Table):
    """Volumes, revenue and prices of producers from their filings, second-hand. Fiscal years differ: compare by period_end."""

    company: str = t.text("Company, or producers taken together as the text does")
    period: str = t.text("Fiscal year, calendar year, quarter or months, as the company names it")
    measure: str = t.text("What is measured, in the filing's words")
    basis: str = t.text("What is weighed or consolidated; `not stated` where the text does not say")
    document_id: str = t.document_id()
    period_end: str = t.partial_date("Last day of the period")
    value: float = t.number("Figure", "as in unit")
    unit: str = t.vocabulary("Unit of the figure", ("t", "t/a", "USD", "AUD", "CNY", "USD/t", "AUD/kg", "USD/kg"))
    plan: bool = t.flag("Whether the figure is a plan")
    publisher: str = t.text("Who quotes the filing")
    source_id: str = t.source_id()
    note: str = t.text("The text's further remarks, and doubts", nullable=True)

    class Config:
        title = "Company figures"
        unique = ["company", "period", "measure", "basis", "document_id"]
        metadata = {"floor": "tidy", "subject": "chain"}
