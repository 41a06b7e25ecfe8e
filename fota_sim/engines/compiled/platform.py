"""The Developer Center: what it knows of one device, and what it offers it and when."""

from __future__ import annotations

from typing import Any

from fota_sim.engines.compiled import body, slots
from fota_sim.engines.compiled.events import (
    ADDRESS_ARRIVES,
    ARM,
    P_BOXED,
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
    P_TIMED_OUT,
    P_URL_ISSUED,
    P_WITHHELD,
    PLAN_ARRIVES,
    PLAN_UPGRADING,
    RETRY,
    STAGE_OVER,
    TICK,
    TOTAL_OVER,
)
from fota_sim.engines.compiled.layout import NONE
from fota_sim.engines.compiled.memory import (
    component_at,
    flag_at,
    int_at,
    part_at,
    radio_row,
    retries_of,
    zone_of,
)
from fota_sim.engines.compiled.notes import note, write_line
from fota_sim.engines.compiled.queue import key_of, schedule
from fota_sim.rules import codes, lifecycle, ota, plan, retry, rows, streams
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.compiled import part_of_rule
from fota_sim.rules.delay import to_ms
from fota_sim.rules.outcome import NO_UPDATE_REQUIRED, NOT_UPGRADED, UPGRADE_FAILED, UPGRADED, UPGRADING
from fota_sim.rules.zone import next_maintenance, next_offer_ms, next_push_tick

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
    live.reported_ms = now_ms
    live.known_battery_pct = body.percent(live, now_ms)
    live.known_signal_dBm = body.reading_dBm(w, live, now_ms)
    if live.stage == rr.ONLINE:
        enter_stage(w, live, now_ms, rr.NO_STAGE)
    _read_versions(w, live)
    _judge(w, live, now_ms)
    if live.url_due and not live.done and now_ms >= live.retry_ms:
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
    withheld_now = withheld(w, live, now_ms)
    if withheld_now == plan.OFFER:
        withheld_now = slots.admit(w, live, now_ms, True)
    live.withheld = withheld_now
    if live.withheld == plan.OFFER:
        _offer(w, live, now_ms)
    else:
        note(w, live, now_ms, P_WITHHELD, live.withheld, 0)


@part_of_rule
def status(w: Any, live: Any, now_ms: int, state: int, component: int, said_ms: int) -> None:
    """A status report arrives; one about a component that is done already, or a repeated one, is only noted."""
    note(w, live, said_ms, P_STATUS, component, state)
    repeated = state == ota.DOWNLOADING and live.status == int_at(w.status_of_at, ota.DOWNLOADING)
    if not repeated and state != ota.PLAN_RECEIVED:  # that an offer came is no progress
        live.said_ms = now_ms
    if live.done or live.given_up or _first_left(w, live) != component:
        return
    live.status = int_at(w.status_of_at, state)
    if state == ota.SUBMITTED:
        if not plan.is_over(w.plan_state):
            _confirmed(w, live, now_ms)
    elif state == ota.REFUSED:
        _refused(w, live, now_ms)
    elif state == ota.DOWNLOADING:
        if not repeated and w.total_from_progress:
            _begin_total(w, live, now_ms)
    elif state == ota.DOWNLOAD_SUCCESS:
        enter_stage(w, live, now_ms, rr.REPORT)
        if w.until_downloaded:
            slots.free(w, live, now_ms)
    elif state in (ota.DOWNLOAD_ERROR, ota.UPDATE_ERROR):
        if live.confirmed and not live.url_due:
            _failed(w, live, now_ms, component, retry.kind_of(state, live.last_error), codes.NO_CAUSE)
    elif state == ota.UPDATE_SUCCESS:
        _read_versions(w, live)
        if w.believes_status:
            c = component_at(w, component)
            part_at(w, live.first_part + c.part).known = c.target
        _judge(w, live, now_ms)


# What the platform decides


@part_of_rule
def _is_left(w: Any, live: Any, component: int) -> bool:
    c = component_at(w, component)
    return bool(part_at(w, live.first_part + c.part).known != c.target)


@part_of_rule
def _left(w: Any, live: Any) -> int:
    """Which components do not report their target version, a bit each."""
    mask = 0
    for component in range(w.components):
        if _is_left(w, live, component):
            mask |= 1 << component
    return mask


@part_of_rule
def _members(mask: int) -> int:
    """How many components a mask has."""
    count = 0
    while mask != 0:
        mask &= mask - 1
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
def withheld(w: Any, live: Any, now_ms: int) -> int:
    """OFFER, or why this device gets no plan now, whoever asks; whether there is a slot is another matter."""
    reason = plan.withheld(
        live.on_list,
        live.cancelled,
        plan.plan_open(w.plan_state, now_ms, w.starts_ms, w.ends_ms),
        live.confirmed or live.done or live.given_up or live.refused_for_good,
        _versions_fit(w, live),
        now_ms,
        live.confirms_ms,
        plan.gate(
            w.platform_checks,
            w.offers_unknown,
            now_ms - live.reported_ms > w.telemetry_ms,
            live.known_battery_pct,
            live.known_signal_dBm,
            w.min_battery_pct,
            w.min_signal_dBm,
        ),
    )
    if reason != plan.OFFER:
        return reason
    return slots.held_back(w, live, now_ms, _maintained_from(w, live, now_ms))


@part_of_rule
def _maintained_from(w: Any, live: Any, at_ms: int) -> int:
    """The first time not before ``at_ms`` at which the device's maintenance window is open."""
    if not w.maintained:
        return at_ms
    return next_maintenance(
        _window_zone(w, live), at_ms, w.maintained_from, w.maintained_to, w.maintained_days, w.first_weekday
    )


@part_of_rule
def _window_zone(w: Any, live: Any) -> Any:
    return zone_of(w, live.zone if w.device_zone else w.plan_zone)


@part_of_rule
def _offer(w: Any, live: Any, now_ms: int) -> None:
    """Send the plan: one offer for each component that has to change."""
    mask = _left(w, live)
    for component in range(w.components):
        if mask >> component & 1:
            note(w, live, now_ms, P_ISSUING_PLAN, component, 0)
    note(w, live, now_ms, P_PLAN_ISSUED, 0, 0)
    live.offered_ms = now_ms
    enter_stage(w, live, now_ms, rr.ACK)
    schedule(w, live, now_ms + round_trip_ms(w, live, now_ms), PLAN_ARRIVES, mask, 0)


@part_of_rule
def _confirmed(w: Any, live: Any, now_ms: int) -> None:
    live.confirmed = True
    live.left = _left(w, live)
    live.belief = UPGRADING
    if not w.ordered:
        w.first_confirm = min(w.first_confirm, key_of(now_ms, live.who))
    elif w.plan_state == lifecycle.ACTIVATED:
        w.plan_state = lifecycle.UPGRADING
        write_line(w, NONE, now_ms, PLAN_UPGRADING, 0, 0)
    note(w, live, now_ms, P_CONFIRMED, 0, 0)
    enter_stage(w, live, now_ms, rr.NO_STAGE)
    if not live.started_once:
        live.started_once = True
        slots.count(w, live.wave, rr.STARTED, 1)
    if not w.total_from_progress:
        _begin_total(w, live, now_ms)
    issue_address(w, live, now_ms)


@part_of_rule
def _refused(w: Any, live: Any, now_ms: int) -> None:
    live.hold_ms = plan.hold_until_ms(w.holds, live.offered_ms, w.hold_ms)
    note(w, live, now_ms, P_REFUSED, 0, 0)
    enter_stage(w, live, now_ms, rr.NO_STAGE)
    slots.count(w, live.wave, rr.ATTEMPTS + rr.REFUSED, 1)
    if not live.refused:
        live.refused = True
        slots.count(w, live.wave, rr.DEVICES + rr.REFUSED, 1)
        if w.refusals_final:
            live.refused_for_good = True
            slots.count(w, live.wave, rr.OVER_OTHERWISE, 1)
    slots.free(w, live, now_ms)
    arm(w, live, now_ms)


# Failures


@part_of_rule
def _failed(w: Any, live: Any, now_ms: int, component: int, kind: int, cause: int) -> None:
    """An attempt failed; with a ``cause``, the platform found it by waiting."""
    slots.count(w, live.wave, rr.ATTEMPTS + kind, 1)
    enter_stage(w, live, now_ms, rr.NO_STAGE)
    live.kind = kind
    live.attempts_failed += 1
    counts = kind != rr.SHED or w.refusals_count
    if w.box_limit > 0 and counts:
        if live.box_failures == 0 or retry.box_is_stale(live.box_from_ms, w.box_within_ms, now_ms):
            live.box_failures = 0
            live.box_from_ms = now_ms
        live.box_failures += 1
        if retry.is_boxed(live.box_failures, w.box_limit):
            _box(w, live, now_ms)
            return
    retries = retries_of(w)
    number = retry.rule_for(retries, kind)
    used = retry.times(live.retried, number) if number != retry.NO_RULE else 0
    if w.no_more_retries or not retry.may_retry(retries, number, used if counts else -1):
        _give_up(w, live, now_ms, component, cause)
        return
    if counts:
        live.retried = retry.once_more(live.retried, number)
    note(w, live, now_ms, P_RETRYING, used + 1, int(retries[number, rr.RETRY_COUNT]))
    if live.confirmed:
        hashed = int(retries[number, rr.RETRY_JITTER]) == rr.HASHED
        u = body.draw(w, live, streams.RETRY_JITTER, 0 if hashed else live.attempts_failed)
        _retry_at(w, live, now_ms + retry.retry_delay_ms(retries, number, used, u))
    elif not live.heard or not live.online:
        enter_stage(w, live, now_ms, rr.ONLINE)
    else:
        arm(w, live, now_ms)
    slots.stir(w, now_ms)


@part_of_rule
def _retry_at(w: Any, live: Any, at_ms: int) -> None:
    live.url_due = True
    live.retry_ms = at_ms
    schedule(w, live, at_ms, RETRY, at_ms, 0)


@part_of_rule
def _give_up(w: Any, live: Any, now_ms: int, component: int, cause: int) -> None:
    live.given_up = True
    live.url_due = False
    live.belief = UPGRADE_FAILED
    live.status = int_at(w.status_of_at, ota.UPDATE_ERROR)
    live.total_runs = False
    if cause != codes.NO_CAUSE and not live.bricked:
        live.failure = cause
    live.finished_ms = now_ms
    note(w, live, now_ms, P_FAILED, component, 0)
    slots.count(w, live.wave, rr.FAILED, 1)
    slots.count(w, live.wave, rr.DEVICES + live.kind, 1)
    slots.free(w, live, now_ms)


@part_of_rule
def _box(w: Any, live: Any, now_ms: int) -> None:
    """Leave the device alone for a while; then it begins anew."""
    live.box_until_ms = now_ms + w.box_ms
    live.box_failures = 0
    live.confirmed = False
    live.url_due = False
    live.retried = 0
    live.total_runs = False
    live.belief = NOT_UPGRADED
    note(w, live, now_ms, P_BOXED, 0, 0)
    slots.free(w, live, now_ms)
    arm(w, live, now_ms)


# Stages


@part_of_rule
def enter_stage(w: Any, live: Any, now_ms: int, stage: int) -> None:
    """Wait for what ends the stage, for as long as the plan does."""
    live.stage = stage
    live.stage_number += 1
    lasts_ms = int_at(w.timeouts_at, stage)
    if lasts_ms > 0:
        schedule(w, live, now_ms + lasts_ms, STAGE_OVER, live.stage_number, stage)


@part_of_rule
def _begin_total(w: Any, live: Any, now_ms: int) -> None:
    """Wait for the end of the whole upgrade, all attempts together."""
    if w.total_ms > 0 and not live.total_runs:
        live.total_runs = True
        live.total_number += 1
        schedule(w, live, now_ms + w.total_ms, TOTAL_OVER, live.total_number, 0)


@part_of_rule
def too_long(stage: int) -> int:
    """The cause of a failure by waiting."""
    if stage == rr.ONLINE:
        return codes.NOT_SEEN
    if stage == rr.ACK:
        return codes.NO_ANSWER
    return codes.DOWNLOAD_TOO_LONG if stage == rr.FETCHING else codes.NO_RESULT


@part_of_rule
def timed_out(w: Any, live: Any, now_ms: int, cause: int) -> None:
    """A stage took too long."""
    if live.done or live.given_up or live.cancelled != codes.NO_CAUSE or live.refused_for_good:
        return
    note(w, live, now_ms, P_TIMED_OUT, cause, 0)
    _failed(w, live, now_ms, max(0, _first_left(w, live)), rr.TIMEOUT, cause)


# Addresses


@part_of_rule
def issue_address(w: Any, live: Any, now_ms: int) -> None:
    """Send the download address of the next component, now or when the device is there again."""
    if live.cancelled != codes.NO_CAUSE:
        return
    live.url_due = True
    component = _first_left(w, live)
    if not live.online or component == NONE:
        return
    may_ms = retry.budget_until_ms(live.budget_used, live.budget_from_ms, w.budget, w.budget_ms, now_ms)
    may_ms = _maintained_from(w, live, may_ms)
    if may_ms > now_ms:
        if may_ms < plan.NEVER_AGAIN:
            _retry_at(w, live, may_ms)
        return
    live.url_due = False
    if live.budget_used == 0 or now_ms >= live.budget_from_ms + w.budget_ms:
        live.budget_used = 0
        live.budget_from_ms = now_ms
    live.budget_used += 1
    live.issued_ms = now_ms
    enter_stage(w, live, now_ms, rr.FETCHING)
    if not w.total_from_progress:
        _begin_total(w, live, now_ms)
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
    if live.confirmed and _members(left) < _members(live.left):
        achieved = live.left & ~left
        live.left = left
        live.retried = 0
        live.box_failures = 0
        for component in range(w.components):
            if achieved >> component & 1:
                note(w, live, now_ms, P_CONSISTENT, component, 0)
        if left != 0:
            issue_address(w, live, now_ms)
    if left == 0:
        live.done = True
        enter_stage(w, live, now_ms, rr.NO_STAGE)
        live.total_runs = False
        if live.given_up:
            slots.count(w, live.wave, rr.FAILED, -1)
        slots.count(w, live.wave, rr.SUCCEEDED, 1)
        slots.free(w, live, now_ms)
        slots.succeeded(w, now_ms)
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
        live.cancelled != codes.NO_CAUSE or live.refused_for_good,
        live.given_up,
        w.retries_to_come,
        w.plan_state,
        live.confirmed,
    )


# Push


@part_of_rule
def arm(w: Any, live: Any, now_ms: int) -> None:
    """Have the device looked at at the first time at which an offer may be due."""
    if not slots.is_released(w, live):
        if live.withheld == codes.NO_CAUSE:
            live.withheld = slots.held_back(w, live, now_ms, 0)
        return
    again_ms = max(live.offered_ms + plan.repeat_ms(w.grid_ms), live.box_until_ms)
    under_way = live.confirmed or live.given_up
    from_ms = plan.push_from_ms(
        w.push, settled(w, live), under_way, now_ms, w.starts_ms, live.hold_ms, live.confirms_ms, again_ms
    )
    if from_ms >= plan.NEVER_AGAIN:
        return
    tick_ms = _tick_from(w, live, from_ms)
    if tick_ms == live.tick_ms:
        return
    live.tick_ms = tick_ms  # an earlier tick is void
    if tick_ms >= w.ends_ms:
        return
    if live.withheld == codes.NO_CAUSE:
        live.withheld = codes.OUTSIDE_PUSH_PERIOD
    schedule(w, live, tick_ms, TICK, tick_ms, 0)


@part_of_rule
def _tick_from(w: Any, live: Any, from_ms: int) -> int:
    """The first time not before ``from_ms`` at which something may be pushed to the device."""
    zone = zone_of(w, w.plan_zone)
    if not w.maintained:
        return next_push_tick(zone, from_ms, w.push_from_min, w.push_to_min, w.grid_ms)
    return next_offer_ms(
        zone,
        _window_zone(w, live),
        from_ms,
        w.push_from_min,
        w.push_to_min,
        w.grid_ms,
        w.maintained_from,
        w.maintained_to,
        w.maintained_days,
        w.first_weekday,
    )


@part_of_rule
def tick(w: Any, live: Any, now_ms: int) -> None:
    """The push that was armed has come."""
    live.tick_ms = NONE
    if not live.online:
        return  # armed again when it reports
    reason = withheld(w, live, now_ms)
    if reason == plan.OFFER:
        reason = slots.admit(w, live, now_ms, False)
    serve(w, live, now_ms, reason)


@part_of_rule
def serve(w: Any, live: Any, now_ms: int, reason: int) -> None:
    """Push the plan to the device, or look at it again later."""
    live.withheld = reason
    if reason == plan.OFFER:
        note(w, live, now_ms, P_INITIATED, 0, 0)
        _offer(w, live, now_ms)
        schedule(w, live, now_ms + 1, ARM, 0, 0)
    elif reason in (codes.WAITING, codes.OUTSIDE_WINDOW, codes.IN_PENALTY_BOX):
        arm(w, live, now_ms)
    elif reason == codes.NO_SLOT and not live.queued:
        live.hold_ms = max(live.hold_ms, now_ms + plan.look_again_ms(w.grid_ms))
        arm(w, live, now_ms)
