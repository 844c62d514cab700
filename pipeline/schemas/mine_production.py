from pipeline.schemas import table as t

UNITS = ("t", "kg", "ct", "million m3")


class MineProduction(t.Table):
    """Mine production of every material by year and country as World Mining Data's newest packaged release prints it.

    WLD is the published total. Rare earths stand here too, as beside the other materials; for them alone read `production`.
    """

    year: int = t.year()
    country: str = t.country("Producing country, WLD for the published total")
    material: str = t.text("Material as World Mining Data names it, such as rare_earths")
    amount: float = t.number("Output in the published unit", "as in unit", ge=0)
    unit: str = t.vocabulary("Unit of the amount", UNITS)
    quantity_t: float = t.quantity_t("Output, null where it is published in carats or cubic metres", nullable=True)
    flag: str = t.text("e estimated, r reported, p preliminary, as the package says of the country", nullable=True)
    source_id: str = t.source_id()
    edition: str = t.text("Release of the package")

    class Config:
        title = "Mine production"
        unique = ["year", "country", "material"]
        metadata = {"floor": "tidy", "subject": "production", "whole": True}
