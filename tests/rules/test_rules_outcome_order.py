"""The order of outcomes (docs/model.md, Outcomes): of what is true of a device, the first line says how it ended."""

import inspect

import pytest

from fota_sim.rules import codes, ota
from fota_sim.rules.outcome import (
    NO_UPDATE_REQUIRED,
    NOT_UPGRADED,
    UPGRADE_FAILED,
    UPGRADED,
    UPGRADING,
    outcome,
    phase,
)

ARGUMENTS = tuple(inspect.signature(outcome).parameters)
ORDER = [
    # what is true, how it ends
    ({"bricked": True, "failure": codes.POWER_LOST}, (codes.BRICKED, codes.POWER_LOST)),
    ({"was_on_target": True}, (codes.ALREADY_ON_TARGET, codes.NO_CAUSE)),
    ({"on_target": True}, (codes.UPGRADED, codes.NO_CAUSE)),
    ({"cancelled": codes.BY_OPERATOR}, (codes.CANCELLED, codes.BY_OPERATOR)),
    ({"on_list": codes.BLACKLISTED}, (codes.NOT_OFFERED, codes.BLACKLISTED)),
    ({"contacts": 0, "gone": True}, (codes.UNREACHABLE, codes.GONE_FOR_GOOD)),
    ({"contacts": 0, "lost": codes.LOST}, (codes.UNREACHABLE, codes.LOST)),
    ({"contacts": 0}, (codes.UNREACHABLE, codes.NEVER_IN_CONTACT)),
    ({"given_up": True, "rolled_back": True, "failure": codes.POWER_LOST}, (codes.ROLLED_BACK, codes.POWER_LOST)),
    ({"given_up": True, "failure": codes.POWER_LOST}, (codes.FAILED, codes.POWER_LOST)),
    ({"lost": codes.BATTERY_EMPTY}, (codes.UNREACHABLE, codes.BATTERY_EMPTY)),
    ({"phase": codes.UPDATING}, (codes.IN_PROGRESS, codes.UPDATING)),
    ({"refusal": codes.WEAK_SIGNAL}, (codes.REFUSED, codes.WEAK_SIGNAL)),
    ({"failure": codes.NO_URL, "plan_over": True, "rolled_back": True}, (codes.ROLLED_BACK, codes.NO_URL)),
    ({"failure": codes.NO_URL, "plan_over": True}, (codes.FAILED, codes.NO_URL)),
    ({"failure": codes.NO_URL}, (codes.IN_PROGRESS, codes.WAITING)),
    ({"offered": True, "plan_over": True}, (codes.FAILED, codes.PLAN_OVER)),
    ({"offered": True}, (codes.IN_PROGRESS, codes.NOT_ANSWERED)),
    ({"withheld": codes.TELEMETRY_MISSING}, (codes.NOT_OFFERED, codes.TELEMETRY_MISSING)),
    ({"plan_over": True}, (codes.NOT_OFFERED, codes.PLAN_OVER)),
    ({"withheld": codes.TIME_RAN_OUT}, (codes.NOT_OFFERED, codes.TIME_RAN_OUT)),
    ({"asks": True}, (codes.NOT_OFFERED, codes.TIME_RAN_OUT)),
    ({}, (codes.NOT_OFFERED, codes.HOST_NEVER_ASKS)),
]


def _ends(**true: object) -> tuple[int, int]:
    quiet = dict.fromkeys(ARGUMENTS, False) | dict.fromkeys(
        ("cancelled", "on_list", "lost", "failure", "phase", "refusal", "withheld"), codes.NO_CAUSE
    )
    return outcome(*{**quiet, "contacts": 1, **true}.values())


@pytest.mark.parametrize("place", range(len(ORDER)))
def test_a_device_ends_as_the_first_line_says_that_is_true_of_it(place):
    true, end = ORDER[place]
    assert _ends(**true) == end


@pytest.mark.parametrize("place", range(len(ORDER)))
def test_whatever_stands_further_below_changes_nothing(place):
    """Each line with one of those below it, but for those that only say more of the same."""
    true, end = ORDER[place]
    for below, _ in ORDER[place + 1 :]:
        more = {
            name: value
            for name, value in below.items()
            if name not in ("rolled_back", "plan_over", "contacts", "failure")
        }
        if not more.keys() & true.keys() and not ("contacts" in true and {"lost", "gone"} & more.keys()):
            assert _ends(**{**more, **true}) == end


PHASES = {
    ota.NO_PLAN: codes.WAITING,
    ota.PLAN_RECEIVED: codes.WAITING,
    ota.SUBMITTED: codes.WAITING,
    ota.REFUSED: codes.WAITING,
    ota.DOWNLOAD_START: codes.DOWNLOADING,
    ota.DOWNLOADING: codes.DOWNLOADING,
    ota.DOWNLOAD_ERROR: codes.WAITING,
    ota.DOWNLOAD_SUCCESS: codes.UPDATING,
    ota.UPDATING: codes.UPDATING,
    ota.UPDATE_SUCCESS: codes.WAITING,
    ota.UPDATE_ERROR: codes.WAITING,
}


@pytest.mark.parametrize(("state", "under_way"), PHASES.items())
def test_what_is_under_way_is_what_the_module_does_or_the_wait_of_who_confirmed(state, under_way):
    waits_or_nothing = codes.NO_CAUSE if under_way == codes.WAITING else under_way
    assert phase(True, state, True, False) == under_way
    assert phase(True, state, False, False) == waits_or_nothing
    assert phase(True, state, True, True) == waits_or_nothing
    assert phase(False, state, True, False) == codes.NO_CAUSE


def test_what_the_platform_believes_is_counted_in_the_vendors_order():
    assert (NOT_UPGRADED, UPGRADING, UPGRADED, UPGRADE_FAILED, NO_UPDATE_REQUIRED) == (0, 1, 2, 3, 4)
