"""How a log is meant: what it does not say itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

RESULT = "fota-sim"
"""As ``--from`` takes it."""
FLAGS = {
    "platform": "--from",
    "words": "--map",
    "columns": "--columns",
    "as_of": "--as-of",
    "time_zone": "--time-zone",
    "dates": "--dates",
    "targeted": "--targeted",
    "replication": "--replication",
}
"""How a command takes each field of ``Reading``."""


@dataclass(frozen=True)
class Reading:
    """How a log is to be read: what it does not say itself."""

    platform: str | None = None
    """One of ``READERS``, or RESULT; None: seen from each file."""
    words: Sequence[str] = ()
    """What words mean, as ``status:Weird=failed``."""
    columns: Sequence[str] = ()
    """Which column of a spreadsheet is what, as ``device=IMEI``."""
    as_of: str | None = None
    """When it was exported; None: at its last time."""
    time_zone: str | None = None
    """Of times without an offset; None: the scenario's, for it is its rollout."""
    dates: str = "ymd"
    """In which order a date is written."""
    targeted: int | None = None
    """How many devices the rollout was for, where the log lists only those that asked."""
    replication: int = 0
    """Of a result of fota-sim: the one that is read."""

    def arguments(self) -> list[str]:
        """What somebody has to say on a command line to have it read so."""
        said: list[str] = []
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name in ("words", "columns"):
                said += [part for text in value for part in (FLAGS[each.name], text)]
            elif value != each.default:
                said += [FLAGS[each.name], str(value)]
        return said
