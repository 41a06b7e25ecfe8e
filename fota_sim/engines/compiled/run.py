"""One replication on the compiled engine, from the scenario to its record."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from fota_sim.engines.compiled import ready, render
from fota_sim.engines.compiled.arrays import watched
from fota_sim.engines.compiled.fates import downloads, fates
from fota_sim.engines.compiled.log import Log
from fota_sim.engines.compiled.plans_words import PlansWords
from fota_sim.engines.compiled.stock import stock
from fota_sim.engines.compiled.stretches import Stretches
from fota_sim.engines.compiled.world import build
from fota_sim.engines.ends import Planned
from fota_sim.engines.kept import kept_devices
from fota_sim.engines.parameters import Parameters, build_parameters
from fota_sim.engines.phases import timed
from fota_sim.engines.plan_log import plans_log
from fota_sim.engines.record import RunRecord
from fota_sim.engines.setting.names import Names, names_of
from fota_sim.engines.sorted_rows import SortedRows
from fota_sim.engines.spill import Spill
from fota_sim.engines.table import device_table, fleet_columns
from fota_sim.engines.work import Progress, Work
from fota_sim.errors import EngineError
from fota_sim.fleet.fleet import Fleet, Part, build_fleet
from fota_sim.scenario.drawn import of_replication
from fota_sim.scenario.model import Scenario


def run_replication(
    scenario: Scenario,
    replication: int,
    progress: Progress | None = None,
    keep_ids: frozenset[str] = frozenset(),
    scratch: Path | None = None,
    part: Part | None = None,
) -> RunRecord:
    """Play replication number ``replication`` (from 0); see :class:`fota_sim.engines.choice.Engine`."""
    return Replication(scenario, replication, keep_ids, scratch, part).record(progress)


@dataclass
class _Setting:
    """What a replication is played on."""

    fleet: Fleet
    parameters: Parameters
    names: Names
    kept: list[int]


class Replication:
    """One replication under way. It can be stopped at any time, and go on from there, in several ways."""

    def __init__(
        self,
        scenario: Scenario,
        replication: int,
        keep_ids: frozenset[str] = frozenset(),
        scratch: Path | None = None,
        part: Part | None = None,
        fleet: Fleet | None = None,
        stops: bool = False,
    ) -> None:
        """At activation.

        ``fleet``: these devices in place of the scenario's. ``stops``: it is going to be stopped; without, devices
        are let go as soon as nothing in the plan can concern them any more. Raises ScenarioError for what only the
        fleet shows.
        """
        self._phases_s: dict[str, float] = {}
        stock.replication_begins()
        with timed(self._phases_s, "compile"):  # first, for the fleet is drawn by compiled rules too
            ready.load()
        scenario = of_replication(scenario, replication)
        self._scenario, self._replication = scenario, replication
        with timed(self._phases_s, "fleet"):
            devices = build_fleet(scenario, replication, part, by_two=True) if fleet is None else fleet
            parameters = build_parameters(scenario, devices, replication)
            kept = sorted(kept_devices(scenario, devices, keep_ids))
            logged = np.full(devices.n, scenario.keep.events)
            logged[kept] = True
            names = names_of(parameters, devices)
        with timed(self._phases_s, "arrivals"), watched():
            memory = build(scenario, parameters, devices, replication, names, logged)
        if stops:
            memory.set(keeps_all=True)
        events = SortedRows(Spill(scratch, "the events (keep.events)")) if scenario.keep.events else None
        self._run = Stretches(memory, parameters, Log(kept, events))
        self._setting = _Setting(devices, parameters, names, kept)

    def play_to(self, at_ms: int) -> None:
        """Everything before ``at_ms``, which is not behind it yet."""
        with timed(self._phases_s, "loop"), watched():
            self._run.play_to(at_ms)

    def branch(self, scenario: Scenario) -> Replication:
        """As it stands, to go on under the plan of ``scenario`` by itself; this one is as it was.

        The other plan may differ in what the operator does from now on, and in nothing else. Raises EngineError if it
        needs what was not kept so far (a rate of release where there was none; devices tried again).
        """
        before, setting, reached_ms = self._setting.parameters, self._setting, self._run.reached_ms
        scenario = of_replication(scenario, self._replication)
        after = build_parameters(scenario, setting.fleet, self._replication)
        if before.horizon_ms != after.horizon_ms:
            raise EngineError("a plan with another time to its horizon cannot go on from one without it")
        for one, other_plan in zip(before.plans, after.plans, strict=True):
            for what, old, new in (
                ("a rate of release", one.rollout.releases, other_plan.rollout.releases),
                ("a later retry", one.retries_to_come, other_plan.retries_to_come),
            ):
                if old != new:
                    raise EngineError(f"a plan with {what} cannot go on from one without it")
            acts = [[step[:3] for step in plan.operator if step.at_ms < reached_ms] for plan in (one, other_plan)]
            if acts[0] != acts[1]:
                raise EngineError(
                    f"a plan in which the operator did something else before {reached_ms} ms is no branch"
                )
        other = copy(self)
        other._scenario = scenario
        other._phases_s = dict(self._phases_s)
        other._setting = replace(setting, parameters=replace(before, plans=after.plans))
        other._run = self._run.copy(other._setting.parameters)
        return other

    def now(self, at_ms: int) -> RunRecord:
        """What there is to say of each device at ``at_ms``, up to which it was played, as if the run ended there."""
        other = copy(self)
        other._run = self._run.copy(self._setting.parameters)
        other._run.end_at(at_ms)
        return other.record()

    def record(self, progress: Progress | None = None) -> RunRecord:
        """All that is left of it, and what came of it; then there is no going on."""
        run, setting, phases_s = self._run, self._setting, self._phases_s
        del self._run, self._setting
        horizon_ms, memory = int(run.world.horizon_ms), run.memory
        with timed(phases_s, "loop"), watched():
            run.play_to(horizon_ms, progress)
            run.finish()
        Work(progress).end()
        with timed(phases_s, "tables"):
            fleet, parameters, names, kept = setting.fleet, setting.parameters, setting.names, setting.kept
            words = PlansWords.of(parameters.plans, names)
            lines = run.log.told()
            told = render.stories(lines, words, kept)
            named = [plan.name for plan in parameters.plans]
            plan_log = plans_log(named, render.plan_logs(run.plan_logs, lines, words))
            events = render.LoggedEvents(run.log, words, fleet.ids) if self._scenario.keep.events else None
            counters = run.counters()
            # from here on what is not needed any more is let go, so that tables take the room of the loop
            memory.keep_only("ended", "mcu", "released_ms", "rows")
            shown, ids, mcus, first = fleet_columns(fleet), fleet.ids, list(fleet.mcu), fleet.first
            planned = Planned.of(parameters, memory["released_ms"], fleet.white & ~fleet.black)
            del fleet, parameters, setting, run, words
            table = device_table(shown, fates(memory, mcus, names, planned))
            return RunRecord(
                replication=self._replication,
                horizon_ms=horizon_ms,
                devices=table,
                downloads=downloads(memory, first),
                events=events,
                transcripts={ids[number]: dialogue for number, (dialogue, _) in told.items()},
                platform_logs={ids[number]: said for number, (_, said) in told.items()},
                plan_log=plan_log,
                phases_s=phases_s,
                counters=counters,
            )
