"""The sequential test: exact figures against drawn ones, and Wald's approximation against both."""

from __future__ import annotations

import numpy as np
import pytest

from fota_sim.analysis.canary.sprt import Sprt, exact_course, wald_course

TEST = Sprt(0.01, 0.03, 0.05, 0.1)


@pytest.mark.parametrize("rate", [0.005, 0.01, 0.02, 0.03, 0.05])
def test_every_course_ends_one_way_or_another(rate: float) -> None:
    found = exact_course(TEST, rate, 500)
    assert found.stopped + found.cleared + found.undecided == pytest.approx(1.0)
    assert found.undecided > 0


def test_drawn_courses_agree_with_the_exact_one() -> None:
    random, runs, most = np.random.default_rng(5), 3000, 3000
    failed = np.cumsum(random.random((runs, most)) < 0.02, axis=1)
    seen = np.arange(1, most + 1)
    ratio = failed * TEST.failure_step + (seen - failed) * TEST.success_step
    over = (ratio >= TEST.upper) | (ratio <= TEST.lower)
    at = over.argmax(axis=1)
    stopped = (ratio[np.arange(runs), at] >= TEST.upper).mean()
    exact = exact_course(TEST, 0.02, most)
    assert abs(stopped - exact.stopped) < 4 * np.sqrt(0.25 / runs)
    assert abs((at + 1).mean() - exact.devices) < 4 * (at + 1).std() / np.sqrt(runs)


def test_walds_approximation_keeps_the_designed_error_rates() -> None:
    assert wald_course(TEST, 0.01).stopped == pytest.approx(0.05)
    assert wald_course(TEST, 0.03).cleared == pytest.approx(0.1)


@pytest.mark.parametrize("rate", [0.01, 0.018, 0.03])
def test_wald_is_near_the_exact_figures_and_sees_a_little_less(rate: float) -> None:
    exact, wald = exact_course(TEST, rate, 100_000), wald_course(TEST, rate)
    assert exact.undecided < 1e-9
    assert abs(exact.stopped - wald.stopped) < 0.05
    assert 0.75 * exact.devices < wald.devices < exact.devices


def test_walds_formula_has_its_limit_where_the_ratio_does_not_drift() -> None:
    balance = -TEST.success_step / (TEST.failure_step - TEST.success_step)
    here, beside = wald_course(TEST, balance), wald_course(TEST, balance * 1.0001)
    assert here.devices == pytest.approx(beside.devices, rel=1e-3)
    assert here.stopped == pytest.approx(beside.stopped, rel=1e-3)
