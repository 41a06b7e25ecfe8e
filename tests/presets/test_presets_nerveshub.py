"""NervesHub: what its preset does, trap by trap (docs/presets.md)."""

import numpy as np
import pytest
from preset_worlds import addresses_s, under
from rollout_worlds import broken, ends, group, logged, play

UPGRADED = ("upgraded", "")
both = pytest.mark.parametrize("engine", ["reference", "compiled"])


@both
def test_ten_at_a_time_are_upgraded_in_the_order_of_the_line(engine):
    finished = play(under("nerveshub", 25), engine).devices["finished_ms"]
    times, sizes = np.unique(finished, return_counts=True)
    assert sizes.tolist() == [10, 10, 5]
    assert finished[0] == times[0]


@both
def test_devices_that_connect_and_ask_overshoot_the_slots(engine):
    scenario = under("nerveshub", 25)
    scenario["hosts"]["quiet"]["asks"] = True
    assert len(set(play(scenario, engine).devices["finished_ms"].tolist())) == 1


@both
def test_slots_of_dead_devices_are_free_again_30_minutes_after_their_last_report(engine):
    scenario = under("nerveshub", 10)
    scenario["fleet"]["groups"].append(group("next", 5))
    scenario["packages"][0]["defects"] = [broken(effect="never_reconnects", where='group == "g"')]
    record = play(scenario, engine)
    assert ends(record)[UPGRADED] == 5
    assert min(record.devices["first_offer_ms"][10:]) > 30 * 60_000


@both
def test_three_failures_put_a_device_into_the_box_for_a_day(engine):
    scenario = under("nerveshub", 1)
    scenario["packages"][0]["defects"] = [broken()]
    scenario["keep"] = {"transcripts": 1}
    times = addresses_s(play(scenario, engine, "horizon=2d"))
    assert len(times) == 6
    assert times[3] - times[2] > 86_400.0


@both
def test_a_boxed_device_gives_its_slot_to_the_next(engine):
    scenario = under("nerveshub", 10)
    scenario["fleet"]["groups"].append(group("next", 1))
    scenario["packages"][0]["defects"] = [broken(where='group == "g"')]
    assert play(scenario, engine, "horizon=12h").devices["outcome"][10] == "upgraded"


@both
def test_nothing_stops_a_rollout_that_fails_everywhere(engine):
    scenario = under("nerveshub", 20)
    scenario["packages"][0]["defects"] = [broken()]
    record = play(scenario, engine, "horizon=3d")
    assert not logged(record, "abort rule")
    assert min(record.devices["attempts"]) >= 3


@both
def test_a_device_that_ignores_the_update_is_left_alone_for_a_day(engine):
    scenario = under("nerveshub", 1, strategy={"min_signal": "-55dBm"})
    assert play(scenario, engine, "horizon=23h").devices["offers"].tolist() == [1]
    assert play(scenario, engine, "horizon=25h").devices["offers"].tolist() == [2]
