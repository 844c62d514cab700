"""Where supply was last separated or made, which flows are feed, and what an importer loses when an origin withholds."""

from pipeline.schemas import table as t

FEED = ("apart", "not")
# output: printed as produced; cap: a quota, which output may miss or exceed; estimate: a publisher's estimate.
OUTPUT_BASES = ("output", "cap", "estimate")
TARGETS = r"^(all|(EU27|G7|[A-Z]{3})(\+(EU27|G7|[A-Z]{3}))*)$"


class FeedFlows(t.Table):
    """Flows of a compounds code that are feed for the importer's separation, not supply. A reviewed judgement, flow by flow.

    No rule on countries or prices makes it: one country both separates and ships unseparated goods, under the same code.
    """

    exporter: str = t.country("Exporting country")
    importer: str = t.country("Importing country, which separates it")
    hs6: str = t.hs6()
    year_from: int = t.year("First year the judgement holds for")
    year_to: int = t.year("Last year the judgement holds for")
    reason: str = t.text("Why the flow is feed")
    evidence: str = t.text(
        "By year: gross tonnes, USD/kg of the flow, in brackets of the exporter's other exports and of the world's, from "
        "trade_flows without flow_outliers (the flow itself as published); then the tables and documents that say who separates"
    )
    doubt: str = t.text("What speaks against it, null where nothing is known to", nullable=True)

    class Config:
        title = "Feed flows"
        unique = ["exporter", "importer", "hs6", "year_from"]
        metadata = {"floor": "tidy"}


class DisruptionScenarios(t.Table):
    """What-ifs for `disruption`: who withholds how much from whom, and how much the others can add."""

    scenario: str = t.text("Name, lower case with underscores", str_matches=r"^[a-z0-9_]+$")
    origin: str = t.country("Country that withholds")
    cut: float = t.share("Part of its flows to the targets that it withholds")
    targets: str = t.text("all, or EU27, G7 and ISO3 codes joined by +", str_matches=TARGETS)
    group: str = t.vocabulary("Group of goods, null for each that has a network", t.GROUPS, nullable=True)
    feed: str = t.vocabulary(
        "apart: feed_flows are no supply; not: they are, so that an origin of feed withholds it too. Magnets have no feed", FEED
    )
    spare_share: float = t.number("Others add at most this part of their own output", "1", ge=0)
    spare_t: float = t.number("And this tonnage, such as capacity that stands announced", "t, in the group's basis", ge=0)
    note: str = t.text("What the scenario is for, and where its figures are from")

    class Config:
        title = "Disruption scenarios"
        unique = ["scenario"]
        metadata = {"floor": "tidy"}


def _tonnes(description: str, **checks: float | bool) -> float:
    return t.number(f"{description}; REO for compounds, gross for magnets", "t", ge=0, **checks)


def _basis() -> str:
    return t.vocabulary("What tonnes are of: REO for compounds, gross for magnets", ("REO", "gross"))


class IndirectDependence(t.Table):
    """Where an importer's supply was last separated (compounds) or made (magnets), through every country it passed.

    Shares are of imports, but china_share_of_supply. low and high are the least and most of three assumptions on what is
    re-exported; they are no confidence interval. Where China's figure is a cap, its output may have been another.
    """

    year: int = t.year()
    importer: str = t.country("Importing country, or EUU: imports of the EU's 27 members from outside")
    group: str = t.vocabulary("Group of traded goods; metals are not on record", ("compounds", "magnets"))
    feed: str = t.vocabulary("apart: without feed_flows; not: with them, as customs count. Magnets have no feed", FEED)
    china_trade_share: float = t.share("What customs say: imports from China as the country of dispatch, part of imports")
    direct_china_share: float = t.share("Part of imports that comes from China and originates there, proportional assumption")
    indirect_china_share: float = t.share("Part of imports that originates in China and comes through third countries")
    total_china_origin_share: float = t.share("Part of imports that originates in China, proportional assumption")
    total_china_origin_share_low: float = t.share("The least of the three assumptions")
    total_china_origin_share_high: float = t.share("The most of the three assumptions")
    total_at_low_reo: float = t.share("Total, proportional, with the lowest REO content of each code; equal for magnets")
    total_at_high_reo: float = t.share("Total, proportional, with the highest REO content of each code; equal for magnets")
    china_share_of_supply: float = t.share("Chinese part of imports and own output together; China's own output counts")
    unexplained_share: float = t.share(
        "Part of imports whose origin is net exports of a country with no output on record, or with less than it ships net"
    )
    main_intermediaries: str = t.text(
        "The three countries through which most of the indirect share comes, with their part of imports, null where none",
        nullable=True,
    )
    imports_t: float = _tonnes("Imports that report a quantity, without flow_outliers")
    own_output_t: float = _tonnes("Own output on record, 0 where none is")
    own_unexplained_t: float = _tonnes("Net exports beyond own output on record")
    supply_t: float = _tonnes("Imports, own output and unexplained net exports together")
    basis: str = _basis()
    quantity_coverage: float = t.share(
        "Part of the imports' value whose flows report a quantity and are no outliers, null for EUU", nullable=True
    )
    china_output_t: float = _tonnes("China's output or its cap in the year")
    china_output_basis: str = t.vocabulary("output as printed, cap (a quota), or estimate", OUTPUT_BASES)
    china_output_document_id: str = t.document_id()

    class Config:
        title = "Indirect dependence"
        unique = ["year", "importer", "group", "feed"]
        metadata = {"floor": "derived", "method": "indirect-dependence"}


class Disruption(t.Table):
    """What each importer would lose if an origin withheld, directly and through third countries. A what-if, not a forecast.

    It leaves out stocks, prices, substitution and time. The withholder's own row holds what comes back less to it. Summed over
    importers but EUU, lost_before_t is what was withheld, and lost_after_t with added_t too.
    """

    year: int = t.year("Year whose trade and output the scenario is played on")
    group: str = t.vocabulary("Group of traded goods; metals are not on record", ("compounds", "magnets"))
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
        metadata = {"floor": "derived", "method": "disruption"}
