import pytest
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.rules import lifecycle
from fota_sim.rules.lifecycle import ACTIONS, DELETED, ENDED, SAVED, STATES, SUSPENDED, TERMINATED, UPGRADING

ALLOWED = {
    "saved": {"activate", "edit", "delete"},
    "activated": {"suspend", "terminate", "cancel", "retry", "open_wave", "change_rate"},
    "upgrading": {"suspend", "terminate", "cancel", "retry", "open_wave", "change_rate"},
    "suspended": {"resume", "terminate", "cancel", "open_wave", "change_rate"},
    "terminated": set(),
    "ended": set(),
    "deleted": set(),
}


@pytest.mark.parametrize("state", range(len(STATES)))
def test_a_state_allows_what_the_vendors_pages_say_and_waves_besides(state):
    allowed = {action for action in ACTIONS if lifecycle.next_state(state, action) is not None}
    assert allowed == ALLOWED[STATES[state]]


LEADS_TO = {
    ("saved", "edit"): "saved",
    ("saved", "activate"): "activated",
    ("saved", "delete"): "deleted",
    ("activated", "suspend"): "suspended",
    ("activated", "terminate"): "terminated",
    ("upgrading", "suspend"): "suspended",
    ("upgrading", "terminate"): "terminated",
    ("suspended", "resume"): "upgrading",
    ("suspended", "terminate"): "terminated",
}


@pytest.mark.parametrize("state", STATES)
def test_an_action_leads_where_the_vendors_pages_say_and_those_on_devices_and_waves_nowhere(state):
    for action in ALLOWED[state]:
        after = lifecycle.next_state(STATES.index(state), action)
        assert STATES[after] == LEADS_TO.get((state, action), state)


def test_the_older_console_deletes_what_has_stopped():
    for state in (TERMINATED, ENDED):
        assert lifecycle.next_state(state, "delete", lifecycle.STOP_THEN_DELETE) == DELETED
    assert lifecycle.next_state(UPGRADING, "delete", lifecycle.STOP_THEN_DELETE) is None


def test_suspending_and_resuming_leads_back_to_upgrading():
    assert lifecycle.next_state(UPGRADING, "suspend") == SUSPENDED
    assert lifecycle.next_state(SUSPENDED, "resume") == UPGRADING


@given(st.lists(st.sampled_from(ACTIONS), max_size=12))
def test_no_sequence_of_actions_leaves_a_terminated_or_deleted_plan(actions):
    state = SAVED
    for action in actions:
        after = lifecycle.next_state(state, action)
        assert after is None or state not in (TERMINATED, DELETED)
        state = state if after is None else after
    assert 0 <= state < len(STATES)


def test_a_refusal_says_what_would_do():
    told = lifecycle.refusal(SUSPENDED, "edit")
    allowed = "resume or terminate or cancel or open_wave or change_rate"
    assert told == f"a plan that is suspended cannot edit; it allows {allowed}"
    assert "view only" in lifecycle.refusal(ENDED, "resume")
