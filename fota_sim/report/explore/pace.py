"""How long a replication takes here, learned from those that were played; and whether a sample is worth its time."""

from __future__ import annotations

from collections import deque
from statistics import median

from fota_sim.analysis.run.sample import DEVICES, LEAST_PART, Sampled, sampled
from fota_sim.scenario.model import Scenario

AT_ONCE_S = 0.25
"""An answer to a knob that was let go may take so long without one from a sample before it."""
FOLLOWING_S = 0.15
"""And an answer while a knob is being dragged."""
_REMEMBERED = 15


class Pace:
    """What the last replications took; may be used from several threads."""

    def __init__(self) -> None:
        self._played: deque[tuple[int, float]] = deque(maxlen=_REMEMBERED)

    def took(self, devices: int, seconds: float) -> None:
        """A replication of so many devices took so long."""
        self._played.append((max(1, devices), seconds))

    def expects_s(self, devices: int) -> float | None:
        """How long so many devices will take; None: nothing was played yet.

        In proportion to fleets that are not much smaller, where there were any: a few devices take longer each.
        """
        played = list(self._played)
        alike = [each for each in played if each[0] * LEAST_PART > devices] or played
        return median(took_s / count for count, took_s in alike) * devices if alike else None


class Samples:
    """Samples where they are there sooner than all devices by enough to be felt."""

    def __init__(self, pace: Pace, devices: int = DEVICES) -> None:
        """``devices``: in a sample."""
        self._pace = pace
        self._devices = devices

    def of(self, scenario: Scenario) -> Sampled | None:
        """A sample of the scenario, if there can be one."""
        return sampled(scenario, self._devices)

    def wanted(self, scenario: Scenario, settled: bool) -> bool:
        """Whether the whole would take too long for somebody who let go of a knob, or who is dragging it."""
        expected_s = self._pace.expects_s(scenario.fleet.drawn)
        return expected_s is None or expected_s > (AT_ONCE_S if settled else FOLLOWING_S)
