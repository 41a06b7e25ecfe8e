"""Whether devices share anything, and that each thing that they may share has its words."""

import pytest
from scenario_world import load

from fota_sim.rules import lifecycle
from fota_sim.scenario.sharing import shared

FREE = ("network.server.connections=null",)
ROLLOUTS = {
    "waves": "[{count: 3}, {}]",
    "rate": "{devices: 5, every: 1h}",
    "concurrency": "{devices: 3}",
    "cell_concurrency": "{devices: [3, 3, 3], unknown: 3}",
    "abort": "[{on: [download], share: 10%}]",
    "sequential": "{acceptable: 1%, unacceptable: 5%}",
    "timeouts.online": "1h",
}


def reason(*overrides, devices=100):
    return shared(load(overrides=overrides), devices)


def test_a_server_and_cells_without_limits_leave_nothing_to_share():
    assert reason(*FREE, "network.cells.enforce=false") == ""


def test_connections_are_shared_if_there_are_fewer_than_devices():
    overrides = ("network.cells.enforce=false", "network.server.connections=100")
    assert reason(*overrides, devices=100) == ""
    assert reason(*overrides, devices=101) == (
        "101 devices share the server's 100 connections (network.server.connections is not null)"
    )


def test_the_servers_egress_is_always_shared():
    assert "network.server.egress" in reason(*FREE, "network.server.egress=1Gbit/s", devices=1)


def test_cells_are_shared_where_the_radio_limits_them():
    assert "radio 'nb-iot' limits" in reason(*FREE)
    assert reason(*FREE, "fleet.groups[0].radio=wifi") == ""


@pytest.mark.parametrize("field", ROLLOUTS)
def test_whatever_in_a_rollout_looks_at_many_devices_is_shared(field):
    found = reason(*FREE, "network.cells.enforce=false", f"plan.rollout.{field}={ROLLOUTS[field]}")
    assert found.endswith(f"(plan.rollout.{field})")


@pytest.mark.parametrize(
    "field",
    [
        "retry=[{on: [download], count: 3}]",
        "budget={attempts: 3}",
        "penalty_box={failures: 2, lasts: 1h}",
        "timeouts.download=1h",
        "maintenance={hours: '01:00-05:00'}",
        "order=random",
        "late_joiners=never",
        "refusals=final",
    ],
)
def test_what_concerns_one_device_alone_is_not_shared(field):
    assert reason(*FREE, "network.cells.enforce=false", f"plan.rollout.{field}") == ""


def test_what_the_operator_does_is_not_shared_and_is_the_same_before_and_after_the_first_confirmation():
    actions = "[{at: 1h, do: suspend}, {at: 2h, do: resume}, {at: 3h, do: cancel, devices: {where: 'rssi < -90'}}]"
    assert reason(*FREE, "network.cells.enforce=false", f"plan.operator={actions}") == ""
    for action in lifecycle.ACTIONS:
        first, later = (lifecycle.next_state(state, action) for state in (lifecycle.ACTIVATED, lifecycle.UPGRADING))
        assert (first is None) == (later is None)
        assert first == later or (first, later) == (lifecycle.ACTIVATED, lifecycle.UPGRADING)
