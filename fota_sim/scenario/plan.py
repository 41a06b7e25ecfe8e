"""The upgrade plan, field by field as in the Developer Center."""

from __future__ import annotations

import math
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from fota_sim.scenario.activation import Moment, MomentLaw
from fota_sim.scenario.device_list import DeviceList
from fota_sim.scenario.distribution import Distribution
from fota_sim.scenario.rollout import MOST_RELEASED, Rate, Rollout
from fota_sim.scenario.types import Block, Line, Ratio, Signal, Wait, Whole, Zone
from fota_sim.scenario.window import DailyWindow, Window


class Strategy(Block):
    """The upgrade strategy of the plan."""

    retries: Whole = Field(5, ge=0, le=5)
    """Failed attempts after which the platform tries again; 5 is the vendor's default and maximum."""
    retry_delay: Wait = Field(10.0, ge=0)
    """From a reported failure to the next download address; vendor logs show it within the minute. Assumption."""
    min_signal: Signal = -113
    """Minimum signal in the offer; -113 dBm is the floor of AT+CSQ and lets everybody through."""
    min_battery: Ratio = Field(0.30, ge=0, le=1)
    """Minimum battery level in the offer."""
    enforced_by: Literal["device", "platform"] = "device"
    """Who compares: the host (2025 documentation), or the platform on what it last heard (2022)."""
    when_unknown: Literal["offer", "withhold"] = "offer"
    """The platform's check with telemetry missing."""
    telemetry_max_age: Wait | None = Field(None, gt=0)
    """The platform takes what it heard longer ago for missing; null: it never gets too old."""

    @field_validator("min_signal")
    @classmethod
    def _above_floor(cls, value: float) -> float:
        if not -113 <= value <= -51:
            raise ValueError(f"{value:g}dBm is outside what AT+CSQ can say; use -113dBm to -51dBm")
        return value

    @property
    def min_reading_dBm(self) -> int:
        """The weakest reading that passes, in whole dBm: one of -105 is below a minimum of -104.6."""
        weakest: int = math.ceil(self.min_signal)
        return weakest


Action = Literal[
    "activate", "suspend", "resume", "terminate", "edit", "delete", "cancel", "retry", "open_wave", "change_rate"
]


class OperatorAction(Block):
    """Something the operator does to the plan while it runs."""

    at: Moment = Field(ge=0)
    """When: from activation, or a date."""
    do: Action
    """What."""
    devices: DeviceList | None = None
    """Whom, for cancel and retry."""
    rate: Rate | None = None
    """change_rate: how fast devices are released from then on; null: a whole wave at once."""

    @model_validator(mode="after")
    def _devices_where_needed(self) -> Self:
        if (self.do in ("cancel", "retry")) != (self.devices is not None):
            raise ValueError("cancel and retry need devices: (ids, file or where), the other actions take none")
        if self.rate is not None and self.do != "change_rate":
            raise ValueError(f"{self.do} takes no rate; for another rate write do: change_rate")
        return self


class Plan(Block):
    """One upgrade plan, activated at time 0."""

    name: Line = Field("My plan", min_length=1, max_length=100)
    """Plan name."""
    preset: str | None = None
    """Built-in preset (defaults of a rollout system) that is laid under this plan."""
    mode: Literal["silent", "manual"] = "silent"
    """silent: the platform goes ahead; manual: each device's App user has to confirm first."""
    push: bool = True
    """Offer unasked (silent) on the 10-minute grid; false: only to devices that ask."""
    push_period: DailyWindow | None = None
    """Whole hours of the plan's local time in which offers are pushed; null: all day."""
    push_grid: Wait = Field(600.0, ge=0, le=86_400)
    """Offers are pushed at multiples of this, of local time; 10 min is the vendor's, 0 pushes at once."""
    time_zone: Zone | None = None
    """Zone of the push period; null: the scenario's."""
    starts: Moment = Field(0.0, ge=0)
    """Planned start: from activation, or a date."""
    ends: Moment | None = None
    """Planned end: from activation, or a date; null: not before the horizon."""
    rejection_hold: Wait = Field(7200.0, ge=600, le=86_400)
    """Effective period after rejection: how long a refusal keeps the push away (10 to 1440 min)."""
    strategy: Strategy = Strategy()
    """Retries and minimums."""
    rollout: Rollout = Rollout()
    """Waves, rate, concurrency, abort rules, retries."""
    packages: list[str] = Field(min_length=1)
    """Names of the packages, in upgrade order; one per component."""
    whitelist: DeviceList | None = None
    """Only these devices; null: all."""
    blacklist: DeviceList | None = None
    """Not these devices; wins over the whitelist."""
    user_confirm: MomentLaw = Distribution("lognormal", median=21_600.0, sigma=1.0)
    """manual: when the user confirms: from activation, or dates. Assumption."""
    user_confirm_share: Ratio = Field(1.0, ge=0, le=1)
    """manual: share of users who ever confirm. Assumption."""
    operator: list[OperatorAction] = Field(default_factory=list)
    """What the operator does later."""
    delete_rule: Literal["inactive-only", "stop-then-delete"] = "inactive-only"
    """Whether a stopped plan can be deleted (2022) or only one never activated (2025)."""

    @field_validator("push_period")
    @classmethod
    def _whole_hours(cls, value: Window | None) -> Window | None:
        if value is not None and (value.from_min % 60 or value.to_min % 60):
            raise ValueError('a push period has whole hours, for example "01:00-05:00"')
        return value

    @model_validator(mode="after")
    def _rates_can_change(self) -> Self:
        changes = self.rollout.rate_changes
        if changes is None:
            return self
        rates = [rate for rate in rates_of(self) if rate is not None]
        if not rates:
            raise ValueError("rollout.rate_changes needs a rate that they change; give rollout.rate too")
        if any(rate.factor > 1 for rate in rates):
            raise ValueError(
                "rollout.rate_changes needs constant rates, and one has steps (factor); write these as acts of the "
                "operator (change_rate), or leave rate_changes out"
            )
        if (most := max(rate.at_first for rate in rates) * changes.fastest) > MOST_RELEASED:
            raise ValueError(
                f"rollout.rate_changes.fastest makes {most:,.0f} devices an interval of a rate, and {MOST_RELEASED:,} "
                "are the most; write the rate with a shorter interval (every)"
            )
        return self


PLAN_NAME = r"^[A-Za-z0-9_\-]+$"
"""No dot: paths such as ``plans.meters.strategy.retries`` name fields of a plan."""

MOST_PLANS = 100


class NamedPlan(Plan):
    """One of several plans over one fleet. The first that takes a device has it.

    A plan takes the devices of its product that its whitelist names, if it has one, and its blacklist does not.
    """

    product: Line | None = Field(None, min_length=1)
    """Name of the product that it is for; null: the scenario's."""


def rates_of(plan: Plan) -> list[Rate | None]:
    """The rate of the release, and what the operator changes it to, as they are written; None: no limit."""
    changes = (action.rate for action in plan.operator if action.do == "change_rate")
    return [plan.rollout.rate, *changes]


def releases_at_once(plan: Plan) -> bool:
    """Whether the update is there for everybody from the beginning: no waves, no rate."""
    return not plan.rollout.waves and not any(rate is not None for rate in rates_of(plan))


def device_lists(plan: Plan, at: tuple[str | int, ...] = ("plan",)) -> list[tuple[tuple[str | int, ...], DeviceList]]:
    """Every list of devices in the plan, and where it stands; ``at``: where the plan does."""
    slots = plan.rollout.concurrency
    found: list[tuple[tuple[str | int, ...], DeviceList | None]] = [
        ((*at, "whitelist"), plan.whitelist),
        ((*at, "blacklist"), plan.blacklist),
        *(((*at, "operator", k, "devices"), action.devices) for k, action in enumerate(plan.operator)),
        *(((*at, "rollout", "waves", k, "devices"), wave.devices) for k, wave in enumerate(plan.rollout.waves)),
        ((*at, "rollout", "concurrency", "priority"), slots.priority if slots is not None else None),
    ]
    return [(path, entry) for path, entry in found if entry is not None]
