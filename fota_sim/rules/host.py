"""The host's decision on an offer: the plan's minimum battery and signal against what it can read."""

from __future__ import annotations

from fota_sim.rules.compiled import rule

ACCEPT, LOW_BATTERY, WEAK_SIGNAL, READING_UNKNOWN = 0, 1, 2, 3

UNKNOWN = -1000
"""A reading that could not be had."""


@rule
def decide(
    checks_battery: bool,
    checks_signal: bool,
    accepts_unknown: bool,
    battery_pct: int,
    signal_dBm: int,
    min_battery_pct: int,
    min_signal_dBm: int,
) -> int:
    """ACCEPT, or why not. A reading equal to the minimum passes; an unknown one passes only if the host fails open.

    ``battery_pct`` and ``signal_dBm`` are whole numbers as AT+CBC and AT+CSQ give them, or UNKNOWN.
    """
    if checks_battery:
        if battery_pct == UNKNOWN:
            if not accepts_unknown:
                return READING_UNKNOWN
        elif battery_pct < min_battery_pct:
            return LOW_BATTERY
    if checks_signal:
        if signal_dBm == UNKNOWN:
            if not accepts_unknown:
                return READING_UNKNOWN
        elif signal_dBm < min_signal_dBm:
            return WEAK_SIGNAL
    return ACCEPT
