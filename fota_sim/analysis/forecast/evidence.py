"""What the devices that are over say of the failure rate by now, whatever is simulated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from fota_sim.analysis.forecast.members import Continued, Situation
from fota_sim.analysis.forecast.question import Question
from fota_sim.analysis.forecast.states import State
from fota_sim.analysis.numbers.always_valid import ALPHA, evidence, watched

WATCHED = 0.99
"""Share of devices that are done within the time for which each is watched, if the user does not say it."""
ACCEPTABLE = 0.01
"""Failure rate that counts as acceptable where neither the user nor an abort rule says one. Assumption."""


def of_failures(question: Question, situation: Situation, continued: Sequence[Continued]) -> dict[str, Any]:
    """Of the failure rate by now, from devices whose time of observation is over."""
    seen = situation.seen
    took = np.concatenate([each.begun_to_done_ms for each in continued])
    usual_ms = float(np.quantile(took, WATCHED)) if len(took) else 0.0
    watch_ms = usual_ms if question.watch_ms is None else float(question.watch_ms)
    lost = np.isin(seen.state, (State.FAILED, State.BRICKED))
    failed, devices = watched(seen.begun_ms, np.where(lost, seen.at_ms, np.nan), situation.now_ms, watch_ms)
    acceptable, said_by = _acceptable(question)
    found = evidence(failed, devices, acceptable)
    begun_ms = seen.begun_ms[np.isfinite(seen.begun_ms)]
    return {
        **asdict(found),
        "said_by": said_by,
        "watch_ms": watch_ms,
        "alpha": ALPHA,
        "too_early": len(begun_ms) - devices,
        "first_ms": float(begun_ms.min()) + watch_ms if len(begun_ms) else None,
        "verdict": "too high" if found.too_high else "low enough" if found.low_enough else "undecided",
    }


def _acceptable(question: Question) -> tuple[float, str]:
    """The rate that counts as acceptable, and who says so."""
    rollout = question.one.plan.rollout
    if question.acceptable is not None:
        return question.acceptable, "you"
    if rollout.sequential is not None:
        return rollout.sequential.acceptable, "the plan's sequential test"
    shares = [rule.share for rule in rollout.abort if rule.share]
    return (min(shares), "the plan's abort rule") if shares else (ACCEPTABLE, "nobody")
