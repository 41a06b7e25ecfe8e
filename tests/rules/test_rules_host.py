"""The host: what it decides on an offer, how long it waits, and what it does when nothing comes."""

import pytest

from fota_sim.rules import codes, host
from fota_sim.rules.host import (
    ACCEPT,
    ASK,
    GIVE_UP_UPGRADE,
    KEEP_WATCH,
    LOW_BATTERY,
    READING_UNKNOWN,
    SLEEP,
    UNKNOWN,
    WAIT_ON,
    WEAK_SIGNAL,
    after_silence,
    cause_of,
    decide,
    waits_until_ms,
)
from fota_sim.rules.zone import FAR

BATTERY, SIGNAL = 30, -95
"""The plan's minimums."""


@pytest.mark.parametrize(
    ("battery_pct", "signal_dBm", "decision"),
    [
        (30, -95, ACCEPT),  # the minimum itself will do
        (29, -95, LOW_BATTERY),
        (30, -96, WEAK_SIGNAL),
        (29, -96, LOW_BATTERY),  # the battery is looked at first
        (100, -51, ACCEPT),
        (UNKNOWN, -95, READING_UNKNOWN),
        (30, UNKNOWN, READING_UNKNOWN),
        (29, UNKNOWN, LOW_BATTERY),
        (UNKNOWN, -96, READING_UNKNOWN),
    ],
)
def test_a_careful_host_accepts_from_both_minimums_on(battery_pct, signal_dBm, decision):
    assert decide(True, True, False, battery_pct, signal_dBm, BATTERY, SIGNAL) == decision


@pytest.mark.parametrize(
    ("battery_pct", "signal_dBm", "decision"),
    [
        (UNKNOWN, UNKNOWN, ACCEPT),
        (UNKNOWN, -96, WEAK_SIGNAL),
        (29, UNKNOWN, LOW_BATTERY),
        (30, UNKNOWN, ACCEPT),
    ],
)
def test_a_lenient_host_lets_pass_what_it_cannot_read_and_only_that(battery_pct, signal_dBm, decision):
    assert decide(True, True, True, battery_pct, signal_dBm, BATTERY, SIGNAL) == decision


@pytest.mark.parametrize("reading", [UNKNOWN, -200])
def test_a_host_does_not_mind_what_it_does_not_check(reading):
    assert decide(False, False, False, reading, reading, BATTERY, SIGNAL) == ACCEPT
    assert decide(True, False, False, 30, reading, BATTERY, SIGNAL) == ACCEPT
    assert decide(False, True, False, reading, -95, BATTERY, SIGNAL) == ACCEPT


@pytest.mark.parametrize("minimum", [0, -113])
def test_no_reading_is_mistaken_for_one_that_could_not_be_had(minimum):
    assert minimum > UNKNOWN
    assert decide(True, True, False, 0, -113, 0, -113) == ACCEPT


@pytest.mark.parametrize(
    ("decision", "cause"),
    [
        (ACCEPT, codes.NO_CAUSE),
        (LOW_BATTERY, codes.LOW_BATTERY),
        (WEAK_SIGNAL, codes.WEAK_SIGNAL),
        (READING_UNKNOWN, codes.READING_UNKNOWN),
    ],
)
def test_a_refusal_is_booked_under_its_reason(decision, cause):
    assert cause_of(decision) == cause


def test_decisions_and_steps_have_numbers_of_their_own():
    assert sorted((ACCEPT, LOW_BATTERY, WEAK_SIGNAL, READING_UNKNOWN)) == list(range(4))
    assert sorted((KEEP_WATCH, GIVE_UP_UPGRADE, SLEEP, ASK, WAIT_ON)) == list(range(5))


# It is 1,000 ms; the module last spoke at 400, the host last asked at 300.
NOW, HEARD, ASKED, PATIENCE, LINGER, EVERY = 1000, 400, 300, 5000, 70, 8000


def _waits(busy=False, online=True, wakes=False, asks=True, every=EVERY, patience=PATIENCE, heard=HEARD, asked=ASKED):
    return waits_until_ms(NOW, busy, online, wakes, asks, heard, asked, patience, LINGER, every)


@pytest.mark.parametrize(
    ("host_is", "until_ms"),
    [
        ({"busy": True}, HEARD + PATIENCE),
        ({"busy": True, "online": False, "wakes": True}, HEARD + PATIENCE),
        ({"busy": True, "patience": 1}, NOW + 1),  # not in the past
        ({"busy": True, "patience": NOW - HEARD}, NOW + 1),
        ({"busy": True, "patience": NOW - HEARD + 2}, NOW + 2),
        ({"online": False}, NOW + PATIENCE),
        ({"online": False, "wakes": True}, NOW + PATIENCE),
        ({"wakes": True}, NOW + LINGER),
        ({"wakes": True, "asks": False}, NOW + LINGER),
        ({}, ASKED + EVERY),
        ({"every": 5}, NOW + 1),
        ({"every": NOW - ASKED + 2}, NOW + 2),
        ({"every": 0}, FAR),  # it asks once a contact
        ({"asks": False}, FAR),
    ],
)
def test_a_host_waits_as_long_as_it_is_in_the_state_it_is_in(host_is, until_ms):
    assert _waits(**host_is) == until_ms


def _after(busy=False, online=True, wakes=False, asks=True, now=NOW, patience=PATIENCE):
    return after_silence(now, busy, online, wakes, asks, HEARD, patience)


@pytest.mark.parametrize(
    ("host_is", "does"),
    [
        ({"busy": True}, KEEP_WATCH),
        ({"busy": True, "now": HEARD + PATIENCE - 1}, KEEP_WATCH),
        ({"busy": True, "now": HEARD + PATIENCE}, GIVE_UP_UPGRADE),
        ({"busy": True, "now": HEARD + PATIENCE, "wakes": True}, GIVE_UP_UPGRADE),
        ({"wakes": True}, SLEEP),
        ({"wakes": True, "online": False}, SLEEP),
        ({}, ASK),
        ({"asks": False}, WAIT_ON),
        ({"online": False}, WAIT_ON),
    ],
)
def test_after_silence_it_gives_up_sleeps_asks_or_waits_on(host_is, does):
    assert _after(**host_is) == does


def test_an_unknown_reading_is_below_every_reading():
    """AT+CSQ ends at -113 dBm, and no Wi-Fi is heard below -120."""
    assert host.UNKNOWN < -500
