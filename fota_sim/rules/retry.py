"""What the platform does after a failed attempt of one device: again, later, or never."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from fota_sim.rules import codes, ota
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.compiled import rule
from fota_sim.rules.delay import to_ms

Floats = NDArray[np.float64]

NO_RULE = -1
_BITS = 16  # of a counter; four fit into a word
_FULL = (1 << (_BITS - 1)) - 1  # the highest bit stays free: a word of 64 bits has a sign, and Python's number has not


@rule
def kind_of(state: int, cause: int) -> int:
    """Which kind of failure a status report with the module's cause is to the platform."""
    if state == ota.UPDATE_ERROR:
        return rr.UPGRADE
    return rr.SHED if cause == codes.CONNECTION_REFUSED else rr.DOWNLOAD


@rule
def rule_for(retries: Floats, kind: int) -> int:
    """The first retry rule that knows this kind of failure, or NO_RULE."""
    for number in range(retries.shape[0]):
        if int(retries[number, rr.RETRY_KINDS]) >> kind & 1:
            return number
    return NO_RULE


@rule
def times(done: int, number: int) -> int:
    """How often rule ``number`` was used; ``done`` holds a counter for each."""
    return done >> (_BITS * number) & _FULL


@rule
def once_more(done: int, number: int) -> int:
    """``done`` with one more use of rule ``number``; a counter stops at 32767."""
    return done if times(done, number) == _FULL else done + (1 << (_BITS * number))


@rule
def may_retry(retries: Floats, number: int, used: int) -> bool:
    """Whether rule ``number`` has another attempt after ``used``; -1: after any number, for none of them counts."""
    if number == NO_RULE:
        return False
    most = retries[number, rr.RETRY_COUNT]
    return bool(most < 0.0 or used < most)


@rule
def retry_delay_ms(retries: Floats, number: int, used: int, u: float) -> int:
    """From a failure to the next attempt, the rule having been used ``used`` times; ``u`` is the jitter's draw."""
    delay_s = retries[number, rr.RETRY_DELAY_S]
    for _ in range(min(used, 64)):
        delay_s = delay_s * retries[number, rr.RETRY_FACTOR]
    delay_s = min(delay_s, retries[number, rr.RETRY_LONGEST_S])
    jitter = retries[number, rr.RETRY_JITTER]
    if jitter in (rr.UNIFORM, rr.HASHED):
        delay_s = delay_s + delay_s * retries[number, rr.RETRY_SPREAD] * u
    elif jitter == rr.EXPONENTIAL:
        delay_s = delay_s - delay_s * retries[number, rr.RETRY_SPREAD] * math.log(u)
    return 0 if delay_s <= 0.0 else to_ms(delay_s)


@rule
def budget_until_ms(used: int, from_ms: int, attempts: int, per_ms: int, now_ms: int) -> int:
    """When a device may make its next attempt: now, or when the time since its first is over. ``attempts`` 0: any."""
    if attempts == 0 or used < attempts or now_ms >= from_ms + per_ms:
        return now_ms
    return from_ms + per_ms


@rule
def is_boxed(failures: int, limit: int) -> bool:
    """Whether so many failures put a device into the penalty box. ``limit`` 0: there is none."""
    return limit > 0 and failures >= limit


@rule
def box_is_stale(from_ms: int, within_ms: int, now_ms: int) -> bool:
    """Whether the failures since ``from_ms`` are too old to count. ``within_ms`` 0: they always count."""
    return within_ms > 0 and now_ms >= from_ms + within_ms
