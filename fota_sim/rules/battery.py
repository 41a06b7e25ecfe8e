"""Battery: open-circuit voltage by charge, sag under load, temperature, current by state, and when it is empty.

Charge is counted in microcoulombs, which are milliampere milliseconds: between two events a constant current flows for
a whole number of milliseconds, so what it takes, and when nothing is left, need no conversion.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fota_sim.rules.compiled import rule
from fota_sim.rules.radio import FULL_POWER_DBM, transmit_power_dBm
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
from fota_sim.rules.zone import FAR

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
_UC_PER_MAH = 3_600_000.0
_YEAR_H = 8766.0  # of 365.25 days
_LONGEST_MS = 1e15  # 30,000 years; what lasts longer is not empty within any run
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
    # most devices send at full power, and 10 to the power of zero is not worth asking for
    share = 1.0 if power_dBm == FULL_POWER_DBM else 10.0 ** ((power_dBm - FULL_POWER_DBM) / 15.0)
    return float(module[I_TRANSMIT_0_MA] + span_mA * share)


@rule
def download_mA(
    module: NDArray[np.float64], peak_mA: float, duration_s: float, on_air_s: float, lasts_ms: int
) -> float:
    """Mean current of a piece of download of ``lasts_ms``: receiving and acknowledging on the air, waiting between.

    ``peak_mA`` is the current while transmitting (:func:`transmit_mA`). What the piece takes is worked out with its
    unrounded ``duration_s`` and then spread over the whole milliseconds that it has in virtual time.
    """
    duty = module[TRANSMIT_DUTY]
    air_mA = (1.0 - duty) * module[I_RECEIVE_MA] + duty * peak_mA
    wait_mA = _IDLE_SHARE * module[I_GAP_MA] + (1.0 - _IDLE_SHARE) * peak_mA
    return float((on_air_s * air_mA + (duration_s - on_air_s) * wait_mA) * 1000.0 / lasts_ms)


@rule
def flashing_mA(module: NDArray[np.float64]) -> float:
    """Current while new firmware is written: the processor idles connected, plus the flash."""
    return float(module[I_GAP_MA] + module[I_FLASH_MA])


@rule
def charge_uC(charge: float, capacity_mAh: float) -> float:
    """Charge in microcoulombs of a battery that is ``charge`` (0 to 1) full."""
    return charge * capacity_mAh * _UC_PER_MAH


@rule
def charge_mAh(taken_uC: float) -> float:
    """Charge in mAh of so many microcoulombs."""
    return taken_uC / _UC_PER_MAH


@rule
def self_discharge_mA(per_year: float, capacity_mAh: float) -> float:
    """The current that self-discharge at a share ``per_year`` of the capacity amounts to."""
    return per_year * capacity_mAh / _YEAR_H


@rule
def left_after(left_uC: float, drain_mA: float, elapsed_ms: int) -> tuple[float, float]:
    """What ``left_uC`` comes to in ``elapsed_ms`` under a constant current, and for how many ms of them it lasted.

    No more is taken than there is: what was taken is the current times the second.
    """
    taken_uC = drain_mA * elapsed_ms
    if taken_uC <= left_uC:
        return left_uC - taken_uC, float(elapsed_ms)
    return 0.0, left_uC / drain_mA


@rule
def empty_at_ms(now_ms: int, left_uC: float, drain_mA: float) -> int:
    """The first millisecond that a battery with ``left_uC`` now does not live through under a constant current.

    FAR if there is none that matters; ``now_ms`` if nothing is left.
    """
    if left_uC <= 0.0:
        return now_ms
    if drain_mA * _LONGEST_MS <= left_uC:
        return FAR
    lasts_ms = left_uC / drain_mA
    whole_ms = int(lasts_ms)
    return now_ms + whole_ms + 1 if whole_ms < lasts_ms else now_ms + whole_ms


@rule
def energy_J(module: NDArray[np.float64], taken_uC: float) -> float:
    """Energy in joules of ``taken_uC`` microcoulombs at the nominal supply voltage."""
    return float(taken_uC * 1e-6 * module[SUPPLY_V])


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
