from pipeline.schemas import table as t
from pipeline.schemas.vocabularies import DATE_PRECISION

STATUS_RECORDED = ("in_force", "suspended", "expired", "replaced", "withdrawn", "proposed", "adopted", "failed")


class PolicyStatus(t.Table):
    """Status history of continuing measures on three dates: when it held, when a document said so, when we recorded it.

    Rows are only added.
    """

    event_id: str = t.text("Act, a row of policy_events")
    valid_from: str = t.partial_date("From when the status held")
    documented_on: str = t.partial_date("Date of the document that says so")
    recorded_on: str = t.partial_date("Since when this register says so")
    status: str = t.vocabulary("Status", STATUS_RECORDED)
    valid_from_precision: str = t.vocabulary("How exactly the start is known", DATE_PRECISION)
    valid_to: str = t.partial_date("Until when, null while it holds; the next line's start overrides it", nullable=True)
    superseded_by: str = t.text("Act that brought the change, a row of policy_events", nullable=True)
    reason: str = t.text("How the line is known", nullable=True)

    class Config:
        title = "Policy status"
        unique = ["event_id", "valid_from", "documented_on", "recorded_on"]
        metadata = {"floor": "tidy", "subject": "policy"}
