"""Members are moved to what is to be believed of unknowns after something was seen."""

from __future__ import annotations

import numpy as np
import pytest

from fota_sim.analysis.forecast.moving import STEPS, Moved, moved

MEMBERS, UNKNOWNS = 100, 12
FOLLOWS = np.zeros((UNKNOWNS, 4))
FOLLOWS[0] = (6.0, 3.0, 0.0, 0.0)
FOLLOWS[1] = (0.0, 2.0, 2.0, -2.0)
"""How counts follow unknowns; ten of them they do not follow at all."""


def played(scores: np.ndarray, luck: np.random.Generator) -> np.ndarray:
    """Counts of rollouts with these unknowns, with luck of variance 1."""
    return np.asarray(scores @ FOLLOWS + luck.standard_normal((len(scores), FOLLOWS.shape[1])))


def learnt(seen: np.ndarray, luck: np.random.Generator, doubt: float = 0.0) -> tuple[np.ndarray, Moved]:
    """Members after all steps, each with its rollouts, and the last of these."""
    scores = luck.standard_normal((MEMBERS, UNKNOWNS))
    for times in STEPS:
        last = moved(
            scores, played(scores, luck), seen, luck=1.0, doubt=np.full(len(seen), doubt), times=times, draws=luck
        )
        scores = last.scores
    return scores, last


def test_what_was_seen_is_used_once_in_all() -> None:
    assert sum(1 / times for times in STEPS) == pytest.approx(1.0)


def test_members_are_what_bayes_makes_of_what_was_seen() -> None:
    luck = np.random.default_rng(3)
    truth = np.zeros((1, UNKNOWNS))
    truth[0, :2] = (1.2, -0.8)
    seen = played(truth, luck)[0]
    spread = np.linalg.inv(np.eye(UNKNOWNS) + FOLLOWS @ FOLLOWS.T)
    mean = spread @ FOLLOWS @ seen
    scores = np.concatenate([learnt(seen, np.random.default_rng(100 + k))[0] for k in range(20)])
    assert scores[:, :2].mean(axis=0) == pytest.approx(mean[:2], abs=0.12)
    assert scores[:, :2].std(axis=0) == pytest.approx(np.sqrt(np.diag(spread)[:2]), rel=0.3)


def test_what_no_count_follows_stays_as_wide_as_it_was() -> None:
    seen = np.array([8.0, 2.0, -1.0, 1.0])
    scores = np.concatenate([learnt(seen, np.random.default_rng(k))[0] for k in range(20)])
    assert scores[:, 2:].std(axis=0).mean() == pytest.approx(1.0, abs=0.06)
    assert np.abs(scores[:, 2:].mean(axis=0)).max() < 0.12


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    luck = np.random.default_rng(5)
    within = []
    for number in range(150):
        truth = luck.standard_normal((1, UNKNOWNS))
        scores, _ = learnt(played(truth, luck)[0], np.random.default_rng([7, number]))
        low, high = np.quantile(scores, [0.05, 0.95], axis=0)
        within.append((low < truth[0]) & (truth[0] < high))
    told, others = np.mean(within, axis=0)[:2], np.mean(within, axis=0)[2:]
    assert told == pytest.approx([0.9, 0.9], abs=0.08)
    assert others.mean() == pytest.approx(0.9, abs=0.03)


def test_the_more_the_model_is_doubted_the_less_is_learnt() -> None:
    seen = np.array([8.0, 2.0, -1.0, 1.0])
    sure, last = learnt(seen, np.random.default_rng(1))
    unsure, vague = learnt(seen, np.random.default_rng(1), doubt=30.0)
    assert sure[:, 0].std() < 0.5 * unsure[:, 0].std()
    assert last.followed[0] > vague.followed[0] > last.followed[2:].mean()
