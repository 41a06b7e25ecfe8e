"""Recurring windows that other systems write as cron expressions, as the hours and days of a maintenance window."""

from __future__ import annotations

from dataclasses import dataclass

from fota_sim.scenario.window import Window, write

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CRON_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")  # 1 to 7 in Quartz and AWS
_DAY_MIN = 1440


class NotSayableError(ValueError):
    """A window that a scenario cannot say; the text says what of it."""


@dataclass(frozen=True)
class Recurring:
    """A window that opens at one time of day on some days of the week."""

    hours: str
    days: tuple[str, ...]

    def maintenance(self, zone: str) -> dict[str, object]:
        """``plan.rollout.maintenance`` as YAML has it; ``zone``: plan or device."""
        block: dict[str, object] = {"hours": self.hours, "zone": zone}
        if self.days != DAYS:
            block["days"] = list(self.days)
        return block


def recurring(minute: str, hour: str, month_day: str, month: str, week_day: str, lasts_min: float) -> Recurring:
    """The window of one cron expression, field by field; raises NotSayableError."""
    if month not in ("*", "?") or month_day not in ("*", "?"):
        raise NotSayableError("days of the month and months have no field in a maintenance window")
    if not (minute.isdigit() and hour.isdigit() and int(minute) < 60 and int(hour) < 24):
        raise NotSayableError("a maintenance window opens once a day, at one time")
    if not 0 < lasts_min < _DAY_MIN or lasts_min != int(lasts_min):
        raise NotSayableError("a maintenance window lasts whole minutes, less than a day")
    begin = 60 * int(hour) + int(minute)
    window = Window(begin, (begin + int(lasts_min)) % _DAY_MIN)
    return Recurring(write(window), _week_days(week_day))


def _week_days(text: str) -> tuple[str, ...]:
    if text in ("*", "?"):
        return DAYS
    found: set[str] = set()
    for part in text.lower().split(","):
        first, dash, last = part.partition("-")
        begin, end = _week_day(first), _week_day(last if dash else first)
        while True:
            found.add(_CRON_DAYS[begin])
            if begin == end:
                break
            begin = (begin + 1) % len(DAYS)
    return tuple(day for day in DAYS if day in found)


def _week_day(text: str) -> int:
    if text in _CRON_DAYS:
        return _CRON_DAYS.index(text)
    if text.isdigit() and 1 <= int(text) <= len(_CRON_DAYS):
        return int(text) - 1
    raise NotSayableError(f"{text} is no day of the week that a maintenance window has")
