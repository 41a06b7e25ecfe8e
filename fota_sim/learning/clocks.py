"""How the times of a log are meant, as options say it."""

from __future__ import annotations

from typing import cast, get_args

from fota_sim.errors import FotaSimError
from fota_sim.histories.times import Clock
from fota_sim.quoting import quoted
from fota_sim.scenario.moments import DateOrder, moment
from fota_sim.scenario.zones import known_zone, zone_info


def log_clock(time_zone: str, dates: str) -> Clock:
    """The clock of ``--time-zone`` and ``--dates``; raises FotaSimError."""
    if dates not in get_args(DateOrder):
        raise FotaSimError(f"--dates {quoted(dates)}: there are {', '.join(get_args(DateOrder))}")
    try:
        zone = zone_info(known_zone(time_zone))
    except ValueError as error:
        raise FotaSimError(f"--time-zone: {error}") from None
    return Clock(zone, cast(DateOrder, dates))


def export_s(text: str, clock: Clock) -> float:
    """When a log was exported, in seconds since 1970; raises FotaSimError."""
    try:
        return moment(text, clock.order, clock.zone).timestamp()
    except ValueError as error:
        raise FotaSimError(f"--as-of: {error}") from None
