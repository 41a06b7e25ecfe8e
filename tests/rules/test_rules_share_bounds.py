"""From where on a share is no simple fraction any more but its decimals."""

from fractions import Fraction

import pytest

from fota_sim.rules.share import exact, rounded_down, rounded_up


@pytest.mark.parametrize("denominator", [1, 3, 7, 999_983, 1_000_000])
def test_up_to_a_millionth_a_share_is_a_quotient(denominator):
    assert exact(1 / denominator) == Fraction(1, denominator)


@pytest.mark.parametrize("denominator", [1_000_003, 1_500_000, 7_000_001])
def test_beyond_it_is_the_decimals_that_are_written(denominator):
    assert exact(1 / denominator) == Fraction(repr(1 / denominator)).limit_denominator(10**18)


@pytest.mark.parametrize(
    ("share", "whole", "up", "down"), [(0.07, 100, 7, 7), (0.07, 101, 8, 7), (1.0, 5, 5, 5), (0.0, 5, 0, 0)]
)
def test_a_size_is_rounded_to_the_side_that_its_name_says(share, whole, up, down):
    assert (rounded_up(share, whole), rounded_down(share, whole)) == (up, down)
