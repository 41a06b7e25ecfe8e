"""Slots of the rollout: who has one, who waits in line for one, and what else many devices are counted by."""

from __future__ import annotations

from typing import Any

from fota_sim.device import events as e
from fota_sim.device.fields import NONE
from fota_sim.device.port import (
    counts_of,
    ended_at,
    event_at,
    flag_at,
    int_at,
    look_at,
    new_event,
    note,
    pace_of,
    pool_at,
    released_of,
    schedule,
    short_at,
    state_of,
    write_line,
)
from fota_sim.rules import codes, ota, plan, rollout
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.host import UNKNOWN
from fota_sim.rules.outcome import UPGRADE_FAILED

PLAN_POOL = 0
LEVELS = 4  # three of coverage, and the unknown
_WANTED = 2  # the cell's slots first, then the plan's


def stir(w: Any, now_ms: int) -> None:
    """Something happened that the rollout has to look at."""
    if w.ordered:
        look_at(w, now_ms)


def count(w: Any, wave: int, column: int, number: int) -> None:
    """Add to a count of the wave and of the plan."""
    rollout.count(counts_of(w), wave, column, number)


def started(w: Any, live: Any, now_ms: int) -> None:
    """One more device has confirmed for the first time."""
    count(w, live.wave, rr.STARTED, 1)
    if w.starts_matter:
        stir(w, now_ms)


def succeeded(w: Any, live: Any, now_ms: int) -> None:
    """One more device has succeeded; one that the rollout is not for runs the target, and counts nowhere."""
    if live.too_late or live.on_list != plan.OFFER:
        return
    count(w, live.wave, rr.SUCCEEDED, 1)
    if not live.started_once:
        count(w, live.wave, rr.UNTRIED, 1)
    if not is_released(w, live):
        count(w, live.wave, rr.EARLY, 1)
    state = state_of(w)
    if state[rr.STEP] > 0 and state[rr.STEP_ON_SUCCESS] == 1:
        rollout.step_up(state, pace_of(w), counts_of(w)[w.waves, rr.SUCCEEDED], now_ms)
    stir(w, now_ms)


def joined(w: Any, live: Any, now_ms: int) -> None:
    """The device is heard for the first time: one that joined after its release, or without one, counts from now on."""
    joins_ms = int_at(w.joins_ms_at, live.who * w.joins_ms_step)
    if joins_ms == 0 or live.too_late or live.on_list != plan.OFFER:
        return
    has_turn = w.releases and live.rank >= 0
    if has_turn and not 0 <= released_of(w)[live.who] < joins_ms:
        return
    count(w, live.wave, rr.TARGETED, 1)
    stir(w, now_ms)


def is_released(w: Any, live: Any) -> bool:
    """Whether the device's turn has come."""
    return bool(not live.too_late and live.rank < state_of(w)[rr.RELEASED])


def held_back(w: Any, live: Any, now_ms: int, opens_ms: int) -> int:
    """OFFER, or why the rollout keeps the plan from the device, slots apart."""
    state = state_of(w)
    is_open = 0 <= live.wave < state[rr.OPENED]
    return rollout.held_back(live.too_late, live.rank, state[rr.RELEASED], is_open, now_ms, live.box_until_ms, opens_ms)


# Taking a slot


def admit(w: Any, live: Any, now_ms: int, asked: bool) -> int:
    """OFFER with a slot taken, or why there is none; who waits is in line then."""
    if live.slot:
        return plan.OFFER
    live.by_push = not asked and (live.by_push or not live.queued)  # who has asked may be answered at any time
    if live.queued:
        return codes.NO_SLOT
    return climb(w, live, now_ms, asked and not w.strict)


def climb(w: Any, live: Any, now_ms: int, whatever: bool) -> int:
    """Take the slots that are still wanted, in the order cell, plan; stop at the first that is not free."""
    while live.slot_held < _WANTED:
        if live.slot_held == 0:
            live.slot_pool = _cell_of(w, live)
            if live.slot_pool != NONE and slots_in(w, live.slot_pool) == 0:
                return codes.TELEMETRY_MISSING if live.slot_pool % LEVELS == 0 else codes.NO_SLOT
        number = _pool_of(w, live.slot_held, live.slot_pool)
        if number != NONE:
            if not (whatever or has_room(w, number, live.first_served)):
                if w.slots_queue if number == PLAN_POOL else w.cell_slots_queue:
                    live.queued = True
                    _line_up(w, live, number)
                else:
                    give_back(w, live)
                return codes.NO_SLOT
            pool_at(w, number).used += 1
        live.slot_held += 1
    live.slot = True
    live.slot_number += 1
    live.said_ms = now_ms
    if w.slot_expires_ms > 0:
        schedule(w, live, now_ms + w.slot_expires_ms, e.SLOT_LOOK, live.slot_number, 0)
    return plan.OFFER


def _cell_of(w: Any, live: Any) -> int:
    """The pool of the device's cell at the coverage that the platform knows of; NONE: cells have no limit."""
    if not w.cells_limited:
        return NONE
    level = LEVELS - 1
    if live.known_signal_dBm != UNKNOWN:
        level = live.known_coverage_level
    return int((live.radio * w.cells + live.cell) * LEVELS + level + 1)


def slots_in(w: Any, pool: int) -> int:
    """How many slots there are."""
    return int(w.plan_slots) if pool == PLAN_POOL else int_at(w.cell_slots_at, (pool - 1) % LEVELS)


def has_room(w: Any, pool: int, first_served: bool) -> bool:
    """Whether one more may have a slot."""
    reserved = w.reserved if pool == PLAN_POOL else 0
    return rollout.has_slot(pool_at(w, pool).used, slots_in(w, pool), reserved, first_served)


def _pool_of(w: Any, held: int, cell_pool: int) -> int:
    """The pool that is wanted next, or was taken at that place; NONE if it has no limit."""
    if held == 0:
        return cell_pool
    return PLAN_POOL if w.plan_slots >= 0 else NONE


def _line_up(w: Any, live: Any, number: int) -> None:
    row = new_event(w)
    waiting = event_at(w, row)
    waiting.a = live.who
    waiting.b = live.line_ticket
    waiting.next = NONE
    pool = pool_at(w, number)
    head = pool.first_head if live.first_served else pool.head
    tail = pool.first_tail if live.first_served else pool.tail
    if head == NONE:
        head = row
        tail = row
    elif w.lifo and number == PLAN_POOL:
        waiting.next = head
        head = row
    else:
        event_at(w, tail).next = row
        tail = row
    if live.first_served:
        pool.first_head = head
        pool.first_tail = tail
    else:
        pool.head = head
        pool.tail = tail


def next_in_line(w: Any, number: int) -> int:
    """The row of who is next, if there is room; taken out of the line, the caller gives it back. NONE: nobody."""
    pool = pool_at(w, number)
    if pool.first_head != NONE and has_room(w, number, True):
        row = int(pool.first_head)
        pool.first_head = event_at(w, row).next
        return row
    if pool.head != NONE and has_room(w, number, False):
        row = int(pool.head)
        pool.head = event_at(w, row).next
        return row
    return NONE


# Giving it back


def free(w: Any, live: Any, now_ms: int) -> None:
    """The device needs no slot any more, nor a place in line."""
    live.line_ticket += 1
    live.queued = False
    give_back(w, live)
    live.slot = False
    stir(w, now_ms)


def give_back(w: Any, live: Any) -> None:
    """Give every slot back that is held."""
    while live.slot_held > 0:
        live.slot_held -= 1
        number = _pool_of(w, live.slot_held, live.slot_pool)
        if number != NONE:
            pool = pool_at(w, number)
            pool.used -= 1
            if not pool.dirty:
                _will_be_served(w, number)


def _will_be_served(w: Any, number: int) -> None:
    pool = pool_at(w, number)
    pool.dirty = True
    pool.next_dirty = NONE
    if w.dirty_head == NONE:
        w.dirty_head = number
    else:
        pool_at(w, w.dirty_tail).next_dirty = number
    w.dirty_tail = number


def look_at_slot(w: Any, live: Any, now_ms: int, number: int) -> None:
    """A slot whose device has said nothing for too long is free again."""
    if not live.slot or live.slot_number != number:
        return
    said_ms = now_ms if live.running and live.online else live.said_ms
    until_ms = said_ms + w.slot_expires_ms
    if until_ms <= now_ms:
        free(w, live, now_ms)
    else:
        schedule(w, live, until_ms, e.SLOT_LOOK, number, 0)


# Cancelling


def cancel(w: Any, live: Any, now_ms: int, whom: int) -> None:
    """No address any more; ``whom``: the cause."""
    if live.cancelled == codes.NO_CAUSE and not live.refused_for_good:
        count(w, live.wave, rr.OVER_OTHERWISE, 1)
    live.cancelled = whom
    live.url_due = False
    live.belief = UPGRADE_FAILED
    live.status = int_at(w.status_of_at, ota.UPDATE_ERROR)
    note(w, live, now_ms, e.P_CANCELLED, whom, 0)
    free(w, live, now_ms)


def cancel_absent(w: Any, device: int, now_ms: int, whom: int) -> None:
    """The same for a device that is not in the loop."""
    record = ended_at(w, device)
    if record.cancelled == codes.NO_CAUSE:
        count(w, short_at(w.wave_at, device * w.wave_step), rr.OVER_OTHERWISE, 1)
    record.cancelled = whom
    record.belief = UPGRADE_FAILED
    record.status = int_at(w.status_of_at, ota.UPDATE_ERROR)
    if flag_at(w.logged_at, device * w.logged_step):
        write_line(w, device, now_ms, e.P_CANCELLED, whom, 0)
    stir(w, now_ms)
