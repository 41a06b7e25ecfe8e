"""What becomes of an attempt: download addresses, failures, retries, the penalty box."""

from __future__ import annotations

from typing import Any

from fota_sim.device import body, knowledge, offers, sleep, slots, stages
from fota_sim.device.events import (
    ADDRESS_ARRIVES,
    P_BOXED,
    P_FAILED,
    P_ISSUING_URL,
    P_RETRYING,
    P_TIMED_OUT,
    P_URL_ISSUED,
    RETRY,
)
from fota_sim.device.fields import NONE
from fota_sim.device.port import int_at, note, retries_of, schedule
from fota_sim.rules import codes, ota, plan, retry, streams
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.outcome import NOT_UPGRADED, UPGRADE_FAILED


def failed(w: Any, live: Any, now_ms: int, component: int, kind: int, cause: int, no_time_left: bool) -> None:
    """An attempt failed; with a ``cause``, the platform found it by waiting."""
    slots.count(w, live.wave, rr.ATTEMPTS + kind, 1)
    stages.enter_stage(w, live, now_ms, rr.NO_STAGE)
    live.kind = kind
    live.attempts_failed += 1
    if w.total_of_attempt:
        live.total_runs = False
    if live.cancelled != codes.NO_CAUSE:
        note(w, live, now_ms, P_FAILED, component, 0)
        slots.stir(w, now_ms)
        return
    if not _has_source(w, live):
        _give_up(w, live, now_ms, component, cause)
        return
    counts = kind != rr.SHED or w.refusals_count
    if w.box_limit > 0 and counts:
        if live.box_failures == 0 or retry.box_is_stale(live.box_from_ms, w.box_within_ms, now_ms):
            live.box_failures = 0
            live.box_from_ms = now_ms
        live.box_failures += 1
        if retry.is_boxed(live.box_failures, w.box_limit):
            if plan.is_over(w.plan_state):  # nobody begins anew
                _give_up(w, live, now_ms, component, cause)
            else:
                _box(w, live, now_ms)
            return
    retries = retries_of(w)
    number = retry.rule_for(retries, kind)
    used = retry.times(live.retried, number) if number != retry.NO_RULE else 0
    if no_time_left or w.no_more_retries or not retry.may_retry(retries, number, used if counts else -1):
        _give_up(w, live, now_ms, component, cause)
        return
    if counts:
        live.retried = retry.once_more(live.retried, number)
    note(w, live, now_ms, P_RETRYING, used + 1, int(retries[number, rr.RETRY_COUNT]))
    hashed = int(retries[number, rr.RETRY_JITTER]) == rr.HASHED
    u = body.draw(w, live, streams.RETRY_JITTER, 0 if hashed else live.attempts_failed)
    again_ms = now_ms + retry.retry_delay_ms(retries, number, used, u)
    if live.confirmed:
        _retry_at(w, live, again_ms)
    else:
        _offer_at(w, live, now_ms, again_ms)
    slots.stir(w, now_ms)


def _has_source(w: Any, live: Any) -> bool:
    """Whether the device still runs what the package that it was sent is for."""
    component = knowledge.first_left(w, live)
    return not live.confirmed or component == NONE or knowledge.fits(w, live, component) == plan.OFFER


def _retry_at(w: Any, live: Any, at_ms: int) -> None:
    live.url_due = True
    live.retry_ms = at_ms
    schedule(w, live, at_ms, RETRY, at_ms, 0)


def _offer_at(w: Any, live: Any, now_ms: int, at_ms: int) -> None:
    """Offer the plan anew to a device that did not come, or did not answer, not before ``at_ms``."""
    live.retry_ms = at_ms
    if live.heard and sleep.is_there(live, now_ms):
        offers.arm(w, live, now_ms)
    else:
        stages.enter_stage(w, live, at_ms, rr.ONLINE)


def _give_up(w: Any, live: Any, now_ms: int, component: int, cause: int) -> None:
    live.given_up = True
    live.url_due = False
    live.belief = UPGRADE_FAILED
    live.status = int_at(w.status_of_at, ota.UPDATE_ERROR)
    live.total_runs = False
    if cause != codes.NO_CAUSE and not live.bricked and live.lost != codes.BATTERY_EMPTY:
        live.failure = cause
        live.rolled_back = False
    live.finished_ms = now_ms
    note(w, live, now_ms, P_FAILED, component, 0)
    slots.count(w, live.wave, rr.FAILED, 1)
    slots.count(w, live.wave, rr.DEVICES + live.kind, 1)
    slots.free(w, live, now_ms)


def _box(w: Any, live: Any, now_ms: int) -> None:
    """Leave the device alone for a while; then it begins anew."""
    live.box_until_ms = now_ms + w.box_ms
    live.box_failures = 0
    live.confirmed = False
    live.url_due = False
    live.retry_ms = now_ms
    live.retried = 0
    live.total_runs = False
    live.belief = NOT_UPGRADED
    live.status = int_at(w.status_of_at, ota.NO_PLAN)
    note(w, live, now_ms, P_BOXED, 0, 0)
    slots.free(w, live, now_ms)
    offers.arm(w, live, now_ms)


def timed_out(w: Any, live: Any, now_ms: int, cause: int, no_time_left: bool) -> None:
    """A stage took too long, or the whole upgrade; with ``no_time_left`` nothing is tried again."""
    if live.done or live.given_up or live.cancelled != codes.NO_CAUSE or live.refused_for_good:
        return
    if plan.is_over(w.plan_state) and not live.confirmed:
        return
    note(w, live, now_ms, P_TIMED_OUT, cause, 0)
    failed(w, live, now_ms, max(0, knowledge.first_left(w, live)), rr.TIMEOUT, cause, no_time_left)


def issue_address(w: Any, live: Any, now_ms: int) -> None:
    """Send the download address of the next component, now or when the device is there again."""
    if live.cancelled != codes.NO_CAUSE or live.given_up:
        return
    live.url_due = True
    component = knowledge.first_left(w, live)
    if not sleep.is_there(live, now_ms) or component == NONE:
        sleep.is_waited_for(w, live, now_ms)
        return
    if not _has_source(w, live):
        cause = codes.NO_CAUSE if live.failure != codes.NO_CAUSE else codes.NOT_SOURCE_VERSION
        _give_up(w, live, now_ms, component, cause)
        return
    may_ms = retry.budget_until_ms(live.budget_used, live.budget_from_ms, w.budget, w.budget_ms, now_ms)
    may_ms = knowledge.maintained_from(w, live, may_ms)
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
    stages.enter_stage(w, live, now_ms, rr.FETCHING)
    if not w.total_from_progress:
        stages.begin_total(w, live, now_ms)
    live.attempts += 1
    note(w, live, now_ms, P_ISSUING_URL, component, 0)
    note(w, live, now_ms, P_URL_ISSUED, 0, 0)
    sha256 = 1 if live.record_sha256 else 0
    arrives_ms = sleep.hears_ms(w, live, now_ms) + body.round_trip_ms(w, live, now_ms)
    schedule(w, live, arrives_ms, ADDRESS_ARRIVES, component, sha256)
