"""Where devices go on the way from the fleet to the new firmware: who is lost at which step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fota_sim.rules.codes import LISTED
from fota_sim.rules.labels import CAUSES
from fota_sim.scenario.metrics import OUTCOME_WORDS

LISTED_OUT, UPGRADED = "listed_out", "upgraded"
_LOST = (
    "already_on_target",
    LISTED_OUT,
    "unreachable",
    "not_offered",
    "refused",
    "cancelled",
    "in_progress",
    "failed",
    "bricked",
    "rolled_back",
)
LOSSES = {name: OUTCOME_WORDS.get(name, name.replace("_", " ")) for name in _LOST} | {LISTED_OUT: "kept out by a list"}
"""Where devices are lost, in the order of a device's life, and what it is called: outcomes by their own words, but that
lists have a step of their own."""


class Step(NamedTuple):
    """A step of the funnel."""

    name: str
    """Of ``LOSSES``, or ``UPGRADED``; '' for the whole fleet."""
    label: str
    devices: float
    left: float
    """Devices that are left after it."""
    share: float
    """Of the fleet; a ratio of whole numbers, so that it is rounded as tables round it."""

    @property
    def begins(self) -> float:
        """Where its bar begins: a loss hangs where the bar before it ends."""
        return self.left if self.name in LOSSES else 0.0


def outcome_of(step: str) -> str:
    """The outcome that devices of a step have."""
    return "not_offered" if step == LISTED_OUT else step


def funnel_counts(rows: Iterable[tuple[str, str, int]]) -> dict[str, int]:
    """Devices of every step of ``LOSSES`` and of ``UPGRADED``, from rows of outcome, cause and devices."""
    counts = dict.fromkeys([*LOSSES, UPGRADED], 0)
    for outcome, cause, devices in rows:
        listed = outcome == "not_offered" and CAUSES.index(cause) in LISTED
        counts[LISTED_OUT if listed else outcome] += devices
    return counts


def funnel_steps(devices: float, rows: Iterable[tuple[str, str, int]], replications: int) -> list[Step]:
    """From the whole fleet through every loss down to the upgraded, means over the replications.

    ``devices``: of a replication; ``rows``: outcome, cause and devices of all replications together. Losses add up to
    the rest of the fleet.
    """
    counts = funnel_counts(rows)
    whole = max(devices, 1.0) * replications
    left = round(devices * replications)
    steps = [Step("", "fleet", devices, devices, 1.0)]
    for name, label in LOSSES.items():
        left -= counts[name]
        steps.append(Step(name, label, counts[name] / replications, left / replications, counts[name] / whole))
    good = counts[UPGRADED]
    return [*steps, Step(UPGRADED, UPGRADED, good / replications, good / replications, good / whole)]


def largest(losses: Sequence[Step]) -> list[Step]:
    """The losses that took most; several that took equally many, none where nothing is lost."""
    most = max((step.devices for step in losses), default=0.0)
    return [step for step in losses if step.devices == most and most]
