"""How an operator may change the rate of a rollout beside what is planned, which a forecast does not know."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from fota_sim.scenario.types import Block, Duration, Plain, Ratio


class RateChanges(Block):
    """Changes of the rate that nobody has planned. Forecasts draw them; a run plays the rate that is written.

    At each look the operator speeds the rollout up, slows it down, or leaves it alone. The new rate lies anywhere
    between the present one and the end on that side, evenly by ratio. docs/sources.md says where its numbers come from.
    """

    every: Duration = Field(86_400.0, ge=3600)
    """How often the operator looks, from the plan's start on."""
    faster: Ratio = Field(0.2, ge=0, le=1)
    """Chance that a look speeds the rollout up."""
    slower: Ratio = Field(0.1, ge=0, le=1)
    """Chance that a look slows it down."""
    slowest: Plain = Field(0.1, gt=0, le=1)
    """The slowest rate, as a multiple of the planned one."""
    fastest: Plain = Field(10.0, ge=1, le=100_000)
    """The fastest, likewise."""

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        if self.faster + self.slower > 1:
            raise ValueError("faster and slower are chances of one look; together they are at most 100 %")
        return self
