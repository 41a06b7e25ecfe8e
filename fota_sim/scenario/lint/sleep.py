"""Timers of PSM and eDRX that the radio does not have, or that do not fit each other or the plan."""

from __future__ import annotations

from collections.abc import Iterator

from fota_sim.scenario.document import Key
from fota_sim.scenario.fleet import Devices
from fota_sim.scenario.lint.facts import ROLLOUT, Facts, Finding, duration
from fota_sim.scenario.radio import Radio
from fota_sim.scenario.sleep import Sleep, access_of, cycles, known, nearest, windows
from fota_sim.scenario.units import DURATION

_CALLED = {"nb-iot": "over NB-IoT", "lte": "over LTE and LTE-M"}


def _asleep(facts: Facts) -> Iterator[tuple[Key, Devices, Radio, Sleep]]:
    for path, devices, _, radio, _ in facts.parts():
        if devices.contact.sleep is not None:
            yield (*path, "contact", "sleep"), devices, radio, devices.contact.sleep


def of_another_radio(facts: Facts) -> Iterator[Finding]:
    """Cycles and windows that there are, but not for this radio; or a radio that has neither PSM nor eDRX."""
    for where, devices, radio, sleep in _asleep(facts):
        if {"module", "radio"} & set(devices.mapped):
            continue
        if radio.law == "mcs":
            yield where, "a Wi-Fi module has neither PSM nor eDRX; leave sleep out, and say when it is there by pattern"
            continue
        access = access_of(radio.law)
        for name, value, values in (
            ("edrx", sleep.edrx, cycles(access)),
            ("paging_window", sleep.paging_window, windows(access)),
        ):
            if value is not None and not known(value, values):
                what = "eDRX cycle" if name == "edrx" else "paging time window"
                message = f"there is no {what} of {DURATION.format(value)} {_CALLED[access]}; the nearest: "
                yield (*where, name), message + nearest(value, values)


def never_paged(facts: Facts) -> Iterator[Finding]:
    """Active times in which no paging window need begin."""
    for where, _, radio, sleep in _asleep(facts):
        if sleep.t3324 is None or sleep.edrx is None:
            continue
        gap_s = sleep.edrx - sleep.window_s(access_of(radio.law))
        if gap_s > sleep.t3324:
            message = (
                f"between paging windows lie {duration(gap_s)}, and the module listens for {duration(sleep.t3324)} "
                "before it sleeps: what comes after the connection is released may find no window. Make t3324 as long "
                "as the cycle, or leave edrx out"
            )
            yield (*where, "edrx"), message


def asleep_before_the_answer(facts: Facts) -> Iterator[Finding]:
    """Devices that wake, and sleep again before anything that is sent to them can be there."""
    for path, devices, _, radio, _ in facts.parts():
        contact, trip_s = devices.contact, radio.rtt[0] / radio.speed
        if contact.pattern != "wake" or {"module", "radio"} & set(devices.mapped):
            continue
        waits_s = contact.linger if contact.sleep is None else contact.sleep.linger_s(access_of(radio.law))
        if waits_s < trip_s:
            message = (
                f"these devices sleep {duration(waits_s)} after the last word, and what is sent to them takes "
                f"{duration(trip_s)}: no plan and no address reaches them"
            )
            if contact.sleep is None:
                yield (*path, "contact", "linger"), f"{message}. Make it longer"
            else:
                yield (*path, "contact", "sleep"), f"{message}. Make inactivity or t3324 longer"


def given_up_asleep(facts: Facts) -> Iterator[Finding]:
    """Waits for an answer that a module in eDRX may not even have heard the question of."""
    limit_s = facts.rollout.timeouts.ack
    for _, devices, radio, sleep in _asleep(facts) if limit_s is not None else ():
        gap_s = 0.0 if sleep.edrx is None else sleep.edrx - sleep.window_s(access_of(radio.law))
        if limit_s is not None and gap_s >= limit_s:
            message = (
                f"{devices.name} hear nothing for up to {duration(gap_s)} (eDRX), and {duration(limit_s)} without an "
                "answer is a failure; make it longer"
            )
            yield (*ROLLOUT, "timeouts", "ack"), message


def not_kept_for_long(facts: Facts) -> Iterator[Finding]:
    """Pushes that are dropped before most sleepers can hear them."""
    for where, devices, _, sleep in _asleep(facts) if facts.scenario.plan.push else ():
        if sleep.t3412 is None or sleep.keeps_downlinks is None:
            continue
        sleeps_s = min(sleep.t3412, devices.contact.every)
        if 2.0 * sleep.keeps_downlinks < sleeps_s:
            message = (
                f"a push is kept for {duration(sleep.keeps_downlinks)}, and these devices sleep for up to "
                f"{duration(sleeps_s)}: most never hear it. Let the host ask (hosts."
                f"{devices.host}.asks), or push at all hours"
            )
            yield (*where, "keeps_downlinks"), message
