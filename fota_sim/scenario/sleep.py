"""Sleep as the network knows it: PSM and eDRX by their timers, and which values those can take.

A timer is told to the network in a byte or in four bits, so it has few values. They are those of 3GPP TS 24.008, as
AT+CPSMS and AT+CEDRXS write them: T3412 extended is a GPRS timer 3 (table 10.5.163a), T3324 a GPRS timer 2 (table
10.5.163), cycle and paging time window of eDRX table 10.5.5.32.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Literal, cast

from pydantic import Field, ValidationInfo, field_validator, model_validator

from fota_sim.quoting import quoted
from fota_sim.scenario.types import Block, Duration
from fota_sim.scenario.units import DURATION

Access = Literal["nb-iot", "lte"]
"""What a radio is to eDRX: NB-S1, or WB-S1, which LTE-M and LTE Cat 1 have."""

Timer = Literal["t3412", "t3324", "edrx"]

# Units in seconds, by the three bits before the value of 0 to 31.
_T3412_UNITS = {0b011: 2, 0b100: 30, 0b101: 60, 0b000: 600, 0b001: 3_600, 0b010: 36_000, 0b110: 1_152_000}
_T3324_UNITS = {0b000: 2, 0b001: 60, 0b010: 360}
_MOST = 31
_HYPERFRAME_S = 10.24
# In hyperframes, by the four bits. Some are of WB-S1 alone: the first two, and those that are no power of two.
_CYCLES = (0.5, 1, 2, 4, 6, 8, 10, 12, 14, 16, 32, 64, 128, 256, 512, 1024)
_ONLY_LTE = frozenset({0, 1, 4, 6, 7, 8})
_ONLY_NB_IOT = frozenset({14, 15})
_WINDOW_S: dict[Access, float] = {"lte": 1.28, "nb-iot": 2.56}
_WINDOWS = 16
_USUAL_WINDOW_S: dict[Access, float] = {"lte": 5.12, "nb-iot": 10.24}
"""The shortest that Nordic's AT manual recommends (nRF9160, +CEDRXS). A network may give another; assumption."""
_USUAL_INACTIVITY_S: dict[Access, float] = {"lte": 10.0, "nb-iot": 20.0}
"""Measured, docs/sources.md (Sleep). An operator may have another; assumption."""

TIMERS: tuple[Timer, ...] = ("t3412", "t3324", "edrx")
"""Timers that a column of a table may give."""

VALUES: dict[Timer, tuple[float, ...]] = {
    "t3412": tuple(sorted({float(unit * k) for unit in _T3412_UNITS.values() for k in range(1, _MOST + 1)})),
    "t3324": tuple(sorted({float(unit * k) for unit in _T3324_UNITS.values() for k in range(_MOST + 1)})),
    "edrx": tuple(round(hyperframes * _HYPERFRAME_S, 2) for hyperframes in _CYCLES),
}
"""What each timer can be, in s, ascending."""

_CALLED: dict[Timer, str] = {
    "t3412": "T3412 (periodic TAU)",
    "t3324": "T3324 (active time)",
    "edrx": "the eDRX cycle",
}
_WIDTH: dict[Timer, int] = {"t3412": 8, "t3324": 8, "edrx": 4}


def access_of(law: str) -> Access:
    """Which of the two a radio with this rate law is."""
    return "nb-iot" if law == "nb-iot" else "lte"


def cycles(access: Access) -> tuple[float, ...]:
    """Cycles of eDRX in s that devices of a kind of radio have."""
    others = _ONLY_LTE if access == "nb-iot" else _ONLY_NB_IOT
    return tuple(cycle for bits, cycle in enumerate(VALUES["edrx"]) if bits not in others)


def windows(access: Access) -> tuple[float, ...]:
    """Paging time windows in s that devices of a kind of radio have."""
    return tuple(_WINDOW_S[access] * k for k in range(1, _WINDOWS + 1))


def known(value: float, values: Sequence[float]) -> bool:
    """Whether a duration is one of these, however it was written."""
    return any(abs(value - each) <= 1e-6 * max(1.0, each) for each in values)


def nearest(value: float, values: Sequence[float]) -> str:
    """The values next to one that is none of them, in words."""
    above = bisect_left(values, value)
    near = values[max(0, above - 1) : above + 1]
    return " or ".join(DURATION.format(round(each, 2)) for each in near)


def expressible(timer: Timer, value: float) -> float:
    """The value of ``VALUES`` that this is; raises ValueError, with the nearest, if no message can carry it."""
    for each in VALUES[timer]:
        if known(value, (each,)):
            return each
    message = f"{DURATION.format(value)} is no value that {_CALLED[timer]} can have; the nearest: "
    raise ValueError(message + nearest(value, VALUES[timer]))


def from_bits(timer: Timer, bits: str) -> float:
    """What the bits stand for as AT+CPSMS and AT+CEDRXS write them; raises ValueError if that is no value."""
    width = _WIDTH[timer]
    if len(bits) != width or not set(bits) <= {"0", "1"}:
        raise ValueError(f"{quoted(bits)} is not {width} bits")
    if timer == "edrx":
        return VALUES["edrx"][int(bits, 2)]
    unit = (_T3412_UNITS if timer == "t3412" else _T3324_UNITS).get(int(bits[:3], 2))
    if unit is None or (timer == "t3412" and not int(bits[3:], 2)):
        raise ValueError(
            f"{quoted(bits)} switches {_CALLED[timer]} off; put devices that do not sleep so into a file of their own"
        )
    return float(unit * int(bits[3:], 2))


def lost_zeros(timer: Timer, text: str) -> str:
    """The bits that a number was before a program took the zeros from its beginning; ``""`` where it is none of them.

    >>> lost_zeros("t3412", "111000"), lost_zeros("edrx", "101"), lost_zeros("t3412", "00111000")
    ('00111000', '0101', '')
    """
    width = _WIDTH[timer]
    return text.zfill(width) if 1 < len(text) < width and set(text) <= {"0", "1"} and text[0] == "1" else ""


class Sleep(Block):
    """What device and network agreed on so that the device can sleep: PSM, eDRX, or eDRX in PSM's active time."""

    t3412: Duration | None = None
    """PSM: periodic TAU (T3412 extended). So long after the last report the module wakes, tells the network that it is
    there, and can be reached for a while; the host sleeps on unless something waits for it."""
    t3324: Duration | None = None
    """PSM: active time. How long the module listens, after the network has let it go idle, before it sleeps."""
    edrx: Duration | None = None
    """eDRX: the cycle. Between paging windows an idle module hears nothing."""
    paging_window: Duration | None = None
    """eDRX: how long it listens in each cycle; null: 5.12 s, over NB-IoT 10.24 s, which is assumed."""
    inactivity: Duration | None = Field(None, ge=0)
    """How long the network keeps an idle connection before it lets the module go (RRC inactivity); null: 10 s, over
    NB-IoT 20 s. 0 s: the module asks to be let go at once (release assistance). Assumption."""
    keeps_downlinks: Duration | None = Field(None, ge=0)
    """How long what is sent to a module in PSM is kept for it, in the network or on the platform; null: until it is
    there. Assumption."""

    @field_validator("t3412", "t3324", "edrx")
    @classmethod
    def _expressible(cls, value: float | None, info: ValidationInfo) -> float | None:
        return None if value is None else expressible(cast("Timer", info.field_name), value)

    @model_validator(mode="after")
    def _whole(self) -> Sleep:
        wrong = self.trouble()
        if wrong:
            raise ValueError(wrong)
        if (self.t3412 is None) != (self.t3324 is None):
            raise ValueError("PSM has both timers: t3412, how long it sleeps at most, and t3324, how long it listens")
        if self.t3324 is None and self.edrx is None:
            raise ValueError("say how it sleeps: t3412 and t3324 (PSM), or edrx, or all three")
        if self.edrx is None and self.paging_window is not None:
            raise ValueError("a paging_window belongs to an eDRX cycle; write edrx too, or leave it out")
        if self.edrx is not None and self.paging_window is not None:
            every = sorted({*windows("lte"), *windows("nb-iot")})
            if not known(self.paging_window, every):
                message = f"{DURATION.format(self.paging_window)} is no paging time window that there is; the nearest: "
                raise ValueError(message + nearest(self.paging_window, every))
        return self

    def trouble(self) -> str:
        """Which timers cannot be together, in words with what would do; empty if they can."""
        if self.t3412 is not None and self.t3324 is not None and self.t3324 >= self.t3412:
            return (
                f"t3324 of {DURATION.format(self.t3324)} is not shorter than t3412 of {DURATION.format(self.t3412)}: "
                "the module would never sleep. Shorten t3324, or leave both out"
            )
        if self.edrx is not None and self.paging_window is not None and self.paging_window >= self.edrx:
            return (
                f"the paging window of {DURATION.format(self.paging_window)} is not shorter than the eDRX cycle of "
                f"{DURATION.format(self.edrx)}; shorten it, or leave it out"
            )
        return ""

    @property
    def in_psm(self) -> bool:
        """Whether it sleeps in PSM; with eDRX alone it is there all the time."""
        return self.t3324 is not None

    def window_s(self, access: Access) -> float:
        """How long it listens in each eDRX cycle: one paging occasion where a cycle is too short for the usual."""
        if self.edrx is None:
            return 0.0
        if self.paging_window is not None:
            return float(self.paging_window)
        usual = _USUAL_WINDOW_S[access]
        return usual if usual < float(self.edrx) else _WINDOW_S[access]

    def inactivity_s(self, access: Access) -> float:
        """How long the network keeps an idle connection."""
        return _USUAL_INACTIVITY_S[access] if self.inactivity is None else self.inactivity

    def linger_s(self, access: Access) -> float:
        """How long a module in PSM can be reached after it was last spoken to."""
        return self.inactivity_s(access) + (self.t3324 or 0.0)
