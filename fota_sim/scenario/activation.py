"""Times of a run: how long after activation, or a date and time that is counted from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema

from fota_sim.scenario.distribution import DurationLaw
from fota_sim.scenario.start import START, ZONE, shown_by_the_clocks
from fota_sim.scenario.types import Wait
from fota_sim.scenario.units import DURATION, moment_of
from fota_sim.scenario.zones import known_zone, zone_info


@dataclass(frozen=True)
class Activation:
    """When the plan is activated: what dates in a scenario are counted from."""

    start: datetime
    """On the clocks of the zone."""
    zone: str

    @classmethod
    def of(cls, scenario: Mapping[str, Any]) -> Activation | None:
        """That of a scenario as it is written; None where its start or zone cannot be read, which is told of these."""
        zone = scenario.get("time_zone", ZONE)
        start = moment_of(scenario.get("start", START))
        try:
            return None if start is None or start.tzinfo is not None else cls(start, known_zone(zone))
        except (AttributeError, TypeError, ValueError):
            return None

    def seconds_to(self, moment: datetime) -> float:
        """How long after activation a moment is; without an offset it is on the clocks of the zone.

        Raises ValueError for one before it, or one that these clocks never show.
        """
        if moment.tzinfo is None:
            shown = shown_by_the_clocks(moment, self.zone)
            if shown != moment:
                message = f"does not come on the clocks of {self.zone}, which are put forward then; write"
                raise ValueError(f"{moment.isoformat()} {message} {shown.isoformat()}, or another time")
            moment = moment.replace(tzinfo=zone_info(self.zone))
        begin = self.start.replace(tzinfo=zone_info(self.zone))
        later = moment.astimezone(UTC) - begin.astimezone(UTC)
        if later.total_seconds() < 0:
            message = f"is before the activation, {self.start.isoformat()} {self.zone}"
            raise ValueError(f"{moment.isoformat()} {message}; write a later time, or an earlier start")
        return later.total_seconds()


def _counted(value: object, info: ValidationInfo) -> object:
    """Dates as durations from activation, in lists and mappings too; everything else as it is."""
    if isinstance(value, list):
        return [_counted(each, info) for each in value]
    if isinstance(value, dict):
        return {name: _counted(each, info) for name, each in value.items()}
    moment = moment_of(value)
    if moment is None or info.context is None:
        return value  # a date is refused there
    activation = info.context["activation"]
    if activation is None:
        raise ValueError("is counted from start and time_zone, which cannot be read; mend those first")
    return DURATION.format(activation.seconds_to(moment))


_SCHEMA = WithJsonSchema(
    {
        "type": "string",
        "description": f"duration from activation, for example {DURATION.example}, or a date and time, for example "
        "2026-02-02T08:00:00 on the scenario's clocks, or with an offset",
    }
)

Moment = Annotated[Wait, BeforeValidator(_counted), _SCHEMA]
"""Seconds from activation; a scenario may say a date."""
MomentLaw = Annotated[DurationLaw, BeforeValidator(_counted)]
"""A distribution of them."""
