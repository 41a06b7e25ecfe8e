"""What all benchmark scripts have in common: a flag for their smallest form, and where their figures come from."""

from __future__ import annotations

import argparse

from comparisons import machine
from comparisons.measure import Table

SMALLEST = "--smallest"
"""Every script takes it, and then runs all of its code on as little as that takes; so every change is tried on it."""
_NO_FIGURES = "The smallest form: it shows that the script runs. These are no figures."


def parser(doc: str) -> argparse.ArgumentParser:
    """A command line that shows the script's own docstring as its help, and has ``smallest``."""
    made = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument(SMALLEST, action="store_true", help="only show that the script runs, in a minute at most")
    return made


def begin(smallest: bool) -> None:
    """Print of what the figures are that follow: machine, versions, commit, command."""
    print(machine.described(), flush=True)
    if smallest:
        print(f"\n{_NO_FIGURES}", flush=True)


def show(table: Table) -> None:
    """Print one table of figures as Markdown."""
    print(f"\n{table.markdown()}", flush=True)
