"""The policy register as of a day, over the built tables."""

import pandas as pd

from pipeline import catalog
from pipeline.measures.helpers.register_as_of import register_as_of


def policy_register(as_of: str, on: str | None = None) -> pd.DataFrame:
    """The acts of policy_events with their status as documents dated by `as_of` gave it: transaction time.

    `on`, valid time, asks for the status on a day before `as_of`. docs/policy-coding.md defines the terms,
    `pipeline.measures.helpers.register_as_of` the rules. Raises NoSuchTable, and ReoError for an invalid date.

        policy_register(as_of="2025-10-15")
        policy_register(as_of="2026-11-24", on="2025-10-15")
    """
    return register_as_of(catalog.load_table("policy_events"), catalog.load_table("policy_status"), as_of, on)
