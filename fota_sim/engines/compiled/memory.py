"""The run's arrays, reached through one record that holds their addresses.

A compiled function takes a record as one pointer. A tuple of arrays would be taken apart at each call, and every
array's references counted up and down; that was measured to cost a hundred times what the events themselves do.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fota_sim.device import fields
from fota_sim.engines.compiled import layout
from fota_sim.engines.compiled.access import (
    array,
    copied,
    number,
    only,
    prefetch,
    prefetched,
    put_number,
    row_of,
    rows,
    span,
)
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.compiled import part_of_rule
from fota_sim.rules.fates import NOTED
from fota_sim.rules.rows import DELAY_ROW, MODULE_ROW, RADIO_ROW

_LIVE_B = layout.LIVE.itemsize
_ENDED_B = layout.ENDED.itemsize
_ENDED_FIELDS: Any = layout.ENDED.fields
_TOLD_BEFORE = _ENDED_FIELDS["belief"][1]
"""Where in a device's end it stands what the operator did to it before its first contact."""
_EVENT_B = layout.EVENT.itemsize
_SLOT_B = layout.SLOT.itemsize
_PART_B = layout.PART.itemsize

loop_of = only("loop", layout.LOOP)
"""The loop's counters: accessor(w)."""

# Rows of records: accessor(w, row)

loop_at = rows("loop", layout.LOOP)
"""The loop's counters (0), as the loop has them, and those of its helper (1)."""

world_at = rows("worlds", layout.WORLD)
"""The run as the plan of this number has it."""
event_at = rows("events", layout.EVENT)
"""A queued event."""
live_at = rows("lives", layout.LIVE)
"""A device between its first contact and its end."""
part_at = rows("parts", layout.PART)
"""One component of a device."""
line_at = rows("lines", layout.LINE)
"""A line of the log."""
row_at = rows("rows", layout.ROW)
"""A download."""
component_at = rows("components", layout.COMPONENT)
"""A component of the plan."""
host_at = rows("hosts", layout.HOST)
"""A kind of host."""
contact_at = rows("contacts", layout.CONTACT)
"""A group's contact pattern."""
module_at = rows("module_flags", layout.MODULE)
"""What a module has."""
places_at = rows("places", layout.PLACES)
"""The server's connections, or those of a cell."""
pool_at = rows("pools", layout.POOL)
"""Slots of the plan (0), or of a cell at a coverage level."""
slot_at = rows("slots", layout.SLOT)
"""Where a device's row among the lives is."""
ended_at = rows("ended", layout.ENDED)
"""What came of a device."""
uniforms_of = array("uniforms", np.float64, [layout.STEPS])
"""What normal draws are made of, while they are."""
lives_of = array("lives", layout.LIVE, ["lives_room"])
"""All rows for devices."""
blank_at = rows("blank", layout.LIVE)
"""A device before anything is known of it, in row 0."""

# Rows that rules read: accessor(w, row)

radio_row = row_of("radios", np.float64, RADIO_ROW)
"""A radio's row."""
module_row = row_of("modules", np.float64, MODULE_ROW)
"""A module's row."""
delay_row_of = row_of("host_delays", np.float64, DELAY_ROW)
"""How long a kind of host takes to answer."""
shadowing_of = row_of("shadowing", np.float64, layout.STEPS)
"""Draws for steps of a device's shadowing, by its row among the lives."""
zone_of = span("zones", "zone_rows", np.int64, 2)
"""A time zone's offsets, shape (changes, 2)."""

openings_of = span("openings", "opening_rows", np.int64, 2)
"""When maintenance windows are open for devices in a time zone, shape (times, 2)."""

# The rollout (rules/rollout_rows.py): accessor(w)

state_of = array("rollout_state", np.int64, [rr.STATE])
"""How far it is."""
pace_of = array("rollout_pace", np.float64, [rr.PACE])
"""Its rate."""
waves_of = array("rollout_waves", np.int64, ["waves", rr.WAVE])
"""Its waves."""
shares_of = array("rollout_shares", np.int64, ["waves", rr.SHARES])
"""What the waves wait for."""
counts_of = array("rollout_counts", np.int64, ["waves+1", rr.COUNTS])
"""What its devices do, by wave and in all."""
stops_of = array("rollout_stops", np.int64, ["stops", rr.STOP])
"""Its abort rules."""
limits_of = array("rollout_limits", np.float64, ["stops", rr.LIMITS])
"""Their limits."""
retries_of = array("rollout_retries", np.float64, ["retry_rules", rr.RETRY])
"""Its retry rules."""
released_of = array("released_ms", np.int64, ["devices"])
"""When each device was released; only where there are waves or a rate."""

# Arrays with an entry for each device: accessor(w)

finished_of = array("finished", np.bool_, ["devices"])
"""Whether each device's end is written down."""
mcu_of = array("mcu", np.int32, ["devices", "module_part"])
"""Versions on each device's MCUs, shape (devices, MCUs): at the start, and in the end."""

copy_noted = copied([each.name for each in NOTED], layout.LIVE, layout.ENDED)
"""Write down what was noted of a device: accessor(live, ended)."""

# Numbers: accessor(address, row)

int_at = number(np.int64)
"""A 64-bit integer."""
word_at = number(np.uint64)
"""A 64-bit word."""
short_at = number(np.int32)
"""A 32-bit integer."""
byte_at = number(np.int8)
"""An 8-bit integer."""
float_at = number(np.float64)
"""A double."""
flag_at = number(np.bool_)
"""A truth value."""
put_int = put_number(np.int64)
"""Write a 64-bit integer: accessor(address, row, value)."""


_prefetch_columns = prefetched(fields.FLEET_COLUMNS)
"""Have a device's entry in each column of the fleet brought near: accessor(w, device)."""


@part_of_rule
def run_of(w: Any, live: Any) -> Any:
    """The run as the device's plan has it."""
    return world_at(w, live.plan)


@part_of_rule
def world_of(w: Any, device: int) -> Any:
    """The same for a device that may not be here."""
    return w if loop_of(w).plans == 1 else world_at(w, byte_at(w.plan_of_at, device * w.plan_of_step))


@part_of_rule
def prefetch_live(w: Any, slot: int) -> None:
    """Have the row of the device whose turn is next brought near."""
    begin = w.lives_at + slot * _LIVE_B
    for at_B in range(0, layout.FETCHED_LINES * layout.LINE_B, layout.LINE_B):
        prefetch(begin + at_B)
    prefetch(w.shadowing_at + slot * layout.LINE_B)
    prefetch(w.parts_at + slot * w.parts * _PART_B)


@part_of_rule
def prefetch_slot(w: Any, device: int) -> None:
    """Have it brought near where the device's row is."""
    prefetch(w.slots_at + device * _SLOT_B)


@part_of_rule
def prefetch_event(w: Any, row: int) -> None:
    """Have an event brought near, which may lie on two lines."""
    begin = w.events_at + row * _EVENT_B
    prefetch(begin)
    prefetch(begin + _EVENT_B - 1)


@part_of_rule
def prefetch_fleet(w: Any, device: int) -> None:
    """Have the columns of the device that arrives next brought near."""
    _prefetch_columns(w, device)
    prefetch(w.finished_at + device)
    if w.module_part > 0:
        prefetch(w.mcu_at + device * w.module_part * 4)
    prefetch_slot(w, device)
    prefetch(w.ended_at + device * _ENDED_B + _TOLD_BEFORE)
