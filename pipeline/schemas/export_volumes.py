from pipeline.schemas import table as t

GROUPS = ("compounds", "metals", "compounds_and_metals")


class ExportVolumes(t.Table):
    """China's exports of compounds and metals at constant prices, so that a rise of prices is not read as a rise of exports.

    Fisher indices chained year by year over the six-digit codes, the first year 1. Magnets are left out: HS 850511 holds other
    magnets, and the tonnes of the rare-earth line are published for few years (`rare_earth_magnets`).
    """

    year: int = t.year()
    group: str = t.vocabulary("Group of goods", GROUPS)
    value_kusd: float = t.value_kusd("Value of exports of the codes with a mass, excluded flows not among them")
    quantity_t: float = t.quantity_t("Gross mass of these exports")
    price_index: float = t.number("Fisher price index, chained; 1 in the first year", "1", gt=0)
    volume_index: float = t.number("Fisher volume index, chained; 1 in the first year", "1", gt=0)
    value_at_last_prices_kusd: float = t.number("Mass of each code at its unit value of the newest year", "kUSD", ge=0)

    class Config:
        title = "China's exports of compounds and metals at constant prices"
        unique = ["year", "group"]
        metadata = {"floor": "derived", "subject": "trade"}
