"""Commands and examples in pages fit the box that the site shows them in: nobody has to scroll for a comment."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fota_sim.cli.console import WIDTH

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
FENCED = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
IN_ONE_GO = "python3 -m venv .venv && "
"""Of the README: one command each, to be copied as one."""
PRINTED = re.compile(r"^Measured, `fota-sim .*?^```\n.*?^```", re.MULTILINE | re.DOTALL)
"""What a command prints, whose tables are as wide as they are."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_lines_of_examples_fit_their_box(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    written = PRINTED.sub("", text)
    lines = [line for block in FENCED.findall(written) for line in block.splitlines()]
    lines += re.findall(r"(?<=\n\n)    \S.*", written)
    assert [line for line in lines if len(line) > WIDTH and not line.startswith(IN_ONE_GO)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_says_what_it_is_for_before_it_shows_code(page: Path) -> None:
    _, _, rest = page.read_text(encoding="utf-8").partition("# ")
    first = rest.partition("\n")[2].lstrip()
    assert not first.startswith(("```", "    ", "|"))
