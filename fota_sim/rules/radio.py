"""The signal at the antenna and what the module says of it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from fota_sim.rules.compiled import rule
from fota_sim.rules.rows import (
    BANDWIDTH_HZ,
    COVERAGE_EDGE_DBM,
    INTERFERENCE_DB,
    NOISE_DBM,
    NOISE_FIGURE_DB,
    RSRP_OFFSET_DB,
    TABLE_BPS,
    TABLE_LOG_BPS,
    TABLE_POINTS,
)

CSQ_UNKNOWN = 99
CSQ_FLOOR_DBM = -113  # 3GPP TS 27.007, AT+CSQ: 0 is -113 dBm or less
CSQ_CEILING_DBM = -51  # 31 is -51 dBm or more; steps of 2 dB between
FULL_POWER_DBM = 23.0  # of power class 3, 3GPP TS 36.101
_RESOURCE_BLOCK_HZ = 180_000.0  # 12 subcarriers of 15 kHz, 3GPP TS 36.211


def complete(radio: NDArray[np.float64]) -> None:
    """Fill in what a radio row says twice, so that no segment of a download works it out again.

    Noise is thermal, -174 dBm/Hz + 10 log10 B, plus noise figure and interference margin.
    """
    radio[NOISE_DBM] = -174.0 + 10.0 * math.log10(radio[BANDWIDTH_HZ]) + radio[NOISE_FIGURE_DB] + radio[INTERFERENCE_DB]
    radio[RSRP_OFFSET_DB] = rsrp_offset_dB(radio[BANDWIDTH_HZ])
    for i in range(int(radio[TABLE_POINTS])):
        radio[TABLE_LOG_BPS + i] = math.log(radio[TABLE_BPS + i])


def rsrp_offset_dB(bandwidth_Hz: float) -> float:
    """RSSI less RSRP on a fully loaded carrier: 10 log10(12 resource blocks), 3GPP TS 36.214."""
    blocks = max(1.0, bandwidth_Hz / _RESOURCE_BLOCK_HZ)
    return 10.0 * math.log10(12.0 * blocks)


@rule
def shadowing_dB(previous_dB: float, elapsed_s: float, sd_dB: float, correlation_s: float, z: float) -> float:
    """The RSSI's offset from the device's mean ``elapsed_s`` after it was ``previous_dB``.

    A first-order autoregression, S' = r S + sqrt(1 - r r) sd z with r = exp(-dt / tau) (Gudmundson 1991; the form
    of 3GPP TR 38.901 as in ns-3), stationary with deviation ``sd_dB``; ``z`` is a standard normal draw.
    """
    r = math.exp(-elapsed_s / correlation_s)
    return r * previous_dB + math.sqrt(1.0 - r * r) * sd_dB * z


@rule
def csq(rssi_dBm: float, error_dB: float) -> int:
    """What AT+CSQ answers, 0 to 31, for a true ``rssi_dBm`` misread by ``error_dB`` (3GPP TS 27.007, 2 dB grid)."""
    index = math.floor((rssi_dBm + error_dB - CSQ_FLOOR_DBM) / 2.0 + 0.5)
    return max(0, min(31, index))


@rule
def csq_dBm(index: int) -> int:
    """The signal in dBm that an AT+CSQ index 0 to 31 stands for."""
    return CSQ_FLOOR_DBM + 2 * index


@rule
def whole_dBm(rssi_dBm: float, error_dB: float) -> int:
    """What a Wi-Fi module says of a true ``rssi_dBm`` misread by ``error_dB``: to 1 dB, half up."""
    return math.floor(rssi_dBm + error_dB + 0.5)


@rule
def coverage_level(radio: NDArray[np.float64], rssi_dBm: float) -> int:
    """The NB-IoT/LTE-M coverage enhancement level 0, 1 or 2 at this signal; 0 for radios that have none."""
    if rssi_dBm < radio[COVERAGE_EDGE_DBM + 1]:
        return 2
    if rssi_dBm < radio[COVERAGE_EDGE_DBM]:
        return 1
    return 0


@rule
def transmit_power_dBm(radio: NDArray[np.float64], rssi_dBm: float) -> float:
    """The module's transmit power: 23 dBm up to an RSRP of -100 dBm, then 1 dB less per dB, not below 0.

    Measured on NB-IoT by D. Robinson (master's thesis, 2020).
    """
    rsrp_dBm = rssi_dBm - radio[RSRP_OFFSET_DB]
    return float(max(0.0, FULL_POWER_DBM - max(0.0, rsrp_dBm + 100.0)))
