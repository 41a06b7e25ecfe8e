"""How many replications show a difference: as often as is said, and no more of them than that takes."""

import numpy as np
import pytest

from fota_sim.analysis.numbers.enough import replications_to_show
from fota_sim.analysis.numbers.paired import Difference, paired_difference
from fota_sim.analysis.numbers.rare_changes import RareChanges

COMPARISONS = 10


def shown(rate: float, count: int, studies: int, luck: np.random.Generator) -> float:
    """Share of studies of so many pairs that show it, where a pair has ``rate`` devices more in the mean."""
    more = luck.poisson(rate, (studies, count)).astype(float)
    return float(np.mean([paired_difference([0.0] * count, list(row), None, 1.0).shown(COMPARISONS) for row in more]))


@pytest.mark.parametrize("rate", [0.05, 0.2, 0.6, 2.0])
def test_so_many_show_a_rare_difference_in_four_studies_of_five_and_half_as_many_do_not(rate: float) -> None:
    rare = RareChanges(10 * rate, 0.0, 0.1, 0.1)
    seen = Difference(rate, (rate / 10) ** 0.5, 9.0, 0.5, "", rare=rare)
    needed = replications_to_show(seen, 10, COMPARISONS)
    assert needed is not None
    luck = np.random.default_rng(1)
    assert shown(rate, needed, 300, luck) >= 0.75
    assert shown(rate, max(needed // 2, 5), 300, luck) < 0.75


@pytest.mark.parametrize("distance", [0.1, 0.3, 1.0])
def test_so_many_show_a_difference_that_is_about_normal_in_four_studies_of_five(distance: float) -> None:
    needed = replications_to_show(Difference(distance, 1 / 10**0.5, 9.0, 0.5, ""), 10, COMPARISONS)
    assert needed is not None
    pairs = np.random.default_rng(2).normal(distance, 1.0, (400, needed))
    found = np.mean([paired_difference([0.0] * needed, list(row)).shown(COMPARISONS) for row in pairs])
    assert 0.74 <= found <= 0.9


def test_more_comparisons_and_changes_both_ways_take_more_and_what_is_not_there_is_never_shown() -> None:
    one_way = Difference(0.4, 0.2, 9.0, 0.2, "", rare=RareChanges(4.0, 0.0, 0.1, 0.1))
    both_ways = Difference(0.4, 0.28, 9.0, 0.2, "", rare=RareChanges(6.0, 2.0, 0.1, 0.1))
    needed = [replications_to_show(*each) for each in ((one_way, 10), (one_way, 10, 30), (both_ways, 10, 30))]
    assert None not in needed
    assert sorted(set(needed)) == needed
    assert replications_to_show(Difference(0.0, 0.3, 9.0, 1.0, ""), 10) is None
    assert replications_to_show(Difference(0.4, None, 0.0, None, "too rare to tell"), 10) is None
    assert replications_to_show(Difference(1e-6, 0.3, 9.0, 1.0, ""), 10) is None
