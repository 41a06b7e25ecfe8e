"""Each notebook as a page, with what its cells were last seen to answer; a browser shows no .ipynb."""

from __future__ import annotations

import re
from pathlib import Path

from nbconvert import MarkdownExporter

ROOT = Path(__file__).parents[2]
_STYLE = re.compile(r"<style scoped>.*?</style>\n?", re.DOTALL)
"""Of pandas, against which tables of the site have their own."""
_MAGIC = re.compile(r"^%matplotlib inline\n", re.MULTILINE)


def page_names() -> dict[str, str]:
    """The page of each notebook, by the notebook's path in the tree."""
    return {path.relative_to(ROOT).as_posix(): f"{path.stem}.md" for path in sorted(ROOT.glob("notebooks/*.ipynb"))}


def notebook_page(source: str) -> tuple[str, dict[str, bytes]]:
    """The Markdown of a notebook, whose links are those of the tree, and its pictures by name."""
    stem = Path(source).stem
    text, resources = MarkdownExporter().from_filename(str(ROOT / source))
    pictures = {f"{stem}_{name}": data for name, data in resources["outputs"].items()}
    text = _MAGIC.sub("", _STYLE.sub("", text))
    head, _, rest = text.partition("\n\n")
    note = f"The notebook itself, to run and to change: [{Path(source).name}](../docs/{source})."
    return f"{head}\n\n{note}\n\n{rest}".replace("](output_", f"](../docs/{stem}_output_"), pictures
