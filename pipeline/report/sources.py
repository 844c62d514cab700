"""Sources for readers: publisher, edition, licence, attribution and terms as Markdown, for the report and for releases."""

import re

from pipeline.intake.lock import Lock, Source

# A name as code, such as `year`, is the one markup that words of a source may have.
CODE = re.compile(r"(?<![}`\\])`[\w .,:=/-]+`(?!`)")
# What begins other markup, HTML included, in a line of Markdown; a backslash makes it text.
MARKUP = re.compile(r"[\\`<\[\]$]|^[:#>~=+*-]")
WEB = re.compile(r"https?://[^\s<>\"'`()\\]+")
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
    linked = source.licence_url and WEB.fullmatch(source.licence_url)
    licence = f"[{text(source.licence)}]({source.licence_url})" if linked else text(source.licence)
    points = {
        "source_id": f"`{source_id}`",
        "publisher": text(source.publisher),
        "edition": text(source.edition),
        "licence": licence,
        "redistribution": REDISTRIBUTION[source.redistribution],
        "terms": text(source.terms),
        "from": place(source),
        "accessed": text(source.accessed),
    }
    title, attribution = text(source.title), text(source.attribution)
    return "\n".join([f"## {title}", "", f"> {attribution}", "", *(f"- {name}: {said}" for name, said in points.items())])


def text(said: str) -> str:
    """Words of sources.yml as one line of Markdown without markup: whoever contributes a source must not run a script."""
    line = " ".join(said.split())
    return "".join(
        part if CODE.fullmatch(part) else MARKUP.sub(lambda mark: f"\\{mark[0]}", part)
        for part in re.split(f"({CODE.pattern})", line)
    )


def place(source: Source) -> str:
    """The landing page as a link, or the folder of the project's repository that holds one of our own collections."""
    address = source.landing_page
    if WEB.fullmatch(address):
        return f"<{address}>"
    return (
        text(address)
        if address.startswith("http")
        else f"`{' '.join(address.replace('`', '').split())}` in the project's repository"
    )
