"""A replication that is stopped at any time goes on as if it had not been, and in other ways by the same luck."""

from __future__ import annotations

import random
from typing import Any

import pytest
from scenarios_strategy import Drawn, seeded
from worlds import MIXED

from fota_sim.engines.compiled.run import Replication
from fota_sim.engines.compiled.run import run_replication as compiled
from fota_sim.engines.record import RunRecord
from fota_sim.engines.reference.run import run_replication as reference
from fota_sim.engines.twins import compare, describe
from fota_sim.errors import EngineError, ScenarioError
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.plan import OperatorAction

SEEDS = [pytest.param(seed, marks=[] if seed < 12 else pytest.mark.long) for seed in range(300)]


def assert_same(one: RunRecord, other: RunRecord, text: str) -> None:
    found = compare(one, other)
    assert not found, f"{text}\n{describe(found, 'the one', 'the other')}"


def stopped_at(scenario: Scenario, at_ms: int) -> Replication:
    replication = Replication(scenario, 0, stops=True)
    replication.play_to(at_ms)
    return replication


def somewhere(seed: int, scenario: Scenario) -> int:
    """A time within the run; sometimes that of something the operator does."""
    luck = random.Random(seed)
    acts = [] if scenario.plan is None else scenario.plan.operator
    acts_ms = [round(act.at * 1000) for act in acts if 1 <= act.at * 1000 < scenario.horizon_ms]
    if acts_ms and luck.random() < 0.3:
        return luck.choice(acts_ms)
    return min(scenario.horizon_ms - 1, max(1, round(scenario.horizon_ms * luck.random() ** 2)))


def operated(scenario: Scenario, at_ms: int, *acts: dict[str, Any]) -> Scenario:
    """The scenario in which the operator does more, from ``at_ms`` on."""
    more = [OperatorAction.model_validate({"at": f"{at_ms}ms", **act}) for act in acts]
    plan = scenario.plan.model_copy(update={"operator": [*scenario.plan.operator, *more]})
    return scenario.model_copy(update={"plan": plan})


def playable(one: Drawn, scenario: Scenario) -> bool:
    try:
        compiled(scenario, 0)
    except ScenarioError:
        return False  # what only the fleet shows
    return True


@pytest.mark.parametrize("seed", SEEDS)
def test_stopped_copied_and_gone_on_is_never_stopped(seed: int) -> None:
    one = seeded(seed)
    with one.scenario() as scenario:
        if not playable(one, scenario):
            return
        at_ms = somewhere(seed, scenario)
        stopped = stopped_at(scenario, at_ms)
        copied = stopped.branch(scenario)
        whole = compiled(scenario, 0)
        assert_same(copied.record(), whole, f"the copy from {at_ms} ms on\n{one}")
        assert_same(stopped.record(), whole, f"the original from {at_ms} ms on, after its copy\n{one}")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_branch_is_what_the_reference_engine_plays_when_the_operator_acts_then(seed: int) -> None:
    one = seeded(seed)
    with one.scenario() as scenario:
        if scenario.plan is None or not playable(one, scenario):
            return
        at_ms = somewhere(seed, scenario)
        stopped = stopped_at(scenario, at_ms)
        plans = [
            operated(scenario, at_ms, {"do": "terminate"}),
            operated(scenario, at_ms, {"do": "suspend"}, {"do": "resume", "at": f"{at_ms + 3_600_000}ms"}),
            operated(scenario, at_ms, {"do": "cancel", "devices": {"where": "mains == true or mains != true"}}),
        ]
        if scenario.plan.rollout.rate is not None:
            slower = {"devices": 1, "every": "1h"}
            plans.append(operated(scenario, at_ms, {"do": "change_rate", "rate": slower}))
        for plan in plans:
            told = [(act.do, act.at) for act in plan.plan.operator[len(scenario.plan.operator) :]]
            assert_same(stopped.branch(plan).record(), reference(plan, 0), f"from {at_ms} ms on {told}\n{one}")


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_so_at_a_time_is_what_a_run_to_that_time_leaves(seed: int) -> None:
    one = seeded(seed)
    with one.scenario() as scenario:
        if not playable(one, scenario):
            return
        at_ms = somewhere(seed, scenario)
        now = stopped_at(scenario, at_ms).now(at_ms)
        short = compiled(scenario.model_copy(update={"horizon": at_ms / 1000.0}), 0)
    for name in ("outcome", "cause", "confirmed_ms", "upgraded_ms", "finished_ms", "attempts"):
        assert list(now.column(name)) == list(short.column(name)), name


def test_a_branch_cannot_have_a_rate_of_release_where_nothing_was_counted_so_far() -> None:
    scenario = parse_scenario(MIXED)
    rate = {"do": "change_rate", "rate": {"devices": 1, "every": "1h"}}
    with pytest.raises(EngineError, match="a rate of release cannot go on"):
        stopped_at(scenario, 1000).branch(operated(scenario, 1000, rate))


def test_an_act_before_the_time_of_the_copy_is_no_branch_of_it() -> None:
    scenario = parse_scenario(MIXED)
    with pytest.raises(EngineError, match="before"):
        stopped_at(scenario, 5000).branch(operated(scenario, 1000, {"do": "terminate"}))
