from pipeline.schemas import table as t


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
        metadata = {"floor": "tidy", "subject": "trade"}
