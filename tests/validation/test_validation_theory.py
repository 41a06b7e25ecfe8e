"""The formulas that the simulator is measured against are themselves right."""

import pytest
from queue_theory import erlang_b, m_d_1_shared, m_d_c, m_d_c_by_sums


@pytest.mark.parametrize("load", [0.1, 0.5, 0.9, 0.95])
def test_one_connection_waits_as_pollaczek_and_khinchine_say(load: float) -> None:
    assert m_d_c(load, 1) == pytest.approx((load, load / (2 * (1 - load))))


@pytest.mark.parametrize("servers", [1, 2, 4, 20])
@pytest.mark.parametrize("load", [0.3, 0.7, 0.9])
def test_two_ways_to_m_d_c_agree(load: float, servers: int) -> None:
    assert m_d_c(load * servers, servers) == pytest.approx(m_d_c_by_sums(load * servers, servers), rel=1e-7)


def test_erlang_b_has_the_values_of_its_recursion() -> None:
    blocked = 1.0
    for servers in range(1, 21):
        blocked = 18.0 * blocked / (servers + 18.0 * blocked)
        assert erlang_b(18.0, servers) == pytest.approx(blocked)


def test_sharing_with_nobody_else_is_being_alone() -> None:
    assert m_d_1_shared(1e-3) == pytest.approx((1.0, 1.0, 0.0), abs=0.03)
