"""How a plan is rolled out: waves, rate, concurrency, what stops it, and what is tried again.

The vendor's plan has none of this but retries; each part is modelled on the systems named in docs/rollout.md.
All parts are optional and combine.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self, TypeVar

from pydantic import BeforeValidator, Field, field_validator, model_validator

from fota_sim.scenario.activation import Moment
from fota_sim.scenario.device_list import DeviceList
from fota_sim.scenario.maintenance import Maintenance, one_or_more
from fota_sim.scenario.rate_changes import RateChanges
from fota_sim.scenario.types import (
    MOST_DEVICES,
    MOST_TIMES,
    Block,
    Line,
    PlacesByCoverage,
    Plain,
    Ratio,
    Wait,
    Whole,
)

MOST_RELEASED = 1_000_000
"""Devices in an interval of a rate."""
MOST_WAVES = 1000
"""Waves of a rollout, groups counted."""
T = TypeVar("T")
Failure = Literal["download", "shed", "upgrade", "timeout", "refused"]
"""What the platform can tell apart: a download that broke off; one that the server or a cell turned away; an upgrade
that the module reports as failed; a stage that took too long; a refusal by the host."""
Share = Literal["group", "targeted", "started", "finished"]
"""What a share is of. group: all devices of the wave (or of the plan); targeted: those released; started: those that
confirmed; finished: those that succeeded or failed for good."""


def _attempts() -> list[Failure]:
    return ["download", "shed", "upgrade", "timeout"]


class Opening(Block):
    """When a wave opens: everything that is given must hold; with nothing given, the wave before has to be over."""

    at: Moment | None = Field(None, ge=0)
    """Not before this: from activation, or a date."""
    after: Wait | None = Field(None, ge=0)
    """Not before this, from when the wave before it opened."""
    success: Ratio | None = Field(None, ge=0, le=1)
    """At least this share of the wave before it has succeeded."""
    share_of: Share = "group"
    """What the share is of."""
    quorum: Ratio = Field(0.0, ge=0, le=1)
    """At least so many of the wave before it have finished, whatever share of them has succeeded."""
    hold: Wait = Field(0.0, ge=0)
    """For how long success and quorum must have held; without any condition, for how long the wave before is over."""
    by_operator: bool = False
    """Only the operator's open_wave opens it."""
    when_all_finished: Literal["open", "wait"] = "wait"
    """The wave before it has nobody left to finish and missed its share: open all the same, or wait."""
    deadline: Wait | None = Field(None, gt=0)
    """So long after the wave before it opened, whatever is missing is decided by on_deadline; null: it waits."""
    on_deadline: Literal["open", "pause", "cancel"] = "open"
    """What the deadline does."""

    @property
    def holds_s(self) -> float:
        """How long what it waits for has to hold, in s; 0 where it waits for nothing that can."""
        return self.hold if self.watches or self.says_nothing else 0.0

    @property
    def says_nothing(self) -> bool:
        """Whether no condition is given."""
        return self.at is None and self.after is None and not self.watches and not self.by_operator

    @property
    def watches(self) -> bool:
        """Whether it waits for what becomes of the wave before."""
        return self.success is not None or self.quorum > 0


class Wave(Block):
    """A part of the targets that is released together."""

    name: Line = ""
    """For reports; its number if empty."""
    share: Ratio | None = Field(None, gt=0, le=1)
    """Share of the plan's targets (or of those still left, see share_of); with devices, of those that meet it."""
    share_of: Literal["targets", "rest"] = "targets"
    """What share is of."""
    up_to: Ratio | None = Field(None, gt=0, le=1)
    """Cumulative: this wave and all before it together are this share of the targets; with devices, of those that meet
    it."""
    count: Whole | None = Field(None, ge=1, le=MOST_DEVICES)
    """So many targets."""
    devices: DeviceList | None = None
    """Only these targets: all of them, or as many as share, up_to or count says."""
    groups: Whole | None = Field(None, ge=1, le=MOST_WAVES)
    """The wave's devices in so many groups of one size, each a wave of its own."""
    groups_of: Whole | None = Field(None, ge=1, le=MOST_DEVICES)
    """The wave's devices in groups of so many until nobody is left, each a wave of its own."""
    opens: Opening = Opening()
    """When; unless this says otherwise the first opens with the plan, and the others when the one before is over. Of
    several groups it holds for each, but for at, which is for the first."""

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        sizes = {"share": self.share, "up_to": self.up_to, "count": self.count}
        given = [name for name, value in sizes.items() if value is not None]
        if len(given) > 1:
            message = "a wave has one size; give one of them, or none for everybody who is left"
            raise ValueError(f"{' and '.join(given)}: {message}")
        if self.groups is not None and self.groups_of is not None:
            raise ValueError("groups says how many, and groups_of how large they are; give one of them")
        return self


class Rate(Block):
    """How fast devices are released."""

    devices: Plain = Field(gt=0, le=MOST_RELEASED)
    """So many in every interval."""
    every: Wait = Field(60.0, ge=0.001)
    """The interval."""
    pacing: Literal["even", "pack"] = "even"
    """even: one after another at equal distances; pack: all of an interval at its beginning."""
    factor: Plain = Field(1.0, ge=1)
    """The rate is multiplied by this at each step."""
    step: Whole | None = Field(None, ge=1, le=MOST_DEVICES)
    """Devices to a step; null: the rate is constant."""
    step_on: Literal["notified", "succeeded"] = "notified"
    """Which devices make a step."""
    cap: Plain | None = Field(None, gt=0)
    """Most devices in an interval."""
    most_per_minute: Plain | None = Field(None, gt=0)
    """Most devices a minute that the service itself releases, whatever the rest says; null: no such limit."""

    @property
    def most(self) -> float:
        """Most devices in an interval, whoever sets the limit; infinite without one."""
        cap = math.inf if self.cap is None else self.cap
        if self.most_per_minute is None:
            return cap
        minutes = float(self.every) / 60.0
        if self.pacing == "pack":  # it comes at once
            minutes = min(1.0, minutes)
        return min(cap, self.most_per_minute * minutes)

    @property
    def at_first(self) -> float:
        """Devices in an interval before the first step."""
        return min(self.devices, self.most)

    @model_validator(mode="after")
    def _steps(self) -> Self:
        if self.factor > 1 and self.step is None:
            raise ValueError("factor needs step: after how many devices the rate is multiplied")
        return self


class Concurrency(Block):
    """Upgrades under way at a time."""

    devices: Whole = Field(ge=1, le=MOST_DEVICES)
    """Slots."""
    when_full: Literal["queue", "silence"] = "queue"
    """queue: a device waits in line; silence: nothing is said, and it is looked at again later."""
    order: Literal["fifo", "lifo"] = "fifo"
    """Who is next in line."""
    until: Literal["finished", "downloaded"] = "finished"
    """When the slot is free again: after success or final failure, or as soon as the file is there."""
    expires: Wait | None = Field(None, gt=0)
    """A slot whose device has said nothing for so long is free again; null: never."""
    priority: DeviceList | None = None
    """These go first."""
    reserved: Whole = Field(0, ge=0, le=MOST_DEVICES)
    """Slots that only they get."""
    strict: bool = True
    """false: a device that asks is offered the plan whether there is a slot or not."""

    @model_validator(mode="after")
    def _some_are_left(self) -> Self:
        if self.reserved and self.priority is None:
            raise ValueError("reserved slots need priority: for whom")
        if self.reserved >= self.devices:
            raise ValueError("all slots are reserved; nobody else would ever be offered the plan")
        return self


class CellConcurrency(Block):
    """Upgrades under way at a time in one radio cell, by the coverage that the platform knows of.

    Huawei IoTDA: 50, 10 and 1 (docs/rollout.md).
    """

    devices: PlacesByCoverage = (50, 10, 1)
    """Slots at coverage level 0, 1 and 2."""
    unknown: Whole = Field(10, ge=0, le=MOST_DEVICES)
    """Slots for devices whose signal the platform does not know; 0: they get nothing."""
    when_full: Literal["queue", "silence"] = "queue"
    """As for concurrency."""


def _running_are_cancelled(rule: T) -> T:
    if getattr(rule, "stops", "") == "running" and getattr(rule, "action", "") != "cancel":
        raise ValueError("what runs cannot be paused; stops: running needs action: cancel")
    return rule


class Abort(Block):
    """A rule that stops the rollout."""

    on: list[Failure] = Field(default_factory=_attempts, min_length=1)
    """Which failures count."""
    counts: Literal["devices", "attempts"] = "devices"
    """Devices that failed for good (and refusals), or every failed attempt."""
    share: Ratio | None = Field(None, ge=0, le=1)
    """Stop at this share."""
    count: Whole | None = Field(None, ge=0, le=MOST_DEVICES)
    """Stop at this number. With a share too: whichever comes first."""
    share_of: Share = "finished"
    """What the share is of."""
    compare: Literal[">", ">="] = ">="
    """Whether exactly as many stop it already."""
    minimum: Whole = Field(1, ge=1, le=MOST_DEVICES)
    """The share counts only when its denominator is at least this."""
    scope: Literal["plan", "wave"] = "plan"
    """Whether everything counts, or only the wave that opened last."""
    stops: Literal["queued", "running"] = "queued"
    """queued: who has confirmed goes on; running: their downloads are cut off too."""
    action: Literal["pause", "cancel"] = "pause"
    """pause: the operator may resume; cancel: it is over."""

    @model_validator(mode="after")
    def _has_a_limit(self) -> Self:
        if self.share is None and self.count is None:
            raise ValueError("an abort rule needs a share, a count, or both")
        return _running_are_cancelled(self)


class SequentialTest(Block):
    """Wald's sequential probability ratio test on devices that finished: stop once the failure rate is too high."""

    acceptable: Ratio = Field(gt=0, lt=1)
    """A failure rate that is fine (p0)."""
    unacceptable: Ratio = Field(gt=0, lt=1)
    """One that is not (p1)."""
    false_alarm: Ratio = Field(0.05, gt=0, lt=1)
    """Chance to stop although the rate is p0 (alpha)."""
    miss: Ratio = Field(0.10, gt=0, lt=1)
    """Chance to go on although the rate is p1 (beta)."""
    on: list[Failure] = Field(default_factory=_attempts, min_length=1)
    """Which failures count."""
    stops: Literal["queued", "running"] = "queued"
    """As for an abort rule."""
    action: Literal["pause", "cancel"] = "pause"
    """As for an abort rule."""

    @model_validator(mode="after")
    def _apart(self) -> Self:
        _running_are_cancelled(self)
        if self.acceptable >= self.unacceptable:
            raise ValueError("acceptable must be below unacceptable")
        if self.false_alarm + self.miss >= 1:
            raise ValueError("false_alarm and miss must add up to less than 100 %")
        return self


class Retry(Block):
    """What happens after a failed attempt; of several rules the first that knows the failure."""

    on: list[Failure] = Field(default_factory=_attempts, min_length=1)
    """Which failures."""
    count: Whole | None = Field(5, ge=0, le=MOST_TIMES)
    """Attempts after the first; null: without end."""
    delay: Wait = Field(10.0, ge=0)
    """Before the first of them."""
    factor: Plain = Field(1.0, ge=1, le=100)
    """The delay grows by this each time."""
    longest: Wait = Field(86_400.0, gt=0)
    """It does not grow beyond this."""
    jitter: Literal["none", "uniform", "exponential", "hashed"] = "none"
    """What is added to the delay: nothing; evenly up to spread times the delay; exponentially with that mean; or always
    the same share for one device."""
    spread: Plain = Field(1.0, ge=0, le=100)
    """See jitter."""

    @field_validator("on")
    @classmethod
    def _refusals_are_held(cls, value: list[str]) -> list[str]:
        if "refused" in value:
            raise ValueError("a refusal is no failed attempt; rejection_hold and refusals say what becomes of it")
        return value


class Budget(Block):
    """Addresses that one device may be sent."""

    attempts: Whole = Field(ge=1, le=MOST_TIMES)
    """So many."""
    per: Wait = Field(86_400.0, ge=60)
    """In every so long, counted from the first of them."""


class PenaltyBox(Block):
    """Devices that fail too often are left alone for a while, and then begin anew."""

    failures: Whole = Field(ge=1, le=MOST_TIMES)
    """Failed attempts that put a device into the box."""
    within: Wait | None = Field(None, gt=0)
    """They count from the first of them for so long; null: for ever."""
    lasts: Wait = Field(gt=0)
    """How long the device stays in."""


class Timeouts(Block):
    """How long the platform waits in each stage; null: for ever. A stage that takes longer is a failure (timeout)."""

    online: Wait | None = Field(None, gt=0)
    """From the release until the device is in contact."""
    ack: Wait | None = Field(None, gt=0)
    """From the offer until the host answers."""
    download: Wait | None = Field(None, gt=0)
    """From the download address until the file is reported as there."""
    report: Wait | None = Field(None, gt=0)
    """From then until success or failure is reported."""
    in_progress: Wait | None = Field(None, gt=0)
    """From the confirmation (or the first progress) until the end."""
    in_progress_from: Literal["confirmed", "progress"] = "confirmed"
    """What starts in_progress."""
    in_progress_of: Literal["upgrade", "attempt"] = "upgrade"
    """upgrade: all attempts together, so nothing is tried again when it is over; attempt: each has its own."""


def _in_equal_groups(value: object) -> object:
    """A number of waves as the one entry that says so."""
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_WAVES:
        return [{"groups": value}]
    return value


_SAID_AS_A_NUMBER = BeforeValidator(
    _in_equal_groups, json_schema_input_type=list[Wave] | Annotated[Whole, Field(ge=1, le=MOST_WAVES)]
)

_SAID_AS_ONE = BeforeValidator(one_or_more, json_schema_input_type=list[Maintenance] | Maintenance | None)


Rounding = Literal["up", "nearest"]


class Rollout(Block):
    """How the plan is rolled out over its targets."""

    order: Literal["fleet", "random"] = "fleet"
    """Who is released first within a wave: the order of the fleet, or one that is drawn."""
    waves: Annotated[list[Wave], _SAID_AS_A_NUMBER] = Field(default_factory=list, max_length=MOST_WAVES)
    """Waves, in order; empty: everybody at once. Who is in none is never offered the plan. A number alone is so many
    groups of one size."""
    rounding: Rounding = "up"
    """Sizes of waves that come from shares, and of groups: up to the next device, or to the nearest (a half is up)."""
    rate: Rate | None = None
    """Pace of the release; null: a whole wave at once."""
    rate_changes: RateChanges | None = None
    """For forecasts: changes of the rate that are not planned; null: it goes as planned."""
    late_joiners: Literal["last-wave", "at-once", "never"] = "last-wave"
    """What becomes of devices that join after activation."""
    concurrency: Concurrency | None = None
    """Upgrades at a time."""
    cell_concurrency: CellConcurrency | None = None
    """Upgrades at a time in a cell."""
    abort: list[Abort] = Field(default_factory=list, max_length=16)
    """What stops the rollout."""
    sequential: SequentialTest | None = None
    """A sequential test that stops it."""
    retry: list[Retry] | None = Field(None, max_length=4)
    """What is tried again; null: strategy.retries and strategy.retry_delay for every failure."""
    budget: Budget | None = None
    """Attempts a device may make in a while."""
    penalty_box: PenaltyBox | None = None
    """Where devices that fail too often wait."""
    timeouts: Timeouts = Timeouts()
    """How long the platform waits."""
    address_lifetime: Wait | None = Field(None, gt=0)
    """A download address works for so long; null: for ever. The vendor's does not say."""
    maintenance: Annotated[list[Maintenance], _SAID_AS_ONE] = Field(default_factory=list, max_length=32)
    """Hours in which devices may be upgraded: one window, or a list of which any must be open; none: always."""
    refusals: Literal["hold", "final"] = "hold"
    """hold: a refusal keeps the offer away for rejection_hold; final: it is never offered again."""
    success: Literal["version", "status"] = "version"
    """What the platform takes for success: the target version in a report, or the status "upgraded" alone."""
    late_success: Literal["counts", "ignored"] = "counts"
    """What a success is worth that a device reports after the platform gave it up: it counts, or the failure stays."""

    @field_validator("waves")
    @classmethod
    def _so_many(cls, value: list[Wave]) -> list[Wave]:
        count = sum(wave.groups or 1 for wave in value)
        if count > MOST_WAVES:
            raise ValueError(f"are {count:,} with their groups; a rollout has at most {MOST_WAVES:,}")
        return value
