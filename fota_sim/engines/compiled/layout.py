"""The records that the loop works on: laid out by what one event touches, a row a device."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from fota_sim.rules.fates import NOTED

Records = NDArray[Any]
"""A one-dimensional structured array; fields are attributes of a row."""

NONE = -1
"""No row, no component, no version."""
RESERVE = 512
"""Rows that must be free in each array before a device plays an event; no event takes more."""


LINE_B = 64
"""What memory brings at a time."""


def _record(*groups: tuple[str, str], first: str = "", line_B: int = 1) -> np.dtype[Any]:
    """A record type from (type, names) pairs, each row on whole words, and on lines of ``line_B`` bytes.

    The fields named in ``first`` come first, the largest before the others, whatever group they are told in. No field
    may be called as what every NumPy scalar has (``device``, ``base``): plain Python would find that.
    """
    kinds: dict[str, np.dtype[Any]] = {name: np.dtype(kind) for kind, names in groups for name in names.split()}
    hot = sorted(first.split(), key=lambda name: -kinds[name].itemsize)
    order = [*hot, *(name for name in kinds if name not in set(hot))]
    fields = np.dtype([(name, kinds[name]) for name in order], align=True)
    places: Any = fields.fields
    wide: dict[str, Any] = {
        "names": order,
        "formats": [kinds[name] for name in order],
        "offsets": [places[name][1] for name in order],
        "itemsize": -(-fields.itemsize // line_B) * line_B,
    }
    whole: np.dtype[Any] = np.dtype(cast("Any", wide), align=True)
    return np.dtype((np.record, whole))


_TYPE = {"time": "i8", "size": "i8", "number": "f8", "count": "i4"}
_NOTED = sorted(((_TYPE[each.kind], each.name) for each in NOTED), key=lambda pair: -np.dtype(pair[0]).itemsize)
"""Fields of what is noted of a device while it plays."""

HOT = """
key mean_dBm capacity_uC order left_uC shadow_dB shadow_ms settled_ms who radio module head component fetch held
empty_ms mains logged coupled sd_dB heard_ms first_part shadow_steps state saved_state saved_component status powered
online done given_up heap_key next_cut_ms began_ms at_B end_B base_B attempt_sent_B bytes_sent energy_J attempt_energy_J
ticks file index count row broken cut_by give_up_ms give_up_order give_up_node_ms segments waiting give_up_on base_mA
load_mA self_mA drained_uC sent_B segment_ms lasts_ms ends_ms asked_ms said_ms host contact place label inbox_head
reachable in_line asks busy
"""
"""Fields of a device that more than half of the turns touch, as counted on ``scenarios/mixed_40000.yaml``."""

LIVE = _record(
    # who it is
    ("u8", "key"),
    ("i8", "confirms_ms"),
    ("i4", "who first_part radio module host contact zone cell chemistry on_list"),
    ("?", "mains rssi_known battery_known logged gone"),
    ("f8", "mean_dBm sd_dB capacity_uC temperature_C resistance_ohm self_mA cuts_per_30_days"),
    # its events, how many were ever queued, and its turn in the heap
    ("i8", "order heap_key"),
    ("i4", "head"),
    # body
    ("i4", "shadow_steps readings cuts"),
    ("f8", "left_uC base_mA load_mA drained_uC shadow_dB"),
    ("i8", "shadow_ms settled_ms empty_ms next_cut_ms"),
    ("i1", "cut_by"),
    # modem
    ("i8", "timer_ms timer_order timer_node_ms"),
    ("i4", "run connections reboots flashes component timer"),
    ("?", "powered online reachable resumes timer_on"),
    # download
    ("i8", "began_ms at_B end_B base_B sent_B attempt_sent_B segment_ms lasts_ms"),
    ("i4", "fetch segments level place held ticket ticks file index count row rows"),
    ("f8", "first_dBm"),
    ("?", "running in_line coupled broken asks truncated"),
    # flashing
    ("i4", "tries effect losses"),
    ("?", "writing"),
    # the module's upgrade
    ("i8", "piece_start_B piece_B"),
    ("i4", "state saved_state saved_component info failures flash last_error"),
    ("?", "saved_mcu wants_sha256 announced started"),
    # its link
    ("i4", "mode waiting_state waiting_component"),
    # host
    ("i8", "contact_ms first_ms ends_ms heard_ms asked_ms read_B until_B give_up_ms give_up_order give_up_node_ms"),
    ("i4", "label number step read_component mcu_flashes battery_pct signal_dBm inbox_head inbox_tail"),
    ("?", "asked busy waiting ok from_boot give_up_on"),
    # what the platform knows of it
    ("i8", "offered_ms open_ms hold_ms tick_ms reported_ms left"),
    ("i4", "known_battery_pct known_signal_dBm known_level belief status cancelled"),
    ("?", "record_sha256 heard confirmed done given_up url_due"),
    # what the rollout has in store for it
    ("i8", "retry_ms issued_ms budget_from_ms box_from_ms box_until_ms said_ms retried"),
    ("i4", "wave rank kind attempts_failed budget_used box_failures stage stage_number total_number"),
    ("i4", "slot_number slot_held slot_pool line_ticket"),
    ("?", "too_late first_served started_once refused refused_for_good slot queued total_runs"),
    # its story
    *_NOTED,
    ("i4", "to_install refusal failure withheld lost"),
    ("?", "bricked rolled_back was_on_target"),
    ("f8", "attempt_energy_J"),
    first=HOT,
    line_B=LINE_B,
)
"""A device between its first contact and its end. Times in ms since activation, NEVER until they happen."""

ENDED = _record(
    ("f8", "charge drained_mAh self_discharged_mAh"),
    *_NOTED,
    ("i4", "firmware reported"),
    ("i1", "outcome cause belief status cancelled"),
)
"""What came of a device; before its first contact, what the operator did to it."""

PART = _record(("f8", "dies_after_s"), ("i4", "running told known effect"))
"""One component of a device: versions (numbers of a table) that run, that the host told, that the platform knows."""

EVENT = _record(("i8", "at_ms order a b"), ("i4", "kind next"))
"""A queued event of one device; also a URC in a host's inbox and a place in a line."""

PLACES = _record(("i8", "taken"), ("i4", "head tail"))
"""The server's connections, or those of one cell at one coverage level, and who waits for them."""

ROW = _record(("i8", "start_ms end_ms sent_B wasted_B"), ("i4", "who before"))
"""A download; ``before`` is the device's previous one."""

LINE = _record(("i8", "at_ms a b"), ("i4", "who what"))
"""A line of the event log: what was said, with up to two numbers."""

COMPONENT = _record(("i8", "part target wrong size_B first_file last_file usable"), ("?", "mcu any_source delta"))
"""A component of the plan with its package. ``usable``: bit 2 w + s, whether the address message can be used when the
platform (w) and the module (s) want a SHA-256."""

HOST = _record(
    ("i8", "registration_mode command_ms serial_rate read_block_B patience_ms"),
    ("f8", "ignores read_pause_s mcu_flash_Bps mcu_flash_failure"),
    ("?", "checks_battery checks_signal accepts_unknown asks sha256 says_updating"),
)

CONTACT = _record(("i8", "pattern from_min to_min request_every_ms linger_ms"), ("f8", "spread_s every_s jitter_s"))

MODULE = _record(("i8", "free_flash_B"), ("?", "at_csq at_cbc"))


POOL = _record(("i8", "used head tail first_head first_tail next_dirty"), ("?", "dirty"))
"""Slots of the rollout: of the plan, or of a cell at one coverage level, and the two lines for them."""

_TABLES = """events lives parts lines rows heap components hosts contacts module_flags modules radios wifi host_delays
zones zone_rows files admits sayable status_of places slots finished ended blank arrivals pools cell_slots release_order
released_ms rollout_state rollout_pace rollout_waves rollout_shares rollout_counts rollout_stops rollout_limits
rollout_retries timeouts"""
"""Arrays that the run makes."""
FLEET = """keys group module radio host cell zone mean_dBm sd_dB rssi_known temperature_C mains chemistry capacity_mAh
resistance_ohm self_discharge soc battery_known firmware mcu gone dies_ms joins_ms white black confirms_ms effects
dies_after_s logged rank wave too_late first_served"""
"""Columns of the fleet: what a device is before its first contact."""

ARRAYS = (*_TABLES.split(), *FLEET.split())
"""All arrays of a run."""

WORLD = _record(
    # the plan
    ("i8", "seed replication horizon_ms starts_ms ends_ms push_from_min push_to_min hold_ms grid_ms telemetry_ms"),
    ("i8", "min_battery_pct min_signal_dBm plan_zone module_part parts components cells devices versions"),
    ("?", "push holds platform_checks offers_unknown retries_to_come can_register manual keeps_all"),
    # the rollout
    (
        "i8",
        "look_ms look_next_ms look_step act_at waves stops retry_rules plan_slots reserved slot_expires_ms address_ms",
    ),
    ("i8", "budget budget_ms box_limit box_within_ms box_ms total_ms"),
    ("i8", "maintained_from maintained_to maintained_days"),
    ("i8", "first_weekday dirty_head dirty_tail"),
    ("?", "ordered releases slots_queue lifo until_downloaded strict cells_limited cell_slots_queue refusals_count"),
    ("?", "maintained device_zone refusals_final believes_status total_from_progress may_cut cuts_off no_more_retries"),
    ("?", "act_running total_of_attempt late_counts"),
    # the protocol
    ("i8", "qind max_failures url_ms progress_ms first_progress_ms http_ms read_ms flash_delay_ms mcu_ms"),
    ("f8", "first_progress_s"),
    ("?", "before_reboot announce reports_before_reboot"),
    # the network
    ("f8", "egress_bps connections"),
    ("?", "server_queues cells_queue cells_enforced"),
    # counters of the loop
    ("i8", "heap_size free_event events_used free_live lives_used rows_used lines_used arrived plan_state"),
    ("i8", "first_confirm until_ms short_of handled pause_at turns"),
    # addresses of arrays, and how many rows those have that grow
    ("i8", " ".join(f"{name}_at" for name in ARRAYS)),
    ("i8", "events_room lives_room lines_room rows_room heap_room arrivals_room"),
)
"""The whole run in one record: what holds for all devices, the loop's counters, and where its arrays are.

first_confirm: key of the earliest confirmation in this stretch of the run; until_ms: where the stretch ends; short_of:
which array has to grow; handled: events so far; pause_at: at how many the loop looks up; turns: how often a device was
taken up.
look_ms: when the rollout looks at everything next; look_next_ms, look_step: what it has found already, if it had to
stop for want of room; act_at: the next device that an abort concerns, NONE if there is no abort.
"""
