"""Hours that never come: the clocks are put forward over them, no day of theirs does, or no tick of the grid does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from fota_sim.scenario.document import Key
from fota_sim.scenario.lint.facts import Facts, Finding, duration
from fota_sim.scenario.lint.spans import EVERY_DAY, openings
from fota_sim.scenario.lint.windows import maintenance_of, plan_zone, whose_zones
from fota_sim.scenario.maintenance import Maintenance, days_in_words
from fota_sim.scenario.start import comes_twice, shown_by_the_clocks
from fota_sim.scenario.window import Window, write
from fota_sim.scenario.zones import odd_zone


def zones_turned_round(facts: Facts) -> Iterator[Finding]:
    """Zones whose names say another offset than people read in them."""
    scenario = facts.scenario
    named: list[tuple[Key, str | None]] = [(("time_zone",), scenario.time_zone)]
    named.append((("plan", "time_zone"), scenario.plan.time_zone))
    named += [((*where, "zone"), window.zone) for where, window in maintenance_of(facts)]
    for path, devices in scenario.fleet.placed():
        named += [((*path, "time_zone"), zone) for zone in devices.time_zone or ()]
    for where, zone in named:
        wrong = odd_zone(zone) if zone else ""
        if wrong:
            yield where, wrong


def start_comes_twice(facts: Facts) -> Iterator[Finding]:
    """A start in the hour that clocks show twice."""
    scenario = facts.scenario
    if comes_twice(scenario.start, scenario.time_zone):
        message = (
            f"{scenario.start:%Y-%m-%d %H:%M} comes twice on the clocks of {scenario.time_zone}, which are put back "
            "then; the first is taken. Start an hour before or after, or write it in UTC"
        )
        yield ("start",), message


def hours_never_come(facts: Facts) -> Iterator[Finding]:
    """Windows that open on no day between the plan's start and its end, or not on the day of a change of clocks."""
    plan = facts.scenario.plan
    nobody_asks = not any(host.asks for *_, host in facts.parts())
    if plan.push_period is not None and nobody_asks:
        yield from _told(facts, ("plan", "push_period"), plan.push_period, [plan_zone(facts)])
    for where, window in maintenance_of(facts):
        yield from _told(facts, (*where, "hours"), window.hours, whose_zones(facts, window), window)
    for path, devices in facts.scenario.fleet.placed():
        if devices.contact.pattern == "daily":
            zones = sorted(devices.time_zone or {facts.scenario.time_zone: 1.0})
            yield from _told(facts, (*path, "contact", "hours"), devices.contact.hours, zones)


def _told(
    facts: Facts, where: Key, window: Window, zones: list[str], days: Maintenance = EVERY_DAY
) -> Iterator[Finding]:
    for zone in zones:
        opened, skipped = _openings(facts, window, zone, days)
        if opened and not skipped:
            continue
        why = ""
        if skipped:
            after = shown_by_the_clocks(skipped, zone)
            why = (
                f"on {skipped:%Y-%m-%d} the clocks of {zone} are put forward over it ({skipped:%H:%M} is {after:%H:%M})"
            )
        if opened:
            yield where, f"{write(window)} does not come on one day: {why}. Begin it before or after that hour"
        else:
            message = f"{write(window)}{days_in_words(days)} never comes in {zone} between the plan's start and its end"
            yield where, f"{message}{'; ' + why if why else ''}. Move it, or set a longer horizon"
        return  # one zone says enough


def _openings(facts: Facts, window: Window, zone: str, days: Maintenance) -> tuple[int, datetime | None]:
    """How often the window comes until the plan ends, and the first time that clocks are put forward over it."""
    opened, skipped = 0, None
    for opens, _ in openings(facts, window, zone, days):
        closes = opens + timedelta(minutes=window.minutes)
        if any(shown_by_the_clocks(each, zone) == each for each in (opens, closes - timedelta(minutes=1))):
            opened += 1
        else:
            skipped = skipped or opens
    return opened, skipped


def grid_misses_period(facts: Facts) -> Iterator[Finding]:
    """A push period in which no tick of the push grid lies."""
    plan = facts.scenario.plan
    period, grid_s = plan.push_period, float(plan.push_grid)
    if period is None or grid_s <= 60.0 * period.minutes or any(host.asks for *_, host in facts.parts()):
        return
    ticks = (number * grid_s / 60.0 for number in range(int(facts.ends_s / grid_s) + 2))
    if not any((tick - period.from_min) % 1440.0 < period.minutes for tick in ticks):
        message = (
            f"offers are pushed every {duration(grid_s)} from midnight on, and no such time lies in {write(period)}: "
            "nobody is offered the plan. Make push_grid shorter, or move the push period"
        )
        yield ("plan", "push_grid"), message
