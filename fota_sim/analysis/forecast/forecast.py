"""The forecast of a rollout under way, ready for JSON."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.forecast import outlook
from fota_sim.analysis.forecast.branches import GO_ON
from fota_sim.analysis.forecast.candidates import Candidates, candidates
from fota_sim.analysis.forecast.evidence import of_failures
from fota_sim.analysis.forecast.members import (
    Continued,
    Near,
    Situation,
    carry_on,
    near,
    usual_members,
    would_be_heard_of,
    would_be_named,
)
from fota_sim.analysis.forecast.question import Question
from fota_sim.analysis.forecast.rates import times_text
from fota_sim.analysis.forecast.states import WORDS, State, seen_in_log
from fota_sim.analysis.forecast.unknowns import Unknowns
from fota_sim.analysis.numbers.rounding import format_duration
from fota_sim.analysis.sensitivity.parameters import Span
from fota_sim.engines.choice import COMPILED, refusal
from fota_sim.errors import FotaSimError
from fota_sim.histories.results import start_s
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.plan import rates_of, releases_at_once

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
"""Called with how many rollouts are played, and of how many."""

GRID = 121
"""Times of the fan chart, from activation to the end of the run."""
_TOLD_S = 60.0
"""Less is not worth telling."""
_FEW = 0.02
"""Of the devices that a log would name: so many more that it does not are no sign that it is not whole."""
_MANY = 10
"""Devices that a log would hear of: that it hears of none of so many is no luck (one in 20,000)."""
_MOVED = 0.1  # of a range, by which an unknown has to have moved to be told


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
    report["forecast"] = outlook.outcome([each.ways[GO_ON] for each in continued])
    report["coming"] = outlook.firsts([each.ways[GO_ON].coming for each in continued])
    report["abort"] = outlook.aborting(question, continued)
    report["deadline"] = outlook.deadline(question, continued)
    report["fan"] = outlook.fan(situation.seen, situation.now_ms, grid_ms, continued)
    report["branches"] = outlook.branches(continued)
    report["stopping"] = outlook.stopping(question, continued) if question.decides else None
    report["evidence"] = of_failures(question, situation, continued)
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
    histories = question.so_far.until(now_s)
    asked_s, now_s = now_s, histories.until_s if now_s < question.so_far.until_s else now_s
    now_ms = round((now_s - began_s) * 1000) + 1  # what the log has of its last millisecond has happened
    if not 0 < now_ms < scenario.horizon_ms:
        when = "before the plan is activated" if now_ms <= 0 else "when the run is over"
        raise FotaSimError(
            f"now is {format_duration(abs(now_ms))} {'before' if now_ms <= 0 else 'after'} activation, {when}; "
            "see start and horizon of the scenario, or say another --now"
        )
    if asked_s > question.so_far.until_s + 1:
        before = format_duration((asked_s - question.so_far.until_s) * 1000)
        raise FotaSimError(
            f"the log ends {before} before --now; nothing is known of what came in between: leave --now out, or give a "
            "later log"
        )
    may = candidates(scenario, plan)
    seen, strangers = seen_in_log(histories, may.ids, began_s, histories.view)
    may.check(histories, strangers)
    unknowns = Unknowns.of(scenario, question.unknowns, question.assumptions)
    members = question.members or usual_members(may.fleet)
    situation = Situation(
        unknowns, seen, histories.view, now_ms, members, question.workers, question.seed, plan=plan, places=may.places
    )
    named = len(histories) - strangers
    missing = _missing(question, situation, may, named)
    if missing.of_nobody_known:
        listed = set(histories.frame["device"])
        situation = replace(situation, unnamed=np.array([name not in listed for name in may.ids]))
    log = {
        "platform": question.so_far.platform,
        "devices": len(histories),
        "strangers": strangers,
        "unnamed": 0 if situation.unnamed is None else int(situation.unnamed.sum()),
        "left_out": [
            *question.so_far.left_out.sentences(),
            *question.so_far.left_out.notes,
            *_earlier(asked_s, now_s),
            *missing.told(),
            *_silent(situation),
        ],
        "tells_apart": sorted(map(str, histories.view.ends)),
    }
    return situation, may, log


def _earlier(asked_s: float, now_s: float) -> list[str]:
    """That it is forecast from an earlier time than the one that was asked for."""
    if asked_s - now_s < _TOLD_S:
        return []
    before = format_duration(1000 * (asked_s - now_s))
    return [f"Of the last {before} before --now the log's times do not say what came in them; they are left out."]


def _silent(situation: Situation) -> list[str]:
    """That the log has nothing of its last hours, in which there would be much: it was exported before they were."""
    at_ms = situation.seen.at_ms[np.isfinite(situation.seen.at_ms)]
    last_ms = float(at_ms.max()) if len(at_ms) else float(situation.now_ms)
    silent_ms = situation.now_ms - 1 - last_ms
    count = would_be_heard_of(situation, last_ms) if silent_ms > 1000 * _TOLD_S else 0
    if count < _MANY:
        return []
    return [
        f"The log has nothing of the last {format_duration(silent_ms)} before now; as the plan is written, "
        f"{count:,} devices would have been heard of in them. If it was exported earlier, the forecast is wrong: say "
        "when (--as-of), or leave --as-of out, and its last time counts as that."
    ]


@dataclass(frozen=True)
class _Missing:
    """Devices that a log of its kind would name, and this one does not."""

    named: int
    would_be: int
    """How many it would name by now."""
    meant: int
    at_once: bool
    """Whether all are offered the update at once, so that who is not named is missing and not to come."""

    @property
    def are(self) -> bool:
        """Whether there are more than luck makes of who is not meant, or comes later."""
        luck = math.sqrt(max(0, self.meant - self.would_be))
        return self.would_be - self.named > 3.0 * luck + _FEW * self.would_be

    @property
    def of_nobody_known(self) -> bool:
        """Whether they are told from those that are to come, and taken for what they are: not known of."""
        return self.are and self.at_once

    def told(self) -> list[str]:
        """What to know of them."""
        if not self.are:
            return []
        if self.at_once:
            return [
                f"The log names {self.named:,} devices, and of the scenario's {self.meant:,} it would name "
                f"{self.would_be:,} by the plan, those that never asked as well. Nothing is known of the other "
                f"{self.would_be - self.named:,}: they are simulated from the beginning, and not taken for silent. If "
                "they are missing by how they fared (only failures, only who reported), the forecast is wrong: give "
                "the whole log."
            ]
        return [
            f"The log names {self.named:,} devices; as the plan is written it would name {self.would_be:,} by now. If "
            "rows are missing, the forecast is wrong, for those devices count as not released: give the whole log. If "
            "the rollout is slower than planned, say so in the plan (rate_changes, operator)."
        ]


def _missing(question: Question, situation: Situation, may: Candidates, named: int) -> _Missing:
    """Devices that are missing from the log; none where it lists only who asked, or nobody knows whom it is of."""
    rollout, view = question.one.plan.rollout, situation.view
    at_once = releases_at_once(question.one.plan)
    if not view.lists_all or question.so_far.says_targeted or not may.fixed or rollout.rate_changes is not None:
        return _Missing(named, named, may.meant, at_once)
    return _Missing(named, would_be_named(situation), may.meant, at_once)


def _beginning(
    question: Question, situation: Situation, may: Candidates, log: dict[str, Any], members: Near
) -> dict[str, Any]:
    counts = np.bincount(situation.seen.state, minlength=len(State))
    counts[State.NEVER] -= log["unnamed"]
    if not may.fixed:  # of those that the log does not name nobody knows whether they are of the plan
        counts[State.NEVER] -= len(may.ids) - (log["devices"] - log["strangers"])
    return {
        "scenario": question.scenario.name,
        "question": _asked(question.scenario.name, situation),
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


def _asked(name: str, situation: Situation) -> str:
    """What is answered; what the scenario asks is perhaps which of its variants to take, and is not."""
    whose = f"plan {situation.plan} of {name}" if situation.plan else name
    so_far = format_duration(situation.now_ms)
    return f"After {so_far} of {whose}: when is it done, who fails, and what would stopping now change?"


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
        values = [_short(unknown.at(place)) if isinstance(unknown, Span) else unknown.told(place) for place in places]
        found.append(_row(unknown.path, unknown.ends(), places, values))
    rates = unknowns.factors(members.places)
    for k, look in enumerate(unknowns.looks):
        if look.at_ms < now_ms:
            values = [times_text(factor) for factor in _three(rates[:, k])]
            found.append(_row(look.path, look.ends(), _three(members.places[:, own + k]), values))
    return sorted((row for row in found if row["moved"] > _MOVED), key=lambda row: -float(row["moved"]))


def _short(value: Any) -> str:
    """A value as the scenario writes it, with no more figures than a drawn one deserves: ``7.76%``, ``1370s``."""
    return re.sub(r"\d+\.\d+", lambda number: _of_three_figures(float(number[0])), str(value))


def _of_three_figures(number: float) -> str:
    short = f"{number:.3g}"
    return f"{float(short):.0f}" if "e+" in short else short


def _three(values: Floats) -> list[float]:
    """5 %, the middle and 95 %."""
    return [float(each) for each in np.quantile(values, (0.05, 0.5, 0.95))]


def _row(path: str, ends: tuple[str, str], places: list[float], values: list[str]) -> dict[str, Any]:
    low, middle, high = places
    moved = abs(middle - 0.5) + max(0.0, 0.9 - (high - low))
    return {"path": path, "range": list(ends), "places": places, "values": values, "moved": moved}
