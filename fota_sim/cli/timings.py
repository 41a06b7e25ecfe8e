"""Where the time went, and how much memory it took."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from time import perf_counter
from typing import TYPE_CHECKING

from fota_sim.cli import BEGAN_S
from fota_sim.cli.console import columns

if TYPE_CHECKING:
    from fota_sim.experiment.turns import Dealt

PHASES = {
    "libraries": "loading libraries",
    "scenario": "reading and checking the scenario",
    "manifest": "noting down what is run: scenario, versions, commit",
    "compile": "compiling rules, or loading them compiled",
    "fleet": "drawing the fleet",
    "arrivals": "finding out when each device first comes",
    "loop": "playing",
    "tables": "making tables",
    "write": "writing tables",
    "measure": "counting and measuring, while tables are written",
}


def timings_text(phases_s: Mapping[str, float], processes: bool, dealt: Dealt | None) -> str:
    """One line a phase, summed over replications, the whole command, and the most memory if the system tells it.

    And in how many parts each replication was played, or what its devices share. ``processes``: whether replications
    were played in others than this one.
    """
    known = [phase for phase in PHASES if phase in phases_s]
    others = [phase for phase in phases_s if phase not in PHASES]
    rows = [(phase, f"{phases_s[phase]:.2f} s", PHASES.get(phase, "")) for phase in (*known, *others)]
    rows.append(("command", f"{perf_counter() - BEGAN_S:.2f} s", "all of it until here, by the clock"))
    return columns([*rows, *_parts(dealt), *_memory(processes)], right=frozenset({1}))


def _parts(dealt: Dealt | None) -> list[tuple[str, str, str]]:
    if dealt is None:
        return []
    what = f"in one piece: {dealt.why_whole}" if dealt.why_whole else "of the fleet, whose devices share nothing"
    return [("parts", str(dealt.parts), what)]


def _memory(processes: bool) -> list[tuple[str, str, str]]:
    try:
        import resource
    except ImportError:  # not on Windows
        return []
    unit_B = 1 if sys.platform == "darwin" else 1024  # getrusage(2) of either
    asked = {resource.RUSAGE_SELF: "most at once"}
    if processes:
        asked[resource.RUSAGE_CHILDREN] = "most at once in a worker"
    return [
        ("memory", f"{resource.getrusage(who).ru_maxrss * unit_B / 1e6:,.0f} MB", what) for who, what in asked.items()
    ]
