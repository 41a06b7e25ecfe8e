"""Where the time went, and how much memory it took."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from fota_sim.cli.console import columns

PHASES = {
    "scenario": "reading and checking the scenario",
    "fleet": "drawing the fleet",
    "compile": "compiling rules, or loading them compiled",
    "loop": "playing",
    "measure": "counting and measuring",
    "tables": "making tables",
    "write": "writing tables",
}


def timings_text(phases_s: Mapping[str, float]) -> str:
    """One line a phase, summed over replications, and the peak of memory where the system tells it."""
    known = [phase for phase in PHASES if phase in phases_s]
    others = [phase for phase in phases_s if phase not in PHASES]
    rows = [(phase, f"{phases_s[phase]:.2f} s", PHASES.get(phase, "")) for phase in (*known, *others)]
    return columns([*rows, *_memory()], right=frozenset({1}))


def _memory() -> list[tuple[str, str, str]]:
    try:
        import resource
    except ImportError:  # not on Windows
        return []
    unit_B = 1 if sys.platform == "darwin" else 1024  # getrusage(2) of either
    rows = []
    for who, what in ((resource.RUSAGE_SELF, "most at once"), (resource.RUSAGE_CHILDREN, "most at once in a worker")):
        most_B = resource.getrusage(who).ru_maxrss * unit_B
        if most_B:
            rows.append(("memory", f"{most_B / 1e6:,.0f} MB", what))
    return rows
