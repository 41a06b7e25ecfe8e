"""The story bound to this engine: plain Python over plain objects, and SimPy's clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fota_sim.device import events as e
from fota_sim.device.bind import Story
from fota_sim.device.fields import NONE
from fota_sim.engines import operation
from fota_sim.engines.reference.world import Device, Part, Place, Row, World
from fota_sim.protocol.module import NETWORK_LOST
from fota_sim.protocol.transcript import Line
from fota_sim.rules import draws, lifecycle, plan, streams
from fota_sim.rules.fates import NOTED
from fota_sim.rules.zone import FAR

_RULES = (
    *("battery", "connection", "contact", "delay", "draws", "host", "lifecycle", "link", "network", "ota"),
    *("outcome", "plan", "radio", "retry", "rollout", "segment", "share", "sleep", "upgrade", "zone"),
)
"""Modules of rules that are played as plain Python over plain numbers: to call compiled code takes as long as some
twenty operations, and most rules are fewer."""

DRAWS = 50
"""That a device takes: of a hundred and more operations each, so for many devices they are compiled."""

# Records


def _number(column: Any, row: int) -> Any:
    return column[row]


def copy_noted(live: Device, ended: Any) -> None:
    """Field by field."""
    for each in NOTED:
        setattr(ended, each.name, getattr(live, each.name))


def new_row(w: World) -> int:
    """A download more."""
    w.rows_at.append(Row())
    return len(w.rows_at) - 1


def new_event(w: World) -> int:
    """A place in a line."""
    if w.free_places_at:
        return int(w.free_places_at.pop())
    w.lines_at.append(Place())
    return len(w.lines_at) - 1


def free_event(w: World, row: int) -> None:
    """Give it back."""
    w.free_places_at.append(row)


def new_live(w: World, device: int) -> Device:
    """Devices are made in order, each with its parts, and stay."""
    assert device == len(w.devices_at)
    live = Device()
    w.devices_at.append(live)
    live.first_part = len(w.parts_at)
    w.parts_at.extend(Part() for _ in range(w.parts))
    return live


def is_here(_w: World, _device: int) -> bool:
    """They all are, from activation to the end."""
    return True


def run_of(w: World, live: Device) -> Any:
    """One of the worlds that share all but their plans."""
    return w.worlds_at[live.plan]


def call_up(_w: World, _device: int) -> bool:
    """Nobody need be called."""
    return False


# Time


def schedule(w: World, live: Device, at_ms: int, kind: int, a: int, b: int) -> None:
    """An event of the device's, at its time."""
    w.env.call_at(at_ms, live.who, lambda: _happens(w, live, kind, a, b))


def begin(w: World, live: Device, _now_ms: int, kind: int, a: int, b: int) -> None:
    """As SimPy begins a process: before what else was queued for now."""
    w.env.call_now(live.who, lambda: _happens(w, live, kind, a, b))


def resume(_w: World, _live: Device, _now_ms: int, _kind: int, _a: int) -> None:
    """There is always room."""
    raise AssertionError("nothing is broken off for want of room")


def nothing(_w: World, _live: Device) -> None:
    """SimPy sees to the order of devices."""


def start_timer(w: World, live: Device, now_ms: int, timer: int, lasts_ms: int) -> None:
    """Rings unless it was stopped or set anew meanwhile."""
    at_ms = now_ms + lasts_ms
    live.timer = timer
    live.timer_ms = at_ms
    live.timer_on = True

    def ring() -> None:
        if live.timer_on and live.timer == timer and live.timer_ms == at_ms:
            live.timer_on = False
            story.happens.timer_rang(w, live, at_ms)

    w.env.call_at(at_ms, live.who, ring)


def look_at(w: World, at_ms: int) -> None:
    """An event of the plan's, unless one comes before."""
    if at_ms < w.look_ms:
        w.look_ms = at_ms
        if at_ms < plan.NEVER_AGAIN:
            w.env.call_at(at_ms, w.owner, lambda: _look(w, at_ms))


def _look(w: World, at_ms: int) -> None:
    if w.look_ms == at_ms:
        story.rollout.look(w, at_ms)


def foresee(w: World, live: Device) -> None:
    """Look at the time foreseen; one event is enough, for one that comes too early is put off."""
    at_ms = live.empty_ms
    if at_ms < live.watch_ms:
        live.watch_ms = at_ms
        w.env.call_first_at(at_ms, live.who, lambda: _look_at_battery(w, live, at_ms))


def _look_at_battery(w: World, live: Device, at_ms: int) -> None:
    if at_ms != live.watch_ms:
        return  # an earlier one has looked
    live.watch_ms = FAR
    if live.empty_ms == at_ms:
        story.exhaustion.runs_dry(w, live, at_ms)
        live.listener.stop()
    else:
        foresee(w, live)


def _happens(w: World, live: Device, kind: int, a: int, b: int) -> None:
    now_ms = w.env.now_ms
    if w.interferes is not None and w.interferes(live, kind, a, b):
        return
    if kind == e.SEGMENT_ENDS:
        if not story.download.is_void(live, a):
            story.download.segment_ends(w, live, now_ms)
            story.download.after_segment(w, live, now_ms)
    elif kind == e.FETCH_BEGINS:
        if not story.download.is_void(live, a):
            story.download.look_around(w, live, now_ms)
            story.download.enters(w, live, now_ms)
    else:
        story.happens.happens(w, live, now_ms, kind, a, b)


# What is seen from outside


def note(w: World, live: Device, at_ms: int, what: int, a: int, b: int) -> None:
    """A line of the device's upgrade log, if it is kept."""
    if live.log is not None:
        live.log.append(Line(at_ms, "--", w.words.text(what, a, b)))


def write_line(w: World, device: int, at_ms: int, what: int, a: int, b: int) -> None:
    """A line of the plan's own log."""
    if device == NONE:
        w.plan_log.append((at_ms, w.words.text(what, a, b)))
    else:
        note(w, w.devices_at[device], at_ms, what, a, b)


def first_confirmed(w: World, _live: Device, now_ms: int) -> None:
    """Events come in order, so the first of the plan's devices is the first."""
    if w.plan_state == lifecycle.ACTIVATED:
        w.plan_state = lifecycle.UPGRADING
        w.plan_log.append((now_ms, operation.UPGRADING))


def powers_up(_w: World, live: Device) -> None:
    """The command line starts."""
    live.modem.module.power_on()


def shadowing_draw(w: World, live: Device, step: int) -> float:
    """One at a time."""
    return float(rules.draws.normal(w.seed, w.replication, live.key, streams.SHADOWING, step))


def powers_down(_w: World, live: Device) -> None:
    """The command line stops."""
    live.modem.module.power_off()


def say(w: World, live: Device, _now_ms: int, said_ms: int, what: int, a: int, b: int) -> None:
    """Text to the host."""
    live.listener.hear(w.words.text(what, a, b), said_ms)


def tell(w: World, live: Device, now_ms: int, what: int, _urc: int, a: int, b: int) -> None:
    """Text to the host, which reads in it what to do."""
    if what == e.URC_LOST:
        live.modem.module.lost(NETWORK_LOST)
        return
    if what == e.URC_REGISTERED:
        live.modem.module.authenticates()
    live.listener.hear(w.words.text(what, a, b), now_ms)


def sees_boot(_w: World, live: Device, _now_ms: int) -> None:
    """The status pin."""
    live.listener.saw_boot()


def pages(_w: World, live: Device, _now_ms: int) -> None:
    """The module wakes its host."""
    live.listener.is_paged()


def never(_w: World) -> bool:
    """Lists grow by themselves."""
    return False


_RECORDS: dict[str, Callable[[World, int], Any]] = {
    "event_at": lambda w, row: w.lines_at[row],
    "part_at": lambda w, row: w.parts_at[row],
    "row_at": lambda w, row: w.rows_at[row],
    "component_at": lambda w, row: w.components_at[row],
    "host_at": lambda w, row: w.hosts_at[row],
    "contact_at": lambda w, row: w.contacts_at[row],
    "module_at": lambda w, row: w.module_flags_at[row],
    "places_at": lambda w, row: w.places_at[row],
    "pool_at": lambda w, row: w.pools_at[row],
    "ended_at": lambda w, device: w.ended_at[device],
    "live_of": lambda w, device: w.devices_at[device],
    "radio_row": lambda w, radio: w.radios_at[radio],
    "module_row": lambda w, module: w.modules_at[module],
    "zone_of": lambda w, zone: w.zones_at[zone],
    "openings_of": lambda w, zone: w.openings_at[zone],
}
_ARRAYS: dict[str, Callable[[World], Any]] = {
    "state_of": lambda w: w.rollout_state_at,
    "pace_of": lambda w: w.rollout_pace_at,
    "waves_of": lambda w: w.rollout_waves_at,
    "shares_of": lambda w: w.rollout_shares_at,
    "counts_of": lambda w: w.rollout_counts_at,
    "stops_of": lambda w: w.rollout_stops_at,
    "limits_of": lambda w: w.rollout_limits_at,
    "retries_of": lambda w: w.rollout_retries_at,
    "released_of": lambda w: w.released_ms_at,
    "mcu_of": lambda w: w.mcu_at,
}
_NUMBERS = ("int_at", "word_at", "short_at", "byte_at", "float_at", "flag_at")

story = Story(
    "fota_sim.engines.reference",
    {
        **_RECORDS,
        **_ARRAYS,
        **dict.fromkeys(_NUMBERS, _number),
        "copy_noted": copy_noted,
        "new_row": new_row,
        "new_event": new_event,
        "free_event": free_event,
        "new_live": new_live,
        "is_here": is_here,
        "run_of": run_of,
        "call_up": call_up,
        "schedule": schedule,
        "begin": begin,
        "resume": resume,
        "touched": nothing,
        "line_moves": nothing,
        "shadowing_draw": shadowing_draw,
        "start_timer": start_timer,
        "look_at": look_at,
        "foresee": foresee,
        "note": note,
        "write_line": write_line,
        "first_confirmed": first_confirmed,
        "powers_up": powers_up,
        "powers_down": powers_down,
        "say": say,
        "tell": tell,
        "sees_boot": sees_boot,
        "pages": pages,
        "lacks_room": never,
        "lacks_room_for_one_more": never,
        "lacks_room_for_lines": never,
    },
    make=lambda function: function,
    rules=_RULES,
)


def have_draws_compiled() -> None:
    """From now on a draw is compiled code where that is kept, or once it has been called often; the same bits."""
    for draw in (draws.uniform, draws.uniform_pair, draws.normal):
        story.replace(story.bound(draw), draw)


rules = story.rules
"""The same rules as the story's, for hosts and command lines."""
