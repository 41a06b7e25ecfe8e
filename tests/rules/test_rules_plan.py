"""What the plan engine decides for one device (docs/model.md, Offer and Hold after a refusal)."""

import pytest

from fota_sim.rules import codes, plan
from fota_sim.rules.host import UNKNOWN
from fota_sim.rules.lifecycle import ACTIVATED, DELETED, ENDED, SAVED, STATES, SUSPENDED, TERMINATED, UPGRADING
from fota_sim.rules.plan import LONG_AGO_MS, LOOK_AGAIN_MS, NEVER_AGAIN, NEVER_CONFIRMS, OFFER


def test_an_offer_is_no_cause_and_times_that_never_come_are_past_every_run():
    """40 bits of milliseconds are what an event's key holds: 34 years."""
    assert OFFER == codes.NO_CAUSE
    assert NEVER_AGAIN > 1 << 40
    assert LONG_AGO_MS <= -(1 << 40)
    assert NEVER_CONFIRMS < 0


@pytest.mark.parametrize(
    ("white", "black", "says"),
    [
        (True, False, OFFER),
        (False, False, codes.NOT_WHITELISTED),
        (True, True, codes.BLACKLISTED),
        (False, True, codes.BLACKLISTED),
    ],
)
def test_black_wins_over_white(white, black, says):
    assert plan.listed(white, black) == says


@pytest.mark.parametrize(
    ("state", "now_ms", "says"),
    [
        (ACTIVATED, 99, codes.WAITING),
        (ACTIVATED, 100, OFFER),
        (UPGRADING, 199, OFFER),
        (UPGRADING, 200, codes.PLAN_OVER),
        (ACTIVATED, 201, codes.PLAN_OVER),
        (SUSPENDED, 150, codes.PLAN_SUSPENDED),
        (SUSPENDED, 300, codes.PLAN_SUSPENDED),
        (SAVED, 150, codes.PLAN_OVER),
        (TERMINATED, 150, codes.PLAN_OVER),
        (ENDED, 150, codes.PLAN_OVER),
        (DELETED, 150, codes.PLAN_OVER),
    ],
)
def test_a_plan_from_100_to_200_serves_new_devices_in_between_while_it_is_alive(state, now_ms, says):
    assert plan.plan_open(state, now_ms, 100, 200) == says


GATE = [
    # enforced, offers unknown, too old, battery, signal: against 30 % and -95 dBm
    (True, True, False, 30, -95, OFFER),
    (True, True, False, 29, -95, codes.PLATFORM_LOW_BATTERY),
    (True, True, False, 30, -96, codes.PLATFORM_WEAK_SIGNAL),
    (True, True, False, 29, -96, codes.PLATFORM_LOW_BATTERY),
    (True, True, False, UNKNOWN, -95, OFFER),
    (True, True, False, 30, UNKNOWN, OFFER),
    (True, True, False, UNKNOWN, -96, codes.PLATFORM_WEAK_SIGNAL),
    (True, True, False, 29, UNKNOWN, codes.PLATFORM_LOW_BATTERY),
    (True, False, False, 30, -95, OFFER),
    (True, False, False, UNKNOWN, -95, codes.TELEMETRY_MISSING),
    (True, False, False, 30, UNKNOWN, codes.TELEMETRY_MISSING),
    (True, False, False, 29, UNKNOWN, codes.TELEMETRY_MISSING),
    (True, True, True, 29, -96, OFFER),  # what is too old is not known
    (True, False, True, 30, -95, codes.TELEMETRY_OLD),
    (False, False, True, 29, -96, OFFER),  # the device looks for itself
    (False, False, False, UNKNOWN, UNKNOWN, OFFER),
]


@pytest.mark.parametrize(("enforced", "offers_unknown", "too_old", "battery_pct", "signal_dBm", "says"), GATE)
def test_the_platforms_own_gate_compares_what_it_last_heard(
    enforced, offers_unknown, too_old, battery_pct, signal_dBm, says
):
    assert plan.gate(enforced, offers_unknown, too_old, battery_pct, signal_dBm, 30, -95) == says


@pytest.mark.parametrize(
    ("reported", "for_any", "is_source", "says"),
    [
        (True, True, False, OFFER),
        (True, False, True, OFFER),
        (True, False, False, codes.NOT_SOURCE_VERSION),
        (False, True, True, codes.NOT_REPORTED),
    ],
)
def test_a_package_is_for_any_version_or_for_its_sources(reported, for_any, is_source, says):
    assert plan.version_fits(reported, for_any, is_source) == says


REASONS = [
    # the order of docs/model.md, Offer
    ("on_list", codes.BLACKLISTED, codes.BLACKLISTED),
    ("cancelled", codes.BY_OPERATOR, codes.BY_OPERATOR),
    ("opened", codes.PLAN_SUSPENDED, codes.PLAN_SUSPENDED),
    ("under_way", True, codes.WAITING),
    ("versions", codes.NOT_REPORTED, codes.NOT_REPORTED),
    ("confirms_ms", 1001, codes.USER_NOT_CONFIRMED),
    ("gated", codes.TELEMETRY_MISSING, codes.TELEMETRY_MISSING),
]


def _withheld(**reasons):
    free = {"on_list": OFFER, "cancelled": OFFER, "opened": OFFER, "under_way": False, "versions": OFFER}
    free |= {"now_ms": 1000, "confirms_ms": 0, "gated": OFFER}
    return plan.withheld(*{**free, **reasons}.values())


@pytest.mark.parametrize("first", range(len(REASONS)))
def test_a_device_is_kept_from_the_plan_for_the_first_reason_that_holds(first):
    held = {name: value for name, value, _ in REASONS[first:]}
    assert _withheld(**held) == REASONS[first][2]


@pytest.mark.parametrize(
    ("confirms_ms", "says"),
    [(0, OFFER), (1000, OFFER), (1001, codes.USER_NOT_CONFIRMED), (NEVER_CONFIRMS, codes.USER_NOT_CONFIRMED)],
)
def test_who_has_to_confirm_is_offered_from_then_on(confirms_ms, says):
    assert _withheld(confirms_ms=confirms_ms) == says


@pytest.mark.parametrize(
    ("done", "given_up", "aborted", "late_counts", "taken"),
    [
        (False, False, False, False, True),
        (False, True, False, False, False),  # given up is the last word
        (False, False, True, False, False),
        (False, True, False, True, True),  # but where it is not
        (False, False, True, True, True),
        (True, False, False, True, False),  # nobody succeeds twice
        (True, False, False, False, False),
    ],
)
def test_a_success_that_is_reported_late_counts_where_the_system_lets_it(done, given_up, aborted, late_counts, taken):
    assert plan.takes_success(done, given_up, aborted, late_counts) == taken


@pytest.mark.parametrize(
    ("cancelled", "aborted"),
    [(codes.NO_CAUSE, False), (codes.BY_OPERATOR, False), (codes.BY_ABORT, True), (codes.BY_DEADLINE, True)],
)
def test_the_rollout_aborts_by_a_rule_or_a_deadline_and_the_operator_cancels(cancelled, aborted):
    assert plan.aborted(cancelled) == aborted
    assert (cancelled in codes.BY_ROLLOUT) == aborted


SETTLED = [
    # done, on a list, cancelled, given up, retries to come, plan, confirmed
    ({"done": True}, True),
    ({"on_list": codes.BLACKLISTED}, True),
    ({"cancelled": True}, True),
    ({"given_up": True}, True),
    ({"given_up": True, "retries_to_come": True}, False),
    ({"given_up": True, "retries_to_come": True, "state": ENDED}, False),
    ({}, False),
    ({"state": SUSPENDED}, False),
    ({"state": TERMINATED}, True),
    ({"state": ENDED}, True),
    ({"state": ENDED, "confirmed": True}, False),  # those that confirmed go on
    ({"done": True, "given_up": True, "retries_to_come": True}, True),
]


@pytest.mark.parametrize(("device", "settled"), SETTLED)
def test_a_device_is_settled_when_nothing_it_does_counts_any_more(device, settled):
    alive = {"done": False, "on_list": OFFER, "cancelled": False, "given_up": False, "retries_to_come": False}
    alive |= {"state": UPGRADING, "confirmed": False}
    assert plan.settled(*{**alive, **device}.values()) == settled


def _push_from(**device):
    free = {"pushed": True, "is_settled": False, "under_way": False, "now_ms": 10, "starts_ms": 0, "hold_ms": 0}
    free |= {"confirms_ms": 0, "again_ms": LONG_AGO_MS}
    return plan.push_from_ms(*{**free, **device}.values())


@pytest.mark.parametrize("reason", ["starts_ms", "hold_ms", "confirms_ms", "again_ms"])
def test_a_push_waits_for_the_last_of_what_it_has_to_wait_for(reason):
    assert _push_from() == 10
    assert _push_from(**{reason: 9}) == 10
    assert _push_from(**{reason: 99}) == 99


@pytest.mark.parametrize(
    "never",
    [
        {"pushed": False},
        {"is_settled": True},
        {"under_way": True},
        {"confirms_ms": NEVER_CONFIRMS},
        {"hold_ms": NEVER_AGAIN},
        {"hold_ms": NEVER_AGAIN + 1},
    ],
)
def test_nothing_is_pushed_to_who_is_not_to_be_pushed_to(never):
    assert _push_from(**never) == NEVER_AGAIN


@pytest.mark.parametrize(
    ("reason", "starts_ms", "confirms_ms", "retry_ms", "says"),
    [
        (codes.USER_NOT_CONFIRMED, 0, 100, 0, codes.USER_NOT_CONFIRMED),
        (codes.USER_NOT_CONFIRMED, 0, 99, 0, codes.TIME_RAN_OUT),
        (codes.USER_NOT_CONFIRMED, 0, plan.NEVER_CONFIRMS, 0, codes.USER_NOT_CONFIRMED),
        (codes.USER_NOT_CONFIRMED, 100, 5, 0, codes.USER_NOT_CONFIRMED),
        (codes.WAITING, 99, 0, 0, codes.TIME_RAN_OUT),
        (codes.WAITING, 100, 0, 0, codes.WAITING),
        (codes.WAITING, 0, 0, 100, codes.WAITING),  # for a retry
        (codes.PLAN_SUSPENDED, 0, 0, 0, codes.PLAN_SUSPENDED),
    ],
)
def test_what_was_waited_for_is_no_reason_any_more_once_it_has_come(reason, starts_ms, confirms_ms, retry_ms, says):
    """Before the end, at 100 ms."""
    assert plan.last_reason(reason, starts_ms, confirms_ms, retry_ms, 100) == says


def test_the_grid_says_when_to_look_again_and_ten_minutes_do_without_one():
    """The vendor's grid is ten minutes."""
    assert LOOK_AGAIN_MS == 10 * 60 * 1000
    assert (plan.repeat_ms(7), plan.repeat_ms(1), plan.repeat_ms(0)) == (0, 0, LOOK_AGAIN_MS)
    assert (plan.look_again_ms(7), plan.look_again_ms(1), plan.look_again_ms(0)) == (7, 1, LOOK_AGAIN_MS)


def test_a_plan_that_was_ended_is_over_and_one_that_is_suspended_is_not():
    over = {STATES[state] for state in range(len(STATES)) if plan.is_over(state)}
    assert {"terminated", "ended"} <= over
    assert not over & {"saved", "activated", "upgrading", "suspended"}


def test_a_hold_runs_from_the_offer_and_the_tick_after_it_is_meant():
    """Offered at 10:00 for 50 minutes: 10:50 exactly is still held, so the tick at 11:00 is the next."""
    assert plan.hold_until_ms(True, 1000, 50) == 1051
    assert plan.hold_until_ms(False, 1000, 50) == NEVER_AGAIN
