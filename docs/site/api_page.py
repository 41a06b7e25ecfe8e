"""python_api.md: everything that is public in Python, for mkdocstrings to fill in from the docstrings."""

from __future__ import annotations

import fota_sim

INTRODUCTION = """# In Python

Made from the docstrings; the examples in it are run by the tests. What stands here is public, and nothing else;
`import fota_sim as fs`, and Tab after `fs.` lists it. [From Python](python.md) shows how it goes together."""


def public() -> list[tuple[str, str]]:
    """Every public name, and where its docstring stands, in the order of the reference."""
    found = []
    for name in fota_sim.__all__:
        if name != "__version__":
            value = getattr(fota_sim, name)
            found.append((name, f"{value.__module__}.{value.__qualname__}"))
    return found


def api_page() -> str:
    """The page, in Markdown with the directives of mkdocstrings."""
    parts = [f"::: {place}\n    options: {{heading: fs.{name}, toc_label: fs.{name}}}" for name, place in public()]
    return "\n\n".join([INTRODUCTION, *parts]) + "\n"
