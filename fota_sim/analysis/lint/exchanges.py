"""How long exchanges with the network take, before anything is run: what a radio's round trips come to.

An *exchange* is what a measurement of a module sees: it wakes, synchronises and is let in (``resume``, the connection),
one message goes out and its answer comes back (a round trip), nothing has to be tried again. A block of a download is
one more round trip within the same connection.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import NormalDist

from fota_sim.scenario.lint.facts import Facts, duration
from fota_sim.scenario.radio import Radio

LEVELS = 3
"""Of coverage, from 0."""
_LUCK = NormalDist()


def round_trip_s(radio: Radio, coverage_level: int, share: float) -> float:
    """The round trip at ``coverage_level`` that a ``share`` of connections, between 0 and 1, stay below.

    What ``rules.link.round_trip_s`` plays, and a test holds it to that; said without it, for rules load what compiles
    them, and ``validate`` is to answer at once.
    """
    median_s, sigma = float(radio.rtt[coverage_level]), radio.rtt_sigma[coverage_level]
    if sigma == 0.0:
        return median_s / radio.speed
    return min(float(radio.rtt_max), median_s * math.exp(sigma * _LUCK.inv_cdf(share))) / radio.speed


def mean_round_trip_s(radio: Radio, coverage_level: int) -> float:
    """The mean round trip over connections: of a lognormal law that is cut off at the longest."""
    median_s, sigma = float(radio.rtt[coverage_level]), radio.rtt_sigma[coverage_level]
    if sigma == 0.0 or median_s == 0.0:
        return median_s / radio.speed
    most_s = float(radio.rtt_max)
    cut = math.log(most_s / median_s) / sigma
    below_s = median_s * math.exp(sigma * sigma / 2.0) * _LUCK.cdf(cut - sigma)
    return (below_s + most_s * _LUCK.cdf(-cut)) / radio.speed


def exchange_s(radio: Radio, coverage_level: int, share: float = 0.5) -> float:
    """How long an exchange takes, waking included, that a ``share`` of exchanges stay below; the median by default."""
    return float(radio.resume) + round_trip_s(radio, coverage_level, share)


def in_words(facts: Facts) -> Iterator[str]:
    """A line for each radio of the fleet whose connections differ in their round trips."""
    scenario = facts.scenario
    names = dict.fromkeys(devices.radio or module.radio for _, devices, module, _, _ in facts.parts())
    for name in names:
        radio = scenario.radios[name]
        levels = [level for level in range(LEVELS if radio.ce_edges else 1) if radio.rtt_sigma[level] > 0.0]
        if levels:
            told = ", ".join(_of_level(radio, level) for level in levels)
            yield f"{name}: an exchange with the network, waking included, takes {told}"


def _of_level(radio: Radio, level: int) -> str:
    low_s, median_s, high_s = (exchange_s(radio, level, share) for share in (0.25, 0.5, 0.75))
    return f"{duration(median_s)} at coverage level {level} (half of them {duration(low_s)} to {duration(high_s)})"
