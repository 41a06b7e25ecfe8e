"""How often a scenario is played if nobody says so: a rule of the question alone, so the answer is the same anywhere.

What a replication costs is about proportional to the updates in it, devices times planned packages. Where that is
cheap there are ten; more where a threshold is about something so rare that ten could not decide it; fewer, but as many
as an interval needs, where there are many devices or many variants. See docs/statistics.md, How many replications.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from fota_sim.analysis.numbers.intervals import CONFIDENCE, FEWEST_REPLICATIONS
from fota_sim.analysis.run.sample import DEVICES
from fota_sim.engines.choice import device_count
from fota_sim.scenario.metrics import METRICS
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.thresholds import parse_threshold

USUAL = 10
"""Where a replication is cheap: what the coverage of all intervals is measured with (docs/validation.md)."""
MOST = 50
"""For thresholds about rare events. Assumption: who asks for more than that says --precision."""
AFFORDED = 4_000_000
"""Updates over all variants and replications, beyond which there are fewer than are wanted: some ten seconds of two
cores (docs/performance.md)."""
LARGEST = 2_000_000
"""Updates of one replication beyond which there is only one: it takes the better part of a minute."""


def settled(scenario: Scenario, variants: int = 1) -> Scenario:
    """The scenario with a number of replications: its own if it says one, else as many as the question needs."""
    return scenario.model_copy(update={"replications": replications_of(scenario, variants)})


def replications_of(scenario: Scenario, variants: int = 1, usual: int = USUAL, afforded: int = AFFORDED) -> int:
    """How often to play each of so many variants that are like ``scenario``; ``usual``: where that is cheap.

    ``afforded``: updates of all of them, beyond which there are fewer.
    """
    if scenario.says_replications:
        return scenario.replications
    updates = updates_of(scenario)
    if updates > LARGEST:
        return 1
    wanted = max(usual, min(MOST, _for_thresholds(scenario, max(device_count(scenario), 1))))
    return max(FEWEST_REPLICATIONS, min(wanted, afforded // (updates * variants)))


def affordable_variants(scenario: Scenario) -> int:
    """How many variants of the scenario can be played as often as it says, or else as an interval needs."""
    times = scenario.replications if scenario.says_replications else FEWEST_REPLICATIONS
    return AFFORDED // (updates_of(scenario) * times)


class Effort(NamedTuple):
    """How much of a scenario is played."""

    replications: int
    devices: int | None
    """About so many of a large fleet answer for all; None: all are played."""


def effort_of(scenario: Scenario, variants: int, afforded: int = AFFORDED) -> Effort:
    """How often to play each of so many variants, and of how many devices.

    All of them where ``afforded`` updates allow that with as many replications as an interval needs. A few devices
    played ten times tell more than all of them played five times: what is shown is shown against the luck of
    replications, and five say little about that.
    """
    updates = updates_of(scenario)
    if updates * variants * FEWEST_REPLICATIONS <= afforded:
        return Effort(replications_of(scenario, variants), None)
    times = scenario.replications if scenario.says_replications else USUAL
    devices = max(DEVICES, afforded * device_count(scenario) // (updates * variants * times))
    return Effort(times, devices)


def updates_of(scenario: Scenario) -> int:
    """Of one replication: devices times planned packages."""
    return max(device_count(scenario), 1) * max(len(one.plan.packages) for one in scenario.each_plan)


def _for_thresholds(scenario: Scenario, devices: int) -> int:
    """So many that every limit on a share of devices can be kept for sure, if the event does not happen at all.

    None of n devices leaves at most 1 - (2.5 %)^(1/n) of them (Clopper and Pearson), which is about 3.7 / n.
    """
    rarest = 1.0
    for threshold in map(parse_threshold, scenario.thresholds):
        if METRICS[threshold.metric].counts_devices:
            allowed = threshold.limit if threshold.from_above else 1 - threshold.limit
            rarest = min(rarest, allowed) if allowed > 0 else rarest
    return math.ceil(-math.log((1 - CONFIDENCE) / 2) / (rarest * devices))
