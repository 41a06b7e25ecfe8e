"""Unknowns, how members are weighed, and where they part from what was seen."""

from __future__ import annotations

import numpy as np
import pytest
from forecast_world import under_way

from fota_sim.analysis.forecast.agreement import PARTED, Comparison, spread_of, weights_of
from fota_sim.analysis.forecast.states import Seen, State
from fota_sim.analysis.forecast.unknowns import Unknowns, systematic
from fota_sim.analysis.sensitivity.parameters import parse_vary
from fota_sim.scenario.variation import written


def seen(**counts: int) -> Seen:
    """So many devices in each state; successes came evenly over a day."""
    state = np.concatenate([np.full(count, State[name], dtype=np.int8) for name, count in counts.items()])
    at_ms = np.full(len(state), np.nan)
    done = state == State.SUCCEEDED
    at_ms[done] = np.linspace(1, 86_400_000, done.sum())
    return Seen(state, at_ms, at_ms)


def comparison(one: Seen) -> Comparison:
    return Comparison(one, np.zeros(len(one.state), dtype=np.int32), ["meters"], 86_400_000)


def simulated(compared: Comparison, *those: Seen) -> np.ndarray:
    return np.array([compared.counts(each, np.zeros(len(each.state), dtype=np.int32)) for each in those])


def test_counts_are_by_state_and_successes_by_time_as_well() -> None:
    compared = comparison(seen(NEVER=40, SUCCEEDED=150, FAILED=10))
    assert compared.seen.sum() == 200
    assert len([cell for cell in compared.cells if cell.state == State.SUCCEEDED]) == 6
    assert {int(n) for n, cell in zip(compared.seen, compared.cells, strict=True) if cell.state == State.NEVER} == {40}


def test_what_agrees_weighs_more() -> None:
    compared = comparison(seen(NEVER=40, SUCCEEDED=150, FAILED=10))
    near, far = seen(NEVER=45, SUCCEEDED=146, FAILED=9), seen(NEVER=100, SUCCEEDED=98, FAILED=2)
    weights, temperature = weights_of(compared.apart(simulated(compared, near, far), 1.0), fewest=1)
    assert temperature == 1.0
    assert weights[0] > 0.99


def test_weights_leave_as_many_members_effective_as_are_asked_for() -> None:
    apart = np.random.default_rng(1).normal(0, 20, (200, 5))
    weights, temperature = weights_of(apart, fewest=50)
    assert temperature > 1
    assert 1 / (weights**2).sum() == pytest.approx(50, abs=1)


def test_nothing_parts_where_one_member_comes_near_in_everything() -> None:
    compared = comparison(seen(NEVER=40, SUCCEEDED=150, FAILED=10))
    far = seen(NEVER=190, SUCCEEDED=8, FAILED=2)
    near = seen(NEVER=44, SUCCEEDED=148, FAILED=8)
    assert compared.partings(simulated(compared, far, near), 1.0) == []


def test_a_count_that_no_member_has_is_named_with_what_was_seen_and_simulated() -> None:
    compared = comparison(seen(NEVER=40, SUCCEEDED=150, FAILED=60))
    none_fails = [seen(NEVER=40 + k, SUCCEEDED=207 - k, FAILED=3) for k in range(5)]
    partings = compared.partings(simulated(compared, *none_fails), 1.0)
    assert partings[0].cell.state == State.FAILED
    assert partings[0].seen in (30, 60)
    assert "seen, " in str(partings[0])
    assert np.abs(compared.apart(simulated(compared, *none_fails), 1.0)).max() > PARTED


def test_counts_that_vary_with_what_devices_share_say_so() -> None:
    luck = np.random.default_rng(1)
    assert spread_of(luck.poisson(100, (200, 8))) == pytest.approx(1.0, abs=0.15)
    assert spread_of(luck.poisson(luck.gamma(4, 25, (200, 1)), (200, 8))) > 10


def test_assumptions_and_shares_of_the_fleet_are_unknown() -> None:
    paths = {each.path for each in Unknowns.of(under_way(), []).parameters}
    assert {"fleet.groups[0].gone", "packages[0].defects[0].probability", "radios.lte-m.efficiency"} & paths >= {
        "fleet.groups[0].gone",
        "packages[0].defects[0].probability",
    }


def test_a_range_of_the_users_own_stands_for_that_of_its_path() -> None:
    scenario = under_way()
    own = parse_vary("fleet.groups[0].gone=1%..80%", scenario)
    unknowns = Unknowns.of(scenario, [own])
    found = [each for each in unknowns.parameters if each.path == own.path]
    assert found == [own]
    places = np.full(unknowns.count, 0.5)
    places[0] = 1.0
    assert written(unknowns.at(places), own.path) == "80%"


def test_what_was_learnt_is_drawn_together_and_has_no_range_beside_it() -> None:
    draws = {"fleet.groups.meters.gone": ["10%", "30%"], "packages[0].defects[0].probability": ["1%", "3%"]}
    unknowns = Unknowns.of(under_way(f"learnt={{source: last, draws: {draws}}}"), [])
    assert "fleet.groups[0].gone" not in {each.path for each in unknowns.parameters}
    values = {
        tuple(written(unknowns.at(np.append(np.full(unknowns.count - 1, 0.5), place)), path) for path in draws)
        for place in (0.1, 0.4, 0.6, 0.9)
    }
    assert values == {("10%", "1%"), ("30%", "3%")}


def test_successors_keep_mean_and_spread_and_stay_within_their_ranges() -> None:
    unknowns = Unknowns.of(under_way(), [])
    luck = np.random.default_rng(2)
    places = unknowns.scattered(400, luck)
    after = unknowns.nearer(places, np.full(400, 1 / 400), 400, luck)
    assert after[:, :-1].min() > 0
    assert after[:, :-1].max() < 1
    assert np.abs(after.mean(axis=0) - places.mean(axis=0)).max() < 0.06
    assert np.abs(after.std(axis=0) - places.std(axis=0)).max() < 0.06


def test_members_are_drawn_as_often_as_their_weight_says() -> None:
    weights = np.array([0.5, 0.3, 0.2])
    counts = np.bincount(systematic(weights, 100, np.random.default_rng(1)), minlength=3)
    assert np.abs(counts - 100 * weights).max() <= 1
