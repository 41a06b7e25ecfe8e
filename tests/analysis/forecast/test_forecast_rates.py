"""A rate that the operator may change unplanned, before now and after."""

from __future__ import annotations

import numpy as np
import pytest
from forecast_world import HOUR_MS, ask, truth, under_way

from fota_sim.analysis.answers.forecast import forecast_answer
from fota_sim.analysis.forecast.branches import branches_of
from fota_sim.analysis.forecast.forecast import Forecast
from fota_sim.analysis.forecast.rates import factors, looks_of, rate_at
from fota_sim.analysis.forecast.unknowns import Unknowns
from fota_sim.analysis.sensitivity.parameters import parse_vary
from fota_sim.engines.record import RunRecord
from fota_sim.errors import FotaSimError, ScenarioError
from fota_sim.scenario.model import Scenario

SLOW = "plan.rollout={rate: {devices: 4, every: 1h}, order: random}"
MAY_CHANGE = "plan.rollout.rate_changes={every: 6h, faster: 40%, slower: 10%, slowest: 0.1, fastest: 20}"


def opened(at: str) -> str:
    """The operator's act by which the rate is five times what it was."""
    return f"plan.operator=[{{at: {at}, do: change_rate, rate: {{devices: 20, every: 1h}}}}]"


def both(record: RunRecord, hours: float) -> tuple[Forecast, Forecast]:
    """The forecast where the rate goes as planned, and where it may change; of nothing else unknown but who comes."""
    gone = parse_vary("fleet.groups.meters.gone=2%..15%", under_way())
    scenarios = under_way(SLOW), under_way(SLOW, MAY_CHANGE)
    asked = {"assumptions": False, "unknowns": [gone], "decides": False, "members": (30, 30)}
    planned, told = (ask(scenario, record, hours, **asked) for scenario in scenarios)
    return planned, told


def upgraded(found: Forecast) -> tuple[float, float]:
    told = found.report["forecast"]["upgraded"]
    return told["low"], told["high"]


def came(*overrides: str) -> int:
    return int((truth(SLOW, *overrides).column("outcome") == "upgraded").sum())


@pytest.fixture(scope="module")
def after_twenty_hours() -> tuple[Forecast, Forecast]:
    """Of a rollout that has gone as planned up to now."""
    return both(truth(SLOW), 20)


def test_a_change_after_now_is_within_the_interval_only_where_the_scenario_says_that_there_may_be_one(
    after_twenty_hours: tuple[Forecast, Forecast],
) -> None:
    planned, told = after_twenty_hours
    later = came(opened("24h"))
    assert planned.report["explained"]
    assert told.report["explained"]
    assert upgraded(planned)[1] < later - 20
    assert upgraded(told)[0] <= later <= upgraded(told)[1]
    said = " ".join(forecast_answer(told.report))
    assert "may change unplanned, to between 0.1 and 20 times the planned one: every 6 h 00 min" in said


def test_a_change_before_now_is_found_and_explained() -> None:
    earlier = truth(SLOW, opened("12h"))
    planned, told = both(earlier, 22)
    assert not planned.report["explained"]
    assert "plan.rollout.rate_changes" in " ".join(forecast_answer(planned.report))
    assert told.report["explained"]
    moved = {row["path"]: row["values"] for row in told.report["learnt"]}
    assert all(not path.endswith("from 24 h 00 min on") for path in moved)  # is not over yet
    low, middle, high = (float(each.removeprefix("x ")) for each in moved["plan.rollout.rate from 12 h 00 min on"])
    assert low < 5 < high
    assert middle > 2
    assert upgraded(told)[0] - 7 <= came(opened("12h")) <= upgraded(told)[1] + 7


def test_a_rollout_that_goes_as_planned_has_the_narrower_forecast_by_not_saying_that_it_may_not(
    after_twenty_hours: tuple[Forecast, Forecast],
) -> None:
    planned, told = after_twenty_hours
    low, high = upgraded(planned)
    assert low <= came() <= high
    assert high - low < 0.4 * (upgraded(told)[1] - upgraded(told)[0])
    assert "unplanned" not in " ".join(forecast_answer(planned.report))
    assert not Unknowns.of(under_way(SLOW), []).looks


def looked(*places: float, **changes: object) -> list[float]:
    """Multiples of the planned rate at looks with these places, and in the middle at those after them."""
    scenario = under_way(SLOW, MAY_CHANGE, *(f"plan.{path}={value}" for path, value in changes.items()))
    looks = looks_of(scenario)
    return factors(scenario, looks, np.array([*places, *[0.5] * (len(looks) - len(places))])).tolist()


def test_a_look_slows_down_leaves_alone_or_speeds_up_and_never_leaves_the_ends() -> None:
    assert looked() == [1.0] * 7
    assert looked(0.1 + 1e-9, 0.6 - 1e-9) == [1.0] * 7
    assert looked(0.05)[:2] == pytest.approx([0.1**0.5] * 2)  # half-way from 1 to a tenth
    assert looked(0.8, 0.8)[:3] == pytest.approx([20**0.5, 20**0.75, 20**0.75])
    assert looked(0.0, 1.0, 0.0)[:3] == pytest.approx([0.1, 20.0, 0.1])
    assert np.all(np.diff([looked(0.7, place)[1] for place in np.linspace(0, 1, 41)]) >= 0)


def test_the_plan_itself_sets_the_rate_to_what_it_says() -> None:
    acts = "[{at: 12h, do: change_rate, rate: {devices: 8, every: 1h}}, {at: 20h, do: change_rate}]"
    assert looked(1.0, 1.0, 1.0, 1.0, operator=acts)[:4] == pytest.approx([20, 1, 20, 20])
    scenario = under_way(SLOW, MAY_CHANGE, f"plan.operator={acts}")
    unknowns = Unknowns.of(scenario, [], assumptions=False)
    places = np.full(unknowns.count, 0.5)
    places[:4] = 1.0
    drawn = unknowns.at(places)
    rates = [(act.at / 3600, act.rate and act.rate.devices) for act in drawn.plan.operator]
    assert rates == [(6, 80), (12, 8), (18, 160), (20, None)]  # without a limit there is no rate to change


def test_looks_go_from_the_start_of_the_plan_to_its_end() -> None:
    scenario = under_way(SLOW, MAY_CHANGE, "plan.starts=3h", "plan.ends=27h")
    assert [each.at_ms // HOUR_MS for each in looks_of(scenario)] == [9, 15, 21]
    assert looks_of(under_way(SLOW)) == []


def slower(scenario: Scenario, hours: float) -> Scenario:
    branches = branches_of(scenario, int(hours * HOUR_MS), HOUR_MS, HOUR_MS)
    return next(each.scenario for each in branches if each.name == "slow down")


def test_slowing_down_halves_the_rate_that_there_is_now_and_those_that_are_to_come() -> None:
    acts = "[{at: 12h, do: change_rate, rate: {devices: 8, every: 1h}}, {at: 30h, do: change_rate, rate: {devices: 2}}]"
    scenario = slower(under_way(SLOW, f"plan.operator={acts}"), 20)
    for hours, every_s in ((11, 3600), (19, 3600), (21, 7200), (31, 120)):
        rate = rate_at(scenario.plan, hours * HOUR_MS)
        assert rate is not None
        assert rate.every == every_s, hours
    assert [act.at / 3600 for act in scenario.plan.operator] == [12, 30, 20]


@pytest.mark.parametrize(
    ("rollout", "said"),
    [
        ("{rate_changes: {}}", "needs a rate that they change"),
        ("{rate: {devices: 4, factor: 2, step: 10}, rate_changes: {}}", "needs constant rates"),
        ("{rate: {devices: 4}, rate_changes: {faster: 60%, slower: 50%}}", "at most 100 %"),
        ("{rate: {devices: 200000}, rate_changes: {}}", "2,000,000 devices an interval"),
    ],
)
def test_a_rate_that_cannot_change_so_is_refused(rollout: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        under_way(f"plan.rollout={rollout}")


def test_when_it_may_change_is_no_unknown_but_how_likely_may_be_one() -> None:
    scenario = under_way(SLOW, MAY_CHANGE)
    often = parse_vary("plan.rollout.rate_changes.faster=10%..70%", scenario)
    unknowns = Unknowns.of(scenario, [often], assumptions=False)
    places = np.full(unknowns.count, 0.2)
    places[:2] = 1.0, 0.4
    assert [act.at / 3600 for act in unknowns.at(places).plan.operator] == [
        6
    ]  # of 70 %; of 40 % it would be left alone
    with pytest.raises(FotaSimError, match=r"rate_changes\.every says at which times"):
        Unknowns.of(scenario, [parse_vary("plan.rollout.rate_changes.every=1h..6h", scenario)])
