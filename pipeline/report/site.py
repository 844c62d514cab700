"""The report: notebooks executed on the tables, and the site built from them, readable from a folder without a network."""

import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from pipeline import catalog, files, paths
from pipeline.errors import ReoError
from pipeline.intake import lock
from pipeline.report import charts, dictionary, sources
from pipeline.schemas import table as t

log = logging.getLogger("reo")
SECONDS_A_CELL = 300


class NotebookFailed(ReoError):
    """A notebook that fails; its last good version is kept."""


class SiteFailed(ReoError):
    """A report that does not build without a warning; the last good one is kept."""


def execute(notebook: Path, target: Path) -> None:
    """Run a notebook with the current interpreter and store it with its outputs.

    The same tables and text give the same bytes: no timestamps, fixed metadata.
    Raises NotebookFailed naming notebook, cell and exception.
    """
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    document: nbformat.NotebookNode = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    number = 0

    def at(cell: nbformat.NotebookNode, cell_index: int) -> None:
        nonlocal number
        number = cell_index + 1

    log.info("notebook %s: %d cells to run", notebook.stem, sum(cell.cell_type == "code" for cell in document.cells))
    environment = {**os.environ, "REO_DATA": str(paths.data().resolve()), "PYTHONHASHSEED": "0", "TZ": "UTC"}
    with tempfile.TemporaryDirectory() as sockets:
        # No kernel folders: another kernel registered under the same name must not replace this interpreter.
        kernel = AsyncKernelManager(
            kernel_name="python3", transport="ipc", ip=f"{sockets}/kernel", kernel_spec_manager=KernelSpecManager(kernel_dirs=[])
        )
        client = NotebookClient(
            document,
            km=kernel,
            timeout=SECONDS_A_CELL,
            record_timing=False,
            on_cell_start=at,
            extra_arguments=["--HistoryManager.enabled=False", "--InteractiveShell.colors=nocolor"],
            resources={"metadata": {"path": str(notebook.parent)}},
        )
        try:
            client.execute(env=environment, cleanup_kc=True)
        except CellExecutionError as error:
            problem = f"notebook {notebook.name}, cell {number}: {error.ename}: {error.evalue}"
            raise NotebookFailed(
                problem, f"correct that cell (open it with `reo notebooks`); the last good {target.name} is kept"
            ) from error
        except (CellTimeoutError, DeadKernelError, RuntimeError) as error:
            problem = (
                f"notebook {notebook.name}, cell {number}: its Python process did not start, ended or ran over {SECONDS_A_CELL} s"
            )
            raise NotebookFailed(problem, "check the free memory, make the cell faster, then run `reo build` again") from error
    kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    document.metadata = nbformat.from_dict({"kernelspec": kernelspec, "language_info": {"name": "python"}})  # type: ignore[no-untyped-call]
    text = f"{nbformat.writes(document)}\n"  # type: ignore[no-untyped-call]
    files.replace(target, lambda part: part.write_text(text, "utf-8"))


def build_site(executed: list[Path], target: Path) -> None:
    """Build the site from executed notebooks, docs/, the table classes and the sources' terms; it replaces the last one whole.

    Raises SiteFailed with every Sphinx warning: a missing value or a dead link is one.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".report-") as folder:
        pages, site = Path(folder) / "pages", Path(folder) / "site"
        _write_pages(executed, pages, data_docs=target.parent / "data_docs" / "index.html")
        command = [
            sys.executable,
            "-m",
            "sphinx",
            "--builder",
            "html",
            "--fail-on-warning",
            "--keep-going",
            "--quiet",
            "--no-color",
        ]
        environment = {**os.environ, "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        done = subprocess.run(
            [*command, "-d", str(Path(folder) / "doctrees"), str(pages), str(site)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            warnings = (done.stderr or done.stdout).replace(f"{pages}/", "").strip()
            raise SiteFailed(
                f"the report does not build:\n{warnings}", f"correct what is named; the last good report is kept in {target}"
            )
        (site / ".buildinfo").unlink(missing_ok=True)
        files.replace_folder(site, target)


def _write_pages(executed: list[Path], pages: Path, data_docs: Path) -> None:
    shutil.copytree(paths.REPOSITORY / "notebooks" / "_static", pages / "_static")
    shutil.copyfile(paths.REPOSITORY / "notebooks" / "conf.py", pages / "conf.py")
    (pages / "_static" / "vega.js").write_text(charts.vega_bundle(), "utf-8")
    for notebook in executed:
        shutil.copyfile(notebook, pages / notebook.name)
    methods = sorted((paths.REPOSITORY / "docs" / "methods").glob("*.md"))
    (pages / "methods").mkdir()
    for method in methods:
        (pages / "methods" / method.name).write_text(_within_report(method), "utf-8")
    written = {
        "data-dictionary": dictionary.markdown(),
        "sources": sources_page(),
        "index": _index_page([n.stem for n in executed], bool(methods), data_docs),
    }
    if methods:
        written["methods/index"] = _methods_page([m.stem for m in methods])
    for name, text in written.items():
        (pages / f"{name}.md").write_text(text, "utf-8")


def _within_report(method: Path) -> str:
    """A method page whose links to repository files, which are not pages of the report, become the files' paths."""

    def path(link: re.Match[str]) -> str:
        file = (method.parent / link[2]).resolve()
        return f"{link[1]} (`{file.relative_to(paths.REPOSITORY).as_posix()}`)"

    return re.sub(r"\[([^\]]+)\]\((\.\./[^)\s]+)\)", path, method.read_text("utf-8"))


def _index_page(notebooks: list[str], methods: bool, data_docs: Path) -> str:
    parts = [(paths.REPOSITORY / "notebooks" / "index.md").read_text("utf-8").strip()]
    listed = [*notebooks, *(["methods/index"] if methods else []), "data-dictionary", "sources"]
    parts.append("```{toctree}\n:maxdepth: 1\n\n" + "\n".join(listed) + "\n```")
    rows = [
        f"| `{name}` | {catalog.row_count(name):,} | {', '.join(t.key(table))} | {t.title(table)} |"
        for name, table in catalog.tables().items()
        if catalog.parquet_path(name).is_file()
    ]
    parts.append("## Tables\n\n| table | rows | key | content |\n| --- | ---: | --- | --- |\n" + "\n".join(rows))
    if data_docs.is_file():
        parts.append(
            "## Checks\n\nWhat was checked, the results, and what each failure would mean: "
            '<a href="../data_docs/index.html">Data Docs</a> (next to the report where it was built; not part of a release).'
        )
    return "\n\n".join(parts) + "\n"


def _methods_page(names: list[str]) -> str:
    intro = "# Methods\n\nThe formula of each derived table, its source, and an example computed by hand."
    return intro + "\n\n```{toctree}\n:maxdepth: 1\n\n" + "\n".join(names) + "\n```\n"


def sources_page() -> str:
    """Every source with its licence, attribution and terms, as Markdown."""
    introduction = "Keep the quoted attribution with every figure. `redistribution` says what may be passed on."
    return sources.page("Sources and their terms", introduction, lock.read())
