"""The run's arrays, reached through one record that holds their addresses.

A compiled function takes a record as one pointer. A tuple of arrays would be taken apart at each call, and every
array's references counted up and down; that was measured to cost a hundred times what the events themselves do.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from fota_sim.engines.compiled import layout
from fota_sim.errors import EngineError
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.compiled import COMPILED, part_of_rule
from fota_sim.rules.rows import DELAY_ROW, MODULE_ROW, RADIO_ROW

EVENT, LIVE, PART, LINE, ROW = layout.EVENT, layout.LIVE, layout.PART, layout.LINE, layout.ROW
COMPONENT, HOST, CONTACT, MODULE = layout.COMPONENT, layout.HOST, layout.CONTACT, layout.MODULE
PLACES, ENDED, POOL = layout.PLACES, layout.ENDED, layout.POOL
WORD_B = 8
LINE_B = 64
_LIVE_B = LIVE.itemsize
_GUARD = 0xA5
_ENDED_B = ENDED.itemsize

carray: Any = getattr(numba, "carray")  # noqa: B009  # not among the names that numba says it exports


def _compiled_pointer(_context: Any, _address: Any) -> Any:
    def build(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], ir.PointerType(ir.IntType(8)))

    return types.voidptr(types.int64), build


def _plain_pointer(address: int) -> ctypes.c_void_p:
    return ctypes.c_void_p(int(address))


def _compiled_prefetch(_context: Any, _address: Any) -> Any:
    def build(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        there = builder.inttoptr(arguments[0], ir.PointerType(ir.IntType(8)))
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [there.type, number, number, number])
        fetch = builder.module.declare_intrinsic("llvm.prefetch", [there.type], kind)
        builder.call(fetch, [there, number(0), number(3), number(1)])  # to read, to keep, data
        return context.get_dummy_value()

    return types.void(types.int64), build


def _no_prefetch(_address: int) -> None:
    return None


prefetch: Any = intrinsic(_compiled_prefetch) if COMPILED else _no_prefetch
"""Have the line of memory at an address brought near, while something else is done."""

pointer: Any = intrinsic(_compiled_pointer) if COMPILED else _plain_pointer
"""An address as a pointer to anything."""


# Rows of records


@part_of_rule
def event_at(w: Any, row: int) -> Any:
    """A queued event."""
    return carray(pointer(w.events_at), (row + 1,), EVENT)[row]


@part_of_rule
def live_at(w: Any, slot: int) -> Any:
    """A device between its first contact and its end."""
    return carray(pointer(w.lives_at), (slot + 1,), LIVE)[slot]


@part_of_rule
def lives_of(w: Any) -> Any:
    """All rows for devices."""
    return carray(pointer(w.lives_at), (w.lives_room,), LIVE)


@part_of_rule
def prefetch_live(w: Any, slot: int) -> None:
    """Have the row of the device whose turn is next brought near."""
    begin = w.lives_at + slot * _LIVE_B
    for at_B in range(0, _LIVE_B, LINE_B):
        prefetch(begin + at_B)


@part_of_rule
def prefetch_fleet(w: Any, device: int) -> None:
    """Have the columns of the device that arrives next brought near."""
    double = device * 8
    for address in (
        w.keys_at,
        w.mean_dBm_at,
        w.sd_dB_at,
        w.temperature_C_at,
        w.capacity_mAh_at,
        w.resistance_ohm_at,
        w.self_discharge_at,
        w.soc_at,
        w.dies_ms_at,
        w.dies_after_s_at,
    ):
        prefetch(address + double)
    single = device * 4
    for address in (
        w.group_at,
        w.module_at,
        w.radio_at,
        w.host_at,
        w.cell_at,
        w.zone_at,
        w.chemistry_at,
        w.firmware_at,
        w.slots_at,
    ):
        prefetch(address + single)
    for address in (
        w.rssi_known_at,
        w.mains_at,
        w.battery_known_at,
        w.gone_at,
        w.white_at,
        w.black_at,
        w.effects_at,
        w.logged_at,
        w.finished_at,
    ):
        prefetch(address + device)
    for at_B in range(0, _ENDED_B, LINE_B):
        prefetch(w.ended_at + device * _ENDED_B + at_B)


@part_of_rule
def part_at(w: Any, row: int) -> Any:
    """One component of a device."""
    return carray(pointer(w.parts_at), (row + 1,), PART)[row]


@part_of_rule
def line_at(w: Any, row: int) -> Any:
    """A line of the log."""
    return carray(pointer(w.lines_at), (row + 1,), LINE)[row]


@part_of_rule
def row_at(w: Any, row: int) -> Any:
    """A download."""
    return carray(pointer(w.rows_at), (row + 1,), ROW)[row]


@part_of_rule
def component_at(w: Any, component: int) -> Any:
    """A component of the plan."""
    return carray(pointer(w.components_at), (component + 1,), COMPONENT)[component]


@part_of_rule
def host_at(w: Any, host: int) -> Any:
    """A kind of host."""
    return carray(pointer(w.hosts_at), (host + 1,), HOST)[host]


@part_of_rule
def contact_at(w: Any, group: int) -> Any:
    """A group's contact pattern."""
    return carray(pointer(w.contacts_at), (group + 1,), CONTACT)[group]


@part_of_rule
def module_at(w: Any, module: int) -> Any:
    """What a module has."""
    return carray(pointer(w.module_flags_at), (module + 1,), MODULE)[module]


@part_of_rule
def places_at(w: Any, place: int) -> Any:
    """The server's connections, or those of a cell."""
    return carray(pointer(w.places_at), (place + 1,), PLACES)[place]


@part_of_rule
def pool_at(w: Any, pool: int) -> Any:
    """Slots of the plan (0), or of a cell at a coverage level."""
    return carray(pointer(w.pools_at), (pool + 1,), POOL)[pool]


@part_of_rule
def ended_at(w: Any, device: int) -> Any:
    """What came of a device."""
    return carray(pointer(w.ended_at), (device + 1,), ENDED)[device]


@part_of_rule
def blank_of(w: Any) -> Any:
    """A device before anything is known of it."""
    return carray(pointer(w.blank_at), (1,), LIVE)[0]


# Rows that rules read


@part_of_rule
def radio_row(w: Any, radio: int) -> NDArray[np.float64]:
    """A radio's row."""
    return carray(pointer(w.radios_at + radio * RADIO_ROW * WORD_B), (RADIO_ROW,), np.float64)


@part_of_rule
def module_row(w: Any, module: int) -> NDArray[np.float64]:
    """A module's row."""
    return carray(pointer(w.modules_at + module * MODULE_ROW * WORD_B), (MODULE_ROW,), np.float64)


@part_of_rule
def delay_row_of(w: Any, host: int) -> NDArray[np.float64]:
    """How long a kind of host takes to answer."""
    return carray(pointer(w.host_delays_at + host * DELAY_ROW * WORD_B), (DELAY_ROW,), np.float64)


@part_of_rule
def zone_of(w: Any, zone: int) -> NDArray[np.int64]:
    """A time zone's offsets, shape (changes, 2)."""
    begin = int_at(w.zone_rows_at, 2 * zone)
    end = int_at(w.zone_rows_at, 2 * zone + 1)
    return carray(pointer(w.zones_at + begin * 2 * WORD_B), (end - begin, 2), np.int64)


# The rollout (rules/rollout_rows.py)


@part_of_rule
def state_of(w: Any) -> NDArray[np.int64]:
    """How far it is."""
    return carray(pointer(w.rollout_state_at), (rr.STATE,), np.int64)


@part_of_rule
def pace_of(w: Any) -> NDArray[np.float64]:
    """Its rate."""
    return carray(pointer(w.rollout_pace_at), (rr.PACE,), np.float64)


@part_of_rule
def waves_of(w: Any) -> NDArray[np.int64]:
    """Its waves."""
    return carray(pointer(w.rollout_waves_at), (w.waves, rr.WAVE), np.int64)


@part_of_rule
def shares_of(w: Any) -> NDArray[np.float64]:
    """What the waves wait for."""
    return carray(pointer(w.rollout_shares_at), (w.waves, rr.SHARES), np.float64)


@part_of_rule
def counts_of(w: Any) -> NDArray[np.int64]:
    """What its devices do, by wave and in all."""
    return carray(pointer(w.rollout_counts_at), (w.waves + 1, rr.COUNTS), np.int64)


@part_of_rule
def stops_of(w: Any) -> NDArray[np.int64]:
    """Its abort rules."""
    return carray(pointer(w.rollout_stops_at), (w.stops, rr.STOP), np.int64)


@part_of_rule
def limits_of(w: Any) -> NDArray[np.float64]:
    """Their limits."""
    return carray(pointer(w.rollout_limits_at), (w.stops, rr.LIMITS), np.float64)


@part_of_rule
def retries_of(w: Any) -> NDArray[np.float64]:
    """Its retry rules."""
    return carray(pointer(w.rollout_retries_at), (w.retry_rules, rr.RETRY), np.float64)


@part_of_rule
def released_of(w: Any) -> NDArray[np.int64]:
    """When each device was released; only where there are waves or a rate."""
    return carray(pointer(w.released_ms_at), (w.devices,), np.int64)


# Numbers


@part_of_rule
def int_at(address: int, row: int) -> int:
    """A 64-bit integer."""
    return carray(pointer(address), (row + 1,), np.int64)[row]


@part_of_rule
def word_at(address: int, row: int) -> int:
    """A 64-bit word."""
    return carray(pointer(address), (row + 1,), np.uint64)[row]


@part_of_rule
def short_at(address: int, row: int) -> int:
    """A 32-bit integer."""
    return int(carray(pointer(address), (row + 1,), np.int32)[row])


@part_of_rule
def byte_at(address: int, row: int) -> int:
    """An 8-bit integer."""
    return int(carray(pointer(address), (row + 1,), np.int8)[row])


@part_of_rule
def float_at(address: int, row: int) -> float:
    """A double."""
    return carray(pointer(address), (row + 1,), np.float64)[row]


@part_of_rule
def flag_at(address: int, row: int) -> bool:
    """A truth value."""
    return carray(pointer(address), (row + 1,), np.bool_)[row]


@part_of_rule
def heap_of(w: Any) -> NDArray[np.int64]:
    """The heap of devices that wait for their turn."""
    return carray(pointer(w.heap_at), (w.heap_room,), np.int64)


@part_of_rule
def slots_of(w: Any) -> NDArray[np.int32]:
    """Where each device's row among the lives is, or NONE."""
    return carray(pointer(w.slots_at), (w.devices,), np.int32)


@part_of_rule
def finished_of(w: Any) -> NDArray[np.bool_]:
    """Whether each device's end is written down."""
    return carray(pointer(w.finished_at), (w.devices,), np.bool_)


@part_of_rule
def mcu_of(w: Any) -> NDArray[np.int32]:
    """Versions on each device's MCUs, shape (devices, MCUs): at the start, and in the end."""
    return carray(pointer(w.mcu_at), (w.devices, w.module_part), np.int32)


class Memory:
    """The world: one record, and the arrays that its addresses are of."""

    def __init__(self) -> None:
        self.world = np.zeros(1, dtype=layout.WORLD).view(np.recarray)[0]
        self._arrays: dict[str, NDArray[Any]] = {}
        self._guards: dict[str, NDArray[np.uint8]] = {}

    def set(self, **values: float) -> None:
        """Numbers of the world; a name that is none of its fields is an error."""
        for name, value in values.items():
            self.world[name] = value

    def keep(self, **arrays: NDArray[Any]) -> None:
        """Put arrays where the world's addresses ``<name>_at`` point; ``<name>_room`` is their length, if it counts."""
        for name, array in arrays.items():
            if not array.flags.c_contiguous:
                raise ValueError(f"{name} is not in one piece")
            self._arrays[name] = array
            self.world[f"{name}_at"] = array.ctypes.data
            if f"{name}_room" in (layout.WORLD.names or ()):
                self.world[f"{name}_room"] = len(array)

    def make(self, name: str, count: int, kind: Any) -> None:
        """Keep an array that can grow, of so many zeroed rows, with a guard behind them (:meth:`check`)."""
        rows = np.zeros(count + 1, dtype=kind)
        guard: NDArray[np.uint8] = rows[count:].view(np.uint8)
        guard[:] = _GUARD
        self._guards[name] = guard
        self.keep(**{name: rows[:count]})

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._arrays[name]

    def grow(self, name: str, count: int) -> None:
        """Give an array more rows, zeroed."""
        old = self._arrays[name]
        self.make(name, count, old.dtype)
        self._arrays[name][: len(old)] = old

    def keep_only(self, *names: str) -> None:
        """Let go of all other arrays when the loop is over; their addresses lead nowhere."""
        for name in self._arrays.keys() - set(names):
            self.world[f"{name}_at"] = 0
        self._arrays = {name: self._arrays[name] for name in names}
        self._guards = {}

    def check(self) -> None:
        """Raises EngineError if the loop wrote behind the end of an array that can grow."""
        hurt = [name for name, guard in self._guards.items() if (guard != _GUARD).any()]
        if hurt:
            raise EngineError(f"the compiled engine wrote behind its {', '.join(hurt)}; the reference engine does not")
