"""What a module's upgrade does next (QuecThing SDK 2.9.0): decisions on small integers.

No numba here, so that the protocol may use them and still start fast; the compiled engine compiles them as they stand.
"""

from __future__ import annotations

from fota_sim.rules import codes

NO_PLAN, PLAN_RECEIVED, SUBMITTED, REFUSED, DOWNLOAD_START, DOWNLOADING, DOWNLOAD_ERROR = 0, 1, 2, 3, 4, 5, 6
DOWNLOAD_SUCCESS, UPDATING, UPDATE_SUCCESS, UPDATE_ERROR = 8, 9, 11, 12
"""Where an upgrade stands; also the status that is reported upstream."""

NOTHING, SUCCEED, FAIL, BREAK_OFF, UPDATE_MCU = range(5)
"""What a start or a version calls for."""


def is_downloading(state: int) -> bool:
    """Whether bytes are being fetched."""
    return state in (DOWNLOAD_START, DOWNLOADING)


def is_under_way(state: int) -> bool:
    """Whether an upgrade has been confirmed and has not ended."""
    return state in (SUBMITTED, DOWNLOAD_START, DOWNLOADING, DOWNLOAD_SUCCESS, UPDATING)


def after_boot(saved: int, is_mcu: bool, on_target: bool) -> tuple[int, int]:
    """What to do at a start with the state ``saved``, and the cause if that is a failure.

    ``on_target``: the module's own firmware is the target of its own upgrade.
    """
    if saved == UPDATING and is_mcu:
        return UPDATE_MCU, codes.NO_CAUSE
    if is_under_way(saved):
        if on_target and not is_mcu:
            return SUCCEED, codes.NO_CAUSE
        if saved == UPDATING:
            return FAIL, codes.WRONG_VERSION
        return BREAK_OFF, codes.REBOOT_IN_DOWNLOAD
    if saved == DOWNLOAD_ERROR:
        return BREAK_OFF, codes.DOWNLOAD_BROKE
    return NOTHING, codes.NO_CAUSE


def takes_plan(state: int) -> bool:
    """Whether a plan that arrives is taken in."""
    return state in (NO_PLAN, PLAN_RECEIVED)


def takes_address(state: int) -> bool:
    """Whether a download address that arrives is acted on."""
    return state in (NO_PLAN, SUBMITTED)


def refused_address(usable: bool, is_mcu: bool, size_B: int, free_B: int) -> int:
    """NO_CAUSE, or why a download address fails at once. An MCU's file comes in pieces and needs little room."""
    if not usable:
        return codes.UNUSABLE_INFO
    if free_B < (1 if is_mcu else size_B):
        return codes.NO_SPACE
    return codes.NO_CAUSE


def piece_size_B(free_B: int, size_B: int, start_B: int) -> int:
    """How much of a file is fetched from ``start_B`` on: what the flash holds."""
    return min(free_B, size_B - start_B)


def counts(refusal_counts: bool, cause: int) -> bool:
    """Whether a broken download is one of those that end the upgrade when they are too many."""
    return refusal_counts or cause != codes.CONNECTION_REFUSED


def one_too_many(failures: int, tolerated: int) -> bool:
    """Whether this many broken downloads end the upgrade."""
    return failures > tolerated


def allows(state: int, action: int, is_mcu: bool, rest_B: int) -> bool:
    """Whether ``AT+QIOTUPDATE=<action>`` is allowed; ``rest_B`` of an MCU's file are still to be fetched."""
    if action == 0:
        return state == PLAN_RECEIVED
    if action == 1:
        return state in (PLAN_RECEIVED, SUBMITTED)
    if not is_mcu:
        return False
    if action == 2:
        return state == DOWNLOAD_SUCCESS and rest_B > 0
    return action == 3 and (state == UPDATING or (state == DOWNLOAD_SUCCESS and rest_B == 0))


def readable_B(state: int, start_B: int, length_B: int, piece_start_B: int, piece_B: int) -> int:
    """How many bytes ``AT+QIOTOTARD=<start>,<length>`` gives; 0 means ERROR."""
    if state != DOWNLOAD_SUCCESS or length_B <= 0 or start_B < piece_start_B:
        return 0
    return max(0, min(length_B, piece_start_B + piece_B - start_B))


def after_mcu_version(state: int, is_mcu: bool, is_component: bool, on_target: bool) -> int:
    """What the version of an MCU, as the host says it, does to the upgrade that runs: it ends that of this MCU."""
    if not is_mcu or not is_component:
        return NOTHING
    if not is_under_way(state):
        return NOTHING
    return SUCCEED if on_target else FAIL


def found_by_module(cause: int) -> bool:
    """Whether the state machine finds this failure by itself; the others are physics, noted where they happen."""
    return cause in codes.FOUND_BY_MODULE
