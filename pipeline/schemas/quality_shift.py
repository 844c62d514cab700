from pipeline.schemas import table as t


class QualityShift(t.Table):
    """From quantity to quality, measure by measure: prices against the rest of the world, stages exported, what stays at home.

    No composite is made of them. Unit values are confounded by mix: one code holds cheap and dear elements.
    """

    year: int = t.year()
    compounds_unit_value_ratio_mix_confounded: float = t.number(
        "China's USD/kg of compounds over the rest's, both codes together, without flow_outliers", "1", gt=0, nullable=True
    )
    metals_unit_value_ratio_mix_confounded: float = t.number("The same of metals", "1", gt=0, nullable=True)
    compounds_unit_value_ratio_without_feed_mix_confounded: float = t.number(
        "China's USD/kg over that of what the rest sends to others than China, which takes feed for its separation",
        "1",
        gt=0,
        nullable=True,
    )
    metals_unit_value_ratio_without_feed_mix_confounded: float = t.number("The same of metals", "1", gt=0, nullable=True)
    compounds_value: float = t.number("China's exports of compounds", "kUSD", ge=0, nullable=True)
    metals_value: float = t.number("China's exports of metals", "kUSD", ge=0, nullable=True)
    magnets_value: float = t.number("China's exports of HS 850511: all permanent magnets of metal", "kUSD", ge=0, nullable=True)
    magnets_coverage: str = t.vocabulary(
        "whole, or top6: each country's six largest partners, which hold China's exports to five digits",
        ("whole", "top6"),
        nullable=True,
    )
    magnets_nomenclature: str = t.text("Nomenclature of the magnets, a break in 2017", nullable=True)
    rare_earth_magnets_t: float = t.number(
        "China's exports of rare-earth magnets, its own line 85051110, where the year is published", "t", ge=0, nullable=True
    )
    rare_earth_magnets_value: float = t.number("The same by value", "kUSD", ge=0, nullable=True)
    rare_earth_magnets_usd_per_kg: float = t.number("The same by unit value", "USD/kg", gt=0, nullable=True)
    metals_share_of_value: float = t.share("Metals over compounds and metals, by value", nullable=True)
    downstream_share_of_value: float = t.share(
        "Metals and magnets over compounds, metals and magnets, by value: stages mixed on purpose", nullable=True
    )
    magnets_share_of_value: float = t.share("Magnets over compounds, metals and magnets, by value", nullable=True)
    home_share_low: float = t.number("1 - most exports / least output, both in oxide", "1", le=1, nullable=True)
    home_share: float = t.number("1 - exports / output: what is not exported as compounds or metals", "1", le=1, nullable=True)
    home_share_high: float = t.number("1 - least exports / most output", "1", le=1, nullable=True)
    home_share_basis: str = t.text("Whose figure of output; years whose output is the quota itself have no share", nullable=True)

    class Config:
        title = "Quality shift"
        unique = ["year"]
        metadata = {"floor": "derived", "subject": "trade"}
