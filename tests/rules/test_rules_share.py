"""Shares are compared as the fractions that they stand for, with no rounding anywhere."""

from fractions import Fraction

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.rules import rollout
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.share import compare, exact, nearest, rounded_down, rounded_up
from fota_sim.scenario.units import RATIO

MOST = 1000
STEPS = range(1001)
"""Shares of 0 % to 100 % in steps of 0.1 %, in thousandths."""


def percent(thousandths):
    """As a scenario writes it."""
    return RATIO.parse(f"{thousandths // 10}.{thousandths % 10}%")


@pytest.mark.parametrize("thousandths", STEPS)
def test_a_percentage_stands_for_its_decimals(thousandths):
    assert exact(percent(thousandths)) == Fraction(thousandths, 1000)


@given(st.integers(1, 10**6).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_a_quotient_of_small_numbers_stands_for_itself(pair):
    part, whole = pair
    assert exact(part / whole) == Fraction(part, whole)


@given(st.floats(0.1, 1.0))
def test_any_other_float_stands_for_its_shortest_decimal(share):
    found = exact(share)
    assert float(found) == share
    assert found == Fraction(repr(share)) or found.denominator <= 10**6


def test_more_decimals_than_fit_a_word_are_rounded():
    assert exact(1.2345678901234567e-7).denominator <= 10**18
    assert exact(1e-300) == 0


@given(st.sampled_from(STEPS), st.integers(0, 10**6))
def test_the_nearest_number_is_within_a_half_and_the_larger_of_two(thousandths, whole):
    away = nearest(percent(thousandths), whole) - Fraction(thousandths, 1000) * whole
    assert -Fraction(1, 2) < away <= Fraction(1, 2)


COUNTS = st.integers(1, 2**31 - 1)


@given(COUNTS, COUNTS, st.integers(0, 10**18), st.integers(1, 10**18))
def test_two_limbs_compare_as_fractions_do(part, whole, numerator, denominator):
    above = compare(np.int64(part), np.int64(whole), np.int64(numerator), np.int64(denominator))
    difference = part * denominator - whole * numerator
    assert (above > 0, above == 0) == (difference > 0, difference == 0)


@given(COUNTS, st.integers(1, 10**18))
def test_the_smallest_differences_are_seen(whole, denominator):
    for part, numerator in ((whole, denominator), (0, 0)):
        assert compare(part, whole, numerator, denominator) == 0
    assert compare(whole, whole, denominator - 1, denominator) > 0
    assert compare(whole - 1, whole, denominator, denominator) < 0


def test_every_share_of_every_group_up_to_a_thousand_is_compared_exactly():
    """All k of n up to 1,000 against 0 to 100 % in steps of 0.1 %: 501 million comparisons of each kind."""
    compiled = numba.njit(compare)

    @numba.njit
    def wrong(numerators, denominators, most):
        found = 0
        for thousandths in range(len(numerators)):
            for whole in range(1, most + 1):
                for part in range(whole + 1):
                    above = compiled(part, whole, numerators[thousandths], denominators[thousandths])
                    right = part * 1000 - whole * thousandths
                    found += (above >= 0) != (right >= 0) or (above > 0) != (right > 0)
        return found

    shares = [exact(percent(thousandths)) for thousandths in STEPS]
    numerators = np.array([share.numerator for share in shares])
    denominators = np.array([share.denominator for share in shares])
    assert wrong(numerators, denominators, MOST) == 0
    assert wrong(numerators, denominators + (numerators > 0), 10) > 0  # it would be seen


@pytest.mark.parametrize("thousandths", STEPS[::7])
def test_sizes_are_rounded_up_or_down_exactly(thousandths):
    share = percent(thousandths)
    for whole in range(MOST + 1):
        assert rounded_up(share, whole) == -(-whole * thousandths // 1000)
        assert rounded_down(share, whole) == whole * thousandths // 1000


def judged(strict, failed, among, share):
    """What an abort rule of this share says of so many failures among so many released."""
    stops = np.zeros((1, rr.STOP), dtype=np.int64)
    stops[0, rr.KINDS] = 1 << rr.UPGRADE
    stops[0, [rr.COUNT, rr.STOP_SHARE_OF, rr.STRICT]] = -1, 1, strict
    stops[0, [rr.LIMIT, rr.LIMIT_OF]] = exact(share).as_integer_ratio()
    counts = np.zeros((2, rr.COUNTS), dtype=np.int64)
    counts[1, [rr.TARGETED, rr.DEVICES + rr.UPGRADE]] = among, failed
    return rollout.judge(stops, np.zeros((1, rr.LIMITS)), counts, 0, 0) == rollout.REJECTED


def opened(succeeded, group, share, quorum=0.0):
    """Whether so many successes of a group are enough for the next wave."""
    counts = np.zeros((2, rr.COUNTS), dtype=np.int64)
    counts[0, [rr.GROUP, rr.SUCCEEDED]] = group, succeeded
    goal = np.array([*exact(share).as_integer_ratio(), *exact(quorum).as_integer_ratio()], dtype=np.int64)
    return rollout.succeeded_enough(counts, 0, goal, 0)


@pytest.mark.parametrize("thousandths", STEPS[1:])
def test_rules_and_gates_meet_their_share_exactly(thousandths):
    share, fraction = percent(thousandths), Fraction(thousandths, 1000)
    for whole in (fraction.denominator, 7 * fraction.denominator, MOST, 999):
        near = whole * fraction.numerator // fraction.denominator
        for part in {max(0, near - 1), near, min(whole, near + 1)}:
            reached, above = Fraction(part, whole) >= fraction, Fraction(part, whole) > fraction
            assert judged(0, part, whole, share) == (part > 0 and reached)
            assert judged(1, part, whole, share) == above
            assert opened(part, whole, share) == opened(part, whole, 0.0, share) == reached
