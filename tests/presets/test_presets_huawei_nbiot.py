"""Huawei IoTDA for NB-IoT: what its preset does, trap by trap (docs/presets.md)."""

import numpy as np
import pytest
from preset_worlds import under
from rollout_worlds import broken, ends, group, play

both = pytest.mark.parametrize("engine", ["reference", "compiled"])
COVERED = {"ce_edges": ["-90dBm", "-100dBm"]}


def _batches(record):
    return np.unique(record.devices["finished_ms"], return_counts=True)[1].tolist()


@both
@pytest.mark.parametrize(
    ("rssi", "devices", "batches"),
    [("-60dBm", 55, [50, 5]), ("-95dBm", 12, [10, 2]), ("-105dBm", 3, [1, 1, 1])],
)
def test_a_cell_upgrades_50_or_10_or_1_at_a_time_by_coverage(engine, rssi, devices, batches):
    scenario = under("huawei-nbiot", devices)
    scenario["radios"]["line"] |= COVERED
    scenario["fleet"]["groups"][0]["rssi"] = rssi
    assert _batches(play(scenario, engine)) == batches


@both
def test_each_cell_has_slots_of_its_own(engine):
    scenario = under("huawei-nbiot", 0)
    scenario["radios"]["line"] |= COVERED
    scenario["fleet"]["groups"] = [group(f"cell{k}", 1, rssi="-105dBm") for k in range(3)]
    assert _batches(play(scenario, engine)) == [3]


@both
def test_ten_at_a_time_where_the_cell_is_known_and_the_signal_is_not(engine):
    scenario = under("huawei-nbiot", 12)
    scenario["fleet"]["groups"][0]["rssi_unknown"] = "100%"
    scenario["hosts"]["quiet"]["extends"] = "careless"
    assert _batches(play(scenario, engine)) == [10, 2]


@both
def test_nothing_known_gets_nothing_where_unknown_is_0(engine):
    scenario = under("huawei-nbiot", 2, {"cell_concurrency": {"unknown": 0}})
    scenario["fleet"]["groups"][0]["rssi_unknown"] = "100%"
    assert ends(play(scenario, engine)) == {("not_offered", "telemetry missing"): 2}


@both
def test_a_device_that_does_not_appear_for_24_hours_has_failed(engine):
    scenario = under("huawei-nbiot", 1)
    scenario["fleet"]["groups"][0]["gone"] = "100%"
    record = play(scenario, engine)
    assert (record.devices["belief"][0], record.devices["finished_ms"][0]) == ("Upgrade Failed", 86_400_000)


def _log(scenario, engine):
    (lines,) = play(scenario | {"keep": {"transcripts": 1}}, engine).platform_logs.values()
    return " ".join(line.text for line in lines)


@both
def test_an_answer_takes_at_most_3_minutes(engine):
    scenario = under("huawei-nbiot", 1)
    scenario["hosts"]["quiet"]["confirm_delay"] = "10min"
    assert "no answer in time" in _log(scenario, engine)


@both
def test_a_download_takes_at_most_an_hour(engine):
    scenario = under("huawei-nbiot", 1)
    table = [["-110dBm", "8kbit/s"], ["-50dBm", "8kbit/s"]]
    scenario["radios"]["line"] |= {"table": table}
    scenario["packages"][0]["files"][0]["size"] = "3.9MB"
    assert "download took too long" in _log(scenario, engine)


@both
def test_a_result_takes_at_most_half_an_hour(engine):
    scenario = under("huawei-nbiot", 1)
    scenario["packages"][0]["defects"] = [broken(effect="never_reconnects")]
    assert "no result in time" in _log(scenario, engine)


@both
@pytest.mark.parametrize(("retry", "attempts"), [({}, 1), ({"retry": [{"count": 2, "delay": "0s"}]}, 3)])
def test_failures_are_retried_by_count_and_not_at_all_without_one(engine, retry, attempts):
    scenario = under("huawei-nbiot", 1, retry)
    scenario["packages"][0]["defects"] = [broken()]
    assert play(scenario, engine).devices["attempts"].tolist() == [attempts]
