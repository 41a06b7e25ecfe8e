"""Which variants are set aside, and how seldom one is that should not be."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from fota_sim.analysis.numbers.best import comparable, may_be_best, paired
from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.scenario.metrics import NOT_UPGRADED, STARTED_OF_FLEET

DEVICES = 1000.0
UPGRADED, FAILED = "outcome_upgraded", "outcome_failed"

Runs = Mapping[str, list[dict[str, Measurement]]]


def runs(counts: NDArray[np.int64], metric: str = UPGRADED, began: float = DEVICES, still: float = 0.0) -> Runs:
    """Variants ``v0``, ``v1``, ... of which ``counts[k]`` devices are counted; shape (variants, replications).

    ``still``: devices of each that are still at it.
    """
    return {f"v{k}": [_run(metric, float(count), began, still) for count in row] for k, row in enumerate(counts)}


def _run(metric: str, count: float, began: float, still: float) -> dict[str, Measurement]:
    return {
        metric: Measurement(metric, count / DEVICES, count, DEVICES),
        "failed_of_started": Measurement("failed_of_started", count / began, count, began),
        NOT_UPGRADED: Measurement(NOT_UPGRADED, (count + still) / began, count + still, began),
        STARTED_OF_FLEET: Measurement(STARTED_OF_FLEET, began / DEVICES, began, DEVICES),
    }


def best(found: Runs, metric: str = UPGRADED, more: bool = True) -> list[str]:
    return may_be_best(list(found), more, paired(found, metric))


def test_who_is_clearly_better_is_alone() -> None:
    rng = np.random.default_rng(1)
    luck = rng.integers(0, 30, 10)
    assert best(runs(np.array([700 + luck, 750 + luck + rng.integers(0, 3, 10), 600 + luck]))) == ["v1"]


def test_less_is_better_where_it_is() -> None:
    noise = np.random.default_rng(1).integers(0, 5, (2, 10))
    found = runs(np.array([[200], [100]]) + noise, FAILED)
    assert best(found, FAILED, more=False) == ["v1"]


def test_ties_are_ties() -> None:
    same = np.full((3, 10), 700)
    assert best(runs(same)) == ["v0", "v1", "v2"]


def test_one_replication_sets_nobody_aside() -> None:
    assert best(runs(np.array([[900], [100]]))) == ["v0", "v1"]


def test_the_same_difference_every_time_is_a_difference_but_not_of_a_handful_of_events() -> None:
    assert best(runs(np.array([[700] * 5, [600] * 5]))) == ["v0"]
    assert best(runs(np.array([[1] * 5, [0] * 5]))) == ["v0", "v1"]


@pytest.mark.parametrize("replications", [5, 10])
@pytest.mark.parametrize("variants", [2, 4, 12])
@pytest.mark.parametrize("rate", [2.0, 300.0])
def test_of_variants_that_are_alike_any_is_set_aside_in_at_most_5_of_100_comparisons(
    rate: float, variants: int, replications: int
) -> None:
    """Half of each variant's events are luck that all share. 0.05 and three standard errors of 300 comparisons."""
    rng, comparisons = np.random.default_rng(7), 300
    wrong = 0
    for _ in range(comparisons):
        shared = rng.poisson(rate / 2, replications)
        wrong += len(best(runs(shared + rng.poisson(rate / 2, (variants, replications))))) < variants
    assert wrong / comparisons <= 0.05 + 3 * (0.05 * 0.95 / comparisons) ** 0.5


def test_the_best_is_seldom_set_aside_where_there_is_one() -> None:
    rng, comparisons = np.random.default_rng(3), 300
    rates = np.array([[300.0], [297.0], [280.0], [240.0]])
    kept = 0
    for _ in range(comparisons):
        kept += "v0" in best(runs(rng.poisson(rates, (4, 10))))
    assert kept / comparisons >= 0.95


def test_harm_is_compared_as_it_is_only_where_about_equally_many_began() -> None:
    equal = runs(np.array([[50] * 5, [40] * 5]), FAILED)
    assert comparable(FAILED, equal) == FAILED
    stopped = dict(equal) | {"v1": runs(np.array([[40] * 5]), FAILED, began=200.0)["v0"]}
    assert comparable(FAILED, stopped) == "failed_of_started"
    assert comparable(UPGRADED, stopped) == UPGRADED


def test_failures_are_compared_with_those_that_are_still_at_it_where_variants_leave_unlike_numbers_of_them() -> None:
    fails = runs(np.array([[50] * 5]), FAILED)
    loops = runs(np.array([[5] * 5]), FAILED, still=40.0)
    assert comparable(FAILED, {"fails": fails["v0"], "loops": loops["v0"]}) == NOT_UPGRADED
    assert comparable("failed_of_started", {"fails": fails["v0"], "loops": loops["v0"]}) == NOT_UPGRADED
    few = runs(np.array([[46] * 5]), FAILED, still=4.0)
    assert comparable(FAILED, {"fails": fails["v0"], "few": few["v0"]}) == FAILED
    both = {name: runs(np.array([[40 + k] * 5]), FAILED, still=40.0)["v0"] for k, name in enumerate("ab")}
    assert comparable(FAILED, both) == FAILED
