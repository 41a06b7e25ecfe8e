"""Devices drawn from a group's distributions; what a CSV file gives is taken instead of the draw.

Every value of a device hangs on the device's own key, the seed, the replication and what the value is for. A
change of one distribution, or more devices, changes no other value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.errors import Problem, ScenarioError
from fota_sim.fleet.devices import Fleet, Texts, texts
from fota_sim.fleet.given import Given
from fota_sim.fleet.identity import device_keys, group_ids, name_counter
from fota_sim.fleet.laws import Floats
from fota_sim.fleet.luck import Luck
from fota_sim.fleet.sampling import correlated, normal_scores, scores_of_values
from fota_sim.rules import streams
from fota_sim.rules.labels import CHEMISTRIES
from fota_sim.scenario.distribution import Distribution
from fota_sim.scenario.fleet import Devices, Group
from fota_sim.scenario.model import Scenario

MONTH_MS = 30 * 86_400_000
"""Churn is a share per 30 days."""

_SCORE_LIMIT = 3.0  # of a signal that a file gives, however far out of the distribution it is; [A] assumption


@dataclass(frozen=True)
class Kind:
    """Devices of one group or file that share a module and a radio."""

    devices: Devices
    module: str
    radio: str


def group_fleet(scenario: Scenario, group: Group, replication: int) -> Fleet:
    """The devices of one group, ids ``<group>-0`` and up; ``replication`` counts from 0.

    Raises ScenarioError if a distribution cannot be drawn from.
    """
    kind = Kind(group, group.module, group.radio or scenario.modules[group.module].radio)
    return draw_devices(scenario, kind, group_ids(group.name, group.count), Given(), replication)


def draw_devices(scenario: Scenario, kind: Kind, ids: Sequence[str], given: Given, replication: int) -> Fleet:
    """Devices of one kind: ``given`` where it says something, drawn where it does not; lists let everybody in.

    Raises ScenarioError if a distribution cannot be drawn from.
    """
    devices, count = kind.devices, len(ids)
    module, radio = scenario.modules[kind.module], scenario.radios[kind.radio]
    battery = devices.battery or module.battery
    keys = device_keys(ids)
    luck = Luck(scenario.seed, replication, keys)
    draw = _Values(f"fleet.{devices.name}", luck)

    mains = given.number("mains", luck.below(_or(devices.mains, module.mains), streams.FLEET_MAINS).astype(float)) > 0
    rssi_law = devices.rssi or radio.rssi
    rssi_u = luck.uniform(streams.FLEET_RSSI)
    rssi = given.number("rssi", draw("rssi", rssi_law, streams.FLEET_RSSI, streams.FLEET_RSSI_MIX))
    soc = _battery_level(devices, draw, rssi_law, rssi, rssi_u, given)
    cells = tuple(f"{devices.name}/{k}" for k in range(devices.cells))
    cell, cell_names = given.named("cell", _cells(devices.cells, luck), cells)
    zones = devices.time_zone or {scenario.time_zone: 1.0}
    zone, zone_names = given.named("time_zone", luck.name(zones, streams.FLEET_ZONE), tuple(zones))
    host, host_names = given.named("host", _zeros(count), (devices.host,))
    return Fleet(
        n=count,
        ids=list(ids),
        keys=keys,
        group=_zeros(count),
        module=_zeros(count),
        radio=_zeros(count),
        host=host,
        cell=cell,
        time_zone=zone,
        rssi_mean_dBm=rssi,
        rssi_sd_dB=given.number("rssi_sd", np.full(count, radio.rssi_sd)),
        rssi_known=_known("rssi", devices.rssi_unknown, streams.FLEET_UNKNOWN_RSSI, given, luck),
        temperature_C=given.number(
            "temperature", draw("temperature", devices.temperature, streams.FLEET_TEMPERATURE)
        ),
        mains=mains,
        chemistry=_chemistry(given.text("chemistry", texts(battery.chemistry, count))),
        capacity_mAh=_positive(
            "capacity", given.number("capacity", draw("capacity", battery.capacity, streams.FLEET_CAPACITY)), draw
        ),
        resistance_ohm=np.full(count, battery.resistance),
        self_discharge=np.full(count, battery.self_discharge),
        soc=given.number("battery", 100.0 * np.where(mains, 1.0, soc)) / 100.0,
        battery_known=_known("battery", devices.battery_unknown, streams.FLEET_UNKNOWN_BATTERY, given, luck),
        hardware=given.text("hardware", _mixed(devices.hardware, luck, streams.FLEET_HARDWARE)),
        firmware=given.text("firmware", _mixed(devices.firmware, luck, streams.FLEET_FIRMWARE)),
        mcu=_mcu(scenario, devices, given, luck),
        gone=luck.below(_or(devices.gone, radio.gone), streams.FLEET_GONE),
        dies_at_ms=_dies_at_ms(_or(devices.churn, radio.churn), scenario.horizon_ms, luck),
        attributes=_attributes(devices, luck, draw) | given.extras,
        white=np.ones(count, dtype=np.bool_),
        black=np.zeros(count, dtype=np.bool_),
        group_names=(devices.name,),
        module_names=(kind.module,),
        radio_names=(kind.radio,),
        host_names=host_names,
        cell_names=cell_names,
        time_zone_names=zone_names,
    )
