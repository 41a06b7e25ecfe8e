"""The records that the loop works on: laid out by what one event touches, a row a device."""

from __future__ import annotations

from collections.abc import Sequence
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


def _record(*lists: fields.Fields, lines: Sequence[str] = (), line_B: int = 1) -> np.dtype[Any]:
    """A record type from lists of fields, each row on whole words, and on lines of ``line_B`` bytes.

    ``lines``: the fields that stand together on the first lines, the largest before the others; the rest follow in the
    order of the lists.
    """
    kinds: dict[str, np.dtype[Any]] = {name: np.dtype(kind) for each in lists for name, kind, _ in fields.each(each)}
    together = [name for line in lines for name in sorted(line.split(), key=lambda name: -kinds[name].itemsize)]
    order = [*together, *(name for name in kinds if name not in set(together))]
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


LIVE_LINES = (
    """empty_ms heap_key order heard_ms who head held fetch contact module coupled plan online mains broken cut_by
    powered logged""",
    """settled_ms load_mA segment_ms began_ms key mean_dBm row rows radio ticks""",
    """shadow_dB shadow_ms attempt_sent_B attempt_energy_J cut_B base_B component cancelled first_part given_up
    confirmed done in_line""",
    """next_cut_ms energy_J bytes_sent talked_ms file index count state status saved_state saved_component
    trip_level""",
    """sd_dB at_B end_B trip_s sent_B lasts_ms shadow_steps own_row steps_from segments""",
    """give_up_node_ms give_up_ms give_up_order left_uC capacity_uC said_ms place host label asks waiting give_up_on
    running""",
    """ends_ms asked_ms download_start_ms first_dBm piece_start_B piece_B inbox_head ticket coverage_level reachable
    busy spoiled started""",
    """base_mA self_mA drained_uC temperature_C resistance_ohm trip_z chemistry kind attempts_failed shares_egress
    wants_sha256 record_sha256 faulty""",
    """timer_node_ms retried bytes_wasted energy_wasted_J info failures last_error wave failure download_failures
    timer_on rolled_back saved_mcu truncated url_due announced heard writing""",
    """confirms_ms offered_ms hold_ms reported_ms box_until_ms on_list withheld known_battery_pct known_signal_dBm rank
    refused_for_good too_late gone slot""",
    """downloaded_ms first_contact_ms upgraded_ms run attempts stage stage_number flash inbox_tail belief waiting_state
    contacts to_install""",
    """finished_ms first_offer_ms confirmed_ms battery_empty_ms slot_held line_ticket slot_pool offers refusals refusal
    lost queued total_runs bricked was_on_target""",
    """tick_ms open_ms left owed_ms effect readings connections mode waiting_component step rssi_known battery_known
    resumes unfinished met started_once asked ok""",
    """timer_ms timer_order contact_ms report_ms flashes timer reboots tries box_failures zone number from_boot garbled
    listens first_served""",
)
"""Fields of a device by lines of memory, those first that most turns touch: the more a turn finds on the lines that
were fetched for it, the less it waits. Counted turn by turn, after each device's first, in the loop as plain Python:
4,000 devices of ``scenarios/mixed_40000.yaml`` and 1,500 of the template of meters (docs/performance.md).
"""

FETCHED_LINES = 8
"""Of these the lines that are fetched before a device's turn."""

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
    Group("i8", "contact_ms report_ms first_ms heard_ms asked_ms read_B until_B give_up_ms give_up_order"),
    Group("i8", "give_up_node_ms", FAR),
    Group("i4", "label number step read_component mcu_flashes battery_pct signal_dBm"),
    Group("i4", "inbox_head inbox_tail", NONE),
    Group("?", "asked busy waiting ok from_boot give_up_on"),
)
"""What this engine keeps of a device besides the story: its place in queues, and the host as labels and numbers."""

LIVE_FIELDS = (*fields.LIVE, *_ENGINE_LIVE)
LIVE = _record(LIVE_FIELDS, lines=LIVE_LINES, line_B=LINE_B)
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
    "loop worlds events lives parts shadowing uniforms lines rows heap far zone_rows slots finished blank arrivals "
    "put_off agreed bag near " + fields.TABLES
)
"""Arrays that the run makes."""

_PLAN_TABLES = "opening_rows " + fields.PLAN_TABLES
"""Arrays that it makes for each plan."""

ARRAYS = (*_TABLES.split(), *fields.FLEET_COLUMNS, "mcu", *_PLAN_TABLES.split())
"""All arrays of a run."""

LOOP = _record(
    (
        Group("i8", "heap_size free_event events_used free_live lives_used rows_used lines_used arrived"),
        Group("i8", "look_ms until_ms short_of handled pause_at turns plans steps"),
        Group("i8", "put_off ever_put_off played half_key helpers events_end near_size near_end far_size"),
        Group("i8", "bound far_begin", NO_KEY),
        Group("i4", "last_free_live", NONE),
        Group("?", "ordered puts_off serves lacks_events"),
    ),
    line_B=LINE_B,
)
"""The loop's counters.

look_ms: when a rollout looks at everything next, of whatever plan; until_ms: where the stretch ends; short_of: which
array has to grow; handled: events so far; pause_at: at how many the loop looks up; turns: how often a device was taken
up; plans: how many there are; steps: STEPS, where the compiler does not see it, for it unrolls short loops of a known
length, and then computes one draw after the other; ordered: whether the rollout of one of the plans couples devices.

near_size, near_end: keys taken out of the heap, and the one up to which there are none in it; far_size, far_begin: keys
that stand apart, and the one from which on all do (queue.py).

There are two: the loop's own, and that of the thread that helps it (together.py). put_off: how many devices are put off
that the loop has not heard of since; ever_put_off: how many ever were, since the helper came; played: those that the
loop took itself; bound: the earliest key at which one of those put off may touch what is shared; half_key: when more
devices come to life; helpers: how many threads there are besides the loop's; events_end: where the rows for events end
that the helper was given; lacks_events: it needs more, and there are none; last_free_live: the end of the list that
begins with free_live, where it began empty; puts_off: whether devices are put off now; serves: whether this is the
helper's.
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
    ),
    line_B=LINE_B,
)
"""The whole run in one record, as the devices of one plan have it: what holds for them, and where its arrays are.

There is one for each plan. Arrays of the run have the same addresses in all.

first_confirm: key of the earliest confirmation in this stretch of the run; keeps_all: whether devices stay when
nothing is queued for them.
"""
