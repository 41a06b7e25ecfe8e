"""Who is in a fleet, and any part of it drawn: a run of consecutive devices, the same as in the whole.

Everything about a device hangs on its own name, so a part is drawn without the rest. What does depend on the rest is
here: who stands at which place, that ids are unique, and that a listed id is somebody's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from fota_sim.errors import Problem, ScenarioError
from fota_sim.fleet.devices import Everybody, Fleet
from fota_sim.fleet.drawing import Cut, drawn, drawn_by_two
from fota_sim.fleet.ids import Ids
from fota_sim.fleet.joining import concat
from fota_sim.fleet.lists import check_somebody_left, with_lists
from fota_sim.fleet.sources import Source, source_of
from fota_sim.quoting import quoted
from fota_sim.scenario.checks import for_nobody
from fota_sim.scenario.document import problem as problem_at
from fota_sim.scenario.drawn import of_replication
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.zones import zone_info

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

    Tables are read here, once for all parts. It can be pickled, to draw a part elsewhere.
    """

    def __init__(self, scenario: Scenario, replication: int) -> None:
        """Raises ScenarioError: a table that cannot be used, an id used twice, no devices."""
        scenario = of_replication(scenario, replication)
        if not scenario.fleet.sources:
            raise ScenarioError([_EMPTY])
        self._scenario = scenario
        self._drawn = replication if scenario.fleet.redraw else 0
        self._sources = self._opened()
        self._everybody = Everybody(Ids([names for source in self._sources for names in source.ids]))
        problems = [*self._wrong(), *self._for_nobody()]
        if problems:
            raise ScenarioError([scenario.placed(problem) for problem in problems])

    @property
    def n(self) -> int:
        """How many devices there are."""
        return sum(source.n for source in self._sources)

    def whole(self, by_two: bool = False) -> Fleet:
        """All devices. Raises ScenarioError as ``part`` does, and if the lists leave nobody."""
        fleet = self.part(0, self.n, by_two)
        for one in self._scenario.each_plan:
            self._check_left(one, fleet)
        return fleet

    def _check_left(self, one: Scenario, fleet: Fleet) -> None:
        own = fleet.of_plan(one.plan_number)
        white = fleet.white & own
        check_somebody_left(one, bool(white.any()), bool((white & ~fleet.black).any()), self._drawn)

    def part(self, start: int, stop: int, by_two: bool = False) -> Fleet:
        """The devices from number ``start`` up to ``stop``; columns, names and luck are those of the whole fleet.

        ``by_two``: a second thread draws as well.

        Raises ScenarioError with what is wrong: a distribution that leaves nothing to draw, a listed id that is
        nobody's. Lists may leave nobody of a part.
        """
        cuts = list(self._cuts(start, stop))
        fleet = concat(drawn_by_two(cuts) if by_two else drawn(cuts))
        return with_lists(replace(fleet, first=start, whole=self._everybody), self._scenario)

    def _cuts(self, start: int, stop: int) -> Iterator[Cut]:
        """Of every source the devices that are among these, if only none."""
        begin = 0
        for source in self._sources:
            first = min(max(start - begin, 0), source.n)
            yield Cut(source, first, max(min(stop - begin, source.n), first))
            begin += source.n

    def check_lists(self, size: int) -> None:
        """Raise ScenarioError if the plan's lists leave nobody of the fleet; ``size`` devices are drawn at a time."""
        for one in self._scenario.each_plan:
            if self._scenario.plans or one.plan.whitelist is not None or one.plan.blacklist is not None:
                self._check_lists_of(one, size)

    def _check_lists_of(self, one: Scenario, size: int) -> None:
        on_whitelist = False
        for start in range(0, self.n, size):  # nearly always the first are enough
            fleet = self.part(start, min(start + size, self.n))
            white = fleet.white & fleet.of_plan(one.plan_number)
            on_whitelist = on_whitelist or bool(white.any())
            if np.any(white & ~fleet.black):
                return
        check_somebody_left(one, on_whitelist, somebody_left=False, drawn=self._drawn)

    def _opened(self) -> list[Source]:
        """The sources; what is wrong with those that are drawn is told beside what is wrong with tables."""
        sources: list[Source] = []
        problems: list[Problem] = []
        for devices in self._scenario.fleet.sources:
            try:
                sources.append(source_of(self._scenario, devices, self._drawn))
            except ScenarioError as error:
                problems += error.problems
        if problems:
            raise ScenarioError([*_undrawable(sources), *problems])
        return sources

    @property
    def _known(self) -> list[Fleet]:
        return [source.known for source in self._sources if source.known is not None]

    def _wrong(self) -> Iterator[Problem]:
        if self.n == 0:
            yield _EMPTY
        ids = self._everybody.ids
        doubled = ids.doubled()
        if doubled is not None:
            first, second = (self._origin(place) for place in doubled)
            message = f"id {quoted(ids[doubled[0]])} is used twice, by {first!r} and {second!r}; ids are unique"
            yield Problem("", 0, 0, "fleet", message)
        for read in self._known:
            for index, zone in enumerate(read.time_zone_names):
                users = read.time_zone == index
                if users.any() and not _is_zone(zone):
                    device = read.ids[int(users.argmax())]
                    message = (
                        f"{quoted(zone)} is no IANA time zone (device {quoted(device)}); "
                        "write for example Europe/Berlin"
                    )
                    yield Problem("", 0, 0, "fleet", message)

    def _for_nobody(self) -> Iterator[Problem]:
        """Packages for versions that no device of a table or a group runs."""
        runs: dict[str, set[str]] = {}
        modules = {one.module_component for one in self._scenario.each_plan}
        for read in self._known:
            for name, column in {**dict.fromkeys(modules, read.firmware), **read.mcu}.items():
                runs.setdefault(name, set()).update(column.used())
        for one in self._scenario.each_plan:
            for where, message in for_nobody(one, runs):
                yield problem_at("", 0, 0, one.key_of(where), message)

    def _origin(self, place: int) -> str:
        """The name of the source that the device at a place comes from."""
        ends = np.cumsum([source.n for source in self._sources])
        return self._scenario.fleet.sources[int(np.searchsorted(ends, place, side="right"))].name


def _undrawable(sources: list[Source]) -> Iterator[Problem]:
    for source in sources:
        try:
            source.cut(0, 0)
        except ScenarioError as error:
            yield from error.problems


def _is_zone(name: str) -> bool:
    try:
        zone_info(name)
    except (OSError, ValueError, KeyError):
        return False
    return True
