"""What the plan engine decides for one device: offer or not and why, hold after a refusal, retry after a failure."""

from __future__ import annotations

from fota_sim.rules import codes
from fota_sim.rules.compiled import rule
from fota_sim.rules.host import UNKNOWN
from fota_sim.rules.lifecycle import ACTIVATED, SUSPENDED, UPGRADING

OFFER = codes.NO_CAUSE


@rule
def listed(white: bool, black: bool) -> int:
    """OFFER, or why the lists exclude the device; the blacklist wins over the whitelist."""
    if black:
        return codes.BLACKLISTED
    if not white:
        return codes.NOT_WHITELISTED
    return OFFER


@rule
def plan_open(state: int, now_ms: int, starts_ms: int, ends_ms: int) -> int:
    """OFFER while the plan serves new devices, or why it does not."""
    if state == SUSPENDED:
        return codes.PLAN_SUSPENDED
    if state not in (ACTIVATED, UPGRADING) or now_ms >= ends_ms:
        return codes.PLAN_OVER
    if now_ms < starts_ms:
        return codes.WAITING
    return OFFER


@rule
def gate(
    enforced: bool, offers_unknown: bool, battery_pct: int, signal_dBm: int, min_battery_pct: int, min_signal_dBm: int
) -> int:
    """OFFER, or why the platform's own strategy check withholds it, on the telemetry it last heard (or UNKNOWN)."""
    if not enforced:
        return OFFER
    if UNKNOWN in (battery_pct, signal_dBm) and not offers_unknown:
        return codes.TELEMETRY_MISSING
    if battery_pct != UNKNOWN and battery_pct < min_battery_pct:
        return codes.PLATFORM_LOW_BATTERY
    if signal_dBm != UNKNOWN and signal_dBm < min_signal_dBm:
        return codes.PLATFORM_WEAK_SIGNAL
    return OFFER


@rule
def may_retry(failures: int, retries: int) -> bool:
    """Whether the platform issues the URL again after ``failures`` failed attempts."""
    return failures <= retries


@rule
def hold_until_ms(offered_ms: int, hold_ms: int) -> int:
    """When a refused device may be pushed to again: the hold runs from the offer, the next grid tick ends it.

    The vendor's example: offered 10:00, refused 10:10, effective period 50 min, pushed again at 11:00; measured
    from the offer that is 10:50 exactly, so the tick *after* the hold is meant.
    """
    return offered_ms + hold_ms + 1
