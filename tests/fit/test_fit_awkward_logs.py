"""Logs as people have them: to the minute or the day, of some devices only, with a pause in the middle."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path

import numpy as np
import pytest

from fota_sim.histories.ends import FAILURES, End
from fota_sim.histories.reading import read_histories
from fota_sim.histories.seen import seen_as
from fota_sim.histories.steps import Step, stepped
from fota_sim.histories.table import Histories
from fota_sim.histories.view import ACTIONS, EXECUTIONS, MONITORED, View
from fota_sim.learning.beside import beside
from fota_sim.learning.classes import classes_of
from fota_sim.learning.fitted import Fit
from fota_sim.learning.fitting import fit
from fota_sim.learning.learned import Kept
from fota_sim.learning.shares import gone_of
from fota_sim.learning.silence import longest_silence, unexplained
from fota_sim.learning.told import told as written
from fota_sim.learning.trials import Trials
from fota_sim.report.page.fit import answer
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.variation import varied

TEXT = """
horizon: 4d
product: {model: {device_model: Meter, components: [{identifier: app, type: firmware}]}}
packages: [{name: two, component: app, target_version: "2_0", files: [{name: two.bin, size: 60kB}]}]
plan: {name: Everybody, packages: [two], strategy: {retries: 2}}
fleet:
  groups:
    - name: meters
      count: 400
      module: EC200U
      radio: nb-iot
      mains: 100%
      rssi: {normal: {mean: -103dBm, sd: 10dB}, min: -128dBm, max: -70dBm}
      contact: {pattern: wake, every: 12h}
      gone: 8%
"""
TRUTH = {
    "fleet.groups.meters.gone": "16%",
    "fleet.groups.meters.contact.every": "20h",
    "radios.nb-iot.speed": 0.6,
    "radios.nb-iot.s50": "-119dBm",
}
PAUSED = {"plan.operator": [{"at": "8h", "do": "suspend"}, {"at": "30h", "do": "resume"}]}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return parse_scenario(TEXT, Path("meters.yaml"), [])


def log_of(scenario: Scenario, view: View, **more: object) -> Histories:
    real = varied(scenario, {**TRUTH, **more})
    return replace(next(Trials(real, "compiled", view, number=7_000).play([{}]))[0], says_targeted=False)


def fitted(log: Histories, scenario: Scenario) -> Fit:
    return fit(log, scenario, engine="compiled", workers=1, trials=45)


def told(found: Fit) -> str:
    return " ".join(found.doubts)


@pytest.mark.parametrize("width_s", [60.0, 3600.0])
def test_times_to_the_minute_or_hour_teach_no_other_speed_or_contacts(scenario: Scenario, width_s: float) -> None:
    whole = log_of(scenario, EXECUTIONS)
    steps = tuple(Step(name, width_s, 0.0, UTC) for name in ("contact_s", "ended_s"))
    cut = replace(whole, frame=stepped(whole.frame, steps), view=replace(whole.view, steps=steps))
    learnt = {each.key: each for each in fitted(cut, scenario).learned}
    for key, truth in (("contact/meters", np.log(72_000.0)), ("speed/nb-iot", np.log(0.6)), ("s50/nb-iot", -119.0)):
        low, high = np.quantile(learnt[key].draws, [0.005, 0.995])
        assert low <= truth <= high, key


def test_days_do_not_teach_what_takes_minutes(scenario: Scenario) -> None:
    steps = tuple(Step(name, 86_400.0, 0.0, UTC) for name in ("contact_s", "download_s", "downloaded_s", "ended_s"))
    whole = log_of(scenario, ACTIONS)
    found = fitted(seen_as(replace(ACTIONS, steps=steps), whole), scenario)
    learnt, kept = {each.key for each in found.learned}, {each.name for each in found.kept}
    assert "gone/meters" in learnt
    assert "download speed, nb-iot" in kept


def test_a_list_of_failures_alone_teaches_nothing_of_all(scenario: Scenario) -> None:
    log = log_of(scenario, EXECUTIONS)
    failures = log.take(log.ended(*FAILURES, End.NEVER_REACHED))
    found = fitted(failures, scenario)
    assert found.learned == ()
    assert (
        f"lists {len(failures)} of 400 devices, none of which succeeded"
        in {each.name: each.why for each in found.kept}["gone for good, meters"]
    )
    assert "shares are wrong" in told(found)


def test_who_lists_only_those_that_came_is_asked_how_many_it_was_for(scenario: Scenario) -> None:
    log = log_of(scenario, EXECUTIONS)
    came = log.take(~log.ended(End.NEVER_REACHED))
    assert "gone/meters" not in {each.key for each in fitted(came, scenario).learned}
    said = replace(came, targeted=400, says_targeted=True)
    [gone] = [each for each in fitted(said, scenario).learned if each.key == "gone/meters"]
    assert gone.interval[0] <= 0.16 <= gone.interval[1]


def test_a_sample_by_luck_teaches_all_and_is_told(scenario: Scenario) -> None:
    log = log_of(scenario, EXECUTIONS)
    found = fitted(log.take(np.random.default_rng(0).random(len(log)) < 0.6), scenario)
    assert {"gone/meters", "speed/nb-iot", "s50/nb-iot"} <= {each.key for each in found.learned}
    assert "of the 400 devices that it would list" in told(found)


def test_a_whole_log_is_told_to_be_nothing_else(scenario: Scenario) -> None:
    said = told(fitted(log_of(scenario, EXECUTIONS), scenario))
    assert "lists" not in said
    assert "Nothing is in the log" not in said


def test_hours_without_a_word_are_told_and_a_pause_in_the_scenario_explains_them(scenario: Scenario) -> None:
    log = log_of(scenario, EXECUTIONS, **PAUSED)
    blind = fitted(log, scenario)
    assert "Nothing is in the log between" in told(blind)
    assert "contact/meters" not in {each.key for each in blind.learned}
    assert "of another shape" in {each.name: each.why for each in blind.kept}["time between contacts, meters"]
    knowing = fitted(log, varied(scenario, PAUSED))
    assert "Nothing is in the log between" not in told(knowing)


def test_a_period_that_only_one_quantile_of_the_waits_agrees_with_is_none(scenario: Scenario) -> None:
    found = fitted(log_of(scenario, EXECUTIONS, **PAUSED), varied(scenario, PAUSED))  # from twelve hours it finds 13
    assert "contact/meters" not in {each.key for each in found.learned}


def test_what_is_doubted_stands_in_the_answers(scenario: Scenario) -> None:
    found = fitted(log_of(scenario, EXECUTIONS, **PAUSED).take(np.arange(300)), scenario)
    assert len(found.doubts) == 2
    assert set(found.doubts) <= set(written(found)["log"]["notes"])
    said = answer(found, beside(found, workers=1))
    assert set(found.doubts) <= set(said)


def test_the_longest_silence_is_where_nothing_is(scenario: Scenario) -> None:
    log = log_of(scenario, EXECUTIONS, **PAUSED)
    silence = longest_silence(log)
    assert 7 * 3600 < silence.from_s < 10 * 3600
    assert silence.to_s >= 30 * 3600
    assert unexplained(log, [silence]) == ""
    assert unexplained(log, []) == ""


def test_signals_that_are_missing_where_downloads_fail_are_not_gone_by(scenario: Scenario) -> None:
    whole = log_of(scenario, ACTIONS)
    some = replace(whole, frame=whole.frame.copy())
    some.frame.loc[some.frame["signal_dBm"] < -112.0, "signal_dBm"] = np.nan
    found = fitted(some, scenario)
    assert "has no signal fare otherwise" in told(found)
    for each in found.learned:
        if each.key == "s50/nb-iot":
            assert "per attempt" in each.how
            assert np.quantile(each.draws, 0.005) <= -119.0 <= np.quantile(each.draws, 0.995)
    by_luck = replace(whole, frame=whole.frame.copy())
    by_luck.frame.loc[np.random.default_rng(1).random(len(whole)) < 0.3, "signal_dBm"] = np.nan
    assert "fare otherwise" not in told(fitted(by_luck, scenario))


def test_a_log_that_is_shorter_than_the_time_between_contacts_does_not_teach_it(scenario: Scenario) -> None:
    whole = log_of(scenario, ACTIONS)  # devices come every 20 hours
    learnt = {}
    for hours in (10, 30):
        early = whole.until(whole.began_s + hours * 3600.0)
        found = fitted(early, scenario)
        learnt[hours] = {each.key for each in found.learned}
        whys = {each.name: each.why for each in found.kept}
        if hours == 10:
            assert "about as fast as before" in whys["time between contacts, meters"]
    assert "contact/meters" not in learnt[10]
    assert "contact/meters" in learnt[30]


def test_failures_without_a_stage_or_a_signal_are_not_taken_for_failed_downloads(scenario: Scenario) -> None:
    whole = log_of(scenario, MONITORED)
    few = replace(whole, frame=whole.frame.copy())
    few.frame.loc[np.random.default_rng(2).random(len(whole)) < 0.6, "signal_dBm"] = np.nan
    assert "s50/nb-iot" in {each.key for each in fitted(whole, scenario).learned}
    found = fitted(few, scenario)
    assert "s50/nb-iot" not in {each.key for each in found.learned}
    whys = {each.name: each.why for each in found.kept}
    assert "at which stage" in whys["signal at which half of the chunks fail, nb-iot"]


@pytest.mark.parametrize("columns", [("end",), ("offered", "end"), ("contact", "end")])
def test_who_is_gone_is_learnt_only_where_the_log_says_when_devices_came(
    scenario: Scenario, columns: tuple[str, ...], tmp_path: Path
) -> None:
    names = {"offered": "offered_s", "contact": "contact_s", "end": "ended_s"}
    truth = log_of(scenario, View(own_words=True))
    rows = ["device,status," + ",".join(columns)]
    for row in truth.frame.to_dict("records"):
        times = [row[names[name]] for name in columns]
        rows.append(",".join([row["device"], row["ended"], *("" if np.isnan(at) else f"{at:.3f}" for at in times)]))
    (tmp_path / "log.csv").write_text("\n".join(rows), encoding="utf-8")
    read = read_histories([tmp_path / "log.csv"], as_of_s=truth.until_s)
    found = [*gone_of(scenario, classes_of(read, scenario), read)]
    assert [isinstance(each, Kept) for each in found] == [("contact" not in columns)] * len(found)
