"""Downloads that share a server behave as queueing theory says: a small part of docs/validation.py.

Seeds are fixed, so these tests never fail by luck. A 99.9 % interval over ten replications must contain the value of
theory, and must be narrow, or it would show nothing.
"""

from collections.abc import Callable

import pytest
from queue_theory import erlang_b, interval, m_d_1_shared, m_d_c
from queue_world import SERVICE_S, Measured, observe, queue

from fota_sim.scenario.model import Scenario

REPLICATIONS = 10
DEVICES = 10_000


def assert_close(scenario: Scenario, of: Callable[[Measured], float], theory: float, within: float) -> None:
    """The theory's value lies in an interval no wider than ``within`` of it either way."""
    values = [of(observe(scenario, replication)) for replication in range(REPLICATIONS)]
    mean, low, high = interval(values, confidence=0.999)
    assert high - low < 2 * within * theory, f"{low} to {high} says little about {theory}"
    assert low <= theory <= high, f"{mean} ({low} to {high}), not {theory}"


@pytest.mark.parametrize(("connections", "load", "within"), [(1, 0.7, 0.1), (4, 0.7, 0.15), (20, 0.9, 0.3)])
def test_mean_wait_in_line_is_that_of_m_d_c(connections: int, load: float, within: float) -> None:
    scenario = queue(load * connections, DEVICES, f"{{connections: {connections}, when_full: queue}}")
    theory = m_d_c(load * connections, connections)
    assert_close(scenario, lambda run: run.mean_wait, theory.mean, within)


def test_share_that_waits_is_that_of_m_d_c() -> None:
    scenario = queue(0.7 * 4, DEVICES, "{connections: 4, when_full: queue}")
    assert_close(scenario, lambda run: run.waits, m_d_c(0.7 * 4, 4).waits, 0.05)


@pytest.mark.parametrize("longest", [1.0, 9.0])
def test_share_turned_away_is_that_of_erlang_b_whatever_the_downloads_length(longest: float) -> None:
    mean = 1.0 if longest == 1.0 else 8.0 / 2.1972245773362196  # of exp(uniform over 0 .. ln 9)
    server = "{connections: 4, when_full: refuse}"
    scenario = queue(0.9 * 4 / mean, DEVICES, server, slowest_s=longest * SERVICE_S)
    assert_close(scenario, lambda run: run.turned_away, erlang_b(0.9 * 4, 4), 0.1)


def test_shared_egress_takes_as_long_as_processor_sharing() -> None:
    scenario = queue(0.7, DEVICES, "", segments=8, egress_alone=True)
    assert_close(scenario, lambda run: run.mean_download, m_d_1_shared(0.7).mean, 0.12)


def test_both_engines_queue_alike() -> None:
    scenario = queue(3.6, 300, "{connections: 4, when_full: queue}")
    assert observe(scenario, 0, "reference") == observe(scenario, 0)
