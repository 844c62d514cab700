from pipeline.schemas import table as t


class Governance(t.Table):
    """The World Bank's estimate of political stability and absence of violence or terrorism, by year and country.

    A country without an estimate has no row, nor has any in 1995, 1997, 1999 and 2001. 2023 and 2024 are of a later edition than
    the years before: a step from 2022 to 2023 is a step between editions, never read it as a change of a country.
    """

    year: int = t.year()
    country: str = t.country("Country")
    wgi_pv: float = t.number("Estimate, about -2.5 (unstable) to 2.5 (stable)", "1", ge=-4, le=4)
    standard_error: float = t.number("Standard error of the estimate", "1", gt=0, le=2)
    sources: int = t.number("Sources the estimate rests on", "1", ge=1)
    edition: str = t.text("Edition of the indicator, inferred from how the package stores its numbers, for it names none")
    flag: str = t.text(
        "doubtful where the package gives one figure to two countries, so that whose it is is not known", nullable=True
    )
    source_id: str = t.source_id()

    class Config:
        title = "Governance"
        unique = ["year", "country"]
        metadata = {"floor": "tidy", "subject": "chain"}
