"""The log beside the fitted simulation, which plays draws of what was learnt and is seen as the log's platform would.

What lies outside the bands is what the fitted scenario does not explain, and nobody should be surprised by it later.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.choice import COMPILED
from fota_sim.histories.ends import End
from fota_sim.histories.table import Histories
from fota_sim.learning.fitted import Fit
from fota_sim.learning.fitting import Progress
from fota_sim.learning.seen import seen
from fota_sim.learning.trials import Trials, as_long_as, laid_under
from fota_sim.learning.writing import learnt_of
from fota_sim.scenario.drawn import drawn
from fota_sim.scenario.variation import varied

PLAYED = 40
"""Draws that are played: the bands are the second lowest and the second highest of them, so about 95 %."""
_TIMES = 121
_AT = (0.1, 0.5, 0.9)
"""Shares of downloads whose times are told."""
_FIRST = 1_000_000
"""Number of the first replication: luck that no trial of the fit had."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Band:
    """A number of the log, and what the simulation makes of it."""

    log: float
    middle: float
    low: float
    high: float
    """95 %."""

    @property
    def inside(self) -> bool:
        """Whether the log's lies in the band."""
        return self.low <= self.log <= self.high


@dataclass(frozen=True)
class Beside:
    """The log and the simulation, side by side."""

    times_s: Array
    """From the beginning of the log; shape (times,)."""
    log: Array
    """Share of the targeted devices that had succeeded; shape (times,)."""
    simulated: Array
    """The same of each played draw; shape (draws, times)."""
    ends: dict[End, Band]
    """Shares of the devices that ended so."""
    took: dict[float, Band]
    """Quantiles of the seconds that a download took, or contact to success where the log has no more."""
    took_log_s: Array
    took_simulated_s: Array
    """All of them, sorted, for a figure."""
    plan: str = ""
    """Of several the one that the log is of."""

    @property
    def band(self) -> tuple[Array, Array]:
        """The ends of the band of adoption; shape (times,) each."""
        return _low(self.simulated), _high(self.simulated)

    @property
    def outside(self) -> float:
        """The share of times at which the log's adoption leaves the band."""
        low, high = self.band
        return float(((self.log < low - 1e-9) | (self.log > high + 1e-9)).mean())


def beside(fit: Fit, *, workers: int = 2, progress: Progress | None = None) -> Beside:
    """Play the fitted scenario with draws of what was learnt. Raises ScenarioError where it cannot be played."""
    middle = varied(fit.scenario, fit.values()) if fit.learned else fit.scenario
    fitted = middle.model_copy(update={"learnt": learnt_of(fit)})
    count = fitted.learnt.count if fitted.learnt is not None else 0
    lasts_s = as_long_as(fit.histories, fit.scenario, fit.plan)
    times_s = np.linspace(0.0, round(lasts_s - fit.one.plan.starts, 3), _TIMES)

    def play(number: int) -> _Told:
        one = laid_under(drawn(fitted, number % count) if count else middle)
        trials = Trials(one, fit.engine, fit.histories.view, plan=fit.plan, lasts_s=lasts_s, number=_FIRST + number)
        found = next(trials.play([{}]))[0]
        return _Told(adoption(found, times_s), _shares(found), _took(found, np.zeros(len(found), np.int64)))

    told: list[_Told] = []
    with ThreadPoolExecutor(workers if fit.engine == COMPILED else 1) as threads:
        for each in threads.map(play, range(PLAYED)):
            told.append(each)
            if progress is not None:
                progress(len(told), PLAYED)
    took_log = _took(fit.histories, fit.classes.of)
    return Beside(
        times_s,
        adoption(fit.histories, times_s),
        np.array([each.adoption for each in told]),
        _ends(_shares(fit.histories), [each.shares for each in told]),
        {share: _band(_quantile(took_log, share), [_quantile(each.took_s, share) for each in told]) for share in _AT},
        np.sort(took_log),
        np.sort(np.concatenate([each.took_s for each in told])),
        fit.plan,
    )


class _Told(NamedTuple):
    """What stays of one played rollout."""

    adoption: Array
    shares: dict[End, float]
    took_s: Array


def adoption(histories: Histories, times_s: Array) -> Array:
    """The share of the targeted devices that had succeeded at each time from the beginning of a log."""
    success = histories.ended(End.SUCCEEDED)
    ended_s = np.sort(histories.seconds("ended_s")[success])
    applicable = histories.targeted - int(histories.ended(End.NOT_APPLICABLE).sum())
    return np.searchsorted(ended_s, times_s, side="right") / max(1, applicable)


def _ends(log: dict[End, float], simulated: list[dict[End, float]]) -> dict[End, Band]:
    seen_ends = [end for end in End if log[end] > 0 or any(each[end] > 0 for each in simulated)]
    return {end: _band(log[end], [each[end] for each in simulated]) for end in seen_ends}


def _shares(histories: Histories) -> dict[End, float]:
    counts = histories.counts()
    counts[End.NEVER_REACHED] += histories.unlisted
    return {end: count / max(1, histories.targeted) for end, count in counts.items()}


def _took(histories: Histories, of: NDArray[np.int64]) -> Array:
    took = seen(histories, of).took_s
    return took[np.isfinite(took)]


def _quantile(values: Array, share: float) -> float:
    return float(np.quantile(values, share)) if len(values) else float("nan")


def _band(log: float, simulated: list[float]) -> Band:
    values = np.array(simulated)[:, np.newaxis]
    return Band(log, float(np.median(values)), float(_low(values)[0]), float(_high(values)[0]))


def _low(values: Array) -> Array:
    found: Array = np.sort(values, axis=0)[1]
    return found


def _high(values: Array) -> Array:
    found: Array = np.sort(values, axis=0)[-2]
    return found
