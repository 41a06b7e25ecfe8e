"""Hours in which nothing is in a log, and that no simulated rollout has: somebody paused the rollout, or all was down.

Waits that span such hours are learnt as waits of devices, and nothing in what was learnt shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fota_sim.analysis.numbers.rounding import format_duration
from fota_sim.histories.columns import TIMES
from fota_sim.histories.table import Histories

_MOSTLY = 0.8
"""Of all times: later, devices are few and far between anyhow."""
_FEWEST = 50
"""Times of a log in which a silence says something."""
_TIMES_LONGER = 2.0
"""Than the longest of all trials."""


@dataclass(frozen=True)
class Silence:
    """Between two times of a log that follow each other, in seconds from its beginning."""

    from_s: float
    to_s: float

    @property
    def lasts_s(self) -> float:
        """How long."""
        return self.to_s - self.from_s


def longest_silence(histories: Histories) -> Silence:
    """While most of what happens was still to come."""
    times_s = np.concatenate([histories.seconds(name) for name in TIMES if name != "offered_s"])
    times_s = np.sort(times_s[np.isfinite(times_s)])
    if len(times_s) < _FEWEST:
        return Silence(0.0, 0.0)
    times_s = np.concatenate([[0.0], times_s[: int(_MOSTLY * len(times_s))]])
    at = int(np.argmax(np.diff(times_s)))
    return Silence(float(times_s[at]), float(times_s[at + 1]))


def unexplained(log: Histories, simulated: Sequence[Silence]) -> str:
    """What to know of hours without a word, if trials have none such; empty otherwise."""
    mine = longest_silence(log)
    usual_s = max((each.lasts_s for each in simulated), default=np.inf)
    if mine.lasts_s <= _TIMES_LONGER * usual_s:
        return ""
    begin, end, usual = (format_duration(1000.0 * each) for each in (mine.from_s, mine.to_s, usual_s))
    return (
        f"Nothing is in the log between {begin} and {end} after its beginning, and simulated rollouts are silent for "
        f"{usual} at most. If the rollout was paused then, or the platform down, say so in the scenario "
        "(plan.operator: suspend, resume) and fit again: until then that time counts as devices' own."
    )
