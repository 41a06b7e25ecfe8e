"""Arguments for the rules of a rollout (tests/rules/rules_digest.py)."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np

from fota_sim.rules import retry, rollout
from fota_sim.rules import rollout_rows as rr
from fota_sim.scenario.types import MOST_TIMES

WAVES = 3


def state(r: Random) -> Any:
    """How far a rollout is."""
    row = np.zeros(rr.STATE, dtype=np.int64)
    row[rr.OPENED] = r.randrange(WAVES + 1)
    row[rr.RELEASED] = r.randrange(30)
    row[rr.SEGMENT_MS] = r.randrange(10**6)
    row[rr.IN_SEGMENT] = r.randrange(30)
    row[rr.PACED] = r.randrange(2)
    row[rr.PACKS] = r.randrange(2)
    row[rr.STEP] = r.randrange(1, 5)
    row[rr.STEP_ON_SUCCESS] = r.randrange(2)
    row[rr.STEPS] = r.randrange(5)
    row[rr.PACK] = r.randrange(4)
    row[rr.LAST_PACK] = r.randrange(-1, 4)
    return row


def _counters(r: Random) -> int:
    """How often each retry rule of a device was used."""
    return sum(r.choice((0, r.randrange(MOST_TIMES), MOST_TIMES)) << (16 * number) for number in range(4))


def pace(r: Random) -> Any:
    """Its rate."""
    cap, credit = r.choice((1e15, 200.0)), r.choice((0.0, r.uniform(-3.0, 20.0)))
    return np.array([r.uniform(0.5, 100.0), r.uniform(1000.0, 1e5), r.uniform(1.0, 3.0), cap, credit])


def waves(r: Random) -> Any:
    """Its waves."""
    rows = np.zeros((WAVES, rr.WAVE), dtype=np.int64)
    rows[:, rr.END] = np.cumsum([r.randrange(10) for _ in range(WAVES)])
    rows[:, rr.FIRST] = [0, *rows[:-1, rr.END]]
    for row in rows:
        row[rr.OPENED_MS] = r.randrange(100)
        row[rr.HELD_MS] = r.choice((-1, r.randrange(100)))
        for column in (rr.AT_MS, rr.AFTER_MS, rr.DEADLINE_MS):
            row[column] = r.choice((-1, r.randrange(200)))
        row[rr.HOLD_MS] = r.randrange(50)
        row[rr.ON_DEADLINE] = r.randrange(1, 4)
        row[rr.BY_OPERATOR] = r.random() < 0.1
        row[rr.OPERATED] = r.random() < 0.1
        row[rr.LAPSED] = r.randrange(2)
        row[rr.ALL_FINISHED_OPENS] = r.randrange(2)
        row[rr.SHARE_OF] = r.randrange(4)
        row[rr.NEEDS_FINISHED] = r.random() < 0.2
    return rows


def shares(r: Random) -> Any:
    """What its waves wait for."""
    return np.array([[*fraction(r, (-1, 1)), *fraction(r, (0, 1))] for _ in range(WAVES)])


def fraction(r: Random, instead: tuple[int, int]) -> tuple[int, int]:
    """A share's numerator and denominator, coarse, fine, or what stands there instead."""
    denominator = r.choice((7, 10**18))
    return r.choice((instead, (r.randrange(denominator + 1), denominator)))


def counts(r: Random) -> Any:
    """What its devices did."""
    return np.array([[r.randrange(10) for _ in range(rr.COUNTS)] for _ in range(WAVES + 1)], dtype=np.int64)


def stops(r: Random) -> Any:
    """Two abort rules."""
    rows = np.zeros((2, rr.STOP), dtype=np.int64)
    for row in rows:
        row[rr.KINDS] = r.randrange(1, 32)
        row[rr.OF_ATTEMPTS] = r.randrange(2)
        row[rr.COUNT] = r.choice((-1, r.randrange(20)))
        row[rr.STOP_SHARE_OF] = r.randrange(4)
        row[rr.STRICT] = r.randrange(2)
        row[rr.MINIMUM] = r.randrange(5)
        row[rr.OF_WAVE] = r.randrange(2)
        row[rr.SEQUENTIAL] = r.randrange(2)
        row[[rr.LIMIT, rr.LIMIT_OF]] = fraction(r, (-1, 1))
    return rows


def limits(r: Random) -> Any:
    """Their limits."""
    return np.array([[r.uniform(1.0, 3.0), -0.1, 3.0, -3.0] for _ in range(2)])


def retries(r: Random) -> Any:
    """Two retry rules."""
    return np.array(
        [
            [
                r.randrange(1, 16),
                r.choice((-1, r.randrange(6))),
                r.choice((0.0, r.uniform(0.0, 100.0))),
                r.uniform(1.0, 3.0),
                r.uniform(1.0, 1000.0),
                r.randrange(4),
                r.random(),
            ]
            for _ in range(2)
        ]
    )


def u(r: Random) -> float:
    """A draw, neither 0 nor 1."""
    return (r.randrange(1 << 53) + 0.5) / (1 << 53)


CASES: dict[Callable[..., Any], Callable[[Random], tuple[Any, ...]]] = {
    rollout.count: lambda r: (counts(r), r.randrange(-1, WAVES), r.randrange(rr.COUNTS), r.choice((1, -1))),
    rollout.denominator: lambda r: (counts(r), r.randrange(WAVES + 1), r.randrange(4)),
    rollout.all_finished: lambda r: (counts(r), r.randrange(WAVES)),
    rollout.succeeded_enough: lambda r: (counts(r), r.randrange(WAVES), shares(r)[0], r.randrange(4)),
    rollout.next_wave: lambda r: (state(r), waves(r), shares(r), counts(r), r.randrange(300), r.randrange(100)),
    rollout.release_due_ms: lambda r: (state(r), pace(r), waves(r)),
    rollout.paced_ms: lambda r: (state(r), pace(r)),
    rollout.distances_ms: lambda r: (pace(r), r.randrange(1, 30)),
    rollout.intervals_begun: lambda r: (state(r), pace(r), r.randrange(10**7)),
    rollout.pack_of: lambda r: (state(r), pace(r), r.randrange(-1, 30)),
    rollout.count_release: lambda r: (state(r), pace(r), r.randrange(10**6)),
    rollout.step_up: lambda r: (state(r), pace(r), r.randrange(40), r.randrange(10**6)),
    rollout.change_rate: lambda r: (
        state(r),
        pace(r),
        waves(r),
        state(r),
        pace(r),
        r.randrange(40),
        r.random() < 0.3,
        r.randrange(10**6),
    ),
    rollout.take_up: lambda r: (state(r), pace(r), r.randrange(10**6)),
    rollout.resume: lambda r: (state(r), pace(r), waves(r), r.randrange(10**6)),
    rollout.watch_next_wave: lambda r: (state(r), waves(r), shares(r), counts(r), r.randrange(300)),
    rollout.operate_wave: lambda r: (state(r), waves(r)),
    rollout.open_wave: lambda r: (
        np.minimum(state(r), [WAVES - 1, *([10**6] * (rr.STATE - 1))]),
        pace(r),
        waves(r),
        r.randrange(10**6),
    ),
    rollout.judge: lambda r: (stops(r), limits(r), counts(r), r.randrange(2), r.randrange(-1, WAVES)),
    rollout.failures: lambda r: (counts(r), r.randrange(WAVES + 1), r.randrange(1, 32), r.randrange(2)),
    rollout.held_back: lambda r: (
        r.random() < 0.1,
        r.choice((r.randrange(-1, 10), rollout.IN_NO_WAVE)),
        r.randrange(10),
        r.random() < 0.5,
        r.randrange(10),
        r.randrange(10),
        r.randrange(15),
    ),
    rollout.has_slot: lambda r: (r.randrange(10), r.randrange(10), r.randrange(3), r.random() < 0.5),
    retry.kind_of: lambda r: (r.choice((6, 12)), r.randrange(40)),
    retry.rule_for: lambda r: (retries(r), r.randrange(4)),
    retry.times: lambda r: (_counters(r), r.randrange(4)),
    retry.once_more: lambda r: (_counters(r), r.randrange(4)),
    retry.may_retry: lambda r: (retries(r), r.randrange(-1, 2), r.randrange(-1, 7)),
    retry.retry_delay_ms: lambda r: (retries(r), r.randrange(2), r.randrange(6), u(r)),
    retry.budget_until_ms: lambda r: (*(r.randrange(5) for _ in range(4)), r.randrange(12)),
    retry.is_boxed: lambda r: (r.randrange(4), r.randrange(4)),
    retry.box_is_stale: lambda r: (r.randrange(10), r.randrange(10), r.randrange(20)),
}
