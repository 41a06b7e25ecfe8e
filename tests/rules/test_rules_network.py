import math

import pytest

from fota_sim.rules.network import fair_share_bps, has_room


@pytest.mark.parametrize(("active", "share_bps"), [(0, 1e6), (1, 1e6), (2, 5e5), (8, 125_000.0)])
def test_the_servers_egress_is_shared_equally_by_those_who_download(active, share_bps):
    assert fair_share_bps(1e6, active) == share_bps


def test_a_server_without_a_limit_leaves_everybody_without_one():
    assert fair_share_bps(math.inf, 10_000) == math.inf


@pytest.mark.parametrize(
    ("active", "limit", "room"),
    [(0, 1.0, True), (1, 1.0, False), (2, 1.0, False), (0, 0.0, False), (9, math.inf, True)],
)
def test_a_place_is_there_while_fewer_than_the_limit_are_taken(active, limit, room):
    assert has_room(active, limit) == room
