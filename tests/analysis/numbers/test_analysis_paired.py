"""Differences, their intervals, and many of them at once."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from fota_sim.analysis.numbers.paired import (
    holm,
    independent_difference,
    paired_difference,
    simultaneous_confidence,
)

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
        interval = paired_difference(first, second, events=sum(first) + sum(second)).interval()
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
