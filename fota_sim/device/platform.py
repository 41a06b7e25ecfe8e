"""The Developer Center: what a device tells it, and what it makes of that."""

from __future__ import annotations

from typing import Any

from fota_sim.device import attempts, body, knowledge, offers, slots, stages
from fota_sim.device.events import (
    P_CONFIRMED,
    P_CONSISTENT,
    P_INCONSISTENT,
    P_REFUSED,
    P_REQUESTED,
    P_STATUS,
    P_WITHHELD,
)
from fota_sim.device.fields import NONE
from fota_sim.device.port import component_at, first_confirmed, int_at, note, part_at
from fota_sim.rules import codes, ota, plan, retry
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.host import UNKNOWN
from fota_sim.rules.outcome import NO_UPDATE_REQUIRED, UPGRADED, UPGRADING

SUCCEEDED, NOT_REQUIRED = 13, 14
"""Rows of ``World.status_of`` behind those of the module's states: statuses that the platform finds by itself."""


def reported(w: Any, live: Any, now_ms: int) -> None:
    """The device says its versions and telemetry, and is sent what is due for it."""
    heard(w, live, now_ms)
    goes_on(w, live, now_ms)


def heard(w: Any, live: Any, now_ms: int) -> None:
    """The device subscribed: versions and telemetry arrive."""
    if not live.heard:
        slots.joined(w, live, now_ms)
    live.heard = True
    live.reported_ms = now_ms
    live.talked_ms = now_ms
    live.known_battery_pct = body.percent(w, live, now_ms)
    live.known_signal_dBm = body.reading_dBm(w, live, now_ms)
    if w.cells_limited and live.known_signal_dBm != UNKNOWN:
        live.known_coverage_level = body.coverage_now(w, live, now_ms)
    live.open_ms = plan.LONG_AGO_MS  # a module that has started has forgotten what it was offered
    if live.stage == rr.ONLINE:
        stages.enter_stage(w, live, now_ms, rr.NO_STAGE)
    knowledge.read_versions(w, live)
    _judge(w, live, now_ms)


def goes_on(w: Any, live: Any, now_ms: int) -> None:
    """Nothing more comes of what the device could not say before: it is sent what waited for it, address or plan."""
    if live.url_due and not live.done and now_ms >= live.retry_ms:
        attempts.issue_address(w, live, now_ms)
    offers.catch_up(w, live, now_ms)


def requested(w: Any, live: Any, now_ms: int, want_sha256: bool) -> None:
    """AT+QIOTOTAREQ arrives."""
    live.record_sha256 = want_sha256
    live.talked_ms = now_ms
    knowledge.read_versions(w, live)
    note(w, live, now_ms, P_REQUESTED, part_at(w, live.first_part + w.module_part).running, 0)
    _judge(w, live, now_ms)
    withheld_now = offers.withheld(w, live, now_ms)
    if withheld_now == plan.OFFER:
        withheld_now = slots.admit(w, live, now_ms, True)
    live.withheld = withheld_now
    if live.withheld == plan.OFFER:
        offers.offer(w, live, now_ms)
    else:
        note(w, live, now_ms, P_WITHHELD, live.withheld, 0)


def status(w: Any, live: Any, now_ms: int, state: int, component: int, said_ms: int) -> None:
    """A status report arrives; one about a component that is done already, or a repeated one, is only noted."""
    note(w, live, said_ms, P_STATUS, component, state)
    live.talked_ms = now_ms
    repeated = state == ota.DOWNLOADING and live.status == int_at(w.status_of_at, ota.DOWNLOADING)
    if not repeated and state != ota.PLAN_RECEIVED:  # that an offer came is no progress
        live.said_ms = now_ms
    if live.done or knowledge.first_left(w, live) != component:
        return
    if live.given_up:
        if state == ota.UPDATE_SUCCESS:
            _succeeded(w, live, now_ms, component)
        return
    if not plan.takes_status(state, live.confirmed, plan.is_over(w.plan_state)):
        return
    ends = state in (ota.DOWNLOAD_ERROR, ota.UPDATE_ERROR, ota.UPDATE_SUCCESS)
    if live.cancelled == codes.NO_CAUSE:
        if state != ota.UPDATE_SUCCESS:  # only a version is success
            live.status = int_at(w.status_of_at, state)
    elif not ends:
        return
    if state == ota.SUBMITTED:
        _confirmed(w, live, now_ms)
    elif state == ota.REFUSED:
        _refused(w, live, now_ms)
    elif state == ota.DOWNLOADING:
        if not repeated and w.total_from_progress:
            stages.begin_total(w, live, now_ms)
    elif state == ota.DOWNLOAD_SUCCESS and knowledge.is_fetched(w, live, component):
        stages.enter_stage(w, live, now_ms, rr.REPORT)
        if w.until_downloaded and knowledge.members(knowledge.left(w, live)) == 1:
            slots.free(w, live, now_ms)
    elif state in (ota.DOWNLOAD_ERROR, ota.UPDATE_ERROR):
        if state == ota.UPDATE_ERROR:
            knowledge.read_version(w, live, component)
            _compare(w, live, now_ms, component)
        if live.confirmed and not live.url_due:
            kind = retry.kind_of(state, live.last_error)
            attempts.failed(w, live, now_ms, component, kind, codes.NO_CAUSE, False)
        if live.status == int_at(w.status_of_at, ota.UPDATE_ERROR) and live.belief == UPGRADING:
            live.status = int_at(w.status_of_at, ota.SUBMITTED)  # it is tried again
    elif state == ota.UPDATE_SUCCESS:
        _succeeded(w, live, now_ms, component)


def _succeeded(w: Any, live: Any, now_ms: int, component: int) -> None:
    """The module says that its upgrade succeeded, and which versions run now."""
    knowledge.read_versions(w, live)
    if w.believes_status:
        c = component_at(w, component)
        part_at(w, live.first_part + c.part).known = c.target
    _compare(w, live, now_ms, component)
    _judge(w, live, now_ms)


def _confirmed(w: Any, live: Any, now_ms: int) -> None:
    live.confirmed = True
    live.retry_ms = now_ms  # it answered after all
    live.open_ms = plan.LONG_AGO_MS
    live.left = knowledge.left(w, live)
    live.belief = UPGRADING
    first_confirmed(w, live, now_ms)
    note(w, live, now_ms, P_CONFIRMED, 0, 0)
    stages.enter_stage(w, live, now_ms, rr.NO_STAGE)
    if not live.started_once:
        live.started_once = True
        slots.started(w, live, now_ms)
    if not w.total_from_progress:
        stages.begin_total(w, live, now_ms)
    attempts.issue_address(w, live, now_ms)


def _refused(w: Any, live: Any, now_ms: int) -> None:
    live.hold_ms = plan.hold_until_ms(w.holds, plan.answered_ms(live.open_ms, live.offered_ms), w.hold_ms)
    live.open_ms = plan.LONG_AGO_MS
    note(w, live, now_ms, P_REFUSED, 0, 0)
    stages.enter_stage(w, live, now_ms, rr.NO_STAGE)
    slots.count(w, live.wave, rr.ATTEMPTS + rr.REFUSED, 1)
    if not live.refused:
        live.refused = True
        slots.count(w, live.wave, rr.DEVICES + rr.REFUSED, 1)
        if w.refusals_final:
            live.refused_for_good = True
            slots.count(w, live.wave, rr.OVER_OTHERWISE, 1)
    slots.free(w, live, now_ms)
    offers.arm(w, live, now_ms)


def _compare(w: Any, live: Any, now_ms: int, component: int) -> None:
    """A result comes with the version that the device runs; log it if that is not the target."""
    version = part_at(w, live.first_part + component_at(w, component).part).known
    if version != NONE and knowledge.is_left(w, live, component):
        note(w, live, now_ms, P_INCONSISTENT, component, version)


def _judge(w: Any, live: Any, now_ms: int) -> None:
    """Success is a reported version that equals the target, and nothing else."""
    if live.on_list == codes.OTHER_PRODUCT:  # a version of the same name is another firmware
        return
    if not plan.takes_success(live.done, live.given_up, plan.aborted(live.cancelled), w.late_counts):
        return
    left = knowledge.left(w, live)
    if live.started_once and knowledge.members(left) < knowledge.members(live.left):
        achieved = live.left & ~left
        live.left = left
        live.retried = 0
        live.box_failures = 0
        for component in range(w.components):
            if achieved >> component & 1:
                note(w, live, now_ms, P_CONSISTENT, component, 0)
        stages.enter_stage(w, live, now_ms, rr.NO_STAGE)  # there is its result
        if left != 0 and live.belief == UPGRADING:
            live.status = int_at(w.status_of_at, ota.SUBMITTED)  # of the next one
            attempts.issue_address(w, live, now_ms)
    if left == 0:
        live.done = True
        stages.enter_stage(w, live, now_ms, rr.NO_STAGE)
        live.total_runs = False
        if live.given_up:
            slots.count(w, live.wave, rr.FAILED, -1)
        if live.cancelled != codes.NO_CAUSE or live.refused_for_good:
            slots.count(w, live.wave, rr.OVER_OTHERWISE, -1)
        slots.free(w, live, now_ms)
        slots.succeeded(w, live, now_ms)
        live.given_up = False
        live.belief = UPGRADED if live.started_once else NO_UPDATE_REQUIRED
        live.status = int_at(w.status_of_at, SUCCEEDED if live.started_once else NOT_REQUIRED)
        live.finished_ms = now_ms
