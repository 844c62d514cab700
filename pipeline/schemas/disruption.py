from pipeline.schemas import table as t
from pipeline.schemas.indirect_dependence import _basis, _tonnes
from pipeline.schemas.vocabularies import NETWORK_GROUPS


class Disruption(t.Table):
    """What each importer would lose if an origin withheld, directly and through third countries. A what-if, not a forecast.

    It leaves out stocks, prices, substitution and time. The withholder's own row holds what comes back less to it. Summed over
    importers but EUU, lost_before_t is what was withheld, and lost_after_t with added_t too.
    """

    year: int = t.year("Year whose trade and output the scenario is played on")
    group: str = t.vocabulary("Group of traded goods; metals are not on record", NETWORK_GROUPS)
    scenario: str = t.text("Scenario, a row of disruption_scenarios")
    importer: str = t.country("Country that loses, or EUU: the EU's 27 members together, already in the members' rows")
    origin: str = t.country("Country that withholds")
    withheld_t: float = _tonnes("Withheld from this importer itself")
    use_t: float = _tonnes("Use before: supply minus exports")
    lost_direct_t: float = _tonnes("Use lost through its own cut alone")
    lost_through_others_t: float = _tonnes("Use lost because third countries pass on what they lack")
    lost_before_t: float = _tonnes("Use lost before the others step in")
    added_t: float = _tonnes("What the others add for it")
    lost_after_t: float = _tonnes("Use lost after the others step in")
    lost_direct_share: float = t.share(
        "The same as part of use, null where use is 0 and for the origin, which keeps what it withholds", nullable=True
    )
    lost_through_others_share: float = t.share("The same as part of use", nullable=True)
    lost_before_share: float = t.share("The same as part of use", nullable=True)
    lost_after_share: float = t.share("The same as part of use", nullable=True)
    basis: str = _basis()
    spare_used_share: float = t.share(
        "Part of what the others could add that was asked for, null where they have no spare", nullable=True
    )
    others_unexplained_share: float = t.share(
        "Part of the others' own output that is net exports without output on record; spare_share of it is as little known",
        nullable=True,
    )

    class Config:
        title = "Disruption"
        unique = ["year", "group", "scenario", "importer"]
        metadata = {"floor": "derived", "subject": "chain"}
