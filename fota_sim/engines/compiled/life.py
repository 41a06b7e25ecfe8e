"""Where a device comes into the loop, and leaves it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.device.fields import NONE
from fota_sim.engines.compiled import line
from fota_sim.engines.compiled.bound import life
from fota_sim.engines.compiled.memory import event_at, finished_of, live_at, loop_of, slot_at, world_of
from fota_sim.engines.compiled.put_off import give_row
from fota_sim.engines.compiled.queue import free_event, key_of
from fota_sim.engines.compiled.room import LIVES, NOTHING, no_row_for_one_more, short_of
from fota_sim.rules.compiled import part_of_rule, rule


@rule
def arrival_keys(w: Any, keys: NDArray[np.int64]) -> int:
    """Write the keys of the devices that come into contact at all; how many. ``keys`` has room for all devices."""
    count = 0
    for device in range(w.devices):
        first_ms = life.first_wake_of(w, device)
        if first_ms != NONE:
            keys[count] = key_of(first_ms, device)
            count += 1
    return count


@rule
def finish_all(w: Any) -> bool:
    """Finish the devices that are not finished, those that were never in contact too; whether all are.

    False when an array has to grow first: ``short_of`` says which.
    """
    loop = loop_of(w)
    for device in range(w.devices):
        slot = slot_at(w, device).row
        own = world_of(w, device)
        if slot != NONE:
            finish(own, live_at(w, slot))
        elif not finished_of(w)[device]:
            loop.short_of = LIVES if no_row_for_one_more(w) else short_of(w)
            if loop.short_of != NOTHING:
                return False
            live = life.bring_to_life(own, device)
            life.is_lost_unheard(own, live, device)
            finish(own, live)
    return True


@part_of_rule
def finish(w: Any, live: Any) -> None:
    """Write down what came of the device, and let its row be another's."""
    life.finish(w, live)
    while live.head != NONE:
        row = live.head
        live.head = event_at(w, row).next
        free_event(w, row)
    line.clear_inbox(w, live)
    finished_of(w)[live.who] = True
    own = slot_at(w, live.who)
    slot = own.row
    own.row = NONE
    give_row(w, slot)
