from pipeline.schemas import table as t
from pipeline.schemas.policy_status import STATUS_RECORDED

RARE_EARTHS = ("Sc", "Y", "La", "Ce", "Pr", "Nd", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu")


class ControlledElements(t.Table):
    """Rare earths that China's control lists name, element by element, with the status of the announcement on the day as_of.

    Companions in an alloy are left out, and so are items that concern all rare earths (ores, equipment, technology).
    """

    element: str = t.vocabulary("Rare earth, by its symbol", RARE_EARTHS)
    announcement: str = t.text("Announcement of the Ministry of Commerce, such as 18 of 2025")
    as_of: str = t.partial_date("Transaction time: only documents dated by this day are used; the status is that of this day")
    event_id: str = t.text("Act that the announcement is, a row of policy_events")
    status: str = t.vocabulary("Status of the act on the day", (*STATUS_RECORDED, "unknown"))
    controlled_since: str = t.partial_date("First day on which the control was in force, null where it never was", nullable=True)
    items: int = t.count("Items of the announcement that name the element as the controlled one")

    class Config:
        title = "Controlled elements"
        unique = ["element", "announcement", "as_of"]
        metadata = {"floor": "derived", "subject": "policy"}
