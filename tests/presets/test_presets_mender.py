"""Mender: what its preset does, trap by trap (docs/presets.md)."""

import numpy as np
import pytest
from preset_worlds import addresses_s, under
from rollout_worlds import broken, ends, group, logged, play

both = pytest.mark.parametrize("engine", ["reference", "compiled"])


@both
def test_phases_are_frozen_and_the_last_one_absorbs_growth(engine):
    waves = [{"share": "50%"}, {"opens": {"at": "1d"}}]
    scenario = under("mender", 4, {"waves": waves})
    scenario["fleet"]["groups"].append(group("late", 4, joins="1h"))
    record = play(scenario, engine)
    assert record.devices["wave"].tolist() == [0, 0, 1, 1, 1, 1, 1, 1]
    assert min(record.devices["finished_ms"][2:]) > 86_400_000


@both
def test_a_phase_opens_at_its_time_whatever_became_of_the_one_before(engine):
    scenario = under("mender", 4, {"waves": [{"share": "50%"}, {"opens": {"at": "1d"}}]})
    scenario["packages"][0]["defects"] = [broken()]
    assert logged(play(scenario, engine), "wave 2 of 2 opened") == [86_400.0]


@both
def test_a_download_link_is_dead_after_24_hours(engine):
    scenario = under("mender", 1, {"retry": []})
    table = [["-110dBm", "300bit/s"], ["-50dBm", "300bit/s"]]
    scenario["radios"]["line"] |= {"table": table, "mode": "block"}
    scenario["packages"][0]["files"][0]["size"] = "3.9MB"
    assert ends(play(scenario, engine)) == {("failed", "download address expired"): 1}


@both
def test_a_broken_download_is_resumed_ten_times_a_minute_apart(engine):
    scenario = under("mender", 1)
    too_slow = [["-110dBm", "300bit/s"], ["-50dBm", "300bit/s"]]
    scenario["radios"]["line"] |= {"table": too_slow}
    scenario["protocol"] = {"max_download_failures": 20}
    scenario["keep"] = {"transcripts": 1}
    times = addresses_s(play(scenario, engine))
    assert len(times) == 11
    assert min(np.diff(times)) > 60.0


@both
def test_a_failed_installation_is_not_retried(engine):
    scenario = under("mender", 1)
    scenario["packages"][0]["defects"] = [broken()]
    assert play(scenario, engine).devices["attempts"].tolist() == [1]


@both
def test_an_installation_is_given_up_after_four_hours(engine):
    scenario = under("mender", 1)
    scenario["packages"][0]["defects"] = [broken(effect="never_reconnects")]
    finished_ms = play(scenario, engine).devices["finished_ms"][0]
    assert 4 * 3_600_000 < finished_ms < 5 * 3_600_000


@both
def test_an_image_that_rolls_back_is_no_success_whatever_was_said_before(engine):
    scenario = under("mender", 1)
    scenario["protocol"] = {"success_report": "before_reboot"}
    scenario["modules"]["board"]["boot"] = "ab"
    scenario["packages"][0]["defects"] = [broken(effect="boot_failure")]
    record = play(scenario, engine)
    assert record.devices["outcome"][0] == "rolled_back"
    assert record.devices["belief"][0] != "Upgraded"


@both
def test_devices_are_reached_at_the_next_poll(engine):
    offered = play(under("mender", 3), engine).devices["first_offer_ms"]
    assert set(np.asarray(offered) // 1000) == {1_800}
