"""What the story asks of the engine that plays it: records by number, a queue, a log, the serial line, room.

The functions here say what there is; an engine binds the story to its own (``bind.py``). ``w`` is the whole run as the
device's plan has it, and ``live`` a device; both are whatever the engine keeps them in, with the names of
``fields.py``.
"""

from __future__ import annotations

from typing import Any, NoReturn

from numpy.typing import NDArray


def _unbound() -> NoReturn:
    raise NotImplementedError("the story is not bound to an engine")


# Records


def event_at(w: Any, row: int) -> Any:
    """A queued event, or a place in a line."""
    _unbound()


def part_at(w: Any, row: int) -> Any:
    """One component of a device: row ``live.first_part + part``."""
    _unbound()


def row_at(w: Any, row: int) -> Any:
    """A download."""
    _unbound()


def component_at(w: Any, row: int) -> Any:
    """A component of the plan."""
    _unbound()


def host_at(w: Any, row: int) -> Any:
    """A kind of host."""
    _unbound()


def contact_at(w: Any, row: int) -> Any:
    """A group's contact pattern."""
    _unbound()


def module_at(w: Any, row: int) -> Any:
    """What a module has."""
    _unbound()


def places_at(w: Any, row: int) -> Any:
    """The server's connections (0), or those of a cell at a coverage level."""
    _unbound()


def pool_at(w: Any, row: int) -> Any:
    """Slots of the plan (0), or of a cell at a coverage level."""
    _unbound()


def ended_at(w: Any, device: int) -> Any:
    """What came of a device."""
    _unbound()


def copy_noted(live: Any, ended: Any) -> None:
    """Write down what was noted of a device while it played (``rules/fates.py``)."""
    _unbound()


def new_row(w: Any) -> int:
    """The number of a download that begins."""
    _unbound()


def new_event(w: Any) -> int:
    """A free place in a line."""
    _unbound()


def free_event(w: Any, row: int) -> None:
    """Give a place in a line back."""
    _unbound()


# Devices


def new_live(w: Any, device: int) -> Any:
    """A blank record for a device, and its parts."""
    _unbound()


def is_here(w: Any, device: int) -> bool:
    """Whether the device has its record now: not before its first contact where that saves room, nor after its end."""
    _unbound()


def live_of(w: Any, device: int) -> Any:
    """The record of a device that is here."""
    _unbound()


def run_of(w: Any, live: Any) -> Any:
    """The run as another device's plan has it: what is done to that device is told with this."""
    _unbound()


def call_up(w: Any, device: int) -> bool:
    """Have a device here that is not, because it was released and the platform waits for it; False if nobody does."""
    _unbound()


# Rows and arrays that rules read


def radio_row(w: Any, radio: int) -> NDArray[Any]:
    """A radio's row (``rules/rows.py``)."""
    _unbound()


def module_row(w: Any, module: int) -> NDArray[Any]:
    """A module's row (``rules/rows.py``)."""
    _unbound()


def zone_of(w: Any, zone: int) -> NDArray[Any]:
    """A time zone's offsets, shape (changes, 2)."""
    _unbound()


def openings_of(w: Any, zone: int) -> NDArray[Any]:
    """When maintenance windows are open for devices in a time zone, shape (times, 2)."""
    _unbound()


def state_of(w: Any) -> NDArray[Any]:
    """How far the rollout is (``rules/rollout_rows.py``)."""
    _unbound()


def pace_of(w: Any) -> NDArray[Any]:
    """Its rate."""
    _unbound()


def waves_of(w: Any) -> NDArray[Any]:
    """Its waves."""
    _unbound()


def shares_of(w: Any) -> NDArray[Any]:
    """What the waves wait for."""
    _unbound()


def counts_of(w: Any) -> NDArray[Any]:
    """What its devices do, by wave and in all."""
    _unbound()


def stops_of(w: Any) -> NDArray[Any]:
    """Its abort rules."""
    _unbound()


def limits_of(w: Any) -> NDArray[Any]:
    """Their limits."""
    _unbound()


def retries_of(w: Any) -> NDArray[Any]:
    """Its retry rules."""
    _unbound()


def released_of(w: Any) -> NDArray[Any]:
    """When each device was released, in ms."""
    _unbound()


def mcu_of(w: Any) -> NDArray[Any]:
    """Versions on each device's MCUs, shape (devices, MCUs): at the start, and in the end."""
    _unbound()


# Columns: ``w.<name>_at`` with a row


def int_at(column: Any, row: int) -> int:
    """A 64-bit integer of a column."""
    _unbound()


def word_at(column: Any, row: int) -> int:
    """A 64-bit word of a column."""
    _unbound()


def short_at(column: Any, row: int) -> int:
    """A 32-bit integer of a column."""
    _unbound()


def byte_at(column: Any, row: int) -> int:
    """An 8-bit integer of a column."""
    _unbound()


def float_at(column: Any, row: int) -> float:
    """A double of a column."""
    _unbound()


def flag_at(column: Any, row: int) -> bool:
    """A truth value of a column."""
    _unbound()


# Time


def schedule(w: Any, live: Any, at_ms: int, kind: int, a: int, b: int) -> None:
    """Have something happen to the device (``happens.py``) at a time not before now."""
    _unbound()


def begin(w: Any, live: Any, now_ms: int, kind: int, a: int, b: int) -> None:
    """Have the device begin something now: after what happens now, before the others of this millisecond."""
    _unbound()


def resume(w: Any, live: Any, now_ms: int, kind: int, a: int) -> None:
    """Go on with what happens now, once there is room again."""
    _unbound()


def touched(w: Any, live: Any) -> None:
    """Something was scheduled for a device by another one, or by the plan."""
    _unbound()


def start_timer(w: Any, live: Any, now_ms: int, timer: int, lasts_ms: int) -> None:
    """Start the module's timer; one that runs is void."""
    _unbound()


def look_at(w: Any, at_ms: int) -> None:
    """Have the rollout look at everything then, before any device does anything."""
    _unbound()


def foresee(w: Any, live: Any) -> None:
    """``live.empty_ms`` was set: when the battery will be empty, should nothing change."""
    _unbound()


def line_moves(w: Any, row: int) -> None:
    """The place in a line at ``row`` is the first now: its device will be asked for when the next place is free."""
    _unbound()


# Luck, which is the same however it is come by


def shadowing_draw(w: Any, live: Any, step: int) -> float:
    """The device's standard normal draw number ``step`` from the stream of its shadowing."""
    _unbound()


# What is seen from outside


def note(w: Any, live: Any, at_ms: int, what: int, a: int, b: int) -> None:
    """A line of the platform's log about the device (``events.py``)."""
    _unbound()


def write_line(w: Any, device: int, at_ms: int, what: int, a: int, b: int) -> None:
    """A line of the log about a device that may not be here, or with -1 of the plan's own log."""
    _unbound()


def first_confirmed(w: Any, live: Any, now_ms: int) -> None:
    """A device confirmed: if it is the first, the plan is upgrading from now on."""
    _unbound()


def powers_up(w: Any, live: Any) -> None:
    """The module's processor starts."""
    _unbound()


def powers_down(w: Any, live: Any) -> None:
    """The module's processor stops: what it half heard of a command is lost."""
    _unbound()


def say(w: Any, live: Any, now_ms: int, said_ms: int, what: int, a: int, b: int) -> None:
    """The module sends a line of which only the time matters to the host; said by ``now_ms``, at ``said_ms``."""
    _unbound()


def tell(w: Any, live: Any, now_ms: int, what: int, urc: int, a: int, b: int) -> None:
    """The module sends a URC, and the host wakes up to it."""
    _unbound()


def sees_boot(w: Any, live: Any, now_ms: int) -> None:
    """The host sees on the module's status pin that it is up."""
    _unbound()


def pages(w: Any, live: Any, now_ms: int) -> None:
    """The module was awake for a TAU and is paged: the host wakes up to it."""
    _unbound()


# Room


def lacks_room(w: Any) -> bool:
    """Whether what concerns many devices has to stop here and go on later."""
    _unbound()


def lacks_room_for_one_more(w: Any) -> bool:
    """The same, before a device is called up."""
    _unbound()


def lacks_room_for_lines(w: Any) -> bool:
    """The same, before lines of the log that one event writes."""
    _unbound()
