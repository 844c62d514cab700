from pipeline.schemas import table as t
from pipeline.schemas.indirect_dependence import FEED
from pipeline.schemas.vocabularies import NETWORK_GROUPS

TARGETS = r"^(all|(EU27|G7|[A-Z]{3})(\+(EU27|G7|[A-Z]{3}))*)$"


class DisruptionScenarios(t.Table):
    """What-ifs for `disruption`: who withholds how much from whom, and how much the others can add."""

    scenario: str = t.text("Name, lower case with underscores", str_matches=r"^[a-z0-9_]+$")
    origin: str = t.country("Country that withholds")
    cut: float = t.share("Part of its flows to the targets that it withholds")
    targets: str = t.text("all, or EU27, G7 and ISO3 codes joined by +", str_matches=TARGETS)
    group: str = t.vocabulary("Group of goods, null for each that has a network", NETWORK_GROUPS, nullable=True)
    feed: str = t.vocabulary(
        "excluded: feed_flows are no supply; included: they are, so an origin of feed withholds it; magnets have no feed", FEED
    )
    spare_share: float = t.number("Others add at most this part of their own output", "1", ge=0)
    spare_t: float = t.number("And this tonnage, such as capacity that stands announced", "t, in the group's basis", ge=0)
    note: str = t.text("What the scenario is for, and where its figures are from")

    class Config:
        title = "Disruption scenarios"
        unique = ["scenario"]
        metadata = {"floor": "tidy", "subject": "chain"}
