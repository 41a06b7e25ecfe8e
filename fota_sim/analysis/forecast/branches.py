"""What the operator may do now: each way on as a plan in which it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fota_sim.analysis.forecast.rates import rate_at
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.plan import OperatorAction
from fota_sim.scenario.rollout import Rate

GO_ON, STOP, CANCEL, PAUSE, SLOWER, STOP_LATER = "go on", "stop", "cancel", "pause", "slow down", "stop later"

MEANINGS = {
    GO_ON: "as planned",
    STOP: "nobody begins any more; who is under way goes on (terminate)",
    CANCEL: "everybody who is not done is cancelled",
    PAUSE: "nobody begins for a while, then as planned (suspend, resume)",
    SLOWER: "released at half the rate from now on",
    STOP_LATER: "as planned for the time of waiting, then nobody begins any more",
}
_EVERYBODY = "mains == true or mains != true"


@dataclass(frozen=True)
class Branch:
    """A way on from now."""

    name: str
    scenario: Scenario


def branches_of(scenario: Scenario, now_ms: int, pause_ms: int, wait_ms: int, plan: str = "") -> list[Branch]:
    """Ways on for this scenario but that as planned; slower only where devices are released at a rate.

    ``pause_ms``: how long a pause lasts; ``wait_ms``: how long one may wait before deciding; ``plan``: of several the
    one that is acted on, while the others go on.
    """
    found = [
        _acted(scenario, plan, STOP, (now_ms, {"do": "terminate"})),
        _acted(scenario, plan, CANCEL, (now_ms, {"do": "cancel", "devices": {"where": _EVERYBODY}})),
        _acted(scenario, plan, PAUSE, (now_ms, {"do": "suspend"}), (now_ms + pause_ms, {"do": "resume"})),
        _acted(scenario, plan, STOP_LATER, (now_ms + wait_ms, {"do": "terminate"})),
    ]
    if (rate := rate_at(scenario.of_plan(plan).plan, now_ms)) is not None:
        found.append(_acted(_slower_from(scenario, plan, now_ms), plan, SLOWER, (now_ms, _change(_half(rate)))))
    return found


def _slower_from(scenario: Scenario, plan: str, now_ms: int) -> Scenario:
    """The scenario in which rates that the plan changes to after now are half as fast."""
    before = scenario.of_plan(plan).plan
    operator = [
        act
        if act.rate is None or round(1000 * act.at) <= now_ms
        else OperatorAction.model_validate({"at": f"{round(1000 * act.at)}ms", **_change(_half(act.rate))})
        for act in before.operator
    ]
    return scenario.with_plan(plan, before.model_copy(update={"operator": operator}))


def _change(rate: dict[str, Any]) -> dict[str, Any]:
    return {"do": "change_rate", "rate": rate}


def _half(rate: Rate) -> dict[str, Any]:
    """The same rate with twice the time between devices."""
    said = rate.model_dump(mode="json", by_alias=True)
    said["every"] = f"{2 * rate.every}s"
    return said


def _acted(scenario: Scenario, plan: str, name: str, *acts: tuple[int, dict[str, Any]]) -> Branch:
    more = [OperatorAction.model_validate({"at": f"{at_ms}ms", **act}) for at_ms, act in acts]
    before = scenario.of_plan(plan).plan
    after = before.model_copy(update={"operator": [*before.operator, *more]})
    return Branch(name, scenario.with_plan(plan, after))
