"""A question of many points about a large fleet is answered by a part of it, which is said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lab_world import lab

from fota_sim.analysis.answers.sensitivity import sensitivity_answer
from fota_sim.analysis.batch.gathering import HowToPlay, gather
from fota_sim.analysis.batch.points import Point
from fota_sim.analysis.batch.sampling import ALL, answering, parse_devices, sized
from fota_sim.analysis.run.replications import AFFORDED, Effort, effort_of
from fota_sim.analysis.run.sample import DEVICES
from fota_sim.analysis.sensitivity.effects import FIRST_LOOK, design, sensitivity
from fota_sim.analysis.sensitivity.parameters import parse_vary
from fota_sim.errors import FotaSimError
from fota_sim.scenario.variation import varied

HOW = HowToPlay(engine="compiled", workers=1)
LARGE = "fleet.groups.boards.count=40000"


def points(*overrides: str, count: int = 2) -> list[Point]:
    return [Point(str(number), {}, lab(*overrides)) for number in range(count)]


def test_all_devices_are_played_where_ten_seconds_allow_it() -> None:
    assert effort_of(lab(), 122) == Effort(10, None)
    assert effort_of(lab(LARGE), 20) == Effort(5, None)
    assert effort_of(lab(LARGE), 10) == Effort(10, None)


@pytest.mark.parametrize("variants", [21, 60, 123, 700])
def test_beyond_that_a_part_is_played_ten_times_and_is_never_small(variants: int) -> None:
    effort = effort_of(lab(LARGE), variants)
    assert effort.replications == 10
    assert effort.devices is not None
    assert effort.devices == max(DEVICES, AFFORDED // (10 * variants))


def test_what_the_scenario_says_of_replications_is_kept() -> None:
    assert effort_of(lab(LARGE, "replications=40"), 123) == Effort(40, DEVICES)


def test_every_point_has_the_same_devices_and_says_of_how_many() -> None:
    found, times = sized(lab(LARGE), points(LARGE, count=123))
    assert times == 10
    assert {point.scenario.fleet.groups[0].count for point in found} == {3252}
    assert answering(found) == {"played": 3252, "of": 40_000}


def test_what_is_asked_for_overrules() -> None:
    whole, times = sized(lab(LARGE), points(LARGE, count=123), devices=ALL)
    assert (answering(whole), times) == (None, 5)
    few, times = sized(lab(LARGE), points(LARGE), replications=7, devices=100)
    assert (answering(few), times) == ({"played": 100, "of": 40_000}, 7)


def test_a_fleet_that_no_part_answers_for_is_played_whole_or_refused() -> None:
    ruled = (LARGE, "plan.rollout.abort=[{share: 5%, minimum: 20}]")
    whole, times = sized(lab(*ruled), points(*ruled, count=123))
    assert (answering(whole), times) == (None, 5)
    with pytest.raises(FotaSimError, match="leave --devices out"):
        sized(lab(*ruled), points(*ruled), devices=100)


def test_points_of_which_one_has_another_fleet_have_no_sample() -> None:
    other = Point("other", {}, lab("fleet.groups.boards.count=80000"))
    assert answering(sized(lab(LARGE), [*points(LARGE, count=200), other])[0]) is None


def test_a_number_of_devices_is_read() -> None:
    assert [parse_devices(text) for text in (None, "all", "8000", "8,000")] == [None, ALL, 8000, 8000]
    for wrong in ("many", "0", "-5"):
        with pytest.raises(FotaSimError, match="--devices"):
            parse_devices(wrong)


def test_what_grows_with_the_fleet_is_that_of_all_devices_and_shares_rest_on_those_played() -> None:
    found, _ = sized(lab(), [Point("a", {}, lab("fleet.groups.boards.count=400"))], devices=40)
    [part] = gather(found, range(1), HOW)["a"]
    assert part["devices"].value == 400
    assert part["outcome_upgraded"].denominator == 40


def test_a_study_of_assumptions_on_a_part_agrees_with_one_of_all_devices() -> None:
    scenario = lab("fleet.groups.boards.count=320")
    vary = [parse_vary(text, scenario) for text in ("plan.strategy.min_battery=10%..90%", "plan.strategy.retries=0..5")]
    plan = design(scenario, vary, "oat", 0, 1)
    whole = sensitivity(plan, ["success_of_targeted"], 6, HOW)
    parts, _ = sized(scenario, plan.points, devices=80)
    part = sensitivity(replace(plan, points=parts), ["success_of_targeted"], 6, HOW)
    [strong, *_], [strong_too, *_] = (each["metrics"]["success_of_targeted"]["rows"] for each in (whole, part))
    assert strong["path"] == strong_too["path"] == "plan.strategy.min_battery"
    low, high = strong_too["high_interval"]
    assert low - 0.05 < strong["high_effect"] < high + 0.05
    assert (whole["sample"], whole["idle"]) == (None, 0)
    assert part["sample"] == {"played": 80, "of": 320}
    told = sensitivity_answer({"question": "", **part})[-1]
    assert "80 of the 320 devices answer for all" in told
    assert "--devices all" in told


def test_what_changes_nothing_at_first_is_not_played_to_the_end_and_says_so() -> None:
    scenario = lab("fleet.groups.boards.count=160")
    idle = "hosts.careful.mcu_flash_rate"  # no device of this fleet has an MCU
    plan = design(scenario, [parse_vary(f"{idle}=10kB/s..30kB/s", scenario)], "oat", 0, 1)
    seen: list[tuple[int, int]] = []
    how = replace(HOW, progress=lambda done, of: seen.append((done, of)))
    found = sensitivity(replace(plan, points=sized(scenario, plan.points, devices=40)[0]), ["bytes_sent"], 6, how)
    assert found["idle"] == 2
    row = found["metrics"]["bytes_sent"]["rows"][0]
    assert (row["low_effect"], row["low_shown"], row["low_interval"]) == (0.0, False, None)
    assert f"in {FIRST_LOOK} replications" in row["low_note"]
    assert "but for 2 points that change nothing" in sensitivity_answer(found)[-1]
    assert seen[-1] == (18, 18)  # the progress of what nobody plays is over
    assert all(done <= of == 18 for done, of in seen)


def test_a_varied_part_is_a_part_of_the_varied() -> None:
    change = {"plan.strategy.min_battery": "90%"}
    whole = lab("fleet.groups.boards.count=400")
    [one] = sized(whole, [Point("a", change, varied(whole, change))], devices=40)[0]
    assert one.scenario.plan.strategy.min_battery == pytest.approx(0.9)
    assert one.scenario.fleet.groups[0].count == 40
