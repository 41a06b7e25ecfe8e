"""Files outside docs/ that the site shows, and how a link in the tree becomes a link in the site."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
BORROWED = {
    "README.md": "overview.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "scenarios/library/README.md": "library.md",
}
"""Pages that live elsewhere, and their names in the site."""
FOLDERS = {"scenarios": "scenarios.md", "scenarios/library": "library.md"}
"""Pages that stand for a folder."""
_SERVED = ("scenarios/*.yaml", "scenarios/*.csv", "scenarios/library/*.yaml", "notebooks/*.ipynb")
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)(#[^)\s]*)?\)")


def served() -> list[str]:
    """Files that are in the site as they are, by their path in the tree."""
    return sorted(path.relative_to(ROOT).as_posix() for pattern in _SERVED for path in ROOT.glob(pattern))


def follow(markdown: str, source: str) -> str:
    """``markdown`` of the file ``source`` (its path in the tree), with its links as the site has them."""

    def site_link(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), found[1]))
        return f"]({site_path(target)}{found[2] or ''})"

    return _LINK.sub(site_link, markdown)


def site_path(target: str) -> str:
    """Where the site has the file or folder ``target`` of the tree; all pages are side by side."""
    if target.startswith("notebooks/"):
        return f"{posixpath.basename(target).removesuffix('.ipynb')}.md"
    return BORROWED.get(target) or FOLDERS.get(target) or target.removeprefix("docs/")


def scenarios_page() -> str:
    """Every shipped scenario: its question, what it teaches and where to look, from the head of the file."""
    more = len([*(ROOT / "scenarios" / "library").glob("*.yaml")])
    lines = [
        "# Scenarios",
        "",
        f"Each can be run as it is: `fota-sim run scenarios/NAME.yaml`. {more} more, each a trouble with its "
        "cure, are in the [library](library.md).",
    ]
    for path in sorted((ROOT / "scenarios").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        lines += ["", f"## [{path.name}](scenarios/{path.name})", ""]
        if question := re.search(r"^description: (.+)$", text, re.MULTILINE):
            lines += [f"*{question[1].strip()}*", ""]
        lines += _head(text)
    return "\n".join(lines) + "\n"


def _head(text: str) -> list[str]:
    """The comment at the top, a paragraph for each of its capital words (TEACHES, LOOK AT)."""
    comment: list[str] = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        comment.append(line.removeprefix("#").strip())
    told = " ".join(line for line in comment if not line.startswith("yaml-language-server"))
    return re.sub(r"\b(TEACHES|LOOK AT|FROM): ", lambda found: f"\n\n**{found[1].capitalize()}**: ", told).splitlines()
