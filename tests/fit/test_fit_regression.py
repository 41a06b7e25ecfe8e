"""From trials to parameters, where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from fota_sim.learning.regression import followed, nearer, posterior


def world(luck: np.random.Generator, trials: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Statistics that follow two parameters along a plane, with luck of 0.3 and 0.1 that belongs together."""
    plane = np.array([[2.0, 0.0], [0.4, -1.5]])
    spread = np.array([[0.09, 0.015], [0.015, 0.01]])
    parameters = luck.uniform(-1, 1, (trials, 2))
    noise = luck.multivariate_normal(np.zeros(2), spread, trials)
    return parameters, 5.0 + parameters @ plane + noise, plane


def test_a_plane_is_turned_round_exactly() -> None:
    luck = np.random.default_rng(1)
    parameters, statistics, plane = world(luck, 4000)
    observed = 5.0 + np.array([0.2, -0.4]) @ plane
    draws = posterior(parameters, statistics, observed, 2000, luck)
    assert draws.mean(axis=0) == pytest.approx([0.2, -0.4], abs=0.02)
    back = np.linalg.inv(plane)
    exact = back.T @ np.array([[0.09, 0.015], [0.015, 0.01]]) @ back
    assert np.cov(draws.T) == pytest.approx(exact, abs=0.003)


def test_the_range_of_the_trials_leaves_no_trace() -> None:
    """What lies at the edge of where trials were drawn is not drawn inwards."""
    luck = np.random.default_rng(2)
    parameters, statistics, plane = world(luck, 4000)
    draws = posterior(parameters, statistics, 5.0 + np.array([1.3, 0.0]) @ plane, 1000, luck)
    assert draws[:, 0].mean() == pytest.approx(1.3, abs=0.03)


def test_intervals_of_few_trials_are_as_wide_as_few_trials_make_them() -> None:
    inside = []
    for seed in range(120):
        luck = np.random.default_rng(seed)
        parameters, statistics, plane = world(luck, 14)
        observed = 5.0 + luck.multivariate_normal(np.zeros(2), [[0.09, 0.015], [0.015, 0.01]])
        low, high = np.quantile(posterior(parameters, statistics, observed, 80, luck), [0.1, 0.9], axis=0)
        inside += ((low <= 0.0) & (high >= 0.0)).tolist()
    assert plane.shape == (2, 2)
    assert 0.7 < np.mean(inside) < 0.9  # of 240; two standard errors


def test_a_parameter_that_its_statistic_does_not_follow_is_found() -> None:
    luck = np.random.default_rng(4)
    parameters = luck.uniform(-1, 1, (300, 2))
    statistics = np.column_stack([parameters[:, 0], 0.05 * parameters[:, 1] + parameters[:, 0]])
    statistics += luck.normal(0, 0.2, statistics.shape)
    assert followed(parameters, statistics).tolist() == [True, False]


def test_trials_that_reach_no_further_than_luck_are_followed_by_wider_ones() -> None:
    """By the plane, luck of 0.3 makes 0.15 of the first parameter: three times that on both sides is looked at."""
    luck = np.random.default_rng(5)
    parameters, statistics, plane = world(luck, 2000)
    observed = 5.0 + np.array([0.2, -0.4]) @ plane
    centre, width = nearer(parameters, statistics, observed, np.zeros(2), np.array([1.0, 1.0]), 3.0)
    back = np.linalg.inv(plane)
    exact = back.T @ np.array([[0.09, 0.015], [0.015, 0.01]]) @ back
    assert centre == pytest.approx([0.2, -0.4], abs=0.03)
    assert width == pytest.approx(3.0 * np.sqrt(np.diagonal(exact)), rel=0.1)


def test_a_parameter_that_is_not_followed_yet_is_turned_further() -> None:
    luck = np.random.default_rng(6)
    parameters = np.array([1.0, 0.02]) * luck.uniform(-1, 1, (60, 2))
    statistics = parameters + luck.normal(0, 0.1, (60, 2))
    centre, width = nearer(parameters, statistics, np.array([0.3, 0.9]), np.zeros(2), np.array([1.0, 0.02]), 3.0)
    assert centre == pytest.approx([0.3, 0.0], abs=0.05)  # nowhere wild by a slope that is luck
    assert width == pytest.approx([0.3, 0.06], rel=0.2)


def test_answers_out_of_reach_are_gone_towards_in_steps() -> None:
    luck = np.random.default_rng(7)
    parameters, statistics, plane = world(luck, 200)
    centre, _ = nearer(parameters, statistics, 5.0 + np.array([9.0, 0.0]) @ plane, np.zeros(2), np.ones(2), 3.0)
    assert centre[0] == 1.0
