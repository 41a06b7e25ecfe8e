"""Simulated rollouts with other values, each with luck of its own, looked at as the log's platform would show them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pyarrow as pa

from fota_sim.engines.choice import COMPILED, load
from fota_sim.experiment.tables import device_tables
from fota_sim.histories.results import devices_of, of_devices, start_s
from fota_sim.histories.table import Histories
from fota_sim.histories.view import View
from fota_sim.scenario.model import Keep, Scenario
from fota_sim.scenario.variation import varied
from fota_sim.scenario.zones import zone_info


@dataclass
class Trials:
    """Plays them. Trial number k has the luck of replication k, and no two are played with the same number."""

    scenario: Scenario
    """With nothing to draw."""
    engine: str
    view: View
    workers: int = 1
    played: Callable[[], None] = lambda: None
    """Called after each."""
    plan: str = ""
    """Of several the one that is looked at; the others are played beside it."""
    lasts_s: float | None = None
    """How long each is, from activation; None: as long as the scenario says."""
    number: int = 0
    """Of the next one."""

    @property
    def one(self) -> Scenario:
        """What they play, with the plan that is looked at only."""
        return self.scenario.of_plan(self.plan)

    def play(self, values: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Histories, pa.Table]]:
        """One after the other, the histories that would be logged, and the truth of the same devices.

        Raises as engines do.
        """
        first, self.number = self.number, self.number + len(values)
        numbered = [(first + place, each) for place, each in enumerate(values)]
        if self.workers == 1 or self.engine != COMPILED or len(values) == 1:
            for number, each in numbered:
                yield self._one(number, each)
                self.played()
            return
        with ThreadPoolExecutor(self.workers) as threads:
            for begin in range(0, len(numbered), self.workers):  # no more in memory than are played
                waiting = [threads.submit(self._one, *each) for each in numbered[begin : begin + self.workers]]
                for future in waiting:
                    yield future.result()
                    self.played()

    def _one(self, number: int, values: Mapping[str, Any]) -> tuple[Histories, pa.Table]:
        scenario = varied(self.scenario, values) if values else self.scenario
        if self.lasts_s is not None:  # only now: what comes later in the scenario is no mistake in it
            scenario = scenario.model_copy(update={"horizon": self.lasts_s})
        one = scenario.of_plan(self.plan)
        table = pa.concat_tables(device_tables(load(self.engine)(scenario, number)), promote_options="default")
        table = devices_of(table, one)
        return of_devices(table, one, self.view), table


def laid_under(scenario: Scenario) -> Scenario:
    """The scenario of which a log would be one replication, keeping nothing."""
    return scenario.model_copy(update={"learnt": None, "keep": Keep(), "thresholds": []})


def on_the_clock(histories: Histories, scenario: Scenario, plan: str) -> Histories:
    """A log that says when the update was there for devices, counted from the start of its plan on the clock.

    A plan that is pushed at night has its first offer long after its activation. A log whose times lie outside of the
    scenario's run is left alone: there, the two are taken to begin together.
    """
    begins_s = _begins_s(histories, scenario, plan)
    return (
        histories
        if begins_s is None or "offered_s" not in histories.view.times
        else replace(histories, began_s=begins_s)
    )


def as_long_as(histories: Histories, scenario: Scenario, plan: str) -> float:
    """From activation to the end of the log, in seconds.

    It begins when its plan starts: by the clock where its times lie in the scenario's run, else with its first time.
    """
    starts_s: float = scenario.of_plan(plan).plan.starts
    begins_s = _begins_s(histories, scenario, plan)
    return starts_s + max(1.0, histories.until_s - (histories.began_s if begins_s is None else begins_s))


def on_another_clock(histories: Histories, scenario: Scenario, plan: str) -> str:
    """What to know of a log outside of the scenario's run, where that has hours of the day; empty otherwise."""
    one = scenario.of_plan(plan)
    by_the_clock = one.plan.push_period is not None or one.plan.rollout.maintenance
    daily = any(source.contact.pattern == "daily" for source in scenario.fleet.sources)
    if _begins_s(histories, scenario, plan) is not None or not (by_the_clock or daily):
        return ""
    zone = zone_info(scenario.time_zone)
    log = datetime.fromtimestamp(histories.began_s, zone).strftime("%Y-%m-%dT%H:%M:%S")
    return (
        f"The log begins at {log}, and the scenario is activated at {scenario.start:%Y-%m-%dT%H:%M:%S}: they are laid "
        "so that both begin together, hours of the day too. Write when the plan was activated as start: and fit again."
    )


def _begins_s(histories: Histories, scenario: Scenario, plan: str) -> float | None:
    """When the plan of a log started, since 1970; None: the scenario's clock is not the log's."""
    activated_s = start_s(scenario)
    starts_s: float = scenario.of_plan(plan).plan.starts
    return activated_s + starts_s if activated_s <= histories.began_s < activated_s + scenario.horizon else None
