"""Fields of a scenario that shape times and failures, as numbers that can be turned: what is learnt by trials."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.numbers.rounding import format_duration
from fota_sim.analysis.sensitivity.parameters import moved
from fota_sim.histories.view import View
from fota_sim.learning.classes import Classes
from fota_sim.learning.learned import Values
from fota_sim.learning.seen import Statistic, beginning, breaking, breaking_at, taking, waiting, waiting_beside
from fota_sim.scenario import distribution, units
from fota_sim.scenario.distribution import Distribution
from fota_sim.scenario.fleet import Devices
from fota_sim.scenario.model import Scenario

_LONGEST_S = 60 * 86_400.0
"""A period longer than two months is none that one rollout shows."""
_BEYOND = 0.025
"""Of the draws, beyond an end of what is searched: then the interval of 95 % ends where the search does."""


@dataclass(frozen=True)
class Knob:
    """One number; ``base`` and the values that it takes are in its own scale, a logarithm or decibels."""

    key: str
    name: str
    base: float
    """Where the scenario has it."""
    low: float
    high: float
    """Between which it may be turned."""
    step: float
    """A small turn that shows."""
    longest: float
    """The most that it is turned at once."""
    slope: float
    """How the statistic follows it, before anybody has looked: its sign and rough size."""
    statistic: Statistic
    values: Callable[[float], Values]
    shown: Callable[[float], str]
    what: str
    """What it is learnt by, in words."""
    classes: frozenset[int]
    """Of devices that show it."""
    beside: tuple[Statistic, ...] = ()
    """Statistics that follow from it as well, and that the log has to agree with."""

    def within(self, value: float) -> float:
        """A value within its limits."""
        return min(self.high, max(self.low, value))

    def beyond(self, draws: NDArray[np.float64]) -> str:
        """What to know of draws of which a part lies beyond its limits; empty where hardly one does."""
        for end, there, word in ((self.high, draws > self.high, "above"), (self.low, draws < self.low, "below")):
            if there.mean() > _BEYOND:
                return f"the log asks for {word} {self.shown(end)}, where the search ends: no measurement"
        return ""


def knobs_of(scenario: Scenario, classes: Classes, view: View, signals: bool) -> list[Knob]:
    """What can be learnt by trials of a log with this view; ``signals``: whether it has those of most devices."""
    return [*_contacts(scenario, classes), *_radios(scenario, classes, view, signals), *_hosts(scenario, classes, view)]


def _contacts(scenario: Scenario, classes: Classes) -> Iterator[Knob]:
    for number, members in enumerate(classes.members):
        fields = {("every" if member.contact.pattern == "wake" else "spread") for member in members}
        if len(fields) > 1:
            continue
        field = fields.pop()
        base_s = [_contact_s(member, field) for member in members]
        if min(base_s) <= 0.0:
            continue
        what = "time between contacts" if field == "every" else "spread of first contacts"
        paths = [f"fleet.{kind}.{name}.contact.{field}" for kind, name in _places(scenario, members)]
        lowest = 60.0 if field == "every" else 1.0
        yield Knob(
            f"contact/{classes.name(number)}",
            f"{what}, {classes.name(number)}",
            math.log(base_s[0]),
            math.log(lowest),
            math.log(_LONGEST_S),
            0.05,
            1.5,
            1.0,
            waiting(frozenset([number])),
            _durations(paths, [each / base_s[0] for each in base_s]),
            lambda value: format_duration(1000.0 * math.exp(value)),
            "the waits for the first contact",
            frozenset([number]),
            waiting_beside(frozenset([number])),
        )


def _contact_s(member: Devices, field: str) -> float:
    contact = member.contact
    if field == "every":
        return float(contact.every)
    return 600.0 if contact.spread is None else float(contact.spread)


def _durations(paths: list[str], ratios: list[float]) -> Callable[[float], Values]:
    return lambda value: {
        path: units.DURATION.format(_rounded(math.exp(value) * ratio))
        for path, ratio in zip(paths, ratios, strict=True)
    }


def _rounded(seconds: float) -> float:
    return round(seconds, 3 if seconds < 100 else 1)


def _places(scenario: Scenario, members: tuple[Devices, ...]) -> list[tuple[str, str]]:
    names = {member.name for member in members}
    return [(str(key[1]), source.name) for key, source in scenario.fleet.placed() if source.name in names]


def _radio(scenario: Scenario, member: Devices) -> str:
    return member.radio or scenario.modules[member.module].radio


def _grouped(scenario: Scenario, classes: Classes, what: Callable[[Devices], str]) -> dict[tuple[str, ...], set[int]]:
    """Classes by all that their members have of something; those that share any of it are taken together."""
    found: dict[tuple[str, ...], set[int]] = {}
    for number, members in enumerate(classes.members):
        names = tuple(dict.fromkeys(map(what, members)))
        touching = [key for key in found if set(key) & set(names)]
        together = tuple(dict.fromkeys((*(name for key in touching for name in key), *names)))
        numbers = {number}.union(*(found.pop(key) for key in touching))
        found[together] = numbers
    return found


def _radios(scenario: Scenario, classes: Classes, view: View, signals: bool) -> Iterator[Knob]:
    for names, numbers in _grouped(scenario, classes, lambda member: _radio(scenario, member)).items():
        label, members = ", ".join(names), frozenset(numbers)
        yield Knob(
            f"speed/{label}",
            f"download speed, {label}",
            0.0,
            math.log(0.05),
            math.log(20.0),
            0.05,
            1.5,
            -1.0,
            taking(members),
            _speeds({name: scenario.radios[name].speed for name in names}),
            lambda value: f"x {math.exp(value):.3g}",
            "the times of downloads" if "downloaded_s" in view.times else "the times from contact to success",
            members,
        )
        base = float(np.mean([scenario.radios[name].s50 for name in names]))
        counted = {"attempts", "download_failures"} <= view.numbers
        yield Knob(
            f"s50/{label}",
            f"signal at which half of the chunks fail, {label}",
            base,
            base - 15.0,
            base + 25.0,
            0.5,
            6.0,
            1.0 if signals else 0.15,
            breaking_at(members, counted) if signals else breaking(members, counted),
            _levels({name: scenario.radios[name].s50 - base for name in names}),
            lambda value: f"{value:.1f} dBm",
            ("the signals at which downloads fail" if signals else "failed downloads per attempt")
            if counted
            else "devices that failed (the log hides attempts)",
            members,
        )


def _speeds(speeds: Mapping[str, float]) -> Callable[[float], Values]:
    """Of radios, multiplied by a factor that is given as its logarithm."""
    return lambda value: {
        f"radios.{name}.speed": float(f"{speed * math.exp(value):.6g}") for name, speed in speeds.items()
    }


def _levels(apart_dB: Mapping[str, float]) -> Callable[[float], Values]:
    """Of radios, so far apart from the level that is given."""
    return lambda value: {
        f"radios.{name}.s50": units.SIGNAL.format(round(value + apart, 3)) for name, apart in apart_dB.items()
    }


def _hosts(scenario: Scenario, classes: Classes, view: View) -> Iterator[Knob]:
    if "download_s" not in view.times:
        return
    for names, numbers in _grouped(scenario, classes, lambda member: member.host).items():
        laws = {name: scenario.hosts[name].confirm_delay for name in names}
        yield Knob(
            f"confirm/{', '.join(names)}",
            f"time until the host confirms, {', '.join(names)}",
            0.0,
            math.log(0.01),
            math.log(1000.0),
            0.1,
            1.5,
            0.5,
            beginning(frozenset(numbers)),
            _delays(laws),
            lambda value: f"x {math.exp(value):.3g}",
            "the times from contact to the first byte",
            frozenset(numbers),
        )


def _delays(laws: Mapping[str, Distribution]) -> Callable[[float], Values]:
    """Of hosts, multiplied by a factor that is given as its logarithm."""
    return lambda value: {
        f"hosts.{name}.confirm_delay": distribution.write(
            moved(law, float(f"{math.exp(value):.6g}"), False, units.DURATION), units.DURATION
        )
        for name, law in laws.items()
    }


def base_values(knobs: list[Knob], theta: Mapping[str, float]) -> dict[str, Any]:
    """What a scenario says with the knobs at these values."""
    return {path: value for knob in knobs for path, value in knob.values(theta[knob.key]).items()}
