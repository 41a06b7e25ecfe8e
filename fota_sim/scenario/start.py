"""When a scenario starts on the clocks of its zone: which times there are, and how long after it a moment is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from fota_sim.scenario.units import DURATION
from fota_sim.scenario.zones import zone_info

START = datetime(2026, 1, 5, 8, 0)
"""Wall clock at activation where a scenario does not say it: a Monday morning."""
ZONE = "UTC"
"""Its zone."""


def shown_by_the_clocks(local: datetime, zone: str) -> datetime:
    """What the clocks of ``zone`` show at ``local``: another time if they are put forward over it."""
    return local.replace(tzinfo=zone_info(zone)).astimezone(UTC).astimezone(zone_info(zone)).replace(tzinfo=None)


def comes_twice(local: datetime, zone: str) -> bool:
    """Whether the clocks of ``zone`` show ``local`` twice, because they are put back over it."""
    first, second = (local.replace(tzinfo=zone_info(zone), fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second


def after_activation(moment: datetime, scenario: Mapping[str, Any]) -> str:
    """What to add to a message about a date where a duration from activation belongs; ``scenario``: as written.

    Empty where the start cannot be told.
    """
    start = scenario.get("start", START)
    try:
        name = str(scenario.get("time_zone", ZONE))
        zone = zone_info(name)
        begin = (datetime.fromisoformat(start) if isinstance(start, str) else start).replace(tzinfo=zone)
        later: timedelta = (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)) - begin.astimezone(
            UTC
        )
    except (AttributeError, OSError, OverflowError, TypeError, ValueError):
        return ""
    if later < timedelta():
        return f"; it is before the start, {begin:%Y-%m-%dT%H:%M:%S} {name}"
    return f"; counted from the start it is {DURATION.format(later.total_seconds())}"
