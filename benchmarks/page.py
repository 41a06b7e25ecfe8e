"""Measure, and put the figures into the documentation, with the commit that they are of.

    python benchmarks/page.py [SCRIPT ...] [--list]

In docs/*.md, figures stand between two comments, of which the first names the script and what it is given
(comparisons/blocks.py). Each of these is run, or only those of the scripts named, and what it prints takes the place of
what stood there. Commit first: figures of files that differ from the commit say so. Quiet machines give better figures.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from comparisons import script
from comparisons.blocks import Block, commit_of, pages, renewed

BENCHMARKS = Path(__file__).resolve().parent
ROOT = BENCHMARKS.parent
DOCS = ROOT / "docs"
QUICK = "segments"
"""The script that is run in the smallest form of this one."""


def measured(block: Block, more: Sequence[str] = ()) -> str:
    """What the block's command prints; raises SystemExit if it fails or does not say of which commit it is."""
    command = [sys.executable, str(BENCHMARKS / f"{block.name}.py"), *block.arguments, *more]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(f"benchmarks/{block.name}.py ended with {done.returncode}; its figures are left as they are")
    if not commit_of(done.stdout):
        raise SystemExit(
            f"benchmarks/{block.name}.py does not say of which commit it is; {DOCS} has to be in a repository"
        )
    return done.stdout.strip()


def renew(folder: Path, names: Sequence[str], more: Sequence[str] = ()) -> None:
    """Measure the blocks of these scripts, in all pages; each page is written as soon as one of its blocks is there."""
    for page, of_page in pages(folder).items():
        for wanted in of_page:
            if wanted.name not in names:
                continue
            print(f"{page.name}: {wanted.command} ...", file=sys.stderr, flush=True)
            figures = measured(wanted, more)

            def put(block: Block, wanted: Block = wanted, figures: str = figures) -> str:
                return figures if block.command == wanted.command else block.figures

            page.write_text(renewed(page.read_text(encoding="utf-8"), put), encoding="utf-8")


def try_out() -> None:
    """Renew a copy of the pages with the smallest form of one script."""
    with tempfile.TemporaryDirectory() as folder:
        for page in pages(DOCS):
            shutil.copy(page, folder)
        renew(Path(folder), [QUICK], [script.SMALLEST])
        print("\n".join(each.figures for page in pages(Path(folder)).values() for each in page if each.name == QUICK))


def main() -> None:
    """Renew what is asked for."""
    known = list(dict.fromkeys(block.name for of_page in pages(DOCS).values() for block in of_page))
    parser = script.parser(__doc__)
    parser.add_argument("scripts", nargs="*", metavar="SCRIPT", help=f"of {', '.join(known)}; all if none is named")
    parser.add_argument("--list", action="store_true", help="only say which figures are of which commit")
    asked = parser.parse_args()
    if strange := set(asked.scripts) - set(known):
        parser.error(f"no page has figures of {', '.join(sorted(strange))}; there are those of {', '.join(known)}")
    if asked.smallest:
        try_out()
    elif asked.list:
        for page, of_page in pages(DOCS).items():
            for block in of_page:
                print(f"{page.relative_to(ROOT)}: {block.command}: {commit_of(block.figures) or 'none yet'}")
    else:
        renew(DOCS, asked.scripts or known)


if __name__ == "__main__":
    main()
