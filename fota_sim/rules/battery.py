"""Battery: open-circuit voltage by charge, sag under load, temperature, current by state, self-discharge."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fota_sim.rules.compiled import rule
from fota_sim.rules.radio import transmit_power_dBm
from fota_sim.rules.rows import (
    I_FLASH_MA,
    I_GAP_MA,
    I_RECEIVE_MA,
    I_TRANSMIT_0_MA,
    I_TRANSMIT_23_MA,
    SUPPLY_V,
    TRANSMIT_DUTY,
    V_MIN,
)

LI_SOCL2 = 2  # position in labels.CHEMISTRIES

# Open-circuit voltage at 0, 5, 10, 20, ..., 100 % of charge.
# Lithium ion and polymer: the de-facto table of physics sources (docs/sources.md, Battery).
# Li-SOCl2: flat at 3.6 V over the first 85 % of life, 3.0 V at the cliff, 2.0 V cell cut-off; between: assumption.
_CHARGE = np.array([0.0, 0.05, 0.10, 0.20, 0.30, 0.40, 0.50, 0.60, 0.70, 0.80, 0.90, 1.0])
_OPEN_CIRCUIT_V = np.array(
    [
        [3.00, 3.45, 3.68, 3.74, 3.77, 3.79, 3.82, 3.87, 3.92, 3.98, 4.06, 4.20],
        [3.00, 3.45, 3.68, 3.74, 3.77, 3.79, 3.82, 3.87, 3.92, 3.98, 4.06, 4.20],
        [2.00, 3.00, 3.35, 3.60, 3.60, 3.60, 3.60, 3.60, 3.60, 3.60, 3.60, 3.60],
    ]
)
_IDLE_SHARE = 0.95  # of the time between blocks spent connected and silent; the rest transmits; assumption


@rule
def open_circuit_V(chemistry: int, charge: float) -> float:
    """The cell's resting voltage at a charge of 0 to 1, by linear interpolation."""
    if charge <= 0.0:
        return float(_OPEN_CIRCUIT_V[chemistry, 0])
    for i in range(1, 12):
        if charge <= _CHARGE[i]:
            low = _OPEN_CIRCUIT_V[chemistry, i - 1]
            high = _OPEN_CIRCUIT_V[chemistry, i]
            return float(low + (high - low) * (charge - _CHARGE[i - 1]) / (_CHARGE[i] - _CHARGE[i - 1]))
    return float(_OPEN_CIRCUIT_V[chemistry, 11])


@rule
def cold_resistance(resistance_ohm: float, temperature_C: float) -> float:
    """Internal resistance at a temperature: as given at 20 degrees C and above, three times as much at -20.

    General knowledge says two to four times at -20; three, and linear between, is an assumption.
    """
    if temperature_C >= 20.0:
        return resistance_ohm
    return resistance_ohm * (1.0 + 2.0 * (20.0 - temperature_C) / 40.0)


@rule
def usable_capacity_mAh(chemistry: int, capacity_mAh: float, temperature_C: float) -> float:
    """Capacity at a temperature: lithium ion keeps 85 % at 0 and 65 % at -20 degrees C; Li-SOCl2 keeps all.

    Linear between the points and down to half; assumption.
    """
    if chemistry == LI_SOCL2 or temperature_C >= 20.0:
        return capacity_mAh
    if temperature_C >= 0.0:
        return capacity_mAh * (0.85 + 0.15 * temperature_C / 20.0)
    return capacity_mAh * max(0.5, 0.85 + 0.20 * temperature_C / 20.0)


@rule
def loaded_V(chemistry: int, charge: float, current_mA: float, resistance_ohm: float, temperature_C: float) -> float:
    """The voltage that the module sees while drawing ``current_mA``."""
    drop_V = current_mA / 1000.0 * cold_resistance(resistance_ohm, temperature_C)
    return open_circuit_V(chemistry, charge) - drop_V


@rule
def browns_out(module: NDArray[np.float64], voltage_V: float) -> bool:
    """Whether the module resets at this supply voltage."""
    return bool(voltage_V < module[V_MIN])


@rule
def transmit_mA(radio: NDArray[np.float64], module: NDArray[np.float64], rssi_dBm: float) -> float:
    """Current while transmitting at the power that this signal asks for.

    I = I0 + (I23 - I0) 10**((P - 23) / 15): about linear in the amplifier's output (docs/sources.md, Energy).
    """
    power_dBm = transmit_power_dBm(radio, rssi_dBm)
    span_mA = module[I_TRANSMIT_23_MA] - module[I_TRANSMIT_0_MA]
    return float(module[I_TRANSMIT_0_MA] + span_mA * 10.0 ** ((power_dBm - 23.0) / 15.0))


@rule
def download_mAs(module: NDArray[np.float64], peak_mA: float, duration_s: float, on_air_s: float) -> float:
    """Charge in mA s that a piece of download takes: receiving and acknowledging on the air, waiting between.

    ``peak_mA`` is the current while transmitting (:func:`transmit_mA`).
    """
    duty = module[TRANSMIT_DUTY]
    air_mA = (1.0 - duty) * module[I_RECEIVE_MA] + duty * peak_mA
    wait_mA = _IDLE_SHARE * module[I_GAP_MA] + (1.0 - _IDLE_SHARE) * peak_mA
    return float(on_air_s * air_mA + (duration_s - on_air_s) * wait_mA)


@rule
def flashing_mA(module: NDArray[np.float64]) -> float:
    """Current while new firmware is written: the processor idles connected, plus the flash."""
    return float(module[I_GAP_MA] + module[I_FLASH_MA])


@rule
def after_drain(charge: float, drain_mAs: float, capacity_mAh: float, mains: bool) -> float:
    """The charge left, 0 to 1, after ``drain_mAs`` milliampere seconds; mains-powered devices keep theirs."""
    if mains:
        return charge
    return max(0.0, charge - drain_mAs / 3600.0 / capacity_mAh)


@rule
def energy_J(module: NDArray[np.float64], drain_mAs: float) -> float:
    """Energy in joules of ``drain_mAs`` milliampere seconds at the nominal supply voltage."""
    return float(drain_mAs / 1000.0 * module[SUPPLY_V])


@rule
def self_discharge_mAs(per_year: float, capacity_mAh: float, elapsed_s: float) -> float:
    """Charge in mA s lost to self-discharge over ``elapsed_s`` seconds at a share ``per_year`` of the capacity."""
    return per_year * capacity_mAh * 3600.0 * elapsed_s / 31_557_600.0


@rule
def resting_mAs(draws_mA: float, per_year: float, capacity_mAh: float, elapsed_s: float) -> float:
    """Charge in mA s that ``elapsed_s`` seconds in one state take: its current, and self-discharge."""
    return draws_mA * elapsed_s + self_discharge_mAs(per_year, capacity_mAh, elapsed_s)


@rule
def percent(charge: float, mains: bool) -> int:
    """The charge as a module says it: whole percent, half up; 100 on mains."""
    return 100 if mains else int(charge * 100.0 + 0.5)


@rule
def millivolts(module: NDArray[np.float64], chemistry: int, charge: float, mains: bool) -> int:
    """The supply voltage at rest as a module says it."""
    if mains:
        return int(module[SUPPLY_V] * 1000.0)
    return int(open_circuit_V(chemistry, charge) * 1000.0 + 0.5)
