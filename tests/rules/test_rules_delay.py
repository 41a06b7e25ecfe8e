import math

import numpy as np
import pytest

from fota_sim.rules.delay import delay_s, to_ms
from fota_sim.rules.rows import DELAY_CONSTANT, DELAY_LOGNORMAL, DELAY_NORMAL, DELAY_UNIFORM

ONE_SIGMA = 0.8413447460685429
"""The share of a normal distribution below its mean plus one deviation."""


@pytest.mark.parametrize(
    ("kind", "u", "seconds"),
    [
        (DELAY_CONSTANT, 0.9, 4.0),
        (DELAY_UNIFORM, 0.25, 4.0 + 0.25 * (6.0 - 4.0)),
        (DELAY_NORMAL, 0.5, 4.0),
        (DELAY_NORMAL, ONE_SIGMA, 4.0 + 6.0),
        (DELAY_LOGNORMAL, 0.5, 4.0),
        (DELAY_LOGNORMAL, ONE_SIGMA, 4.0 * math.exp(6.0)),
    ],
)
def test_a_delay_is_the_quantile_of_its_law_with_a_4_and_b_6(kind, u, seconds):
    row = np.array([99.0, 99.0, kind, 4.0, 6.0, 0.0, 1e9])  # the delay begins at its third place
    assert delay_s(row, 2, u) == pytest.approx(seconds, rel=1e-14)


@pytest.mark.parametrize("kind", [DELAY_UNIFORM, DELAY_NORMAL, DELAY_LOGNORMAL])
def test_a_drawn_delay_is_kept_within_its_bounds(kind):
    row = np.array([kind, 4.0, 6.0, 4.5, 5.0])
    assert delay_s(row, 0, 1e-9) == 4.5
    assert delay_s(row, 0, 0.999999) == 5.0


@pytest.mark.parametrize(
    ("seconds", "ms"),
    [
        (-1.0, 1),
        (0.0, 1),
        (0.0004, 1),
        (0.001, 1),
        (0.0014, 1),
        (0.0625, 63),  # half up
        (0.1875, 188),  # also where the even number is below
        (0.0624, 62),
        (1.0, 1000),
        (86_400.0, 86_400_000),
    ],
)
def test_seconds_become_whole_milliseconds_half_up_and_at_least_one(seconds, ms):
    assert to_ms(seconds) == ms
