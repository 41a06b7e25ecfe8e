"""The forecast of a rollout under way, ready for JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.forecast.ahead import SHARES, SO_FAR, Ahead, Coming
from fota_sim.analysis.forecast.branches import CANCEL, GO_ON, MEANINGS, PAUSE, SLOWER, STOP, STOP_LATER
from fota_sim.analysis.forecast.candidates import Candidates, candidates
from fota_sim.analysis.forecast.members import Continued, Near, Situation, carry_on, near, usual_members
from fota_sim.analysis.forecast.rates import times_text
from fota_sim.analysis.forecast.states import WORDS, Seen, State, seen_in_log
from fota_sim.analysis.forecast.unknowns import Unknowns
from fota_sim.analysis.forecast.worth import break_even, waiting
from fota_sim.analysis.numbers.always_valid import ALPHA, evidence, watched
from fota_sim.analysis.numbers.rounding import format_duration
from fota_sim.analysis.sensitivity.parameters import Span
from fota_sim.engines.choice import COMPILED, refusal
from fota_sim.errors import FotaSimError
from fota_sim.histories.results import start_s
from fota_sim.histories.table import Histories
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.one_plan import plan_asked
from fota_sim.scenario.plan import rates_of

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
"""Called with how many rollouts are played, and of how many."""

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Of members: ends of the 90 % and 50 % intervals, and the middle."""
GRID = 121
"""Times of the fan chart, from activation to the end of the run."""
WATCHED = 0.99
"""Share of devices that are done within the time for which each is watched, if the user does not say it."""
ACCEPTABLE = 0.01
"""Failure rate that counts as acceptable where neither the user nor an abort rule says one. Assumption."""
_COUNTS = ("upgraded", "failed", "bricked", "refused", "open", "meant", "reachable")
_MOVED = 0.1  # of a range, by which an unknown has to have moved to be told


@dataclass(frozen=True)
class Question:
    """What is asked of a rollout under way."""

    scenario: Scenario
    so_far: Histories
    now_s: float | None = None
    """Since 1970; None: when the log was exported."""
    plan: str | None = None
    """Of several the one that the log is of; None: the only one. The others go on as the scenario says."""
    unknowns: Sequence[Span] = ()
    """Ranges of the user's own."""
    assumptions: bool = True
    """Whether the scenario's assumptions are unknown as well."""
    deadline_ms: int | None = None
    """Since activation; None: the plan's end, or that of the run."""
    decides: bool = True
    """Whether what may be done now is asked too; otherwise only how it goes on as planned."""
    pause_ms: int = 6 * 3_600_000
    wait_ms: int = 3_600_000
    price: float | None = None
    """Of a failure, in upgrades; None: the one at which stopping and going on are worth the same."""
    acceptable: float | None = None
    """Failure rate that evidence is against."""
    watch_ms: int | None = None
    """How long a device is watched before it counts as evidence."""
    members: tuple[int, int] | None = None
    """Drawn in a round, and played on; None: by the size of the fleet."""
    workers: int = 1
    seed: int = 1

    @property
    def plan_name(self) -> str:
        """The plan, as ``Scenario.of_plan`` takes it; raises FotaSimError."""
        return plan_asked(self.scenario, self.plan, "a log is of")

    @property
    def one(self) -> Scenario:
        """The scenario with this plan only."""
        return self.scenario.of_plan(self.plan_name)


@dataclass(frozen=True)
class Forecast:
    """What is told, and the members that it is made from."""

    report: dict[str, Any]
    continued: list[Continued] = field(default_factory=list)
    """Empty where nothing within the ranges explains what was seen."""


def forecast(question: Question, progress: Progress | None = None) -> Forecast:
    """Answer the question.

    Raises FotaSimError where log and scenario do not belong together, or the compiled engine cannot play it; and
    ScenarioError for what only the fleet shows.
    """
    situation, may, log = _situation(question)
    if progress is not None:
        situation = replace(situation, played=_Told(progress, situation.rollouts).one_more)
    members = near(situation)
    report = _beginning(question, situation, may, log, members)
    if members.partings:
        report["partings"] = [
            {**asdict(each.cell), "state": WORDS[each.cell.state], "text": str(each), "seen": each.seen}
            for each in members.partings
        ]
        return Forecast(report)
    grid_ms = np.unique(np.linspace(0, question.scenario.horizon_ms, GRID).astype(np.int64))
    wait_ms = question.wait_ms if question.decides else None
    continued = carry_on(situation, members, grid_ms, question.pause_ms, wait_ms)
    report["placed"] = float(np.mean([each.placed for each in continued]))
    report["forecast"] = _told([each.ways[GO_ON] for each in continued])
    report["coming"] = _coming([each.ways[GO_ON].coming for each in continued])
    report["abort"] = _abort(question, continued)
    report["deadline"] = _deadline(question, continued)
    report["fan"] = _fan(situation.seen, situation.now_ms, grid_ms, continued)
    report["branches"] = _branches(continued)
    report["stopping"] = _stopping(question, continued) if question.decides else None
    report["evidence"] = _evidence(question, situation, continued)
    return Forecast(report, continued)


class _Told:
    """Progress, a rollout at a time."""

    def __init__(self, progress: Progress, whole: int) -> None:
        self._progress, self._whole, self._done = progress, whole, 0

    def one_more(self) -> None:
        self._done += 1
        self._progress(self._done, self._whole)


def _situation(question: Question) -> tuple[Situation, Candidates, dict[str, Any]]:
    """The rollout as members are held to it, whom its log can be of, and what is told of the log."""
    scenario, plan = question.scenario, question.plan_name
    if reason := refusal(scenario, COMPILED):
        raise FotaSimError(f"a forecast needs the compiled engine, which cannot play this scenario: {reason}")
    began_s = start_s(scenario)
    now_s = question.so_far.until_s if question.now_s is None else question.now_s
    now_ms = round((now_s - began_s) * 1000) + 1  # what the log has of its last millisecond has happened
    if not 0 < now_ms < scenario.horizon_ms:
        when = "before the plan is activated" if now_ms <= 0 else "after the end of the run"
        raise FotaSimError(
            f"now is {format_duration(abs(now_ms))} {'before' if now_ms <= 0 else 'after'} activation, {when}; "
            "see start and horizon of the scenario, or say another --now"
        )
    if now_s > question.so_far.until_s + 1:
        raise FotaSimError(
            f"the log ends {format_duration((now_s - question.so_far.until_s) * 1000)} before --now; nothing is known "
            "of what came in between: leave --now out, or give a later log"
        )
    histories = question.so_far.until(now_s)
    may = candidates(scenario, plan)
    seen, strangers = seen_in_log(histories, may.ids, began_s, histories.view)
    may.check(histories, strangers)
    unknowns = Unknowns.of(scenario, question.unknowns, question.assumptions)
    members = question.members or usual_members(may.fleet)
    situation = Situation(
        unknowns, seen, histories.view, now_ms, members, question.workers, question.seed, plan=plan, places=may.places
    )
    log = {
        "platform": question.so_far.platform,
        "devices": len(histories),
        "strangers": strangers,
        "left_out": [*question.so_far.left_out.sentences(), *question.so_far.left_out.notes],
        "tells_apart": sorted(map(str, histories.view.ends)),
    }
    return situation, may, log


def _beginning(
    question: Question, situation: Situation, may: Candidates, log: dict[str, Any], members: Near
) -> dict[str, Any]:
    counts = np.bincount(situation.seen.state, minlength=len(State))
    if not may.fixed:  # of those that the log does not name nobody knows whether they are of the plan
        counts[State.NEVER] -= len(may.ids) - (log["devices"] - log["strangers"])
    return {
        "scenario": question.scenario.name,
        "question": question.scenario.asks,
        **({"plan": situation.plan} if situation.plan else {}),
        "devices": may.meant,
        "now_ms": situation.now_ms,
        "horizon_ms": question.scenario.horizon_ms,
        "starts_ms": round(1000 * question.one.plan.starts),
        "log": log,
        "so_far": {WORDS[state]: int(counts[state]) for state in State},
        "members": {"drawn": situation.members[0], "played_on": situation.members[1]},
        "spread": members.spread,
        "explained": not members.partings,
        "partings": [],
        "rate": _rate(question.one),
        "learnt": _learnt(situation.unknowns, members, situation.now_ms),
    }


def _rate(scenario: Scenario) -> dict[str, Any]:
    """Whether devices are released at a rate, and how that may change beside what is planned; None: it goes as planned.

    ``slowest`` and ``fastest`` are multiples of the planned rate.
    """
    changes = scenario.plan.rollout.rate_changes
    limited = any(rate is not None for rate in rates_of(scenario.plan))
    if changes is None:
        return {"limited": limited, "changes": None}
    told = {name: getattr(changes, name) for name in ("faster", "slower", "slowest", "fastest")}
    return {"limited": limited, "changes": {"every_ms": 1000 * changes.every, **told}}


def _learnt(unknowns: Unknowns, members: Near, now_ms: int) -> list[dict[str, Any]]:
    """Unknowns that moved within their ranges by what was seen, the most moved first.

    Of a rate that may change they are the rates themselves, from each look before now on.
    """
    found = []
    own = len(unknowns.parameters)
    for k, unknown in enumerate(unknowns.parameters):
        places = _three(members.places[:, k])
        values = [str(unknown.at(place)) for place in places] if isinstance(unknown, Span) else []
        found.append(_row(unknown.path, unknown.ends(), places, values))
    rates = unknowns.factors(members.places)
    for k, look in enumerate(unknowns.looks):
        if look.at_ms < now_ms:
            values = [times_text(factor) for factor in _three(rates[:, k])]
            found.append(_row(look.path, look.ends(), _three(members.places[:, own + k]), values))
    return sorted((row for row in found if row["moved"] > _MOVED), key=lambda row: -float(row["moved"]))


def _three(values: Floats) -> list[float]:
    """5 %, the middle and 95 %."""
    return [float(each) for each in np.quantile(values, (0.05, 0.5, 0.95))]


def _row(path: str, ends: tuple[str, str], places: list[float], values: list[str]) -> dict[str, Any]:
    low, middle, high = places
    moved = abs(middle - 0.5) + max(0.0, 0.9 - (high - low))
    return {"path": path, "range": list(ends), "places": places, "values": values, "moved": moved}


def _quantiles(values: Sequence[float]) -> dict[str, Any]:
    """Quantiles over members; None where so many members have no value."""
    ordered = np.sort(np.nan_to_num(np.array(values, dtype=float), nan=np.inf))
    found = np.quantile(ordered, QUANTILES, method="inverted_cdf")
    low, _, middle, _, high = (None if np.isinf(each) else float(each) for each in found)
    return {"low": low, "median": middle, "high": high}


def _told(ways: Sequence[Ahead]) -> dict[str, Any]:
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


def _coming(members: Sequence[Coming]) -> dict[str, Any]:
    """When things first happen from now on: quantiles over members."""
    rows = [asdict(each) for each in members]
    return {name: _quantiles([row[f"{name}_ms"] for row in rows]) for name in ("heard", "begun", "done", "tenth")}


def _abort(question: Question, continued: Sequence[Continued]) -> dict[str, Any]:
    rollout = question.one.plan.rollout
    rules = len(rollout.abort) + (rollout.sequential is not None)
    onwards = [each.ways[GO_ON] for each in continued]
    return {
        "rules": rules,
        "probability": float(np.mean([each.fired for each in onwards])),
        "before": float(np.mean([each.fired_before for each in onwards])),
    }


def _deadline(question: Question, continued: Sequence[Continued]) -> dict[str, Any]:
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


def _fan(seen: Seen, now_ms: int, grid_ms: NDArray[np.int64], continued: Sequence[Continued]) -> dict[str, Any]:
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


def _branches(continued: Sequence[Continued]) -> list[dict[str, Any]]:
    """Each way on, and how it differs from going on: by member, with the same luck."""
    rows = []
    for name in (GO_ON, STOP, CANCEL, PAUSE, SLOWER):
        if name not in continued[0].ways:
            continue
        ways, base = ([each.ways[which] for each in continued] for which in (name, GO_ON))
        row: dict[str, Any] = {"name": name, "meaning": MEANINGS[name], **_told(ways)}
        if name != GO_ON:
            pairs = list(zip(ways, base, strict=True))
            row["difference"] = {
                **{what: _quantiles([getattr(a, what) - getattr(b, what) for a, b in pairs]) for what in _COUNTS[:3]},
                "done_90": _quantiles([a.done_ms[1] - b.done_ms[1] for a, b in pairs]),
            }
        rows.append(row)
    return rows


def _stopping(question: Question, continued: Sequence[Continued]) -> dict[str, Any]:
    go_on, stop, later = ([each.ways[name] for each in continued] for name in (GO_ON, STOP, STOP_LATER))
    price = break_even(go_on, stop, np.random.default_rng([question.seed, 2]))
    told: dict[str, Any] = {"break_even": asdict(price), "wait_ms": question.wait_ms, "waiting": None}
    at = price.value if question.price is None else question.price
    if at is not None:
        found = waiting(go_on, stop, later, [each.soon for each in continued if each.soon is not None], at)
        told["waiting"] = {**asdict(found), "value": found.value, "given": question.price is not None}
    return told


def _evidence(question: Question, situation: Situation, continued: Sequence[Continued]) -> dict[str, Any]:
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
