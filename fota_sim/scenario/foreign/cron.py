"""Recurring windows that other systems write as cron expressions, as maintenance windows of a scenario."""

from __future__ import annotations

from dataclasses import dataclass, field

from fota_sim.scenario.maintenance import DAYS, MONTHS
from fota_sim.scenario.window import Window, write

_CRON_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")  # 1 to 7 in Quartz and AWS
_DAY_MIN = 1440
_MOST_TIMES = 24
"""Times of a day at which one expression may open."""


class NotSayableError(ValueError):
    """A window that a scenario cannot say; the text says what of it."""


@dataclass(frozen=True)
class Recurring:
    """Windows that open at some times of day on the same days."""

    hours: tuple[str, ...]
    days: tuple[str, ...] = DAYS
    weeks: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[str, ...] = field(default=())

    def maintenance(self, zone: str) -> list[dict[str, object]]:
        """Windows of ``plan.rollout.maintenance`` as YAML has them; ``zone``: plan, device or that of a zone."""
        on: dict[str, object] = {"zone": zone}
        if self.days != DAYS:
            on["days"] = list(self.days)
        for name in ("weeks", "month_days", "months"):
            if getattr(self, name):
                on[name] = list(getattr(self, name))
        return [{"hours": hours, **on} for hours in self.hours]


def recurring(minute: str, hour: str, month_day: str, month: str, week_day: str, lasts_min: float) -> Recurring:
    """The windows of one cron expression, field by field; raises NotSayableError."""
    if not 0 < lasts_min < _DAY_MIN or lasts_min != int(lasts_min):
        raise NotSayableError("a maintenance window lasts whole minutes, less than a day")
    begins = [60 * at + past for at in _numbers(hour, 0, 23) for past in _numbers(minute, 0, 59)]
    if len(begins) > _MOST_TIMES:
        raise NotSayableError(f"opens {len(begins):,} times a day; write its hours in plan.rollout.maintenance")
    days, weeks = _week_days(week_day)
    return Recurring(
        hours=tuple(write(Window(begin, (begin + int(lasts_min)) % _DAY_MIN)) for begin in begins),
        days=days,
        weeks=weeks,
        month_days=_month_days(month_day),
        months=() if month in ("*", "?") else tuple(MONTHS[each - 1] for each in _numbers(_named(month), 1, 12)),
    )


def _numbers(text: str, low: int, high: int) -> list[int]:
    """``*``, ``3``, ``1-5``, ``*/2``, ``0/6``, or several of them with commas."""
    found: set[int] = set()
    for part in text.split(","):
        span, slash, step = part.partition("/")
        first, dash, last = span.partition("-")
        if span == "*":
            first, last = str(low), str(high)
        elif not dash:
            last = str(high) if slash else first
        if not (first.isdigit() and last.isdigit() and (step.isdigit() or not slash)):
            raise NotSayableError(f"{text} is no list of numbers that a maintenance window can say")
        begin, end, by = int(first), int(last), int(step or 1)
        if not (low <= begin <= end <= high and by > 0):
            raise NotSayableError(f"{text} is outside {low} to {high}")
        found.update(range(begin, end + 1, by))
    return sorted(found)


def _named(month: str) -> str:
    text = month.lower()
    for number, name in enumerate(MONTHS):
        text = text.replace(name, str(number + 1))
    return text


def _month_days(text: str) -> tuple[int, ...]:
    if text in ("*", "?"):
        return ()
    if text.upper() == "L":
        return (-1,)
    if not text.replace(",", "").replace("-", "").replace("/", "").replace("*", "").isdigit():
        raise NotSayableError(f"{text} is no day of the month that a maintenance window has")
    return tuple(_numbers(text, 1, 31))


def _week_days(text: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Days of the week, and which of them in the month: ``MON#2`` is the second Monday, ``FRIL`` the last Friday."""
    if text in ("*", "?"):
        return DAYS, ()
    day, hash_sign, number = text.partition("#")
    if hash_sign:
        if not (number.isdigit() and 1 <= int(number) <= 5):
            raise NotSayableError(f"{text} is no day of the week that a maintenance window has")
        return (_CRON_DAYS[_week_day(day.lower())],), (int(number),)
    if len(text) > 1 and text.upper().endswith("L"):
        return (_CRON_DAYS[_week_day(text[:-1].lower())],), (-1,)
    found: set[str] = set()
    for part in text.lower().split(","):
        first, dash, last = part.partition("-")
        begin, end = _week_day(first), _week_day(last if dash else first)
        while True:
            found.add(_CRON_DAYS[begin])
            if begin == end:
                break
            begin = (begin + 1) % len(DAYS)
    return tuple(each for each in DAYS if each in found), ()


def _week_day(text: str) -> int:
    if text in _CRON_DAYS:
        return _CRON_DAYS.index(text)
    if text.isdigit() and 1 <= int(text) <= len(_CRON_DAYS):
        return int(text) - 1
    raise NotSayableError(f"{text} is no day of the week that a maintenance window has")
