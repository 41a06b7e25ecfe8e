"""Evidence that may be looked at at any time, against counting."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from fota_sim.analysis.numbers.always_valid import ALPHA, confidence_sequence, evidence, log_e_value, watched


def test_the_e_value_is_the_mixtures_likelihood_over_the_rates() -> None:
    # the beta-binomial of scipy has the binomial coefficient in it, and so has the binomial below
    mixture = stats.betabinom(50, 0.5, 0.5).pmf(4)
    assert math.exp(log_e_value(4, 50, 0.03)) == pytest.approx(mixture / stats.binom(50, 0.03).pmf(4))


@pytest.mark.parametrize(("failed", "devices"), [(0, 40), (3, 500), (40, 40), (17, 60)])
def test_the_interval_is_the_rates_that_are_not_spoken_against(failed: int, devices: int) -> None:
    rates = np.linspace(0.0005, 0.9995, 2000)
    kept = rates[[log_e_value(failed, devices, rate) < math.log(1 / ALPHA) for rate in rates]]
    low, high = confidence_sequence(failed, devices)
    assert low == pytest.approx(kept.min(), abs=0.001)
    assert high == pytest.approx(kept.max(), abs=0.001)


@pytest.mark.parametrize("rate", [0.01, 0.2])
def test_whoever_looks_after_every_device_is_misled_no_more_often_than_claimed(rate: float) -> None:
    luck = np.random.default_rng(5)
    misled = 0
    for _ in range(400):
        failed = np.cumsum(luck.random(400) < rate)
        misled += any(log_e_value(int(failed[n - 1]), n, rate) >= math.log(1 / ALPHA) for n in range(1, 401))
    assert misled / 400 <= ALPHA + 3 * math.sqrt(ALPHA * (1 - ALPHA) / 400)


def test_a_test_of_fixed_size_misleads_who_looks_again_and_again() -> None:
    """What this is for: the textbook's interval at each look does not hold."""
    luck = np.random.default_rng(5)
    misled = 0
    for _ in range(200):
        failed = np.cumsum(luck.random(400) < 0.2)
        misled += any(abs(failed[n - 1] / n - 0.2) > 1.96 * math.sqrt(0.2 * 0.8 / n) for n in range(10, 401))
    assert misled / 200 > 3 * ALPHA


def test_many_failures_are_shown_to_be_too_many_and_few_not() -> None:
    assert evidence(20, 200, 0.02).too_high
    assert evidence(1, 2000, 0.02).low_enough
    open_ = evidence(3, 100, 0.02)
    assert not open_.too_high
    assert not open_.low_enough


def test_devices_count_once_their_time_of_observation_is_over() -> None:
    begun = np.array([0.0, 0.0, 10.0, 95.0, np.nan])
    failed = np.array([20.0, 60.0, np.nan, 96.0, np.nan])
    # the second failed later than that, the fourth began just now: its quick failure would count, its success not yet
    assert watched(begun, failed, 100.0, 50.0) == (1, 3)


def test_early_looks_that_count_everybody_would_be_misled_and_these_are_not() -> None:
    """Failures hang for three hours, successes are reported at once; all begin at a steady pace."""
    luck = np.random.default_rng(3)
    begun = np.sort(luck.random(4000) * 100)
    fails = luck.random(4000) < 0.1
    failed_at = np.where(fails, begun + 30, np.nan)
    done_at = np.where(fails, failed_at, begun + 1)
    known = done_at <= 40
    naive = (known & fails).sum() / known.sum()
    failed, devices = watched(begun, np.where(failed_at <= 40, failed_at, np.nan), 40.0, 30.0)
    assert naive < 0.05
    assert failed / devices == pytest.approx(0.1, abs=0.03)
