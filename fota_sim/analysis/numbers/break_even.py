"""From which price on one variant is cheaper than another: where a difference in cost changes its sign.

Replication by replication a candidate's cost less the baseline's is ``p D + R``: D the difference in what has the
price p, R that of all else. Costs are linear in prices, so nothing has to be played again to know them at another
price. The break-even is ``-mean(R) / mean(D)``, a ratio of two means that vary together; its interval is Fieller's
("Some problems in interval estimation", Journal of the Royal Statistical Society B 16, 1954), which is exact where
pairs of D and R are normal. It is given where both means are shown, so that it is finite and above 0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from fota_sim.analysis.numbers.intervals import CONFIDENCE
from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.numbers.paired import one_change, paired_difference
from fota_sim.scenario.metrics import COST, COST_PARTS, METRICS
from fota_sim.scenario.prices import Prices

Runs = Sequence[Mapping[str, Measurement]]
Floats = NDArray[np.float64]


class BreakEven(NamedTuple):
    """Where a candidate begins, or ceases, to be the cheaper one."""

    price: str
    """A field of ``PRICED``."""
    now: float
    """What the scenario says."""
    at: float
    low: float
    """Of the 95 % interval of ``at``, as is ``high``."""
    high: float
    from_on: bool
    """Whether the candidate is cheaper above it; else it is below."""


def break_evens(prices: Prices, base: Runs, candidate: Runs, comparisons: int = 1) -> list[BreakEven]:
    """Those that the evidence supports, the nearest to the scenario's own price first, then of what is dearest.

    ``base[k]`` and ``candidate[k]`` are of one replication, with the same prices. ``comparisons``: how many candidates
    are looked at together; each price counts once more, and both means have to be shown at 5 % over all of them.
    """
    fields = [field for field in COST_PARTS if field in prices.priced]
    found = [_of(field, prices.of(field), base, candidate, comparisons * len(fields)) for field in fields]
    known = [each for each in found if each is not None]
    return sorted(known, key=lambda each: (_distance(each), -each.now))


def _distance(each: BreakEven) -> float:
    """How far from the scenario's price, as a ratio; of two prices that trade for each other both are equally far."""
    return round(abs(math.log(each.at / each.now)), 6) if each.now else math.inf


def _of(field: str, now: float, base: Runs, candidate: Runs, comparisons: int) -> BreakEven | None:
    part = COST_PARTS[field]
    amounts = [_values(runs, part.quantity) / part.per for runs in (base, candidate)]
    rests = [_values(runs, COST) - _values(runs, part.cost) for runs in (base, candidate)]
    counted = [run[part.quantity].numerator or 0.0 for run in (*base, *candidate)]
    events = math.fsum(counted) if METRICS[part.quantity].counts_events else None
    one = one_change(*([run[part.quantity] for run in runs] for runs in (base, candidate)))
    of_amount = paired_difference(list(amounts[0]), list(amounts[1]), events, one and one / part.per)
    of_rest = paired_difference(list(rests[0]), list(rests[1]))
    if not of_amount.value or not of_rest.value or (of_amount.value > 0) == (of_rest.value > 0):
        return None  # whoever is cheaper is so at any price
    if not of_amount.shown(2 * comparisons) or not of_rest.shown(2 * comparisons):
        return None
    low, high = fieller(rests[1] - rests[0], amounts[1] - amounts[0])
    return BreakEven(field, now, -of_rest.value / of_amount.value, low, high, of_amount.value < 0)


def fieller(rest: Floats, amount: Floats) -> tuple[float, float]:
    """The 95 % interval of ``-mean(rest) / mean(amount)``, of pairs; the second mean has to be shown not to be zero."""
    count = len(rest)
    t = float(stdtrit(count - 1, 0.5 + CONFIDENCE / 2))
    ((of_rest, both), (_, of_amount)) = np.cov(rest, amount, ddof=1) * (t * t / count)
    mean_rest, mean_amount = float(rest.mean()), float(amount.mean())
    a, b = mean_amount**2 - of_amount, mean_rest * mean_amount - both
    c = mean_rest**2 - of_rest
    half = math.sqrt(max(0.0, b * b - a * c))
    return float((-b - half) / a), float((-b + half) / a)


def _values(runs: Runs, metric: str) -> Floats:
    return np.array([run[metric].value for run in runs], dtype=np.float64)
