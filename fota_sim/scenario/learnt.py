"""What a log of a real rollout taught a scenario: values with their uncertainty, as draws of all of them together."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from fota_sim.quoting import quoted
from fota_sim.scenario.types import Block, Line, Whole


class Fitted(Block):
    """One thing that was learnt, for people; what is drawn stands under draws."""

    name: Line = Field(min_length=1)
    """What it is."""
    paths: list[str] = Field(min_length=1)
    """The fields that it sets."""
    mean: str
    """With its unit."""
    interval: tuple[str, str]
    """95 %."""
    n: Whole = Field(ge=0)
    """Devices, or attempts, that it was learnt from."""
    default: str
    """What the scenario said before."""
    how: str = ""
    """In a line."""


class Kept(Block):
    """One thing that the log could not teach."""

    name: Line = Field(min_length=1)
    """What it is."""
    why: str
    """Why not."""


class Learnt(Block):
    """What was learnt from a log. Each replication takes one of the draws, the same one in every variant of the
    scenario; a field that somebody sets or varies is not drawn.
    """

    source: str = ""
    """Which log."""
    devices: Whole = Field(0, ge=0)
    """Devices in it."""
    parameters: list[Fitted] = Field(default_factory=list)
    """What was learnt."""
    kept: list[Kept] = Field(default_factory=list)
    """What was not, and keeps the value that the scenario had."""
    draws: dict[str, list[Any]] = Field(default_factory=dict)
    """Values by the path of their field, as a scenario writes them; the k-th of each belong together."""

    @model_validator(mode="after")
    def _as_long(self) -> Self:
        lengths = {path: len(values) for path, values in self.draws.items()}
        if len(set(lengths.values())) > 1 or 0 in lengths.values():
            first, *others = lengths
            odd = next((path for path in others if lengths[path] != lengths[first]), first)
            raise ValueError(
                f"draws of {quoted(first)} are {lengths[first]} and of {quoted(odd)} {lengths[odd]}; each path has as "
                "many, at least one"
            )
        return self

    @property
    def count(self) -> int:
        """How many draws there are."""
        return len(next(iter(self.draws.values()), []))
