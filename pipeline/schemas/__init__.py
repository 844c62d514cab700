"""One class a table: its only declaration. `table` is what a table class is, `contract` holds frames to it.

To add a table, add a class to the module of its subject here; the catalog finds it by itself.
"""

import importlib
import pkgutil


def load_all() -> None:
    """Import every module here, so that every table class exists."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
