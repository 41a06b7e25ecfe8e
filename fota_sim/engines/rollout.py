"""From the scenario's rollout to the arrays that its rules work on; both engines build theirs here."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.waves import fraction, gates_of, release_order
from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.lists import list_mask
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.rollout import ALWAYS_RELEASED, IN_NO_WAVE
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.plan import rates_of
from fota_sim.scenario.rollout import Abort, Rate, Rollout, SequentialTest
from fota_sim.scenario.waves import PlayedWave

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_AT_ONCE = 1e15
"""Devices in an interval at which a ramp without a cap stops: more than there can be."""


@dataclass(frozen=True, eq=False)
class RolloutParameters:
    """A rollout as the platform plays it. The arrays up to ``limits`` change as it goes (rules/rollout_rows.py)."""

    ordered: bool
    """Whether what one device does can change what another is offered."""
    releases: bool
    """Whether there are waves, a rate, or a time in which devices must be seen; otherwise all are released at first."""
    order: NDArray[np.int32]
    """Devices in the order of release."""
    rank: NDArray[np.int32]
    """Place of each device in it; ALWAYS_RELEASED or IN_NO_WAVE."""
    wave: NDArray[np.int32]
    """Wave of each device; -1: none."""
    joins_ms: Ints
    """When each device joins the fleet; 0: it is there from the beginning."""
    state: Ints
    pace: Floats
    waves: Ints
    played: tuple[PlayedWave, ...]
    """What each of them is in the scenario; nothing for a rollout without waves."""
    shares: Ints
    counts: Ints
    stops: Ints
    limits: Floats
    retries: Floats
    refusals_count: bool
    """Whether a download that was turned away uses up an attempt."""
    first_served: Mask
    """Devices that go first where slots are short."""
    too_late: Mask
    """Devices that joined too late to be offered the plan."""
    slots: int
    """Upgrades at a time; -1: no limit."""
    slots_queue: bool
    lifo: bool
    until_downloaded: bool
    slot_expires_ms: int
    """0: never."""
    reserved: int
    strict: bool
    cell_slots: tuple[int, int, int, int]
    """By coverage level, and for an unknown signal; -1: no limit."""
    cells_queue: bool
    budget: int
    """Addresses in ``budget_ms``; 0: no limit."""
    budget_ms: int
    box_failures: int
    """0: no penalty box."""
    box_within_ms: int
    box_ms: int
    timeouts_ms: tuple[int, int, int, int, int]
    """By stage of ``rr.STAGES``; 0: none."""
    total_ms: int
    total_from_progress: bool
    total_of_attempt: bool
    """Whether each attempt has a time of its own; otherwise what is over is over."""
    address_ms: int
    """0: addresses do not expire."""
    maintained: bool
    refusals_final: bool
    believes_status: bool
    late_counts: bool
    """Whether a success counts that is reported after the device was given up."""

    @property
    def starts_matter(self) -> bool:
        """Whether a share is of those that started, so that one more may stop the rollout, or open a wave."""
        of_started = self.shares[:, rr.SUCCESS] >= 0
        of_started &= self.waves[:, rr.SHARE_OF] == rr.OF_STARTED
        return bool(of_started.any() or (self.stops[:, rr.STOP_SHARE_OF] == rr.OF_STARTED).any())

    @property
    def misses_joiners(self) -> bool:
        """Whether there are devices without a turn of their own that have to be seen in time."""
        return self.timeouts_ms[rr.ONLINE] > 0 and bool((self.rank == ALWAYS_RELEASED).any())

    @property
    def cancels(self) -> bool:
        """Whether the rollout can be cancelled by a rule or a deadline: that concerns every device."""
        return bool((self.stops[:, rr.CANCELS] == 1).any() or (self.waves[:, rr.ON_DEADLINE] == rr.CANCEL).any())


def rollout_parameters(scenario: Scenario, fleet: Fleet, replication: int) -> RolloutParameters:
    """Compile a rollout for one replication's fleet; raises ScenarioError for lists that name nobody."""
    rollout = scenario.plan.rollout
    targets = fleet.white & ~fleet.black & fleet.of_plan(scenario.plan_number)
    joins_ms = np.zeros(fleet.n, dtype=np.int64) if fleet.joins_ms is None else fleet.joins_ms
    late = joins_ms > 0
    releases = bool(rollout.waves) or rollout.rate is not None or rollout.timeouts.online is not None
    releases = releases or any(rate is not None for rate in rates_of(scenario.plan))
    order, rank, wave, ends, played = release_order(scenario, fleet, replication, targets, late)
    slots, cells = rollout.concurrency, rollout.cell_concurrency
    stops, limits = _stops(rollout)
    counts = np.zeros((len(ends) + 1, rr.COUNTS), dtype=np.int64)
    counts[:-1, rr.GROUP] = np.bincount(wave[wave >= 0], minlength=len(ends))
    too_late = late if rollout.late_joiners == "never" else np.zeros(fleet.n, dtype=np.bool_)
    counts[-1, rr.GROUP] = int((targets & ~too_late).sum())
    gates, shares = gates_of(played, ends)
    state, pace = pace_of(rollout.rate, round(scenario.plan.starts * 1000))
    ordered = releases or slots is not None or cells is not None or len(stops) > 0
    if not releases:
        state[rr.OPENED], state[rr.RELEASED] = len(ends), len(order)
        counts[:-1, rr.TARGETED] = np.bincount(wave[(wave >= 0) & ~late], minlength=len(ends))
        counts[-1, rr.TARGETED] = int((targets & ~late).sum())
    priority = np.zeros(fleet.n, dtype=np.bool_)
    if slots is not None and slots.priority is not None:
        priority = list_mask(slots.priority, fleet, scenario, "plan.rollout.concurrency.priority")
    times = rollout.timeouts
    return RolloutParameters(
        ordered=ordered,
        releases=releases,
        order=order,
        rank=rank,
        wave=wave,
        joins_ms=joins_ms,
        state=state,
        pace=pace,
        waves=gates,
        played=played,
        shares=shares,
        counts=counts,
        stops=stops,
        limits=limits,
        retries=_retries(scenario),
        refusals_count=scenario.network.server.refusal_counts,
        first_served=priority,
        too_late=too_late,
        slots=-1 if slots is None else slots.devices,
        slots_queue=slots is not None and slots.when_full == "queue",
        lifo=slots is not None and slots.order == "lifo",
        until_downloaded=slots is not None and slots.until == "downloaded",
        slot_expires_ms=0 if slots is None else _ms(slots.expires),
        reserved=0 if slots is None else slots.reserved,
        strict=slots is None or slots.strict,
        cell_slots=(-1, -1, -1, -1) if cells is None else (*cells.devices, cells.unknown),
        cells_queue=cells is not None and cells.when_full == "queue",
        budget=0 if rollout.budget is None else rollout.budget.attempts,
        budget_ms=0 if rollout.budget is None else _ms(rollout.budget.per),
        box_failures=0 if rollout.penalty_box is None else rollout.penalty_box.failures,
        box_within_ms=0 if rollout.penalty_box is None else _ms(rollout.penalty_box.within),
        box_ms=0 if rollout.penalty_box is None else _ms(rollout.penalty_box.lasts),
        timeouts_ms=(0, _ms(times.online), _ms(times.ack), _ms(times.download), _ms(times.report)),
        total_ms=_ms(times.in_progress),
        total_from_progress=times.in_progress_from == "progress",
        total_of_attempt=times.in_progress_of == "attempt",
        address_ms=_ms(rollout.address_lifetime),
        maintained=bool(rollout.maintenance),
        refusals_final=rollout.refusals == "final",
        believes_status=rollout.success == "status",
        late_counts=rollout.late_success == "counts",
    )


def _ms(seconds: float | None) -> int:
    """A duration in milliseconds; 0 for one that is not given."""
    return 0 if seconds is None else max(1, round(seconds * 1000))


def pace_of(rate: Rate | None, starts_ms: int) -> tuple[Ints, Floats]:
    """A rollout's ``state`` and ``pace`` (rules/rollout_rows.py) before anything is released at this rate."""
    state = np.zeros(rr.STATE, dtype=np.int64)
    pace = np.array([1.0, 1.0, 1.0, _AT_ONCE, 0.0])
    state[rr.SEGMENT_MS] = starts_ms
    state[rr.LAST_PACK] = -1
    if rate is not None:
        state[rr.PACED] = 1
        state[rr.PACKS] = rate.pacing == "pack"
        state[rr.STEP] = rate.step or 0
        state[rr.STEP_ON_SUCCESS] = rate.step_on == "succeeded"
        cap = min(rate.most, _AT_ONCE)
        pace[:] = (min(rate.devices, cap), rate.every * 1000.0, rate.factor, cap, 0.0)
    return state, pace


def _kinds(names: list[str]) -> int:
    return sum(1 << rr.FAILURES.index(name) for name in set(names))


def _stops(rollout: Rollout) -> tuple[Ints, Floats]:
    rules: list[Abort | SequentialTest] = [*rollout.abort]
    if rollout.sequential is not None:
        rules.append(rollout.sequential)
    stops = np.zeros((len(rules), rr.STOP), dtype=np.int64)
    limits = np.zeros((len(rules), rr.LIMITS))
    for number, rule in enumerate(rules):
        row = stops[number]
        row[rr.KINDS] = _kinds(list(rule.on))
        row[rr.RUNNING] = rule.stops == "running"
        row[rr.CANCELS] = rule.action == "cancel"
        row[[rr.COUNT, rr.LIMIT]] = -1
        if isinstance(rule, SequentialTest):
            row[rr.SEQUENTIAL] = 1
            p0, p1, alpha, beta = rule.acceptable, rule.unacceptable, rule.false_alarm, rule.miss
            limits[number, rr.PER_FAILURE] = math.log(p1 / p0)
            limits[number, rr.PER_SUCCESS] = math.log((1.0 - p1) / (1.0 - p0))
            limits[number, rr.REJECTS] = math.log((1.0 - beta) / alpha)
            limits[number, rr.ACCEPTS] = math.log(beta / (1.0 - alpha))
            continue
        row[rr.OF_ATTEMPTS] = rule.counts == "attempts"
        row[rr.COUNT] = -1 if rule.count is None else rule.count
        row[rr.STOP_SHARE_OF] = rr.DENOMINATORS.index(rule.share_of)
        row[rr.STRICT] = rule.compare == ">"
        row[rr.MINIMUM] = rule.minimum
        row[rr.OF_WAVE] = rule.scope == "wave"
        row[[rr.LIMIT, rr.LIMIT_OF]] = fraction(rule.share)
    return stops, limits


def _retries(scenario: Scenario) -> Floats:
    """A row for each retry rule; those of the plan's strategy where the rollout has none."""
    strategy = scenario.plan.strategy
    rules = scenario.plan.rollout.retry
    if rules is None:
        every = _kinds(["download", "shed", "upgrade", "timeout"])
        return np.array([[every, strategy.retries, strategy.retry_delay, 1.0, math.inf, rr.NO_JITTER, 0.0]])
    rows = np.zeros((len(rules), rr.RETRY))
    for row, rule in zip(rows, rules, strict=True):
        row[rr.RETRY_KINDS] = _kinds(list(rule.on))
        row[rr.RETRY_COUNT] = -1 if rule.count is None else rule.count
        row[rr.RETRY_DELAY_S] = rule.delay
        row[rr.RETRY_FACTOR] = rule.factor
        row[rr.RETRY_LONGEST_S] = rule.longest
        row[rr.RETRY_JITTER] = rr.JITTERS.index(rule.jitter)
        row[rr.RETRY_SPREAD] = rule.spread
    return rows


def released_ms(parameters: RolloutParameters, noted_ms: Ints, starts_ms: int) -> Ints:
    """When each device was released, in ms since activation, -1 if it was not; ``noted_ms``: what the engine noted."""
    released = parameters.rank < IN_NO_WAVE
    turn_ms = np.full(len(released), starts_ms, dtype=np.int64)
    if parameters.releases:
        released = (noted_ms >= 0) | (parameters.rank == ALWAYS_RELEASED)
        turn_ms = np.where(noted_ms >= 0, noted_ms, turn_ms)
    return np.where(released, np.maximum(turn_ms, parameters.joins_ms), -1)
