"""The notebooks: a page each with its text, its code and what it gave when it was executed, and the file to run."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from pipeline import paths
from pipeline.report import markdown, outputs
from pipeline.report.layout import Page
from pipeline.report.tables import Tables


@dataclass(frozen=True)
class Part:
    """One part of a notebook's page: `text`, `code`, `table` and `result` as they are, `chart` as the path of its SVG."""

    kind: str
    content: Markup | str
    number: int


def parts(cells: list[Mapping[str, Any]], stem: str) -> tuple[list[Part], dict[str, str]]:
    """A notebook's cells in order, without its title, and its charts by path: as pictures of their own they can run nothing."""
    found: list[Part] = []
    charts: dict[str, str] = {}
    number = 0
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            words = source if found else re.sub(r"^# .*\n?", "", source, count=1, flags=re.MULTILINE)
            found.append(Part("text", markdown.to_html(words), number))
        elif cell["cell_type"] == "code" and source.strip():
            number += 1
            found.append(Part("code", source, number))
            for output in outputs.outputs(cell):
                if output.kind == "chart":
                    path = f"notebook/{stem}-{len(charts) + 1}.svg"
                    charts[path] = str(output.content)
                    found.append(Part("chart", path, number))
                else:
                    found.append(Part({"text": "result"}.get(output.kind, output.kind), output.content, number))
    return found, charts


def title(cells: list[Mapping[str, Any]], otherwise: str) -> str:
    """The first heading of a notebook."""
    headings = (re.search(r"^# (.+)$", "".join(cell["source"]), re.MULTILINE) for cell in cells)
    first = next(headings, None)
    return first[1] if first else otherwise


def pages(tables: Tables) -> list[Page]:
    """A page a notebook, and their list. A notebook that has not been executed is shown without outputs."""
    made, listed = [], []
    for file in sorted(paths.notebooks().glob("*.ipynb")):
        text = file.read_text("utf-8")
        executed = paths.executed() / file.name
        cells = json.loads(executed.read_text("utf-8") if executed.is_file() else text).get("cells", [])
        name = title(cells, file.stem.replace("_", " "))
        path = f"notebook/{file.stem}.html"
        shown, charts = parts(cells, file.stem)
        values = {"parts": shown, "file": file.name, "executed": executed.is_file()}
        listed.append((path, name, f"notebook/{file.name}"))
        made.append(Page(path, name, "notebook.html.jinja", values, files={f"notebook/{file.name}": text, **charts}))
    return [Page("notebooks.html", "Notebooks", "notebooks.html.jinja", {"notebooks": listed}), *made]
