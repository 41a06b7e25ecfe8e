"""What comes in the last millisecond of what waits for it has come in time; a millisecond less, and it is late."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rollout_worlds import ENGINES, at_ms, ends, group, logged, play, world

from fota_sim.engines.twins import describe, play_both
from fota_sim.scenario.loader import parse_scenario

few = settings(max_examples=12, deadline=None)
STAGES = ("online", "ack", "download", "report", "in_progress")


def beliefs(scenario, *overrides):
    """What the platform believes of each device; the same in both engines."""
    played = parse_scenario(json.dumps(scenario), "scenario.yaml", overrides)
    found = play_both(played, 0, ENGINES["reference"], ENGINES["compiled"])
    assert not found, describe(found, "reference", "compiled")
    return list(play(scenario, "compiled", *overrides).devices["belief"])


def strict(timeouts=None, **rollout):
    """One device whose failures are final."""
    return world(1, {"timeouts": timeouts or {}, "retry": [], "late_success": "ignored", **rollout})


def moments(record):
    """When the platform was told what, in ms."""
    (log,) = record.platform_logs.values()

    def first(words):
        return next(line.at_ms for line in log if words in line.text)

    return {
        "seen": first("Platform offers the plan"),
        "answered": first("Device confirmed"),
        "fetched": first("download successful"),
        "done": int(record.devices["finished_ms"][0]),
    }


@pytest.mark.parametrize("stage", STAGES)
@given(think_ms=st.integers(1, 60_000), size_B=st.integers(1000, 200_000), reboot_ms=st.integers(1, 100_000))
@few
def test_a_stage_that_takes_exactly_its_time_is_in_time(stage, think_ms, size_B, reboot_ms):
    scenario = strict()
    scenario["hosts"]["quiet"]["confirm_delay"] = f"{think_ms}ms"
    scenario["packages"][0]["files"][0]["size"] = f"{size_B}B"
    scenario["modules"]["board"]["reboot"] = f"{reboot_ms}ms"
    at = moments(play(scenario, "reference", "keep.transcripts=1"))
    takes_ms = {
        "online": at["seen"],
        "ack": at["answered"] - at["seen"],
        "download": at["fetched"] - at["answered"],
        "report": at["done"] - at["fetched"],
        "in_progress": at["done"] - at["answered"],
    }[stage]
    path = f"plan.rollout.timeouts.{stage}"
    assert beliefs(scenario, f"{path}={takes_ms}ms") == ["Upgraded"]
    assert beliefs(scenario, f"{path}={takes_ms - 1}ms") == ["Upgrade Failed"]


@pytest.mark.parametrize("on_deadline", ["pause", "cancel"])
@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_a_wave_for_which_everything_holds_at_its_deadline_opens(engine, on_deadline):
    opens = {"after": "1h", "deadline": "1h", "on_deadline": on_deadline}
    record = play(world(2, {"waves": [{"count": 1}, {"opens": opens}]}), engine)
    assert ends(record) == {("upgraded", ""): 2}
    assert logged(record, "wave 2 of 2 opened") == [3600.0]


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_a_user_who_confirmed_before_the_end_is_not_to_blame(engine):
    """The next push would have come at the tenth minute."""
    plan = {"mode": "manual", "push_grid": "10min", "ends": "9min"}
    early, late = (play(world(1, {}, user_confirm=confirms, **plan), engine) for confirms in ("8min", "9min"))
    assert ends(early) == {("not_offered", "plan over"): 1}
    assert ends(late) == {("not_offered", "user has not confirmed"): 1}


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_a_plan_that_has_begun_is_not_waited_for(engine):
    scenario = world(1, {}, starts="1h", push=False)
    scenario["hosts"]["quiet"]["asks"] = True
    scenario["fleet"]["groups"] = [group("g", 1, contact={"spread": "0s", "request_every": "1d"})]
    asked_again = play(scenario, engine)
    assert ends(asked_again) == {("upgraded", ""): 1}
    assert at_ms(asked_again, "first_offer_ms")[0] > 86_400_000
    assert ends(play(scenario, engine, "horizon=2h")) == {("not_offered", "time ran out"): 1}
