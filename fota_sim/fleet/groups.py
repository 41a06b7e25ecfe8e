"""Devices drawn from a group's distributions; what a table gives is taken instead of the draw.

Every value of a device hangs on the device's own key, the seed, the replication and what the value is for. A
change of one distribution, or more devices, changes no other value.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fota_sim.errors import Problem, ScenarioError
from fota_sim.fleet.coded import Coded
from fota_sim.fleet.devices import Attribute, Fleet
from fota_sim.fleet.given import Given
from fota_sim.fleet.identity import device_keys, name_counter
from fota_sim.fleet.ids import Ids, Numbered
from fota_sim.fleet.kept import Cause, Piece, kept
from fota_sim.fleet.laws import Floats
from fota_sim.fleet.luck import Luck
from fota_sim.fleet.own_timers import numbers_of
from fota_sim.fleet.sampling import correlated, normal_scores, quantile, scores_of_values
from fota_sim.rules import streams
from fota_sim.rules.labels import CHEMISTRIES
from fota_sim.scenario.distribution import Distribution
from fota_sim.scenario.fleet import Devices, Group
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.module import Battery
from fota_sim.scenario.products import PRODUCT

MONTH_MS = 30 * 86_400_000
"""Churn is a share per 30 days."""

_SCORE_LIMIT = 3.0  # of a signal that a file gives, however far out of the distribution it is; [A] assumption


@dataclass(frozen=True)
class Kind:
    """Devices of one group or file that share a module and a radio."""

    devices: Devices
    module: str
    radio: str


def group_fleet(scenario: Scenario, group: Group, replication: int, first: int, end: int) -> Fleet:
    """The devices ``<group>-<first>`` up to ``<group>-<end>``, which is excluded; ``replication`` counts from 0.

    Raises ScenarioError if a distribution cannot be drawn from, also where no device is asked for.
    """
    kind = Kind(group, group.module, group.radio or scenario.modules[group.module].radio)

    def draw() -> Fleet:
        return draw_devices(scenario, kind, Ids([Numbered(group.name, end - first, first)]), Given(), replication)

    return kept.fleet(_cause(scenario, kind), Piece(replication, first, end), draw)


def _cause(scenario: Scenario, kind: Kind) -> Cause:
    """All that :func:`draw_devices` looks at of a scenario."""
    return (
        kind,
        scenario.modules[kind.module],
        scenario.radios[kind.radio],
        scenario.seed,
        scenario.time_zone,
        scenario.horizon_ms,
        scenario.components,
        scenario.products,
        scenario.product_of(kind.devices),
    )


def draw_devices(scenario: Scenario, kind: Kind, ids: Ids, given: Given, replication: int) -> Fleet:
    """Devices of one kind: ``given`` where it says something, drawn where it does not; lists let everybody in.

    Raises ScenarioError if a distribution cannot be drawn from.
    """
    devices, count = kind.devices, len(ids)
    module, radio = scenario.modules[kind.module], scenario.radios[kind.radio]
    battery = devices.battery or module.battery
    keys = device_keys(ids)
    luck = Luck(scenario.seed, replication, keys)

    mains = _mains(_or(devices.mains, module.mains), given, luck)
    rssi, charge = _signal_and_battery(devices, devices.rssi or radio.rssi, battery, mains, given, luck)
    temperature = _value(devices, "temperature", devices.temperature, streams.FLEET_TEMPERATURE, luck)
    zones = devices.time_zone or {scenario.time_zone: 1.0}
    cell = given.text("cell", _cells(devices, luck))
    zone = given.text("time_zone", _mixed(zones, luck, streams.FLEET_ZONE))
    host = given.text("host", Coded.same(devices.host, count))
    return Fleet(
        n=count,
        ids=ids,
        keys=keys,
        group=_zeros(count),
        module=_zeros(count),
        radio=_zeros(count),
        host=host.codes,
        cell=cell.codes,
        time_zone=zone.codes,
        rssi_mean_dBm=rssi,
        rssi_sd_dB=given.number("rssi_sd", np.full(count, radio.rssi_sd)),
        rssi_known=_known("rssi", devices.rssi_unknown, streams.FLEET_UNKNOWN_RSSI, given, luck),
        temperature_C=given.number("temperature", temperature),
        mains=mains,
        chemistry=_chemistry(given.text("chemistry", Coded.same(battery.chemistry, count))),
        capacity_mAh=given.number("capacity", _capacity(devices, battery, luck)),
        resistance_ohm=np.full(count, battery.resistance),
        self_discharge=np.full(count, battery.self_discharge),
        charge=charge,
        battery_known=_battery_known(devices, given, luck),
        hardware=given.text("hardware", _mixed(devices.hardware, luck, streams.FLEET_HARDWARE)),
        firmware=given.text("firmware", _mixed(devices.firmware, luck, streams.FLEET_FIRMWARE)),
        mcu=_mcu(scenario, devices, given, luck),
        gone=_gone(_or(devices.gone, radio.gone), given, luck),
        dies_at_ms=_dies_at_ms(_or(devices.churn, radio.churn), scenario.horizon_ms, luck),
        joins_ms=_joins_ms(devices, luck),
        contact_every_s=given.number("contact_every", np.zeros(count)),
        own_timers=numbers_of(given.numbers, count),
        attributes=_attributes(scenario, devices, given, luck),
        white=np.ones(count, dtype=np.bool_),
        black=np.zeros(count, dtype=np.bool_),
        group_names=(devices.name,),
        module_names=(kind.module,),
        radio_names=(kind.radio,),
        host_names=host.names,
        cell_names=cell.names,
        time_zone_names=zone.names,
    )


def _mains(share: float, given: Given, luck: Luck) -> NDArray[np.bool_]:
    """Who is on mains: as the file says; a device whose battery it gives is not; of the others a share is."""
    drawn = luck.below(share, streams.FLEET_MAINS)
    has_battery = given.known("battery")
    if has_battery is not None:
        drawn &= ~has_battery
    return given.number("mains", drawn.astype(np.float64)) > 0.0


def _gone(share: float, given: Given, luck: Luck) -> NDArray[np.bool_]:
    """Who is gone for good: as the file says; of the others a share is."""
    return given.number("gone", luck.below(share, streams.FLEET_GONE).astype(np.float64)) > 0.0


def _joins_ms(devices: Devices, luck: Luck) -> NDArray[np.int64]:
    """When each device is put into service, in whole ms; 0 where the scenario does not say."""
    if devices.joins is None:
        return np.zeros(len(luck.keys), dtype=np.int64)
    return np.rint(_value(devices, "joins", devices.joins, streams.JOINS, luck) * 1000.0).astype(np.int64)


def _signal_and_battery(
    devices: Devices,
    rssi_law: Distribution,
    battery: Battery,
    mains: NDArray[np.bool_],
    given: Given,
    luck: Luck,
) -> tuple[Floats, Floats]:
    """Mean signal in dBm and charge 0..1 of the battery of each device, correlated as asked.

    A signal that a file gives counts by its place in the distribution. A charge that a file gives does not
    reach back to a drawn signal. On mains the charge is 1 unless the file says otherwise.
    """
    rssi_u = luck.uniform(streams.FLEET_RSSI)
    drawn = _quantile(devices, "rssi", rssi_law, rssi_u, streams.FLEET_RSSI_MIX, luck)
    rssi = given.number("rssi", drawn)
    charge_u = luck.uniform(streams.FLEET_BATTERY)
    correlation = devices.battery_signal_correlation
    if correlation != 0.0:
        scores = normal_scores(rssi_u)
        if rssi_law.kind != "constant":
            ties = luck.uniform(streams.FLEET_RSSI, 1)
            if rssi_law.kind == "mixture":
                scores = scores_of_values(rssi_law, drawn, ties)
            known = given.known("rssi")
            if known is not None:
                places = scores_of_values(rssi_law, rssi, ties)
                scores = np.where(known, np.clip(places, -_SCORE_LIMIT, _SCORE_LIMIT), scores)
        charge_u = correlated(charge_u, scores, correlation)
    law = devices.battery_level or battery.level
    charge, drains = np.ones(len(mains)), ~mains
    drawn = _quantile(devices, "battery level", law, charge_u[drains], streams.FLEET_BATTERY_MIX, luck.only(drains))
    charge[drains] = np.clip(drawn, 0.0, 1.0)
    return rssi, given.number("battery", given.at_least("battery", charge))


def _quantile(
    devices: Devices, what: str, law: Distribution, u: Floats, mix_stream: int, luck: Luck, counter: int = 0
) -> Floats:
    try:
        return quantile(law, u, luck.choose(mix_stream, counter))
    except ValueError as error:
        raise _unusable(devices, what, str(error)) from None


def _value(devices: Devices, what: str, law: Distribution, stream: int, luck: Luck, counter: int = 0) -> Floats:
    """Drawn values of a quantity that has one stream for its values and its mixtures."""
    return _quantile(devices, what, law, luck.uniform(stream, counter), stream, luck, counter + luck.MIXTURES)


def _capacity(devices: Devices, battery: Battery, luck: Luck) -> Floats:
    capacity = _value(devices, "battery capacity", battery.capacity, streams.FLEET_CAPACITY, luck)
    if len(capacity) and capacity.min() <= 0.0:
        message = f"capacities go down to {capacity.min():.6g}mAh; give the distribution a min above 0mAh"
        raise _unusable(devices, "battery capacity", message)
    return capacity


def _unusable(devices: Devices, what: str, message: str) -> ScenarioError:
    return ScenarioError([Problem("", 0, 0, f"fleet: {devices.name}: {what}", message)])


def _or(own: float | None, default: float) -> float:
    return default if own is None else own


def _zeros(count: int) -> NDArray[np.int32]:
    return np.zeros(count, dtype=np.int32)


def _known(what: str, unknown: float, stream: int, given: Given, luck: Luck) -> NDArray[np.bool_]:
    """Whether a reading can be had: where the file has one; without a column, for all but a share."""
    known = given.known(what)
    if known is not None:
        return known
    return ~luck.below(unknown, stream)


def _battery_known(devices: Devices, given: Given, luck: Luck) -> NDArray[np.bool_]:
    """The same of the battery; who is on mains by a file has none that it could fail to give, and reads 100 %."""
    known = _known("battery", devices.battery_unknown, streams.FLEET_UNKNOWN_BATTERY, given, luck)
    return known | (given.number("mains", np.zeros(len(known))) > 0.0) if given.known("battery") is not None else known


def _cells(devices: Devices, luck: Luck) -> Coded:
    """The group's own cells; of more than there are devices only those that are used have a number."""
    cells, count = devices.cells, len(luck.keys)
    if cells == 1:
        return Coded(_zeros(count), (f"{devices.name}/0",))
    numbers = np.minimum(luck.uniform(streams.FLEET_CELL) * cells, cells - 1).astype(np.int32)
    used: Iterable[int] = range(cells)
    if cells > count:
        found, places = np.unique(numbers, return_inverse=True)
        used, numbers = found.tolist(), places.astype(np.int32)
    return Coded(numbers, tuple(f"{devices.name}/{k}" for k in used))


def _mixed(mix: dict[str, float], luck: Luck, stream: int, counter: int = 0) -> Coded:
    return Coded(luck.name(mix, stream, counter), tuple(mix))


def _chemistry(names: Coded) -> NDArray[np.int32]:
    chemistry: NDArray[np.int32] = np.array([CHEMISTRIES.index(name) for name in names.names], dtype=np.int32)
    return chemistry[names.codes]


def _mcu(scenario: Scenario, devices: Devices, given: Given, luck: Luck) -> dict[str, Coded]:
    """Versions by component, for the components that the group or the file speaks of."""
    versions: dict[str, Coded] = {}
    for index, component in enumerate(scenario.components):
        name = component.identifier
        if name in devices.mcu:
            drawn = _mixed(devices.mcu[name], luck, streams.FLEET_MCU, index)
        elif f"mcu:{name}" in given.texts:
            drawn = Coded.same("", len(luck.keys))
        else:
            continue
        versions[name] = given.text(f"mcu:{name}", drawn)
    return versions


def _attributes(scenario: Scenario, devices: Devices, given: Given, luck: Luck) -> dict[str, Attribute]:
    attributes: dict[str, Attribute] = {}
    for name, mix in devices.attributes.items():
        drawn = _mixed(mix, luck, streams.FLEET_ATTRIBUTE, name_counter(name))
        attributes[name] = given.text(name, drawn)
    if scenario.products:
        attributes[PRODUCT] = Coded.same(scenario.product_of(devices), len(luck.keys))
    return attributes | given.extras


def _dies_at_ms(churn: float, horizon_ms: int, luck: Luck) -> NDArray[np.int64]:
    """Exponential times with which a share ``churn`` is gone after 30 days; -1 from the horizon on."""
    if churn <= 0.0:
        return np.full(len(luck.keys), -1, dtype=np.int64)
    u = luck.uniform(streams.FLEET_CHURN)
    if churn >= 1.0:
        return np.zeros(len(u), dtype=np.int64)
    mean_ms = -MONTH_MS / math.log1p(-churn)
    at_ms = -mean_ms * np.log1p(-u)
    return np.where(at_ms < horizon_ms, at_ms, -1.0).astype(np.int64)
