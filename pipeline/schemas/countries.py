from pipeline.schemas import table as t


class Countries(t.Table):
    """Countries and territories that occur in any table, with the groups measures use."""

    iso3: str = t.country("Code")
    name: str = t.text("Short English name")
    m49: str = t.text("UN M49 number, three digits", nullable=True)
    eu27: bool = t.flag("Member of the European Union of 2020, in all years")
    g7: bool = t.flag("Member of the Group of Seven")

    class Config:
        title = "Countries"
        unique = ["iso3"]
        metadata = {"floor": "tidy", "subject": "reference"}
