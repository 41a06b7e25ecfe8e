"""What the platform waits for, and from when on: answers, devices that join later, files that come in pieces."""

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rollout_worlds import ENGINES, at_ms, broken, ends, group, logged, play, world

from fota_sim.engines.twins import play_both
from fota_sim.scenario.loader import parse_scenario

both = pytest.mark.parametrize("engine", ["reference", "compiled"])
few = settings(max_examples=12, deadline=None)
MIN_MS = 60_000


def deaf(timeouts, retry=(), **plan):
    """A host that answers no offer."""
    scenario = world(1, {"timeouts": timeouts, "retry": list(retry)}, **plan)
    scenario["hosts"]["quiet"] |= {"ignores_offer": "100%"}
    return scenario


def agree(scenario):
    assert not play_both(parse_scenario(json.dumps(scenario)), 0, ENGINES["reference"], ENGINES["compiled"])


# Answers


@given(ack_min=st.integers(1, 90), grid_min=st.sampled_from([0, 5, 10, 60]), asks_min=st.sampled_from([0, 7, 30]))
@few
def test_an_answer_is_waited_for_from_the_first_offer_however_often_it_is_repeated(ack_min, grid_min, asks_min):
    scenario = deaf({"ack": f"{ack_min}min"}, push_grid=f"{grid_min}min")
    if asks_min:
        scenario["hosts"]["quiet"]["asks"] = True
        scenario["fleet"]["groups"][0]["contact"]["request_every"] = f"{asks_min}min"
    record = play(scenario)
    assert ends(record) == {("failed", "no answer in time"): 1}
    (finished,), (offered,) = at_ms(record, "finished_ms"), at_ms(record, "first_offer_ms")
    assert 0 <= offered - (finished - ack_min * MIN_MS) <= 200  # the offer takes a round trip


@given(ack_min=st.integers(1, 20), delay_min=st.integers(0, 200), count=st.integers(1, 3), grid_min=st.integers(1, 60))
@few
def test_who_did_not_answer_is_offered_the_plan_again_after_the_delay_of_the_rule(ack_min, delay_min, count, grid_min):
    retry = [{"on": ["timeout"], "count": count, "delay": f"{delay_min}min"}]
    record = play(deaf({"ack": f"{ack_min}min"}, retry, push_grid=f"{grid_min}min"), "reference", "keep.transcripts=1")
    (log,) = record.platform_logs.values()
    failures = [k for k, line in enumerate(log) if line.text.startswith("Platform waited too long")]
    assert len(failures) == count + 1
    for k in failures[:-1]:
        due = log[k].at_ms + delay_min * MIN_MS
        offered = next(line.at_ms for line in log[k:] if line.text == "Plan issued")
        assert due <= offered <= due + grid_min * MIN_MS


def test_the_engines_agree_on_who_does_not_answer():
    retry = [{"on": ["timeout"], "count": 2, "delay": "25min", "jitter": "uniform"}]
    scenario = deaf({"ack": "13min", "online": "1h"}, retry, push_grid="10min")
    scenario["fleet"]["groups"] = [
        group("deaf", 3, contact={"pattern": "wake", "every": "40min", "linger": "5min"}),
        group("late", 3, joins="30min"),
    ]
    agree(scenario)


@both
def test_a_host_that_answers_while_its_retry_waits_gets_its_address_at_once(engine):
    scenario = deaf({"ack": "10s"}, [{"on": ["timeout"], "count": 1, "delay": "2h"}])
    scenario["hosts"]["quiet"] |= {"ignores_offer": "0%", "confirm_delay": "1min"}
    record = play(scenario, engine)
    assert ends(record) == {("upgraded", ""): 1}
    assert at_ms(record, "download_start_ms")[0] < 2 * MIN_MS


# Devices that join later


@pytest.mark.parametrize("policy", ["last-wave", "at-once"])
@pytest.mark.parametrize("online", ["10min", "1h"])
@both
def test_a_device_is_not_missed_before_it_joins(engine, policy, online):
    scenario = world(2, {"timeouts": {"online": online}, "retry": [], "late_joiners": policy})
    scenario["fleet"]["groups"].append(group("later", 3, joins="5h"))
    record = play(scenario, engine)
    assert ends(record) == {("upgraded", ""): 5}
    assert sorted(record.devices["released_ms"]) == [0, 0, *3 * [300 * MIN_MS]]


@both
def test_one_that_joins_and_is_never_seen_is_missed_after_its_time(engine):
    scenario = world(1, {"timeouts": {"online": "1h"}, "retry": []})
    scenario["fleet"]["groups"].append(group("later", 1, joins="5h", gone="100%"))
    assert at_ms(play(scenario, engine), "finished_ms")[-1] == 360 * MIN_MS


@given(
    bad=st.integers(1, 4),
    good=st.integers(0, 4),
    later=st.integers(0, 5),
    policy=st.sampled_from(["last-wave", "at-once", "never"]),
    paced=st.booleans(),
    percent=st.integers(1, 100),
    share_of=st.sampled_from(["group", "targeted"]),
)
@settings(max_examples=40, deadline=None)
def test_who_has_not_joined_dilutes_no_share_of_the_released(bad, good, later, policy, paced, percent, share_of):
    rule = {"on": ["upgrade"], "share": f"{percent}%", "share_of": share_of, "action": "pause"}
    rollout = {"retry": [], "late_joiners": policy, "abort": [rule]}
    if paced:
        rollout["rate"] = {"devices": 100, "every": "1ms", "pacing": "pack"}
    scenario = world(0, rollout, strategy={"min_battery": "0%"})
    scenario["packages"][0]["defects"] = [broken(where='hardware == "bad"')]
    groups = [group("bad", bad, hardware="bad"), group("good", good), group("later", later, joins="1d")]
    scenario["fleet"]["groups"] = [each for each in groups if each["count"]]
    among = bad + good
    if share_of == "group" and policy != "never":
        among += later
    fired = logged(play(scenario), "abort rule 1 fired")
    assert [at for at in fired if at < 3600] == ([min(fired)] if Fraction(bad, among) >= Fraction(percent, 100) else [])


@both
def test_who_joined_at_once_counts_among_the_released_from_its_first_contact(engine):
    """Two of four fail that are there from the beginning, and two of four that join: 3 of 7 is less than a half."""
    rule = {"on": ["upgrade"], "share": "45%", "share_of": "targeted", "minimum": 5, "action": "pause"}
    rollout = {"retry": [], "late_joiners": "at-once", "rate": {"devices": 60}, "abort": [rule]}
    scenario = world(0, rollout, strategy={"min_battery": "0%"})
    scenario["packages"][0]["defects"] = [broken(where='hardware == "bad"')]
    scenario["fleet"]["groups"] = [
        group("bad", 2, hardware="bad"),
        group("good", 2),
        group("later", 4, joins="1d"),
    ]
    assert not logged(play(scenario, engine), "abort rule 1 fired")
    scenario["plan"]["rollout"]["abort"][0]["share"] = "40%"
    (fired,) = logged(play(scenario, engine), "abort rule 1 fired")
    assert 86_400 <= fired < 86_460  # the fifth of them has joined: 2 of 5


# Software in pieces


def in_pieces(rollout, pieces, devices=1):
    """An MCU's software of so many pieces, each of which takes 9 s to download (and longer to read)."""
    scenario = world(devices, rollout, strategy={"min_battery": "0%", "retries": 0})
    scenario["product"]["model"]["components"] = [{"identifier": "app", "type": "mcu"}]
    scenario["packages"][0]["files"][0]["size"] = f"{100 * pieces}kB"
    scenario["modules"]["board"]["free_flash"] = "100kB"
    scenario["hosts"]["quiet"] |= {"mcu_flash_failure": "0%"}
    scenario["fleet"]["groups"] = [group("g", devices, mcu={"app": "1_0"})]
    return scenario


@pytest.mark.parametrize("pieces", [1, 2, 5])
@both
def test_a_file_is_downloaded_with_its_last_piece(engine, pieces):
    """The time for the result begins then, the time for the download ends then, and so does a slot until then."""
    free = play(in_pieces({}, pieces), engine)
    (begins,), (downloaded,), (upgraded,) = (
        at_ms(free, name) for name in ("confirmed_ms", "downloaded_ms", "upgraded_ms")
    )
    fetches_s, result_s = (downloaded - begins) // 1000, (upgraded - downloaded) // 1000
    for stage, needs_s in (("download", fetches_s), ("report", result_s)):
        enough = in_pieces({"timeouts": {stage: f"{needs_s + 2}s"}}, pieces)
        assert ends(play(enough, engine)) == {("upgraded", ""): 1}, stage
        late = in_pieces({"timeouts": {stage: f"{needs_s - 1}s"}, "late_success": "ignored"}, pieces)
        assert play(late, engine).devices["belief"][0] == "Upgrade Failed", stage
    slots = play(in_pieces({"concurrency": {"devices": 1, "until": "downloaded"}}, pieces, devices=2), engine)
    first, second = np.sort(slots.devices["downloaded_ms"])[0], np.sort(slots.devices["first_offer_ms"])[1]
    assert first <= second < first + 1000


@both
def test_a_late_success_of_an_mcu_counts_although_its_module_does_not_register_again(engine):
    scenario = in_pieces({"timeouts": {"download": "1s"}}, 2)
    record = play(scenario, engine)
    assert (ends(record), record.devices["belief"][0]) == ({("upgraded", ""): 1}, "Upgraded")
    scenario["plan"]["rollout"]["late_success"] = "ignored"
    assert play(scenario, engine).devices["belief"][0] == "Upgrade Failed"


# Nothing to do


@given(on_target=st.integers(1, 9), rest=st.integers(1, 5), percent=st.integers(1, 100))
@few
def test_who_ran_the_target_before_is_no_success_of_those_that_started(on_target, rest, percent):
    waves = [{"count": on_target + rest}, {"opens": {"success": f"{percent}%", "share_of": "started"}}]
    scenario = world(0, {"waves": waves}, strategy={"min_battery": "0%", "retries": 0})
    scenario["packages"][0]["defects"] = [broken(where='hardware == "bad"')]
    scenario["fleet"]["groups"] = [
        group("there", on_target, firmware="2_0"),
        group("bad", rest, hardware="bad"),
        group("next", 1),
    ]
    assert ends(play(scenario))[("not_offered", "wave not open")] == 1


@both
def test_who_ran_the_target_before_is_no_evidence_for_a_release(engine):
    test = {"acceptable": "1%", "unacceptable": "5%", "action": "pause"}
    scenario = world(0, {"retry": [], "sequential": test}, strategy={"min_battery": "0%"})
    scenario["packages"][0]["defects"] = [broken(where='hardware == "bad"')]
    scenario["fleet"]["groups"] = [group("there", 400, firmware="2_0"), group("bad", 5, hardware="bad")]
    record = play(scenario, engine)
    assert logged(record, "sequential test fired")
    assert not logged(record, "passed")


# When the next wave opens


def gated(opens, bad, good):
    """A first wave of devices that fail, or succeed, and a second that waits."""
    scenario = world(0, {"retry": [], "waves": [{"count": bad + good}, {"opens": opens}]})
    scenario["packages"][0]["defects"] = [broken(where='hardware == "bad"')]
    groups = [group("bad", bad, hardware="bad"), group("good", good), group("next", 1)]
    scenario["fleet"]["groups"] = [each for each in groups if each["count"]]
    return scenario


@given(
    bad=st.integers(0, 6),
    good=st.integers(0, 6),
    percent=st.integers(1, 100),
    hold_min=st.integers(0, 90),
    data=st.data(),
)
@few
def test_a_quorum_alone_opens_a_wave_when_so_many_have_finished_and_a_hold_waits(bad, good, percent, hold_min, data):
    bad += bad + good == 0
    share_of = data.draw(st.sampled_from(["group", "targeted", "started", "finished"]))
    opens = {"quorum": f"{percent}%", "share_of": share_of, "hold": f"{hold_min}min"}
    record = play(gated(opens, bad, good))
    finished = np.sort(record.devices["finished_ms"][: bad + good])
    needed = -(-percent * (bad + good) // 100)
    assert logged(record, "wave 2 of 2 opened") == [(finished[needed - 1] + hold_min * MIN_MS) / 1000]


@both
def test_a_hold_alone_begins_when_the_wave_before_is_over(engine):
    record = play(gated({"hold": "2h"}, 2, 3), engine)
    assert logged(record, "wave 2 of 2 opened") == [(record.devices["finished_ms"][:5].max() + 120 * MIN_MS) / 1000]
