"""How many replications would show a difference as large as the one that was seen.

So many that four of five studies of that size show it, if it is as large as it looks and varies as it was seen to.
Half of the studies show what their interval just reaches in the mean; so a difference has to be seen with bad luck too,
by as much as one study in five has. Where changes are few, luck is that of Poisson counts, and what has to show it is
their exact interval (rare_changes.py): of a change that a third of the pairs show, six have to be seen.
"""

from __future__ import annotations

import math

from scipy.special import ndtri, stdtrit

from fota_sim.analysis.numbers.intervals import FEWEST_REPLICATIONS
from fota_sim.analysis.numbers.paired import FEW_EVENTS, Difference, simultaneous_confidence
from fota_sim.analysis.numbers.rare_changes import RareChanges

POWER = 0.8
"""Share of studies that show it. Assumption: as is usual where sizes of samples are chosen (Cohen 1988)."""
MOST_REPLICATIONS = 10_000
"""More than that a scenario may not ask for."""
_BAD_LUCK = float(ndtri(POWER))
"""In standard deviations."""


def replications_to_show(found: Difference, played: int, comparisons: int = 1) -> int | None:
    """How many would show it, at 5 % over so many comparisons together; None where more than anybody plays.

    None too of no difference, and of one without an interval, of which it is not known how it varies.
    ``played``: the replications of each variant in which it was found.
    """
    if not found.value or found.error is None or not _shows(found, played, MOST_REPLICATIONS, comparisons):
        return None
    low, high = FEWEST_REPLICATIONS - 1, MOST_REPLICATIONS
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _shows(found, played, middle, comparisons) else (middle, high)
    return high


def _shows(found: Difference, played: int, count: int, comparisons: int) -> bool:
    """Whether so many replications would, also with bad luck."""
    assert found.value is not None
    assert found.error is not None
    more, confidence = count / played, simultaneous_confidence(comparisons)
    rare = found.rare and _unlucky(found.rare, more, found.value > 0)
    error = found.error / math.sqrt(more)
    freedom = max(found.freedom + count - played, 1.0)
    if abs(found.value) < (_BAD_LUCK + float(stdtrit(freedom, 0.5 + confidence / 2))) * error:
        return False
    if rare is None or rare.changes >= FEW_EVENTS:
        return True
    low, high = rare.interval(confidence)
    return low > 0 if found.value > 0 else high < 0


def _unlucky(rare: RareChanges, more: float, increase: bool) -> RareChanges:
    """The changes of so many times as many replications, of such luck that fewer show the increase, or the decrease."""
    up, down = rare.up * more, rare.down * more
    off = _BAD_LUCK / math.sqrt(up + down) * (-1 if increase else 1)
    return RareChanges(max(up * (1 + off), 0.0), max(down * (1 - off), 0.0), rare.one_up / more, rare.one_down / more)
