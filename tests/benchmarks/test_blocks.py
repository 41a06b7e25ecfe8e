"""Figures in pages: made by the command that stands above them, and of a commit that they name."""

from __future__ import annotations

from pathlib import Path

import pytest
from comparisons.blocks import Block, blocks, commit_of, pages, renewed

ROOT = Path(__file__).parents[2]
SCRIPTS = {path.stem for path in (ROOT / "benchmarks").glob("*.py")}
WITHOUT_FIGURES = {"digests", "fuzz", "page", "twins"}
"""Scripts that measure nothing: the one that writes figures into pages, and a hunt."""
ALL = [(page.name, block) for page, of_page in pages(ROOT / "docs").items() for block in of_page]

PAGE = """# A page

By hand.

<!-- figures: sweep --points 3 -->

* Of commit 0123456789ab (fota-sim 0.1.0)

<!-- end of figures -->

Between.
<!-- figures: workers -->
<!-- end of figures -->
"""


@pytest.mark.parametrize(("page", "block"), ALL, ids=[f"{page}: {block.command}" for page, block in ALL])
def test_figures_name_the_commit_and_the_command_that_they_are_of(page: str, block: Block) -> None:
    assert commit_of(block.figures), f"docs/{page}: python benchmarks/page.py {block.name}"
    command = " ".join(["python", f"benchmarks/{block.name}.py", *block.arguments])
    assert f"`{command}`" in block.figures, f"docs/{page} has figures of another command than {command}"


def test_every_benchmark_has_its_figures_in_a_page() -> None:
    assert {block.name for _, block in ALL} == SCRIPTS - WITHOUT_FIGURES


def test_a_block_has_its_script_and_what_that_is_given() -> None:
    first, second = blocks(PAGE)
    assert (first.name, first.arguments) == ("sweep", ["--points", "3"])
    assert commit_of(first.figures) == "0123456789ab"
    assert (second.name, second.arguments, second.figures) == ("workers", [], "")


def test_new_figures_leave_everything_else_as_it_is() -> None:
    new = renewed(PAGE, lambda block: "* of today" if block.name == "workers" else block.figures)
    assert [block.figures for block in blocks(new)] == ["* Of commit 0123456789ab (fota-sim 0.1.0)", "* of today"]
    assert new.startswith("# A page\n\nBy hand.\n\n<!-- figures: sweep --points 3 -->\n\n* Of commit")
    assert "\n\nBetween.\n<!-- figures: workers -->\n" in new
    assert renewed(new, lambda block: block.figures) == new


def test_figures_of_a_changed_tree_say_so_and_still_name_the_commit() -> None:
    assert commit_of("* Of commit 0123456789ab+changes (fota-sim 0.1.0)") == "0123456789ab"
    assert commit_of("* Of commit unknown (fota-sim 0.1.0)") == ""


@pytest.mark.parametrize(
    ("page", "line"),
    [
        ("text\n<!-- figures: sweep -->\n", "line 2: figures begin and do not end"),
        ("<!-- end of figures -->\n", "line 1: figures end that did not begin"),
        ("<!-- figures: sweep -->\n<!-- figures: workers -->\n", "line 2: figures begin within"),
    ],
)
def test_a_block_that_is_not_whole_is_an_error_with_its_line(page: str, line: str) -> None:
    with pytest.raises(ValueError, match=line):
        renewed(page, lambda block: block.figures)
