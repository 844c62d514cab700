from pipeline.schemas import table as t
from pipeline.schemas.feed_imports import PERIOD

MEASURES = (
    "ev_sales", "wind_capacity_added", "wind_capacity", "ndfeb_per_unit", "rare_earth_share_of_ndfeb",
    "magnet_demand_new_energy_vehicles",
)  # fmt: skip


class Demand(t.Table):
    """What uses rare-earth magnets: electric vehicles sold, turbines built, magnets in each. Never add places: they overlap."""

    measure: str = t.vocabulary("What is measured", MEASURES)
    period_start: str = t.text("First year or month of the period", str_matches=PERIOD)
    period_end: str = t.text("Last year or month of the period", str_matches=PERIOD)
    place_as_printed: str = t.text("Country or region as published, `not stated` for magnets in a unit")
    mode: str = t.text("Vehicles (Cars, Vans, Buses, Trucks) or turbines; `all` where none is named")
    powertrain: str = t.vocabulary("Powertrain of vehicles, `none` for others", ("BEV", "PHEV", "FCEV", "EV", "none"))
    unit: str = t.vocabulary("Unit of the value", ("vehicles", "MW", "kg/MW", "kg", "kg/robot", "1", "t"))
    document_id: str = t.document_id()
    country: str = t.country("Country or region, null where it has no code here", nullable=True)
    value: float = t.number("Figure", "as in unit", ge=0)
    forecast: bool = t.flag("Whether the text foresees or expects the figure")
    publisher: str = t.text("Whose figure it is")
    source_id: str = t.source_id()
    note: str = t.text("The text's further remarks, and doubts", nullable=True)

    class Config:
        title = "Demand"
        unique = [
            "measure", "period_start", "period_end", "place_as_printed", "mode", "powertrain", "unit", "document_id",
        ]  # fmt: skip
        metadata = {"floor": "tidy", "subject": "chain"}
