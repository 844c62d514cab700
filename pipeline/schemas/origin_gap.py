from pipeline.schemas import table as t
from pipeline.schemas.indirect_dependence import FEED


class OriginGap(t.Table):
    """Export share of a group's top exporter against its share of mining and of separation: who trades what others mine."""

    year: int = t.year()
    group: str = t.vocabulary("Group of traded goods", t.GROUPS)
    feed: str = t.vocabulary(
        "excluded: exports without feed_flows, of compounds only; included: with them, as customs count. Others have no feed",
        FEED,
    )
    production_source_id: str = t.text("Source of the mining figures; its newest edition for the year")
    top_exporter: str = t.country("Largest exporter of the group by value")
    export_share: float = t.share("Its share of the group's exports by value")
    mining_share: float = t.share("Its share of mining, 0 where the source names others only")
    mining_gap: float = t.number("Export share minus share of mining", "1", ge=-1, le=1)
    china_export_share: float = t.share("China's share of the group's exports by value")
    china_mining_share: float = t.share("China's share of mining")
    china_mining_gap: float = t.number("The same gap for China", "1", ge=-1, le=1)
    separation_edition: str = t.text("Whose shares of separation, null where nobody prints any for the year", nullable=True)
    separation_share: float = t.share(
        "The top exporter's share of separation, null where that publisher does not name it", nullable=True
    )
    separation_gap: float = t.number("Export share minus share of separation", "1", ge=-1, le=1, nullable=True)
    china_separation_share: float = t.share("China's share of separation", nullable=True)
    china_separation_gap: float = t.number("The same gap for China", "1", ge=-1, le=1, nullable=True)

    class Config:
        title = "Origin gap"
        unique = ["year", "group", "feed", "production_source_id"]
        metadata = {"floor": "derived", "subject": "trade"}
