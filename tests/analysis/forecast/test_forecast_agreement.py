"""Unknowns, counts that are compared, and where they part from what was seen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from forecast_world import UNDER_WAY, under_way
from hypothesis import given, settings
from hypothesis import strategies as st

from fota_sim.analysis.forecast.agreement import DOUBT, PARTED, Comparison, spread_of
from fota_sim.analysis.forecast.states import Seen, State
from fota_sim.analysis.forecast.unknowns import Unknowns
from fota_sim.analysis.sensitivity.parameters import parse_vary
from fota_sim.fleet.fleet import build_fleet
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.variation import varied, written


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


def test_luck_is_even_on_the_scale_of_counts_whatever_their_size() -> None:
    compared = comparison(seen(NEVER=400, SUCCEEDED=400, FAILED=40, WAITING=160))
    shares = compared.seen / 1000
    counts = np.random.default_rng(1).multinomial(1000, shares, 4000)
    spread = compared.evened(counts).std(axis=0)
    assert spread[shares > 0.01] == pytest.approx(1.0, abs=0.05)
    assert spread[shares == 0] == pytest.approx(0.0)


def test_doubt_is_that_of_odds_that_are_wrong() -> None:
    compared = comparison(seen(NEVER=400, SUCCEEDED=400, FAILED=40, WAITING=160))
    odds = compared.seen / np.maximum(1, 1000 - compared.seen)
    wrong = odds * np.exp(DOUBT)
    moved = compared.evened(np.round(1000 * wrong / (1 + wrong)).astype(np.int64)) - compared.evened(compared.seen)
    assert np.abs(moved) == pytest.approx(np.sqrt(compared.doubt()), abs=0.1)


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
    assert {"fleet.groups.meters.gone", "packages.two.defects.spoils.probability"} <= paths


SAYS = st.sampled_from([None, "0%", "30%"])
SHARES = ("gone", "churn")


@settings(max_examples=10, deadline=None)
@given(groups=st.lists(st.tuples(st.sampled_from(["BG95", "EC200U"]), SAYS, SAYS), min_size=1, max_size=3))
def test_a_radios_share_is_unknown_if_and_only_if_some_device_has_it(groups: list[tuple[str, Any, Any]]) -> None:
    rows = [
        f"{{name: g{k}, count: 40, module: {module}, contact: {{pattern: wake, every: 24h}}"
        f"{'' if gone is None else f', gone: {gone}'}{'' if churn is None else f', churn: {churn}'}}}"
        for k, (module, gone, churn) in enumerate(groups)
    ]
    scenario = parse_scenario(UNDER_WAY.split("fleet:")[0] + f"fleet: {{groups: [{', '.join(rows)}]}}")
    paths = {each.path for each in Unknowns.of(scenario, []).parameters}
    for radio in {scenario.modules[module].radio for module, *_ in groups}:
        for share in SHARES:
            path = f"radios.{radio}.{share}"
            all_gone, nobody = (build_fleet(varied(scenario, {path: value}), 0) for value in ("99%", "0%"))
            had = (all_gone.gone != nobody.gone) | (all_gone.dies_at_ms != nobody.dies_at_ms)
            assert bool(had.any() and getattr(scenario.radios[radio], share)) == (path in paths), path


def test_a_share_of_which_the_file_says_who_is_gone_is_not_unknown(tmp_path: Path) -> None:
    (tmp_path / "fleet.csv").write_text(
        "id,away\n" + "".join(f"m{k},{'yes' if k % 9 == 0 else 'no'}\n" for k in range(40))
    )
    fleet = "{name: ours, file: fleet.csv, module: BG95, gone: 5%, columns: {id: id, gone: away}}"
    for says, unknown in ((True, False), (False, True)):
        text = fleet if says else fleet.replace(", gone: away", "")
        scenario = parse_scenario(UNDER_WAY.split("fleet:")[0] + f"fleet: {{csv: [{text}]}}", path=tmp_path / "my.yaml")
        paths = {each.path for each in Unknowns.of(scenario, []).parameters}
        assert ("fleet.csv.ours.gone" in paths) is unknown


def test_a_defect_of_what_no_plan_brings_is_not_unknown() -> None:
    more = UNDER_WAY.replace(
        "plan: {packages",
        "  - {name: spare, component: app, target_version: '3_0', files: [{name: b.bin, size: 60kB}],\n"
        "     defects: [{name: worse, effect: verify_failure, probability: 10%}]}\nplan: {packages",
    )
    paths = {each.path for each in Unknowns.of(parse_scenario(more), []).parameters}
    assert [path for path in paths if "defects" in path] == ["packages.two.defects.spoils.probability"]


@pytest.mark.parametrize("path", ["fleet.groups[0].gone", "fleet.groups.meters.gone"])
def test_a_range_of_the_users_own_stands_for_that_of_its_path(path: str) -> None:
    scenario = under_way()
    own = parse_vary(f"{path}=1%..80%", scenario)
    unknowns = Unknowns.of(scenario, [own])
    assert [each for each in unknowns.parameters if each.path.startswith("fleet.")] == [own]
    places = np.full(unknowns.count, 0.5)
    places[0] = 1.0
    assert written(unknowns.at(places), own.path) == "80%"


@pytest.mark.parametrize("defects", ["packages[0].defects[0].probability", "packages[0].defects"])
def test_what_was_learnt_is_drawn_together_and_has_no_range_beside_it(defects: str) -> None:
    spoils = [{"name": "learnt-spoils", "effect": "verify_failure", "probability": share} for share in ("1%", "3%")]
    drawn = [[each] for each in spoils] if defects.endswith("defects") else ["1%", "3%"]
    draws = {"fleet.groups.meters.gone": ["10%", "30%"], defects: drawn}
    unknowns = Unknowns.of(under_way(f"learnt={json.dumps({'source': 'last', 'draws': draws})}"), [])
    paths = {each.path for each in unknowns.parameters}
    assert "fleet.groups.meters.gone" not in paths
    assert not any("defects" in path for path in paths)
    values = {
        tuple(written(scenario, path) for path in ("fleet.groups.meters.gone", "packages[0].defects[0].probability"))
        for place in (0.1, 0.4, 0.6, 0.9)
        for scenario in [unknowns.at(np.append(np.full(unknowns.count - 1, 0.5), place))]
    }
    assert values == {("10%", "1%"), ("30%", "3%")}


def test_points_come_back_from_their_scores() -> None:
    unknowns = Unknowns.of(under_way(), [])
    places = unknowns.scattered(50, np.random.default_rng(2))
    scores = unknowns.scores(places)
    assert np.abs(scores).max() < 4
    again = unknowns.places(scores, places, np.zeros(scores.shape[1]))
    assert again == pytest.approx(places, abs=1e-3)


def test_a_point_takes_the_draw_that_is_nearest_in_what_the_log_tells() -> None:
    draws = {
        "fleet.groups.meters.gone": ["10%", "20%", "30%"],
        "packages[0].defects[0].probability": ["3%", "1%", "2%"],
    }
    unknowns = Unknowns.of(under_way(f"learnt={{source: last, draws: {draws}}}"), [])
    before = np.column_stack([np.full((3, unknowns.count - 1), 0.5), [0.1, 0.5, 0.9]])
    scores = unknowns.scores(before)
    gone, defect = scores.shape[1] - 2, scores.shape[1] - 1
    followed = np.zeros(scores.shape[1])
    moved = scores.copy()
    moved[:, gone] = 3.0  # many are gone
    assert unknowns.places(moved, before, followed)[:, -1].tolist() == [0.1, 0.5, 0.9]
    followed[gone] = 0.8
    values = [written(unknowns.at(row), "fleet.groups.meters.gone") for row in unknowns.places(moved, before, followed)]
    assert values == ["30%"] * 3
    followed[:] = 0.0
    followed[defect] = 0.8
    moved[:, defect] = -3.0
    values = [written(unknowns.at(row), "fleet.groups.meters.gone") for row in unknowns.places(moved, before, followed)]
    assert values == ["20%"] * 3  # with which the fewest are spoilt
