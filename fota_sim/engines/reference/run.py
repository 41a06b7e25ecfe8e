"""One replication, from the scenario to its record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from fota_sim.engines.choice import MEASURED_AS
from fota_sim.engines.kept import kept_devices
from fota_sim.engines.parameters import Parameters, build_parameters, confirmations, product_line
from fota_sim.engines.phases import timed
from fota_sim.engines.record import RunRecord
from fota_sim.engines.reference.body import Body
from fota_sim.engines.reference.environment import FleetEnvironment
from fota_sim.engines.reference.host import Host
from fota_sim.engines.reference.modem import Modem
from fota_sim.engines.reference.network import Network
from fota_sim.engines.reference.platform import Platform
from fota_sim.engines.reference.story import Story
from fota_sim.engines.reference.table import device_table, download_table, event_table
from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.fleet import Part, build_fleet
from fota_sim.protocol.identity import Identity
from fota_sim.protocol.transcript import Line
from fota_sim.rules import cache
from fota_sim.rules.fates import NEVER
from fota_sim.scenario.model import Scenario

Progress = Callable[[int, int], None]
"""Called now and then with how far virtual time is, and how far it goes, both in ms."""


class Device:
    """One device: what physics, the module and the host each are of it."""

    def __init__(
        self,
        number: int,
        env: FleetEnvironment,
        fleet: Fleet,
        parameters: Parameters,
        replication: int,
        network: Network,
        platform: Platform,
        transcript: list[Line] | None,
    ) -> None:
        self.number = number
        self.story = Story()
        self.body = Body(number, fleet, parameters, replication, self.story)
        module = parameters.module_settings[fleet.module[number]]
        radio = int(fleet.radio[number])
        key, secret = parameters.product
        identity = Identity(
            component=parameters.plan.module_component,
            firmware_version=str(fleet.firmware[number]),
            product_key=key,
            product_secret=secret,
            device_key=fleet.ids[number],
            free_flash_B=module.free_flash,
            line=product_line(parameters.radios[radio]),
            at_csq=module.at_csq,
            at_cbc=module.at_cbc,
            version_command=module.version_command,
        )
        self.modem = Modem(
            env,
            number,
            self.body,
            self.story,
            network,
            platform,
            identity,
            parameters.protocol,
            radio,
            int(fleet.cell[number]),
        )
        host = int(fleet.host[number])
        self.mcu_versions = {name: str(v[number]) for name, v in fleet.mcu.items() if v[number]}
        self.host = Host(
            env,
            self.modem,
            platform,
            parameters.hosts[host],
            parameters.host_delays[host],
            parameters.contacts[parameters.contact_of[number]],
            parameters.zones[fleet.time_zone[number]],
            int(fleet.joins_ms[number]),
            self.mcu_versions,
            module.at_csq,
            module.at_cbc,
            transcript,
        )


def _network(scenario: Scenario, env: FleetEnvironment) -> Network:
    server, cells = scenario.network.server, scenario.network.cells
    egress_bps = float("inf") if server.egress is None else server.egress
    connections = float("inf") if server.connections is None else server.connections
    return Network(env, connections, server.when_full == "queue", egress_bps, cells.enforce, cells.when_full == "queue")


def run_replication(
    scenario: Scenario,
    replication: int,
    progress: Progress | None = None,
    keep_ids: frozenset[str] = frozenset(),
    scratch: Path | None = None,  # for fleets of a size that this engine is not for
    part: Part | None = None,
) -> RunRecord:
    """Play replication number ``replication`` (from 0), or a part of its fleet, if devices share nothing.

    Raises ScenarioError for what only the fleet shows.
    """
    phases_s: dict[str, float] = {}
    with timed(phases_s, "fleet"):
        fleet = build_fleet(scenario, replication, part)
        parameters = build_parameters(scenario, fleet, replication)
    kept = kept_devices(scenario, fleet, keep_ids)
    recorded = frozenset(range(fleet.n)) if scenario.keep.events else kept
    transcripts: dict[int, list[Line]] = {number: [] for number in recorded}
    env = FleetEnvironment()
    with timed(phases_s, "arrivals"):
        network = _network(scenario, env)
        platform = Platform(
            env, fleet, parameters.plan, confirmations(fleet, parameters, replication), parameters.zones, recorded
        )
        devices = []
        for number in range(fleet.n):
            device = Device(number, env, fleet, parameters, replication, network, platform, transcripts.get(number))
            devices.append(device)
            platform.known.modems.append(device.modem)
            if fleet.gone[number]:
                continue
            device.host.start()
            dies_at_ms = int(fleet.dies_at_ms[number])
            if dies_at_ms != NEVER:
                env.call_at(dies_at_ms, number, device.modem.is_lost)
    horizon_ms = parameters.horizon_ms
    with timed(phases_s, "loop"):
        env.run_to(horizon_ms, lambda now_ms: progress(now_ms, horizon_ms) if progress is not None else None)
    if progress is not None:
        progress(horizon_ms, horizon_ms)
    if fleet.n >= _TELLING:
        cache.measure(MEASURED_AS, sum(phases_s.values()) / fleet.n)
    with timed(phases_s, "tables"):
        starts_on_target = np.array([parameters.plan.to_install(fleet, i) == 0 for i in range(fleet.n)])
        table: dict[str, Any] = device_table(scenario, fleet, devices, platform, starts_on_target)
        logs = {number: _by_time(platform.known.records[number].log or []) for number in recorded}
        return RunRecord(
            replication=replication,
            horizon_ms=horizon_ms,
            devices=table,
            downloads=download_table(devices, fleet.first),
            events=event_table(fleet, transcripts, logs) if scenario.keep.events else None,
            transcripts={fleet.ids[number]: transcripts[number] for number in sorted(kept)},
            platform_logs={fleet.ids[number]: logs[number] for number in sorted(kept)},
            plan_log=platform.known.log,
            phases_s=phases_s,
        )


_TELLING = 200  # devices, from which on their number says how long a run takes


def _by_time(log: list[Line]) -> list[Line]:
    """A platform's log in order: what was said during a segment of a download is known only at its end."""
    return sorted(log, key=lambda line: line.at_ms)
