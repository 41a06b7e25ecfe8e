"""Whom the platform offers the plan, and when: by request, by push, or by the rollout."""

from __future__ import annotations

from typing import Any

from fota_sim.device import body, gates, knowledge, sleep, slots, stages
from fota_sim.device.events import ARM, P_INITIATED, P_ISSUING_PLAN, P_PLAN_ISSUED, PLAN_ARRIVES, TICK
from fota_sim.device.fields import NONE
from fota_sim.device.port import (
    byte_at,
    contact_at,
    flag_at,
    int_at,
    note,
    openings_of,
    released_of,
    schedule,
    zone_of,
)
from fota_sim.rules import codes, plan
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.zone import in_window, next_offer_ms, next_push_tick


def on_list(w: Any, device: int) -> int:
    """OFFER, or why the device is none that the plan is for."""
    if flag_at(w.other_at, device * w.other_step):
        return codes.OTHER_PRODUCT
    return plan.listed(flag_at(w.white_at, device * w.white_step), flag_at(w.black_at, device * w.black_step))


def is_of_plan(w: Any, device: int) -> bool:
    """Whether the device is of the plan that ``w`` is told for, on its lists or not."""
    return bool(byte_at(w.plan_of_at, device * w.plan_of_step) == w.plan)


def withheld(w: Any, live: Any, now_ms: int) -> int:
    """OFFER, or why this device gets no plan now, whoever asks; whether there is a slot is another matter."""
    reason = plan.withheld(
        live.on_list,
        live.cancelled,
        plan.plan_open(w.plan_state, now_ms, w.starts_ms, w.ends_ms),
        live.confirmed or live.done or live.given_up or live.refused_for_good or live.retry_ms > now_ms,
        knowledge.versions_fit(w, live),
        now_ms,
        live.confirms_ms,
        gates.platform_withholds(w, live, now_ms),
    )
    if reason != plan.OFFER:
        return reason
    return slots.held_back(w, live, now_ms, knowledge.maintained_from(w, live, now_ms))


def offer(w: Any, live: Any, now_ms: int) -> int:
    """Send the plan: one offer for each component that has to change; when the device hears of it."""
    mask = knowledge.left(w, live)
    for component in range(w.components):
        if mask >> component & 1:
            note(w, live, now_ms, P_ISSUING_PLAN, component, 0)
    note(w, live, now_ms, P_PLAN_ISSUED, 0, 0)
    live.offered_ms = now_ms
    live.open_ms = plan.first_open_ms(live.open_ms, now_ms)
    if live.stage != rr.ACK:  # an offer that is repeated is still the one that waits for its answer
        stages.enter_stage(w, live, now_ms, rr.ACK)
    hears_ms = sleep.hears_ms(w, live, now_ms)
    schedule(w, live, hears_ms + body.round_trip_ms(w, live, now_ms), PLAN_ARRIVES, mask, 0)
    return hears_ms


def arm(w: Any, live: Any, now_ms: int) -> None:
    """Have the device looked at at the first time at which an offer may be due."""
    if not slots.is_released(w, live):
        if live.withheld == codes.NO_CAUSE:
            live.withheld = slots.held_back(w, live, now_ms, 0)
        return
    from_ms = _push_from_ms(w, live, now_ms)
    if from_ms >= plan.NEVER_AGAIN:
        live.tick_ms = NONE  # nor at a tick that was armed before
        if live.withheld == codes.NO_CAUSE and w.push and live.confirms_ms == plan.NEVER_CONFIRMS:
            live.withheld = codes.USER_NOT_CONFIRMED
        return
    tick_ms = _tick_from(w, live, from_ms)
    if tick_ms == live.tick_ms:
        return
    live.tick_ms = tick_ms  # an earlier tick is void
    if live.withheld == codes.NO_CAUSE:
        has_period = w.push_from_min != w.push_to_min
        live.withheld = plan.until_push(now_ms, from_ms, tick_ms, w.starts_ms, live.confirms_ms, w.grid_ms, has_period)
    if tick_ms >= w.ends_ms:
        return
    schedule(w, live, tick_ms, TICK, tick_ms, 0)


def _push_from_ms(w: Any, live: Any, now_ms: int) -> int:
    """From when on an offer may be pushed to the device; NEVER_AGAIN if none is to be."""
    again_ms = max(live.box_until_ms, live.retry_ms)
    if live.stage == rr.ACK:  # an offer waits for its answer
        again_ms = max(again_ms, live.offered_ms + plan.repeat_ms(w.grid_ms))
    under_way = live.confirmed or live.given_up
    return plan.push_from_ms(
        w.push, knowledge.settled(w, live), under_way, now_ms, w.starts_ms, live.hold_ms, live.confirms_ms, again_ms
    )


def _tick_from(w: Any, live: Any, from_ms: int) -> int:
    """The first time not before ``from_ms`` at which something may be pushed to the device."""
    zone = zone_of(w, w.plan_zone)
    if not w.maintained:
        return next_push_tick(zone, from_ms, w.push_from_min, w.push_to_min, w.grid_ms)
    windows = openings_of(w, live.zone)
    return next_offer_ms(zone, windows, from_ms, w.push_from_min, w.push_to_min, w.grid_ms)


def is_push_time(w: Any, now_ms: int) -> bool:
    """Whether it is an hour in which offers are pushed."""
    return bool(in_window(zone_of(w, w.plan_zone), now_ms, w.push_from_min, w.push_to_min))


def tick(w: Any, live: Any, now_ms: int) -> None:
    """The push that was armed has come."""
    live.tick_ms = NONE
    if plan.is_over(w.plan_state):
        return
    if not sleep.is_there(live, now_ms):  # armed again when it reports
        live.withheld = plan.missed_push(live.withheld)
        if contact_at(w, live.contact).tau_ms > 0:
            live.owed_ms = now_ms
            sleep.is_waited_for(w, live, now_ms)
        return
    reason = withheld(w, live, now_ms)
    if reason == plan.OFFER:
        reason = slots.admit(w, live, now_ms, False)
    serve(w, live, now_ms, reason)


def serve(w: Any, live: Any, now_ms: int, reason: int) -> None:
    """Push the plan to the device, or look at it again later."""
    live.withheld = reason
    if reason == plan.OFFER:
        note(w, live, now_ms, P_INITIATED, 0, 0)
        hears_ms = offer(w, live, now_ms)
        schedule(w, live, hears_ms + 1, ARM, 0, 0)
    elif reason in (codes.WAITING, codes.OUTSIDE_WINDOW, codes.IN_PENALTY_BOX):
        arm(w, live, now_ms)
    elif reason == codes.NO_SLOT and not live.queued:
        live.hold_ms = max(live.hold_ms, now_ms + plan.look_again_ms(w.grid_ms))
        arm(w, live, now_ms)


# A device in PSM


def catch_up(w: Any, live: Any, now_ms: int) -> None:
    """The device reported: what was to be pushed while it slept, and was kept, is pushed now; else look at it later."""
    _meet(w, live, now_ms)
    kept = _is_kept(w, live, now_ms)
    live.owed_ms = NONE
    if kept:
        tick(w, live, now_ms)
    else:
        arm(w, live, now_ms)


def tau(w: Any, live: Any, now_ms: int) -> bool:
    """The module wakes for a periodic TAU; whether something waits for the device."""
    _meet(w, live, now_ms)
    return is_awaited(w, live, now_ms)


_ON_ITS_WAY = -2
"""In place of the time since when a push is owed: it was kept until the device was paged for it."""


def is_awaited(w: Any, live: Any, now_ms: int) -> bool:
    """Whether something waits for a device that is not connected: the plan, or an address. It is paged for it now."""
    kept = _is_kept(w, live, now_ms)
    if kept:
        live.owed_ms = _ON_ITS_WAY
    return kept or (live.url_due and not live.done and now_ms >= live.retry_ms)


def _meet(w: Any, live: Any, now_ms: int) -> None:
    """The device wakes for the first time in the run, and the platform knows it from before.

    A push that was due since activation, or its release, has been waiting for it; otherwise there is one to come.
    """
    if live.met or contact_at(w, live.contact).tau_ms == 0:
        return
    live.met = True
    if not slots.is_released(w, live):
        return
    since_ms = int_at(w.joins_ms_at, live.who * w.joins_ms_step)
    if w.releases:
        since_ms = max(since_ms, released_of(w)[live.who])
    from_ms = _push_from_ms(w, live, since_ms)
    if from_ms <= now_ms and _tick_from(w, live, from_ms) <= now_ms:
        live.owed_ms = _tick_from(w, live, from_ms)
    else:
        arm(w, live, now_ms)


def _is_kept(w: Any, live: Any, now_ms: int) -> bool:
    """Whether a push that found the device asleep still waits for it; the platform repeats it at each tick."""
    if live.owed_ms in (NONE, _ON_ITS_WAY):
        return bool(live.owed_ms == _ON_ITS_WAY)
    keep_ms = contact_at(w, live.contact).keep_ms
    return bool(keep_ms < 0 or _tick_from(w, live, max(live.owed_ms, now_ms - keep_ms)) <= now_ms)
