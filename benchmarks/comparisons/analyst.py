"""The compiled engine against the same rollout as an analyst writes it in SimPy (rivals/analyst_simpy.py)."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import simpy
from rivals.analyst_simpy import AnalystRun, play

from comparisons import upgraded
from comparisons.measure import Options, Table, counted, in_turn, plain, played_s, ratios, spread
from comparisons.mixed import mixed
from fota_sim.engines.compiled.run import run_replication
from fota_sim.engines.parameters import Parameters, build_parameters
from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.fleet import build_fleet
from fota_sim.scenario.model import Scenario


class CountingEnvironment(simpy.Environment):
    """SimPy that counts its events; for a run that is not timed."""

    events = 0

    def step(self) -> None:
        """Run the next event."""
        self.events += 1
        super().step()


@dataclass(frozen=True)
class Analyst:
    """The analyst's model on one fleet."""

    scenario: Scenario
    fleet: Fleet
    parameters: Parameters

    @classmethod
    def of(cls, scenario: Scenario) -> Analyst:
        """On the fleet that the engines would draw."""
        fleet = build_fleet(scenario, 0)
        return cls(scenario, fleet, build_parameters(scenario, fleet, 0))

    def play(self, env: simpy.Environment) -> AnalystRun:
        """One run."""
        server = self.scenario.network.server
        return play(env, self.fleet, self.parameters, server.connections, server.egress or math.inf, 0)

    def timed(self) -> float:
        """Seconds of one run."""
        began = time.perf_counter()
        self.play(simpy.Environment())
        return time.perf_counter() - began


def compare(options: Options) -> Table:
    """The analyst's model and the compiled engine on the same fleet, in turn."""
    scenario, devices = mixed(options.devices), options.devices
    analyst, env = Analyst.of(scenario), CountingEnvironment()
    run = analyst.play(env)
    run_replication(scenario, 0)
    pairs = in_turn(analyst.timed, lambda: run_replication(scenario, 0), options.runs)
    theirs_s = [seconds for seconds, _ in pairs]
    ours_s = [played_s(record) for _, record in pairs]
    ours = pairs[-1][1]
    theirs = upgraded.by_group(run.outcomes, analyst.fleet.group, len(analyst.fleet.group_names))
    return Table(
        f"An analyst's SimPy model and the compiled engine, {devices:,} devices, {options.runs} runs in turn",
        ("", "loop, s", "events per device", "draws per device", "upgraded: wifi, cat1, nb"),
        [
            (
                "analyst's SimPy",
                spread(theirs_s),
                plain(env.events / devices),
                plain(run.draws / devices),
                upgraded.shares(theirs),
            ),
            (
                "compiled engine",
                spread(ours_s),
                counted(ours, "events", devices),
                counted(ours, "draws", devices),
                upgraded.shares(upgraded.of_record(ours)),
            ),
            ("times as long", ratios(theirs_s, ours_s), "", "", ""),
        ],
    )
