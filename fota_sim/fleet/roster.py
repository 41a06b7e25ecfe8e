"""Who is in a fleet, and any part of it drawn: a run of consecutive devices, the same as in the whole.

Everything about a device hangs on its own name, so a part is drawn without the rest. What does depend on the rest is
here: who stands at which place, that ids are unique, and that a listed id is somebody's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from fota_sim.errors import Problem, ScenarioError
from fota_sim.fleet.csv_fleet import csv_fleet
from fota_sim.fleet.devices import Everybody, Fleet
from fota_sim.fleet.groups import group_fleet
from fota_sim.fleet.ids import Ids, Numbered
from fota_sim.fleet.joining import concat
from fota_sim.fleet.lists import check_somebody_left, with_lists
from fota_sim.quoting import quoted
from fota_sim.scenario.checks import for_nobody
from fota_sim.scenario.document import problem as problem_at
from fota_sim.scenario.model import Scenario

MAX_DEVICES = 1 << 24
"""Devices that one engine plays at a time: an event packs time and device into 40 + 24 bits (docs/design.md, Time)."""

_EMPTY = Problem("", 0, 0, "fleet", "the fleet is empty; give a group a count above 0, or a csv file")


class Part(NamedTuple):
    """The devices of a fleet from number ``start`` up to ``stop``, which is excluded."""

    roster: Roster
    start: int
    stop: int

    @property
    def n(self) -> int:
        """How many they are."""
        return self.stop - self.start

    def fleet(self) -> Fleet:
        """The devices, drawn; raises ScenarioError as ``Roster.part`` does."""
        return self.roster.part(self.start, self.stop)


class Roster:
    """The devices of one replication (from 0), groups not drawn yet; with ``redraw: false`` the same ones in each.

    Files are read here, once for all parts. It can be pickled, to draw a part elsewhere.
    """

    def __init__(self, scenario: Scenario, replication: int) -> None:
        """Raises ScenarioError: a CSV file that cannot be used, an id used twice, no devices."""
        problems = list(_wrong_before_drawing(scenario))
        if problems:
            raise ScenarioError(problems)
        self._scenario = scenario
        self._drawn = replication if scenario.fleet.redraw else 0
        self._files = self._read_files()
        self._sizes = [*(group.count for group in scenario.fleet.groups), *(file.n for file in self._files)]
        groups = [Numbered(group.name, group.count) for group in scenario.fleet.groups]
        self._everybody = Everybody(Ids([*groups, *(names for file in self._files for names in file.ids.parts)]))
        problems = [*self._wrong(), *self._for_nobody()]
        if problems:
            raise ScenarioError([scenario.placed(problem) for problem in problems])

    @property
    def n(self) -> int:
        """How many devices there are."""
        return sum(self._sizes)

    def whole(self) -> Fleet:
        """All devices. Raises ScenarioError as ``part`` does, and if the lists leave nobody."""
        fleet = self.part(0, self.n)
        check_somebody_left(self._scenario, bool(fleet.white.any()), bool((fleet.white & ~fleet.black).any()))
        return fleet

    def part(self, start: int, stop: int) -> Fleet:
        """The devices from number ``start`` up to ``stop``; columns, names and luck are those of the whole fleet.

        Raises ScenarioError with what is wrong: a distribution that leaves nothing to draw, a listed id that is
        nobody's. Lists may leave nobody of a part.
        """
        pieces: list[Fleet] = []
        problems: list[Problem] = []
        begin = 0
        for number, size in enumerate(self._sizes):
            first = min(max(start - begin, 0), size)
            end = max(min(stop - begin, size), first)
            try:
                pieces.append(self._piece(number, first, end))
            except ScenarioError as error:
                problems += error.problems
            begin += size
        if problems:
            raise ScenarioError(problems)
        fleet = replace(concat(pieces), first=start, whole=self._everybody)
        return with_lists(fleet, self._scenario)

    def check_lists(self, size: int) -> None:
        """Raise ScenarioError if the plan's lists leave nobody of the fleet; ``size`` devices are drawn at a time."""
        plan = self._scenario.plan
        if plan.whitelist is None and plan.blacklist is None:
            return
        on_whitelist = False
        for start in range(0, self.n, size):  # nearly always the first are enough
            fleet = self.part(start, min(start + size, self.n))
            on_whitelist = on_whitelist or bool(fleet.white.any())
            if np.any(fleet.white & ~fleet.black):
                return
        check_somebody_left(self._scenario, on_whitelist, somebody_left=False)

    def _piece(self, number: int, first: int, end: int) -> Fleet:
        groups = self._scenario.fleet.groups
        if number < len(groups):
            return group_fleet(self._scenario, groups[number], self._drawn, first, end)
        return self._files[number - len(groups)].cut(first, end)

    def _read_files(self) -> list[Fleet]:
        """The devices of CSV files; what is wrong with groups is told beside what is wrong with files."""
        files: list[Fleet] = []
        problems: list[Problem] = []
        for source in self._scenario.fleet.csv:
            try:
                files.append(csv_fleet(self._scenario, source, self._drawn))
            except ScenarioError as error:
                problems += error.problems
        if problems:
            raise ScenarioError([*self._wrong_groups(), *problems])
        return files

    def _wrong_groups(self) -> Iterator[Problem]:
        for group in self._scenario.fleet.groups:
            try:
                group_fleet(self._scenario, group, self._drawn, 0, 0)
            except ScenarioError as error:
                yield from error.problems

    def _wrong(self) -> Iterator[Problem]:
        if self.n == 0:
            yield _EMPTY
        ids = self._everybody.ids
        doubled = ids.doubled()
        if doubled is not None:
            first, second = (self._source(place) for place in doubled)
            message = f"id {quoted(ids[doubled[0]])} is used twice, by {first!r} and {second!r}; ids are unique"
            yield Problem("", 0, 0, "fleet", message)
        for file in self._files:
            for index, zone in enumerate(file.time_zone_names):
                users = file.time_zone == index
                if users.any() and not _is_zone(zone):
                    device = file.ids[int(users.argmax())]
                    message = (
                        f"{quoted(zone)} is no IANA time zone (device {quoted(device)}); "
                        "write for example Europe/Berlin"
                    )
                    yield Problem("", 0, 0, "fleet", message)

    def _for_nobody(self) -> Iterator[Problem]:
        """Packages for versions that no device of a file or a group runs."""
        runs: dict[str, set[str]] = {}
        for file in self._files:
            for name, column in {self._scenario.module_component: file.firmware, **file.mcu}.items():
                runs.setdefault(name, set()).update(column.used())
        for where, message in for_nobody(self._scenario, runs):
            yield problem_at("", 0, 0, where, message)

    def _source(self, place: int) -> str:
        """The group or file that the device at a place comes from."""
        names = [source.name for source in (*self._scenario.fleet.groups, *self._scenario.fleet.csv)]
        return names[int(np.searchsorted(np.cumsum(self._sizes), place, side="right"))]


def _wrong_before_drawing(scenario: Scenario) -> Iterator[Problem]:
    if not scenario.fleet.groups and not scenario.fleet.csv:
        yield _EMPTY


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True
