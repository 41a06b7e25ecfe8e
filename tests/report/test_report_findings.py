"""What the titles of figures say, and that what is drawn is what the summary counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import cast

import numpy as np
import pandas as pd
import pytest
from figure_text import said
from figure_world import ONE, SHAPES, played, source
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.patches import Rectangle

from fota_sim.analysis.answers.wording import largest_text, span
from fota_sim.analysis.numbers.funnel import funnel_steps, largest
from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.analysis.run.battery_signal import FAILURES
from fota_sim.analysis.run.curves import band
from fota_sim.analysis.run.study import Study
from fota_sim.report.figures import OF_RUNS, battery_signal_figure, causes_figure, throughput_figure
from fota_sim.report.figures.adoption import adoption_finding
from fota_sim.report.figures.battery_signal import battery_signal_finding, cells
from fota_sim.report.figures.belief import belief_finding, errs
from fota_sim.report.figures.causes import causes_finding
from fota_sim.report.figures.cost import cost_finding
from fota_sim.report.figures.curves import upgraded
from fota_sim.report.figures.funnel import funnel, funnel_finding
from fota_sim.report.figures.throughput import rate_unit, throughput_finding
from fota_sim.report.figures.time_axis import nights_ms, window
from fota_sim.report.figures.time_to_upgrade import group_quantiles, time_to_upgrade_finding
from fota_sim.report.figures.timeline import lanes, timeline_finding

HOUR_MS = 3_600_000


def study_of(shape: str) -> Study:
    groups, overrides = SHAPES[shape]
    return played(source(groups), overrides)


@pytest.fixture(scope="module")
def plain() -> Study:
    return played(source({"a": 40, "b": 20}), ["replications=2"])


@pytest.fixture(scope="module")
def waves() -> Study:
    return study_of("waves")


@pytest.fixture(scope="module")
def nobody() -> Study:
    return study_of("nobody reached")


def test_the_funnel_loses_what_is_not_upgraded(plain: Study) -> None:
    fleet, *losses, good = funnel(plain)
    assert fleet.devices == 60
    assert fleet.devices - sum(stage.devices for stage in losses) == pytest.approx(good.devices)
    outcomes = {row["outcome"]: row["count"] / 2 for row in plain.summary["outcomes"]}
    assert good.devices == outcomes["upgraded"]
    assert {step.name: step.devices for step in losses}["refused"] == outcomes["refused"]


def test_devices_kept_out_by_a_list_leave_before_those_out_of_reach() -> None:
    study = played(source({"a": 40, "b": 20}), ['plan.blacklist={where: group == "b"}'])
    assert [stage.label for stage in funnel(study)][:3] == ["fleet", "kept out by a list", "out of reach"]
    assert funnel(study)[1].devices == 20


def test_the_bars_of_causes_are_the_counts_of_the_summary(plain: Study) -> None:
    bars = [bar.get_width() for bar in causes_figure(plain).axes[0].patches if isinstance(bar, Rectangle)]
    assert bars == pytest.approx([row["count"] / 2 for row in plain.summary["causes"]])


def test_every_upgraded_device_is_in_the_curve_and_in_its_group(plain: Study) -> None:
    count = sum(row["count"] for row in plain.summary["outcomes"] if row["outcome"] == "upgraded")
    assert upgraded(plain)[:, -1].sum() == count
    assert sum(row.upgraded for row in group_quantiles(plain)) == count


def test_every_device_is_in_a_cell_of_battery_and_signal(plain: Study) -> None:
    grid = cells(plain)
    assert grid.devices.sum() == 120
    bad = sum(
        row["count"] for row in plain.summary["outcomes"] if row["outcome"] in ("failed", "bricked", "rolled_back")
    )
    assert grid.failures.sum() == bad
    assert np.isnan(grid.battery_pct[-1])


def test_titles_tell_the_numbers_of_the_summary(plain: Study) -> None:
    metrics = plain.summary["metrics"]
    share = f"{100 * metrics['success_of_targeted']['value']:.2f} %"
    assert adoption_finding(plain).startswith(f"{share} of 60 targeted devices upgraded within 2 days")
    assert "95 %" not in adoption_finding(plain)  # two replications
    assert funnel_finding(plain).startswith(f"{share} of all 60 devices upgraded; largest loss: ")
    assert cost_finding(plain).endswith("of it wasted")
    most = format_value(metrics["downloads_peak"]["value"], "downloads")
    assert f"at the peak a mean of {most} at once" in throughput_finding(plain)
    assert throughput_finding(plain).endswith("of the server's 10,000 connections")
    assert time_to_upgrade_finding(plain).startswith("Slowest group: b, half of its upgraded devices within ")
    alone = time_to_upgrade_finding(played(source({"a": 40}), ["replications=2"]))
    assert alone.startswith("Half of the upgraded devices were upgraded within ")
    assert ", counted in steps of " in alone


def test_titles_about_one_device_speak_of_one() -> None:
    study = played(source({"a": 1}), ["fleet.groups[0].gone=0%", "plan.strategy.min_battery=0%", "replications=2"])
    assert study.summary["devices"] == 1
    assert time_to_upgrade_finding(study).startswith("The one device was upgraded within ")
    assert causes_finding(study) == "The one device runs the target version"


def test_five_replications_have_an_interval_in_the_title(waves: Study) -> None:
    low, high = waves.summary["metrics"]["success_of_targeted"]["interval"]
    assert f"(95 %: {100 * low:.2f} to {100 * high:.2f} %)" in adoption_finding(waves)


def test_a_rollout_that_reaches_nobody_says_so(nobody: Study) -> None:
    assert adoption_finding(nobody) == "0.00 % of 40 targeted devices upgraded within 2 days"
    assert causes_finding(nobody) == "Largest single loss: out of reach (gone for good), 100.00 % of all devices"
    assert battery_signal_finding(nobody) == "No upgrade came to an end, so there is no share of failures"
    assert throughput_finding(nobody) == "Nothing was downloaded"
    assert time_to_upgrade_finding(nobody) == "No device is upgraded within the horizon"
    assert cost_finding(nobody).startswith("Nothing was sent")


def test_a_plan_for_nobody_says_so() -> None:
    study = study_of("nobody targeted")
    assert adoption_finding(study) == "The plan targets none of the 40 devices"
    assert causes_finding(study) == "Every device runs the target version"


def test_no_failure_is_none_and_not_a_share_of_zero() -> None:
    assert battery_signal_finding(study_of("nothing fails")) == "None of the 40 ended upgrades failed"


def cells_of(ended: Mapping[tuple[float, float], tuple[int, int]]) -> Study:
    """A study of which only the ended and failed upgrades by signal (dBm) and battery (%) are known."""
    none = dict.fromkeys(FAILURES, 0)
    rows = [
        {"rssi_dBm": dBm, "battery_pct": pct, "devices": count, "upgraded": count - bad, **none, FAILURES[0]: bad}
        for (dBm, pct), (count, bad) in ended.items()
    ]
    return cast(Study, SimpleNamespace(battery_signal=pd.DataFrame(rows)))


def test_where_most_fail_is_told_of_all_cells_that_are_alike() -> None:
    one = {(-120.0, 30.0): (40, 40), (-117.0, 30.0): (40, 10), (-60.0, 40.0): (1000, 0)}
    assert battery_signal_finding(cells_of(one)).endswith(
        "; most, where at least 30 ended, at −120 to −117 dBm and 30 to 35 % battery: 100.00 %"
    )
    many = {**one, (-117.0, 80.0): (50, 50), (-123.0, 50.0): (30, 30), (-126.0, 50.0): (29, 29)}
    assert battery_signal_finding(cells_of(many)).endswith(
        "; most, where at least 30 ended, at −123 to −114 dBm, in 3 of 5 cells: 100.00 %"
    )


def test_of_one_device_titles_speak_as_of_one() -> None:
    one = played(source({"a": 1}), ["replications=1"])
    titles = " ".join([adoption_finding(one), funnel_finding(one), battery_signal_finding(one)])
    assert titles.startswith("The one targeted device upgraded within 2 days, after ")
    assert "The one device is upgraded" in titles
    assert "1 device" not in titles
    assert "1 ended" not in titles


def test_a_plan_that_targets_nobody_in_some_replications_is_not_said_to_target_nobody() -> None:
    some = played(source({"a": 1}), ["replications=6", 'fleet.groups.a.firmware={"1_0": 50%, "2_0": 50%}'])
    without = sum(run == 0 for run in some.runs["targeted"])
    assert 0 < without < 6
    assert adoption_finding(some) == f"The plan targets nobody in {without} of 6 replications"


def test_every_bar_of_causes_has_its_label_in_the_picture() -> None:
    few = played(source({"a": 2}), ["replications=6", 'fleet.groups.a.firmware={"1_0": 50%, "2_0": 50%}'])
    words = said(causes_figure(few))
    assert words.count(" %)") == len(few.summary["causes"])


def test_waves_and_stops_are_told_with_their_times(waves: Study) -> None:
    assert timeline_finding(waves).startswith("3 of 3 waves opened; ")
    assert "suspended by the operator after 3 h 00 min" in timeline_finding(waves)
    found = {lane.label: lane for lane in lanes(waves)}
    assert found["wave 1 of 3 opened (testers of the first hour)"].replications == 5
    assert found["wave 2 of 3 opened"].median_ms == 6 * HOUR_MS
    assert found["operator: suspend; the plan is suspended"].stops


def test_many_waves_share_a_lane() -> None:
    waves = next(lane for lane in lanes(study_of("many waves")) if lane.label == "a wave of 13 opened")
    assert len(waves.at_ms) >= 9


def test_without_waves_everybody_is_released_at_once(plain: Study) -> None:
    assert timeline_finding(plain) == "No waves: everybody is released at once; nothing stopped the rollout"


def test_where_the_platform_errs_adds_up_to_its_metric(plain: Study) -> None:
    wrong = sum(row["count"] for row in plain.summary["beliefs"] if errs(row["belief"], row["outcome"]))
    assert wrong == pytest.approx(120 * (1 - plain.summary["metrics"]["belief_agreement"]["value"]))
    assert belief_finding(plain).startswith("The platform is right about who is upgraded for ")


def test_every_share_in_a_figure_says_of_what(plain: Study) -> None:
    for name in ("adoption", "causes", "funnel", "belief", "time_to_upgrade", "battery_signal"):
        assert " of " in said(OF_RUNS[name](plain)), name


def test_limits_are_drawn_where_they_matter_and_told_where_they_are_far() -> None:
    near = said(OF_RUNS["throughput"](study_of("limits")))
    assert "server connections: 2" in near
    assert "upgrades at a time: 3" in near
    assert "released per hour: 10" in near
    assert "limit far above: server connections, 10,000" in said(OF_RUNS["throughput"](played(source(ONE))))


def test_nights_follow_daylight_saving() -> None:
    # In Berlin the clocks go from 2 to 3 in the night to 29 March 2026: that night has seven hours.
    nights = nights_ms(datetime(2026, 3, 28, 12), "Europe/Berlin", 48 * HOUR_MS)
    assert nights == [(10 * HOUR_MS, 17 * HOUR_MS), (33 * HOUR_MS, 41 * HOUR_MS)]
    assert nights_ms(datetime(2026, 1, 5, 23), "UTC", HOUR_MS) == [(0, HOUR_MS)]


def test_nights_are_left_out_where_they_could_not_be_read() -> None:
    assert "night" in said(OF_RUNS["adoption"](played(source(ONE), ["horizon=12h"])))
    months = [
        "horizon=90d",
        "plan.rollout={waves: [{share: 50%}, {opens: {after: 60d}}]}",
    ]
    assert "night" not in said(OF_RUNS["adoption"](played(source(ONE), months)))


def test_the_window_says_which_share_of_the_upgrades_comes_later(plain: Study) -> None:
    shown = window(plain)
    before = upgraded(plain)[:, shown.at_ms <= shown.until_ms][:, -1].sum()
    assert shown.later == pytest.approx(1 - before / upgraded(plain)[:, -1].sum())
    assert shown.until_ms <= shown.horizon_ms


def test_a_band_needs_five_replications_and_has_no_width_where_they_agree() -> None:
    assert band(np.ones((4, 3)), 100.0) is None
    ends = band(np.array([[0.0, 10.0]] * 4 + [[0.0, 20.0]]), 100.0)
    assert ends is not None
    assert (ends[0][0], ends[1][0]) == (0.0, 0.0)
    assert ends[0][1] < 12.0 < ends[1][1]


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (7 * 24 * HOUR_MS, "7 days"),
        (HOUR_MS, "1 hour"),
        (5_400_000, "90 minutes"),
        (1000, "1 second"),
        (1500, "1.50 s"),
    ],
)
def test_round_durations_are_words(ms: int, text: str) -> None:
    assert span(ms) == text


def test_two_losses_that_are_equal_are_both_called_the_largest() -> None:
    steps = funnel_steps(
        10.0, [("unreachable", "gone for good", 1), ("refused", "low battery", 1), ("upgraded", "", 18)], 2
    )
    assert [step.label for step in largest(steps[1:-1])] == ["out of reach", "refused by the host"]
    told = largest_text(["out of reach", "refused by the host"], "5.00 %")
    assert told == "losses: out of reach and refused by the host, 5.00 % each"
    assert largest(funnel_steps(10.0, [("upgraded", "", 20)], 2)[1:-1]) == []


@given(st.integers(1, 3000), st.integers(1, 12), st.data())
def test_the_share_of_a_step_is_rounded_as_tables_round_it(devices: int, runs: int, data: st.DataObject) -> None:
    lost = data.draw(st.integers(0, devices * runs))
    rows = [("refused", "low battery", lost), ("upgraded", "", devices * runs - lost)]
    found = {step.name: step for step in funnel_steps(float(devices), rows, runs)}
    assert found["refused"].share == lost / (devices * runs)
    assert found["refused"].left == found["upgraded"].devices


def test_steps_of_days_have_rates_per_day() -> None:
    assert rate_unit(1_800_000) == ("hour", HOUR_MS)
    slow = played(
        source({"a": 30}),
        [
            "horizon=400d",
            "plan.rollout.rate={devices: 5, every: 7d}",
            "fleet.groups[0].contact={pattern: always, spread: 1min}",
        ],
    )
    texts = said(throughput_figure(slow)).split("\n")
    assert any(text.startswith("upgrades per day") for text in texts)
    assert "released per day: 0.71" in texts


def test_a_rollout_in_which_nothing_is_upgraded_says_so_and_has_whole_ticks() -> None:
    broken = played(source(ONE), ["packages[0].defects=[{name: bad, effect: verify_failure, probability: 100%}]"])
    assert throughput_finding(broken).startswith("Nothing was upgraded; at the peak ")


def test_plans_with_the_same_minimums_share_a_line_and_others_say_whose_it_is() -> None:
    def lines(second: str) -> list[str]:
        text = source(ONE)
        first, rest = text[: text.index("plan:")], text[text.index("fleet:") :]
        plan = "{packages: [p], strategy: {min_battery: 30%, min_signal: -110dBm}, whitelist: {where: rssi < -108dBm}}"
        other = f"{{packages: [p], strategy: {second}}}"
        study = played(f"{first}plans:\n  one: {plan}\n  two: {other}\n{rest}")
        return [each for each in said(battery_signal_figure(study)).split("\n") if each.startswith("minimum")]

    assert len(lines("{min_battery: 30%, min_signal: -110dBm}")) == 2
    assert "minimum battery 50 % of two (the host compares)" in lines("{min_battery: 50%, min_signal: -110dBm}")
