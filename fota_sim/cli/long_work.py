"""What is said before work that takes long: how much of a fleet is played how often, why, and what would take less."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fota_sim.cli.console import say

if TYPE_CHECKING:
    from fota_sim.analysis.tune.trials import Search
    from fota_sim.scenario.model import Scenario

FEWEST_TRIALS = 20
"""Of a fit; fewer say nothing of how what is seen follows what is learnt."""
FEWEST_MEMBERS = 20
"""Of a round of a forecast; fewer say nothing of what is likely."""
_ROWS = 100
"""What a number of rows that is proposed is a multiple of."""


def tell_search(what: Search, trials: int | None, fresh: int) -> None:
    """Of ``tune`` without ``--devices``; ``trials``: as many as were asked for."""
    from fota_sim.analysis.run.replications import effort_of
    from fota_sim.analysis.tune.question import AFFORDED_EACH, TRIALS, shared_by_devices
    from fota_sim.analysis.tune.verdict import MOST_CONFIRMED

    part = effort_of(what.scenario, trials or TRIALS, AFFORDED_EACH).devices
    if what.sample is not None or part is None:
        return
    shared = shared_by_devices(what.knobs)
    fewer = [f"--trials {what.trials // 2}"] if what.trials > 1 else []
    rollouts = (what.trials + 1) * what.replications + (MOST_CONFIRMED + 1) * fresh
    instead = [*([] if shared else _first_rows(what.scenario, part)), *fewer]
    _tell(what.scenario, rollouts, _no_part(what.scenario, shared), instead)


def tell_design(scenario: Scenario, points: int, replications: int) -> None:
    """Of ``sensitivity`` without ``--devices`` where all devices of each point are played."""
    from fota_sim.analysis.run.replications import effort_of

    part = effort_of(scenario, points).devices
    if part is not None:
        _tell(scenario, points * replications, _no_part(scenario), _first_rows(scenario, part))


def tell_fit(scenario: Scenario, trials: int | None) -> None:
    """Of ``fit``; ``trials``: as many as were asked for."""
    from fota_sim.learning.beside import PLAYED
    from fota_sim.learning.fitting import usual_trials
    from fota_sim.learning.turning import played_beside

    count = trials or usual_trials(scenario)
    fewer = [f"--trials {max(FEWEST_TRIALS, count // 2)}"] if count > FEWEST_TRIALS else []
    _tell(scenario, played_beside(count) + PLAYED, "devices share servers and cells", fewer)


def tell_forecast(scenario: Scenario, members: tuple[int, int] | None) -> None:
    """Of ``forecast``; ``members``: drawn in each round and played on, as many as were asked for."""
    from fota_sim.analysis.forecast.members import rollouts_of, usual_members
    from fota_sim.engines.choice import device_count

    count = members or usual_members(device_count(scenario))
    fewer = [f"--members {max(FEWEST_MEMBERS, count[0] // 2)}"] if count[0] > FEWEST_MEMBERS else []
    _tell(scenario, rollouts_of(count), "each is put where the devices of the log stand", fewer)


def _tell(scenario: Scenario, rollouts: int, why: str, instead: Sequence[str]) -> None:
    """Say that so many rollouts of the whole fleet come, if they are more than a question affords.

    ``why``: they are of the whole fleet, as what follows "for"; ``instead``: what would take less.
    """
    from fota_sim.analysis.run.replications import AFFORDED, updates_of
    from fota_sim.engines.choice import device_count

    if rollouts * updates_of(scenario) <= AFFORDED:
        return
    told = f"Each of up to {rollouts:,} rollouts plays all {device_count(scenario):,} devices, for {why}."
    say(f"{told} Less work: {', or '.join(instead)}." if instead else told)


def _no_part(scenario: Scenario, shared: Sequence[str] = ()) -> str:
    """Why no part of the devices answers for all; ``shared``: paths that are turned."""
    from fota_sim.analysis.run.sample import unlike_any_part

    if shared:
        return f"{shared[0]} is turned, which they share"
    return unlike_any_part(scenario) or "what they share, made smaller with them, would be no whole number"


def _first_rows(scenario: Scenario, devices: int) -> list[str]:
    """How to play the first rows of a file only, about so many; nothing where the fleet is more than one file."""
    from fota_sim.analysis.run.sample import LEAST_PART
    from fota_sim.engines.choice import device_count

    (key, source), *others = scenario.fleet.placed()
    rows = max(_ROWS, devices // _ROWS * _ROWS)
    if others or source not in scenario.fleet.tables or rows * LEAST_PART > device_count(scenario):
        return []
    path = f"{key[0]}.{key[1]}[{key[2]}].limit"
    like = "which answer for all if they are like the others and nothing that devices share is short"
    return [f"--set {path}={rows} (the first {rows:,} rows, {like})"]
