"""Every expectation of the finished tables: a module a subject, each expectation declared on the function that judges it.

To add one, write a function with the decorator `expectation` in the module of its subject.
"""

from pipeline.quality.expectation import DECLARED
from pipeline.quality.expectations import keys_and_bounds, policy, production, references, supply_risk, trade

__all__ = ["EXPECTATIONS", "keys_and_bounds", "policy", "production", "references", "supply_risk", "trade"]

EXPECTATIONS = tuple(DECLARED)
