"""The Developer Center: what it knows of one device, and what it offers it and when."""

from __future__ import annotations

from typing import Any

from fota_sim.engines.compiled import body
from fota_sim.engines.compiled.events import (
    ADDRESS_ARRIVES,
    ARM,
    FIRST_CONFIRM,
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
    PLAN_STATE,
    RETRY,
    TICK,
)
from fota_sim.engines.compiled.layout import NONE, World
from fota_sim.engines.compiled.notes import note
from fota_sim.engines.compiled.queue import key_of, schedule
from fota_sim.rules import codes, ota, plan, rows
from fota_sim.rules.compiled import rule
from fota_sim.rules.delay import to_ms
from fota_sim.rules.outcome import NO_UPDATE_REQUIRED, UPGRADE_FAILED, UPGRADED, UPGRADING
from fota_sim.rules.zone import next_push_tick

SUCCEEDED, NOT_REQUIRED = 13, 14
"""Rows of ``World.status_of`` behind those of the module's states: statuses that the platform finds by itself."""


@rule
def round_trip_ms(w: World, live: Any, now_ms: int) -> int:
    """One round trip to the platform at the signal of this moment."""
    return to_ms(w.radios[live.radio, rows.ROUND_TRIP_S + body.level(w, live, now_ms)])


# What the device says


@rule
def reported(w: World, live: Any, now_ms: int) -> None:
    """The device subscribed: versions and telemetry arrive."""
    live.heard = True
    live.known_battery_pct = body.percent(live, now_ms)
    live.known_signal_dBm = body.reading_dBm(w, live, now_ms)
    _read_versions(w, live)
    _judge(w, live, now_ms)
    if live.url_due and not live.done:
        issue_address(w, live, now_ms)
    arm(w, live, now_ms)


@rule
def _read_versions(w: World, live: Any) -> None:
    plan_ = w.plan[0]
    for j in range(plan_.parts):
        part = w.parts[live.base + j]
        part.known = part.running if j == plan_.module_part else part.told


@rule
def requested(w: World, live: Any, now_ms: int, want_sha256: bool) -> None:
    """AT+QIOTOTAREQ arrives."""
    live.record_sha256 = want_sha256
    _read_versions(w, live)
    note(w, live, now_ms, P_REQUESTED, w.parts[live.base + w.plan[0].module_part].running, 0)
    live.withheld = _withheld(w, live, now_ms)
    if live.withheld == plan.OFFER:
        _offer(w, live, now_ms)
    else:
        note(w, live, now_ms, P_WITHHELD, live.withheld, 0)


@rule
def status(w: World, live: Any, now_ms: int, state: int, component: int, said_ms: int) -> None:
    """A status report arrives; one about a component that is done already, or a repeated one, is only noted."""
    note(w, live, said_ms, P_STATUS, component, state)
    if live.done or live.given_up or _first_left(w, live) != component:
        return
    live.status = w.status_of[state]
    if state == ota.SUBMITTED:
        _confirmed(w, live, now_ms)
    elif state == ota.REFUSED:
        live.hold_ms = plan.hold_until_ms(w.plan[0].holds, live.offered_ms, w.plan[0].hold_ms)
        note(w, live, now_ms, P_REFUSED, 0, 0)
        arm(w, live, now_ms)
    elif state in (ota.DOWNLOAD_ERROR, ota.UPDATE_ERROR):
        if live.confirmed and not live.url_due:
            _failed(w, live, now_ms, component)
    elif state == ota.UPDATE_SUCCESS:
        _read_versions(w, live)
        _judge(w, live, now_ms)


# What the platform decides


@rule
def _is_left(w: World, live: Any, component: int) -> bool:
    c = w.components[component]
    return bool(w.parts[live.base + c.part].known != c.target)


@rule
def _left(w: World, live: Any) -> int:
    """How many components do not report their target version."""
    count = 0
    for component in range(w.plan[0].components):
        if _is_left(w, live, component):
            count += 1
    return count


@rule
def _first_left(w: World, live: Any) -> int:
    """The first component in upgrade order that does not report its target version, or NONE."""
    for component in range(w.plan[0].components):
        if _is_left(w, live, component):
            return component
    return NONE


@rule
def _versions_fit(w: World, live: Any) -> int:
    """OFFER, or why the first component that does not fit keeps the plan back."""
    for component in range(w.plan[0].components):
        if _is_left(w, live, component):
            c = w.components[component]
            version = w.parts[live.base + c.part].known
            is_source = version != NONE and w.admits[component, version]
            fits = plan.version_fits(version != NONE, c.any_source, is_source)
            if fits != plan.OFFER:
                return fits
    return plan.OFFER


@rule
def _withheld(w: World, live: Any, now_ms: int) -> int:
    """OFFER, or why this device gets no plan now, whoever asks."""
    plan_ = w.plan[0]
    return plan.withheld(
        live.on_list,
        live.cancelled,
        plan.plan_open(w.s[PLAN_STATE], now_ms, plan_.starts_ms, plan_.ends_ms),
        live.confirmed or live.done or live.given_up,
        _versions_fit(w, live),
        now_ms,
        live.confirms_ms,
        plan.gate(
            plan_.platform_checks,
            plan_.offers_unknown,
            live.known_battery_pct,
            live.known_signal_dBm,
            plan_.min_battery_pct,
            plan_.min_signal_dBm,
        ),
    )


@rule
def _offer(w: World, live: Any, now_ms: int) -> None:
    """Send the plan: one offer for each component that has to change."""
    mask = 0
    for component in range(w.plan[0].components):
        if _is_left(w, live, component):
            mask |= 1 << component
            note(w, live, now_ms, P_ISSUING_PLAN, component, 0)
    note(w, live, now_ms, P_PLAN_ISSUED, 0, 0)
    live.offered_ms = now_ms
    schedule(w, live, now_ms + round_trip_ms(w, live, now_ms), PLAN_ARRIVES, mask, 0)


@rule
def _confirmed(w: World, live: Any, now_ms: int) -> None:
    live.confirmed = True
    live.left = _left(w, live)
    live.belief = UPGRADING
    w.s[FIRST_CONFIRM] = min(w.s[FIRST_CONFIRM], key_of(now_ms, live.device))
    note(w, live, now_ms, P_CONFIRMED, 0, 0)
    issue_address(w, live, now_ms)


@rule
def _failed(w: World, live: Any, now_ms: int, component: int) -> None:
    plan_ = w.plan[0]
    live.record_failures += 1
    if not plan.may_retry(live.record_failures, plan_.retries):
        live.given_up = True
        live.belief = UPGRADE_FAILED
        live.status = w.status_of[ota.UPDATE_ERROR]
        live.finished_ms = now_ms
        note(w, live, now_ms, P_FAILED, component, 0)
        return
    note(w, live, now_ms, P_RETRYING, live.record_failures, 0)
    live.url_due = True
    schedule(w, live, now_ms + plan_.retry_delay_ms, RETRY, 0, 0)


@rule
def issue_address(w: World, live: Any, now_ms: int) -> None:
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


@rule
def _judge(w: World, live: Any, now_ms: int) -> None:
    """Success is a reported version that equals the target, and nothing else."""
    if live.done:
        return
    left = _left(w, live)
    if live.confirmed and left < live.left:
        live.left = left
        live.record_failures = 0
        note(w, live, now_ms, P_CONSISTENT, w.plan[0].components - left - 1, 0)
        if left > 0:
            issue_address(w, live, now_ms)
    if left == 0:
        live.done = True
        live.given_up = False
        live.belief = UPGRADED if live.confirmed else NO_UPDATE_REQUIRED
        live.status = w.status_of[SUCCEEDED if live.confirmed else NOT_REQUIRED]
        live.finished_ms = now_ms


@rule
def settled(w: World, live: Any) -> bool:
    """Whether nothing that this device does can change how its story ends."""
    return plan.settled(
        live.done,
        live.on_list,
        live.cancelled,
        live.given_up,
        w.plan[0].retries_to_come,
        w.s[PLAN_STATE],
        live.confirmed,
    )


# Push


@rule
def arm(w: World, live: Any, now_ms: int) -> None:
    """Have the device looked at on the first grid tick at which an offer may be due."""
    plan_ = w.plan[0]
    from_ms = plan.push_from_ms(
        plan_.push, settled(w, live), live.confirmed, now_ms, plan_.starts_ms, live.hold_ms, live.confirms_ms
    )
    if from_ms >= plan.NEVER_AGAIN:
        return
    zone = w.zones[w.zone_rows[plan_.zone, 0] : w.zone_rows[plan_.zone, 1]]
    tick_ms = next_push_tick(zone, from_ms, plan_.push_from_min, plan_.push_to_min)
    if tick_ms == live.tick_ms:
        return
    live.tick_ms = tick_ms  # an earlier tick is void
    if tick_ms >= plan_.ends_ms:
        return
    if live.withheld == codes.NO_CAUSE:
        live.withheld = codes.OUTSIDE_PUSH_PERIOD
    schedule(w, live, tick_ms, TICK, tick_ms, 0)


@rule
def tick(w: World, live: Any, now_ms: int) -> None:
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
