"""What each part of a rollout does, on a fleet without luck; both engines, which the twins compare elsewhere."""

import json

import numpy as np
import pytest
from rollout_worlds import ENGINES, at_ms, broken, ends, group, logged, play, world

from fota_sim.engines.twins import play_both
from fota_sim.scenario.loader import parse_scenario

UPGRADED = ("upgraded", "")
both = pytest.mark.parametrize("engine", ["reference", "compiled"])

# Rate


@both
def test_the_published_ramp_is_met_to_the_millisecond(engine):
    """50 a minute, doubled every 1000, at most 1000: 10,000 devices in 43.75 min (docs/rollout.md, Rate)."""
    ramp = {"rate": {"devices": 50, "every": "1min", "factor": 2, "step": 1000, "cap": 1000}}
    devices = 10_000 if engine == "compiled" else 2_000
    times = at_ms(play(world(devices, ramp), engine), "released_ms")
    assert len(times) == devices
    if engine == "compiled":
        assert times[-1] == 43.75 * 60_000
    assert [times[n - 1] / 60_000 for n in (1_000, 2_000)] == [20.0, 30.0]
    assert times[0] == 1_200


def test_the_ramp_reaches_100_000_devices_in_133_75_minutes():
    ramp = {"rate": {"devices": 50, "every": "1min", "factor": 2, "step": 1000, "cap": 1000}}
    times = at_ms(play(world(100_000, ramp), "compiled", "horizon=3h"), "released_ms")
    assert (len(times), times[-1]) == (100_000, 133.75 * 60_000)


@both
def test_a_constant_rate_spaces_devices_evenly(engine):
    times = at_ms(play(world(21, {"rate": {"devices": 7, "every": "1min"}}), engine), "released_ms")
    assert times.tolist() == [-(-60_000 * (n + 1) // 7) for n in range(21)]


@both
def test_a_pack_is_released_at_the_beginning_of_each_interval(engine):
    pack = {"rate": {"devices": 10, "every": "1min", "pacing": "pack"}}
    times = at_ms(play(world(35, pack), engine), "released_ms")
    assert times.tolist() == [60_000 * (n // 10) for n in range(35)]


@both
def test_steps_on_success_wait_for_successes(engine):
    rate = {"devices": 1, "every": "1min", "factor": 2, "step": 2}
    on_notified = at_ms(play(world(8, {"rate": rate}), engine), "released_ms")
    on_success = at_ms(play(world(8, {"rate": rate | {"step_on": "succeeded"}}), engine), "released_ms")
    assert on_notified[-1] < on_success[-1]


@both
def test_what_a_suspended_plan_did_not_release_is_not_made_up_for(engine):
    operator = [{"at": "150s", "do": "suspend"}, {"at": "1h", "do": "resume"}]
    times = at_ms(play(world(6, {"rate": {"devices": 1, "every": "1min"}}, operator=operator), engine), "released_ms")
    assert times.tolist() == [60_000, 120_000, *(3_600_000 + 60_000 * n for n in (1, 2, 3, 4))]


# Slots


@both
@pytest.mark.parametrize(("devices", "slots"), [(10, 3), (12, 4), (5, 1), (4, 9)])
def test_n_devices_over_c_slots_take_the_rounded_up_quotient_of_one(engine, devices, slots):
    alone = play(world(1, {}), engine)
    took_ms = at_ms(alone, "finished_ms")[0] - at_ms(alone, "released_ms")[0]
    record = play(world(devices, {"concurrency": {"devices": slots}}), engine)
    begins_ms = 1_000 + 0  # all connect within the same second
    duration_ms = took_ms - begins_ms
    assert at_ms(record, "finished_ms")[-1] == begins_ms + -(-devices // slots) * duration_ms
    assert ends(record) == {UPGRADED: devices}


@both
def test_silence_when_full_comes_back_later(engine):
    silent = play(world(6, {"concurrency": {"devices": 2, "when_full": "silence"}}), engine)
    queued = play(world(6, {"concurrency": {"devices": 2}}), engine)
    assert ends(silent) == ends(queued) == {UPGRADED: 6}
    assert at_ms(silent, "finished_ms")[-1] > at_ms(queued, "finished_ms")[-1]


@both
def test_last_in_first_out_turns_the_line_around(engine):
    record = play(world(5, {"concurrency": {"devices": 1, "order": "lifo"}}), engine)
    assert np.argsort(record.devices["finished_ms"]).tolist() == [0, 4, 3, 2, 1]


@both
def test_priority_goes_first_and_reserved_slots_are_kept_free(engine):
    first = {"devices": 2, "reserved": 1, "priority": {"where": 'group == "late"'}}
    scenario = world(4, {"concurrency": first})
    scenario["fleet"]["groups"].append(group("late", 2))
    record = play(scenario, engine)
    order = np.argsort(record.devices["finished_ms"], kind="stable").tolist()
    assert set(order[:2]) == {0, 4}  # one of the others, and one of the reserved slot
    assert ends(record) == {UPGRADED: 6}


@both
def test_a_slot_that_a_dead_device_holds_is_lost_unless_it_expires(engine):
    scenario = world(6, {"concurrency": {"devices": 1}})
    scenario["packages"][0]["defects"] = [broken(effect="never_reconnects", where='id == "g-0"')]
    leaked = play(scenario, engine)
    assert ends(leaked)[("not_offered", "no free slot")] == 5
    scenario["plan"]["rollout"]["concurrency"]["expires"] = "30min"
    assert ends(play(scenario, engine))[UPGRADED] == 5


@both
def test_slots_of_a_cell_go_by_the_coverage_that_the_platform_knows(engine):
    scenario = world(5, {"cell_concurrency": {"devices": [1, 1, 1], "unknown": 0}})
    scenario["fleet"]["groups"].append(group("other", 1, rssi_unknown="100%"))
    record = play(scenario, engine)
    assert ends(record) == {UPGRADED: 5, ("not_offered", "telemetry missing"): 1}
    finished = at_ms(record, "finished_ms")
    assert len(set(np.diff(finished).tolist())) == 1  # one after another


# Waves


@both
def test_a_wave_opens_when_the_one_before_has_succeeded(engine):
    waves = [{"count": 2}, {"opens": {"success": "100%"}}]
    record = play(world(6, {"waves": waves}), engine)
    first_done_s = sorted(record.devices["finished_ms"])[1] / 1000.0
    assert logged(record, "wave 2 of 2 opened") == [first_done_s]
    assert record.devices["wave"].tolist() == [0, 0, 1, 1, 1, 1]


@both
def test_a_share_of_the_group_waits_for_ever_for_an_offline_canary_and_a_deadline_does_not(engine):
    scenario = world(4, {"waves": [{"count": 2}, {"opens": {"success": "100%"}}]})
    scenario["fleet"]["groups"].insert(0, group("gone", 1, gone="100%"))
    assert ends(play(scenario, engine))[("not_offered", "wave not open")] == 3
    scenario["plan"]["rollout"]["waves"][1]["opens"]["deadline"] = "1d"
    late = play(scenario, engine)
    assert logged(late, "wave 2 of 2 opened") == [86_400.0]
    assert ends(late)[UPGRADED] == 4


@both
def test_a_share_of_the_finished_needs_a_quorum_to_mean_something(engine):
    finished = {"success": "100%", "share_of": "finished"}
    scenario = world(4, {"waves": [{"count": 4}, {"opens": finished}]})
    scenario["fleet"]["groups"].append(group("rest", 2))
    early = logged(play(scenario, engine), "wave 2 of 2 opened")
    scenario["plan"]["rollout"]["concurrency"] = {"devices": 1}
    first_only = logged(play(scenario, engine), "wave 2 of 2 opened")
    scenario["plan"]["rollout"]["waves"][1]["opens"]["quorum"] = "100%"
    all_four = logged(play(scenario, engine), "wave 2 of 2 opened")
    assert early == first_only
    assert all_four > first_only


@both
def test_a_wave_whose_devices_have_all_failed_opens_the_next_only_if_told_to(engine):
    opens = {"success": "50%"}
    scenario = world(4, {"waves": [{"count": 2}, {"opens": opens}]}, strategy={"retries": 0})
    scenario["packages"][0]["defects"] = [broken(where='id in ["g-0", "g-1"]')]
    assert ends(play(scenario, engine))[("not_offered", "wave not open")] == 2
    opens["when_all_finished"] = "open"
    assert ends(play(scenario, engine))[UPGRADED] == 2


@both
def test_a_condition_has_to_hold_for_as_long_as_it_says(engine):
    waves = [{"count": 2}, {"opens": {"success": "100%", "hold": "6h"}}]
    record = play(world(4, {"waves": waves}), engine)
    first_done_s = sorted(record.devices["finished_ms"])[1] / 1000.0
    assert logged(record, "wave 2 of 2 opened") == [first_done_s + 21_600.0]


@both
def test_the_operator_opens_a_wave_that_waits_for_it(engine):
    scenario = world(4, {"waves": [{"count": 2}, {"opens": {"by_operator": True}}]})
    assert ends(play(scenario, engine))[("not_offered", "wave not open")] == 2
    scenario["plan"]["operator"] = [{"at": "2h", "do": "open_wave"}]
    record = play(scenario, engine)
    assert logged(record, "wave 2 of 2 opened") == [7200.0]
    assert ends(record) == {UPGRADED: 4}


@both
def test_who_is_in_no_wave_is_never_offered_the_plan(engine):
    record = play(world(10, {"waves": [{"share": "30%"}]}), engine)
    assert ends(record) == {UPGRADED: 3, ("not_offered", "in no wave"): 7}


@both
@pytest.mark.parametrize(("policy", "upgraded"), [("last-wave", 6), ("at-once", 6), ("never", 4)])
def test_late_joiners_come_with_the_last_wave_at_once_or_not_at_all(engine, policy, upgraded):
    waves = [{"count": 2}, {"opens": {"after": "2d"}}]
    scenario = world(4, {"waves": waves, "late_joiners": policy})
    scenario["fleet"]["groups"].append(group("late", 2, joins="1h"))
    record = play(scenario, engine)
    assert ends(record)[UPGRADED] == upgraded
    if policy == "at-once":
        assert max(record.devices["finished_ms"][4:]) < 86_400_000
    if policy == "last-wave":
        assert min(record.devices["finished_ms"][4:]) > 2 * 86_400_000


@both
def test_a_wave_that_says_nothing_opens_when_the_one_before_it_is_over(engine):
    waves = [{"count": 2}, {"count": 2, "opens": {"success": "50%"}}, {}]
    scenario = world(8, {"waves": waves}, strategy={"retries": 0})
    scenario["packages"][0]["defects"] = [broken(where='id == "g-2"')]
    record = play(scenario, engine)
    second_over_s = max(record.devices["finished_ms"][2:4]) / 1000.0
    assert logged(record, "wave 3 of 3 opened") == [second_over_s]
    assert logged(record, "wave 2 of 3 opened") < logged(record, "wave 3 of 3 opened")
    waves[2]["opens"] = {"after": "0s"}
    assert logged(play(scenario, engine), "wave 3 of 3 opened") == logged(record, "wave 2 of 3 opened")


@both
def test_a_wave_that_says_nothing_waits_for_the_gone_unless_there_is_a_deadline(engine):
    scenario = world(4, {"waves": [{"count": 2}, {}]})
    scenario["fleet"]["groups"].insert(0, group("gone", 1, gone="100%"))
    assert ends(play(scenario, engine))[("not_offered", "wave not open")] == 3
    scenario["plan"]["rollout"]["waves"][1]["opens"] = {"deadline": "1d"}
    assert logged(play(scenario, engine), "wave 2 of 2 opened") == [86_400.0]


@both
@pytest.mark.parametrize(("share", "devices", "size"), [("7%", 100, 7), ("14%", 50, 7), ("0.1%", 1001, 2)])
def test_a_wave_is_its_share_rounded_up_and_not_one_more(engine, share, devices, size):
    record = play(world(devices, {"waves": [{"share": share}]}), engine, "horizon=2s")
    assert int((np.asarray(record.devices["wave"]) == 0).sum()) == size


@both
@pytest.mark.parametrize("percent", [7, 14, 29, 55, 56, 57])
def test_a_gate_opens_at_exactly_its_share(engine, percent):
    """Floats put 0.07 * 100 above 7, and 0.29 * 100 below 29."""
    scenario = world(percent, {"waves": [{"count": 100}, {"opens": {"success": f"{percent}%"}}]})
    scenario["fleet"]["groups"] += [group("gone", 100 - percent, gone="100%"), group("rest", 1)]
    assert logged(play(scenario, engine), "wave 2 of 2 opened")
    scenario["plan"]["rollout"]["waves"][1]["opens"]["success"] = f"{percent}.1%"
    assert not logged(play(scenario, engine), "wave 2 of 2 opened")


# Abort rules


@both
@pytest.mark.parametrize("failures", [7, 14, 28, 29, 55, 57, 58])
def test_an_abort_rule_fires_at_exactly_its_share_or_above_it(engine, failures):
    """``share: 7 %, compare: ">="`` at 7 of 100, and ``">"`` not before 8."""
    abort = {"on": ["upgrade"], "share": f"{failures}%", "share_of": "targeted", "minimum": 100}
    scenario = world(failures, {"waves": [{"count": 100}], "abort": [abort]}, strategy={"retries": 0})
    scenario["packages"][0]["defects"] = [broken(where='group == "g"')]
    scenario["fleet"]["groups"].append(group("good", 100 - failures))
    assert logged(play(scenario, engine), f"abort rule 1 fired at {failures} failures")
    abort["compare"] = ">"
    assert not logged(play(scenario, engine), "abort rule 1 fired")
    abort["share"] = f"{failures - 1}.9%"
    assert logged(play(scenario, engine), f"abort rule 1 fired at {failures} failures")


def _half_broken(devices, rollout):
    scenario = world(devices, {"rate": {"devices": 1, "every": "10min"}, **rollout}, strategy={"retries": 0})
    scenario["packages"][0]["defects"] = [broken(where='hardware == "B"')]
    scenario["fleet"]["groups"] = [
        group(f"g{k}", 1, hardware="B" if k % 2 else "A") for k in range(devices)
    ]  # good, bad, good, bad, ...
    return scenario


@both
@pytest.mark.parametrize(("compare", "failed"), [(">=", 2), (">", 3)])
def test_a_count_stops_at_it_or_above_it(engine, compare, failed):
    record = play(_half_broken(12, {"abort": [{"count": 2, "compare": compare}]}), engine)
    assert ends(record)[("failed", "verification failed")] == failed
    assert logged(record, "abort rule 1 fired")
    assert logged(record, "rollout paused")


@both
def test_a_share_waits_for_its_minimum(engine):
    at_once = play(_half_broken(12, {"abort": [{"share": "50%"}]}), engine)
    later = play(_half_broken(12, {"abort": [{"share": "50%", "minimum": 6}]}), engine)
    assert ends(at_once)[("failed", "verification failed")] == 1
    assert ends(later)[("failed", "verification failed")] == 3


@both
@pytest.mark.parametrize(("minimum", "upgraded"), [(8, 5), (9, 5), (13, 5), (14, 10)])
@pytest.mark.parametrize("action", ["pause", "cancel"])
def test_a_release_that_reaches_a_minimum_stops_at_once(engine, minimum, upgraded, action):
    """3 of 8 have failed when the second wave is released: of 13, whom the rule then counts, nobody of it is offered.

    A minimum of 8 is reached by the first wave; one of 14 never is, as the rule is of 13 at most.
    """
    abort = {"on": ["upgrade"], "share": "20%", "share_of": "targeted", "minimum": minimum, "action": action}
    waves = [{"count": 8}, {"opens": {"after": "1d"}}]
    scenario = world(3, {"waves": waves, "abort": [abort]}, strategy={"retries": 0})
    scenario["packages"][0]["defects"] = [broken(where='group == "g"')]
    scenario["fleet"]["groups"].append(group("good", 10))
    record = play(scenario, engine)
    found = ends(record)
    assert found[("failed", "verification failed")] == 3
    assert sum(count for (outcome, _), count in found.items() if outcome == "upgraded") == upgraded
    assert bool(logged(record, "abort rule 1 fired")) == (upgraded == 5)
    if minimum == 9:
        assert logged(record, "abort rule 1 fired at 3 failures") == [86_400.0]
        assert logged(record, "wave 2 of 2 opened") == [86_400.0]


@both
def test_only_the_kinds_that_a_rule_names_count(engine):
    record = play(_half_broken(6, {"abort": [{"count": 1, "on": ["download", "timeout"]}]}), engine)
    assert not logged(record, "abort rule")


@both
def test_cancelling_what_is_queued_lets_go_on_what_runs_and_cancelling_all_does_not(engine):
    abort = {"count": 1, "action": "cancel"}
    scenario = world(3, {"rate": {"devices": 1, "every": "1s"}, "abort": [abort]}, strategy={"retries": 0})
    scenario["fleet"]["groups"] = [
        group("bad", 1, hardware="B"),
        group("slow", 1, contact={"pattern": "always", "spread": "0s"}, radio="slow"),
        group("waiting", 1, joins="1h"),
    ]
    scenario["radios"]["slow"] = scenario["radios"]["line"] | {
        "table": [["-110dBm", "20kbit/s"], ["-50dBm", "20kbit/s"]]
    }
    scenario["packages"][0]["defects"] = [broken(where='hardware == "B"')]
    queued = play(scenario, engine)
    assert ends(queued) == {
        ("failed", "verification failed"): 1,
        UPGRADED: 1,
        ("cancelled", "abort rule"): 1,
    }
    abort["stops"] = "running"
    assert ends(play(scenario, engine)) == {("failed", "verification failed"): 1, ("cancelled", "abort rule"): 2}


@both
def test_a_sequential_test_stops_a_bad_release_and_passes_a_good_one(engine):
    test = {"sequential": {"acceptable": "5%", "unacceptable": "50%"}}
    bad = play(_half_broken(20, test), engine)
    good = play(world(20, test), engine)
    assert logged(bad, "sequential test fired")
    assert logged(good, "sequential test passed")
    assert ends(good) == {UPGRADED: 20}


# Retries


def _always_failing(rollout):
    scenario = world(1, rollout)
    scenario["packages"][0]["defects"] = [broken()]
    scenario["keep"] = {"transcripts": 1}
    return scenario


def _addresses_s(record):
    (log,) = record.platform_logs.values()
    return [line.at_ms / 1000.0 for line in log if "Download address issued" in line.text]


@both
def test_a_retry_rule_counts_delays_and_backs_off(engine):
    rule = {"count": 3, "delay": "1min", "factor": 2, "longest": "3min"}
    times = _addresses_s(play(_always_failing({"retry": [rule]}), engine))
    alone = play(_always_failing({"retry": [rule | {"count": 1, "delay": "0s"}]}), engine)
    first, second = _addresses_s(alone)
    took = second - first
    assert np.diff(times) == pytest.approx([took + 60.0, took + 120.0, took + 180.0])


@both
def test_hashed_jitter_is_the_devices_own_and_uniform_jitter_is_not(engine):
    rule = {"count": 2, "delay": "1min", "jitter": "hashed"}
    once, again = np.diff(_addresses_s(play(_always_failing({"retry": [rule]}), engine)))
    assert once == again
    once, again = np.diff(_addresses_s(play(_always_failing({"retry": [rule | {"jitter": "uniform"}]}), engine)))
    assert once != again


@both
def test_a_failure_that_no_rule_knows_is_final(engine):
    assert len(_addresses_s(play(_always_failing({"retry": [{"on": ["download"]}]}), engine))) == 1


@both
def test_a_budget_spreads_attempts_over_days(engine):
    scenario = _always_failing({"retry": [{"count": None, "delay": "1s"}], "budget": {"attempts": 2, "per": "1d"}})
    times = _addresses_s(play(scenario, engine, "horizon=3d"))
    assert len(times) == 6
    assert times[2] - times[0] == 86_400.0


@both
def test_a_boxed_device_is_left_alone_and_begins_anew(engine):
    scenario = _always_failing({"penalty_box": {"failures": 3, "lasts": "1d"}})
    times = _addresses_s(play(scenario, engine, "horizon=2d"))
    assert len(times) == 6
    assert times[3] - times[2] > 86_400.0


@both
def test_a_download_that_was_turned_away_uses_up_an_attempt_or_not(engine):
    scenario = world(12, {"retry": [{"count": 2, "delay": "10s"}]})
    scenario["network"] = {"server": {"connections": 1, "when_full": "refuse"}}
    burns = ends(play(scenario, engine))
    scenario["network"]["server"]["refusal_counts"] = False
    assert burns[("failed", "connection refused")] > 0
    assert ends(play(scenario, engine)) == {UPGRADED: 12}


# Stages, addresses, windows


def _slow(timeouts, **rollout):
    """A device whose download takes a minute and a half."""
    scenario = world(1, {"timeouts": timeouts, **rollout})
    scenario["packages"][0]["files"][0]["size"] = "1MB"
    scenario["keep"] = {"transcripts": 1}
    return scenario


@both
@pytest.mark.parametrize(
    ("late_success", "belief", "true"), [("counts", "Upgraded", True), ("ignored", "Upgrade Failed", False)]
)
def test_a_success_after_the_last_timeout_counts_or_the_failure_stays(engine, late_success, belief, true):
    record = play(_slow({"in_progress": "1min"}, retry=[], late_success=late_success), engine)
    assert ends(record) == {UPGRADED: 1}
    assert (record.devices["belief"][0], bool(record.devices["belief_true"][0])) == (belief, true)
    given_up = record.devices["confirmed_ms"][0] + 60_000
    assert (record.devices["finished_ms"][0] > given_up + 1_000) == true


@both
def test_a_success_that_a_device_reports_before_its_last_attempt_is_over_counts_in_any_case(engine):
    retry = [{"on": ["timeout"], "count": 5, "delay": "1h"}]
    timeouts = {"in_progress": "1min", "in_progress_of": "attempt"}
    record = play(_slow(timeouts, retry=retry, late_success="ignored"), engine)
    assert record.devices["belief"][0] == "Upgraded"


@both
def test_a_failure_stays_when_an_abort_cancelled_the_retry(engine):
    retry = [{"on": ["timeout"], "count": 5, "delay": "1h"}]
    abort = [{"on": ["timeout"], "counts": "attempts", "count": 1, "action": "cancel"}]
    scenario = _slow({"download": "1min"}, retry=retry, abort=abort)
    assert play(scenario, engine).devices["belief"][0] == "Upgraded"
    scenario["plan"]["rollout"]["late_success"] = "ignored"
    assert play(scenario, engine).devices["belief"][0] == "Upgrade Failed"


@both
def test_time_in_progress_is_one_for_all_attempts_and_then_it_is_over(engine):
    retry = [{"count": 9, "delay": "10min"}]
    scenario = world(1, {"timeouts": {"in_progress": "35min"}, "retry": retry})
    scenario["packages"][0]["defects"] = [broken()]
    scenario["keep"] = {"transcripts": 1}
    record = play(scenario, engine)
    assert len(_addresses_s(record)) == 4
    confirmed_ms = min(line.at_ms for log in record.platform_logs.values() for line in log if "onfirm" in line.text)
    assert record.devices["finished_ms"][0] == confirmed_ms + 35 * 60_000


@both
def test_time_in_progress_of_an_attempt_begins_anew_with_each(engine):
    timeouts = {"in_progress": "1h", "in_progress_of": "attempt"}
    scenario = world(1, {"timeouts": timeouts, "retry": [{"count": 2, "delay": "10min"}]})
    scenario["packages"][0]["defects"] = [broken(effect="never_reconnects")]
    scenario["keep"] = {"transcripts": 1}
    assert len(_addresses_s(play(scenario, engine))) == 1  # it is not there for another
    timeouts["in_progress"] = "10s"
    scenario["packages"][0] |= {"defects": [], "files": [{"name": "a.bin", "size": "90MB"}]}
    scenario["modules"]["board"] |= {"free_flash": "100MB"}
    record = play(scenario, engine)
    (log,) = record.platform_logs.values()
    waits = [line.at_ms for line in log if "no result" in line.text]
    begins = [*(at_s * 1000 for at_s in _addresses_s(record))]
    assert [at_ms - begin for at_ms, begin in zip(waits, begins, strict=True)] == [10_000] * 3


@both
def test_a_device_that_is_never_seen_times_out(engine):
    scenario = world(1, {"waves": [{}], "timeouts": {"online": "24h"}}, strategy={"retries": 0})
    scenario["fleet"]["groups"][0]["gone"] = "100%"
    record = play(scenario, engine)
    assert record.devices["belief"][0] == "Upgrade Failed"
    assert record.devices["finished_ms"][0] == 86_400_000


@both
def test_a_device_given_up_before_it_confirmed_waits_for_the_operator(engine):
    scenario = world(3, {"timeouts": {"online": "1s"}}, strategy={"retries": 0})
    everybody = {"where": 'group == "g"'}
    scenario["plan"] |= {"push_grid": "10min", "operator": [{"at": "1d", "do": "retry", "devices": everybody}]}
    scenario["fleet"]["groups"][0]["contact"] = {"pattern": "always", "spread": "1h"}
    record = play(scenario, engine)
    assert ends(record) == {UPGRADED: 3}
    assert np.all(record.devices["first_contact_ms"] > 1000)
    assert np.all(record.devices["first_offer_ms"] >= 86_400_000)


@both
def test_a_device_that_is_done_when_its_turn_comes_does_not_begin_anew(engine):
    scenario = world(3, {"waves": [{"opens": {"at": "1h"}}], "timeouts": {"online": "1d"}})
    scenario["fleet"]["groups"][0]["firmware"] = {"2_0": "100%"}
    record = play(scenario | {"keep": {"events": True}}, engine)
    said = record.event_columns()
    assert ((said["actor"] == "host") & (said["text"] == "AT+QIOTREG=1")).sum() == 3
    assert set(record.column("outcome")) == {"already_on_target"}


@both
def test_a_log_is_in_order_of_time_also_where_a_segment_is_waited_for(engine):
    scenario = world(1, {"timeouts": {"download": "12s"}}, strategy={"retries": 1, "retry_delay": "1s"})
    scenario["radios"]["line"] |= {"segments": 1, "table": [["-110dBm", "20kbit/s"], ["-50dBm", "20kbit/s"]]}
    (log,) = play(scenario | {"keep": {"transcripts": 1}}, engine).platform_logs.values()
    times = [line.at_ms for line in log]
    assert times == sorted(times)
    late = next(k for k, line in enumerate(log) if "took too long" in line.text)
    assert any("downloading" in line.text for line in log[:late])
    assert any("downloading" in line.text for line in log[late:])


@both
@pytest.mark.parametrize(("stage", "cause"), [("download", "download took too long"), ("report", "no result in time")])
def test_a_stage_that_takes_too_long_is_a_failure_of_its_own(engine, stage, cause):
    scenario = world(1, {"timeouts": {stage: "3s"}}, strategy={"retries": 0})
    scenario["packages"][0]["defects"] = [broken(effect="never_reconnects")]
    scenario["radios"]["line"]["table"] = [["-110dBm", "50kbit/s"], ["-50dBm", "50kbit/s"]]
    record = play(scenario, engine)
    (log,) = play(scenario | {"keep": {"transcripts": 1}}, engine).platform_logs.values()
    assert any(cause in line.text for line in log)
    assert record.devices["belief"][0] == "Upgrade Failed"


@both
def test_a_success_after_the_platform_gave_up_still_counts(engine):
    """A watchdog that is too short calls a good installation a failure; the next report mends that."""
    scenario = world(1, {"timeouts": {"report": "5s"}}, strategy={"retries": 0})
    scenario["keep"] = {"transcripts": 1}
    record = play(scenario, engine)
    (log,) = record.platform_logs.values()
    assert any("failed" in line.text for line in log)
    assert (record.devices["outcome"][0], record.devices["belief"][0]) == ("upgraded", "Upgraded")


@both
def test_an_address_that_has_expired_breaks_the_download(engine):
    scenario = world(1, {"address_lifetime": "500ms"}, strategy={"retries": 1})
    record = play(scenario, engine)
    assert ends(record) == {("failed", "download address expired"): 1}
    assert record.devices["attempts"][0] == 2


@both
@pytest.mark.parametrize(
    ("start", "zone"),
    [("2026-03-28T12:00:00", "Europe/Berlin"), ("2026-10-24T12:00:00", "Europe/Berlin")],
)
def test_a_window_across_midnight_and_a_change_of_clocks_is_kept_in_local_time(engine, start, zone):
    scenario = world(3, {"maintenance": {"hours": "23:00-01:30"}})
    scenario |= {"start": start, "time_zone": zone}
    record = play(scenario, engine)
    offered = at_ms(record, "first_offer_ms")
    assert (offered // 3_600_000).tolist() == [11, 11, 11]


@both
def test_days_of_a_window_are_those_on_which_it_begins(engine):
    scenario = world(1, {"maintenance": {"hours": "22:00-04:00", "days": ["tue"]}}) | {"start": "2026-01-05T12:00:00"}
    record = play(scenario, engine)
    assert at_ms(record, "first_offer_ms")[0] // 3_600_000 == 34  # Tuesday 22:00, from Monday noon


@both
def test_each_device_keeps_the_window_of_its_own_zone(engine):
    scenario = world(1, {"maintenance": {"hours": "22:00-04:00"}}) | {"start": "2026-01-05T12:00:00"}
    scenario["fleet"]["groups"].append(group("tokyo", 1, time_zone="Asia/Tokyo"))
    record = play(scenario, engine)
    assert (np.asarray(record.devices["first_offer_ms"]) // 3_600_000).tolist() == [10, 1]


@both
def test_old_telemetry_closes_a_gate_or_leaves_it_open(engine):
    strategy = {"enforced_by": "platform", "telemetry_max_age": "1h", "when_unknown": "withhold"}
    scenario = world(2, {}, strategy=strategy, starts="2h")
    assert ends(play(scenario, engine)) == {("not_offered", "telemetry too old"): 2}
    scenario["plan"]["strategy"] = strategy | {"when_unknown": "offer"}
    assert ends(play(scenario, engine)) == {UPGRADED: 2}


@both
def test_success_said_before_the_reboot_is_believed_and_wrong(engine):
    scenario = world(2, {"success": "status"})
    scenario["protocol"] = {"success_report": "before_reboot"}
    scenario["modules"]["board"]["boot"] = "ab"
    scenario["packages"][0]["defects"] = [broken(effect="boot_failure")]
    record = play(scenario, engine)
    assert set(record.devices["belief"]) == {"Upgraded"}
    assert set(record.devices["belief_true"].tolist()) == {False}


@both
def test_a_refusal_can_be_final(engine):
    scenario = world(1, {"refusals": "final"}, rejection_hold="10min", strategy={"min_signal": "-55dBm"})
    final = play(scenario, engine)
    held = play(scenario | {"plan": scenario["plan"] | {"rollout": {}}}, engine)
    assert final.devices["offers"][0] == 1
    assert held.devices["offers"][0] > 1


def test_engines_agree_where_an_expired_address_gives_a_shared_place_back():
    scenario = world(12, {"address_lifetime": "4s"}, strategy={"retries": 0})
    scenario["packages"][0]["files"] = [{"name": f"{k}.bin", "size": f"{20_000 + k}B"} for k in range(4)]
    scenario["radios"]["line"]["mode"] = "block"  # every piece is asked for
    scenario["network"] = {"server": {"connections": 2, "when_full": "refuse", "refusal_counts": False}}
    scenario["fleet"]["groups"][0]["contact"]["spread"] = "1min"
    found = play_both(parse_scenario(json.dumps(scenario)), 0, ENGINES["reference"], ENGINES["compiled"])
    assert not found
    assert ends(play(scenario, "reference"))[("failed", "download address expired")] > 0


@both
def test_who_is_taken_out_by_the_deadline_of_a_wave_is_told_so_and_not_by_a_rule_that_there_is_not(engine):
    opens = {"success": "50%", "deadline": "1h", "on_deadline": "cancel"}
    scenario = world(3, {"waves": [{"count": 2}, {"opens": opens}]}, strategy={"retries": 0})
    scenario["packages"][0]["defects"] = [broken()]
    scenario["keep"] = {"transcripts": 3}
    record = play(scenario, engine)
    assert ends(record) == {("failed", "verification failed"): 2, ("cancelled", "wave deadline"): 1}
    said = [line.text for log in record.platform_logs.values() for line in log]
    assert said.count("Upgrade cancelled by the deadline of a wave") == 1
    assert not any("abort rule" in text for text in said)
