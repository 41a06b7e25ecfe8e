"""The records that the loop works on: laid out by what one event touches, a row a device."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from fota_sim.device import fields
from fota_sim.device.fields import NONE, Fields, Group
from fota_sim.rules.zone import FAR

Records = NDArray[Any]
"""A one-dimensional structured array; fields are attributes of a row."""

DEVICE_BITS = 24
NO_KEY = (1 << 63) - 1
"""Later than every key of time and device."""
RESERVE = 512
"""Rows that must be free in each array before a device plays an event; no event takes more."""


LINE_B = 64
"""What memory brings at a time."""

STEPS = LINE_B // 8
"""Of a device's shadowing that are drawn at once (luck.py)."""


def _record(*lists: fields.Fields, first: str = "", line_B: int = 1) -> np.dtype[Any]:
    """A record type from lists of fields, each row on whole words, and on lines of ``line_B`` bytes.

    The fields named in ``first`` come first, the largest before the others, whatever group they are told in.
    """
    kinds: dict[str, np.dtype[Any]] = {name: np.dtype(kind) for each in lists for name, kind, _ in fields.each(each)}
    hot = sorted(first.split(), key=lambda name: -kinds[name].itemsize)
    order = [*hot, *(name for name in kinds if name not in set(hot))]
    placed = np.dtype([(name, kinds[name]) for name in order], align=True)
    places: Any = placed.fields
    wide: dict[str, Any] = {
        "names": order,
        "formats": [kinds[name] for name in order],
        "offsets": [places[name][1] for name in order],
        "itemsize": -(-placed.itemsize // line_B) * line_B,
    }
    whole: np.dtype[Any] = np.dtype(cast("Any", wide), align=True)
    return np.dtype((np.record, whole))


HOT = """
key mean_dBm capacity_uC order left_uC shadow_dB shadow_ms settled_ms who radio module head component fetch held
empty_ms mains logged coupled sd_dB heard_ms first_part shadow_steps state saved_state saved_component status powered
online done given_up heap_key next_cut_ms began_ms at_B end_B base_B attempt_sent_B bytes_sent energy_J attempt_energy_J
ticks file index count row broken cut_by give_up_ms give_up_order give_up_node_ms segments waiting give_up_on base_mA
load_mA self_mA drained_uC sent_B segment_ms lasts_ms ends_ms asked_ms said_ms host contact place label inbox_head
reachable in_line asks busy plan own_row steps_from shares_egress trip_s trip_level
"""
"""Fields of a device that more than half of the turns touch, as counted on ``scenarios/mixed_40000.yaml``."""

_ENGINE_LIVE: Fields = (
    # its events, how many were ever queued, and its turn in the heap
    Group("i8", "order"),
    Group("i8", "heap_key", NO_KEY),
    Group("i4", "head", NONE),
    Group("i8", "timer_order"),
    Group("i8", "timer_node_ms", FAR),
    # its luck
    Group("i4", "own_row"),
    Group("i4", "steps_from", NONE),
    # its host
    Group("i8", "contact_ms report_ms first_ms ends_ms heard_ms asked_ms read_B until_B give_up_ms give_up_order"),
    Group("i8", "give_up_node_ms", FAR),
    Group("i4", "label number step read_component mcu_flashes battery_pct signal_dBm"),
    Group("i4", "inbox_head inbox_tail", NONE),
    Group("?", "asked busy waiting ok from_boot give_up_on"),
)
"""What this engine keeps of a device besides the story: its place in queues, and the host as labels and numbers."""

LIVE_FIELDS = (*fields.LIVE, *_ENGINE_LIVE)
LIVE = _record(LIVE_FIELDS, first=HOT, line_B=LINE_B)
"""A device between its first contact and its end."""

ENDED = _record(fields.ENDED)
PART = _record(fields.PART)
EVENT = _record(fields.EVENT)
PLACES = _record(fields.PLACES)
ROW = _record(fields.ROW)
COMPONENT = _record(fields.COMPONENT)
HOST = _record(fields.HOST)
CONTACT = _record(fields.CONTACT)
MODULE = _record(fields.MODULE)
POOL = _record(fields.POOL)

SLOT = _record((Group("i4", "row head", NONE),))
"""Where a device's row among the lives is, if it has one; and its first event when it began to wait for its turn."""

PLAN_SHIFT = 16
"""In a line of the log the number of the plan stands above what is said."""

LINE = _record((Group("i8", "at_ms a b"), Group("i4", "who what")))
"""A line of the event log: what was said, with up to two numbers."""

_TABLES = (
    "loop worlds events lives parts shadowing uniforms lines rows heap zone_rows slots finished blank arrivals "
    + fields.TABLES
)
"""Arrays that the run makes."""

_PLAN_TABLES = "opening_rows " + fields.PLAN_TABLES
"""Arrays that it makes for each plan."""

ARRAYS = (*_TABLES.split(), *fields.FLEET.split(), *_PLAN_TABLES.split())
"""All arrays of a run."""

LOOP = _record(
    (
        Group("i8", "heap_size free_event events_used free_live lives_used rows_used lines_used arrived"),
        Group("i8", "look_ms until_ms short_of handled pause_at turns plans steps"),
        Group("?", "ordered"),
    )
)
"""The loop's counters.

look_ms: when a rollout looks at everything next, of whatever plan; until_ms: where the stretch ends; short_of: which
array has to grow; handled: events so far; pause_at: at how many the loop looks up; turns: how often a device was taken
up; plans: how many there are; steps: STEPS, where the compiler does not see it, for it unrolls short loops of a known
length, and then computes one draw after the other; ordered: whether the rollout of one of the plans couples devices.
"""

WORLD = _record(
    (
        *fields.RUN,
        *fields.PLAN,
        Group("?", "keeps_all"),
        Group("i8", "first_confirm"),
        # addresses of arrays, and how many rows those have that grow
        Group("i8", " ".join(f"{name}_at" for name in ARRAYS)),
        Group("i8", "events_room lives_room lines_room rows_room heap_room arrivals_room"),
    )
)
"""The whole run in one record, as the devices of one plan have it: what holds for them, and where its arrays are.

There is one for each plan. Arrays of the run have the same addresses in all.

first_confirm: key of the earliest confirmation in this stretch of the run; keeps_all: whether devices stay when
nothing is queued for them.
"""
