"""From a scenario and a fleet to what the engines play: everything that an engine needs beside the fleet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.contacts import ContactParameters, contacts_of
from fota_sim.engines.hardware import Row, delay_row, module_row, radio_row
from fota_sim.engines.plans import PlanParameters, plan_parameters
from fota_sim.engines.zones import zone_table
from fota_sim.fleet.devices import Fleet
from fota_sim.protocol.settings import OtaSettings
from fota_sim.scenario.host import Host
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.module import Module
from fota_sim.scenario.sleep import access_of
from fota_sim.scenario.zones import zone_info


@dataclass(frozen=True, eq=False)
class Parameters:
    """Everything an engine needs beside the fleet."""

    seed: int
    horizon_ms: int
    radios: list[Row]
    modules: list[Row]
    module_settings: list[Module]
    hosts: list[Host]
    host_delays: list[Row]
    contacts: list[ContactParameters]
    """Of each group, then of each period that a device has for itself."""
    contact_of: NDArray[np.int32]
    """The place in ``contacts`` of each device's, shape (devices,)."""
    zones: list[NDArray[np.int64]]
    protocol: OtaSettings
    plans: tuple[PlanParameters, ...]
    """In the order in which they take devices."""
    plan_of: NDArray[np.int8]
    """Number of each device's plan, shape (devices,)."""

    @property
    def plan(self) -> PlanParameters:
        """The plan; raises ValueError if there are several."""
        [only] = self.plans
        return only

    def by_plan(self, columns: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Of a column of each plan the entries of its own devices; shape (..., devices). Rows that one lacks are 0."""
        if len(columns) == 1:
            return columns[0]
        longest = max(columns, key=len)
        found = np.zeros(longest.shape, dtype=longest.dtype)
        for number, column in enumerate(columns):
            own = self.plan_of == number
            if column.ndim == 1:
                found[own] = column[own]
            else:
                found[: len(column), own] = column[:, own]
        return found


def build_parameters(scenario: Scenario, fleet: Fleet, replication: int) -> Parameters:
    """Compile a scenario for one replication's fleet; raises ScenarioError for what only shows here."""
    start = scenario.start.replace(tzinfo=zone_info(scenario.time_zone))
    horizon_ms = scenario.horizon_ms
    sources = {source.name: source for source in scenario.fleet.sources}
    groups = [sources[name] for name in fleet.group_names]
    hosts = [scenario.hosts[name] for name in fleet.host_names]
    modules = [scenario.modules[name] for name in fleet.module_names]
    settings = scenario.protocol
    accesses = [access_of(scenario.radios[name].law) for name in fleet.radio_names]
    contacts, contact_of = contacts_of([group.contact for group in groups], fleet, accesses)
    return Parameters(
        seed=scenario.seed,
        horizon_ms=horizon_ms,
        radios=[radio_row(name, scenario.radios[name]) for name in fleet.radio_names],
        modules=[module_row(name, scenario.modules[name]) for name in fleet.module_names],
        module_settings=modules,
        hosts=hosts,
        host_delays=[delay_row(h.confirm_delay, "hosts.confirm_delay") for h in hosts],
        contacts=contacts,
        contact_of=contact_of,
        zones=[zone_table(name, start, horizon_ms) for name in fleet.time_zone_names],
        protocol=OtaSettings(
            success_urc=settings.success_urc,
            qind=settings.qind,
            announce_decision=settings.announce_decision,
            max_download_failures=settings.max_download_failures,
            url_timeout_s=settings.url_timeout,
            progress_interval_s=settings.progress_interval,
            first_progress_timeout_s=settings.first_progress_timeout,
            http_timeout_s=settings.http_timeout,
            read_timeout_s=settings.read_timeout,
            flash_delay_s=settings.flash_delay,
            mcu_update_timeout_s=settings.mcu_update_timeout,
            success_report=settings.success_report,
            refusal_counts=scenario.network.server.refusal_counts,
        ),
        plans=tuple(plan_parameters(each, fleet, replication, start) for each in scenario.each_plan),
        plan_of=np.zeros(fleet.n, dtype=np.int8) if fleet.plan is None else fleet.plan,
    )
