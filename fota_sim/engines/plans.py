"""A plan as the platform plays it: integer times, minimums as readings are, what the operator does, who confirms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.components import Component, build_components, running_version
from fota_sim.engines.hardware import Row, delay_row
from fota_sim.engines.openings import openings
from fota_sim.engines.rollout import RolloutParameters, pace_of, rollout_parameters
from fota_sim.engines.zones import zone_table
from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.lists import list_mask
from fota_sim.rules import plan as plan_rules
from fota_sim.rules import share, streams
from fota_sim.rules.delay import delay_s, to_ms
from fota_sim.rules.draws import fill_uniform
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.zones import zone_info

_ACTIVE_AT_START = 1  # ms by which an operator's action at 0 follows activation


class OperatorStep(NamedTuple):
    """Something that the operator does."""

    at_ms: int
    do: str
    devices: list[int]
    """Whom it is about, for actions on devices."""
    rate: tuple[NDArray[np.int64], NDArray[np.float64]] | None
    """change_rate: the new one, as ``state`` and ``pace`` of a rollout that has not begun."""


@dataclass(frozen=True, eq=False)
class PlanParameters:
    """A plan as the platform plays it."""

    name: str
    """What it is called among several; empty if there is one."""
    components: tuple[Component, ...]
    module_component: str
    starts_ms: int
    ends_ms: int
    push: bool
    push_from_min: int
    push_to_min: int
    zone: NDArray[np.int64]
    openings: list[NDArray[np.int64]]
    """When maintenance windows are open for devices in each of ``Parameters.zones``."""
    holds: bool
    """Whether a refusal only holds the push back (silent and active), rather than ending it."""
    hold_ms: int
    platform_checks: bool
    offers_unknown: bool
    min_battery_pct: int
    min_signal_dBm: int
    telemetry_ms: int
    """How old telemetry may be; NEVER_AGAIN: any age."""
    grid_ms: int
    """Between two push ticks; 0: at once."""
    delete_rule: str
    operator: tuple[OperatorStep, ...]
    rollout: RolloutParameters
    user_confirm: Row | None
    """manual mode: when the App user confirms; None in silent mode."""
    user_confirm_share: float
    product: tuple[str, str]
    """Product key and secret."""
    of_other_products: list[bool]
    """Of each group, whether its devices are of a product that the plan is not for."""

    @property
    def retries_to_come(self) -> bool:
        """Whether the operator will have devices tried again that were given up."""
        return any(step.do == "retry" for step in self.operator)

    def to_install(self, fleet: Fleet, device: int) -> int:
        """How many components of ``device`` do not run their target version at the start."""
        return sum(
            running_version(fleet, component, device) != component.target_version for component in self.components
        )


def plan_parameters(scenario: Scenario, fleet: Fleet, replication: int, start: datetime) -> PlanParameters:
    """Compile the one plan of ``scenario``."""
    plan = scenario.plan
    horizon_ms = scenario.horizon_ms
    sources = {source.name: source for source in scenario.fleet.sources}
    confirms = delay_row(plan.user_confirm, scenario.path_of("plan.user_confirm")) if plan.mode == "manual" else None
    return PlanParameters(
        name=scenario.plan_name,
        components=build_components(scenario, fleet, replication),
        module_component=scenario.module_component,
        starts_ms=round(plan.starts * 1000),
        ends_ms=horizon_ms if plan.ends is None else round(plan.ends * 1000),
        push=plan.push,
        push_from_min=plan.push_period.from_min if plan.push_period else 0,
        push_to_min=plan.push_period.to_min if plan.push_period else 0,
        zone=zone_table(plan.time_zone or scenario.time_zone, start, horizon_ms),
        openings=[_openings(scenario, name, start) for name in fleet.time_zone_names],
        holds=plan.push and plan.mode == "silent",
        hold_ms=round(plan.rejection_hold * 1000),
        platform_checks=plan.strategy.enforced_by == "platform",
        offers_unknown=plan.strategy.when_unknown == "offer",
        min_battery_pct=share.rounded_up(plan.strategy.min_battery, 100),  # readings are whole percents
        min_signal_dBm=plan.strategy.min_reading_dBm,
        telemetry_ms=_age_ms(plan.strategy.telemetry_max_age),
        grid_ms=round(plan.push_grid * 1000),
        delete_rule=plan.delete_rule,
        operator=tuple(
            OperatorStep(
                max(_ACTIVE_AT_START, round(action.at * 1000)),
                action.do,
                _named(scenario, fleet, index),
                pace_of(action.rate, 0) if action.do == "change_rate" else None,
            )
            for index, action in enumerate(plan.operator)
        ),
        rollout=rollout_parameters(scenario, fleet, replication),
        user_confirm=confirms,
        user_confirm_share=plan.user_confirm_share,
        product=(scenario.product.pk, scenario.product.ps),
        of_other_products=[not scenario.is_planned_for(sources[name]) for name in fleet.group_names],
    )


def _named(scenario: Scenario, fleet: Fleet, index: int) -> list[int]:
    """Numbers of the devices that an operator action is about; the plan has nothing to do with others that it names."""
    devices = scenario.plan.operator[index].devices
    if devices is None:
        return []
    named = list_mask(devices, fleet, scenario, f"plan.operator[{index}].devices")
    targets = fleet.white & ~fleet.black & fleet.of_plan(scenario.plan_number)
    numbers: list[int] = np.flatnonzero(named & targets).tolist()
    return numbers


def _openings(scenario: Scenario, zone: str, start: datetime) -> NDArray[np.int64]:
    """When maintenance windows are open for devices in a zone."""
    windows = []
    for window in scenario.plan.rollout.maintenance:
        whose = {"device": zone, "plan": scenario.plan.time_zone or scenario.time_zone}.get(window.zone, window.zone)
        table = zone_table(whose, start, scenario.horizon_ms)
        windows.append((window, table, start.astimezone(zone_info(whose)).date()))
    return openings(windows, scenario.horizon_ms)


def _age_ms(seconds: float | None) -> int:
    return plan_rules.NEVER_AGAIN if seconds is None else to_ms(seconds)


def confirmations(fleet: Fleet, seed: int, plan: PlanParameters, replication: int) -> NDArray[np.int64]:
    """When each device's App user confirms the plan, in ms since activation; shape (devices,).

    0 in silent mode, plan.NEVER_CONFIRMS for users who never do.
    """
    times_ms = np.zeros(fleet.n, dtype=np.int64)
    if plan.user_confirm is None:
        return times_ms
    willing = fill_uniform(seed, replication, fleet.keys, streams.USER_WILLING, 0)
    when = fill_uniform(seed, replication, fleet.keys, streams.USER_CONFIRM, 0)
    for number in range(fleet.n):
        confirms = willing[number] < plan.user_confirm_share
        seconds = delay_s(plan.user_confirm, 0, float(when[number]))
        times_ms[number] = to_ms(seconds) if confirms else plan_rules.NEVER_CONFIRMS
    return times_ms
