"""Whom the rollout counts, and that it looks again whenever a count changes that it waits for."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rollout_worlds import at_ms, broken, ends, group, logged, play, world

both = pytest.mark.parametrize("engine", ["reference", "compiled"])
few = settings(max_examples=12, deadline=None)
ONE_A_SECOND = {"devices": 60}


def failing(devices, others, **rollout):
    """``devices`` that all fail, released one a second, and ``others`` that run the target already."""
    scenario = world(devices, {"rate": ONE_A_SECOND, "retry": [], **rollout})
    scenario["packages"][0]["defects"] = [broken()]
    scenario["fleet"]["groups"].append(group("others", others, firmware="2_0"))
    return scenario


@given(share=st.integers(1, 100), minimum=st.integers(1, 20), others=st.integers(1, 40), late=st.booleans())
@few
def test_an_abort_rule_fires_at_the_same_failure_whoever_else_runs_the_target(share, minimum, others, late):
    rule = {"share": f"{share}%", "minimum": minimum}
    scenario = failing(20, others, abort=[rule], late_joiners="never")
    if late:
        scenario["fleet"]["groups"][1]["joins"] = "1s"
    else:
        scenario["plan"]["blacklist"] = {"where": 'group == "others"'}
    alone = failing(20, 1, abort=[rule])
    alone["fleet"]["groups"].pop()
    fired = logged(play(alone), "abort rule 1 fired")
    assert len(fired) == 1
    assert logged(play(scenario), "abort rule 1 fired") == fired


@both
def test_a_ramp_on_successes_does_not_step_on_devices_that_the_plan_is_not_for(engine):
    ramp = {"devices": 1, "factor": 2, "step": 2, "step_on": "succeeded"}
    scenario = world(5, {"rate": ramp}, blacklist={"where": 'group == "others"'})
    scenario["fleet"]["groups"].append(group("others", 10, firmware="2_0"))
    assert at_ms(play(scenario, engine), "released_ms")[:2].tolist() == [60_000, 120_000]


@both
def test_a_success_before_the_plan_begins_changes_the_rate_with_which_it_begins(engine):
    """One a minute, trebled by each success; one runs the target already. A third of a minute is the first distance."""
    ramp = {"devices": 1, "factor": 3, "step": 1, "step_on": "succeeded", "cap": 3}
    scenario = world(3, {"rate": ramp}, starts="30s")
    scenario["fleet"]["groups"].append(group("others", 1, firmware="2_0"))
    assert at_ms(play(scenario, engine), "released_ms")[:3].tolist() == [50_000, 70_000, 90_000]


@both
def test_the_operator_cancels_devices_of_the_plan_and_no_others(engine):
    cancel = {"at": "1s", "do": "cancel", "devices": {"where": "battery >= 0%"}}
    scenario = world(3, {}, whitelist={"where": 'group == "g"'}, operator=[cancel])
    scenario["fleet"]["groups"].append(group("others", 2))
    record = play(scenario, engine)
    assert ends(record) == {("cancelled", "operator"): 3, ("not_offered", "not on whitelist"): 2}
    assert logged(record, "operator: cancel 3 devices") == [1.0]
    assert list(record.devices["belief"])[3:] == ["Not Upgraded"] * 2


@both
@pytest.mark.parametrize("late_joiners", ["at-once", "last-wave"])
def test_a_late_joiner_that_does_not_come_is_missed_whether_it_has_a_turn_or_not(engine, late_joiners):
    scenario = world(1, {"late_joiners": late_joiners, "timeouts": {"online": "30min"}, "retry": []})
    scenario["fleet"]["groups"].append(group("late", 3, joins="1h", gone="100%"))
    scenario["fleet"]["groups"].append(group("there", 2, joins="1h"))
    record = play(scenario, engine)
    assert list(record.devices["outcome"]) == ["upgraded", *["unreachable"] * 3, *["upgraded"] * 2]
    assert record.devices["finished_ms"][1:4].tolist() == [5_400_000] * 3
    assert list(record.devices["belief"])[1:4] == ["Upgrade Failed"] * 3


@both
@pytest.mark.parametrize("suspended", [True, False])
def test_each_open_wave_of_the_operator_opens_one_wave(engine, suspended):
    waves = [{"count": 2}, *[{"count": 2, "opens": {"by_operator": True}}] * 2]
    opens = [{"at": "20min", "do": "open_wave"}] * 2
    pause = [{"at": "10min", "do": "suspend"}], [{"at": "30min", "do": "resume"}]
    operator = [*pause[0], *opens, *pause[1]] if suspended else opens
    record = play(world(6, {"waves": waves}, operator=operator), engine)
    assert logged(record, "opened")[1:] == [1800.0 if suspended else 1200.0] * 2
    assert ends(record) == {("upgraded", ""): 6}


# What is looked at again


def takes_s(kind, **fields):
    """From the release to the end of one device that is there."""
    scenario = world(1, {"retry": [], "rate": {"devices": 1}}, **fields)
    if kind == "bad":
        scenario["packages"][0]["defects"] = [broken()]
    record = play(scenario)
    return (record.devices["finished_ms"][0] - record.devices["released_ms"][0]) / 1000.0


@both
def test_a_gate_that_breaks_while_the_plan_is_suspended_holds_anew(engine):
    """Of the first wave one succeeds; then one fails, and another succeeds, while the plan is suspended."""
    first, fails = takes_s("ok"), takes_s("bad")
    waves = [{"count": 3}, {"opens": {"success": "60%", "share_of": "finished", "hold": "20min"}}]
    scenario = world(4, {"waves": waves, "retry": [], "rate": {"devices": 1, "every": "5min"}})
    scenario["packages"][0]["defects"] = [broken(where='group == "bad"')]
    good, bad = scenario["fleet"]["groups"][0], group("bad", 1)
    scenario["fleet"]["groups"] = [{**good, "name": "a", "count": 1}, bad, {**good, "name": "b", "count": 2}]
    scenario["plan"]["operator"] = [{"at": "601s", "do": "suspend"}, {"at": "901s", "do": "resume"}]
    holds = 5 * 60 + first  # one of one; at 600 s + fails it is one of two
    assert 601 < 600 + fails < 901 + first
    record = play(scenario, engine)
    third = float(at_ms(record, "released_ms")[2]) / 1000.0 + first
    assert logged(record, "wave 2 of 2 opened") == [pytest.approx(third + 1200)]
    assert third + 1200 > holds + 1200


@both
@pytest.mark.parametrize(("share_of", "after_s"), [("targeted", 0.0), ("started", 2.2)])
def test_a_gate_is_looked_at_when_one_more_is_released_or_has_started(engine, share_of, after_s):
    """Any success at all of those there are: it holds as soon as there is anybody."""
    waves = [{"count": 1}, {"opens": {"success": "0%", "share_of": share_of, "hold": "10s"}}]
    record = play(world(2, {"waves": waves, "rate": {"devices": 1}}), engine)
    assert logged(record, "wave 2 of 2 opened") == [60.0 + after_s + 10.0]


@both
def test_a_share_of_the_started_stops_when_a_start_makes_its_minimum(engine):
    """The first two fail; the third starts, and with it there are as many as the rule wants to see."""
    rule = {"share": "60%", "share_of": "started", "minimum": 3}
    scenario = world(5, {"rate": {"devices": 1}, "retry": [], "abort": [rule]})
    scenario["packages"][0]["defects"] = [broken()]
    assert logged(play(scenario, engine), "abort rule 1 fired") == [182.2]


@both
def test_a_gate_on_the_released_leaves_out_who_ran_the_target_before_its_turn(engine):
    waves = [{"count": 10}, {"opens": {"success": "100%", "share_of": "targeted", "quorum": "50%"}}]
    scenario = world(5, {"waves": waves, "rate": {"devices": 1}})
    scenario["fleet"]["groups"] = [group("new", 5), group("others", 5, firmware="2_0"), group("last", 1)]
    record = play(scenario, engine)
    done = float(record.devices["finished_ms"][0]) / 1000.0
    assert logged(record, "wave 2 of 2 opened")[0] >= done


@both
def test_the_operators_retry_is_looked_at(engine):
    """Two of four failed; taken up again they are no failures, and all that have finished have succeeded."""
    retry = {"at": "1h", "do": "retry", "devices": {"where": 'group == "bad"'}}
    waves = [{"count": 4}, {"opens": {"success": "100%", "share_of": "finished"}}]
    scenario = world(2, {"waves": waves, "retry": []}, operator=[retry])
    scenario["packages"][0]["defects"] = [broken(where='group == "bad"')]
    scenario["fleet"]["groups"] += [group("bad", 2), group("last", 1)]
    assert logged(play(scenario, engine), "wave 2 of 2 opened") == [3600.0]


# A rate that is changed while nobody is released


@both
@pytest.mark.parametrize("idle", ["wave", "start", "suspended"])
@pytest.mark.parametrize("pacing", ["even", "pack"])
def test_a_rate_that_is_changed_while_nobody_is_released_begins_when_releases_do(engine, idle, pacing):
    rollout = {"rate": {"devices": 1}}
    plan = {"operator": [{"at": "10s", "do": "change_rate", "rate": {"devices": 2, "pacing": pacing}}]}
    if idle == "wave":
        rollout["waves"] = [{"opens": {"at": "30s"}}]
    elif idle == "start":
        plan["starts"] = "30s"
    else:
        plan["operator"] += [{"at": "5s", "do": "suspend"}, {"at": "30s", "do": "resume"}]
    times = at_ms(play(world(4, rollout, **plan), engine), "released_ms").tolist()
    assert times == ([60_000, 90_000, 120_000, 150_000] if pacing == "even" else [30_000] * 2 + [90_000] * 2)


# Several components


def of_two(devices, rollout):
    """The module's firmware, and then an MCU's software."""
    scenario = world(devices, rollout)
    scenario["product"]["model"]["components"].append({"identifier": "mcu", "type": "mcu"})
    software = {"name": "q", "component": "mcu", "target_version": "5", "files": [{"name": "b.bin", "size": "100kB"}]}
    scenario["packages"].append(software)
    scenario["plan"]["packages"] = ["p", "q"]
    scenario["hosts"]["quiet"]["mcu_flash_failure"] = "0%"
    scenario["fleet"]["groups"][0]["mcu"] = {"mcu": "4"}
    return scenario


@both
def test_a_component_that_has_its_result_is_not_waited_for_while_the_next_has_no_address(engine):
    """The window closes while the first is written; the second has its address a day later."""
    rollout = {"timeouts": {"report": "30min"}, "maintenance": {"hours": "00:00-00:01"}, "retry": []}
    record = play(of_two(2, rollout), engine)
    assert ends(record) == {("upgraded", ""): 2}
    assert at_ms(record, "finished_ms")[0] > 86_400_000


@both
def test_a_slot_until_downloaded_is_kept_for_the_last_components_file(engine):
    rollout = {"concurrency": {"devices": 1, "until": "downloaded"}}
    spans = sorted(play(of_two(3, rollout), engine).downloads[:, 1:3].tolist())
    assert len(spans) == 6
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


# A device that begins anew


@both
@pytest.mark.parametrize("grid", ["0s", "10min"])
def test_a_device_comes_out_of_the_penalty_box_in_time_and_its_host_weighs_the_offer(engine, grid):
    """A host that waits for another address after a failure hears by an offer that there will be none."""
    box = {"penalty_box": {"failures": 1, "lasts": "25min"}, "retry": []}
    scenario = world(1, box, push_grid=grid)
    scenario["packages"][0]["defects"] = [broken()]
    record = play(scenario, engine, "horizon=1d", "keep.transcripts=1")
    (log,) = record.platform_logs.values()
    boxed = [line.at_ms for line in log if "left alone" in line.text]
    again = [line.at_ms for line in log if "Device confirmed" in line.text][1:]
    waits = {after - before for before, after in zip(boxed, again, strict=False)}
    least = 25 * 60_000
    assert len(again) > 20
    assert all(least <= wait <= least + (0 if grid == "0s" else 600_000) + 3_000 for wait in waits)


@both
def test_a_device_that_did_not_answer_is_offered_the_plan_after_the_delay_of_its_rule(engine):
    """Also where there is no grid: an offer that is open is repeated after 10 min, and this one is open no more."""
    rollout = {"timeouts": {"ack": "3min"}, "retry": [{"on": ["timeout"], "count": 2, "delay": "1min"}]}
    scenario = world(1, rollout)
    scenario["hosts"]["quiet"]["ignores_offer"] = "100%"
    record = play(scenario, engine, "keep.transcripts=1")
    (log,) = record.platform_logs.values()
    offered = [line.at_ms for line in log if "Plan issued" in line.text]
    assert [at - offered[0] for at in offered] == [0, 240_000, 480_000]
    assert record.devices["finished_ms"][0] - offered[-1] == 180_000
