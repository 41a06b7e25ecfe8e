"""Device lists: who is whitelisted, who is blacklisted, and whom an operator's action is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fota_sim.errors import Problem, ScenarioError
from fota_sim.fleet.defects import mask_for
from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.files import not_there
from fota_sim.fleet.nobody import in_words
from fota_sim.scenario.checks import list_file_problem, read_ids
from fota_sim.scenario.device_list import DeviceList
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.text_file import UnreadableFileError


def with_lists(fleet: Fleet, scenario: Scenario) -> Fleet:
    """The fleet, or the part of one, with the plan's whitelist and blacklist in ``white`` and ``black``.

    Devices of another product than the plan's are not in ``white``. Of several plans the first that takes a device has
    it; one that none takes is the first's, which does not either.

    Raises ScenarioError if a list names devices that do not exist.
    """
    if not scenario.plans:
        return _with_lists(fleet, scenario)
    listed = [_with_lists(fleet, each) for each in scenario.each_plan]
    takes = np.stack([each.white & ~each.black for each in listed])
    number = takes.argmax(axis=0).astype(np.int8)
    own = number, np.arange(fleet.n)
    white, black = (np.stack([getattr(each, name) for each in listed])[own] for name in ("white", "black"))
    return replace(fleet, white=white, black=black, plan=number)


def would_take(fleet: Fleet, one: Scenario) -> NDArray[np.bool_]:
    """Whom the one plan of ``one`` would take if there were no other; shape (devices,). Raises as ``with_lists``."""
    alone = _with_lists(fleet, one)
    return alone.white & ~alone.black


def _with_lists(fleet: Fleet, scenario: Scenario) -> Fleet:
    """The same for the one plan of ``scenario``."""
    problems: list[Problem] = []
    white, black = np.ones(fleet.n, dtype=np.bool_), np.zeros(fleet.n, dtype=np.bool_)
    sources = {source.name: source for source in scenario.fleet.sources}
    planned = np.array([scenario.is_planned_for(sources[name]) for name in fleet.group_names], dtype=np.bool_)
    try:
        if scenario.plan.whitelist is not None:
            white = list_mask(scenario.plan.whitelist, fleet, scenario, "plan.whitelist")
    except ScenarioError as error:
        problems += error.problems
    try:
        if scenario.plan.blacklist is not None:
            black = list_mask(scenario.plan.blacklist, fleet, scenario, "plan.blacklist")
    except ScenarioError as error:
        problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return replace(fleet, white=white & planned[fleet.group], black=black)


def check_somebody_left(scenario: Scenario, on_whitelist: bool, somebody_left: bool, drawn: int) -> None:
    """Raise ScenarioError if the lists leave nobody of the whole fleet; ``on_whitelist``: whether it names anybody.

    ``drawn``: the replication whose devices they are. A later one than the first is named, for there lists may name
    others: those of conditions over what is drawn.
    """
    if somebody_left:
        return
    where, message = in_words(scenario, on_whitelist)
    if drawn:
        message = (
            f"in replication {drawn} (from 0), which draws devices of its own, it {message}. More devices would do"
        )
    raise ScenarioError([scenario.placed(Problem("", 0, 0, ".".join(map(str, where)), message))])


def list_mask(listed: DeviceList, fleet: Fleet, scenario: Scenario, path: str) -> NDArray[np.bool_]:
    """Which devices a list names by file, id or condition; shape (devices,). ``path`` is where it stands.

    A condition sees what is known of a device: an unknown reading meets no comparison. Of a part of a fleet, a list
    may name devices that are in the rest.

    Raises ScenarioError if a file cannot be read, an id is no device's, or a condition makes no sense.
    """
    problems: list[Problem] = []
    path = scenario.path_of(path)
    mask = np.zeros(fleet.n, dtype=np.bool_)
    try:
        places = _places(listed, fleet, scenario, path)
        here = places[(places >= fleet.first) & (places < fleet.first + fleet.n)]
        mask[here - fleet.first] = True
    except ScenarioError as error:
        problems += error.problems
    if listed.where is not None:
        try:
            mask |= mask_for(listed.where, fleet, f"{path}.where")
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError([scenario.placed(problem) for problem in problems])
    return mask


def _places(listed: DeviceList, fleet: Fleet, scenario: Scenario, path: str) -> NDArray[np.intp]:
    """Places in the whole fleet of the devices that a list names by file or id, in any order."""
    everybody = fleet.everybody
    if path in everybody.listed:
        return everybody.listed[path]
    problems: list[Problem] = []
    found: list[int] = []
    named: list[tuple[str, Sequence[str]]] = [(f"{path}.ids", listed.ids)]
    if listed.file is not None:
        try:
            named.append((f"{path}.file", read_ids(scenario, listed.file)))
        except UnreadableFileError as error:
            problems.append(Problem("", 0, 0, f"{path}.file", list_file_problem(listed.file, error)))
    for where, names in named:
        places = {name: everybody.ids.find(name) for name in names}
        missing = [name for name, place in places.items() if place is None]
        if missing:
            problems.append(Problem("", 0, 0, where, not_there(missing, everybody.ids)))
        found += [place for place in places.values() if place is not None]
    if problems:
        raise ScenarioError(problems)
    everybody.listed[path] = np.array(found, dtype=np.intp)
    return everybody.listed[path]
