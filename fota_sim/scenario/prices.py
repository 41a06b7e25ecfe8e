"""What things cost: prices for traffic, visits, waiting, devices left behind and battery; whom somebody goes to."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from fota_sim.quoting import listed, quoted
from fota_sim.rules.labels import CAUSES, OUTCOMES
from fota_sim.scenario.metrics import PRICED, TAKEN_UNITS
from fota_sim.scenario.types import Block, Plain
from fota_sim.scenario.wording import did_you_mean

Price = Annotated[Plain, Field(ge=0, le=1e9)]
"""An amount of the scenario's currency for one of something."""


class Prices(Block):
    """What happens, priced. What has no price costs nothing and is not told."""

    currency: str = Field(min_length=1, max_length=12)
    """What prices and costs are in, one word or sign: EUR, USD, credits."""
    per_MB: Price | None = None
    """For each MB (a million bytes) sent to devices, wasted ones among them. null: not priced, as below."""
    per_visit: Price | None = None
    """For each device that somebody has to go to."""
    visit_after: list[str] = Field(default_factory=lambda: ["bricked", "battery empty"], min_length=1)
    """Outcomes and causes after which somebody has to: a device is visited once if either of its own is named.
    Assumption: a device that does not run, or has no charge left, needs hands; one that failed may be upgraded by the
    next plan."""
    per_device_day: Price | None = None
    """For each day that a device of the plan is not on the target version: from activation until it is upgraded, else
    to the horizon."""
    per_not_upgraded: Price | None = None
    """For each device of the plan that is not on the target version at the horizon: what it costs to leave it behind
    for good, or until the next plan, beyond the days up to the horizon."""
    per_mAh: Price | None = None
    """For each mAh that the update takes from batteries."""

    @field_validator("currency")
    @classmethod
    def _a_word(cls, value: str) -> str:
        sign = len(value) == 1 and unicodedata.category(value) == "Sc"
        if not sign and not value.isalpha():
            raise ValueError(f"{quoted(value)} is no currency; write one word or sign, such as EUR")
        if value in TAKEN_UNITS:
            raise ValueError(f"{quoted(value)} is a unit of something else; write one word such as EUR")
        return value

    @field_validator("visit_after")
    @classmethod
    def _known(cls, value: Sequence[str]) -> Sequence[str]:
        known = [*OUTCOMES, *filter(None, CAUSES)]
        for name in value:
            if name not in known:
                raise ValueError(f"{quoted(name)} is no outcome and no cause{did_you_mean(name, known)}")
        if len(set(value)) < len(value):
            raise ValueError("names something twice; a device is visited once")
        return value

    @model_validator(mode="after")
    def _something(self) -> Prices:
        if not self.priced:
            raise ValueError(f"prices nothing; give {listed(PRICED)}, or leave prices out")
        return self

    @property
    def priced(self) -> frozenset[str]:
        """The fields of ``PRICED`` that have a price."""
        return frozenset(name for name in PRICED if getattr(self, name) is not None)

    def of(self, field: str) -> float:
        """The price of a field in ``priced``."""
        price: float = getattr(self, field)
        return price
