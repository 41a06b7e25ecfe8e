"""Alibaba Cloud IoT Platform: what its preset does, trap by trap (docs/presets.md)."""

import numpy as np
import pytest
from preset_worlds import addresses_s, under
from rollout_worlds import at_ms, broken, play

both = pytest.mark.parametrize("engine", ["reference", "compiled"])
RETRY = {"on": ["download", "shed", "upgrade"], "count": 2, "delay": "10min"}


def _finished_ms(scenario, engine):
    return int(play(scenario, engine).devices["finished_ms"][0])


@both
def test_the_timeout_runs_from_the_first_progress_and_not_from_the_confirmation(engine):
    scenario = under("alibaba", 1, {"timeouts": {"in_progress": "10min"}})
    scenario["packages"][0]["defects"] = [broken(effect="never_reconnects")]
    from_progress = _finished_ms(scenario, engine)
    scenario["plan"]["rollout"]["timeouts"]["in_progress_from"] = "confirmed"
    assert from_progress > _finished_ms(scenario, engine)


@both
def test_a_device_that_is_never_seen_does_not_time_out(engine):
    scenario = under("alibaba", 1, {"timeouts": {"in_progress": "10min"}})
    scenario["fleet"]["groups"][0]["gone"] = "100%"
    assert play(scenario, engine).devices["belief"][0] == "Not Upgraded"


@both
def test_the_timeout_is_not_restarted_by_another_attempt(engine):
    scenario = under("alibaba", 1, {"timeouts": {"in_progress": "15min"}, "retry": [RETRY | {"count": 5}]})
    scenario["packages"][0]["defects"] = [broken()]
    scenario["keep"] = {"transcripts": 1}
    assert len(addresses_s(play(scenario, engine))) == 2


@both
def test_a_timeout_is_not_retried(engine):
    scenario = under("alibaba", 1, {"timeouts": {"in_progress": "10min"}, "retry": [RETRY]})
    scenario["packages"][0]["defects"] = [broken(effect="never_reconnects")]
    record = play(scenario, engine)
    assert (record.devices["attempts"][0], record.devices["belief"][0]) == (1, "Upgrade Failed")


@both
def test_other_failures_are_retried_so_often_at_that_interval(engine):
    scenario = under("alibaba", 1, {"retry": [RETRY]})
    scenario["packages"][0]["defects"] = [broken()]
    scenario["keep"] = {"transcripts": 1}
    times = addresses_s(play(scenario, engine))
    assert len(times) == 3
    assert min(np.diff(times)) > 600.0


@both
def test_a_rate_is_constant_and_per_minute(engine):
    times = at_ms(play(under("alibaba", 20, {"rate": {"devices": 10}}), engine), "released_ms")
    assert times[-1] == 120_000
