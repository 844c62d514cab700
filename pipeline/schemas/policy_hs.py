from pipeline.schemas import table as t
from pipeline.schemas.vocabularies import SCOPE_SHARES


class PolicyHs(t.Table):
    """Customs codes an act touches. Never take the trade of a code as what the act covers: most items are narrower."""

    event_id: str = t.text("Act, a row of policy_events")
    hs6: str = t.hs6()
    nomenclature: str = t.vocabulary(
        "Edition of the Harmonized System; HS2017/HS2022 where code and goods are the same in both", ("HS2022", "HS2017/HS2022")
    )
    basis: str = t.vocabulary("Printed in the act, or assigned by us from its wording", ("printed", "assigned"))
    scope_share: str = t.vocabulary("Whether the act covers the goods of the code whole or in part", SCOPE_SHARES)
    note: str = t.text("Why this code, where it is not plain", nullable=True)

    class Config:
        title = "Customs codes of policy acts"
        unique = ["event_id", "hs6", "nomenclature"]
        metadata = {"floor": "tidy", "subject": "policy"}
