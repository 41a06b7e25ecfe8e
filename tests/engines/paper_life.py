"""What a plan and a device are that are worked out on paper, from docs/model.md: nothing of the project is used here.

Times are whole ms since an activation at midnight, UTC. The device is one of ``rollout_worlds.world``: its signal
stands still, its battery never changes by a whole percent, and each thing that it does takes a constant time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import UTC, timedelta

DAY = 86_400_000
MINUTE = 60_000
FAR = 1 << 60
LOOK_AGAIN = 600_000
CAUSE_OF_STAGE = {
    "online": "not seen in time",
    "ack": "no answer in time",
    "download": "download took too long",
    "report": "no result in time",
}


class Utc:
    """A clock whose days are 24 hours long and begin at the activation."""

    def minute(self, at):
        """Of the day."""
        return at % DAY // MINUTE

    def is_open(self, at, hours):
        """Whether the time of day lies in hours (from, to) in minutes; None: always."""
        if hours is None:
            return True
        begin, end = hours
        minute = self.minute(at)
        return begin <= minute < end if begin < end else minute >= begin or minute < end

    def opens(self, at, hours):
        """The first time not before ``at`` in the hours."""
        return at if self.is_open(at, hours) else at + (hours[0] * MINUTE - at) % DAY

    def closes(self, at, hours):
        """When the hours that are open now are over."""
        return at + (hours[1] * MINUTE - at) % DAY

    def tick(self, at, grid):
        """The first time not before ``at`` on the grid."""
        return -(-at // grid) * grid if grid else at


class Local(Utc):
    """The clock on a wall, whatever its hands do; it is looked at each minute."""

    def __init__(self, start, zone):
        """``start``: the activation, aware; on a whole minute of the zone."""
        self.start, self.zone, self.seen = start.astimezone(UTC), zone, {}

    def minute(self, at):
        minute = at // MINUTE
        if minute not in self.seen:
            time = (self.start + timedelta(minutes=minute)).astimezone(self.zone)
            self.seen[minute] = time.hour * 60 + time.minute
        return self.seen[minute]

    def first(self, at, holds):
        """The first time not before ``at`` at which it holds, of those at which a minute begins; FAR after a week."""
        at = -(-at // MINUTE) * MINUTE
        return next((time for time in range(at, at + 7 * DAY, MINUTE) if holds(time)), FAR)

    def opens(self, at, hours):
        return at if self.is_open(at, hours) else self.first(at, lambda time: self.is_open(time, hours))

    def closes(self, at, hours):
        return self.first(at + 1, lambda time: not self.is_open(time, hours))

    def tick(self, at, grid):
        return self.first(at, lambda time: self.minute(time) * MINUTE % grid == 0) if grid else at


@dataclass(frozen=True)
class Takes:
    """How long things take."""

    connect: int = 1000
    resume: int = 500
    trip: int = 100
    command: int = 50
    to_start: int = 1000
    reboot: int = 10_000
    flash_delay: int = 5000
    url_timer: int = 30_000
    read_timer: int = 60_000
    mcu_timer: int = 1_200_000
    progress: int = 5000
    dies_after: int = 3_600_000
    download: int = 8480
    """100 kB at 100 kbit/s with 6 % of headers."""
    write: int = 61_667
    """60 s, and 100 kB at 60 kB/s."""
    block_B: int = 1024
    a_B_over_air: float = 8 * 1.06 / 100
    a_B_over_line: float = 10_000 / 115_200
    a_B_written: float = 1 / 20
    """By the host."""


def whole(ms):
    """As a duration is rounded."""
    return max(1, math.floor(ms + 0.5))


@dataclass
class Plan:
    """What the plan says; None: nothing."""

    horizon: int
    ends: int | None
    starts: int
    push: bool
    grid: int
    period: tuple[int, int] | None
    hold: int
    min_battery: int
    min_signal: int
    confirms: int | None
    """When the App user does, in manual mode."""
    final: bool
    """Refusals are."""
    by_platform: bool
    retries: int
    delay: int
    factor: int
    maintenance: tuple[int, int] | None
    late_counts: bool
    parts: list[str]
    """Components in upgrade order: app, mcu."""
    delta: bool
    mcu_B: int
    has_mcu: bool
    timeouts: dict[str, int] = field(default_factory=dict)
    from_progress: bool = False
    of_attempt: bool = False
    takes: Takes = Takes()
    clock: Utc = field(default_factory=Utc)

    @property
    def ended(self):
        """When it does."""
        return FAR if self.ends is None else self.ends

    def next_tick(self, at, clock):
        """The first time not before ``at`` at which something may be pushed to a device with this clock; or FAR."""
        last = at + 4 * DAY
        while at < last:
            tick = self.clock.tick(at, self.grid)
            at = max(self.clock.opens(tick, self.period), clock.opens(tick, self.maintenance))
            if at == tick:
                return tick
        return FAR


@dataclass
class Kind:
    """What the device and its host are."""

    pattern: str
    hours: tuple[int, int]
    every: int
    linger: int
    asks: bool
    asks_every: int | None
    joins: int
    think: int
    patience: int
    battery: int
    signal: int
    """As it is read."""
    checks_battery: bool
    checks_signal: bool
    ignores: bool
    effect: str
    """Defect of the module's new firmware."""
    bad_mcu: bool
    gone: bool
    listed: bool
    edrx: tuple[int, int, int] | None = None
    """Cycle, paging window, and how long the network keeps a connection on which nothing is said."""
    phase: int = 0
    """Of the paging windows."""
    clock: Utc = field(default_factory=Utc)
