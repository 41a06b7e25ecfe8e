"""What the operator does under a preset."""

import pytest
from preset_worlds import under
from rollout_worlds import broken, logged, play


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_a_rule_that_counts_devices_counts_each_once_however_often_it_fails_for_good(engine):
    operator = [{"at": "1h", "do": "retry", "devices": {"ids": ["g-0"]}}]
    abort = [{"count": 2, "on": ["upgrade"], "action": "cancel"}]
    scenario = under("aws-iot-jobs", 3, {"abort": abort}, operator=operator)
    scenario["packages"][0]["defects"] = [broken(where='id == "g-0"')]
    assert not logged(play(scenario, engine), "abort rule 1 fired")
