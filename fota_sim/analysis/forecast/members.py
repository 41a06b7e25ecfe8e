"""Simulated rollouts that may be the real one: played up to now, moved to what was seen, and put where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.forecast.agreement import Comparison, Parting, spread_of
from fota_sim.analysis.forecast.ahead import Ahead, Asked, ahead
from fota_sim.analysis.forecast.branches import GO_ON, branches_of
from fota_sim.analysis.forecast.moving import STEPS, moved
from fota_sim.analysis.forecast.placing import donors, placed
from fota_sim.analysis.forecast.states import DONE, Seen, not_meant, seen_in_record
from fota_sim.analysis.forecast.unknowns import Unknowns
from fota_sim.analysis.forecast.unlisted import exchanged
from fota_sim.engines.compiled.run import Replication
from fota_sim.engines.waves import release_order
from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.fleet import build_fleet
from fota_sim.histories.ends import End
from fota_sim.histories.results import start_s
from fota_sim.histories.view import View
from fota_sim.scenario.model import Keep, Scenario

Floats = NDArray[np.float64]
Given = TypeVar("Given")
Made = TypeVar("Made")

FIRST = 1 << 20
"""Number of the first member's replication: its luck is no run's that somebody keeps."""
ROUNDS = 1 + len(STEPS)
"""How often members are played up to now: over their ranges, and after each step towards what was seen."""
REPLICATES = 10
"""Rollouts of the same parameters that say how much luck alone moves counts."""
_PLAYED, _MOST, _LEAST = 2_400_000, 200, 60
"""Devices that all members of a round have together, and how many members there are at most and at least."""
_AHEAD, _MOST_AHEAD, _LEAST_AHEAD = 1_600_000, 100, 40
"""The same of members that are played on from now."""


def usual_members(devices: int) -> tuple[int, int]:
    """How many are drawn in a round, and how many are played on, so that forecasts take about as long as each other."""
    drawn = int(np.clip(_PLAYED // max(1, devices), _LEAST, _MOST))
    return drawn, int(np.clip(_AHEAD // max(1, devices), _LEAST_AHEAD, _MOST_AHEAD))


def rollouts_of(members: tuple[int, int]) -> int:
    """How many rollouts are played where so many are drawn in a round and so many played on."""
    return REPLICATES + ROUNDS * members[0] + members[1]


@dataclass(frozen=True)
class Situation:
    """A rollout under way."""

    unknowns: Unknowns
    seen: Seen
    """Of the devices that the plan may take."""
    view: View
    now_ms: int
    members: tuple[int, int]
    """How many are drawn in a round, and how many are played on."""
    workers: int = 1
    seed: int = 1
    """Of the draws of parameters; that of devices is the scenario's."""
    played: Callable[[], None] = lambda: None
    """Called when one more rollout was played."""
    plan: str = ""
    """Of several the one that is forecast; the others are played beside it."""
    places: NDArray[np.intp] | None = None
    """Of the devices that it may take, in the fleet, ascending; None: all."""
    unnamed: NDArray[np.bool_] | None = None
    """Which of ``seen`` the log does not name though it would, so that nothing is known of them; None: none is."""

    @property
    def named(self) -> NDArray[np.intp]:
        """Places in ``seen`` of the devices of which something is known."""
        n = len(self.seen.state)
        return np.arange(n) if self.unnamed is None else np.flatnonzero(~self.unnamed)

    @property
    def scenario(self) -> Scenario:
        """As it is written."""
        return self.unknowns.scenario

    @property
    def rollouts(self) -> int:
        """How many are played in all, one that goes on in several ways as one."""
        return rollouts_of(self.members)

    def among(self, fleet: Fleet) -> NDArray[np.intp]:
        """Places of the devices that are looked at."""
        return np.arange(fleet.n) if self.places is None else self.places

    def each(self, do: Callable[[Given], Made], those: Iterable[Given]) -> list[Made]:
        """Done for each, several at a time, in order; ``played`` hears of each in the thread of who asks."""
        found = []
        with ThreadPoolExecutor(self.workers) as threads:
            for one in (map if self.workers == 1 else threads.map)(do, those):
                found.append(one)
                self.played()
        return found


def would_be_named(situation: Situation) -> int:
    """How many devices a log of this kind would name by now, in a rollout of the scenario as it is written."""
    scenario, fleet = _as_written(situation)
    short = scenario.model_copy(update={"horizon": situation.now_ms / 1000.0})
    devices = Replication(short, FIRST, fleet=fleet).record().devices
    released_ms = devices["released_ms"]
    there = (released_ms >= 0) & (released_ms < situation.now_ms)
    apart = not_meant(devices["outcome"].codes, devices["cause"].codes)
    there = (there | apart) if End.NOT_APPLICABLE in situation.view.ends else (there & ~apart)
    return int(there[situation.among(fleet)].sum())


def would_be_heard_of(situation: Situation, since_ms: float) -> int:
    """Of how many devices the log would have something after that time, in a rollout of the scenario as written."""
    scenario, fleet = _as_written(situation)
    return int((_now(situation, scenario, FIRST, fleet)[0].at_ms > since_ms).sum())


def _as_written(situation: Situation) -> tuple[Scenario, Fleet]:
    """One rollout of the scenario as it is written, and its devices."""
    scenario = situation.scenario.model_copy(update={"keep": Keep(), "replications": 1})
    return scenario, build_fleet(scenario, FIRST)


@dataclass(frozen=True)
class Near:
    """The members of the last round, each as good a guess as another."""

    places: Floats
    """Of their unknowns, shape (members, unknowns)."""
    spread: float
    """How much more counts vary than those of independent devices."""
    partings: list[Parting] = field(default_factory=list)
    """What no member explains; if there is anything, there is no forecast."""


def near(situation: Situation) -> Near:
    """Draw members over their ranges, play them up to now, and move them towards what was seen, in steps."""
    luck = np.random.default_rng(situation.seed)
    count, unknowns = situation.members[0], situation.unknowns
    fleet = build_fleet(situation.scenario, FIRST)
    groups, names = _groups(situation, fleet)
    comparison = Comparison(situation.seen.take(situation.named), groups[situation.named], names, situation.now_ms)
    middle = np.full(unknowns.count, 0.5)
    numbers = iter(range(FIRST, FIRST + REPLICATES + ROUNDS * count))

    def counted(places: Floats) -> NDArray[np.int64]:
        drawn = [(row, next(numbers)) for row in places]
        counts = situation.each(lambda one: _counts(situation, comparison, *one), drawn)
        return np.array(counts)

    spread = spread_of(counted(np.tile(middle, (REPLICATES, 1))))
    places = unknowns.scattered(count, luck)
    counts = counted(places)
    rounds = [counts]
    for times in STEPS:
        after = moved(
            unknowns.scores(places),
            comparison.evened(counts),
            comparison.evened(comparison.seen),
            luck=spread,
            doubt=comparison.doubt(),
            times=times,
            draws=luck,
        )
        places = unknowns.places(after.scores, places, after.followed)
        counts = counted(places)
        rounds.append(counts)
    partings = comparison.partings(counts, spread)
    if partings:  # what nothing can explain drives members to the ends of their ranges, where they part in all else too
        nearest = min(rounds, key=lambda each: comparison.nearest(each, spread))
        partings = comparison.partings(nearest, spread) or partings
    return Near(places, spread, partings)


def _counts(situation: Situation, comparison: Comparison, places: Floats, number: int) -> NDArray[np.int64]:
    scenario = _drawn(situation, places)
    fleet = build_fleet(scenario, number)
    now, luck_of = _now(situation, scenario, number, fleet)
    group = _groups(situation, fleet)[0]
    return comparison.counts(now.take(luck_of[situation.named]), group[situation.named])


def _groups(situation: Situation, fleet: Fleet) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """The group of each device that is looked at, as its place in the names of these groups."""
    if situation.places is None:
        return fleet.group, fleet.group_names
    codes, group = np.unique(fleet.group[situation.places], return_inverse=True)
    return group.astype(np.int32), tuple(fleet.group_names[code] for code in codes)


def _drawn(situation: Situation, places: Floats) -> Scenario:
    return situation.unknowns.at(places).model_copy(update={"keep": Keep(), "replications": 1})


def _now(situation: Situation, scenario: Scenario, number: int, fleet: Fleet) -> tuple[Seen, NDArray[np.intp]]:
    """Where its devices stand now, and for each the one whose luck it gets for what the log says by its silence."""
    short = scenario.model_copy(update={"horizon": situation.now_ms / 1000.0})
    record = Replication(short, number, fleet=fleet).record()
    seen = seen_in_record(record, situation.view, situation.plan, start_s(situation.scenario))
    among = situation.among(fleet)
    if situation.unnamed is None or End.NOT_APPLICABLE in situation.view.ends:
        return seen.take(among), np.arange(len(among))
    apart = not_meant(record.devices["outcome"].codes, record.devices["cause"].codes)
    tables = [k for k, name in enumerate(fleet.group_names) if name in {each.name for each in scenario.fleet.tables}]
    drawn = ~np.isin(fleet.group, tables)
    return seen.take(among), exchanged(apart[among], situation.unnamed, fleet.group[among], drawn[among])


@dataclass(frozen=True)
class Continued:
    """A member from now on."""

    ways: dict[str, Ahead]
    """By branch."""
    soon: Ahead | None
    """Going on as planned, counted as it stands after the time of waiting; None where nothing is to be decided."""
    begun_to_done_ms: Floats
    """Of devices that are done by the end, going on as planned, from the begin of the first download; any order.

    Those that are done by now are the quick ones.
    """
    placed: float
    """Share of devices that stand now where the log says."""


def carry_on(
    situation: Situation,
    members: Near,
    grid_ms: NDArray[np.int64],
    pause_ms: int,
    wait_ms: int | None,
) -> list[Continued]:
    """Members put where the real rollout stands, and played on under every branch.

    ``wait_ms``: how long one might wait before deciding; None: nothing is to be decided, and they go on as planned.
    """
    luck = np.random.default_rng([situation.seed, 1])
    _, count = situation.members
    whole = len(members.places)
    chosen = members.places[luck.permutation(np.arange(max(count, whole)) % whole)[:count]]
    first = FIRST + REPLICATES + ROUNDS * situation.members[0]
    return situation.each(
        lambda given: _continued(situation, *given, grid_ms, pause_ms, wait_ms),
        [(first + k, row) for k, row in enumerate(chosen)],
    )


def _continued(
    situation: Situation, number: int, places: Floats, grid_ms: NDArray[np.int64], pause_ms: int, wait_ms: int | None
) -> Continued:
    scenario, now_ms, seen = _drawn(situation, places), situation.now_ms, situation.seen
    luck = np.random.default_rng([situation.seed, number])
    fleet = build_fleet(scenario, number)
    simulated, luck_of = _now(situation, scenario, number, fleet)
    among = situation.among(fleet)
    waves = _waves(scenario.of_plan(situation.plan), fleet, number)[among]
    named, chosen = situation.named, luck_of.copy()
    own, _ = donors(seen.take(named), simulated.take(luck_of[named]), fleet.group[among][named], waves[named], luck)
    chosen[named] = luck_of[named][own]
    everybody = np.arange(fleet.n)
    everybody[among] = among[chosen]
    fleet = placed(fleet, everybody, scenario)
    stopped = Replication(scenario, number, fleet=fleet, stops=True)
    stopped.play_to(now_ms)
    began_s = start_s(situation.scenario)
    stands = seen_in_record(stopped.now(now_ms), situation.view, situation.plan, began_s).take(among)
    asked = Asked(seen, among, now_ms, grid_ms, situation.plan, situation.unnamed)
    ways: dict[str, Ahead] = {}
    soon = None
    if wait_ms is not None:
        for branch in branches_of(scenario, now_ms, pause_ms, wait_ms, situation.plan):
            ways[branch.name] = ahead(stopped.branch(branch.scenario).record(), asked)
        soon_ms = min(now_ms + wait_ms, scenario.horizon_ms)
        stopped.play_to(soon_ms)
        soon = ahead(stopped.now(soon_ms), asked)
    record = stopped.record()
    ways = {GO_ON: ahead(record, asked), **ways}
    ends = seen_in_record(record, situation.view, situation.plan).take(among)
    took = (ends.at_ms - ends.begun_ms)[np.isin(ends.state, DONE)]
    return Continued(ways, soon, took[np.isfinite(took)], float((stands.state == seen.state)[named].mean()))


def _waves(scenario: Scenario, fleet: Fleet, number: int) -> NDArray[np.int32]:
    """The wave of each device where it is the device's own; in a random order it hangs on luck, as all else."""
    rollout = scenario.plan.rollout
    if not rollout.waves or (rollout.order == "random" and all(wave.devices is None for wave in rollout.waves)):
        return np.zeros(fleet.n, dtype=np.int32)
    late = fleet.joins_ms > 0
    targets = fleet.white & ~fleet.black & fleet.of_plan(scenario.plan_number)
    return np.maximum(0, release_order(scenario, fleet, number, targets, late)[2])
