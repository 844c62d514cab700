from pipeline.schemas import table as t
from pipeline.schemas.vocabularies import NETWORK_GROUPS

FEED = ("excluded", "included")


# output: a published output; cap: a quota, which output may miss or exceed; estimate: a publisher's estimate.
OUTPUT_BASES = ("output", "cap", "estimate")


def _tonnes(description: str, **checks: float | bool) -> float:
    return t.number(f"{description}; REO for compounds, gross for magnets", "t", ge=0, **checks)


def _basis() -> str:
    return t.vocabulary("What tonnes are of: REO for compounds, gross for magnets", ("REO", "gross"))


class IndirectDependence(t.Table):
    """Where an importer's supply was last separated (compounds) or made (rare-earth magnets), through every country it passed.

    Shares are of imports, but china_share_of_supply. low and high are the least and most of three assumptions on what is
    re-exported; they are no confidence interval. Where China's figure is a cap, its output may have been another.
    """

    year: int = t.year()
    importer: str = t.country("Importing country, or EUU: imports of the EU's 27 members from outside")
    group: str = t.vocabulary("Group of traded goods; metals are not on record", NETWORK_GROUPS)
    feed: str = t.vocabulary("excluded: without feed_flows; included: with them, as customs count. Magnets have no feed", FEED)
    china_trade_share: float = t.share("What customs say: imports from China as the country of dispatch, part of imports")
    direct_china_share: float = t.share("Part of imports that comes from China and originates there, proportional assumption")
    indirect_china_share: float = t.share("Part of imports that originates in China and comes through third countries")
    total_china_origin_share: float = t.share("Part of imports that originates in China, proportional assumption")
    total_china_origin_share_low: float = t.share("The least of the three assumptions")
    total_china_origin_share_high: float = t.share("The most of the three assumptions")
    total_at_low_reo: float = t.share(
        "Total, proportional, at the lowest content: of oxide in each code, or of rare-earth magnets in each flow", nullable=True
    )
    total_at_high_reo: float = t.share(
        "Total, proportional, at the highest content: of oxide in each code, or of rare-earth magnets in each flow", nullable=True
    )
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
    china_output_basis: str = t.vocabulary("output as published, cap (a quota), or estimate", OUTPUT_BASES)
    china_output_document_id: str = t.document_id()

    class Config:
        title = "Indirect dependence"
        unique = ["year", "importer", "group", "feed"]
        metadata = {"floor": "derived", "subject": "chain"}
