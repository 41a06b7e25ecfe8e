"""What a script or the control socket asks for: a fault by its name, with what it needs, and when."""

from __future__ import annotations

from typing import Literal, Self, get_args

from pydantic import Field, model_validator

from fota_sim.quoting import listed, quoted
from fota_sim.rules.delay import to_ms
from fota_sim.scenario.types import Block, Duration, Ratio, Signal


def moment_ms(seconds: float) -> int:
    """A time from a beginning on, which may be the beginning itself; a duration of the model is never nothing."""
    return to_ms(seconds) if seconds > 0.0 else 0


FaultName = Literal[
    "drop_offer",
    "drop_url",
    "break_download",
    "verify_failure",
    "boot_failure",
    "wrong_version",
    "never_reconnects",
    "power_cut",
    "power_on",
    "power_off",
    "lose_urc",
    "double_urc",
    "garble_block",
    "wrong_checksum",
    "signal_walk",
    "battery",
    "say",
]
IMAGE_FAULTS = ("verify_failure", "boot_failure", "wrong_version", "never_reconnects")
"""Those that the next image has, called as the effects of defects in a scenario."""
FAULTS: tuple[str, ...] = get_args(FaultName)
_NEEDS = {"break_download": "share", "signal_walk": "to", "battery": "charge", "say": "line"}
_MAY_HAVE = {"signal_walk": ("over",)}


class Injection(Block):
    """A fault and its parameters."""

    fault: FaultName
    """Which; those of images are called as the effects of defects in a scenario."""
    device: str | int | None = None
    """Whose: an id or a number in the fleet; not needed with one device."""
    share: Ratio | None = Field(None, ge=0, lt=1)
    """break_download: of the file."""
    to: Signal | None = None
    """signal_walk: the mean signal in the end."""
    over: Duration = Field(0.0, ge=0)
    """signal_walk: how long it takes."""
    charge: Ratio | None = Field(None, ge=0, le=1)
    """battery: what it holds."""
    line: str | None = Field(None, min_length=1, max_length=512)
    """say: the line, without line ends."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        needed = _NEEDS.get(self.fault)
        if needed is not None and getattr(self, needed) is None:
            raise ValueError(f"{self.fault} needs {needed}")
        allowed = {needed, *_MAY_HAVE.get(self.fault, ())}
        given = [name for name in ("share", "to", "over", "charge", "line") if name in self.model_fields_set]
        spare = [name for name in given if name not in allowed]
        if spare:
            takes = listed(sorted(name for name in allowed if name)) or "nothing"
            raise ValueError(f"{self.fault} takes {takes}; take {listed(spare)} away")
        if self.line is not None and ("\r" in self.line or "\n" in self.line):
            raise ValueError(f"{quoted(self.line)} holds a line end; say one line")
        return self

    @property
    def to_dBm(self) -> float:
        """The signal of a walk's end."""
        assert self.to is not None  # a walk needs it
        return float(self.to)

    @property
    def over_ms(self) -> int:
        """How long a walk takes."""
        return moment_ms(self.over)


class Step(Injection):
    """A fault of a script: at a time, or after something was said."""

    at: Duration | None = Field(None, ge=0)
    """Virtual time since activation."""
    when: str | None = Field(None, min_length=1)
    """Text in a line of the device's dialogue, of either side."""
    nth: int = Field(1, ge=1)
    """The first such line, or a later one."""
    after: Duration = Field(0.0, ge=0)
    """From that line on."""

    @model_validator(mode="after")
    def _has_a_time(self) -> Self:
        if (self.at is None) == (self.when is None):
            raise ValueError("needs either at: a time, or when: a text that is said")
        if self.at is not None and {"nth", "after"} & self.model_fields_set:
            raise ValueError("nth and after belong to when:, not to at:")
        return self


class Script(Block):
    """What goes wrong, and when; a file that a job keeps beside its scenario."""

    faults: list[Step] = Field(min_length=1)
    """In any order."""
