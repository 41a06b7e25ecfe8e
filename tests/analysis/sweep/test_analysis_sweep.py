"""Axes, plans and sweep files: which points there are, and what is said of those that cannot be."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fota_sim.analysis.sweep.axes import axis, parse_axis
from fota_sim.analysis.sweep.file import load_sweep
from fota_sim.analysis.sweep.folder import plan_hash, sweep_yaml
from fota_sim.analysis.sweep.plan import SweepSpec, Way, plan_sweep
from fota_sim.errors import FotaSimError, ScenarioError
from fota_sim.scenario.loader import load_scenario

SCENARIOS = Path(__file__).parents[3] / "scenarios"
BATTERY = SCENARIOS / "battery_gate.yaml"


def test_a_range_has_its_ends_and_equal_steps() -> None:
    assert axis("x", "-113dBm..-95dBm/7").values == (
        "-113dBm",
        "-110dBm",
        "-107dBm",
        "-104dBm",
        "-101dBm",
        "-98dBm",
        "-95dBm",
    )


def test_a_logarithmic_range_has_equal_ratios() -> None:
    assert axis("x", "log(1h..100h/3)").values == ("1h", "10h", "100h")


def test_whole_numbers_without_a_unit_stay_whole() -> None:
    assert axis("plan.strategy.retries", "0..5/4").values == ("0", "2", "3", "5")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("min_battery", "write path=values"),
        ("x=10%..50dBm/3", "both ends need the same unit"),
        ("x=50%..10%/3", "swap them"),
        ("x=log(0..10/3)", "above 0"),
        ("x=10%,10%", "stands twice"),
        ("x=10%,,20%", "empty value"),
    ],
)
def test_a_bad_axis_is_explained(text: str, told: str) -> None:
    with pytest.raises(FotaSimError, match=told):
        parse_axis(text)


def spec(*axes: str, **more: object) -> SweepSpec:
    return SweepSpec(BATTERY, tuple(parse_axis(text) for text in axes), **more)  # type: ignore[arg-type]


def test_a_constraint_leaves_points_out() -> None:
    axes = ("plan.strategy.min_battery=10%,20%,30%", "plan.strategy.retries=0,1")
    plan = plan_sweep(spec(*axes, where=("min_battery >= 20% or retries > 0",)))
    assert [tuple(point.labels.values()) for point in plan.points] == [
        ("10%", "1"),
        ("20%", "0"),
        ("20%", "1"),
        ("30%", "0"),
        ("30%", "1"),
    ]
    assert plan.left_out == 1


def test_a_constraint_on_no_axis_names_those_there_are() -> None:
    with pytest.raises(FotaSimError, match="'rssi' names no axis; there are min_battery"):
        plan_sweep(spec("plan.strategy.min_battery=10%,20%", where=("rssi > -100",)))


def test_a_value_out_of_bounds_is_a_mistake_of_the_scenario() -> None:
    with pytest.raises(ScenarioError, match=r"min_signal=-120dBm.*outside what AT"):
        plan_sweep(spec("plan.strategy.min_signal=-120dBm,-100dBm"))


@pytest.mark.parametrize("way", ["random", "lhs"])
def test_samples_of_a_seed_are_the_same_again(way: Way) -> None:
    axes = ("plan.strategy.min_battery=0%..50%", "plan.strategy.retries=0..5")
    plans = [plan_sweep(spec(*axes, way=way, samples=4, seed=seed)) for seed in (3, 3, 4)]
    labels = [[point.labels for point in plan.points] for plan in plans]
    assert labels[0] == labels[1] != labels[2]


def test_a_latin_hypercube_has_one_value_in_each_part_of_an_axis() -> None:
    plan = plan_sweep(spec("plan.strategy.min_battery=0%..80%", way="lhs", samples=4))
    shares = sorted(point.scenario.plan.strategy.min_battery for point in plan.points)
    assert [int(share // 0.2) for share in shares] == [0, 1, 2, 3]


@pytest.mark.parametrize("name", ["csv_fleet", "mixed_40000", "stm32_sota", "vendor_page"])
def test_the_ready_sweep_works_on_every_fleet(name: str) -> None:
    plan = plan_sweep(SweepSpec(SCENARIOS / f"{name}.yaml"))
    assert len(plan.points) == (20 if name == "mixed_40000" else 42)
    own = next(point for point in plan.points if point.id == plan.as_it_is)
    assert own.scenario.plan == load_scenario(SCENARIOS / f"{name}.yaml").plan


@pytest.mark.parametrize(("devices", "points"), [(19_000, 42), (20_000, 20), (40_000, 20), (41_000, 9), (10**6, 9)])
def test_a_large_fleet_has_a_coarser_ready_sweep(devices: int, points: int) -> None:
    plan = plan_sweep(SweepSpec(BATTERY, overrides=(f"fleet.groups[0].count={devices}",)))
    assert len(plan.points) == points
    assert plan.as_it_is in [point.id for point in plan.points]


def test_who_samples_a_large_fleet_says_how_many_and_samples_the_whole_range() -> None:
    plan = plan_sweep(SweepSpec(SCENARIOS / "mixed_40000.yaml", way="lhs", samples=50))
    assert len({point.labels["plan.strategy.min_signal"] for point in plan.points}) > 20


def test_the_file_that_a_sweep_leaves_gives_the_same_plan(tmp_path: Path) -> None:
    axes = ("plan.strategy.min_battery=0%..50%", "plan.strategy.retries=0,5")
    plan = plan_sweep(spec(*axes, way="lhs", samples=3, replications=2, where=("retries > 0",)))
    (tmp_path / "sweep.yaml").write_text(sweep_yaml(plan))
    again = plan_sweep(load_sweep(tmp_path / "sweep.yaml"))
    assert plan_hash(again) == plan_hash(plan)


def test_an_unknown_key_of_a_sweep_file_has_its_place(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(f"scenario: {BATTERY}\naxes: {{plan.strategy.retries: [0, 5]}}\nreps: 3\n")
    with pytest.raises(ScenarioError, match=r"s\.yaml:3:1: reps: unknown key; a sweep file has scenario"):
        load_sweep(file)


GATES = st.lists(st.integers(0, 90), min_size=1, max_size=4, unique=True)
RETRIES = st.lists(st.integers(0, 5), min_size=1, max_size=3, unique=True)


@settings(max_examples=10, deadline=None)
@given(gates=GATES, retries=RETRIES, seed=st.none() | st.integers(0, 99))
def test_a_grid_has_every_combination_once_in_the_order_of_its_axes_and_with_one_luck(
    gates: list[int], retries: list[int], seed: int | None
) -> None:
    axes = (
        f"plan.strategy.min_battery={','.join(f'{gate}%' for gate in gates)}",
        f"plan.strategy.retries={','.join(map(str, retries))}",
    )
    plan = plan_sweep(spec(*axes, seed=seed))
    played = [
        (round(100 * each.scenario.plan.strategy.min_battery), each.scenario.plan.strategy.retries)
        for each in plan.points
    ]
    assert played == [*product(gates, retries)]
    assert [tuple(each.labels.values()) for each in plan.points] == [(f"{gate}%", f"{retry}") for gate, retry in played]
    assert {each.scenario.seed for each in plan.points} == {load_scenario(BATTERY).seed if seed is None else seed}
    own = (round(100 * load_scenario(BATTERY).plan.strategy.min_battery), load_scenario(BATTERY).plan.strategy.retries)
    as_it_is = {each.id: at for each, at in zip(plan.points, played, strict=True)}.get(plan.as_it_is or "")
    assert as_it_is == (own if own in played else None)  # another seed is other luck, and no other setting


@pytest.mark.parametrize("axes", [("seed=1,2",), ("plan.strategy.min_battery=10%,30%", "replications=5,6")])
def test_an_axis_that_changes_nothing_that_is_simulated_is_refused(axes: tuple[str, ...]) -> None:
    path = axes[-1].partition("=")[0]
    with pytest.raises(FotaSimError, match=f"axis {path}: .* the same whatever its value; --{path} says it"):
        plan_sweep(spec(*axes))


def test_what_is_wrong_whatever_the_value_is_told_once() -> None:
    with pytest.raises(ScenarioError) as raised:
        plan_sweep(SweepSpec(SCENARIOS / "two_products.yaml", (parse_axis("plan.strategy.retries=1,2,3"),)))
    assert len(raised.value.problems) == 1
    with pytest.raises(ScenarioError) as raised:
        plan_sweep(spec("plan.strategy.retrees=1,2,3"))
    assert [each.message for each in raised.value.problems] == ["unknown key 'retrees'; did you mean 'retries'?"]
