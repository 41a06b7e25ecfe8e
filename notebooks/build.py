"""Execute notebooks in place: ``python notebooks/build.py [NAME.ipynb...]``, all of them without a name.

What a run leaves behind by chance is taken out (times, machine, versions), so that a second run changes nothing. A
notebook that fails, or that warns, is left as it was.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).resolve().parent
MOST_S = 600
"""For one cell: the first run on a machine compiles the rules."""
EMPTIED = {"text/plain": ""}
"""What a progress bar leaves, which only comes if a cell takes a while."""


def build(path: Path) -> None:
    """Execute one notebook and write it back; raises what a cell raises."""
    notebook = nbformat.read(path, nbformat.NO_CONVERT)
    NotebookClient(notebook, timeout=MOST_S, kernel_name="python3", resources={"metadata": {"path": HERE}}).execute()
    settle(notebook)
    nbformat.validate(notebook)
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def settle(notebook: nbformat.NotebookNode) -> None:
    """Take out what is not the same in every run; raises ValueError for a cell that wrote to stderr."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        cell.metadata = {}
        if "outputs" in cell:
            cell.outputs = [output for output in cell.outputs if output.get("data") != EMPTIED]
        for output in cell.get("outputs", ()):
            if output.get("name") == "stderr":
                raise ValueError(f"cell {number} warns: {output.text}")


def main() -> None:
    """Build those that are named, or all."""
    for path in [HERE / name for name in sys.argv[1:]] or sorted(HERE.glob("*.ipynb")):
        print(path.name)
        build(path)


if __name__ == "__main__":
    main()
