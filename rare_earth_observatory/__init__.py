"""Read a release of the Rare Earth Observatory: tables, what they mean, where words occur, the policy register as of a day.

    from rare_earth_observatory import load_table
    load_table("export_concentration", release="0.1.0", year=2024, hs6="850511")

A release is named by version, folder, archive or address (`pipeline.released`); without one, `REO_RELEASE` names it.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import ReoError
from pipeline.released import TYPES, Release, open_release

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["describe", "load_table", "open_release", "policy_register", "search"]
Where = str | Path | None


def load_table(table_name: str, *, release: Where = None, **filters: Any) -> "pd.DataFrame":
    """A table of a release, or those of its rows that have certain values; None stands for rows without one.

    Raises ReoError for an unknown release, table or column, and for bytes that are not those released.
    """
    return _opened(release).table(table_name, **filters)


def describe(table_name: str, *, release: Where = None) -> "pd.DataFrame":
    """The columns of a table with type, unit and meaning; `attrs` has its title, what a row is, its key and sources."""
    import pandas as pd

    resource = _opened(release).resource(table_name)
    rows = [
        {"column": f["name"], "type": TYPES[f["type"]], "unit": f.get("unit", ""), "meaning": f["description"]}
        for f in resource["schema"]["fields"]
    ]
    described = pd.DataFrame(rows)
    described.attrs = {
        "title": resource["title"],
        "description": resource["description"],
        "key": resource["schema"]["primaryKey"],
        "sources": [source["title"] for source in resource["sources"]],
    }
    return described


def search(words: str, *, release: Where = None) -> "pd.DataFrame":
    """Where all of some words occur, in any case: tables, columns, acts of the register, documents. Columns: kind, name, text."""
    import pandas as pd

    opened = _opened(release)
    asked = words.lower().split()
    found = [("table", name, f"{r['title']}. {r['description']}") for name, r in opened.resources.items()]
    found += [
        ("column", f"{name}.{f['name']}", f["description"]) for name, r in opened.resources.items() for f in r["schema"]["fields"]
    ]
    acts, documents = opened.table("policy_events"), opened.table("documents")
    found += list(zip(["act"] * len(acts), acts["event_id"], acts["title"] + ". " + acts["summary"].fillna(""), strict=True))
    found += list(zip(["document"] * len(documents), documents["document_id"], documents["title"].fillna(""), strict=True))
    hits = [row for row in found if asked and all(word in f"{row[1]} {row[2]}".lower() for word in asked)]
    return pd.DataFrame(hits, columns=["kind", "name", "text"], dtype="str")


def policy_register(as_of: str, on: str | None = None, *, release: Where = None) -> "pd.DataFrame":
    """The acts with their status as documents dated by `as_of` gave it, on the day `on` (by default the same).

    `pipeline.measures.helpers.register_as_of` has the rules. Raises ReoError for an invalid day.
    """
    from pipeline.measures.helpers.register_as_of import register_as_of

    opened = _opened(release)
    return register_as_of(opened.table("policy_events"), opened.table("policy_status"), as_of, on)


def _opened(release: Where) -> Release:
    named = release or os.environ.get("REO_RELEASE")
    if not named:
        remedy = 'name one, such as load_table("production", release="0.1.0"), or let REO_RELEASE name it'
        raise ReoError("no release is named", remedy)
    return open_release(named)
