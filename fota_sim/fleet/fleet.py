"""The fleet of one replication: its sources, then the plan's lists."""

from __future__ import annotations

from fota_sim.errors import Problem, ScenarioError
from fota_sim.fleet.alike import standing_once
from fota_sim.fleet.columns import columns_for_predicates
from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.joining import concat
from fota_sim.fleet.roster import MAX_DEVICES, Part, Roster
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.sharing import shared

__all__ = ["MAX_DEVICES", "Fleet", "Part", "Roster", "build_fleet", "columns_for_predicates", "concat"]


def build_fleet(scenario: Scenario, replication: int, part: Part | None = None, by_two: bool = False) -> Fleet:
    """The devices of one replication (from 0), or a part of them; with ``redraw: false`` the same ones in each.

    A device's values depend on its id, the seed and the replication, not on who else is in the fleet. ``by_two``: a
    second thread draws as well, if all are asked for; it has the shipped rules, whatever this one plays by.

    Raises ScenarioError with what is wrong: a table, a distribution that leaves nothing to draw, an id
    used twice, a listed id that does not exist, lists that leave nobody, no devices or too many.
    """
    asked = scenario.fleet.drawn if part is None else part.n
    if asked > MAX_DEVICES:
        raise ScenarioError([_too_many(scenario, asked)])
    if part is not None:
        return standing_once(part.fleet())
    roster = Roster(scenario, replication)
    if roster.n > MAX_DEVICES:
        raise ScenarioError([_too_many(scenario, roster.n)])
    return standing_once(roster.whole(by_two))


def _too_many(scenario: Scenario, devices: int) -> Problem:
    message = f"{devices} devices are more than the {MAX_DEVICES} that are drawn and played in one piece"
    if reason := shared(scenario, devices):
        message += f", and they cannot be played in parts: {reason}"
    else:
        message += "; a run plays them in parts, but this needs all of them at once: lower the counts for it"
    return Problem("", 0, 0, "fleet", message)
