"""Shares by class: none of n is an upper end, and a class of few devices leans on the others."""

from __future__ import annotations

import numpy as np
import pytest

from fota_sim.fit.rates import pooled, pooled_draws, share


def test_none_of_n_is_an_upper_end_near_three_over_n() -> None:
    found = share("all", 0, 3000)
    assert found.low == 0.0
    assert 0.0 < found.mean < found.high
    assert found.high == pytest.approx(1.92 / 3000, rel=0.01)  # one-sided, of Jeffreys' prior
    assert found.high < 3.0 / 3000


def test_all_of_n_is_a_lower_end() -> None:
    assert share("all", 20, 20).high == 1.0


def test_a_small_class_leans_on_the_others_and_a_large_one_does_not() -> None:
    found = pooled(["a", "b", "c", "small"], np.array([50, 48, 52, 2]), np.array([1000, 1000, 1000, 4]))
    rates = {rate.label: rate for rate in found}
    assert rates["small"].mean < 0.2  # alone it would be a half
    assert rates["a"].mean == pytest.approx(0.05, abs=0.005)
    alone = share("small", 2, 4)
    assert rates["small"].high - rates["small"].low < alone.high - alone.low


def test_classes_that_differ_keep_apart() -> None:
    good, bad = pooled(["good", "bad"], np.array([5, 300]), np.array([1000, 1000]))
    assert good.high < 0.02
    assert bad.low > 0.25


def test_pooled_draws_hold_the_truth_as_often_as_they_say() -> None:
    luck = np.random.default_rng(8)
    inside = []
    for _ in range(60):
        shares = luck.beta(4.0, 60.0, 6)
        n = luck.integers(20, 400, 6)
        draws = pooled_draws(luck.binomial(n, shares), n, 600, luck)
        low, high = np.quantile(draws, [0.1, 0.9], axis=0)
        inside += ((low <= shares) & (shares <= high)).tolist()
    assert 0.72 < np.mean(inside) < 0.88  # 360 of 80 %, two standard errors of clustered classes
