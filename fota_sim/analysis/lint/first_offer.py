"""What each device of a fleet would say to its first offer, by the rules that a run asks, without playing anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fota_sim.fleet.devices import Fleet
from fota_sim.rules import battery, host, plan, radio, share
from fota_sim.rules.host import UNKNOWN
from fota_sim.scenario.model import Scenario

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Readings:
    """What modules say at the start, at the mean signal and without an error; columns of shape (devices,)."""

    battery_pct: Ints
    """Whole percent, 100 on mains, true or not known."""
    battery_known: Mask
    signal_dBm: Ints
    """As the host reads it: on the grid of AT+CSQ, or of AT+QGETWIFISTATE where the module has no AT+CSQ."""
    reported_dBm: Ints
    """As the module reports it to the platform: always on the grid of AT+CSQ."""
    signal_known: Mask


def read(scenario: Scenario, fleet: Fleet) -> Readings:
    """What every device would read at the moment of activation."""
    charges_pct = _each(_percent, fleet.charge)
    by_csq = np.array([scenario.modules[name].at_csq for name in fleet.module_names])[fleet.module]
    on_grid = _each(_csq_dBm, fleet.rssi_mean_dBm)
    signal = np.where(by_csq, on_grid, _each(_wifi_dBm, fleet.rssi_mean_dBm))
    return Readings(np.where(fleet.mains, 100, charges_pct), fleet.battery_known, signal, on_grid, fleet.rssi_known)


def kept_out(scenario: Scenario, fleet: Fleet, readings: Readings) -> Ints:
    """The cause that keeps each device from the upgrade, NO_CAUSE for those that nothing does; shape (devices,).

    The platform's check comes first where there is one, and then the host's.
    """
    strategy = scenario.plan.strategy
    minimums = share.rounded_up(strategy.min_battery, 100), strategy.min_reading_dBm
    hosts = [scenario.hosts[name] for name in fleet.host_names]
    batteries = np.where(readings.battery_known, readings.battery_pct, UNKNOWN)
    signals = np.where(readings.signal_known, readings.signal_dBm, UNKNOWN)
    reported = np.where(readings.signal_known, readings.reported_dBm, UNKNOWN)
    columns = np.stack([fleet.host, batteries, signals, reported], axis=1)
    cases, place = np.unique(columns, axis=0, return_inverse=True)
    found = []
    for number, battery_pct, signal_dBm, told_dBm in cases.tolist():
        kind = hosts[number]
        cause = plan.gate(
            strategy.enforced_by == "platform",
            strategy.when_unknown == "offer",
            False,
            battery_pct,
            told_dBm,
            *minimums,
        )
        if cause == plan.OFFER:
            accepts = kind.when_unknown == "accept"
            said = host.decide(kind.checks_battery, kind.checks_signal, accepts, battery_pct, signal_dBm, *minimums)
            cause = host.cause_of(said)
        found.append(cause)
    return np.array(found, dtype=np.int64)[place.reshape(-1)]


def _csq_dBm(rssi_dBm: float) -> int:
    return int(radio.csq_dBm(radio.csq(rssi_dBm, 0.0)))


def _wifi_dBm(rssi_dBm: float) -> int:
    return int(radio.whole_dBm(rssi_dBm, 0.0))


def _percent(charge: float) -> int:
    return int(battery.percent(charge, False))


def _each(ask: Callable[[float], int], values: NDArray[np.float64]) -> Ints:
    """A rule asked once for each different value."""
    different, place = np.unique(values, return_inverse=True)
    answers = np.fromiter(map(ask, different.tolist()), dtype=np.int64, count=len(different))
    return answers[place.reshape(-1)]
