"""What readings in other units say of signal and charge, which hangs on the device's own radio and battery."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from fota_sim.fleet.laws import Floats
from fota_sim.rules.battery import open_circuit_V
from fota_sim.rules.labels import CHEMISTRIES
from fota_sim.rules.radio import rsrp_offset_dB
from fota_sim.scenario.model import Scenario

Point = tuple[float, float]
"""A voltage and the charge (0..1) that a battery with it has."""

_CHARGES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)  # where the rule's table has its points


def rssi_of_rsrp(rsrp_dBm: Floats, radios: Sequence[str], scenario: Scenario, told_dB: float | None) -> Floats:
    """Signals in dBm of devices with these radios, shape (devices,); NaN stays.

    ``told_dB``: how much stronger they are; None: as on a fully loaded carrier, which is what the transmit power takes.
    """
    if told_dB is not None:
        return rsrp_dBm + told_dB
    offset_dB = {name: rsrp_offset_dB(scenario.radios[name].bandwidth) for name in set(radios)}
    offsets_dB: Floats = np.array([offset_dB[name] for name in radios])
    return rsrp_dBm + offsets_dB


def resting_points(chemistry: str) -> list[Point]:
    """Charge by resting voltage, from empty to full, as the rules have it."""
    number = CHEMISTRIES.index(chemistry)
    return [(float(open_circuit_V(number, charge)), charge) for charge in _CHARGES]


def charge_of_volts(volts: float, points: Sequence[Point]) -> tuple[float, float]:
    """The charges, lowest and highest, at which a battery has this voltage; linear between the points."""
    least = next((k for k, (each, _) in enumerate(points) if each >= volts), len(points))
    if least == len(points):
        return points[-1][1], points[-1][1]
    beyond = next((k for k, (each, _) in enumerate(points) if each > volts), len(points))
    low_V, low = points[max(least - 1, 0)]
    high_V, high = points[least]
    charge = high if high_V == low_V else low + (high - low) * max(0.0, (volts - low_V) / (high_V - low_V))
    return charge, max(charge, points[beyond - 1][1]) if beyond > least else charge


def charges(volts: Floats, chemistries: Sequence[str], points: Sequence[Point] | None) -> tuple[Floats, Floats]:
    """Level of each device (0..1), NaN where its voltage is missing or fits many; and the least that it then has.

    ``points``: the same for every chemistry; None: their resting voltages.
    """
    curves = {name: points or resting_points(name) for name in set(chemistries)}
    level, least = np.full(len(volts), math.nan), np.full(len(volts), math.nan)
    found: dict[tuple[float, str], tuple[float, float]] = {}  # meters read few different voltages
    for row, reading in enumerate(zip(volts.tolist(), chemistries, strict=True)):
        each, chemistry = reading
        if math.isnan(each):
            continue
        if reading not in found:
            found[reading] = charge_of_volts(each, curves[chemistry])
        low, high = found[reading]
        if low == high:
            level[row] = low
        else:
            least[row] = low
    return level, least
