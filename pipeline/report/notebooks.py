"""Notebooks executed on the tables: the same tables and text give the same bytes."""

import logging
import os
import tempfile
from pathlib import Path

import nbformat

from pipeline import files, paths
from pipeline.errors import ReoError

log = logging.getLogger("reo")
SECONDS_A_CELL = 300


class NotebookFailed(ReoError):
    """A notebook that fails; its last good version is kept."""


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
