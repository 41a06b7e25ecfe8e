"""What the module does next, from the vendor's SDK as docs/model.md (Protocol) has it: each state, each branch."""

import pytest

from fota_sim.rules import codes, ota
from fota_sim.rules.ota import (
    BREAK_OFF,
    DOWNLOAD_ERROR,
    DOWNLOAD_START,
    DOWNLOAD_SUCCESS,
    DOWNLOADING,
    FAIL,
    NO_PLAN,
    NOTHING,
    PLAN_RECEIVED,
    REFUSED,
    SUBMITTED,
    SUCCEED,
    UPDATE_ERROR,
    UPDATE_MCU,
    UPDATE_SUCCESS,
    UPDATING,
)

STATES = {
    "no plan": NO_PLAN,
    "plan received": PLAN_RECEIVED,
    "submitted": SUBMITTED,
    "refused": REFUSED,
    "download start": DOWNLOAD_START,
    "downloading": DOWNLOADING,
    "download error": DOWNLOAD_ERROR,
    "download success": DOWNLOAD_SUCCESS,
    "updating": UPDATING,
    "success": UPDATE_SUCCESS,
    "error": UPDATE_ERROR,
}
UNDER_WAY = {"submitted", "download start", "downloading", "download success", "updating"}


def _where(predicate):
    return {name for name, state in STATES.items() if predicate(state)}


def test_states_are_the_status_that_they_report():
    assert list(STATES.values()) == [0, 1, 2, 3, 4, 5, 6, 8, 9, 11, 12]


def test_what_a_start_calls_for_has_different_numbers():
    assert sorted((NOTHING, SUCCEED, FAIL, BREAK_OFF, UPDATE_MCU)) == list(range(5))


def test_an_upgrade_is_under_way_from_the_answer_to_its_end():
    assert {state for state in range(13) if ota.is_under_way(state)} == {2, 4, 5, 8, 9}


def test_bytes_are_fetched_from_the_start_of_a_download_to_its_end():
    assert _where(ota.is_downloading) == {"download start", "downloading"}


def test_a_plan_is_taken_in_while_none_is_under_way_and_an_address_once_one_is_confirmed_or_forgotten():
    assert _where(ota.takes_plan) == {"no plan", "plan received"}
    assert _where(ota.takes_address) == {"no plan", "submitted"}


@pytest.mark.parametrize("is_mcu", [False, True])
@pytest.mark.parametrize("on_target", [False, True])
@pytest.mark.parametrize("saved", STATES)
def test_a_start_goes_on_from_the_state_that_was_saved(saved, on_target, is_mcu):
    if saved == "updating" and is_mcu:
        expected = (UPDATE_MCU, codes.NO_CAUSE)  # 7,10704 again, whatever the module itself runs
    elif saved in UNDER_WAY and on_target and not is_mcu:
        expected = (SUCCEED, codes.NO_CAUSE)
    elif saved == "updating":
        expected = (FAIL, codes.WRONG_VERSION)
    elif saved in UNDER_WAY:
        expected = (BREAK_OFF, codes.REBOOT_IN_DOWNLOAD)
    elif saved == "download error":
        expected = (BREAK_OFF, codes.DOWNLOAD_BROKE)
    else:
        expected = (NOTHING, codes.NO_CAUSE)
    assert ota.after_boot(STATES[saved], is_mcu, on_target) == expected


@pytest.mark.parametrize(
    ("usable", "is_mcu", "size_B", "free_B", "cause"),
    [
        (True, False, 1000, 1000, codes.NO_CAUSE),
        (True, False, 1001, 1000, codes.NO_SPACE),
        (True, True, 1001, 1, codes.NO_CAUSE),  # in pieces of what fits
        (True, True, 1001, 0, codes.NO_SPACE),
        (False, False, 1, 1000, codes.UNUSABLE_INFO),
        (False, True, 1001, 0, codes.UNUSABLE_INFO),
    ],
)
def test_an_address_fails_at_once_if_it_is_of_no_use_or_the_file_does_not_fit(usable, is_mcu, size_B, free_B, cause):
    assert ota.refused_address(usable, is_mcu, size_B, free_B) == cause


@pytest.mark.parametrize(
    ("free_B", "size_B", "start_B", "piece_B"), [(400, 1000, 0, 400), (400, 1000, 800, 200), (2000, 1000, 0, 1000)]
)
def test_a_piece_is_what_the_flash_holds_or_what_is_left(free_B, size_B, start_B, piece_B):
    assert ota.piece_size_B(free_B, size_B, start_B) == piece_B


def test_only_a_refused_connection_may_not_count():
    assert ota.counts(True, codes.CONNECTION_REFUSED)
    assert not ota.counts(False, codes.CONNECTION_REFUSED)
    assert ota.counts(True, codes.DOWNLOAD_BROKE)
    assert ota.counts(False, codes.DOWNLOAD_BROKE)


@pytest.mark.parametrize(("failures", "over"), [(4, False), (5, False), (6, True), (7, True)])
def test_with_five_tolerated_the_sixth_failure_ends_it(failures, over):
    assert ota.one_too_many(failures, 5) == over


ALLOWED = [
    # AT+QIOTUPDATE=, of an MCU, bytes left, the states that allow it
    (0, False, 0, {"plan received"}),
    (0, True, 0, {"plan received"}),
    (1, False, 0, {"plan received", "submitted"}),
    (1, True, 9, {"plan received", "submitted"}),
    (2, False, 9, set()),
    (2, True, 1, {"download success"}),
    (2, True, 0, set()),
    (3, False, 0, set()),
    (3, True, 0, {"download success", "updating"}),
    (3, True, 1, {"updating"}),
    (4, True, 0, set()),
    (-1, True, 1, set()),
]


@pytest.mark.parametrize(("action", "is_mcu", "rest_B", "states"), ALLOWED)
def test_an_answer_is_allowed_in_its_states_only(action, is_mcu, rest_B, states):
    assert _where(lambda state: ota.allows(state, action, is_mcu, rest_B)) == states


@pytest.mark.parametrize(
    ("start_B", "length_B", "readable_B"),
    [
        (100, 50, 50),
        (100, 200, 200),
        (100, 201, 200),
        (299, 10, 1),
        (300, 10, 0),  # past the piece
        (301, 10, 0),
        (99, 10, 0),  # before it
        (100, 0, 0),
        (100, -1, 0),
        (100, 1, 1),
    ],
)
def test_a_read_gives_what_lies_in_the_piece_of_200_bytes_from_100_on(start_B, length_B, readable_B):
    assert ota.readable_B(DOWNLOAD_SUCCESS, start_B, length_B, 100, 200) == readable_B


def test_a_read_gives_bytes_only_when_a_piece_is_there():
    assert _where(lambda state: ota.readable_B(state, 100, 50, 100, 200) > 0) == {"download success"}


@pytest.mark.parametrize("state", STATES)
def test_the_version_of_an_mcu_ends_the_upgrade_of_this_mcu_only(state):
    of_its_own = (SUCCEED, FAIL) if state in UNDER_WAY else (NOTHING, NOTHING)
    assert tuple(ota.after_mcu_version(STATES[state], True, True, on) for on in (True, False)) == of_its_own
    for is_mcu, is_component in ((True, False), (False, True), (False, False)):
        assert ota.after_mcu_version(STATES[state], is_mcu, is_component, True) == NOTHING


def test_the_module_finds_its_timers_and_refusals_by_itself_and_physics_is_told_where_it_happens():
    found = {cause for cause in range(codes.BY_ABORT + 1) if ota.found_by_module(cause)}
    assert found == {
        codes.NO_URL,
        codes.UNUSABLE_INFO,
        codes.NO_SPACE,
        codes.MCU_READ_TIMEOUT,
        codes.MCU_UPDATE_TIMEOUT,
        codes.MCU_UPDATE_FAILED,
    }
