"""What happened to devices, line by line, as a log of events has it; of all files of one log together."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Happened(StrEnum):
    """What a line of such a log says."""

    OFFERED = "offered"
    CONTACT = "contact"
    REFUSED = "refused"
    DOWNLOAD = "download"
    DOWNLOADED = "downloaded"
    INSTALLING = "installing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    FAILED_DOWNLOAD = "failed_download"
    FAILED_INSTALL = "failed_install"
    ROLLED_BACK = "rolled_back"
    CANCELLED = "cancelled"
    NOTHING = "nothing"


@dataclass
class Events:
    """The lines of a log, as columns. What a device did may stand on several pages of it."""

    devices: list[str] = field(default_factory=list)
    times: list[Any] = field(default_factory=list)
    """As the log writes them."""
    what: list[Happened] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    causes: list[str] = field(default_factory=list)

    def add(self, file: str, line: int, device: str, at: Any, what: Happened, cause: str = "") -> None:
        """One more."""
        self.devices.append(device)
        self.times.append(at)
        self.what.append(what)
        self.files.append(file)
        self.lines.append(line)
        self.causes.append(cause)
