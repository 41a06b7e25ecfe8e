"""The fleet of one replication: groups, then CSV files, then the plan's lists."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from fota_sim.errors import Problem, ScenarioError
from fota_sim.fleet.columns import columns_for_predicates
from fota_sim.fleet.csv_fleet import csv_fleet
from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.groups import group_fleet
from fota_sim.fleet.joining import concat
from fota_sim.fleet.lists import with_lists
from fota_sim.quoting import quoted
from fota_sim.scenario.checks import for_nobody
from fota_sim.scenario.document import problem as problem_at
from fota_sim.scenario.model import Scenario

__all__ = ["MAX_DEVICES", "Fleet", "build_fleet", "columns_for_predicates", "concat"]

MAX_DEVICES = 1 << 24
"""Devices per fleet: an event packs time and device into 40 + 24 bits (docs/design.md, Time)."""

_EMPTY = Problem("", 0, 0, "fleet", "the fleet is empty; give a group a count above 0, or a csv file")


def build_fleet(scenario: Scenario, replication: int) -> Fleet:
    """The devices of one replication (from 0); with ``redraw: false`` the same ones in each.

    A device's values depend on its id, the seed and the replication, not on who else is in the fleet.

    Raises ScenarioError with what is wrong: a CSV file, a distribution that leaves nothing to draw, an id
    used twice, a listed id that does not exist, lists that leave nobody, no devices or too many.
    """
    problems = list(_wrong_before_drawing(scenario))
    if problems:
        raise ScenarioError(problems)
    drawn = replication if scenario.fleet.redraw else 0
    parts: list[Fleet] = []
    for group in scenario.fleet.groups:
        try:
            parts.append(group_fleet(scenario, group, drawn))
        except ScenarioError as error:
            problems += error.problems
    for source in scenario.fleet.csv:
        try:
            parts.append(csv_fleet(scenario, source, drawn))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    fleet = concat(parts)
    problems = [*_wrong_after_drawing(fleet), *_for_nobody(scenario, fleet)]
    if problems:
        raise ScenarioError([scenario.placed(problem) for problem in problems])
    return with_lists(fleet, scenario)


def _wrong_before_drawing(scenario: Scenario) -> Iterator[Problem]:
    if not scenario.fleet.groups and not scenario.fleet.csv:
        yield _EMPTY
    asked = sum(group.count for group in scenario.fleet.groups)
    if asked > MAX_DEVICES:
        yield Problem("", 0, 0, "fleet", f"{asked} devices are more than {MAX_DEVICES}; split the fleet into runs")


def _for_nobody(scenario: Scenario, fleet: Fleet) -> Iterator[Problem]:
    """Packages for versions that no device of a file or a group runs."""
    columns = {scenario.module_component: fleet.firmware, **fleet.mcu}
    runs = {name: column.used() for name, column in columns.items()}
    for where, message in for_nobody(scenario, runs):
        yield problem_at("", 0, 0, where, message)


def _wrong_after_drawing(fleet: Fleet) -> Iterator[Problem]:
    if fleet.n == 0:
        yield _EMPTY
    if fleet.n > MAX_DEVICES:
        yield Problem("", 0, 0, "fleet", f"{fleet.n} devices are more than {MAX_DEVICES}; split the fleet into runs")
    doubled = fleet.ids.doubled()
    if doubled is not None:
        first, second = (fleet.group_names[fleet.group[place]] for place in doubled)
        message = f"id {quoted(fleet.ids[doubled[0]])} is used twice, by {first!r} and {second!r}; ids are unique"
        yield Problem("", 0, 0, "fleet", message)
    for index, zone in enumerate(fleet.time_zone_names):
        try:
            ZoneInfo(zone)
        except (OSError, ValueError, KeyError):
            users = fleet.time_zone == index
            if users.any():
                device = fleet.ids[int(users.argmax())]
                message = (
                    f"{quoted(zone)} is no IANA time zone (device {quoted(device)}); write for example Europe/Berlin"
                )
                yield Problem("", 0, 0, "fleet", message)
