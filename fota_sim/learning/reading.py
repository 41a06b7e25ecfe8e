"""How a log is meant: what it does not say itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

RESULT = "fota-sim"
"""As ``--from`` takes it."""


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
