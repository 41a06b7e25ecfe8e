"""AWS IoT Jobs: what its preset does, trap by trap (docs/presets.md)."""

import json

import numpy as np
import pytest
from preset_worlds import addresses_s, alternating, slow, under
from rollout_worlds import at_ms, broken, ends, group, logged, play

from fota_sim.analysis.numbers.metrics import measure
from fota_sim.analysis.numbers.terms import terms_of
from fota_sim.scenario.loader import parse_scenario

NAME = "aws-iot-jobs"
UPGRADED = ("upgraded", "")
both = pytest.mark.parametrize("engine", ["reference", "compiled"])


def _failing(rollout, devices=12):
    scenario = alternating(under(NAME, 0, {"rate": {"devices": 1, "every": "10min"}, **rollout}), devices)
    scenario["packages"][0]["defects"] = [broken(where='hardware == "B"')]
    return scenario


def test_a_thousand_devices_a_minute_are_notified():
    times = at_ms(play(under(NAME, 1_500), "compiled"), "released_ms")
    assert times[-1] == 90_000


def test_the_published_ramp_doubles_at_every_thousand():
    ramp = {"rate": {"devices": 50, "every": "1min", "factor": 2, "step": 1000, "cap": 1000}}
    times = at_ms(play(under(NAME, 4_000, ramp), "compiled"), "released_ms")
    assert [times[n - 1] / 60_000 for n in (1_000, 2_000, 3_000, 4_000)] == [20.0, 30.0, 35.0, 37.5]


@both
def test_an_offline_device_stays_queued_and_never_times_out(engine):
    scenario = under(NAME, 1, {"timeouts": {"in_progress": "1h"}})
    scenario["fleet"]["groups"][0]["gone"] = "100%"
    record = play(scenario, engine)
    assert record.devices["outcome"][0] == "unreachable"
    assert record.devices["belief"][0] == "Not Upgraded"


@both
def test_a_device_in_progress_times_out_from_when_it_began(engine):
    scenario = under(NAME, 1, {"timeouts": {"in_progress": "1h"}})
    scenario["packages"][0]["defects"] = [broken(effect="never_reconnects")]
    record = play(scenario, engine)
    assert record.devices["belief"][0] == "Upgrade Failed"
    took_ms = record.devices["finished_ms"][0] - record.devices["confirmed_ms"][0]
    assert took_ms // 1000 == 3_599  # the host knows of its own answer a moment later


@both
def test_an_abort_cancels_what_is_queued_and_queued_retries_and_lets_go_on_what_runs(engine):
    abort = {"on": ["upgrade"], "counts": "attempts", "share": "1%", "share_of": "targeted", "action": "cancel"}
    retry = {"on": ["upgrade", "timeout"], "count": 10, "delay": "1h"}
    scenario = slow(under(NAME, 0, {"abort": [abort], "retry": [retry]}))
    scenario["fleet"]["groups"] = [
        group("bad", 1, hardware="B"),
        group("slow", 1, radio="slow"),
        group("waiting", 1, contact={"pattern": "always", "spread": "100d"}),
    ]
    scenario["packages"][0]["defects"] = [broken(where='hardware == "B"')]
    record = play(scenario, engine)
    assert record.devices["attempts"].tolist()[:2] == [1, 1]
    assert list(record.devices["outcome"]) == ["cancelled", "upgraded", "cancelled"]


@both
@pytest.mark.parametrize(("minimum", "failed"), [(1, 1), (6, 3)])
def test_exactly_the_threshold_aborts_once_enough_are_notified(engine, minimum, failed):
    abort = {"on": ["upgrade"], "share": "50%", "share_of": "targeted", "minimum": minimum, "action": "cancel"}
    record = play(_failing({"abort": [abort]}), engine)
    assert ends(record)[("failed", "verification failed")] == failed
    assert logged(record, "rollout cancelled")


@both
def test_rejected_is_final_and_no_failure_that_is_retried(engine):
    retry = [{"on": ["upgrade", "timeout"], "count": 10, "delay": "0s"}]
    record = play(under(NAME, 1, {"retry": retry}, strategy={"min_signal": "-55dBm"}), engine)
    assert record.devices["offers"].tolist() == [1]
    assert record.devices["outcome"][0] == "refused"


@both
def test_rejected_counts_for_an_abort_rule_that_names_it(engine):
    abort = [{"on": ["refused"], "share": "50%", "share_of": "targeted", "action": "cancel"}]
    record = play(under(NAME, 2, {"abort": abort}, strategy={"min_signal": "-55dBm"}), engine)
    assert logged(record, "abort rule 1 fired")


@both
def test_who_joins_a_continuous_job_later_gets_it_at_once_whatever_the_rate(engine):
    scenario = under(NAME, 2, {"rate": {"devices": 1, "every": "1d"}})
    scenario["fleet"]["groups"].append(group("late", 3, joins="1h"))
    hours = (play(scenario, engine).devices["finished_ms"] // 3_600_000).tolist()
    assert hours == [24, 48, 1, 1, 1]


@both
def test_nothing_is_retried_unless_it_is_configured(engine):
    scenario = under(NAME, 1)
    scenario["packages"][0]["defects"] = [broken()]
    assert play(scenario, engine).devices["attempts"].tolist() == [1]


@both
def test_each_failure_type_has_its_own_number_of_retries(engine):
    scenario = under(NAME, 1, {"retry": [{"on": ["timeout"], "count": 7}, {"on": ["upgrade"], "count": 2}]})
    scenario["packages"][0]["defects"] = [broken()]
    scenario["keep"] = {"transcripts": 1}
    assert len(addresses_s(play(scenario, engine))) == 3


@both
def test_the_devices_word_is_taken_for_success(engine):
    scenario = under(NAME, 1)
    scenario["protocol"] = {"success_report": "before_reboot"}
    scenario["modules"]["board"]["boot"] = "ab"
    scenario["packages"][0]["defects"] = [broken(effect="boot_failure")]
    record = play(scenario, engine)
    assert (record.devices["belief"][0], bool(record.devices["belief_true"][0])) == ("Upgraded", False)


def test_no_more_than_a_thousand_a_minute_are_notified_whatever_the_ramp_says():
    ramp = {"rate": {"devices": 50, "factor": 2, "step": 1000}}
    times = at_ms(play(under(NAME, 12_000, ramp), "compiled"), "released_ms")
    assert np.bincount((times - 1) // 60_000).max() == 1000
    in_seconds = {"rate": {"devices": 100, "every": "1s"}}
    assert at_ms(play(under(NAME, 1_500, in_seconds), "compiled"), "released_ms")[-1] == 90_000


@both
def test_a_timeout_is_terminal_whatever_the_device_reports_later(engine):
    """An execution in progress for longer than its time is TIMED_OUT, and SUCCEEDED is refused then."""
    abort = {"on": ["timeout"], "share": "50%", "share_of": "targeted", "minimum": 10, "action": "cancel"}
    scenario = under(NAME, 20, {"timeouts": {"in_progress": "1min"}, "abort": [abort]})
    scenario["packages"][0]["files"][0]["size"] = "1MB"  # 80 s at 100 kbit/s
    record = play(scenario, engine)
    assert ends(record) == {UPGRADED: 20}
    assert set(record.devices["belief"]) == {"Upgrade Failed"}
    shown = measure(record.devices, record.downloads, terms_of(parse_scenario(json.dumps(scenario))))
    assert shown["success_as_platform_shows"].value == 0.0
    assert shown["upgraded_not_believed"].numerator == 20
    assert logged(record, "abort rule 1 fired at 10 failures")


@both
def test_each_retried_execution_has_a_timer_of_its_own(engine):
    retry = [{"on": ["upgrade", "timeout"], "count": 3, "delay": "50min"}]
    scenario = under(NAME, 1, {"timeouts": {"in_progress": "1h"}, "retry": retry})
    scenario["packages"][0]["defects"] = [broken()]
    scenario["keep"] = {"transcripts": 1}
    assert len(addresses_s(play(scenario, engine))) == 4
