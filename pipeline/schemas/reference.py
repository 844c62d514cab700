"""What the other tables refer to: documents, countries, their codes, and products."""

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
        metadata = {"floor": "tidy"}


class Countries(t.Table):
    """Countries and territories that occur in any table, with the groups measures use."""

    iso3: str = t.country("Code")
    name: str = t.text("Short English name")
    m49: str = t.text("UN M49 number, three digits", nullable=True)
    eu27: bool = t.text("Member of the European Union of 2020, in all years")
    g7: bool = t.text("Member of the Group of Seven")

    class Config:
        title = "Countries"
        unique = ["iso3"]
        metadata = {"floor": "tidy"}


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
        metadata = {"floor": "tidy"}


class Products(t.Table):
    """Traded goods at six digits: material, stage, group, and whether China controls them. A reviewed table."""

    hs6: str = t.hs6()
    nomenclature: str = t.text("Edition of the Harmonized System the code belongs to, such as HS92")
    title: str = t.text("What the code covers, in short")
    material: str = t.text("Material as World Mining Data names it, or as this project does, such as rare_earths")
    stage: str = t.vocabulary("Stage the good stands at", ("mining", "separation", "metal_alloy", "magnet", "other"))
    group: str = t.vocabulary("Group of rare-earth goods, null for other materials", t.GROUPS, nullable=True)
    elements: str = t.text("Elements covered, as symbols", nullable=True)
    treatment: str = t.vocabulary(
        "Rare earth; mineral China put under export control later; never controlled",
        ("rare_earth", "later_controlled", "never_controlled"),
    )
    controlled_since: str = t.partial_date("When the first Chinese export control on the mineral took effect", nullable=True)
    control: str = t.text("The announcement, and what part of the code it covers", nullable=True)
    hs92: str = t.text("The same goods in HS 1992, several codes joined by ;", nullable=True)
    hs2017: str = t.text("The same goods in HS 2017, several codes joined by ;", nullable=True)

    class Config:
        title = "Products"
        unique = ["hs6", "nomenclature"]
        metadata = {"floor": "tidy"}
