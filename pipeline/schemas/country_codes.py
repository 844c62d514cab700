from pipeline.schemas import table as t


class CountryCodes(t.Table):
    """Publishers' country codes and what they mean here; codes of countries that ended carry the years they held."""

    scheme: str = t.text("Whose code it is, such as baci or wmd")
    code: str = t.text("The code as the publisher writes it")
    iso3: str = t.country("Country meant")
    name_as_published: str = t.text("Name beside the code in the publisher's table")
    valid_from: int = t.year("First year the code is used, 1900 where no start is known")
    valid_to: int = t.year("Last year the code is used, 2100 while it is in use")
    note: str = t.text("Why this reading, where it is not plain", nullable=True)

    class Config:
        title = "Country codes"
        unique = ["scheme", "code"]
        metadata = {"floor": "tidy", "subject": "reference"}
