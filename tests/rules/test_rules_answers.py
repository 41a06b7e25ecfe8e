"""What the platform makes of answers that come late, twice or never, and why a device has no offer."""

import pytest

from fota_sim.rules import codes, ota, plan
from fota_sim.rules.lifecycle import ACTIVATED, DELETED, ENDED, SUSPENDED, TERMINATED, UPGRADING
from fota_sim.rules.link import progress_due, progress_heard_ms
from fota_sim.rules.plan import LONG_AGO_MS, NEVER_CONFIRMS

MIN = 60_000


@pytest.mark.parametrize("state", [TERMINATED, ENDED, DELETED])
def test_a_plan_that_is_over_settles_who_has_not_confirmed_deleted_or_not(state):
    assert plan.is_over(state)
    assert plan.settled(False, plan.OFFER, False, False, False, state, False)
    assert not plan.settled(False, plan.OFFER, False, False, False, state, True)


@pytest.mark.parametrize("state", [ACTIVATED, UPGRADING, SUSPENDED])
def test_a_plan_that_may_go_on_settles_nobody(state):
    assert not plan.is_over(state)
    assert not plan.settled(False, plan.OFFER, False, False, False, state, False)


@pytest.mark.parametrize("state", [ota.PLAN_RECEIVED, ota.SUBMITTED, ota.REFUSED])
def test_nobody_begins_when_the_plan_is_over(state):
    assert plan.takes_status(state, False, False)
    assert not plan.takes_status(state, False, True)
    assert plan.takes_status(state, True, True) == (state != ota.PLAN_RECEIVED)


@pytest.mark.parametrize("over", [False, True])
def test_an_old_offer_is_no_step_back_for_who_has_confirmed(over):
    assert not plan.takes_status(ota.PLAN_RECEIVED, True, over)


@pytest.mark.parametrize("state", [ota.DOWNLOAD_START, ota.DOWNLOADING, ota.UPDATING, ota.UPDATE_ERROR])
def test_only_who_has_confirmed_makes_progress_or_fails(state):
    assert plan.takes_status(state, True, True)
    assert not plan.takes_status(state, False, False)


def test_success_counts_whenever_it_comes():
    assert plan.takes_status(ota.UPDATE_SUCCESS, False, True)


def test_an_address_that_never_comes_because_the_plan_is_over_is_booked_under_that():
    assert plan.failed_by(codes.NO_URL, False, True) == codes.PLAN_OVER
    assert plan.failed_by(codes.NO_URL, True, True) == codes.NO_URL
    assert plan.failed_by(codes.NO_URL, False, False) == codes.NO_URL
    assert plan.failed_by(codes.NO_SPACE, False, True) == codes.NO_SPACE


def test_the_vendors_example_holds_with_and_without_repetitions():
    """Offered at 10:00, refused at 10:10, effective period 50 min: pushed again at 11:00."""
    first = plan.first_open_ms(LONG_AGO_MS, 600 * MIN)
    again = plan.first_open_ms(first, 610 * MIN)
    for open_ms, offered_ms in ((first, 600 * MIN), (again, 610 * MIN)):
        until_ms = plan.hold_until_ms(True, plan.answered_ms(open_ms, offered_ms), 50 * MIN)
        assert until_ms == 650 * MIN + 1
        assert -(-until_ms // (10 * MIN)) * 10 == 660


def test_an_answer_to_an_offer_that_was_under_way_when_the_last_was_answered_means_that_one():
    assert plan.answered_ms(LONG_AGO_MS, 620 * MIN) == 620 * MIN


def why(now=0, from_=0, tick=5, starts=0, confirms=0, grid=10, has_period=False):
    return plan.until_push(now * MIN, from_ * MIN, tick * MIN, starts * MIN, confirms, grid * MIN, has_period)


def test_what_a_push_waits_for_is_named():
    assert why() == codes.TIME_RAN_OUT
    assert why(confirms=NEVER_CONFIRMS) == codes.USER_NOT_CONFIRMED
    assert why(confirms=1) == codes.USER_NOT_CONFIRMED
    assert why(starts=3, from_=3) == codes.WAITING
    assert why(tick=9) == codes.TIME_RAN_OUT
    assert why(tick=10, has_period=True) == codes.OUTSIDE_PUSH_PERIOD
    assert why(tick=10) == codes.OUTSIDE_WINDOW
    assert why(tick=0, grid=0, has_period=True) == codes.TIME_RAN_OUT
    assert why(tick=1, grid=0, has_period=True) == codes.OUTSIDE_PUSH_PERIOD


def test_who_was_not_there_at_a_push_slept_unless_there_is_another_reason():
    for reason in (codes.NO_CAUSE, codes.TIME_RAN_OUT, codes.WAITING, codes.USER_NOT_CONFIRMED):
        assert plan.missed_push(reason) == codes.ASLEEP
    for reason in (codes.OUTSIDE_PUSH_PERIOD, codes.PLATFORM_LOW_BATTERY, codes.ASLEEP):
        assert plan.missed_push(reason) == reason


@pytest.mark.parametrize("elapsed_ms", [0, 1, 4_999, 5_000, 5_001, 12_345_678])
def test_the_last_progress_that_is_heard_is_the_last_that_will_have_been_said(elapsed_ms):
    began_ms, interval_ms = 1_000, 5_000
    said_ms = [began_ms + k * interval_ms for k in range(progress_due(elapsed_ms, interval_ms))]
    assert progress_heard_ms(began_ms, began_ms + elapsed_ms, interval_ms) == said_ms[-1]
