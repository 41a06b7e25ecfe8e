"""What members that were played on say of the rest of a rollout, as quantiles over them, ready for JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.forecast.ahead import SHARES, SO_FAR, Ahead, Coming
from fota_sim.analysis.forecast.branches import CANCEL, GO_ON, MEANINGS, PAUSE, SLOWER, STOP, STOP_LATER
from fota_sim.analysis.forecast.members import Continued
from fota_sim.analysis.forecast.question import Question
from fota_sim.analysis.forecast.states import Seen, State
from fota_sim.analysis.forecast.worth import break_even, waiting

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Of members: ends of the 90 % and 50 % intervals, and the middle."""
_COUNTS = ("upgraded", "failed", "bricked", "refused", "open", "meant", "reachable")


def outcome(ways: Sequence[Ahead]) -> dict[str, Any]:
    """What becomes of the rollout under one branch: 90 % intervals over members."""
    told: dict[str, Any] = {name: _quantiles([getattr(way, name) for way in ways]) for name in _COUNTS}
    told["done"] = {
        f"{100 * share:g}": {
            **_quantiles([way.done_ms[k] for way in ways]),
            "reached": float(np.mean([np.isfinite(way.done_ms[k]) for way in ways])),
        }
        for k, share in enumerate(SHARES)
    }
    causes: Counter[str] = Counter()
    for way in ways:
        causes.update(way.causes)
    told["causes"] = [
        {"cause": cause, "mean": count / len(ways), **_quantiles([way.causes[cause] for way in ways])}
        for cause, count in causes.most_common()
    ]
    told["failures_to_come"] = _quantiles([way.lost - way.causes[SO_FAR] for way in ways])
    return told


def firsts(members: Sequence[Coming]) -> dict[str, Any]:
    """When things first happen from now on: quantiles over members."""
    rows = [asdict(each) for each in members]
    return {name: _quantiles([row[f"{name}_ms"] for row in rows]) for name in ("heard", "begun", "done", "tenth")}


def aborting(question: Question, continued: Sequence[Continued]) -> dict[str, Any]:
    """How likely one of the plan's own rules stops the rollout from now on, and that one had stopped it before."""
    rollout = question.one.plan.rollout
    rules = len(rollout.abort) + (rollout.sequential is not None)
    onwards = [each.ways[GO_ON] for each in continued]
    return {
        "rules": rules,
        "probability": float(np.mean([each.fired for each in onwards])),
        "before": float(np.mean([each.fired_before for each in onwards])),
    }


def deadline(question: Question, continued: Sequence[Continued]) -> dict[str, Any]:
    """How likely so many of the reachable are done by then."""
    scenario = question.scenario
    ends_s = question.one.plan.ends
    planned = scenario.horizon_ms if ends_s is None else round(ends_s * 1000)
    at_ms = planned if question.deadline_ms is None else question.deadline_ms
    done = np.array([each.ways[GO_ON].done_ms for each in continued])
    met = (np.nan_to_num(done, nan=np.inf) <= at_ms).mean(axis=0)
    return {
        "at_ms": at_ms,
        "given": question.deadline_ms is not None,
        "probability": {f"{100 * share:g}": float(each) for share, each in zip(SHARES, met, strict=True)},
    }


def fan(seen: Seen, now_ms: int, grid_ms: NDArray[np.int64], continued: Sequence[Continued]) -> dict[str, Any]:
    """Upgraded devices over time: as seen up to now, quantiles over members from then on."""
    upgraded_ms = np.sort(seen.at_ms[(seen.state == State.SUCCEEDED) & np.isfinite(seen.at_ms)])
    before = [*grid_ms[grid_ms < now_ms].tolist(), now_ms]
    after = grid_ms >= now_ms
    curves = np.array([each.ways[GO_ON].adopted for each in continued])
    now = int((seen.state == State.SUCCEEDED).sum())
    bands = np.quantile(curves[:, after], QUANTILES, axis=0)
    return {
        "seen": {"at_ms": before, "upgraded": np.searchsorted(upgraded_ms, before, side="right").tolist()},
        "ahead": {
            "at_ms": [now_ms, *grid_ms[after].tolist()],
            **{f"{100 * q:g}": [now, *row.tolist()] for q, row in zip(QUANTILES, bands, strict=True)},
        },
        "branches": {
            name: [now, *np.median([each.ways[name].adopted for each in continued], axis=0)[after].tolist()]
            for name in continued[0].ways
            if name != STOP_LATER
        },
    }


def branches(continued: Sequence[Continued]) -> list[dict[str, Any]]:
    """Each way on, and how it differs from going on: by member, with the same luck."""
    rows = []
    for name in (GO_ON, STOP, CANCEL, PAUSE, SLOWER):
        if name not in continued[0].ways:
            continue
        ways, base = ([each.ways[which] for each in continued] for which in (name, GO_ON))
        row: dict[str, Any] = {"name": name, "meaning": MEANINGS[name], **outcome(ways)}
        if name != GO_ON:
            pairs = list(zip(ways, base, strict=True))
            row["difference"] = {
                **{what: _quantiles([getattr(a, what) - getattr(b, what) for a, b in pairs]) for what in _COUNTS[:3]},
                "done_90": _quantiles([a.done_ms[1] - b.done_ms[1] for a, b in pairs]),
            }
        rows.append(row)
    return rows


def stopping(question: Question, continued: Sequence[Continued]) -> dict[str, Any]:
    """At which price of a failure stopping now is worth as much as going on, and what waiting is worth."""
    go_on, stop, later = ([each.ways[name] for each in continued] for name in (GO_ON, STOP, STOP_LATER))
    price = break_even(go_on, stop, np.random.default_rng([question.seed, 2]))
    told: dict[str, Any] = {"break_even": asdict(price), "wait_ms": question.wait_ms, "waiting": None}
    at = price.value if question.price is None else question.price
    if at is not None:
        found = waiting(go_on, stop, later, [each.soon for each in continued if each.soon is not None], at)
        told["waiting"] = {**asdict(found), "value": found.value, "given": question.price is not None}
    return told


def _quantiles(values: Sequence[float]) -> dict[str, Any]:
    """Quantiles over members; None where so many members have no value."""
    ordered = np.sort(np.nan_to_num(np.array(values, dtype=float), nan=np.inf))
    found = np.quantile(ordered, QUANTILES, method="inverted_cdf")
    low, _, middle, _, high = (None if np.isinf(each) else float(each) for each in found)
    return {"low": low, "median": middle, "high": high}
