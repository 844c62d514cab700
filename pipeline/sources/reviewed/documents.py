"""The texts that figures and acts were read from."""

import pandas as pd

from pipeline import dates
from pipeline.intake import lock, transcribed, words
from pipeline.intake.source_files import SourceFiles
from pipeline.schemas.vocabularies import KINDS_OF_DOCUMENT

ADDRESS = r"https?://[^\s/]+\.[^\s/]+(/\S*)?"


def documents(documents: SourceFiles) -> pd.DataFrame:
    """The texts figures and acts were read from, one row a text. Raises SourceError for a changed layout."""
    columns = ["document_id", "title", "url", "publisher", "kind", "published_on", "accessed_on", "source_id", "origin_url"]
    file = documents.path("documents.csv")
    frame = transcribed.text(file, columns, ("publisher", "kind", "published_on", "origin_url"))
    filled = frame.fillna("")
    odd = ~filled["document_id"].str.fullmatch("[a-z0-9]+(-[a-z0-9]+)*")
    transcribed.refuse(file, filled, "document_id", odd, "is not a short name", "use small letters and digits joined by hyphens")
    twice = filled["document_id"].str.replace("-", "").duplicated()
    transcribed.refuse(file, filled, "document_id", twice, "is another text's, hyphens aside", "name it otherwise")
    transcribed.one_of(file, filled, "kind", ("", *KINDS_OF_DOCUMENT))
    transcribed.one_of(file, filled, "source_id", tuple(lock.read().sources))
    for column in ("url", "origin_url"):
        wrong = (
            filled[column].str.contains(r"://|^www\.|^\S+\.\S+$")
            & ~filled[column].str.fullmatch(ADDRESS)
            & (filled[column] != "")
        )
        remedy = "write the whole address, from https:// on; for a text without one write in words where it is"
        transcribed.refuse(file, filled, column, wrong, "is not an address", remedy)
    words.check_dates(file, filled, "published_on", also=("",))
    words.check_dates(file, filled, "accessed_on")
    words.no_later(file, filled, "accessed_on", lock.latest_day(), "today")
    late = dates.after(filled["published_on"], filled["accessed_on"])
    transcribed.refuse(file, filled, "published_on", late, "is after accessed_on", "correct one of the two dates")
    return frame
