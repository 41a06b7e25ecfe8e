"""The Developer Center: what it knows of one device, and what it offers it and when."""

from __future__ import annotations

from typing import Any

from fota_sim.engines.compiled import body
from fota_sim.engines.compiled.events import (
    ADDRESS_ARRIVES,
    ARM,
    P_CONFIRMED,
    P_CONSISTENT,
    P_FAILED,
    P_INITIATED,
    P_ISSUING_PLAN,
    P_ISSUING_URL,
    P_PLAN_ISSUED,
    P_REFUSED,
    P_REQUESTED,
    P_RETRYING,
    P_STATUS,
    P_URL_ISSUED,
    P_WITHHELD,
    PLAN_ARRIVES,
    RETRY,
    TICK,
)
from fota_sim.engines.compiled.layout import NONE
from fota_sim.engines.compiled.memory import component_at, flag_at, int_at, part_at, radio_row, zone_of
from fota_sim.engines.compiled.notes import note
from fota_sim.engines.compiled.queue import key_of, schedule
from fota_sim.rules import codes, ota, plan, rows
from fota_sim.rules.compiled import part_of_rule
from fota_sim.rules.delay import to_ms
from fota_sim.rules.outcome import NO_UPDATE_REQUIRED, UPGRADE_FAILED, UPGRADED, UPGRADING
from fota_sim.rules.zone import next_push_tick

SUCCEEDED, NOT_REQUIRED = 13, 14
"""Rows of ``World.status_of`` behind those of the module's states: statuses that the platform finds by itself."""


@part_of_rule
def round_trip_ms(w: Any, live: Any, now_ms: int) -> int:
    """One round trip to the platform at the signal of this moment."""
    return to_ms(radio_row(w, live.radio)[rows.ROUND_TRIP_S + body.level(w, live, now_ms)])


# What the device says


@part_of_rule
def reported(w: Any, live: Any, now_ms: int) -> None:
    """The device subscribed: versions and telemetry arrive."""
    live.heard = True
    live.known_battery_pct = body.percent(live, now_ms)
    live.known_signal_dBm = body.reading_dBm(w, live, now_ms)
    _read_versions(w, live)
    _judge(w, live, now_ms)
    if live.url_due and not live.done:
        issue_address(w, live, now_ms)
    arm(w, live, now_ms)


@part_of_rule
def _read_versions(w: Any, live: Any) -> None:
    for j in range(w.parts):
        part = part_at(w, live.first_part + j)
        part.known = part.running if j == w.module_part else part.told


@part_of_rule
def requested(w: Any, live: Any, now_ms: int, want_sha256: bool) -> None:
    """AT+QIOTOTAREQ arrives."""
    live.record_sha256 = want_sha256
    _read_versions(w, live)
    note(w, live, now_ms, P_REQUESTED, part_at(w, live.first_part + w.module_part).running, 0)
    live.withheld = _withheld(w, live, now_ms)
    if live.withheld == plan.OFFER:
        _offer(w, live, now_ms)
    else:
        note(w, live, now_ms, P_WITHHELD, live.withheld, 0)


@part_of_rule
def status(w: Any, live: Any, now_ms: int, state: int, component: int, said_ms: int) -> None:
    """A status report arrives; one about a component that is done already, or a repeated one, is only noted."""
    note(w, live, said_ms, P_STATUS, component, state)
    if live.done or live.given_up or _first_left(w, live) != component:
        return
    live.status = int_at(w.status_of_at, state)
    if state == ota.SUBMITTED:
        _confirmed(w, live, now_ms)
    elif state == ota.REFUSED:
        live.hold_ms = plan.hold_until_ms(w.holds, live.offered_ms, w.hold_ms)
        note(w, live, now_ms, P_REFUSED, 0, 0)
        arm(w, live, now_ms)
    elif state in (ota.DOWNLOAD_ERROR, ota.UPDATE_ERROR):
        if live.confirmed and not live.url_due:
            _failed(w, live, now_ms, component)
    elif state == ota.UPDATE_SUCCESS:
        _read_versions(w, live)
        _judge(w, live, now_ms)


# What the platform decides


@part_of_rule
def _is_left(w: Any, live: Any, component: int) -> bool:
    c = component_at(w, component)
    return bool(part_at(w, live.first_part + c.part).known != c.target)


@part_of_rule
def _left(w: Any, live: Any) -> int:
    """How many components do not report their target version."""
    count = 0
    for component in range(w.components):
        if _is_left(w, live, component):
            count += 1
    return count


@part_of_rule
def _first_left(w: Any, live: Any) -> int:
    """The first component in upgrade order that does not report its target version, or NONE."""
    for component in range(w.components):
        if _is_left(w, live, component):
            return component
    return NONE


@part_of_rule
def _versions_fit(w: Any, live: Any) -> int:
    """OFFER, or why the first component that does not fit keeps the plan back."""
    for component in range(w.components):
        if _is_left(w, live, component):
            c = component_at(w, component)
            version = part_at(w, live.first_part + c.part).known
            is_source = version != NONE and flag_at(w.admits_at, component * w.versions + version)
            fits = plan.version_fits(version != NONE, c.any_source, is_source)
            if fits != plan.OFFER:
                return fits
    return plan.OFFER


@part_of_rule
def _withheld(w: Any, live: Any, now_ms: int) -> int:
    """OFFER, or why this device gets no plan now, whoever asks."""
    return plan.withheld(
        live.on_list,
        live.cancelled,
        plan.plan_open(w.plan_state, now_ms, w.starts_ms, w.ends_ms),
        live.confirmed or live.done or live.given_up,
        _versions_fit(w, live),
        now_ms,
        live.confirms_ms,
        plan.gate(
            w.platform_checks,
            w.offers_unknown,
            live.known_battery_pct,
            live.known_signal_dBm,
            w.min_battery_pct,
            w.min_signal_dBm,
        ),
    )


@part_of_rule
def _offer(w: Any, live: Any, now_ms: int) -> None:
    """Send the plan: one offer for each component that has to change."""
    mask = 0
    for component in range(w.components):
        if _is_left(w, live, component):
            mask |= 1 << component
            note(w, live, now_ms, P_ISSUING_PLAN, component, 0)
    note(w, live, now_ms, P_PLAN_ISSUED, 0, 0)
    live.offered_ms = now_ms
    schedule(w, live, now_ms + round_trip_ms(w, live, now_ms), PLAN_ARRIVES, mask, 0)


@part_of_rule
def _confirmed(w: Any, live: Any, now_ms: int) -> None:
    live.confirmed = True
    live.left = _left(w, live)
    live.belief = UPGRADING
    w.first_confirm = min(w.first_confirm, key_of(now_ms, live.who))
    note(w, live, now_ms, P_CONFIRMED, 0, 0)
    issue_address(w, live, now_ms)


@part_of_rule
def _failed(w: Any, live: Any, now_ms: int, component: int) -> None:
    live.record_failures += 1
    if not plan.may_retry(live.record_failures, w.retries):
        live.given_up = True
        live.belief = UPGRADE_FAILED
        live.status = int_at(w.status_of_at, ota.UPDATE_ERROR)
        live.finished_ms = now_ms
        note(w, live, now_ms, P_FAILED, component, 0)
        return
    note(w, live, now_ms, P_RETRYING, live.record_failures, 0)
    live.url_due = True
    schedule(w, live, now_ms + w.retry_delay_ms, RETRY, 0, 0)


@part_of_rule
def issue_address(w: Any, live: Any, now_ms: int) -> None:
    """Send the download address of the next component, now or when the device is there again."""
    live.url_due = True
    component = _first_left(w, live)
    if not live.online or component == NONE:
        return
    live.url_due = False
    live.attempts += 1
    note(w, live, now_ms, P_ISSUING_URL, component, 0)
    note(w, live, now_ms, P_URL_ISSUED, 0, 0)
    sha256 = 1 if live.record_sha256 else 0
    schedule(w, live, now_ms + round_trip_ms(w, live, now_ms), ADDRESS_ARRIVES, component, sha256)


@part_of_rule
def _judge(w: Any, live: Any, now_ms: int) -> None:
    """Success is a reported version that equals the target, and nothing else."""
    if live.done:
        return
    left = _left(w, live)
    if live.confirmed and left < live.left:
        live.left = left
        live.record_failures = 0
        note(w, live, now_ms, P_CONSISTENT, w.components - left - 1, 0)
        if left > 0:
            issue_address(w, live, now_ms)
    if left == 0:
        live.done = True
        live.given_up = False
        live.belief = UPGRADED if live.confirmed else NO_UPDATE_REQUIRED
        live.status = int_at(w.status_of_at, SUCCEEDED if live.confirmed else NOT_REQUIRED)
        live.finished_ms = now_ms


@part_of_rule
def settled(w: Any, live: Any) -> bool:
    """Whether nothing that this device does can change how its story ends."""
    return plan.settled(
        live.done,
        live.on_list,
        live.cancelled,
        live.given_up,
        w.retries_to_come,
        w.plan_state,
        live.confirmed,
    )


# Push


@part_of_rule
def arm(w: Any, live: Any, now_ms: int) -> None:
    """Have the device looked at on the first grid tick at which an offer may be due."""
    from_ms = plan.push_from_ms(
        w.push, settled(w, live), live.confirmed, now_ms, w.starts_ms, live.hold_ms, live.confirms_ms
    )
    if from_ms >= plan.NEVER_AGAIN:
        return
    zone = zone_of(w, w.plan_zone)
    tick_ms = next_push_tick(zone, from_ms, w.push_from_min, w.push_to_min)
    if tick_ms == live.tick_ms:
        return
    live.tick_ms = tick_ms  # an earlier tick is void
    if tick_ms >= w.ends_ms:
        return
    if live.withheld == codes.NO_CAUSE:
        live.withheld = codes.OUTSIDE_PUSH_PERIOD
    schedule(w, live, tick_ms, TICK, tick_ms, 0)


@part_of_rule
def tick(w: Any, live: Any, now_ms: int) -> None:
    """The grid tick that was armed has come."""
    live.tick_ms = NONE
    if not live.online:
        return  # armed again when it reports
    live.withheld = _withheld(w, live, now_ms)
    if live.withheld == plan.OFFER:
        note(w, live, now_ms, P_INITIATED, 0, 0)
        _offer(w, live, now_ms)
        schedule(w, live, now_ms + 1, ARM, 0, 0)
    elif live.withheld == codes.WAITING:
        arm(w, live, now_ms)
