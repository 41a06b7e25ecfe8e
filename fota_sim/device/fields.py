"""What the story keeps of a run, of a device and of a plan: the names, the kinds of number, and what they begin with.

One list for every engine: the compiled one lays out rows of memory by it, and the reference makes plain objects
(``records.py``). The unit is the end of a name; times are in ms since activation. No field may be called as what
every NumPy scalar has (``device``, ``base``): plain Python would find that instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from fota_sim.rules.fates import NEVER, NOTED
from fota_sim.rules.host import UNKNOWN
from fota_sim.rules.plan import LONG_AGO_MS
from fota_sim.rules.zone import FAR

NONE = -1
"""No row, no component, no version."""


class Group(NamedTuple):
    """Fields of one kind that begin with the same number."""

    kind: str
    """As NumPy spells it: ``i8`` and ``i4`` whole numbers, ``u8`` a word, ``f8`` a double, ``?`` a truth value."""
    names: str
    begins: float = 0


Fields = tuple[Group, ...]


def each(fields: Fields) -> Iterator[tuple[str, str, int | float | bool]]:
    """Name, kind and first value of each field, in order."""
    for group in fields:
        for name in group.names.split():
            if group.kind == "?":
                yield name, group.kind, bool(group.begins)
            elif group.kind.startswith("f"):
                yield name, group.kind, float(group.begins)
            else:
                yield name, group.kind, int(group.begins)


_KIND = {"time": "i8", "size": "i8", "number": "f8", "count": "i4"}
_BEGINS = {"time": NEVER}


def _noted() -> Iterator[Group]:
    """Fields of what is noted of a device while it plays (``rules/fates.py``), the widest first."""
    for kind in ("time", "size", "number", "count"):
        names = " ".join(each.name for each in NOTED if each.kind == kind)
        yield Group(_KIND[kind], names, _BEGINS.get(kind, 0))


_NOTED = tuple(_noted())

LIVE: Fields = (
    # who it is
    Group("u8", "key"),
    Group("i8", "confirms_ms"),
    Group("i1", "plan"),
    Group("i4", "who first_part radio module host contact zone cell chemistry on_list"),
    Group("?", "mains rssi_known battery_known logged gone"),
    Group("f8", "mean_dBm sd_dB capacity_uC temperature_C resistance_ohm self_mA cuts_per_30_days"),
    # body
    Group("i4", "shadow_steps readings cuts"),
    Group("f8", "left_uC base_mA load_mA drained_uC shadow_dB"),
    Group("i8", "shadow_ms settled_ms next_cut_ms"),
    Group("i8", "empty_ms", FAR),
    Group("i1", "cut_by"),
    # modem
    Group("i8", "timer_ms"),
    Group("i4", "run connections reboots flashes timer"),
    Group("i4", "component", NONE),
    Group("?", "powered online resumes timer_on"),
    Group("?", "reachable", True),
    Group("i8", "ends_ms", FAR),
    Group("f8", "trip_z trip_s"),
    Group("i4", "trip_level", NONE),
    # download
    Group("i8", "began_ms at_B end_B base_B sent_B attempt_sent_B lasts_ms"),
    Group("i8", "segment_ms", NONE),
    Group("i4", "fetch segments coverage_level place held ticket ticks file index count rows"),
    Group("i4", "row", NONE),
    Group("f8", "first_dBm"),
    Group("?", "running in_line coupled shares_egress broken asks truncated"),
    # faults on purpose
    Group("i8", "cut_B", NONE),
    Group("i4", "urcs starts blocks again rejected"),
    Group("?", "faulty garbled spoiled"),
    # flashing
    Group("i4", "tries effect losses"),
    Group("?", "writing unfinished"),
    # the module's upgrade
    Group("i8", "piece_start_B piece_B"),
    Group("i4", "state saved_state failures flash last_error"),
    Group("i4", "saved_component info", NONE),
    Group("?", "saved_mcu wants_sha256 announced started"),
    # its link
    Group("i4", "mode waiting_state waiting_component"),
    # what the platform knows of it
    Group("i8", "offered_ms open_ms talked_ms", LONG_AGO_MS),
    Group("i8", "hold_ms reported_ms left"),
    Group("i8", "tick_ms owed_ms", NONE),
    Group("i4", "known_battery_pct known_signal_dBm", UNKNOWN),
    Group("i4", "known_coverage_level belief status cancelled"),
    Group("?", "record_sha256 heard confirmed done given_up url_due listens met"),
    # what the rollout has in store for it
    Group("i8", "retry_ms budget_from_ms box_from_ms box_until_ms said_ms retried"),
    Group("i8", "issued_ms", LONG_AGO_MS),
    Group("i4", "wave rank kind attempts_failed budget_used box_failures stage stage_number total_number"),
    Group("i4", "slot_number slot_held line_ticket"),
    Group("i4", "slot_pool", NONE),
    Group("?", "too_late first_served started_once refused refused_for_good slot queued by_push total_runs"),
    # what happened to it
    *_NOTED,
    Group("i4", "to_install refusal failure withheld lost"),
    Group("?", "bricked rolled_back was_on_target"),
    Group("f8", "attempt_energy_J"),
)
"""A device."""

ENDED: Fields = (
    Group("f8", "charge drained_mAh self_discharged_mAh"),
    *_NOTED,
    Group("i4", "firmware reported"),
    Group("i1", "outcome cause belief status cancelled"),
)
"""What came of a device; before it is here, what the operator did to it."""

PART: Fields = (
    Group("f8", "dies_after_s"),
    Group("i4", "running told known effect", NONE),
)
"""One component of a device: versions (numbers of a table) that run, that the host told, that the platform knows."""

EVENT: Fields = (Group("i8", "at_ms order a b"), Group("i4", "kind next"))
"""A queued event of one device; also a URC in a host's inbox and a place in a line."""

PLACES: Fields = (Group("i8", "taken"), Group("i4", "head tail", NONE))
"""The server's connections, or those of one cell at one coverage level, and who waits for them."""

ROW: Fields = (Group("i8", "start_ms end_ms sent_B wasted_B"), Group("i4", "who before"))
"""A download; ``before`` is the device's previous one."""

COMPONENT: Fields = (
    Group("i8", "part target wrong size_B first_file last_file usable"),
    Group("?", "mcu any_source delta"),
)
"""A component of the plan with its package. ``usable``: bit 2 w + s, whether the address message can be used when the
platform (w) and the module (s) want a SHA-256."""

HOST: Fields = (
    Group("i8", "registration_mode command_ms serial_rate read_block_B patience_ms reads_again"),
    Group("f8", "ignores read_pause_s mcu_flash_Bps mcu_flash_failure"),
    Group("?", "checks_battery checks_signal accepts_unknown asks sha256 says_updating checks_file"),
)
"""A kind of host."""

CONTACT: Fields = (
    Group("i8", "pattern from_min to_min request_every_ms linger_ms"),
    Group("i8", "tau_ms active_ms edrx_ms window_ms inactivity_ms keep_ms"),
    Group("f8", "spread_s every_s jitter_s"),
    Group("?", "sleeps"),
)
"""A group's contact pattern. tau_ms: T3412, 0 without PSM; edrx_ms: 0 without eDRX; keep_ms: -1 for ever."""

MODULE: Fields = (Group("i8", "free_flash_B"), Group("?", "at_csq at_cbc"))
"""What a module has."""

POOL: Fields = (
    Group("i8", "used"),
    Group("i8", "head tail first_head first_tail next_dirty", NONE),
    Group("?", "dirty"),
)
"""Slots of the rollout: of the plan, or of a cell at one coverage level, and the two lines for them."""

TABLES = """hosts contacts module_flags modules radios wifi host_delays zones sayable status_of places ended
released_ms"""
"""Arrays of the run."""

PLAN_TABLES = """components openings files admits pools cell_slots release_order rollout_state rollout_pace
rollout_waves rollout_shares rollout_counts rollout_stops rollout_limits rollout_retries timeouts"""
"""Arrays of each plan."""

FLEET: Fields = (
    Group("u8", "keys"),
    Group("i8", "dies_ms joins_ms confirms_ms"),
    Group("f8", "mean_dBm sd_dB temperature_C capacity_mAh resistance_ohm self_discharge charge dies_after_s"),
    Group("i4", "group module radio host cell zone chemistry firmware rank wave"),
    Group("i1", "effects plan_of"),
    Group("?", "rssi_known mains battery_known gone white black other logged too_late first_served"),
)
"""Columns of the fleet: what a device is before its first contact. Its MCUs' versions, ``mcu``, are some columns in
one. Where all devices have the same, a column may stand once: ``<name>_step`` is 0 then, and 1 otherwise, and a
device's entry is in row device * step."""

FLEET_COLUMNS = {name: kind for name, kind, _ in each(FLEET)}
"""The kind of number in each of them."""

RUN: Fields = (
    Group("i8", "seed replication horizon_ms module_part parts cells devices versions"),
    # the protocol
    Group("i8", "qind max_failures url_ms progress_ms first_progress_ms http_ms read_ms flash_delay_ms mcu_ms"),
    Group("f8", "first_progress_s"),
    Group("?", "before_reboot announce reports_before_reboot"),
    # faults on purpose
    Group("f8", "p_faulty p_lost_urc p_doubled_urc p_garbled p_wrong_checksum p_cut cut_at"),
    Group("?", "urc_faults download_faults"),
    # the network
    Group("f8", "egress_bps connections"),
    Group("?", "server_queues cells_queue cells_enforced"),
    # the fleet
    Group("i8", " ".join(f"{name}_step" for name in FLEET_COLUMNS), 1),
)
"""What holds for all devices, whatever plan they are of."""

PLAN: Fields = (
    # the plan
    Group("i8", "plan starts_ms ends_ms push_from_min push_to_min hold_ms grid_ms telemetry_ms"),
    Group("i8", "min_battery_pct min_signal_dBm plan_zone components"),
    Group("i8", "plan_state"),
    Group("?", "push holds platform_checks offers_unknown retries_to_come can_register manual"),
    # the rollout
    Group("i8", "look_ms look_next_ms look_step waves stops retry_rules plan_slots reserved slot_expires_ms"),
    Group("i8", "act_at join_at", NONE),
    Group("i8", "act_cause"),
    Group("i8", "address_ms budget budget_ms box_limit box_within_ms box_ms total_ms"),
    Group("i8", "dirty_head dirty_tail", NONE),
    Group("?", "ordered releases slots_queue lifo until_downloaded strict cells_limited cell_slots_queue"),
    Group("?", "maintained refusals_final believes_status total_from_progress may_cut cuts_off"),
    Group("?", "act_running total_of_attempt late_counts refusals_count no_more_retries starts_matter"),
)
"""What holds for the devices of one plan. ``w`` of the story is the run as the device's plan has it: these, and those
of ``RUN``, which are the same in all.

plan: its number; look_ms: when the rollout looks at everything next; look_next_ms, look_step: what it has found
already, if it had to stop for want of room; act_at: the next device that an abort concerns, NONE if there is no abort;
act_cause: why it does; join_at: the next to be awaited of those that join without a turn of their own, NONE if there
is none.
"""
