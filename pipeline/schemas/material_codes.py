from pipeline.schemas import table as t


class MaterialCodes(t.Table):
    """The traded goods that the GeoPolRisk library reads as each mined material; one code may stand for two materials."""

    material: str = t.text("Material, as in mine_production")
    hs6: str = t.hs6("Six-digit code in HS 1992")
    reference_name: str = t.text("The library's name of the material")
    table_name: str = t.text("The library's table of its production")
    main: bool = t.flag("Whether it is the library's main code of the material, not a complementary one")
    source_id: str = t.source_id()

    class Config:
        title = "Material codes"
        unique = ["material", "hs6"]
        metadata = {"floor": "tidy", "subject": "production"}
