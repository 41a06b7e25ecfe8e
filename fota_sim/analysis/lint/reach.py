"""Whom a plan can come to at all: who is in contact before the end, has a link, and runs what the packages are for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.contacts import ContactParameters, contacts_of
from fota_sim.engines.hardware import radio_row
from fota_sim.engines.zones import zone_table
from fota_sim.fleet.coded import Coded
from fota_sim.fleet.devices import Fleet
from fota_sim.rules import contact, link
from fota_sim.rules.delay import to_ms
from fota_sim.rules.draws import fill_uniform
from fota_sim.rules.streams import CONTACT_FIRST
from fota_sim.rules.zone import DAY_MS
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.product import Package
from fota_sim.scenario.sleep import access_of
from fota_sim.scenario.zones import zone_info

Mask = NDArray[np.bool_]


def linked(scenario: Scenario, fleet: Fleet) -> Mask:
    """Who has a link at its mean signal; shape (devices,). Without one no try to connect succeeds."""
    found = np.ones(fleet.n, dtype=np.bool_)
    for number, name in enumerate(fleet.radio_names):
        row = radio_row(name, scenario.radios[name])
        own = fleet.radio == number
        signals = np.unique(fleet.rssi_mean_dBm[own])
        found[own] = fleet.rssi_mean_dBm[own] >= _weakest_dBm(row, signals)
    return found


def _weakest_dBm(radio: NDArray[np.float64], signals: NDArray[np.float64]) -> float:
    """The weakest of ascending signals with which there is a link, infinite if there is none."""
    low, high = 0, len(signals)
    while low < high:
        middle = (low + high) // 2
        if _has_link(radio, float(signals[middle])):
            high = middle
        else:
            low = middle + 1
    return float(signals[low]) if low < len(signals) else np.inf


def _has_link(radio: NDArray[np.float64], rssi_dBm: float) -> bool:
    return bool(link.rate_bps(radio, rssi_dBm) > 0.0 and link.chunk_failure(radio, rssi_dBm) < 1.0)


def there_before(scenario: Scenario, fleet: Fleet, end_ms: int) -> Mask:
    """Who comes into contact for the first time before ``end_ms`` in the first replication; shape (devices,).

    Devices that are gone for good count as if they were not.
    """
    sources = {source.name: source for source in scenario.fleet.sources}
    accesses = [access_of(scenario.radios[name].law) for name in fleet.radio_names]
    contacts, of = contacts_of([sources[name].contact for name in fleet.group_names], fleet, accesses)
    first_ms = np.zeros(fleet.n, dtype=np.int64)
    for number, pattern in enumerate(contacts):
        own = np.flatnonzero(of == number)
        if len(own) and int(fleet.joins_ms[own].max()) + to_ms(pattern.spread_s) + 3 * DAY_MS >= end_ms:
            first_ms[own] = np.fromiter(_first_ms(scenario, fleet, pattern, own), dtype=np.int64, count=len(own))
    lives = (fleet.dies_at_ms < 0) | (fleet.dies_at_ms > first_ms)
    there: Mask = (first_ms < end_ms) & lives
    return there


def _first_ms(scenario: Scenario, fleet: Fleet, pattern: ContactParameters, own: NDArray[np.intp]) -> Iterator[int]:
    """When devices with one pattern first report, or wake for a TAU before that."""
    start = scenario.start.replace(tzinfo=zone_info(scenario.time_zone))
    zones = [zone_table(name, start, scenario.horizon_ms) for name in fleet.time_zone_names]
    hours = pattern.from_min, pattern.to_min
    drawn = fill_uniform(scenario.seed, 0, fleet.keys[own], CONTACT_FIRST, 0)
    columns = (fleet.joins_ms[own].tolist(), fleet.time_zone[own].tolist(), drawn.tolist())
    for joins_ms, zone, u in zip(*columns, strict=True):
        report_ms = contact.first_contact_ms(pattern.pattern, pattern.spread_s, *hours, zones[zone], joins_ms, u)
        yield min(report_ms, contact.first_tau_ms(report_ms, pattern.every_s, pattern.tau_ms, joins_ms))


def running_of(scenario: Scenario, fleet: Fleet, package: Package) -> Coded | None:
    """What devices run of the component that a package is for; None if the fleet says nothing of it."""
    if package.component == scenario.module_component:
        return fleet.firmware
    return fleet.mcu.get(package.component)


def runs_targets(scenario: Scenario, fleet: Fleet) -> Mask:
    """Who runs the target version of every package of the plan; shape (devices,)."""
    runs = np.ones(fleet.n, dtype=np.bool_)
    for package in scenario.planned:
        running = running_of(scenario, fleet, package)
        if running is None:
            return np.zeros(fleet.n, dtype=np.bool_)
        runs &= running.is_one_of(package.target_version)
    return runs


def versions_fit(scenario: Scenario, fleet: Fleet) -> Mask:
    """Who runs what the packages are for: the first component that a package does not fit keeps the plan back.

    Shape (devices,); True also of who runs every target already.
    """
    fits = np.ones(fleet.n, dtype=np.bool_)
    for package in scenario.planned:
        running = running_of(scenario, fleet, package)
        if running is None:
            return np.zeros(fleet.n, dtype=np.bool_)
        wanted = [package.source_version] if package.kind == "delta" else package.specified_versions
        is_source = running.is_one_of(*map(str, wanted)) if wanted else ~running.is_one_of("")
        fits &= is_source | running.is_one_of(package.target_version)
    return fits
