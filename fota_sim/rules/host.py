"""The host's decision on an offer: the plan's minimum battery and signal against what it can read."""

from __future__ import annotations

from fota_sim.rules import codes
from fota_sim.rules.compiled import rule
from fota_sim.rules.zone import FAR

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


@rule
def waits_until_ms(
    now_ms: int,
    busy: bool,
    online: bool,
    wakes: bool,
    asks: bool,
    heard_ms: int,
    asked_ms: int,
    patience_ms: int,
    linger_ms: int,
    request_every_ms: int,
) -> int:
    """Until when the host waits for the module's next word; FAR if it has nothing to do but wait.

    ``busy``: an upgrade runs; ``wakes``: the device sleeps between contacts; ``request_every_ms``: 0 for a host
    that asks once a contact.
    """
    if busy:
        return max(now_ms + 1, heard_ms + patience_ms)
    if not online:
        return now_ms + patience_ms
    if wakes:
        return now_ms + linger_ms
    if request_every_ms == 0 or not asks:
        return FAR
    return max(now_ms + 1, asked_ms + request_every_ms)


@rule
def cause_of(decision: int) -> int:
    """The cause that a refusal is booked under; none for an acceptance."""
    if decision == LOW_BATTERY:
        return codes.LOW_BATTERY
    if decision == WEAK_SIGNAL:
        return codes.WEAK_SIGNAL
    return codes.READING_UNKNOWN if decision == READING_UNKNOWN else codes.NO_CAUSE


KEEP_WATCH, GIVE_UP_UPGRADE, SLEEP, ASK, WAIT_ON = range(5)


@rule
def after_silence(
    now_ms: int, busy: bool, online: bool, wakes: bool, asks: bool, heard_ms: int, patience_ms: int
) -> int:
    """What the host does when nothing came until :func:`waits_until_ms`.

    Silence for too long ends an upgrade for the host; the device lives on.
    """
    if busy:
        return KEEP_WATCH if now_ms < heard_ms + patience_ms else GIVE_UP_UPGRADE
    if wakes:
        return SLEEP
    return ASK if asks and online else WAIT_ON
