"""What a sweep says of points that were left out as too dear, and of devices that are still at it at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fota_sim.analysis.answers.wording import count_of, listed, two_figures
from fota_sim.analysis.batch.gathering import Measures
from fota_sim.analysis.compare.limbo import still_at_it
from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.analysis.sweep.dear import Dear
from fota_sim.scenario.metrics import METRICS

_OF_ALL = 0.001
"""Share of the devices from which on it is told that so many are still at it."""


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


def still_at_it_text(runs: Sequence[Measures]) -> str:
    """How many devices of a point are still at it at the horizon, and after how many attempts."""
    found = still_at_it(runs)
    devices = sum(run["devices"].value or 0.0 for run in runs) / len(runs)
    if found.devices < _OF_ALL * devices:
        return ""
    are = "is" if round(found.devices, 1) == 1 else "are"
    attempts = count_of(round(found.attempts), "attempt")
    return f"{count_of(found.devices, 'device')} {are} still at it at the end, after {attempts} each."
