"""What the plan engine decides for one device: offer or not and why, hold after a refusal, retry after a failure."""

from __future__ import annotations

from fota_sim.rules import codes, ota
from fota_sim.rules.compiled import rule
from fota_sim.rules.host import UNKNOWN
from fota_sim.rules.lifecycle import ACTIVATED, DELETED, ENDED, SUSPENDED, TERMINATED, UPGRADING

OFFER = codes.NO_CAUSE
NEVER_AGAIN = 1 << 60
"""A time that no run reaches."""
LONG_AGO_MS = -(1 << 40)
"""Stands for the time of what has not happened yet, where only the time since then matters."""
NEVER_CONFIRMS = -1
"""Stands for the time at which an App user confirms who never does."""


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
    enforced: bool,
    offers_unknown: bool,
    too_old: bool,
    battery_pct: int,
    signal_dBm: int,
    min_battery_pct: int,
    min_signal_dBm: int,
) -> int:
    """OFFER, or why the platform's own strategy check withholds it, on the telemetry it last heard (or UNKNOWN).

    ``too_old``: what it last heard counts as not known.
    """
    if not enforced:
        return OFFER
    if too_old:
        return OFFER if offers_unknown else codes.TELEMETRY_OLD
    if UNKNOWN in (battery_pct, signal_dBm) and not offers_unknown:
        return codes.TELEMETRY_MISSING
    if battery_pct != UNKNOWN and battery_pct < min_battery_pct:
        return codes.PLATFORM_LOW_BATTERY
    if signal_dBm != UNKNOWN and signal_dBm < min_signal_dBm:
        return codes.PLATFORM_WEAK_SIGNAL
    return OFFER


@rule
def version_fits(reported: bool, for_any: bool, is_source: bool) -> int:
    """OFFER, or why a component's package is not for the version that the device reports of it."""
    if not reported:
        return codes.NOT_REPORTED
    if not for_any and not is_source:
        return codes.NOT_SOURCE_VERSION
    return OFFER


@rule
def withheld(
    on_list: int,
    cancelled: int,
    opened: int,
    under_way: bool,
    versions: int,
    now_ms: int,
    confirms_ms: int,
    gated: int,
) -> int:
    """OFFER, or why a device gets no plan now, whoever asks: the first reason that holds.

    ``on_list``, ``opened``, ``versions`` and ``gated`` are what :func:`listed`, :func:`plan_open`,
    :func:`version_fits` (of the first component that does not fit) and :func:`gate` say; ``cancelled``: OFFER, or by
    whom; ``under_way``: confirmed, done, given up or refused for good; ``confirms_ms``: when the App user confirms, 0
    in silent mode, NEVER_CONFIRMS.
    """
    if on_list != OFFER:
        return on_list
    if cancelled != OFFER:
        return cancelled
    if opened != OFFER:
        return opened
    if under_way:
        return codes.WAITING
    if versions != OFFER:
        return versions
    if confirms_ms == NEVER_CONFIRMS or confirms_ms > now_ms:
        return codes.USER_NOT_CONFIRMED
    return gated


@rule
def aborted(cancelled: int) -> bool:
    """Whether the rollout itself took a device out, and not the operator; ``cancelled``: the cause, or NO_CAUSE."""
    return cancelled in codes.BY_ROLLOUT


@rule
def takes_success(done: bool, given_up: bool, aborted: bool, late_counts: bool) -> bool:
    """Whether a reported success is still taken; ``aborted``: the rollout cancelled the device.

    ``late_counts``: also from a device that was given up or aborted, for systems in which that is not the last word.
    """
    return not done and (late_counts or not (given_up or aborted))


@rule
def settled(
    done: bool, on_list: int, cancelled: bool, given_up: bool, retries_to_come: bool, state: int, confirmed: bool
) -> bool:
    """Whether nothing that the device does can change what the platform makes of it.

    ``retries_to_come``: the operator will have devices tried again that were given up.
    """
    if done or on_list != OFFER or cancelled:
        return True
    if given_up:
        return not retries_to_come
    return is_over(state) and not confirmed


@rule
def push_from_ms(
    pushed: bool,
    is_settled: bool,
    under_way: bool,
    now_ms: int,
    starts_ms: int,
    hold_ms: int,
    confirms_ms: int,
    again_ms: int,
) -> int:
    """From when on an offer may be pushed to the device; NEVER_AGAIN if none is to be.

    ``under_way``: confirmed or given up; who was given up is looked at again when the operator has it tried again.
    ``again_ms``: not before this, because of an offer that was not answered, or of the penalty box.
    """
    if not pushed or is_settled or under_way or confirms_ms == NEVER_CONFIRMS or hold_ms >= NEVER_AGAIN:
        return NEVER_AGAIN
    return max(now_ms, starts_ms, hold_ms, confirms_ms, again_ms)


@rule
def until_push(
    now_ms: int, from_ms: int, tick_ms: int, starts_ms: int, confirms_ms: int, grid_ms: int, has_period: bool
) -> int:
    """Why a device that may be pushed to from ``from_ms`` on gets nothing before ``tick_ms``.

    ``has_period``: whether there are hours without pushes; otherwise it is the maintenance window that is waited for.
    """
    if confirms_ms == NEVER_CONFIRMS or confirms_ms > now_ms:
        return codes.USER_NOT_CONFIRMED
    if now_ms < starts_ms:
        return codes.WAITING
    if tick_ms >= from_ms + max(1, grid_ms):
        return codes.OUTSIDE_PUSH_PERIOD if has_period else codes.OUTSIDE_WINDOW
    return codes.TIME_RAN_OUT  # unless the push comes before the run ends


@rule
def missed_push(reason: int) -> int:
    """Why a device has no offer that was not there when one was to be pushed; ``reason``: as it was before."""
    waited = reason in (codes.NO_CAUSE, codes.TIME_RAN_OUT, codes.WAITING, codes.USER_NOT_CONFIRMED)
    return codes.ASLEEP if waited else reason


@rule
def last_reason(reason: int, starts_ms: int, confirms_ms: int, retry_ms: int, ends_ms: int) -> int:
    """Why a device was not offered the plan: ``reason``, unless what it waited for had come before the end.

    Then it is that no push and no question came any more.
    """
    if reason == codes.USER_NOT_CONFIRMED and confirms_ms != NEVER_CONFIRMS and max(starts_ms, confirms_ms) < ends_ms:
        return codes.TIME_RAN_OUT
    if reason == codes.WAITING and max(starts_ms, retry_ms) < ends_ms:
        return codes.TIME_RAN_OUT
    return reason


LOOK_AGAIN_MS = 600_000
"""Without a push grid: from an unanswered offer, or a full house that is silent, to the next look. Assumption: the
vendor's grid."""


@rule
def repeat_ms(grid_ms: int) -> int:
    """How long after an offer the next may follow: the grid sees to it where there is one."""
    return 0 if grid_ms > 0 else LOOK_AGAIN_MS


@rule
def look_again_ms(grid_ms: int) -> int:
    """How long after it got no slot a device is looked at again."""
    return grid_ms if grid_ms > 0 else LOOK_AGAIN_MS


@rule
def is_over(state: int) -> bool:
    """Whether the plan serves nobody any more but those under way. One that was deleted was over before."""
    return state in (TERMINATED, ENDED, DELETED)


@rule
def takes_status(state: int, confirmed: bool, over: bool) -> bool:
    """Whether a status report moves what the platform holds of the device, or is only noted.

    Nobody begins when the plan is over, and who has not confirmed, or was put into the penalty box, makes no progress:
    what is heard then is of an attempt that the platform is done with. An old offer that reaches a device which has
    confirmed another is no step back. Success always counts.
    """
    if state == ota.PLAN_RECEIVED and confirmed:
        return False
    if state in (ota.NO_PLAN, ota.PLAN_RECEIVED, ota.SUBMITTED, ota.REFUSED):
        return confirmed or not over
    return confirmed or state == ota.UPDATE_SUCCESS


@rule
def failed_by(cause: int, confirmed: bool, over: bool) -> int:
    """What a failure that the module found is booked under.

    One that waits for an address which never comes, because the plan was over before it had confirmed, fails by that.
    """
    return codes.PLAN_OVER if cause == codes.NO_URL and over and not confirmed else cause


@rule
def first_open_ms(open_ms: int, now_ms: int) -> int:
    """When the first offer was sent that the device has not answered; ``open_ms``: LONG_AGO_MS if there was none.

    An offer is repeated until it is answered, and an answer does not say which of them it means. A host that thinks
    drops those that come meanwhile, so it means the first.
    """
    return now_ms if open_ms == LONG_AGO_MS else open_ms


@rule
def answered_ms(open_ms: int, offered_ms: int) -> int:
    """When the offer was sent that an answer means: the first that is open; else one that was under way just now."""
    return offered_ms if open_ms == LONG_AGO_MS else open_ms


@rule
def hold_until_ms(holds: bool, offered_ms: int, hold_ms: int) -> int:
    """When a refused device may be pushed to again: the hold runs from the offer, the next grid tick ends it.

    ``offered_ms``: when the offer was sent that was refused.

    NEVER_AGAIN for a plan whose refusals do not only hold (manual, or not pushed).

    The vendor's example: offered 10:00, refused 10:10, effective period 50 min, pushed again at 11:00; measured
    from the offer that is 10:50 exactly, so the tick *after* the hold is meant.
    """
    return offered_ms + hold_ms + 1 if holds else NEVER_AGAIN
