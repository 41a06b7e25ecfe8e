"""Plans whose lists leave them nobody: in words, and as far as it shows without drawing."""

from __future__ import annotations

from collections.abc import Iterator

from fota_sim.fleet.ids import Ids
from fota_sim.fleet.possible import Possible
from fota_sim.scenario.checks import Finding, conditions_of, read_ids
from fota_sim.scenario.device_list import DeviceList
from fota_sim.scenario.document import Key
from fota_sim.scenario.model import Scenario

UNMET = "no device of this fleet meets it; is a value or a name misspelt?"


def in_words(scenario: Scenario, whitelist_has_some: bool) -> tuple[Key, str]:
    """Where it is written that nobody is left, and what would do; ``whitelist_has_some``: it names somebody."""
    plan = scenario.plan
    if scenario.plan_name and not whitelist_has_some:
        message = "takes no device of this fleet: whom it names are of the plans before it, or there are none; "
        return ("plan",), message + "write it before those, or name others"
    if plan.whitelist is not None and not whitelist_has_some:
        message = "names no device of this fleet, so nobody would be upgraded; widen it or leave it out"
        return ("plan", "whitelist"), message
    if plan.whitelist is not None:
        return ("plan", "blacklist"), "names every device of the whitelist, so nobody would be upgraded; narrow it"
    return ("plan", "blacklist"), "names every device of the fleet, so nobody would be upgraded; narrow it"


def left(scenario: Scenario, possible: Possible, ids: Ids) -> Iterator[Finding]:
    """Lists that leave nobody, whoever is drawn; of one plan."""
    white, black = scenario.plan.whitelist, scenario.plan.blacklist
    sources = [source for source in scenario.fleet.sources if scenario.is_planned_for(source)]
    whites, blacks = ({*_named(scenario, entry)} if entry is not None else set() for entry in (white, black))
    asks_white = white.where if white is not None else None
    asks_black = black.where if black is not None else None
    some = white is None or bool(whites)
    if asks_white is not None:
        some = some or any(possible.may_meet(source, asks_white)[0] for source in sources)
    if not some:
        assert asks_white is not None
        where, message = in_words(scenario, False)
        yield where, message + possible.hint(asks_white)
        return
    if black is None:
        return
    every = bool(sources) and all(
        asks_black is not None and not possible.may_meet(source, asks_black)[1] for source in sources
    )
    if white is None:
        every = every or (len(blacks) >= len(ids) and all(ids[row] in blacks for row in range(len(ids))))
    elif whites <= blacks:
        every = every or asks_white is None or asks_white == asks_black
    if every:
        yield in_words(scenario, True)


def unmet(scenario: Scenario, possible: Possible) -> Iterator[Finding]:
    """Conditions that no device can meet, whoever is drawn, and values in others that no device has."""
    for where, text in conditions_of(scenario):
        if not possible.met_by_somebody(text):
            yield where, UNMET + possible.hint(text)
            continue
        for message in possible.had_by_nobody(text):
            yield where, f"{message}; is it misspelt?"


def _named(scenario: Scenario, entry: DeviceList) -> list[str]:
    return [*entry.ids, *(read_ids(scenario, entry.file) if entry.file is not None else ())]
