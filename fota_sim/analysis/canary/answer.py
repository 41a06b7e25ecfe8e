"""The answer to a question about canaries, ready for JSON: sizes, times, tests and what an abort rule costs."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from fota_sim.analysis.canary.abort_rule import AbortRule, exact_effect, sampled_effect
from fota_sim.analysis.canary.delay import Delay
from fota_sim.analysis.canary.sizes import (
    canary_size,
    canary_test,
    chance_of_failures,
    share_that_must_show,
    smallest_rate,
)
from fota_sim.analysis.canary.sprt import Sprt, exact_course, wald_course
from fota_sim.errors import FotaSimError

SHOWN = (0.50, 0.80, 0.90, 0.95, 0.99)
"""Shares of the defects that have shown, for which a hold time is worked out."""
HOLD_SHOWN = 0.95
"""The one of them that is answered with, if no hold time is asked for."""
SEQUENTIAL_MOST = 1_000_000
"""Devices that a sequential test may see in a fleet of unknown size."""


@dataclass(frozen=True)
class Question:
    """What somebody wants to know; shares between 0 and 1, times in seconds."""

    rate: float
    """Share of devices that the defect makes fail."""
    confidence: float = 0.95
    failures: int = 1
    """See at least so many."""
    fleet: int | None = None
    """The canaries are drawn from so many; None: from very many."""
    devices: int | None = None
    """Canaries, if their number is given."""
    background: float = 0.0
    """Share of devices that fail anyway."""
    alpha: float = 0.05
    """Chance of a false alarm."""
    delay: Delay | None = None
    """From the update to the visible failure; None: at once."""
    hold_s: float | None = None
    """How long each device is watched; None: until ``HOLD_SHOWN`` of the defects have shown."""
    rule: AbortRule | None = None
    group: int | None = None
    """Devices of the group on which the rule looks; None: the fleet."""
    in_flight: int = 0
    runs: int = 4000
    """Of the Monte Carlo beside the exact figures."""
    seed: int = 1


def answer(question: Question) -> dict[str, Any]:
    """Everything that can be said; a part that was not asked for is None.

    Raises:
        FotaSimError: the question contradicts itself.

    """
    _check(question)
    shown, hold_s = _shown(question)
    return {
        "rate": question.rate,
        "confidence": question.confidence,
        "failures": question.failures,
        "fleet": question.fleet,
        "background": question.background,
        "delay": None if question.delay is None else str(question.delay),
        "hold_ms": None if hold_s is None else hold_s * 1000,
        "shown": shown,
        "size": _size(question, shown) if not question.background else None,
        "holds": _holds(question),
        "given": _given(question, shown),
        "test": _test(question, shown),
        "sequential": _sequential(question, shown),
        "abort": _abort(question),
    }


def _check(question: Question) -> None:
    if question.background and question.failures > 1:
        raise FotaSimError(
            "--failures is for defects that stand out; with --background the number of failures follows from --alpha"
        )
    if question.background and question.fleet is not None and question.rule is None:
        raise FotaSimError("the test against --background takes the fleet as large; leave --fleet out")
    if question.background and question.devices is not None:
        raise FotaSimError("--devices is for defects that stand out; leave it or --background out")
    if question.fleet is not None and question.devices is not None and question.devices > question.fleet:
        raise FotaSimError(f"--devices {question.devices} is more than the fleet of {question.fleet}")
    if question.devices is not None and question.devices < question.failures:
        raise FotaSimError(f"--devices {question.devices} cannot show {question.failures} failures; use more devices")
    if question.hold_s is not None and question.delay is None:
        raise FotaSimError("--hold needs --delay, the time after which the defect shows")
    if question.rule is not None and question.group is None and question.fleet is None:
        raise FotaSimError("--abort needs --group or --fleet, the number of devices that the rule watches")


def failing(question: Question, shown: float = 1.0) -> float:
    """The share of devices that fail visibly with the defect: of it, or anyway; the two independent."""
    return question.background + (1 - question.background) * question.rate * shown


def _shown(question: Question) -> tuple[float, float | None]:
    """The share of the defects that show in time, and that time."""
    if question.delay is None:
        return 1.0, None
    if question.hold_s is None:
        hold_s = question.delay.time_of(HOLD_SHOWN)
        return question.delay.share_by(hold_s), hold_s
    return question.delay.share_by(question.hold_s), question.hold_s


def _size(question: Question, shown: float) -> dict[str, Any] | None:
    if shown == 0:
        return None
    found = canary_size(question.rate, question.confidence, question.failures, question.fleet, shown)
    return None if found is None else asdict(found)


def _holds(question: Question) -> list[dict[str, Any]] | None:
    """Longer holds need fewer devices."""
    if question.delay is None or question.delay.law == "constant" or question.background:
        return None
    rows = []
    for shown in SHOWN:
        size = _size(question, shown)
        rows.append(
            {
                "shown": shown,
                "hold_ms": question.delay.time_of(shown) * 1000,
                "devices": None if size is None else size["devices"],
            }
        )
    return rows


def _given(question: Question, shown: float) -> dict[str, Any] | None:
    """What so many canaries can do."""
    devices = question.devices
    if devices is None:
        return None
    chance = chance_of_failures(devices, question.failures, question.rate, question.fleet, shown)
    hold_ms = None
    if question.delay is not None:
        needed = share_that_must_show(devices, question.rate, question.confidence, question.failures, question.fleet)
        if needed is not None:
            at_s = question.delay.time_of(needed)
            hold_ms = at_s * 1000 if math.isfinite(at_s) else None
    smallest = smallest_rate(devices, question.confidence, question.failures)
    return {"devices": devices, "chance": chance, "smallest_visible_rate": smallest, "hold_needed_ms": hold_ms}


def _test(question: Question, shown: float) -> dict[str, Any] | None:
    if not question.background or shown == 0:
        return None
    found = canary_test(question.background, failing(question, shown), question.alpha, question.confidence)
    return {**asdict(found), "failing": failing(question, shown)}


def _sequential(question: Question, shown: float) -> dict[str, Any] | None:
    if not question.background or shown == 0:
        return None
    bad = failing(question, shown)
    test = Sprt(question.background, bad, question.alpha, 1 - question.confidence)
    most = question.fleet or SEQUENTIAL_MOST
    slope = test.failure_step - test.success_step
    rows = []
    for release, rate in (("good", question.background), ("halfway", (question.background + bad) / 2), ("bad", bad)):
        exact, wald = exact_course(test, rate, most), wald_course(test, rate)
        rows.append({"release": release, "exact": asdict(exact), "wald": asdict(wald)})
    return {
        "stop_at_log_ratio": test.upper,
        "clear_at_log_ratio": test.lower,
        "failures_per_device": -test.success_step / slope,
        "stop_intercept": test.upper / slope,
        "clear_intercept": test.lower / slope,
        "courses": rows,
    }


def _abort(question: Question) -> dict[str, Any] | None:
    if question.rule is None:
        return None
    group = question.group or question.fleet or 0
    rows = []
    for release, rate in (("good", question.background), ("bad", failing(question))):
        if rate == 0:
            continue  # nothing fails, nothing fires
        exact = exact_effect(question.rule, rate, group, question.in_flight)
        sampled = sampled_effect(question.rule, rate, group, question.in_flight, question.runs, question.seed)
        rows.append({"release": release, "exact": asdict(exact), "sampled": asdict(sampled)})
    return {"rule": str(question.rule), "group": group, "in_flight": question.in_flight, "releases": rows}
