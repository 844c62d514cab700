"""The texts that figures and acts were read from."""

import pandas as pd

from pipeline.intake import transcribed
from pipeline.intake.source_files import SourceFiles


def documents(documents: SourceFiles) -> pd.DataFrame:
    """The texts figures and acts were read from, one row a text. Raises SourceError for a changed layout."""
    columns = ["document_id", "title", "url", "publisher", "kind", "published_on", "accessed_on", "source_id", "origin_url"]
    return transcribed.text(documents.path("documents.csv"), columns, ("publisher", "kind", "published_on", "origin_url"))
