"""What is said of points that were left out as too dear, and of devices that are still at it at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fota_sim.analysis.answers.wording import count_of, listed, two_figures
from fota_sim.analysis.compare.limbo import StillAtIt
from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.analysis.sweep.dear import Dear
from fota_sim.scenario.metrics import METRICS

_FEWEST = 0.5
"""Devices in the mean of the replications from which on they are told."""
_AGAIN_AND_AGAIN = 2.0
"""Attempts from which on a device that is cut off by the horizon is no mere latecomer."""


def too_dear_text(found: Sequence[Dear], names: Mapping[str, str]) -> str:
    """Which points were left out and what they would waste; empty where none was. ``names``: by ids of points."""
    if not found:
        return ""
    first, *rest = sorted(found, key=lambda each: each.upgrades)
    unit = METRICS[first.metric].unit
    each = format_value(first.more / first.gained, unit)
    more = f"; left out likewise: {listed([names[other.id] for other in rest])}" if rest else ""
    return (
        f"Left out as too dear: {names[first.id]}, which upgrades {two_figures(first.gained)} more devices than "
        f"{names[first.instead_of]} and wastes {format_value(first.more, unit)} more, {each} for each, as much as "
        f"{two_figures(first.upgrades)} upgrades take{more}."
    )


def at_it_text(found: StillAtIt) -> str:
    """How many devices are still at it at the horizon, and after how many attempts; empty if hardly one has tried."""
    if found.devices < _FEWEST or found.attempts < _AGAIN_AND_AGAIN:
        return ""
    are = "is" if round(found.devices, 1) == 1 else "are"
    attempts = count_of(round(found.attempts), "attempt")
    return f"{count_of(found.devices, 'device')} {are} still at it at the end, after {attempts} each."
