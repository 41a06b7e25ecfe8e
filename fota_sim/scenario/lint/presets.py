"""Values that the system of the plan's preset does not take (docs/presets.md has the sources)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

from fota_sim.rules.share import exact
from fota_sim.scenario.document import Key
from fota_sim.scenario.lint import waves
from fota_sim.scenario.lint.facts import ROLLOUT, Facts, Finding, duration
from fota_sim.scenario.lint.windows import maintenance_of
from fota_sim.scenario.units import RATIO

_MIN_S, _DAY_MIN = 60.0, 1440
Found = Iterator[tuple[Key, float]]
"""Where a value stands below ``plan.rollout``, and the value."""


class Limit(NamedTuple):
    """What a system takes of one field."""

    system: str
    values: Callable[[Facts], Found]
    takes: str
    fits: Callable[[float], bool]
    as_text: Callable[[float], str] = "{:,.6g}".format


def _up_to(highest: float) -> Callable[[float], bool]:
    return lambda value: value <= highest


def _from_to(lowest: float, highest: float) -> Callable[[float], bool]:
    return lambda value: lowest <= value <= highest


def _one_of(*values: float) -> Callable[[float], bool]:
    return lambda value: value in values


def _decimals_of_percent(digits: int) -> Callable[[float], bool]:
    return lambda value: (exact(value) * 10 ** (2 + digits)).denominator == 1


def _rates(facts: Facts) -> Found:
    rate = facts.rollout.rate
    if rate is not None:
        minutes = rate.every / _MIN_S if rate.pacing == "even" else min(1.0, rate.every / _MIN_S)  # a pack is at once
        yield ("rate", "devices"), rate.devices / minutes
        if rate.cap is not None:
            yield ("rate", "cap"), rate.cap / minutes


def _factors(facts: Facts) -> Found:
    rate = facts.rollout.rate
    if rate is not None and rate.step is not None:
        yield ("rate", "factor"), rate.factor


def _in_progress(facts: Facts) -> Found:
    lasts_s = facts.rollout.timeouts.in_progress
    if lasts_s is not None:
        yield ("timeouts", "in_progress"), lasts_s


def _retries(facts: Facts) -> Found:
    for number, rule in enumerate(facts.rollout.retry or ()):
        yield ("retry", number, "count"), math.inf if rule.count is None else rule.count


def _delays(facts: Facts) -> Found:
    for number, rule in enumerate(facts.rollout.retry or ()):
        yield ("retry", number, "delay"), rule.delay


def _all_retries(facts: Facts) -> Found:
    counts = [count for _, count in _retries(facts)]
    if len(counts) > 1 and max(counts) <= _AWS_RETRIES:
        yield ("retry",), sum(counts)


def _abort_shares(facts: Facts) -> Found:
    for number, rule in enumerate(facts.rollout.abort):
        if rule.share is not None:
            yield ("abort", number, "share"), rule.share


def _abort_actions(facts: Facts) -> Found:
    for number, rule in enumerate(facts.rollout.abort):
        yield ("abort", number, "action"), _ACTIONS.index(rule.action)


def _windows(facts: Facts) -> Found:
    for where, window in maintenance_of(facts):
        yield (*where[len(ROLLOUT) :], "hours"), window.hours.minutes * _MIN_S


def _boxes(facts: Facts) -> Found:
    box = facts.rollout.penalty_box
    if box is not None:
        yield ("penalty_box", "lasts"), box.lasts


def _waves(facts: Facts) -> Found:
    if facts.rollout.waves:
        known = waves.sizes(facts)
        groups = [wave.groups or 1 for wave in facts.rollout.waves] if known is None else [len(each) for each in known]
        yield ("waves",), sum(groups)


def _wave_sizes(facts: Facts) -> Found:
    for number, sizes in enumerate(waves.sizes(facts) or ()):
        yield ("waves", number), max(sizes)


def _per_minute(value: float) -> str:
    return f"{value:,.6g} a minute"


def _action(number: float) -> str:
    return _ACTIONS[int(number)]


def _minutes(seconds: float) -> str:
    return f"{seconds / _MIN_S:g} min" if seconds >= _MIN_S else duration(seconds)


_AWS_RETRIES = 10
_AWS, _HAWKBIT, _NERVESHUB, _ALIBABA = "AWS IoT Jobs", "hawkBit", "NervesHub", "Alibaba Cloud IoT"
_ACTIONS = ("pause", "cancel")
_TEN_MIN = tuple(_MIN_S * minutes for minutes in (0, 10, 30, 60, 1440))

LIMITS: dict[str, tuple[Limit, ...]] = {
    "aws-iot-jobs": (
        Limit(_AWS, _rates, "1 to 1,000 a minute", _from_to(1, 1000), _per_minute),
        Limit(_AWS, _factors, "1.1 to 5", _from_to(1.1, 5)),
        Limit(_AWS, _in_progress, "1 to 10,080 min", _from_to(_MIN_S, 10_080 * _MIN_S), _minutes),
        Limit(_AWS, _retries, "up to 10 retries", _up_to(_AWS_RETRIES)),
        Limit(_AWS, _all_retries, "10 retries of all kinds together", _up_to(_AWS_RETRIES)),
        Limit(_AWS, _abort_shares, "two decimals of a percentage", _decimals_of_percent(2), RATIO.format),
        Limit(_AWS, _abort_actions, "cancel and nothing else", _one_of(_ACTIONS.index("cancel")), _action),
        Limit(_AWS, _windows, "windows of up to 1,430 min", _up_to(1430 * _MIN_S), _minutes),
    ),
    "hawkbit": (
        Limit(_HAWKBIT, _waves, "up to 500 groups", _up_to(500)),
        Limit(_HAWKBIT, _wave_sizes, "up to 20,000 targets in a group", _up_to(20_000)),
    ),
    "nerveshub": (Limit(_NERVESHUB, _boxes, "60 min or more", _from_to(60 * _MIN_S, math.inf), _minutes),),
    "alibaba": (
        Limit(_ALIBABA, _rates, "10 to 10,000 a minute", _from_to(10, 10_000), _per_minute),
        Limit(_ALIBABA, _in_progress, "1 to 1,440 min", _from_to(_MIN_S, _DAY_MIN * _MIN_S), _minutes),
        Limit(_ALIBABA, _retries, "1, 2 or 5 retries", _one_of(1, 2, 5)),
        Limit(_ALIBABA, _delays, "0, 10, 30, 60 or 1,440 min", _one_of(*_TEN_MIN), _minutes),
    ),
}
"""By preset."""


def not_taken(facts: Facts) -> Iterator[Finding]:
    """Values outside what the preset's system takes."""
    preset = facts.scenario.plan.preset
    for limit in LIMITS.get(preset or "", ()):
        for where, value in limit.values(facts):
            if not limit.fits(value):
                message = (
                    f"is {limit.as_text(value)}, and {limit.system} takes {limit.takes}; change it, or leave the "
                    "preset out and write its fields (validate --print shows them)"
                )
                yield (*ROLLOUT, *where), message


def no_limit_left(facts: Facts) -> Iterator[Finding]:
    """A plan of a service that releases so many at the most, without that limit."""
    rate = facts.rollout.rate
    if facts.scenario.plan.preset == "aws-iot-jobs" and (rate is None or rate.most_per_minute is None):
        yield (*ROLLOUT, "rate"), f"has no limit, and {_AWS} releases at most 1,000 a minute; leave it to the preset"
