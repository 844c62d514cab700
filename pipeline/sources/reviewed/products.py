"""Traded goods: what each code is, and its Chinese export control."""

import pandas as pd

from pipeline.intake import transcribed
from pipeline.intake.source_files import SourceFiles


def products(reviewed: SourceFiles) -> pd.DataFrame:
    """Traded goods as reviewed: material, stage, group and Chinese export control. Raises SourceError for a changed layout."""
    nullable = ("group", "elements", "controlled_since", "control", "hs92", "hs2017")
    columns = ["hs6", "nomenclature", "title", "material", "stage", "treatment", *nullable]
    return transcribed.text(reviewed.path("products.csv"), columns, nullable)
