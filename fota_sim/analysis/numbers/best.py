"""Which of several variants may be the best: all but those that another is shown to beat.

Every pair is compared, and each of them at 5 % over the number of pairs (Bonferroni). So the chance that *any* variant
is set aside that is as good as the one that beats it is at most 5 %, however many there are, however they depend on
each other through common luck, and although the best is picked by looking. Where they are all alike, all stay.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import combinations

from fota_sim.analysis.numbers.intervals import FEWEST_REPLICATIONS
from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.numbers.paired import Difference, measured_difference
from fota_sim.scenario.metrics import METRICS, NOT_UPGRADED, STARTED_OF_FLEET

SAME_EXPOSURE = 0.01
"""How far the shares of the fleet that began may be apart, as a part of the largest, for harms to be compared as they
are. Assumption: then a harm is changed by no more than a hundredth of itself."""

SAME_END = 0.1
"""How far the shares of those that began and neither got there nor failed may be apart, as a part of the largest share
that failed, for failures to be compared as they are. Assumption: then it hides no more than a tenth of them."""

UPGRADES_FOR_ONE = 20.0
"""More upgrades than that nobody gives up to spare one device a failure, which runs on as before; and no more than as
many upgrades take is spent for one. Assumption."""

Runs = Sequence[Mapping[str, Measurement]]
Comparing = Callable[[str, str], Difference]
"""The difference of a second variant to a first."""


def may_be_best(names: Sequence[str], more: bool, compared: Comparing, families: int = 1) -> list[str]:
    """The names of those that nobody is shown to beat, in their order; ``more``: whether more is better.

    ``compared`` gives differences in one metric; ``families``: how many metrics are looked at together, each with its
    own claims. A difference without a p-value sets nobody aside, unless it is the same in every one of as many
    replications as an interval needs.
    """
    pairs = list(combinations(names, 2))
    beaten = set()
    for first, second in pairs:
        found = compared(first, second)
        if found.value and found.shown(len(pairs) * families):
            beaten.add(first if (found.value > 0) == more else second)
    return [name for name in names if name not in beaten]


def paired(runs: Mapping[str, Runs], metric: str) -> Comparing:
    """Differences of variants that were played with the same luck, replication by replication."""

    def compared(first: str, second: str) -> Difference:
        one, other = ([run[metric] for run in runs[name]] for name in (first, second))
        return measured_difference(metric, one, other, paired=True)

    return compared


def comparable(metric: str, runs: Mapping[str, Runs]) -> str:
    """The metric that compares a harm or reach: itself, or one of the devices that began, or of the whole fleet.

    A variant that stopped early, or offered to fewer, has fewer failures without being any safer; and one that leaves
    its devices at it until the horizon, or loses them on the way, has fewer without getting more of them there. One
    whose lists name fewer upgrades a larger share of these without upgrading more of the fleet.
    """
    about = METRICS[metric]
    if about.counted_in and not ended_alike(runs):
        return about.counted_in
    if about.of_fleet and not equally_targeted(runs):
        return about.of_fleet
    return about.at_equal_exposure if about.at_equal_exposure and not equally_exposed(runs) else metric


def ended_alike(runs: Mapping[str, Runs]) -> bool:
    """Whether about as many of those that began are neither upgraded nor failed in all of them."""
    failed, not_upgraded = (_means(runs, metric) for metric in ("failed_of_started", NOT_UPGRADED))
    open_ = [not_upgraded[name] - failed[name] for name in runs]
    return max(open_, default=0.0) - min(open_, default=0.0) <= SAME_END * max(failed.values(), default=0.0)


def equally_exposed(runs: Mapping[str, Runs]) -> bool:
    """Whether about the same share of the fleet began an upgrade in all of them."""
    return about_equal(exposures(runs).values())


def equally_targeted(runs: Mapping[str, Runs]) -> bool:
    """Whether about the same share of the fleet is targeted in all of them."""
    return about_equal(targets(runs).values())


def about_equal(shares: Collection[float]) -> bool:
    """Whether shares of the fleet are no further apart than ``SAME_EXPOSURE``; none are not apart."""
    return max(shares, default=0.0) - min(shares, default=0.0) <= SAME_EXPOSURE * max(shares, default=0.0)


def targets(runs: Mapping[str, Runs]) -> dict[str, float]:
    """The mean share of the fleet that is targeted."""
    found = {}
    for name, each in runs.items():
        counts = [[run[metric].value or 0.0 for run in each] for metric in ("targeted", "devices")]
        found[name] = math.fsum(counts[0]) / (math.fsum(counts[1]) or 1.0)
    return found


def exposures(runs: Mapping[str, Runs]) -> dict[str, float]:
    """The mean share of the fleet that began an upgrade."""
    return _means(runs, STARTED_OF_FLEET)


def _means(runs: Mapping[str, Runs], metric: str) -> dict[str, float]:
    """Of a share of devices; 0 where there are none of which it would be a share."""
    found = {name: [run[metric].value or 0.0 for run in each] for name, each in runs.items()}
    return {name: math.fsum(values) / max(len(values), 1) for name, values in found.items()}


def enough(runs: Mapping[str, Runs]) -> bool:
    """Whether there are as many replications of each as any claim needs."""
    return all(len(each) >= FEWEST_REPLICATIONS for each in runs.values())
