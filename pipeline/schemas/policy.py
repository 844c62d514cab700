"""The policy register: acts, their status over time, and what was in force when. Codes follow docs/policy-coding.md."""

from pipeline.schemas import table as t

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
STATUS_RECORDED = ("in_force", "suspended", "expired", "replaced", "withdrawn", "proposed", "adopted")
LEGAL_FORCE = ("binding", "award", "agreement", "plan", "statement", "company_act")
PRECISION = ("day", "month", "year")
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
CODERS = ("1", "2", "final")


class PolicyEvents(t.Table):
    """One act by one actor on one date, with its settled codes."""

    event_id: str = t.text("Short stable name of the act")
    process: str = t.text("Matter this act is a step of, null where it stands alone", nullable=True)
    process_role: str = t.vocabulary("Place in its process", ("only", "start", "step", "end"))
    announced_on: str = t.partial_date("When it was announced")
    announced_precision: str = t.vocabulary("How exactly that is known", PRECISION)
    effective_on: str = t.partial_date("When it took effect, null where not stated", nullable=True)
    effective_precision: str = t.vocabulary("How exactly that is known", PRECISION, nullable=True)
    ended_on: str = t.partial_date("When it ended, null while it stands or where not known", nullable=True)
    ended_precision: str = t.vocabulary("How exactly that is known", PRECISION, nullable=True)
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
    best_source: str = t.vocabulary("Best text it rests on", ("official", "official_copy", "other"))

    class Config:
        title = "Policy acts"
        unique = ["event_id"]
        metadata = {"floor": "tidy"}


class PolicyStatus(t.Table):
    """Status history of continuing measures on three dates: when it held, when a document said so, when we recorded it.

    Rows are only added.
    """

    event_id: str = t.text("Act, a row of policy_events")
    valid_from: str = t.partial_date("From when the status held")
    documented_on: str = t.partial_date("Date of the document that says so")
    recorded_on: str = t.partial_date("Since when this register says so")
    status: str = t.vocabulary("Status", STATUS_RECORDED)
    valid_from_precision: str = t.vocabulary("How exactly the start is known", PRECISION)
    valid_to: str = t.partial_date("Until when, null while it holds; the next line's start overrides it", nullable=True)
    superseded_by: str = t.text("Act that brought the change, a row of policy_events", nullable=True)
    reason: str = t.text("How the line is known", nullable=True)

    class Config:
        title = "Policy status"
        unique = ["event_id", "valid_from", "documented_on", "recorded_on"]
        metadata = {"floor": "tidy"}


class PolicySources(t.Table):
    """The texts behind each act, best first. Never count them as independent witnesses: many are copies of one report."""

    event_id: str = t.text("Act, a row of policy_events")
    url: str = t.text("Where the text was read")
    rank: int = t.number("Place among the texts of the act, 1 the best", "1", ge=1)
    title: str = t.text("Title of the text")
    kind: str = t.vocabulary(
        "Official text, copy of one, or other (press, trade press, company, analysis)", ("official", "official_copy", "other")
    )
    published_on: str = t.partial_date("When the text was published, null where it does not say", nullable=True)
    document_id: str = t.document_id()

    class Config:
        title = "Sources of policy acts"
        unique = ["event_id", "url"]
        metadata = {"floor": "tidy"}


class PolicyCodes(t.Table):
    """Each code of each act by both coders and as settled. Never mix coders: count acts by `final`, agreement by 1 and 2."""

    event_id: str = t.text("Act, a row of policy_events, or one merged into such a row since")
    field: str = t.vocabulary("What is coded; note is what the coder doubted", (*CODES, "note"))
    coder: str = t.vocabulary("1 and 2 coded apart; final is the settled code", CODERS)
    value: str = t.text("The code, a word of docs/policy-coding.md, or the note")
    merged_into: str = t.text("Act of policy_events this one was merged into after coding, null for all others", nullable=True)

    class Config:
        title = "Codes of both coders"
        unique = ["event_id", "field", "coder"]
        metadata = {"floor": "tidy"}


class PolicyHs(t.Table):
    """Customs codes an act touches. Never take the trade of a code as what the act covers: most items are narrower."""

    event_id: str = t.text("Act, a row of policy_events")
    hs6: str = t.hs6()
    nomenclature: str = t.vocabulary(
        "Edition of the Harmonized System; HS2017/HS2022 where code and goods are the same in both", ("HS2022", "HS2017/HS2022")
    )
    basis: str = t.vocabulary("Printed in the act, or assigned by us from its wording", ("printed", "assigned"))
    scope_share: str = t.vocabulary("Whether the act covers the goods of the code whole or in part", ("whole", "part", "unknown"))
    note: str = t.text("Why this code, where it is not plain", nullable=True)

    class Config:
        title = "Customs codes of policy acts"
        unique = ["event_id", "hs6", "nomenclature"]
        metadata = {"floor": "tidy"}


class ControlLists(t.Table):
    """Items of China's export control announcements, codes as printed. Never add trade over items: one code serves several."""

    announcement: str = t.text("Announcement of the Ministry of Commerce, such as 18 of 2025")
    item_no: str = t.text("Number of the item in it")
    element: str = t.text("Element or material")
    item: str = t.text("The item in our words")
    hs10: str = t.text(
        "Chinese tariff codes as printed, of 8 or 10 digits, joined by ;, null where none is",
        str_matches=r"^\d{8}(\d\d)?(;\d{8}(\d\d)?)*$",
        nullable=True,
    )
    hs6: str = t.text("Their first six digits, each once, joined by ;", str_matches=r"^\d{6}(;\d{6})*$", nullable=True)
    control_code: str = t.text("Export control codes as printed, joined by ;", nullable=True)
    document_id: str = t.document_id()
    note: str = t.text("What to mind", nullable=True)

    class Config:
        title = "Items of control lists"
        unique = ["announcement", "item_no"]
        metadata = {"floor": "tidy"}


class CodingAgreement(t.Table):
    """How far two coders agree on each field. It says how clear the rules are, never that a code is right: both used one rule."""

    field: str = t.vocabulary("What is coded", tuple(CODES))
    n: int = t.count("Acts both coded, those merged away since among them")
    agreed: int = t.count("Acts given the same code by both")
    agreement: float = t.share("Share of acts given the same code by both (percent agreement)")
    expected_agreement: float = t.share("Agreement by chance, from how often each coder uses each code")
    kappa: float = t.number("Cohen's kappa, null where chance alone would agree on all", "1", ge=-1, le=1, nullable=True)

    class Config:
        title = "Agreement of coders"
        unique = ["field"]
        metadata = {"floor": "derived", "method": "coding-agreement"}


class PolicyInForce(t.Table):
    """Measures in force on the last day of each month, as documents dated by `as_of` tell it. Most acts rest on press reports."""

    month: str = t.month()
    layer: str = t.vocabulary("Kind of act", LAYERS)
    actor: str = t.country("Who acts")
    as_of: str = t.partial_date("Only documents dated by this day are heard")
    in_force: int = t.count("Measures in force on the month's last day; in the month of as_of, on that day")
    in_force_official: int = t.count("Of them resting on an official text or its copy")
    in_force_undocumented: int = t.count("Of them without a status line, counted from their own dates")
    in_force_weakening: int = t.count("Of them acts that weaken their layer, such as a suspension or an abolition")
    processes: int = t.count("Matters they belong to: steps of one matter count once")
    begun: int = t.count("Measures that came into force in the month")
    ended: int = t.count("Measures that ceased to be in force in the month")

    class Config:
        title = "Policy in force"
        unique = ["month", "layer", "actor", "as_of"]
        metadata = {"floor": "derived", "method": "policy-in-force"}
