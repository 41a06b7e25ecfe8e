"""The log of a rollout under way, for the curve beside the simulated one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.numbers.rounding import format_duration
from fota_sim.errors import FotaSimError
from fota_sim.histories.ends import End
from fota_sim.histories.results import start_s
from fota_sim.histories.table import Histories
from fota_sim.learning.logs import read_log
from fota_sim.learning.reading import Reading
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.zones import zone_info

_MOST_POINTS = 400
"""Of the curve: more are finer than a screen."""


@dataclass(frozen=True)
class SoFar:
    """Who had succeeded by when, up to now."""

    paths: tuple[str, ...]
    """The log, as the command names it."""
    at_ms: NDArray[np.float64]
    """Since activation, ascending, from 0 to now; shape (points,)."""
    upgraded_pct: NDArray[np.float64]
    """Of the targeted devices; shape (points,)."""
    how: Reading = field(default_factory=Reading)
    """How the log was read."""

    @property
    def now_ms(self) -> float:
        """When the log ends."""
        return float(self.at_ms[-1])

    @property
    def now_pct(self) -> float:
        """What has succeeded by then."""
        return float(self.upgraded_pct[-1])


def read_so_far(
    paths: Sequence[Path], scenario: Scenario, how: Reading | None = None, plan: str | None = None
) -> SoFar:
    """The curve of a log of this scenario's rollout, of several plans of that of ``plan``.

    Raises FotaSimError as ``read_log``, and for a log that ends before the plan is activated or that targets nobody.
    """
    histories = read_log(paths, scenario, how, plan)
    began_s = start_s(scenario)
    if histories.until_s <= began_s:
        zone = zone_info(scenario.time_zone)
        first = datetime.fromtimestamp(histories.began_s, UTC).astimezone(zone).replace(tzinfo=None, microsecond=0)
        before = format_duration(1000.0 * (began_s - histories.until_s))
        raise FotaSimError(
            f"the log ends {before} before the plan is activated; say when that was: --set start={first.isoformat()}"
        )
    return replace(_curve(histories, began_s, tuple(map(str, paths))), how=how or Reading())


def _curve(histories: Histories, began_s: float, paths: tuple[str, ...]) -> SoFar:
    targeted = histories.targeted - int(histories.ended(End.NOT_APPLICABLE).sum())
    if targeted < 1:
        raise FotaSimError("the log has no device that the update was for, so there is nothing to draw")
    done_ms = 1000.0 * (histories.frame["ended_s"].to_numpy(np.float64)[histories.ended(End.SUCCEEDED)] - began_s)
    now_ms = 1000.0 * (histories.until_s - began_s)
    done_ms = np.sort(done_ms)
    at_ms = np.unique(np.concatenate([[0.0], _some(done_ms[done_ms > 0.0]), [now_ms]]))
    return SoFar(paths, at_ms, 100.0 * np.searchsorted(done_ms, at_ms, side="right") / targeted)


def _some(times: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(times) <= _MOST_POINTS:
        return times
    return times[np.linspace(0, len(times) - 1, _MOST_POINTS).astype(np.int64)]
