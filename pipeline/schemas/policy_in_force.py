from pipeline.schemas import table as t
from pipeline.schemas.policy_events import LAYERS


class PolicyInForce(t.Table):
    """Measures in force on the last day of each month, as known on `as_of`. Most acts rest on press reports."""

    month: str = t.month()
    layer: str = t.vocabulary("Kind of act", LAYERS)
    actor: str = t.country("Who acts")
    as_of: str = t.partial_date("Transaction time: only documents dated by this day are used")
    in_force: int = t.count(
        "Measures in force on the month's last day; in the month of as_of, on that day. Acts that weaken their layer are none, "
        "nor are acts of export_control that restrict no exports"
    )
    in_force_official: int = t.count("Of them resting on an official text or its copy")
    in_force_official_copy: int = t.count("Of those, resting on a copy and no official page; many copies were read in part")
    in_force_undocumented: int = t.count("Of them without a status line, counted from their own dates")
    in_force_weakening: int = t.count("Beside them: acts in force that weaken their layer, such as a suspension or an abolition")
    in_force_not_restricting: int = t.count(
        "Beside them: acts of export_control that neither restrict nor weaken, such as campaigns and statements"
    )
    restrictions: int = t.count("Restrictions of exports in force: in_force in layer export_control, 0 in the others")
    restrictions_other_minerals: int = t.count(
        "Beside them: restrictions in force of named minerals without rare earths (Ga, Ge, graphite, Sb, W …)"
    )
    suspended: int = t.count("Beside them: restrictions of rare earths that are suspended on that day")
    processes: int = t.count("Matters the measures in force belong to: steps of one matter count once")
    begun: int = t.count("Measures that came into force in the month")
    ended: int = t.count("Measures that ceased to be in force in the month")

    class Config:
        title = "Policy in force"
        unique = ["month", "layer", "actor", "as_of"]
        metadata = {"floor": "derived", "subject": "policy"}
