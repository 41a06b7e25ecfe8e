"""What MkDocs calls: pages made from the code, pages from elsewhere in the tree, and links that lead there.

Made pages are not kept in the repository: they are made at every build, so they cannot be old.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from api_page import api_page
from cli_page import cli_page
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from notebook_pages import notebook_page, page_names
from results_page import results_page
from schema_page import schema_page
from tree import BORROWED, ROOT, follow, scenarios_page, served

MADE: dict[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "schema.md": schema_page,
    "results.md": results_page,
    "scenarios.md": scenarios_page,
    "python_api.md": api_page,
}
"""Pages by name, with what writes them."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what is made, what is borrowed, and the files that pages link to."""
    for name, write in MADE.items():
        files.append(File.generated(config, name, content=write()))
    for source, name in BORROWED.items():
        files.append(File.generated(config, name, content=(ROOT / source).read_text(encoding="utf-8")))
    for source, name in page_names().items():
        page, pictures = notebook_page(source)
        files.append(File.generated(config, name, content=page))
        for picture, data in pictures.items():
            files.append(File.generated(config, picture, content=data))
    for source in served():
        files.append(File.generated(config, source, abs_src_path=str(ROOT / source)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Make links that hold in the tree hold in the site."""
    borrowed = {name: source for source, name in [*BORROWED.items(), *page_names().items()]}
    name: str = page.file.src_uri
    if name in MADE:
        return markdown
    return follow(markdown, borrowed.get(name, f"docs/{name}"))
