"""Which devices a list, a wave or an operator's action is about."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from fota_sim.scenario.types import Block, Line


class DeviceList(Block):
    """Devices by file, by id or by condition; whoever any of them names is on the list."""

    file: Line | None = None
    """Text file with one id per line; # starts a comment."""
    ids: list[Line] = Field(default_factory=list)
    """Device ids."""
    where: str | None = None
    """Condition over attributes: firmware == "1_0" and rssi < -105dBm."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.file or self.ids or self.where):
            raise ValueError("an empty list; give file, ids or where, or leave it out")
        return self
