"""Headline figures: each computed once, read by every page that says it.

A headline is the figure with what is needed to say and to judge it; pages make sentences of it. Shares are between 0 and 1.
A headline without a row is None: the page says nothing of it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.report import sure
from pipeline.report.tables import Tables
from pipeline.restricted import open_rows

# The importers whose compounds the response is measured on: those of claim C11.
IMPORTERS = ("USA", "EUU", "JPN", "KOR", "AUS", "IND")
ALLIES = (*IMPORTERS, "CAN", "GBR", "DEU", "FRA", "ITA")
PUBLISHERS = {
    "usgs_mcs": "US Geological Survey",
    "usgs_minerals_yearbook": "US Geological Survey, Minerals Yearbook",
    "world_mining_data": "World Mining Data",
    "bgs_world_mineral_statistics": "British Geological Survey",
}


@dataclass(frozen=True)
class Share:
    """China's share in a year by one publisher, with the range of what publishers that may be quoted give for that year.

    `key` is the row's in `stage_concentration`, so that a figure can show where the number comes from.
    """

    value: float
    low: float
    high: float
    year: int
    publisher: str
    sure: sure.Level
    key: tuple[Any, ...]


def mining(tables: Tables) -> Share | None:
    """China's share of mine production in the newest year of the US Geological Survey, its newest edition."""
    return _of_stage(tables, "mining", "rare_earths", official="usgs_mcs")


def reserves(tables: Tables) -> Share | None:
    """China's share of reserves by the newest edition of the US Geological Survey."""
    return _of_stage(tables, "reserves", "rare_earths", official="usgs_mcs")


def separation(tables: Tables) -> Share | None:
    """China's share of the separation of magnet rare earths in the newest year published."""
    return _of_stage(tables, "separation", "magnet_rare_earths")


def magnets(tables: Tables) -> Share | None:
    """China's share of sintered magnets made, in the newest year published."""
    return _of_stage(tables, "magnet", "NdFeB sintered")


def _of_stage(tables: Tables, stage: str, material: str, official: str | None = None) -> Share | None:
    known = open_rows(tables["stage_concentration"])
    known = known[(known["stage"] == stage) & (known["material"] == material) & (known["kind"] == "actual")]
    own = known[known["source_id"] == official] if official else known
    own = own.dropna(subset=["china_share"]).sort_values(["year", "edition"])
    if own.empty:
        return None
    row = own.iloc[-1]
    same = known[known["year"] == row["year"]]
    # A country that the edition no longer names may still hold what it held: the low end of the share counts it.
    low = float(same[["china_share", "china_share_low"]].min(axis=None))
    high = float(same[["china_share", "china_share_high"]].max(axis=None))
    key = tuple(row[name] for name in ("year", "stage", "material", "source_id", "edition", "kind"))
    publisher = PUBLISHERS.get(str(row["source_id"]), str(row["publisher"]))
    level = sure.level(same["publisher"].nunique(), high - low, official=official is not None)
    return Share(float(row["china_share"]), low, high, int(row["year"]), publisher, level, key)


@dataclass(frozen=True)
class Controls:
    """Chinese restrictions of rare-earth exports in force at the end of `month`, and five years before.

    `elements` are under control then; `suspended` ones were, until their suspension. `sure` compares with the restrictions
    known from official texts.
    """

    restrictions: int
    before: int
    month: str
    month_before: str
    suspended_acts: int
    elements: tuple[str, ...]
    suspended: tuple[str, ...]
    official: int
    sure: sure.Level


def controls(tables: Tables) -> Controls | None:
    """The restrictions in force as the newest knowledge of the register has them: the count of claim C10."""
    register = tables["policy_in_force"]
    own = register[(register["actor"] == "CHN") & (register["layer"] == "export_control")]
    own = own[own["as_of"] == register["as_of"].max()].set_index("month").sort_index()
    if own.empty:
        return None
    month = str(own.index[-1])
    before = f"{int(month[:4]) - 5}{month[4:]}"
    then = own.loc[before] if before in own.index else None
    now = own.loc[month]
    lists = tables["controlled_elements"]
    lists = lists[lists["as_of"] == lists["as_of"].max()]
    of_status = {status: tuple(sorted(rows["element"].unique())) for status, rows in lists.groupby("status")}
    total, official = int(now["restrictions"]), int(now["in_force_official"])
    level = sure.level(1, abs(total - official) / max(total, 1), official=official > 0)
    return Controls(
        restrictions=total,
        before=int(then["restrictions"]) if then is not None else 0,
        month=month,
        month_before=before,
        suspended_acts=int(now["suspended"]),
        elements=of_status.get("in_force", ()),
        suspended=of_status.get("suspended", ()),
        official=official,
        sure=level,
    )


def register_through(tables: Tables) -> str:
    """The newest day that a document of the register describes: its one `data through`."""
    newest = [tables["policy_events"]["announced_on"].max(), tables["policy_status"]["documented_on"].max()]
    known = [str(day) for day in newest if isinstance(day, str)]
    return max(known) if known else "no day"


@dataclass(frozen=True)
class Effect:
    """The clearest effect of an act on China's exports: the act, its outcome, how many times the level without it."""

    event_id: str
    outcome: str
    year: int
    times: float
    low: float
    high: float
    rank: int
    donors: int
    key: tuple[Any, ...]


def clearest_effect(tables: Tables) -> Effect | None:
    """The synthetic control that stands out most among its placebos, of all rare-earth codes together."""
    rows = tables["policy_effects"]
    rows = rows[(rows["method"] == "synthetic_control") & (rows["verdict"] == "effect") & ~rows["outcome"].str.contains("284690")]
    if rows.empty:
        return None
    row = rows.sort_values(["placebo_rank", "estimate"], ascending=[True, False]).iloc[0].to_dict()
    times, low, high = (math.exp(row[name]) for name in ("estimate", "low", "high"))
    return Effect(
        event_id=str(row["event_id"]),
        outcome=str(row["outcome"]),
        year=int(row["first_treated"]),
        times=times,
        low=low,
        high=high,
        rank=int(row["placebo_rank"]),
        donors=int(row["donors"]),
        key=tuple(row[name] for name in ("event_id", "outcome", "method")),
    )


@dataclass(frozen=True)
class Quota:
    """China's quota of mining in the first and the newest year published, tonnes of oxide, and the groups that receive it."""

    first_year: int
    first: float
    year: int
    amount: float
    not_published: int | None
    holders_first_year: int | None
    holders_first: int | None
    holders_year: int | None
    holders: int | None
    sure: sure.Level
    key: tuple[Any, ...]


def quota(tables: Tables) -> Quota | None:
    """From the yearly quotas and the groups named in them."""
    rows = tables["quota_use"]
    mined = rows[rows["stage"] == "mining"].sort_values("year")
    published = mined.dropna(subset=["quota"])
    if published.empty:
        return None
    first, last = published.iloc[0], published.iloc[-1]
    later = mined[(mined["year"] > last["year"]) & mined["quota"].isna()]
    named = tables["quota_holders"]
    named = named[named["kind"] == "addressees"].dropna(subset=["holders"]).sort_values("happened_on")
    one, other = (named.iloc[0], named.iloc[-1]) if len(named) else (None, None)
    return Quota(
        first_year=int(first["year"]),
        first=float(first["quota"]),
        year=int(last["year"]),
        amount=float(last["quota"]),
        not_published=int(later["year"].min()) if len(later) else None,
        holders_first_year=int(one["year"]) if one is not None else None,
        holders_first=int(one["holders"]) if one is not None else None,
        holders_year=int(other["year"]) if other is not None else None,
        holders=int(other["holders"]) if other is not None else None,
        sure=sure.level(1, 0.0, official=True),
        key=(int(last["year"]), "mining"),
    )


@dataclass(frozen=True)
class Offers:
    """What the Chinese state and Chinese firms offered abroad, and what came of the projects on record.

    `partners` are those of claim C12: offered by the Chinese state, more than a statement, of high confidence; `partners_high`
    with joint offers and less sure acts. `projects` are of rare earths; `operating`, `came_to_nothing` are parts of them.
    """

    partners: int
    partners_high: int
    firm_partners: int
    projects: int
    operating: int
    came_to_nothing: int
    sure: sure.Level


# Outcomes of projects abroad, in the order of what was delivered; the last ones came to nothing.
OUTCOMES = {
    "operating": "Operating",
    "construction": "Under construction",
    "held": "Stake held",
    "agreed": "Agreed, no more seen",
    "planned": "Planned",
    "talks": "Talks",
    "sold": "Sold",
    "ended": "Ended",
    "not_realised": "Not realised",
    "blocked": "Blocked by the state there",
    "failed_bid": "Bid failed",
}
NOTHING = ("ended", "not_realised", "blocked", "failed_bid")


def offers(tables: Tables) -> Offers | None:
    """From the register's acts of cooperation, and the projects abroad."""
    evidence = tables["claim_evidence"].set_index(["claim_id", "part"])
    projects = own_projects(tables)
    if ("C12", "a") not in evidence.index or projects.empty:
        return None
    values = evidence[["value", "high"]].astype("float64")
    low, high = (float(values[name].get(("C12", "a"), math.nan)) for name in ("value", "high"))
    if math.isnan(low):
        return None
    high = low if math.isnan(high) else high
    firms = float(values["value"].get(("C12", "d"), math.nan))
    outcomes = projects["outcome"]
    return Offers(
        partners=int(low),
        partners_high=int(high),
        firm_partners=0 if math.isnan(firms) else int(firms),
        projects=len(projects),
        operating=int((outcomes == "operating").sum()),
        came_to_nothing=int(outcomes.isin(NOTHING).sum()),
        sure=sure.level(1, (high - low) / max(high, 1)),
    )


def own_projects(tables: Tables) -> pd.DataFrame:
    """Chinese projects and stakes in rare earths abroad, without those of other minerals."""
    projects = tables["overseas_presence"]
    return projects[~projects["comparator"].astype(bool)]


@dataclass(frozen=True)
class Response:
    """Acts of diversification of the US and its allies in five years and in the five before, and what imports show since.

    `shares` are the parts of compounds, by value, that importers did not buy from China in two years.
    """

    acts: int
    acts_before: int
    last_year: int
    years: tuple[int, int]
    shares: dict[str, tuple[float, float]]
    sure: sure.Level

    def rose(self, by: float = 0.05) -> list[str]:
        """The importers that buy at least `by` more elsewhere."""
        return [who for who, (before, after) in self.shares.items() if after - before >= by]


SINCE = 2018


def diversification_acts(tables: Tables) -> pd.DataFrame:
    """Acts of the US and its allies that strengthen diversification, more than a statement: those of claim C11, by year."""
    events = tables["policy_events"]
    events = events[
        (events["layer"] == "diversification_response")
        & (events["direction"] == "strengthens")
        & (events["scope"] != "other")
        & ~events["legal_force"].isin(["statement", "company_act"])
        & events["actor"].isin(ALLIES)
    ]
    return events.assign(year=events["announced_on"].str[:4].astype("int64"))


def response(tables: Tables) -> Response | None:
    """Acts counted over whole years; imports by value, first and newest year that all importers have."""
    acts = diversification_acts(tables)
    known = tables["policy_events"]["announced_on"]
    if not len(known):
        return None
    last = int(str(known.max())[:4]) - 1
    later = acts["year"].between(last - 4, last)
    earlier = acts["year"].between(last - 9, last - 5)
    shares = not_from_china(tables, "compounds", IMPORTERS)
    wide = shares.pivot(index="year", columns="bloc", values="non_china_share").dropna()
    wide = wide[wide.index >= SINCE]
    if len(wide) < 2:
        return None
    first, newest = wide.iloc[0], wide.iloc[-1]
    high = acts["confidence"] == "high"
    sure_share = float(high[later].mean()) if later.any() else 1.0
    return Response(
        acts=int(later.sum()),
        acts_before=int(earlier.sum()),
        last_year=last,
        years=(int(wide.index[0]), int(wide.index[-1])),
        shares={str(bloc): (float(first[bloc]), float(newest[bloc])) for bloc in wide.columns},
        sure=sure.level(1, 1 - sure_share, official=True),
    )


def not_from_china(tables: Tables, group: str, importers: Sequence[str]) -> pd.DataFrame:
    """The share of imports, by value, that is not from China: year, bloc, non_china_share."""
    rows = tables["diversification"]
    rows = rows[(rows["basis"] == "value") & (rows["group"] == group) & rows["bloc"].isin(list(importers))]
    return rows.dropna(subset=["non_china_share"])[["year", "bloc", "non_china_share"]]


LARGEST = 10


def largest_users(tables: Tables, rows: pd.DataFrame, at_most: int = LARGEST) -> pd.DataFrame:
    """The rows of the importers that use most; the EU is one of them, its members are not."""
    members = set(tables["countries"].query("eu27")["iso3"])
    return rows[~rows["importer"].isin(members)].sort_values("use_t", ascending=False).head(at_most)


@dataclass(frozen=True)
class Loss:
    """What an importer loses of its use if an origin withholds: directly, in all, and after others step in."""

    importer: str
    direct: float
    before: float
    after: float


def losses(tables: Tables, scenario: str, group: str, at_most: int = LARGEST) -> tuple[int, list[Loss]]:
    """The newest year of a scenario and the losses of its largest users, largest first; the origin itself is left out."""
    rows = tables["disruption"]
    rows = rows[(rows["scenario"] == scenario) & (rows["group"] == group)]
    rows = rows[(rows["importer"] != rows["origin"]) & rows["lost_before_share"].notna()]
    if rows.empty:
        return 0, []
    year = int(rows["year"].max())
    rows = largest_users(tables, rows[rows["year"] == year], at_most)
    found = [
        Loss(str(r.importer), float(r.lost_direct_share), float(r.lost_before_share), float(r.lost_after_share))  # type: ignore[arg-type]
        for r in rows.itertuples()
    ]
    return year, sorted(found, key=lambda loss: -loss.before)
