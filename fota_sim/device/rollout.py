"""The rollout looks at everything: abort rules, waves, who is released, and who is next in line for a slot.

It can stop for want of room and goes on where it was; nothing else happens in between.
"""

from __future__ import annotations

from typing import Any

from fota_sim.device import events as e
from fota_sim.device import offers, sleep, slots, stages
from fota_sim.device.fields import NONE
from fota_sim.device.port import (
    call_up,
    counts_of,
    ended_at,
    event_at,
    free_event,
    int_at,
    is_here,
    lacks_room,
    lacks_room_for_one_more,
    limits_of,
    live_of,
    look_at,
    pace_of,
    pool_at,
    released_of,
    shares_of,
    short_at,
    state_of,
    stops_of,
    touched,
    waves_of,
    write_line,
)
from fota_sim.rules import codes, lifecycle, plan, rollout
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.outcome import NO_UPDATE_REQUIRED

_JUDGES, _RELEASES = 0, 1
_NO_DEVICE = -1
_OF_TARGETED = rr.DENOMINATORS.index("targeted")


def look(w: Any, now_ms: int) -> None:
    """Look at everything once, and say when to look again."""
    w.look_ms = plan.NEVER_AGAIN
    if w.look_step == _JUDGES:
        if not _go_on_aborting(w, now_ms) or not _judge(w, now_ms):
            look_at(w, now_ms)
            return
        w.look_next_ms = plan.NEVER_AGAIN
        if _serves(w, now_ms):
            if not _await_joiners(w, now_ms):
                look_at(w, now_ms)
                return
            w.look_next_ms = _open_waves(w, now_ms)
        elif w.releases and now_ms >= w.starts_ms:
            rollout.watch_next_wave(state_of(w), waves_of(w), shares_of(w), counts_of(w), now_ms)
        if not _go_on_aborting(w, now_ms):
            look_at(w, now_ms)
            return
        if not _serves(w, now_ms):
            if now_ms < w.starts_ms:
                look_at(w, w.starts_ms)
            return
    released = w.look_step == _RELEASES  # it had to stop among releases
    w.look_step = _RELEASES
    due_ms = rollout.release_due_ms(state_of(w), pace_of(w), waves_of(w))
    while due_ms <= now_ms:
        if lacks_room_for_one_more(w):
            look_at(w, now_ms)
            return
        _release(w, int(short_at(w.release_order_at, state_of(w)[rr.RELEASED])), now_ms)
        released = True
        due_ms = rollout.release_due_ms(state_of(w), pace_of(w), waves_of(w))
    if released and _releases_were_awaited(w):
        w.look_step = _JUDGES
        look_at(w, now_ms)
        return
    if not _serve_lines(w, now_ms):
        look_at(w, now_ms)
        return
    w.look_step = _JUDGES
    look_at(w, min(w.look_next_ms, due_ms))


def _serves(w: Any, now_ms: int) -> bool:
    return bool(plan.plan_open(w.plan_state, now_ms, w.starts_ms, w.ends_ms) == plan.OFFER)


# Abort rules


def _judge(w: Any, now_ms: int) -> bool:
    """Let each abort rule decide; False if an abort had to stop for want of room."""
    stops = stops_of(w)
    counts = counts_of(w)
    for number in range(w.stops):
        stop = stops[number]
        if stop[rr.DONE] == 1 or plan.is_over(w.plan_state):
            continue
        wave = state_of(w)[rr.OPENED] - 1
        verdict = rollout.judge(stops, limits_of(w), counts, number, wave)
        if verdict == rollout.GOES_ON:
            continue
        stop[rr.DONE] = 1
        row = wave if stop[rr.OF_WAVE] == 1 else w.waves
        failed = rollout.failures(counts, row, stop[rr.KINDS], stop[rr.OF_ATTEMPTS])
        write_line(w, _NO_DEVICE, now_ms, e.PLAN_JUDGED, number, verdict << e.EXTENT_BITS | failed)
        if verdict != rollout.REJECTED:
            continue
        if stop[rr.CANCELS] == 1:
            _abort(w, now_ms, codes.BY_ABORT, stop[rr.RUNNING] == 1)
            if not _go_on_aborting(w, now_ms):
                return False
        else:
            _pause(w, now_ms)
    return True


def _releases_were_awaited(w: Any) -> bool:
    """Whether an abort rule stops the rollout, or the next wave is another matter, now that so many are released."""
    opened = state_of(w)[rr.OPENED]
    if opened < w.waves and shares_of(w)[opened, rr.SUCCESS] >= 0 and waves_of(w)[opened, rr.SHARE_OF] == _OF_TARGETED:
        return True
    for number in range(w.stops):
        stop = stops_of(w)[number]
        if stop[rr.DONE] == 1 or stop[rr.SEQUENTIAL] == 1 or stop[rr.STOP_SHARE_OF] != _OF_TARGETED:
            continue
        wave = state_of(w)[rr.OPENED] - 1
        if rollout.judge(stops_of(w), limits_of(w), counts_of(w), number, wave) == rollout.REJECTED:
            return True
    return False


def _pause(w: Any, now_ms: int) -> None:
    if w.plan_state in (lifecycle.ACTIVATED, lifecycle.UPGRADING):
        w.plan_state = lifecycle.SUSPENDED
        write_line(w, _NO_DEVICE, now_ms, e.PLAN_STOPPED, 0, 0)


def _abort(w: Any, now_ms: int, cause: int, running: bool) -> None:
    """The rollout ends itself; whom that concerns is seen to device by device."""
    w.plan_state = lifecycle.TERMINATED
    write_line(w, _NO_DEVICE, now_ms, e.PLAN_STOPPED, 1, 0)
    w.cuts_off = w.cuts_off or running
    w.no_more_retries = True
    w.act_cause = cause
    w.act_running = running
    w.act_at = 0


def _go_on_aborting(w: Any, now_ms: int) -> bool:
    """Cancel the devices that the abort concerns; False if it has to stop for want of room."""
    if w.act_at == NONE:
        return True
    while w.act_at < w.devices:
        if lacks_room(w):
            return False
        device = w.act_at
        w.act_at += 1
        if not offers.is_of_plan(w, device) or offers.on_list(w, device) != plan.OFFER:
            continue
        if not is_here(w, device):
            if ended_at(w, device).cancelled == codes.NO_CAUSE:
                slots.cancel_absent(w, device, now_ms, w.act_cause)
            continue
        live = live_of(w, device)
        if live.done or live.given_up or live.cancelled != codes.NO_CAUSE:
            continue
        if w.act_running or not live.confirmed or live.url_due:
            slots.cancel(w, live, now_ms, w.act_cause)
    w.act_at = NONE
    return True


# Waves and release


def _open_waves(w: Any, now_ms: int) -> int:
    """Open what is to be opened; when to look again by the clock alone."""
    if not w.releases:
        return plan.NEVER_AGAIN
    while True:
        verdict, at_ms = rollout.next_wave(state_of(w), waves_of(w), shares_of(w), counts_of(w), now_ms, w.starts_ms)
        if verdict == rr.WAIT:
            return at_ms
        wave = state_of(w)[rr.OPENED]
        write_line(w, _NO_DEVICE, now_ms, e.PLAN_WAVE, wave, verdict)
        if verdict != rr.OPEN:
            waves_of(w)[wave, rr.LAPSED] = 1
            if verdict == rr.CANCEL:
                _abort(w, now_ms, codes.BY_DEADLINE, False)
            else:
                _pause(w, now_ms)
            return plan.NEVER_AGAIN
        rollout.open_wave(state_of(w), pace_of(w), waves_of(w), now_ms)


def _release(w: Any, device: int, now_ms: int) -> None:
    """The device's turn has come."""
    rollout.count_release(state_of(w), pace_of(w), now_ms)
    released_of(w)[device] = now_ms
    joins_ms = int_at(w.joins_ms_at, device * w.joins_ms_step)
    wave = short_at(w.wave_at, device * w.wave_step)
    if joins_ms <= now_ms:
        slots.count(w, wave, rr.TARGETED, 1)
    if _is_done(w, device):
        slots.count(w, wave, rr.EARLY, -1)
    if not is_here(w, device) and not call_up(w, device):
        return
    live = live_of(w, device)
    _await(w, live, max(now_ms, joins_ms))
    if live.heard or live.met:
        live.withheld = codes.NO_CAUSE
        offers.arm(w, live, now_ms)
    touched(w, live)


def _await(w: Any, live: Any, from_ms: int) -> None:
    """The device is to be in contact within its time, from then on."""
    if not sleep.is_there(live, from_ms) and not live.done:
        stages.enter_stage(w, live, from_ms, rr.ONLINE)


def _await_joiners(w: Any, now_ms: int) -> bool:
    """Await devices that join without a turn of their own; False if it has to stop for want of room."""
    while w.join_at != NONE:
        if lacks_room_for_one_more(w):
            return False
        device = w.join_at
        w.join_at = device + 1 if device + 1 < w.devices else NONE
        has_no_turn = short_at(w.rank_at, device * w.rank_step) == rollout.ALWAYS_RELEASED
        if has_no_turn and offers.is_of_plan(w, device) and (is_here(w, device) or call_up(w, device)):
            live = live_of(w, device)
            _await(w, live, max(now_ms, int_at(w.joins_ms_at, device * w.joins_ms_step)))
            touched(w, live)
    return True


def _is_done(w: Any, device: int) -> bool:
    """Whether the device had succeeded before its turn, for the target ran there."""
    if is_here(w, device):
        return bool(live_of(w, device).done)
    return bool(ended_at(w, device).belief == NO_UPDATE_REQUIRED)


# Slots


def _serve_lines(w: Any, now_ms: int) -> bool:
    """Let those go on who are next in line; False if it has to stop for want of room."""
    while w.dirty_head != NONE:
        number = w.dirty_head
        while True:
            if lacks_room(w):
                return False
            row = slots.next_in_line(w, number)
            if row == NONE:
                break
            device = event_at(w, row).a
            ticket = event_at(w, row).b
            free_event(w, row)
            if is_here(w, device):
                live = live_of(w, device)
                if live.queued and live.line_ticket == ticket:
                    _serve(w, live, now_ms, number)
        pool = pool_at(w, number)
        w.dirty_head = pool.next_dirty
        pool.dirty = False
    return True


def _serve(w: Any, live: Any, now_ms: int, number: int) -> None:
    live.queued = False
    is_there = sleep.is_there(live, now_ms)
    may_be_offered = is_there and (not live.by_push or offers.is_push_time(w, now_ms))
    withheld = offers.withheld(w, live, now_ms) if may_be_offered else codes.NO_SLOT
    if withheld == plan.OFFER:
        pool_at(w, number).used += 1
        live.slot_held += 1
        withheld = slots.climb(w, live, now_ms, False)
    else:
        slots.give_back(w, live)
    if is_there:
        offers.serve(w, live, now_ms, withheld)
    touched(w, live)
