"""``+QIOTEVT`` lines: what a module says unasked.

The wire format is exact, because real hosts parse it with fixed patterns: one space after the colon, none in
the data, strings quoted, integers bare.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple, Self

from fota_sim.protocol.events import EVENTS, TYPES
from fota_sim.protocol.grammar import ARGUMENTS, Argument, format_arguments, parse_arguments
from fota_sim.quoting import quoted

PREFIX = "+QIOTEVT: "
_LINE = re.compile(rf"\+QIOTEVT: ([0-9]{{1,3}}),([0-9]{{1,6}})(?:,({ARGUMENTS}))?", re.ASCII)


class UrcError(ValueError):
    """A line that is no ``+QIOTEVT``, or one whose data are not those of its code."""


class OtaCode(IntEnum):
    """Codes of event type 7."""

    PLAN = 10700
    DOWNLOAD_STARTS = 10701
    DOWNLOADING = 10702
    DOWNLOADED = 10703
    UPDATING = 10704
    SUCCESS = 10705
    FAILED = 10706
    DECIDED = 10707
    SUB_DEVICE_TIMEOUT = 10708


OTA = 7
"""Event type of upgrades."""


class Urc(NamedTuple):
    """One event."""

    type: int
    code: int
    data: tuple[Argument, ...] = ()

    @property
    def label(self) -> str:
        """What happened, in words; empty for a code that no document lists."""
        return EVENTS.get((self.type, self.code), "")

    @property
    def type_label(self) -> str:
        """What the event is about, in words."""
        return TYPES.get(self.type, "")


def format_urc(kind: int, code: int, data: tuple[Argument, ...] = ()) -> str:
    """The line without framing; raises ValueError where ``format_arguments`` does."""
    if data:
        return f"{PREFIX}{kind},{code},{format_arguments(data)}"
    return f"{PREFIX}{kind},{code}"


def parse_urc(line: str) -> Urc:
    """Read a line without framing.

    Raises:
        UrcError: the line is not exactly of the format.

    """
    match = _LINE.fullmatch(line)
    if match is None:
        raise UrcError(f"not a +QIOTEVT line: {quoted(line)}")
    kind, code, data = match.groups()
    return Urc(int(kind), int(code), parse_arguments(data) if data else ())


def _fields(urc: Urc, code: OtaCode, types: tuple[type, ...], optional: int = 0) -> tuple[Argument, ...]:
    """Check a type-7 event's code and the types of its data; the last ``optional`` ones may be missing."""
    data = urc.data
    if urc.type != OTA or urc.code != code:
        raise UrcError(f"event {urc.type},{urc.code} is not 7,{int(code)}")
    if not len(types) - optional <= len(data) <= len(types) or any(
        not isinstance(value, kind) for value, kind in zip(data, types, strict=False)
    ):
        shape = ",".join("text" if kind is str else "number" for kind in types)
        raise UrcError(f"7,{int(code)} carries {shape}, not {quoted(data)}")
    return data


@dataclass(frozen=True, slots=True)
class PlanOffer:
    """7,10700: one component of a plan."""

    component: str
    source_version: str
    """Empty for a full package."""
    target_version: str
    min_battery_pct: int
    min_signal_dBm: int
    size_B: int
    """Room that the package needs."""

    def line(self) -> str:
        """The event's line, without framing."""
        return format_urc(
            OTA,
            OtaCode.PLAN,
            (
                self.component,
                self.source_version,
                self.target_version,
                self.min_battery_pct,
                self.min_signal_dBm,
                self.size_B,
            ),
        )

    @classmethod
    def from_urc(cls, urc: Urc) -> Self:
        """Read the event's data; raises UrcError when it is another event or the data do not fit."""
        return cls(*_fields(urc, OtaCode.PLAN, (str, str, str, int, int, int)))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class DownloadStart:
    """7,10701 of an MCU's component; for module firmware the event carries nothing."""

    component: str
    size_B: int
    md5: str
    crc32: int
    sha256: str = ""
    """Empty when the host did not ask for it."""

    def line(self) -> str:
        """The event's line, without framing."""
        data = (self.component, self.size_B, self.md5, self.crc32)
        return format_urc(OTA, OtaCode.DOWNLOAD_STARTS, (*data, self.sha256) if self.sha256 else data)

    @classmethod
    def from_urc(cls, urc: Urc) -> Self:
        """Read the event's data; raises UrcError when it is another event or the data do not fit."""
        types = (str, int, str, int, str)
        return cls(*_fields(urc, OtaCode.DOWNLOAD_STARTS, types, optional=1))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class PieceReady:
    """7,10703 of an MCU's component; for module firmware the event carries nothing."""

    component: str
    size_B: int
    """Of the whole file."""
    start: int
    """Offset of the piece in the file."""
    length: int
    """Bytes of the piece."""

    def line(self) -> str:
        """The event's line, without framing."""
        return format_urc(OTA, OtaCode.DOWNLOADED, (self.component, self.size_B, self.start, self.length))

    @classmethod
    def from_urc(cls, urc: Urc) -> Self:
        """Read the event's data; raises UrcError when it is another event or the data do not fit."""
        return cls(*_fields(urc, OtaCode.DOWNLOADED, (str, int, int, int)))  # type: ignore[arg-type]
