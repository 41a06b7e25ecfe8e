"""The story bound to this engine: compiled, over its rows, its queues and its log."""

from __future__ import annotations

from typing import Any

from fota_sim.device.bind import Story
from fota_sim.device.events import HOST_ACTS, PLAN_UPGRADING
from fota_sim.device.fields import NONE
from fota_sim.engines.compiled import alarms, line, luck, memory, notes, queue, room
from fota_sim.engines.compiled.put_off import take_row
from fota_sim.rules import lifecycle
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.compiled import part_of_rule
from fota_sim.rules.delay import to_ms


@part_of_rule
def new_row(w: Any) -> int:
    """A row for a download; the loop sees to it that there is one."""
    loop = memory.loop_of(w)
    row = loop.rows_used
    loop.rows_used = row + 1
    return row


@part_of_rule
def new_live(w: Any, device: int) -> Any:
    """A blank row among the lives."""
    slot = take_row(w)
    memory.slot_at(w, device).row = slot
    memory.lives_of(w)[slot] = memory.blank_at(w, 0)
    live = memory.live_at(w, slot)
    live.own_row = slot
    live.first_part = slot * w.parts
    return live


@part_of_rule
def first_contact(w: Any, live: Any, first_ms: int) -> None:
    """Have the device come into contact for the first time, or wake for a TAU."""
    wakes_between = memory.contact_at(w, live.contact).tau_ms != 0
    live.first_ms = life.first_report_of(w, live.who) if wakes_between else first_ms
    live.contact_ms = first_ms
    live.report_ms = live.first_ms
    if first_ms < live.first_ms:
        live.number = -1
        live.report_ms -= to_ms(memory.contact_at(w, live.contact).every_s)
    queue.schedule(w, live, first_ms, HOST_ACTS, 0, 0)


@part_of_rule
def call_up(w: Any, device: int) -> bool:
    """Have a device in the loop before its first contact, if it has a time in which to come."""
    if memory.finished_of(w)[device] or memory.int_at(w.timeouts_at, rr.ONLINE) == 0:
        return False
    live = life.bring_to_life(w, device)
    first_ms = life.first_wake_of(w, device)
    if first_ms != NONE:
        first_contact(w, live, first_ms)
    return True


@part_of_rule
def is_here(w: Any, device: int) -> bool:
    """Whether the device has a row among the lives."""
    return bool(memory.slot_at(w, device).row != NONE)


@part_of_rule
def live_of(w: Any, device: int) -> Any:
    """The device's row."""
    return memory.live_at(w, memory.slot_at(w, device).row)


@part_of_rule
def touched(w: Any, live: Any) -> None:
    """Let it wait for its turn at what is scheduled for it."""
    if live.head != NONE:
        queue.await_turn(w, live, queue.key_of(memory.event_at(w, live.head).at_ms, live.who))


@part_of_rule
def line_moves(w: Any, row: int) -> None:
    """Bring the next of a long line near: the first's row, where that of the second is, and the third's place.

    Each is there when the line has moved on once more, for then it is read on the way to the next step.
    """
    if row == NONE:
        return
    first = memory.event_at(w, row)
    slot = memory.slot_at(w, first.a)
    if slot.row != NONE:
        memory.prefetch_live(w, slot.row)
        memory.prefetch_event(w, max(0, slot.head))
    if first.next == NONE:
        return
    second = memory.event_at(w, first.next)
    memory.prefetch_slot(w, second.a)
    if second.next != NONE:
        memory.prefetch_event(w, second.next)


@part_of_rule
def look_at(w: Any, at_ms: int) -> None:
    """The loop has the rollout look then."""
    loop = memory.loop_of(w)
    w.look_ms = min(w.look_ms, at_ms)
    loop.look_ms = min(loop.look_ms, at_ms)


@part_of_rule
def first_confirmed(w: Any, live: Any, now_ms: int) -> None:
    """Devices play ahead of each other unless they are ordered: who was first is known at the end of the stretch."""
    if not w.ordered:
        w.first_confirm = min(w.first_confirm, queue.key_of(now_ms, live.who))
    elif w.plan_state == lifecycle.ACTIVATED:
        w.plan_state = lifecycle.UPGRADING
        notes.write_line(w, NONE, now_ms, PLAN_UPGRADING, 0, 0)


@part_of_rule
def nothing(_w: Any, _live: Any) -> None:
    """What this engine sees by itself: it asks each device before each event when its battery is empty."""


_RECORDS = """event_at part_at row_at component_at host_at contact_at module_at places_at pool_at ended_at radio_row
module_row zone_of openings_of state_of pace_of waves_of shares_of counts_of stops_of limits_of retries_of
released_of mcu_of copy_noted int_at word_at short_at byte_at float_at flag_at"""

story = Story(
    "fota_sim.engines.compiled",
    {
        **{name: getattr(memory, name) for name in _RECORDS.split()},
        "new_row": new_row,
        "new_event": queue.new_event,
        "free_event": queue.free_event,
        "new_live": new_live,
        "is_here": is_here,
        "live_of": live_of,
        "run_of": memory.run_of,
        "call_up": call_up,
        "schedule": queue.schedule,
        "begin": queue.begin,
        "resume": queue.resume,
        "touched": touched,
        "line_moves": line_moves,
        "shadowing_draw": luck.shadowing_draw,
        "start_timer": alarms.start_timer,
        "look_at": look_at,
        "foresee": nothing,
        "note": notes.note,
        "write_line": notes.write_line,
        "first_confirmed": first_confirmed,
        "powers_up": nothing,
        "powers_down": nothing,
        "say": line.say,
        "tell": line.tell,
        "sees_boot": line.sees_boot,
        "pages": line.pages,
        "lacks_room": room.lacks_room,
        "lacks_room_for_one_more": room.lacks_room_for_one_more,
        "lacks_room_for_lines": room.lacks_room_for_lines,
    },
    make=part_of_rule,
    rules=("ota",),
)

attempts, body, download, exhaustion = story.attempts, story.body, story.download, story.exhaustion
faults = story.faults
gates, happens, knowledge, life, link = story.gates, story.happens, story.knowledge, story.life, story.link
modem, operator, ota, own_software = story.modem, story.operator, story.ota, story.own_software
offers, platform, power_off, rollout, sleep = (
    story.offers,
    story.platform,
    story.power_off,
    story.rollout,
    story.sleep,
)
