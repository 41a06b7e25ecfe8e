"""Devices of a rollout that is worked out by hand: what each is, what became of it, and how they are counted."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

OK, BAD, REFUSES, ON_TARGET, GONE = "ok", "bad", "refuses", "on target", "gone"


def share_of(written: str | int) -> Fraction:
    """``33.4%`` as a fraction."""
    text = str(written)
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


@dataclass(eq=False)
class Device:
    """What the fleet says of a device, and what becomes of it."""

    number: int
    kind: str
    joins: int
    revision: str
    listed: bool
    """Whether the whitelist names it."""
    left_out: bool = False
    """Whether it joined too late."""
    released: int | None = None
    heard: bool = False
    confirmed: bool = False
    started: bool = False
    thinks: bool = False
    """Whether an offer waits for its answer."""
    waits: bool = False
    """Whether an attempt is to come."""
    offered: int | None = None
    finished: int | None = None
    succeeded: bool = False
    failed: bool = False
    cancelled: str = ""
    refused: bool = False
    refused_for_good: bool = False
    refusals: int = 0
    attempts_failed: int = 0
    retries: int = 0
    in_box: int = 0
    box_from: int = 0
    held_until: int = 0
    slot: bool = False
    queued: bool = False
    ticket: int = 0
    tick: int = 0

    @property
    def is_over(self) -> bool:
        """Whether the plan is done with it."""
        return self.succeeded or self.failed or bool(self.cancelled) or self.refused_for_good


@dataclass
class Counts:
    """Of some devices, at one moment."""

    group: int
    targeted: int
    started: int
    succeeded: int
    failed: int
    otherwise: int
    untried: int
    early: int

    def among(self, of: str) -> int:
        """A denominator."""
        return {
            "group": self.group,
            "targeted": self.targeted,
            "started": self.started,
            "finished": self.succeeded + self.failed,
        }[of]
