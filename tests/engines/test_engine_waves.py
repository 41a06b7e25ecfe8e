"""Which waves there are and who is in them: a condition with a share, cumulative shares, groups of one size."""

import json

import numpy as np
import pytest
from rollout_worlds import at_ms, group, logged, play, world

from fota_sim.errors import ScenarioError
from fota_sim.scenario.loader import load_scenario, parse_scenario

both = pytest.mark.parametrize("engine", ["reference", "compiled"])

ODD = {"where": 'hardware == "B"'}


def halves(devices: int, waves) -> dict:
    """So many devices, the first half of hardware A, the others of B; waves open together."""
    scenario = world(devices, {"waves": waves})
    scenario["fleet"]["groups"] = [group("a", devices // 2), group("b", devices // 2, hardware="B")]
    return scenario


def members(record) -> list[list[str]]:
    """Ids of each wave."""
    waves = np.asarray(record.devices["wave"])
    ids = np.asarray(record.devices["id"])
    return [ids[waves == number].tolist() for number in range(int(waves.max()) + 1)]


def sizes(scenario) -> list[int]:
    return [len(ids) for ids in members(play(scenario))]


@both
def test_a_share_of_those_that_meet_a_condition_is_of_them_alone(engine):
    first, rest = members(play(halves(10, [{"devices": ODD, "share": "50%"}, {}]), engine))
    assert first == ["b-0", "b-1", "b-2"]  # half of five, rounded up
    assert len(rest) == 7


def test_a_share_of_the_rest_counts_only_those_that_earlier_waves_left():
    waves = [{"devices": ODD, "count": 3}, {"devices": ODD, "share": "50%", "share_of": "rest"}, {}]
    assert sizes(halves(20, waves)) == [3, 4, 13]  # half of the seven that are left of ten, rounded up
    waves[1]["share_of"] = "targets"
    assert sizes(halves(20, waves)) == [3, 5, 12]


def test_cumulative_shares_include_the_waves_before():
    waves = [{"count": 10}, {"up_to": "5%"}, {"up_to": "25%"}, {"up_to": "50%"}, {"up_to": "100%"}]
    assert sizes(world(1000, {"waves": waves})) == [10, 40, 200, 250, 500]


def test_a_cumulative_share_of_those_that_meet_a_condition_counts_who_of_them_was_in_a_wave_before():
    waves = [{"devices": {"ids": ["a-0", "b-0", "b-1"]}}, {"devices": ODD, "up_to": "60%"}, {}]
    assert sizes(halves(20, waves)) == [3, 4, 13]  # six of the ten of B, of which two were in the first


@pytest.mark.parametrize("percent", ["7%", "14%", "28%", "29%", "55%", "57%"])
def test_a_cumulative_share_is_exact(percent):
    wanted = int(percent.removesuffix("%"))
    assert sizes(world(100, {"waves": [{"count": 1}, {"up_to": percent}, {}]})) == [1, wanted - 1, 100 - wanted]


@pytest.mark.parametrize(("devices", "groups", "found"), [(10, 3, [4, 3, 3]), (9, 3, [3, 3, 3]), (11, 4, [3, 3, 3, 2])])
def test_groups_of_one_size_differ_by_one_device_at_most(devices, groups, found):
    assert sizes(world(devices, {"waves": groups})) == found
    assert sizes(world(devices, {"waves": [{"groups": groups}]})) == found


def test_groups_of_a_given_size_go_on_until_nobody_is_left():
    waves = [{"name": "canary", "count": 5}, {"groups_of": 20, "opens": {"after": "1h"}}]
    assert sizes(world(70, {"waves": waves})) == [5, 20, 20, 20, 5]


@both
def test_each_group_waits_for_the_one_before_it_as_the_entry_says(engine):
    after = {"at": "3h", "after": "1h"}
    record = play(world(8, {"waves": [{"count": 2}, {"groups_of": 2, "opens": after}]}), engine)
    assert logged(record, "opened") == [0.0, 3 * 3600.0, 4 * 3600.0, 5 * 3600.0]
    assert [text for _, text in record.plan_log if "opened" in text][-1] == "wave 4 of 4 opened"
    released = at_ms(record, "released_ms") / 3_600_000
    assert released.tolist() == [0, 0, 3, 3, 4, 4, 5, 5]


@both
def test_a_time_is_for_the_first_group_and_the_others_wait_until_the_one_before_is_over(engine):
    record = play(world(6, {"waves": [{"groups": 3, "opens": {"at": "2h"}}]}), engine)
    times = logged(record, "opened")
    finished = np.sort(np.asarray(record.devices["finished_ms"])) / 1000.0
    assert times == [7200.0, finished[1], finished[3]]


def test_a_condition_with_groups_has_the_groups_of_those_that_meet_it():
    waves = [{"devices": ODD, "share": "80%", "groups": 2}, {}]
    first, second, rest = members(play(halves(20, waves)))
    assert (first, second) == ([f"b-{k}" for k in range(4)], [f"b-{k}" for k in range(4, 8)])
    assert len(rest) == 12


def test_more_groups_than_a_rollout_can_have_are_refused_with_the_least_that_would_do(tmp_path):
    scenario = world(3000, {"waves": [{"groups_of": 2}]})
    with pytest.raises(ScenarioError) as told:
        play(scenario)
    (problem,) = told.value.problems
    assert problem.path == "plan.rollout.waves[0].groups_of"
    assert "3,000 devices in groups of 2 are 1,500 waves" in problem.message
    assert "write groups_of: 3 or more" in problem.message
    scenario["plan"]["rollout"]["waves"][0]["groups_of"] = 3
    assert len(sizes(scenario)) == 1000


@pytest.mark.parametrize(
    ("wave", "words"),
    [
        ({"share": "10%", "count": 3}, "share and count: a wave has one size"),
        ({"up_to": "10%", "share": "3%"}, "share and up_to: a wave has one size"),
        ({"groups": 2, "groups_of": 3}, "give one of them"),
        ({"groups": 0}, "greater than or equal to 1"),
    ],
)
def test_a_wave_with_two_sizes_is_refused(wave, words):
    with pytest.raises(ScenarioError) as told:
        parse_scenario(json.dumps(world(10, {"waves": [wave, {}]})))
    assert words in str(told.value) or "at least 1" in str(told.value)


def test_waves_as_a_number_are_the_entry_that_says_so(tmp_path):
    file = tmp_path / "scenario.yaml"
    file.write_text(json.dumps(world(10, {"waves": 4})))
    (entry,) = load_scenario(file).plan.rollout.waves
    assert entry.groups == 4
    (entry,) = load_scenario(file, ["plan.rollout.waves=3"]).plan.rollout.waves
    assert entry.groups == 3
