from pipeline.schemas import table as t

YEAR_STATES = ("whole", "incomplete", "artefact")


class PolicyCounts(t.Table):
    """Yearly counts of policies made from copies of others' databases, so that a rise does not rest on what we came to collect.

    Counts, never rows. Never add measures, groups of a measure, or publishers: they count the same policies by different rules.
    """

    publisher: str = t.vocabulary(
        "Whose database: Global Trade Alert (a repository's selection of it) or the International Energy Agency", ("GTA", "IEA")
    )
    measure: str = t.text("What is counted; gta_subsidies_… are subsidies only")
    group: str = t.text("Jurisdiction, country, evaluation or type counted, as published; all where a measure has no groups")
    year: int = t.year("Year the rule names")
    count: int = t.count("Policies counted")
    grouped_by: str = t.vocabulary("What the groups are", ("jurisdiction", "country", "evaluation", "type"), nullable=True)
    year_state: str = t.vocabulary(
        "incomplete: not over when the copy was made; artefact: a later year, of dates set in advance. Leave both out",
        YEAR_STATES,
    )
    rule: str = t.text("What is counted as one, and in which year")
    document_id: str = t.document_id()
    source_id: str = t.source_id()

    class Config:
        title = "Policies counted by others"
        unique = ["publisher", "measure", "group", "year"]
        metadata = {"floor": "tidy", "subject": "policy"}
