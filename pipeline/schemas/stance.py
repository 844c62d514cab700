"""The stance of policy: weights of instruments, stock and flow by month, and what the index hangs on."""

from pipeline.schemas import table as t
from pipeline.schemas.policy import INSTRUMENTS, LAYERS

INDICES = ("own_layer", "foreign_supply")
BASES = ("high_confidence", "official", "all")
WEIGHTS = ("rubric", "equal")
SERIES = (
    "china_export_control",
    "china_export_control_foreign_supply",
    "china_cooperation",
    "china_industrial_policy",
    "others_diversification",
)


class InstrumentWeights(t.Table):
    """Weight of each instrument in the stance index. Ours, open to argument: change the file and build again."""

    instrument: str = t.vocabulary("By what means an act works", INSTRUMENTS)
    weight: float = t.number("0 words, 1 intent, 2 conditions, 3 amounts and money, 4 bans, ownership, know-how", "1", ge=0, le=4)
    why: str = t.text("The reason in a few words")

    class Config:
        title = "Weights of instruments"
        unique = ["instrument"]
        metadata = {"floor": "tidy"}


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
    as_of: str = t.partial_date("Only documents dated by this day are heard")
    stock: float = t.number(
        "Sum of weights of measures in force on the month's last day that do not weaken their layer (own_layer) or that tighten "
        "(foreign_supply); a process counts once, by its heaviest",
        "1",
        ge=0,
    )
    opposed_stock: float = t.number("The same of measures in force that weaken or ease; not taken from stock", "1", ge=0)
    unknown_stock: float = t.number("What the stock would gain if measures of unknown status were in force", "1", ge=0)
    flow: float = t.number(
        "Sum over acts announced in the month, + strengthens or tightens, - weakens or eases; a process counts once", "1"
    )
    cumulative: float = t.number("Running sum of flow", "1")
    acts: int = t.count("Acts behind the stock, before those of one process are counted once")
    undocumented: int = t.count("Of them acts without status lines, counted from their own dates")
    opposed: int = t.count("Acts behind opposed_stock")
    unknown: int = t.count("Acts behind unknown_stock: their line has run out and no text says what came after")
    announced: int = t.count("Acts behind the flow, before those of one process are counted once")
    weightless: int = t.count("Acts announced in the month with weight 0: statements, company acts, steps of a case")

    class Config:
        title = "Policy stance"
        unique = ["month", "actor", "layer", "index", "basis", "weights", "as_of"]
        metadata = {"floor": "derived", "method": "policy-stance"}


class PolicyStanceSensitivity(t.Table):
    """What the stock of the headline series hangs on: each series against itself with one choice changed, month by month."""

    series: str = t.vocabulary("Headline series", SERIES)
    variant: str = t.text(
        "What is changed: equal_weights, without_<instrument>, coder_1, coder_2 (their codes), first_day (dates known to the "
        "month or year at their first day), basis_official, basis_all",
        str_matches=r"^(equal_weights|without_[a-z_]+|coder_[12]|first_day|basis_(official|all))$",
    )
    index: str = t.vocabulary("Index of the series", INDICES)
    as_of: str = t.partial_date("Only documents dated by this day are heard")
    months: int = t.count("Months compared, from the first in which either stock is above 0")
    rank_correlation: float = t.number(
        "Spearman's rank correlation of the two stocks, null where one never changes",
        "1",
        ge=-1 - 1e-9,
        le=1 + 1e-9,
        nullable=True,
    )
    largest_change: float = t.number(
        "Stock of the variant less that of the series, where they differ most (first such month)", "1"
    )
    largest_change_month: str = t.month("That month")
    largest_change_of_peak: float = t.number(
        "The largest difference when each stock is divided by its own peak, null where the variant is 0 throughout",
        "1",
        nullable=True,
    )
    peak: float = t.number("Largest stock of the series", "1", ge=0)
    peak_month: str = t.month("First month of the series' peak")
    variant_peak: float = t.number("Largest stock of the variant", "1", ge=0)
    variant_peak_month: str = t.month("First month of the variant's peak, null where it is 0 throughout", nullable=True)

    class Config:
        title = "Sensitivity of the policy stance"
        unique = ["series", "variant"]
        metadata = {"floor": "derived", "method": "policy-stance"}
