from pipeline.schemas import table as t
from pipeline.schemas.policy_status import STATUS_RECORDED
from pipeline.schemas.vocabularies import DATE_PRECISION, KINDS_OF_TEXT

LAYERS = (
    "export_control",
    "trade_dispute",
    "cooperation_incentive",
    "environmental_regulation",
    "industrial_policy",
    "diversification_response",
)


DIRECTIONS = ("strengthens", "weakens", "neutral")


FOREIGN_SUPPLY = ("tightens", "eases", "neutral")


INSTRUMENTS = (
    "export_quota", "export_licence", "export_ban", "export_tax", "technology_export_ban", "extraterritorial_rule",
    "personnel_rule", "informal_halt", "licence_grant", "production_quota", "consolidation_merger", "subsidy_funding", "tax",
    "research_programme", "plan_strategy", "standard_regulation", "enforcement_campaign", "investment_screening", "stockpile",
    "list_designation", "procurement_rule", "import_restriction", "tariff", "loan_guarantee", "equity_stake",
    "price_floor_offtake", "offtake", "investment_partnership", "technology_transfer", "mou_framework", "trade_agreement",
    "wto_dispute", "ruling", "statement", "project_failure",
)  # fmt: skip


SCOPES = ("ree", "broader", "other")


REACHES = ("global", "targeted")


STATUS_CODED = ("in_force", "suspended", "expired", "superseded", "repealed", "proposed", "one_off", "failed", "unknown")


LEGAL_FORCE = ("binding", "award", "agreement", "plan", "statement", "company_act")


# Asked of acts of cooperation alone: who makes the first move, who offers or asks what of whom, and what it is about.
ACTOR_KINDS = ("state", "firm", "both")


OFFERS = (
    "china_offers",
    "china_withholds",
    "china_asks",
    "partner_asks",
    "partner_accepts",
    "partner_refuses",
    "joint",
)


CONTENTS = ("investment", "processing_plant", "technology", "trade", "training")


_CONTENT = f"({'|'.join(CONTENTS)})"


# What two coders decide of every act, each with the words it may be.
CODES = {
    "layer": LAYERS,
    "direction": DIRECTIONS,
    "foreign_supply": FOREIGN_SUPPLY,
    "instrument": INSTRUMENTS,
    "legal_force": LEGAL_FORCE,
    "status": STATUS_CODED,
    "scope": SCOPES,
    "reach": REACHES,
}


class PolicyEvents(t.Table):
    """One act by one actor on one date, with its settled codes."""

    event_id: str = t.text("Short stable name of the act")
    process: str = t.text("Matter this act is a step of, null where it stands alone", nullable=True)
    process_role: str = t.vocabulary("Place in its process", ("only", "start", "step", "end"))
    announced_on: str = t.partial_date("When it was announced")
    announced_precision: str = t.vocabulary("How exactly that is known", DATE_PRECISION)
    effective_on: str = t.partial_date("When it took effect, null where not stated", nullable=True)
    effective_precision: str = t.vocabulary("How exactly that is known", DATE_PRECISION, nullable=True)
    ended_on: str = t.partial_date("When it ended, null while it stands or where not known", nullable=True)
    ended_precision: str = t.vocabulary("How exactly that is known", DATE_PRECISION, nullable=True)
    actor: str = t.country("Who acts; WTO is the World Trade Organization")
    counterparty: str = t.text("Whom it aims at or deals with, several joined by ;", nullable=True)
    layer: str = t.vocabulary("Kind of act", LAYERS)
    instrument: str = t.vocabulary("By what means", INSTRUMENTS)
    direction: str = t.vocabulary("What the act does to its own layer", DIRECTIONS)
    foreign_supply: str = t.vocabulary("What it means for buyers outside China", FOREIGN_SUPPLY)
    legal_force: str = t.vocabulary("How binding it is", LEGAL_FORCE)
    scope: str = t.vocabulary("Rare earths named, broader with rare earths among them, or other", SCOPES)
    reach: str = t.vocabulary("Aimed at all or at named partners", REACHES)
    status: str = t.vocabulary(
        "Status now: of policy_status where it has lines, else as coded", tuple(dict.fromkeys(STATUS_CODED + STATUS_RECORDED))
    )
    status_coded: str = t.vocabulary("Status the coders read from the act's own text, as of 2026-06-30", STATUS_CODED)
    stage: str = t.text("Stages it bears on, joined by ;")
    elements: str = t.text("Elements it names, joined by ;")
    title: str = t.text("The act in a line")
    summary: str = t.text("What it says, in our words")
    confidence: str = t.vocabulary("How sure the row is", ("high", "medium", "low"))
    best_source: str = t.vocabulary("Best text it rests on", KINDS_OF_TEXT)
    actor_kind: str = t.vocabulary(
        "Who makes the first move, state or firm; of acts of cooperation only, null for all others", ACTOR_KINDS, nullable=True
    )
    offer: str = t.vocabulary("Who offers, asks, withholds or refuses; of acts of cooperation only", OFFERS, nullable=True)
    content: str = t.text(
        f"What it is about, of acts of cooperation only, several joined by ;: {', '.join(CONTENTS)}",
        nullable=True,
        str_matches=f"^{_CONTENT}(;{_CONTENT})*$",
    )

    class Config:
        title = "Policy acts"
        unique = ["event_id"]
        metadata = {"floor": "tidy", "subject": "policy"}
