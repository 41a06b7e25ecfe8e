"""What sleep in the network's terms comes to, before anything is run: how long a push waits, how long a battery lasts.

Closed forms (docs/sleep.md) over the rules that a run asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fota_sim.engines.contacts import contact_parameters
from fota_sim.engines.hardware import module_row, radio_row
from fota_sim.rules import battery, rows, sleep
from fota_sim.rules.delay import to_ms
from fota_sim.rules.labels import CHEMISTRIES
from fota_sim.scenario.fleet import Contact, Devices
from fota_sim.scenario.lint.facts import Facts, duration
from fota_sim.scenario.lint.timeouts import typical
from fota_sim.scenario.module import Module
from fota_sim.scenario.radio import Radio
from fota_sim.scenario.sleep import access_of

_YEAR_H = 8766.0
_SHELF_YEARS = 20.0
"""Longer lives are not told, for no cell is sold for more. General knowledge: data sheets of Li-SOCl2 say 10 to 20."""
_DAY_MIN = 1440.0


@dataclass(frozen=True)
class Sleeping:
    """A device that sleeps, as its timers have it."""

    mean_wait_s: float
    """From a push at any time until the module listens."""
    longest_wait_s: float
    drains_mA: float
    """Mean current of the module while nothing is upgraded."""
    capacity_mAh: float
    """Usable."""
    self_discharge_mA: float

    @property
    def life_years(self) -> float:
        """How long a full battery lasts."""
        return self.capacity_mAh / (self.drains_mA + self.self_discharge_mA) / _YEAR_H


def sleeping(devices: Devices, module: Module, radio: Radio) -> Sleeping:
    """What the timers of ``devices.contact.sleep`` come to for a typical device."""
    wait_s, longest_s = _wait_s(devices.contact, radio)
    cell = devices.battery or module.battery
    chemistry = CHEMISTRIES.index(cell.chemistry)
    temperature_C = typical(devices.temperature)
    usable_mAh = battery.usable_capacity_mAh(chemistry, typical(cell.capacity), temperature_C)
    fades_mA = battery.self_discharge_mA(cell.self_discharge, usable_mAh)
    return Sleeping(wait_s, longest_s, _drains_mA(devices.contact, module, radio), usable_mAh, fades_mA)


def _wait_s(contact: Contact, radio: Radio) -> tuple[float, float]:
    """Mean and longest time from a push at any time until the module listens."""
    asleep = contact.sleep
    assert asleep is not None
    access = access_of(radio.law)
    cycle_s = asleep.edrx or 0.0
    deaf_s = cycle_s - asleep.window_s(access)
    if asleep.t3412 is None or asleep.t3324 is None:
        return deaf_s * deaf_s / (2.0 * cycle_s), deaf_s
    taus, over_s = divmod(contact.every, asleep.t3412)
    gaps_s = [asleep.t3412] * int(taus) + ([over_s] if over_s > 0.0 else [])
    awake_s = radio.resume + radio.rtt[0] / radio.speed + asleep.linger_s(access)
    sleeps_s = [max(0.0, gap_s - awake_s) for gap_s in gaps_s]
    waited = sum(each * each / 2.0 + _listening_s2(asleep.t3324, deaf_s, cycle_s, each) for each in sleeps_s)
    return waited / sum(gaps_s), max(sleeps_s) + min(asleep.t3324, deaf_s)


def _listening_s2(active_s: float, deaf_s: float, cycle_s: float, sleeps_s: float) -> float:
    """Seconds waited by pushes in an active time with eDRX, one each second.

    They wait for a window, or past the last one for the next wake.

    ``deaf_s``: from one window to the next; ``sleeps_s``: how long the module sleeps after the active time.
    """
    if cycle_s == 0.0:
        return 0.0
    end_s = min(active_s, deaf_s)  # so late that there may be no window any more
    heard = end_s**3 / 6.0 + (active_s - end_s) * deaf_s**2 / 2.0
    missed = deaf_s * end_s**2 / 2.0 - end_s**3 / 3.0 + sleeps_s * (deaf_s * end_s - end_s**2 / 2.0)
    return (heard + missed) / cycle_s


def _drains_mA(contact: Contact, module: Module, radio: Radio) -> float:
    """Mean current: the floor, and what reports, TAUs and listening add to it; with eDRX alone its mean."""
    board, air = module_row("", module), radio_row("", radio)
    c = contact_parameters(contact, access_of(radio.law))
    floor_mA = float(board[rows.I_SLEEP_MA])
    if c.tau_ms == 0:
        there = contact.hours.minutes / _DAY_MIN if contact.pattern == "daily" else 1.0
        return there * sleep.paged_mA(board, c.edrx_ms, c.window_ms) + (1.0 - there) * floor_mA
    report_ms = to_ms(c.every_s)
    wakes = 1 + (report_ms - 1) // c.tau_ms
    charge_uC = sleep.tau_uC(air, board, c.inactivity_ms, c.active_ms, c.edrx_ms, c.window_ms)
    awake_ms = sleep.tau_ms(air, c.inactivity_ms, c.active_ms)
    trip_ms = 1000.0 * float(air[rows.ROUND_TRIP_S])  # a TAU's; a report's is in the time of listening
    trip_uC = trip_ms * (board[rows.I_IDLE_MA] + board[rows.I_RECEIVE_MA])
    extra_uC = wakes * (charge_uC - awake_ms * floor_mA) - (trip_uC - trip_ms * floor_mA)
    return float(floor_mA + extra_uC / report_ms)


def in_words(facts: Facts) -> Iterator[str]:
    """A line for each source of devices that sleep."""
    for _, devices, module, radio, _ in facts.parts():
        if devices.contact.sleep is None:
            continue
        found = sleeping(devices, module, radio)
        within = " in its hours" if devices.contact.pattern == "daily" else ""
        yield (
            f"{devices.name}: a push{within} waits {duration(found.mean_wait_s)} on average, "
            f"{duration(found.longest_wait_s)} at most; while nothing is upgraded the module draws "
            f"{_current(found.drains_mA)}, and a full battery of {found.capacity_mAh:,.0f} mAh lasts "
            f"{_years(found.life_years)} (with its self-discharge, without what else the device does)"
        )


def _current(value_mA: float) -> str:
    return f"{value_mA:.3g} mA" if value_mA >= 1.0 else f"{1000.0 * value_mA:.3g} uA"


def _years(years: float) -> str:
    if years > _SHELF_YEARS:
        return f"more than {_SHELF_YEARS:.0f} years"
    return f"{years:.2g} years" if years >= 2.0 else f"{years * 12.0:.2g} months"
