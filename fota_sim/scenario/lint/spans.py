"""When windows are open between the plan's start and its end, as spans of the run, by the calendar of a zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from fota_sim.scenario.lint.facts import Facts
from fota_sim.scenario.maintenance import Maintenance
from fota_sim.scenario.window import Window
from fota_sim.scenario.zones import zone_info

Span = tuple[float, float]
"""From, and up to, in s since activation."""

EVERY_DAY = Maintenance()


def whole(facts: Facts) -> list[Span]:
    """All of the plan's time."""
    return [(float(facts.scenario.plan.starts), facts.ends_s)]


def openings(facts: Facts, window: Window, zone: str, days: Maintenance = EVERY_DAY) -> Iterator[tuple[datetime, Span]]:
    """Each time the window comes while the plan runs: when on the clocks of its zone, and the span.

    Clocks that are put forward over it make the span shorter, of no length if over all of it; put back, longer.
    """
    here, scenario = zone_info(zone), facts.scenario
    activated = scenario.start.replace(tzinfo=zone_info(scenario.time_zone)).astimezone(UTC)
    from_s, to_s = whole(facts)[0]
    first, last = ((activated + timedelta(seconds=s)).astimezone(here).replace(tzinfo=None) for s in (from_s, to_s))
    day = first.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    while day <= last:
        opens = day + timedelta(minutes=window.from_min)
        closes = opens + timedelta(minutes=window.minutes)
        begins_s = (_shows(opens, here, 0) - activated).total_seconds()
        ends_s = (_shows(closes, here, 1) - activated).total_seconds()
        if days.comes_on(day.date()) and begins_s < to_s and ends_s > from_s:
            yield opens, (max(begins_s, from_s), min(ends_s, to_s))
        day += timedelta(days=1)


def _shows(local: datetime, zone: tzinfo, fold: int) -> datetime:
    """When clocks show a time, for the first (0) or the last time (1); of one that they skip, when they skip it."""
    late, early = (local.replace(tzinfo=zone, fold=each).astimezone(UTC) for each in (0, 1))
    if early >= late:
        return (late, early)[fold]
    while late - early > timedelta(seconds=1):  # the clocks are put forward between the two
        middle = early + (late - early) / 2
        skipped = middle.astimezone(zone).replace(tzinfo=None) >= local
        early, late = (early, middle) if skipped else (middle, late)
    return late.replace(microsecond=0)


def any_of(spans: Iterable[Span]) -> list[Span]:
    """Where any of them is, apart and ascending."""
    found: list[Span] = []
    for from_s, to_s in sorted(span for span in spans if span[1] > span[0]):
        if found and from_s <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], to_s)
        else:
            found.append((from_s, to_s))
    return found


def both(some: list[Span], others: list[Span]) -> list[Span]:
    """Where one of each is; both apart and ascending."""
    met, number = [], 0
    for from_s, to_s in some:
        while number < len(others) and others[number][1] <= from_s:
            number += 1
        for other in others[number:]:
            if other[0] >= to_s:
                break
            met.append((max(from_s, other[0]), min(to_s, other[1])))
    return met
