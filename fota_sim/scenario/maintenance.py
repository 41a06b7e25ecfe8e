"""Maintenance windows: hours in which devices may be upgraded, and the days on which those come."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator

from fota_sim.quoting import quoted
from fota_sim.scenario.signs import with_hyphens
from fota_sim.scenario.types import Block, Whole
from fota_sim.scenario.window import DailyWindow, Window
from fota_sim.scenario.zones import known_zone

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Month = Literal["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS: tuple[Month, ...] = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _week() -> list[Day]:
    return [*DAYS]


def _days_said(text: str) -> list[Day]:
    """The days of ``mon-fri`` or ``Monday, Friday``; none where it says something else."""
    found: list[Day] = []
    for part in with_hyphens(text).lower().split(","):
        first, _, last = (name.strip()[:3] for name in part.partition("-"))
        if first not in DAYS or last not in ("", *DAYS):
            return []
        start = DAYS.index(first)
        found += [DAYS[(start + n) % 7] for n in range((DAYS.index(last) - start) % 7 + 1 if last else 1)]
    return found


def _whose(value: str) -> str:
    if value in ("device", "plan"):
        return value
    try:
        return known_zone(value)
    except ValueError as error:
        raise ValueError(f"{quoted(value)} is whose time it is, device or plan, or a zone: {error}") from None


class Maintenance(Block):
    """Hours of local time in which a device may be offered the plan, or sent an address again."""

    hours: DailyWindow = Window(0, 0)
    """The hours; they may span midnight."""
    days: list[Day] = Field(default_factory=_week, min_length=1)
    """Days of the week on which they begin."""
    weeks: list[Annotated[Whole, Field(ge=-5, le=5)]] = Field(default_factory=list)
    """Which of these days in the month: 1 the first, -1 the last; none: all of them."""
    month_days: list[Annotated[Whole, Field(ge=-31, le=31)]] = Field(default_factory=list)
    """Days of the month on which they begin, from 1; -1 is the last. With days both must hold; none: all of them."""
    months: list[Month] = Field(default_factory=list)
    """Months; none: all of them."""
    zone: Annotated[str, AfterValidator(_whose)] = "device"
    """Whose local time: device, plan, or that of a zone."""

    @field_validator("days", mode="before")
    @classmethod
    def _of_the_week(cls, value: object) -> object:
        if isinstance(value, str) and (said := _days_said(value)):
            raise ValueError(f"must be a list, not {quoted(value)}; write [{', '.join(said)}]")
        if isinstance(value, list) and value and all(isinstance(day, int) for day in value):
            days = ", ".join(map(str, value))
            raise ValueError(f"are days of the week, mon to sun; for days of the month write month_days: [{days}]")
        return value

    @field_validator("weeks", "month_days")
    @classmethod
    def _from_one(cls, value: list[int]) -> list[int]:
        if 0 in value:
            raise ValueError("count from 1, or from the end with -1; there is no 0")
        return value

    @property
    def daily(self) -> bool:
        """Whether the hours come every day."""
        return set(self.days) == set(DAYS) and not (self.weeks or self.month_days or self.months)

    def comes_on(self, day: date) -> bool:
        """Whether the hours begin on that day."""
        left = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - day  # to the first of the next month
        return (
            DAYS[day.weekday()] in self.days
            and (not self.months or MONTHS[day.month - 1] in self.months)
            and (not self.month_days or day.day in self.month_days or -left.days in self.month_days)
            and (not self.weeks or (day.day - 1) // 7 + 1 in self.weeks or -((left.days - 1) // 7 + 1) in self.weeks)
        )


def one_or_more(value: object) -> object:
    """A single window as a list of one, and none as an empty one."""
    if value is None:
        return []
    return [value] if isinstance(value, dict | Maintenance) else value


def days_in_words(window: Maintenance) -> str:
    """On which days, for a message: ``on mon, tue``; empty for every day."""
    if window.daily:
        return ""
    parts = [", ".join(window.days)] if set(window.days) != set(DAYS) else []
    parts += [f"week {', '.join(map(str, window.weeks))} of the month"] if window.weeks else []
    parts += [f"day {', '.join(map(str, window.month_days))} of the month"] if window.month_days else []
    parts += [", ".join(window.months)] if window.months else []
    return f" on {'; '.join(parts)}"
