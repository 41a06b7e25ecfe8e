"""Differences, their intervals, and many of them at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.numbers.paired import (
    FEW_EVENTS,
    holm,
    independent_difference,
    measured_difference,
    paired_difference,
    simultaneous_confidence,
)
from fota_sim.analysis.numbers.rare_changes import RareChanges, size_of_a_change

FILE_B = 900e3

FIRST = [10.0, 12.0, 9.0, 11.0, 13.0, 10.5]
SECOND = [11.0, 12.5, 10.5, 11.2, 14.1, 10.9]


def test_a_paired_difference_is_scipys_paired_t_test() -> None:
    found = paired_difference(FIRST, SECOND)
    known = stats.ttest_rel(SECOND, FIRST)
    assert found.p_value == pytest.approx(known.pvalue)
    assert found.interval() == pytest.approx(tuple(known.confidence_interval(0.95)))


def test_an_independent_difference_is_scipys_welch_test() -> None:
    found = independent_difference(FIRST, SECOND[:5])
    known = stats.ttest_ind(SECOND[:5], FIRST, equal_var=False)
    assert found.p_value == pytest.approx(known.pvalue)
    assert found.interval() == pytest.approx(tuple(known.confidence_interval(0.95)))


def test_what_is_the_same_in_every_replication_has_no_interval() -> None:
    found = paired_difference([0.0] * 6, [0.0] * 6)
    assert (found.value, found.interval(), found.p_value) == (0, None, None)
    assert found.note == "the same in all 6 replications"


def test_a_missing_value_leaves_the_difference_without_one() -> None:
    found = paired_difference([1.0] * 6, [1.0, 2.0, None, 2.0, 2.0, None])
    assert found.value is None
    assert "6 of 6" in found.note
    assert "4 of 6" in found.note


def test_few_events_in_few_replications_show_nothing() -> None:
    found = paired_difference([0.0] * 10, [1.0] * 5 + [0.0] * 5, events=5)
    assert (found.value, found.interval()) == (0.5, None)
    assert found.note == "too rare to tell: 5 of 10 replications differ"
    assert paired_difference([0.0] * 10, [1.0] * 6 + [0.0] * 4, events=6).interval() is not None


def test_holm_steps_down_and_counts_what_has_no_test() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])  # R: p.adjust(method = "holm")
    assert holm([0.01, None]) == [0.02, None]
    assert holm([0.9, 0.8]) == [1.0, 1.0]


def test_simultaneous_intervals_share_the_five_percent() -> None:
    assert simultaneous_confidence(10) == pytest.approx(0.995)


@pytest.mark.parametrize("mean", [1.0, 20.0])
def test_intervals_of_counted_differences_hold_what_they_promise(mean: float) -> None:
    """Ten pairs, the candidate with half as many again; both share the luck of half of the events."""
    random, repeats, held, given = np.random.default_rng(7), 2_000, 0, 0
    for _ in range(repeats):
        shared, own, other = (random.poisson(m, 10) for m in (mean / 2, mean / 2, mean))
        first, second = (shared + own).astype(float).tolist(), (shared + other).astype(float).tolist()
        interval = paired_difference(first, second, events=sum(first) + sum(second), one=1.0).interval()
        if interval is not None:
            given += 1
            held += interval[0] <= mean / 2 <= interval[1]
    assert held / given >= 0.92
    if mean == 20:
        assert given == repeats


def test_adjusted_tests_of_no_difference_rarely_cry_wolf() -> None:
    random, repeats, wrong = np.random.default_rng(3), 400, 0
    for _ in range(repeats):
        p_values = [paired_difference(*random.normal(size=(2, 10)).tolist()).p_value for _ in range(20)]
        wrong += any(p is not None and p < 0.05 for p in holm(p_values))
    assert wrong / repeats <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / repeats)


def wasted(totals: NDArray[np.float64]) -> list[Measurement]:
    """Bytes wasted in replications in which a device that fails has lost a file."""
    return [Measurement("bytes_wasted", float(total), one=FILE_B) for total in totals]


def coverage(rate: float, rest_B: float, repeats: int = 400) -> tuple[float, float]:
    """How often the interval holds the mean, and how often a difference is shown.

    Ten pairs of a fleet in which a file is wasted 0.8 times in a replication. The candidate wastes so many files more
    in the mean, and ``rest_B`` more of what is small in every replication.
    """
    random, held, shown = np.random.default_rng(11), 0, 0
    for _ in range(repeats):
        base = FILE_B * random.poisson(0.8, 10) + random.normal(20e3, 5e3, 10)
        more = FILE_B * random.poisson(rate, 10) + random.normal(rest_B, 2e3, 10)
        found = measured_difference("bytes_wasted", wasted(base), wasted(base + more), paired=True)
        low, high = found.interval() or (np.nan, np.nan)
        held += low <= FILE_B * rate + rest_B <= high
        shown += found.shown()
    return held / repeats, shown / repeats


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.3, 1.0, 3.0, 20.0])
def test_intervals_of_rare_large_differences_hold_what_they_promise(rate: float) -> None:
    assert coverage(rate, 3e3)[0] >= 0.92


def test_a_difference_of_many_changes_is_still_shown_and_one_below_a_change_is_not() -> None:
    assert coverage(3.0, 3e3)[1] >= 0.95
    assert coverage(0.0, 3e3)[1] == 0


DIFFERENCES = st.lists(st.floats(-5, 5), min_size=5, max_size=12).filter(lambda each: np.ptp(each) > 1e-3)


@given(DIFFERENCES, st.floats(0.05, 2.0))
def test_a_difference_is_shown_where_its_interval_leaves_zero_out(differences: list[float], one: float) -> None:
    found = paired_difference([0.0] * len(differences), differences, one=one)
    low, high = found.interval() or (np.nan, np.nan)
    assert found.p_value is not None
    if abs(found.p_value - 0.05) > 1e-6:
        assert (found.p_value < 0.05) == (not low <= 0 <= high)


@given(DIFFERENCES, st.floats(0.05, 2.0))
def test_few_changes_never_make_an_interval_narrower_than_students(differences: list[float], one: float) -> None:
    alone = paired_difference([0.0] * len(differences), differences)
    found = paired_difference([0.0] * len(differences), differences, one=one)
    (low, high), (low_alone, high_alone) = found.interval() or (0, 0), alone.interval() or (0, 0)
    assert low <= low_alone
    assert high_alone <= high
    if sum(map(abs, differences)) >= FEW_EVENTS * one:
        assert found == alone


def test_limits_of_few_changes_are_garwoods() -> None:
    found = RareChanges(5.0, 0.0, 1.0, 1.0)
    exact = stats.chi2.ppf([0.025, 0.975], [10, 12]) / 2
    assert found.interval(0.95)[1] == pytest.approx(exact[1])
    assert found.interval(0.95)[0] == pytest.approx(5 - np.hypot(5 - exact[0], stats.chi2.ppf(0.975, 2) / 2))
    assert found.p_value() > 0.05 > RareChanges(6.0, 0.0, 1.0, 1.0).p_value()  # of five, all on one side shows nothing


def test_what_happens_to_many_at_once_is_one_change() -> None:
    """Where an abort spares or costs a hundred failures in some replications, one may do so in the others."""
    totals = [0.0, 0.0, 100.0, 0.0, 0.0, 100.0, 0.0, 0.0, 0.0, 100.0]
    assert size_of_a_change(totals, 1.0) == pytest.approx(np.var(totals, ddof=1) / np.mean(totals))
    assert size_of_a_change([3.0, 3.0, 3.0], 1.0) == 1.0
    assert size_of_a_change([0.0, 0.0], None) == 0.0


@pytest.mark.parametrize("rate", [0.05, 0.3, 2.0])
def test_intervals_of_rare_events_without_common_luck_hold_what_they_promise(rate: float) -> None:
    random, held, given = np.random.default_rng(5), 0, 0
    for _ in range(400):
        first, second = FILE_B * random.poisson(rate, 10), FILE_B * random.poisson(2 * rate, 20)
        interval = measured_difference("bytes_wasted", wasted(first), wasted(second), paired=False).interval()
        given += interval is not None
        held += interval is not None and interval[0] <= FILE_B * rate <= interval[1]
    assert held / given >= 0.92


def test_a_time_that_a_device_moves_in_one_pair_of_ten_is_not_known_to_seconds() -> None:
    """Half an hour between upgrades: whoever is upgraded in one variant alone moves a time by about that."""
    random, held, hour_ms = np.random.default_rng(8), 0, 3_600_000.0
    for _ in range(300):
        base = 24 * hour_ms + hour_ms * random.normal(size=10)
        later = base + hour_ms / 2 * random.poisson(0.15, 10) + 1000 * random.normal(size=10)
        times = ([Measurement("time_to_50_pct_ms", at, one=hour_ms / 2) for at in each] for each in (base, later))
        low, high = measured_difference("time_to_50_pct_ms", *times, paired=True).interval() or (np.nan, np.nan)
        held += low <= 0.15 * hour_ms / 2 <= high
    assert held / 300 >= 0.92


def test_what_has_no_interval_by_itself_has_none_as_a_difference() -> None:
    first, second = ([Measurement("upgraded_per_hour_to_last", value) for value in each] for each in (FIRST, SECOND))
    found = measured_difference("upgraded_per_hour_to_last", first, second, paired=True)
    assert found.value == pytest.approx(np.mean(SECOND) - np.mean(FIRST))
    assert (found.interval(), found.p_value) == (None, None)
    assert "straggler" in found.note


def attempts(devices: int, luck: np.random.Generator) -> NDArray[np.float64]:
    """Ten replications: one attempt of each device, and five more of one in a hundred and fifty."""
    return 1 + 5 * luck.poisson(devices / 150, 10) / devices


def test_means_to_which_all_contribute_hold_what_a_few_devices_with_many_attempts_make_of_them() -> None:
    """The gate keeps a sixth of the devices out, among them a few with many attempts, in most studies none or one."""
    luck, held = np.random.default_rng(21), 0
    for _ in range(300):
        kept, out = (attempts(devices, luck) for devices in (170, 30))
        both = [Measurement("attempts_per_started", float(each), one=1 / 170) for each in kept]
        all_ = [Measurement("attempts_per_started", float(170 * a + 30 * b) / 200, one=1 / 200)
                for a, b in zip(kept, out, strict=True)]  # fmt: skip
        low, high = measured_difference("attempts_per_started", all_, both, paired=True).interval() or (np.nan, np.nan)
        held += low <= 0 <= high
    assert held / 300 >= 0.93


def test_a_mean_that_differs_alike_in_all_pairs_keeps_its_narrow_interval() -> None:
    luck = np.random.default_rng(22)
    base = attempts(200, luck)
    less = base - 0.03 + 0.002 * luck.normal(size=10)
    both = [[Measurement("attempts_per_started", float(each), one=1 / 200) for each in run] for run in (base, less)]
    found = measured_difference("attempts_per_started", *both, paired=True)
    assert found == replace(paired_difference(*([run.value for run in each] for each in both)), most=found.most)
