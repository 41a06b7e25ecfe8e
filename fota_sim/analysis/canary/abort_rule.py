"""What an abort rule costs: whether and when it fires, and who has failed by then. Exact, and by plain Monte Carlo.

Devices finish one after the other, each failed with the same probability, independently. After each the rule looks
at how many finished and how many of these failed. When it fires, nobody new is begun; those in flight still finish.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from fota_sim.errors import FotaSimError
from fota_sim.rules.share import exact
from fota_sim.scenario.units import RATIO

NEGLIGIBLE = 1e-18
"""Probability of a number of failures below which it is dropped; all of that together is below 1e-12."""
_RULE = re.compile(r"\s*(>=|>)\s*(\d+\.?\d*|\.\d+)\s*(%?)\s*$")
_CELLS = 4_000_000
"""Outcomes drawn at once by the Monte Carlo: 32 MB."""


@dataclass(frozen=True)
class AbortRule:
    """Stop when the failures are ``>`` or ``>=`` a number of devices, or a share of the finished or of all."""

    limit: float
    is_share: bool
    strict: bool
    """Whether it is ``>`` rather than ``>=``."""
    minimum_sample: int = 1
    """It does not look before so many have finished."""
    of_all: bool = False
    """The share is one of all devices of the group rather than of those that finished."""

    def fires_from(self, group: int) -> NDArray[np.int64]:
        """The number of failures from which it fires when 1, 2, ... ``group`` have finished, shape (group,).

        Where it cannot fire that is one more than have finished.
        """
        finished = np.arange(1, group + 1)
        base = np.full(group, group) if self.of_all else finished
        whole = exact(self.limit) if self.is_share else Fraction(self.limit)
        scaled = base.astype(object) * whole.numerator if self.is_share else np.full(group, whole.numerator, object)
        needed = scaled // whole.denominator + 1 if self.strict else np.maximum(-(-scaled // whole.denominator), 1)
        never = (needed > finished) | (finished < self.minimum_sample)
        return np.where(never, finished + 1, needed).astype(np.int64)

    def __str__(self) -> str:
        """As people write it."""
        sign = ">" if self.strict else ">="
        value = f"{100 * self.limit:g} %" if self.is_share else f"{self.limit:g} device{'' if self.limit == 1 else 's'}"
        what = f" of {'all' if self.of_all else 'the finished'}" if self.is_share else ""
        sample = f", from {self.minimum_sample} finished on" if self.minimum_sample > 1 else ""
        return f"failed {sign} {value}{what}{sample}"


def parse_rule(text: str, minimum_sample: int = 1, of_all: bool = False) -> AbortRule:
    """Read ``> 2%`` or ``>= 5``; raises FotaSimError that says what would do."""
    match = _RULE.match(text)
    if match is None:
        raise FotaSimError(f'--abort {text}: write a share or a number of devices, for example "> 2%" or ">= 5"')
    limit = RATIO.parse(f"{match[2]}%") if match[3] else float(match[2])
    if match[3] and limit > 1:
        raise FotaSimError(f"--abort {text}: a share is at most 100%")
    return AbortRule(limit, bool(match[3]), match[1] == ">", minimum_sample, of_all)


@dataclass(frozen=True)
class AbortEffect:
    """What a rule does to a group in which each device fails with probability ``rate``."""

    rate: float
    fires: float
    """Chance that it fires at all."""
    finished_at_stop: float | None
    """Mean number finished when it fires; None if it never does."""
    victims: float
    """Mean failures in the end, in flight or finished, whether it fires or not."""
    victims_95: int
    """So many or fewer with a chance of at least 95 %."""
    victims_without: float
    """Mean failures with no rule."""


@dataclass(frozen=True)
class SampledEffect:
    """The same from so many ``runs``, with 95 % intervals: Clopper and Pearson's, and Student's."""

    runs: int
    fires: float
    fires_interval: tuple[float, float]
    victims: float
    victims_interval: tuple[float, float]


def exact_effect(rule: AbortRule, rate: float, group: int, in_flight: int = 0) -> AbortEffect:
    """What ``rule`` does to ``group`` devices, by dynamic programming over (finished, failed).

    ``in_flight``: begun but not finished when it fires, as far as there are so many left.
    """
    from scipy import stats

    limits = rule.fires_from(group)
    alive, lowest = np.ones(1), 0  # chance of lowest, lowest + 1, ... failures with the rule silent
    stopped: dict[int, NDArray[np.float64]] = {}  # by how many are in flight: chance of each number of failures
    fires, finished_sum = 0.0, 0.0
    for finished in range(1, group + 1):
        grown = np.zeros(len(alive) + 1)
        grown[:-1] = alive * (1 - rate)
        grown[1:] += alive * rate
        cut = max(0, int(limits[finished - 1]) - lowest)
        if cut < len(grown):
            firing = grown[cut:]
            chance = float(firing.sum())
            fires += chance
            finished_sum += chance * finished
            left = min(in_flight, group - finished)
            pile = stopped.setdefault(left, np.zeros(group + 1))
            pile[lowest + cut : lowest + len(grown)] += firing
            grown = grown[:cut]
        large = np.flatnonzero(grown > NEGLIGIBLE)
        if not len(large):
            alive = np.zeros(0)
            break
        alive, lowest = grown[large[0] : large[-1] + 1], lowest + int(large[0])
    victims = np.zeros(group + 1)
    victims[lowest : lowest + len(alive)] = alive
    for left, pile in stopped.items():
        late = stats.binom.pmf(np.arange(left + 1), left, rate)
        used = np.flatnonzero(pile)
        victims[used[0] : used[-1] + 1 + left] += np.convolve(pile[used[0] : used[-1] + 1], late)
    mean = float(np.dot(np.arange(group + 1), victims))
    most = int(np.searchsorted(np.cumsum(victims), 0.95))
    return AbortEffect(rate, fires, finished_sum / fires if fires > 0 else None, mean, most, group * rate)


def sampled_effect(rule: AbortRule, rate: float, group: int, in_flight: int, runs: int, seed: int) -> SampledEffect:
    """The same by playing the rule ``runs`` times on drawn outcomes."""
    from scipy import stats

    limits = rule.fires_from(group)
    random = np.random.default_rng(seed)
    fired = 0
    victims: list[int] = []
    rows = max(1, _CELLS // group)
    while len(victims) < runs:
        count = min(rows, runs - len(victims))
        failed = np.cumsum(random.random((count, group)) < rate, axis=1)
        fires = failed >= limits
        at = np.where(fires.any(axis=1), fires.argmax(axis=1), group - 1)
        fired += int(fires.any(axis=1).sum())
        last = np.minimum(at + in_flight, group - 1)
        victims += failed[np.arange(count), last].tolist()
    mean = math.fsum(victims) / runs
    half = float(stats.t.ppf(0.975, runs - 1) * np.std(victims, ddof=1) / math.sqrt(runs))
    chance = stats.binomtest(fired, runs).proportion_ci(0.95, method="exact")
    return SampledEffect(
        runs, fired / runs, (float(chance.low), float(chance.high)), mean, (max(0.0, mean - half), mean + half)
    )
