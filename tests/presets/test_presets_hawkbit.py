"""Eclipse hawkBit: what its preset does, trap by trap (docs/presets.md)."""

import json
from collections import Counter
from random import Random

import numpy as np
import pytest
from preset_worlds import slow, under
from rollout_worlds import broken, ends, group, logged, play

from fota_sim.engines.waves import release_order
from fota_sim.fleet.fleet import build_fleet
from fota_sim.scenario.loader import parse_scenario

UPGRADED = ("upgraded", "")
CLOSED = ("not_offered", "wave not open")
both = pytest.mark.parametrize("engine", ["reference", "compiled"])


def _groups(first, rest=2, success="50%"):
    """A first group of the device groups ``first``, and a second one of ``rest`` devices."""
    opens = {"success": success, "when_all_finished": "open"}
    size = sum(part["count"] for part in first)
    scenario = under("hawkbit", 0, {"waves": [{"count": size}, {"opens": opens}]})
    scenario["fleet"]["groups"] = [*first, group("rest", rest)]
    scenario["packages"][0]["defects"] = [broken(where='hardware == "B"')]
    return scenario


@both
def test_exactly_half_in_error_do_not_pause_the_rollout_and_one_more_does(engine):
    half = play(_groups([group("bad", 2, hardware="B"), group("good", 2)]), engine)
    more = play(_groups([group("bad", 3, hardware="B"), group("good", 1)]), engine)
    assert not logged(half, "abort rule")
    assert logged(more, "rollout paused")
    assert ends(half)[UPGRADED] == 4
    assert ends(more)[UPGRADED] == 1


@both
def test_exactly_half_of_the_whole_group_is_a_success(engine):
    record = play(_groups([group("good", 2), group("gone", 2, gone="100%")]), engine)
    assert ends(record)[UPGRADED] == 4


@both
def test_a_group_that_is_mostly_offline_neither_passes_nor_fails_and_blocks_for_ever(engine):
    record = play(_groups([group("good", 1), group("gone", 3, gone="100%")]), engine)
    assert ends(record)[CLOSED] == 2
    assert not logged(record, "paused")


@both
def test_a_group_whose_actions_are_all_over_opens_the_next_though_it_missed_its_success(engine):
    record = play(_groups([group("bad", 2, hardware="B"), group("good", 2)], success="60%"), engine)
    assert ends(record)[UPGRADED] == 4


@both
def test_a_group_passes_while_its_other_half_is_still_downloading(engine):
    record = play(slow(_groups([group("good", 1), group("late", 1, radio="slow")])), engine)
    (opened_s,) = logged(record, "wave 2 of 2 opened")
    assert opened_s < record.devices["finished_ms"][1] / 1000.0


@both
def test_a_device_that_dies_stays_in_progress_for_there_is_no_timeout(engine):
    scenario = under("hawkbit", 1)
    scenario["packages"][0]["defects"] = [broken(effect="never_reconnects")]
    assert play(scenario, engine).devices["belief"][0] == "Upgrading"


@both
def test_devices_that_die_never_trip_the_error_threshold(engine):
    scenario = _groups([group("dead", 4)])
    scenario["packages"][0]["defects"] = [broken(effect="never_reconnects", where='group == "dead"')]
    record = play(scenario, engine)
    assert not logged(record, "abort rule")
    assert ends(record)[CLOSED] == 2


@both
def test_an_action_is_not_retried(engine):
    scenario = under("hawkbit", 1)
    scenario["packages"][0]["defects"] = [broken()]
    assert play(scenario, engine).devices["attempts"].tolist() == [1]


@both
def test_a_paused_rollout_is_paused_as_a_whole_until_it_is_resumed(engine):
    scenario = _groups([group("bad", 3, hardware="B"), group("good", 1)])
    paused = play(scenario, engine)
    scenario["plan"]["operator"] = [{"at": "1d", "do": "resume"}]
    resumed = play(scenario, engine)
    assert ends(paused)[UPGRADED] == 1
    assert ends(resumed)[UPGRADED] == 3


@both
def test_who_joins_after_the_start_is_not_part_of_the_rollout(engine):
    scenario = under("hawkbit", 2)
    scenario["fleet"]["groups"].append(group("late", 2, joins="1h"))
    assert ends(play(scenario, engine)) == {UPGRADED: 2, ("not_offered", "joined too late"): 2}


@both
def test_the_devices_word_is_taken_for_success_and_opens_the_next_group(engine):
    scenario = _groups([group("back", 2)])
    scenario["protocol"] = {"success_report": "before_reboot"}
    scenario["modules"]["board"]["boot"] = "ab"
    scenario["packages"][0]["defects"] = [broken(effect="boot_failure", where='group == "back"')]
    record = play(scenario, engine)
    assert list(record.devices["belief"])[:2] == ["Upgraded", "Upgraded"]
    assert record.devices["belief_true"].tolist()[:2] == [False, False]
    assert logged(record, "wave 2 of 2 opened")


@both
def test_a_group_is_the_rounded_share_of_who_is_left(engine):
    """The percentages of a rollout of equal groups are 100 / 3, 50 and 100 of who is in none before it."""
    scenario = under("hawkbit", 10, {"waves": [{"groups": 3, "opens": {"after": "0s"}}]})
    assert Counter(play(scenario, engine).devices["wave"]) == {0: 3, 1: 4, 2: 3}


@pytest.mark.parametrize("seed", range(20))
def test_sizes_of_groups_are_rounded_one_after_the_other(seed):
    luck = Random(seed)
    devices, shares = luck.randrange(1, 400), [luck.randrange(1, 100) for _ in range(luck.randrange(1, 6))]
    entries = [{"share": f"{percent}%", "share_of": "rest", "opens": {"after": "0s"}} for percent in shares]
    found, left = [], devices
    for percent in shares:
        found.append((percent * left * 2 + 100) // 200)  # to the nearest whole, a half up
        left -= found[-1]
    scenario = parse_scenario(json.dumps(under("hawkbit", devices, {"waves": [*entries, {}]})))
    order = release_order(scenario, build_fleet(scenario, 0), 0, np.ones(devices, bool), np.zeros(devices, bool))
    assert np.diff([0, *order[3]]).tolist() == [*found, left]
