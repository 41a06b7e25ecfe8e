"""A try lasts `once`; of f failed ones each costs `once + recovery`, and after the seventh the module gives up."""

import math

import pytest
from rules_world import plain_radio

from fota_sim.rules import connection
from fota_sim.rules.connection import connect

HALF = -100.0
"""A signal at which every other try fails."""
ONCE_S, RECOVERY_S, RESUME_S = 10.0, 15.0, 3.0


def _radio(**positions: float):
    """Cold start 10 s, from sleep 3 s, 15 s to recover; p = 1/2 at -100 dBm."""
    delays = {"CONNECT_DELAY_1": ONCE_S, "RECOVERY_S": RECOVERY_S, "RESUME_S": RESUME_S}
    return plain_radio(**{**delays, "S50_DBM": HALF, **positions})


def test_the_constants_are_the_sdks():
    """QuecThing SDK 2.9.0: more than six failures reopen the network, after 30 minutes."""
    assert connection.TRIES == 6
    assert connection.REOPEN_S == 30 * 60


@pytest.mark.parametrize(
    ("u", "failed"),
    [
        (0.999, 0),
        (0.51, 0),
        (0.5, 1),  # f failed tries: u in (2^-(f+1), 2^-f]
        (0.26, 1),
        (0.25, 2),
        (2.0**-6, 6),
        (2.0**-7 * 1.01, 6),
    ],
)
def test_with_p_a_half_f_tries_fail_as_often_as_a_coin_falls_f_times(u, failed):
    assert connect(_radio(), HALF, False, 0.5, u) == (ONCE_S + failed * (ONCE_S + RECOVERY_S), True)
    assert connect(_radio(), HALF, True, 0.5, u) == (RESUME_S + failed * (RESUME_S + RECOVERY_S), True)


@pytest.mark.parametrize("u", [2.0**-7, 2.0**-8, 2.0**-50])
def test_the_seventh_failure_ends_it_and_no_eighth_is_tried(u):
    assert connect(_radio(), HALF, False, 0.5, u) == (7 * (ONCE_S + RECOVERY_S), False)
    assert connect(_radio(), HALF, True, 0.5, u) == (7 * (RESUME_S + RECOVERY_S), False)


@pytest.mark.parametrize("u", [2.0**-50, 0.5, 0.999])
def test_where_there_is_no_link_or_every_chunk_fails_every_try_fails(u):
    assert connect(_radio(S50_DBM=-1e9), -131.0, False, 0.5, u) == (7 * (ONCE_S + RECOVERY_S), False)
    assert connect(_radio(P_FLOOR=1.0), HALF, False, 0.5, u) == (7 * (ONCE_S + RECOVERY_S), False)


def test_a_cold_start_takes_the_quantile_of_its_delay_and_one_from_sleep_does_not_care():
    between = _radio(CONNECT_DELAY=1.0, CONNECT_DELAY_2=20.0, CONNECT_DELAY_4=math.inf)  # uniform, 10 to 20 s
    assert connect(between, HALF, False, 0.25, 0.9) == (12.5, True)
    assert connect(between, HALF, True, 0.25, 0.9) == (RESUME_S, True)
