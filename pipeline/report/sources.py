"""Sources for readers: publisher, edition, licence, attribution and terms as Markdown, for the report and for releases."""

from pipeline.intake.lock import Lock, Source

REDISTRIBUTION = {
    "open": "open: its rows may be redistributed with the attribution",
    "facts": "facts: single figures are quoted with their source; read the publisher's terms before redistributing the whole",
    "restricted": "restricted: used in checks and derived figures only; its rows are not in releases",
}


def page(title: str, introduction: str, lock: Lock) -> str:
    """A Markdown page with one section a source, sorted by id."""
    parts = [f"# {title}", introduction, *(section(source_id, source) for source_id, source in sorted(lock.sources.items()))]
    return "\n\n".join(parts) + "\n"


def section(source_id: str, source: Source) -> str:
    """One source: title, the attribution to keep, identification and terms."""
    licence = f"[{source.licence}]({source.licence_url})" if source.licence_url else source.licence
    points = {
        "source_id": f"`{source_id}`",
        "publisher": source.publisher,
        "edition": source.edition,
        "licence": licence,
        "redistribution": REDISTRIBUTION[source.redistribution],
        "terms": source.terms,
        "from": place(source),
        "accessed": source.accessed,
    }
    return "\n".join(
        [f"## {source.title}", "", f"> {source.attribution}", "", *(f"- {name}: {said}" for name, said in points.items())]
    )


def place(source: Source) -> str:
    """The landing page as a link, or the folder of the project's repository that holds one of our own collections."""
    address = source.landing_page
    return f"<{address}>" if address.startswith("http") else f"`{address}` in the project's repository"
