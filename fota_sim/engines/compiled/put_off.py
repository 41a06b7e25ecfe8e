"""Devices whose turn is put off, to be played by two threads at a time (together.py)."""

from __future__ import annotations

from typing import Any

from fota_sim.device.fields import NONE
from fota_sim.engines.compiled import atomic
from fota_sim.engines.compiled.layout import DEVICE_BITS, LINE_B, NO_KEY, RESERVE
from fota_sim.engines.compiled.memory import finished_of, flag_at, int_at, live_at, loop_of, put_int, slot_at
from fota_sim.engines.compiled.room import no_row_for_one_more
from fota_sim.rules.compiled import part_of_rule

MOST = 4096
"""Devices that are put off at a time."""
WORDS = 3
"""Of each: its row among the lives, its first event, and its key if it arrives."""
ARRIVALS = 256
"""Devices that come to life together: some hundred microseconds for both threads."""
FAR_MS = 100
"""A device goes on by itself until its next event is so far away: others can go on meanwhile."""

GIVEN, TAKEN, DONE, GOES, AGREED_B = (number * LINE_B for number in range(5))
"""Where the words are that loop and helper agree on, each on a line of memory of its own.

How many devices were ever put off; how many of them somebody has taken; how many the helper has played; whether it is
to go. AGREED_B: the bytes of all of them.
"""

_DEVICE = (1 << DEVICE_BITS) - 1


@part_of_rule
def may_put_off(w: Any) -> bool:
    """Whether one more may be put off; each will want a place in the heap."""
    loop = loop_of(w)
    waiting = loop.heap_size + loop.far_size + loop.put_off
    return bool(loop.helpers > 0 and loop.put_off < MOST and waiting + RESERVE <= w.heap_room)


@part_of_rule
def put_off(w: Any, live: Any, key: int) -> None:
    """Play the device later, from its first event on; it touches nothing shared before ``key``."""
    _put(w, live.own_row, live.head, NO_KEY, key)


@part_of_rule
def _put(w: Any, row: int, head: int, key: int, bound: int) -> None:
    loop = loop_of(w)
    loop.bound = min(loop.bound, bound)
    place = place_of(loop.ever_put_off)
    put_int(w.put_off_at, place, row)
    put_int(w.put_off_at, place + 1, head)
    put_int(w.put_off_at, place + 2, key)
    loop.put_off += 1
    loop.ever_put_off += 1
    atomic.store(w.agreed_at + GIVEN, loop.ever_put_off)


@part_of_rule
def place_of(number: int) -> int:
    """Where the device stands that was the so-manieth to be put off."""
    return WORDS * (number & (MOST - 1))


@part_of_rule
def put_off_arrivals(w: Any, before: int) -> None:
    """Have the next devices come to life, those with a key ``before``, and more when the half of them is there.

    None whose story is kept, for both threads would write it down.
    """
    loop = loop_of(w)
    loop.half_key = NO_KEY
    most = min(ARRIVALS, w.arrivals_room - loop.arrived)
    for number in range(most):
        key = int_at(w.arrivals_at, loop.arrived)
        device = key & _DEVICE
        is_kept = flag_at(w.logged_at, device * w.logged_step)
        if key >= before or is_kept or not may_put_off(w) or no_row_for_one_more(w):
            break
        loop.arrived += 1
        if slot_at(w, device).row == NONE and not finished_of(w)[device]:
            _put(w, take_row(w), NONE, key, key)
        if number <= most >> 1:
            loop.half_key = key


@part_of_rule
def take_row(w: Any) -> int:
    """A row among the lives; the loop sees to it that there is one."""
    loop = loop_of(w)
    row = loop.free_live
    if row == NONE:
        row = loop.lives_used
        loop.lives_used = row + 1
    else:
        loop.free_live = live_at(w, row).head
    return int(row)


@part_of_rule
def give_row(w: Any, row: int) -> None:
    """Let a row be another device's."""
    loop = loop_of(w)
    if loop.free_live == NONE:
        loop.last_free_live = row
    live_at(w, row).head = loop.free_live
    loop.free_live = row
