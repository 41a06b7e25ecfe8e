"""What is read first must be right in every situation, and never say more than the numbers do."""

import re

import pytest
from answers_world import Device, summary_of
from hypothesis import example, given
from hypothesis import strategies as st

from fota_sim.analysis.answers.run import run_answer
from fota_sim.analysis.answers.wording import count_of, rate_interval_text, value_as_told, value_text
from fota_sim.cli.summary_text import summary_text

UP = Device()
BATTERY = Device("refused", "low battery")
BRICK = Device("bricked", "new firmware does not boot")


def told(*runs: list[Device], thresholds: list[str] | None = None) -> str:
    return " ".join(run_answer(summary_of(runs, thresholds or [])))


def test_the_first_sentence_is_the_share_with_its_whole_and_its_interval() -> None:
    runs = [[UP] * good + [BATTERY] * (20 - good) for good in (14, 15, 16, 15, 15)]
    first = run_answer(summary_of(runs))[0]
    assert first.startswith("75.00 % of the 20 targeted devices are upgraded within 2 days (95 % interval ")
    assert first.endswith(", 5 replications).")


def test_one_replication_says_that_an_interval_takes_more() -> None:
    assert "(one replication; an interval takes 5)" in told([UP, BATTERY])
    assert "95 % interval" not in told([UP, BATTERY])


def test_four_replications_have_no_interval_either() -> None:
    text = told(*[[UP, BATTERY]] * 4)
    assert "(4 replications; an interval takes 5)" in text
    assert "95 % interval" not in text


def test_all_upgraded_is_said_without_a_share_and_without_losses() -> None:
    text = told([UP] * 3)
    assert text.startswith("All 3 targeted devices are upgraded")
    assert "The other" not in text
    assert "The reason" not in text


def test_a_single_device_is_one_device() -> None:
    assert told([UP]).startswith("The one targeted device is upgraded within 2 days in the one replication")


def test_of_a_single_device_it_is_said_how_often() -> None:
    for times in range(6):
        text = told(*[[UP]] * times, *[[BATTERY]] * (5 - times))
        assert ("is not upgraded within 2 days in any of 5 replications" in text) == (times == 0)
        assert (f"is upgraded within 2 days in {times} of 5 replications" in text) == (0 < times < 5)
        assert "1 targeted device" not in text
        assert "Half of the targeted" not in text


def test_none_upgraded_has_no_times_and_no_energy_per_device() -> None:
    text = told([BATTERY] * 4)
    assert text.startswith("None of the 4 targeted devices is upgraded")
    assert "The reason for all of them: refused by the host (low battery)." in text
    assert "Half" not in text
    assert "half" not in text
    assert "each upgraded device" not in text


def test_nobody_targeted_says_so_and_where_they_are() -> None:
    text = told([Device("not_offered", "blacklisted"), Device("already_on_target")])
    assert text.startswith("The plan is meant for none of the 2 devices, so nothing is upgraded.")
    assert "1 device (50.00 %) on the target version before and 1 device (50.00 %) kept out by a list" in text


def test_a_plan_for_nobody_in_some_replications_is_one_for_somebody_in_the_others() -> None:
    text = told([UP, BATTERY], [Device("already_on_target")] * 2, [UP, UP])
    assert text.startswith("In 1 of 3 replications the plan is meant for nobody; in the others together 3 of 4 target")
    assert "are upgraded within 2 days" in text
    assert "none of the" not in text


def test_a_mean_of_few_targeted_devices_is_not_rounded_away() -> None:
    assert "of about 1.5 targeted devices" in told([UP, BATTERY], [UP, Device("already_on_target")])


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30)), min_size=1, max_size=6))
@example([(13, 19)])  # 40.625 and 59.375 %
def test_what_is_upgraded_and_what_is_not_add_up_as_they_are_shown(runs: list[tuple[int, int]]) -> None:
    told_runs = [[UP] * good + [BATTERY] * bad for good, bad in runs]
    shares = [float(each) for each in re.findall(r"(?:^|battery\), )([\d.]+) %", told(*told_runs))]
    if len(shares) == 2 and min(shares) >= 1:
        assert sum(shares) == pytest.approx(100)


@given(
    st.lists(st.floats(0.0, 1.0), min_size=3, max_size=3).map(sorted),
    st.sampled_from([("share", 1.0), ("days", 20.0), ("devices", 5e4), ("B", 1e10), ("mAh", 1e5)]),
)
def test_a_value_lies_within_its_interval_as_both_are_told(ends: list[float], of: tuple[str, float]) -> None:
    low, value, high = ({"value": each * of[1], "unit": of[0]} for each in ends)
    texts = [value_as_told(each) for each in (low, value, high)]
    assert [_size(each) for each in texts] == sorted(_size(each) for each in texts)


def _size(text: str) -> float:
    number, _, unit = text.strip("<>").partition(" ")
    edge = -1e-9 if text.startswith("<") else 1e-9 if text.startswith(">") else 0.0
    scale = {"kB": 1e3, "MB": 1e6, "GB": 1e9, "Ah": 1e3}.get(unit, 1.0)
    return float(number.replace(",", "")) * scale + edge


def test_losses_are_shares_of_the_targeted_and_not_of_the_fleet() -> None:
    text = told([UP, UP, UP, BATTERY, *[Device("not_offered", "blacklisted")] * 6])
    assert "75.00 % of the 4 targeted devices" in text
    assert "refused by the host (low battery), 25.00 %" in text


def test_named_losses_and_the_rest_add_up_to_what_is_missing() -> None:
    rare = [Device("failed", cause) for cause in ("no space", "verification failed")]
    often = [BATTERY] * 5 + [Device("unreachable", "gone for good")] * 4 + [Device("failed", "download broke off")] * 3
    text = told([UP] * 6 + often + rare)
    assert "The other 70.00 % of the targeted: refused by the host (low battery) 25.00 %" in text
    assert "2 rarer reasons 10.00 % together" in text


def test_bricks_are_always_told() -> None:
    assert "No device is bricked." in told([UP] * 5)
    text = told(*[[UP] * 9 + [BRICK]] * 5)
    assert "On average 1 device is bricked (10.00 % of all devices" in text


def test_a_brick_in_many_replications_is_not_none() -> None:
    assert count_of(0.025, "device") == "0.03 devices"
    assert count_of(0.0, "device") == "0 devices"


def test_no_brick_in_several_replications_says_in_how_many() -> None:
    assert "No device is bricked in any of the 5 replications." in told(*[[UP] * 5] * 5)


def test_devices_that_fell_back_are_told_beside_the_bricks() -> None:
    text = told([UP, BRICK, Device("rolled_back", "new firmware does not boot"), UP])
    assert "1 device is bricked (25.00 % of all devices)" in text
    assert "1 device is rolled back to the old version (25.00 % of all devices)" in text


def test_a_time_that_only_some_replications_reach_has_no_mean() -> None:
    text = told([UP] * 10, [UP] * 8 + [BATTERY] * 2)
    assert "and 90 % only in 1 of 2 replications." in text


def test_the_platform_is_called_wrong_only_where_it_is() -> None:
    assert "platform" not in told([UP] * 4)
    text = told([UP, UP, Device("failed", "no space", believed=True), Device(believed=False)])
    assert "33.33 % of the devices the platform believes upgraded are not" in text
    assert "33.33 % of the upgraded devices are not believed to be" in text


def test_thresholds_that_pass_are_told_in_a_word() -> None:
    runs = [[UP] * 400] * 5
    assert "Go ahead: both thresholds are kept." in told(*runs, thresholds=["success > 50%", "failed < 5%"])
    assert "the threshold success > 50% is kept." in told(*runs, thresholds=["success > 50%"])


def test_a_broken_and_an_undecided_threshold_are_named_with_the_reason() -> None:
    runs = [[UP] * good + [BATTERY] * (20 - good) for good in (14, 15, 16, 15, 15)]
    text = told(*runs, thresholds=["success > 99%", "success > 75%", "bricked < 50%"])
    assert "1 of 3 thresholds is kept; broken is success > 99% (the whole cautious 95 % interval" in text
    assert "undecided is success > 75% (the cautious 95 % interval" in text


def test_one_replication_decides_no_threshold() -> None:
    text = told([UP] * 4, thresholds=["success > 50%"])
    assert "the threshold success > 50% is undecided (1 replication; at least 5 are needed)." in text


def test_what_is_asked_about_is_told_behind_who_is_upgraded() -> None:
    runs = [[UP] * 9 + [Device("failed", "no space")], [UP] * 10]
    assert " What is asked about: failed of all devices 5.00 %. " in told(*runs, thresholds=["failed < 20%"])
    assert "asked about" not in told(*runs, thresholds=["success > 20%"])  # which the first sentence is about


def test_devices_that_are_still_at_it_are_told_with_how_often_they_tried() -> None:
    looping = summary_of([[Device()] * 9 + [Device("in_progress", "waiting", attempts=30)]] * 2)
    assert "On average 1 device is still at it at the end, after 30 attempts each." in run_answer(looping)
    late = summary_of([[Device()] * 9 + [Device("in_progress", "downloading", attempts=1)]])
    assert "still at it" not in " ".join(run_answer(late))


@pytest.mark.parametrize(
    ("low", "high", "hits", "text"),
    [
        (0.884, 0.9996, 24, "88 to 100 %"),
        (0.0, 0.0085, 0, "at most 0.85 %"),
        (0.2, 0.25, 5, "20 to 25 %"),
        (0.5, 1.0, 9, "50 to 100 %"),
    ],
)
def test_a_share_near_all_is_said_as_a_number(low: float, high: float, hits: int, text: str) -> None:
    assert rate_interval_text((low, high), hits) == text


def test_a_time_that_only_some_replications_reach_says_in_how_many() -> None:
    runs = [[UP] * good + [BATTERY] * (10 - good) for good in (2, 6, 6, 6, 6)]
    metrics = summary_of(runs)["metrics"]
    assert value_text("time_to_50_pct_ms", metrics["time_to_50_pct_ms"]) == "in 4 of 5 runs"
    assert value_text("time_to_90_pct_ms", metrics["time_to_90_pct_ms"]) == "not reached"
    assert value_text("targeted", metrics["targeted"]) == "10 devices"


def test_each_value_without_an_interval_bears_the_mark_of_its_reason() -> None:
    text = summary_text(summary_of([[UP] * 6 + [BATTERY] * 4] * 5))
    mark = re.search(r"^targeted devices +10 devices +– (\(\d\))$", text, re.MULTILINE)
    assert mark is not None
    assert f"\n{mark[1]} the same in all 5 replications, so no interval" in text
    marked = set(re.findall(r"\(\d\)", text.partition("Measure")[2].partition("\n(1)")[0]))
    assert marked == set(re.findall(r"^\(\d\)", text, re.MULTILINE))


LISTED_OUT = Device("not_offered", "blacklisted")


@given(st.lists(st.tuples(*[st.integers(0, 9)] * 5), min_size=2, max_size=5))
def test_why_devices_are_not_upgraded_adds_up_to_the_rest_also_where_replications_target_different_numbers(
    runs: list[tuple[int, ...]],
) -> None:
    kinds = (UP, BATTERY, BRICK, Device("unreachable", "gone for good"))
    played = [
        [UP, *(kind for kind, count in zip(kinds, counts, strict=False) for _ in range(count))] for counts in runs
    ]
    whole = max(map(len, played)) + 3
    text = told(*[[*run, *[LISTED_OUT] * (whole - len(run))] for run in played])
    found = re.search(r"The other ([0-9.]+) % of the targeted: (.*?)\. ", text)
    if found:
        shares = [float(each) for each in re.findall(r"([0-9.]+) %", found[2])]
        assert sum(shares) == pytest.approx(float(found[1]), abs=0.005 * len(shares) + 1e-9)
