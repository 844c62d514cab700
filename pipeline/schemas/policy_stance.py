from pipeline.schemas import table as t
from pipeline.schemas.policy_events import LAYERS

INDICES = ("own_layer", "foreign_supply")


BASES = ("high_confidence", "official", "all")


WEIGHTS = ("rubric", "equal")


class PolicyStance(t.Table):
    """Weight of policy by month: what is in force (stock) and what was announced (flow). Most acts rest on press reports.

    Two indices that are never added: what acts do to their own layer, and what they mean for buyers outside China.
    """

    month: str = t.month("Month, from that of the actor's first act in the layer, index and basis to that of as_of")
    actor: str = t.country("Who acts")
    layer: str = t.vocabulary("Kind of act", LAYERS)
    index: str = t.vocabulary(
        "own_layer: what the act does to its layer; foreign_supply: tightens (+) or eases (-) supply of buyers outside China",
        INDICES,
    )
    basis: str = t.vocabulary("Which acts: of high confidence, resting on an official text or its copy, or all", BASES)
    weights: str = t.vocabulary("instrument_weights (rubric), or 1 for every instrument they weigh above 0 (equal)", WEIGHTS)
    as_of: str = t.partial_date("Transaction time: only documents dated by this day are used")
    stock: float = t.number(
        "Sum of weights of measures in force on the month's last day that do not weaken their layer (own_layer) or that tighten "
        "(foreign_supply), of export_control only restrictions of exports; a process counts once, by its heaviest",
        "1",
        ge=0,
    )
    opposed_stock: float = t.number("The same of measures in force that weaken or ease; not taken from stock", "1", ge=0)
    unknown_stock: float = t.number("What the stock would gain if measures of unknown status were in force", "1", ge=0)
    flow: float = t.number(
        "Sum over acts announced in the month, + strengthens or tightens, - weakens or eases; a process counts once", "1"
    )
    cumulative: float = t.number("Running sum of flow", "1")
    acts: int = t.count("Acts in the stock, before those of one process are counted once")
    undocumented: int = t.count("Of them acts without status lines, counted from their own dates")
    opposed: int = t.count("Acts in opposed_stock")
    unknown: int = t.count("Acts in unknown_stock: their status row has ended and no text says what came after")
    announced: int = t.count("Acts in the flow, before those of one process are counted once")
    weightless: int = t.count("Acts announced in the month with weight 0: statements, company acts, steps of a case")

    class Config:
        title = "Policy stance"
        unique = ["month", "actor", "layer", "index", "basis", "weights", "as_of"]
        metadata = {"floor": "derived", "subject": "policy"}
