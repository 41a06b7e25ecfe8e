"""Histories from logs of events: what happened to each device, one line after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np

from fota_sim.histories.ends import End
from fota_sim.histories.rows import Rows
from fota_sim.histories.times import Clock, parse_times


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


def happened(word: str, known: Mapping[str, Happened], rows: Rows, file: str, line: int) -> Happened | None:
    """What a status says that has happened to a device; None if nobody knows, which is counted."""
    told = rows.vocabulary.told("status", word)
    if told is not None and str(told) in set(Happened):
        return Happened(str(told))
    found = known.get(word.strip().lower())
    if found is None:
        rows.vocabulary.unknown("status", word.strip(), file, line)
    return found


@dataclass
class Events:
    """The lines of a file, as columns."""

    file: str
    tells_stages: bool = True
    """Whether the log has a line for the end of a download, so that a failure's stage is known."""
    devices: list[str] = field(default_factory=list)
    times: list[Any] = field(default_factory=list)
    """As the log writes them."""
    what: list[Happened] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    causes: list[str] = field(default_factory=list)

    def add(self, device: str, at: Any, what: Happened, line: int, cause: str = "") -> None:
        """One more."""
        self.devices.append(device)
        self.times.append(at)
        self.what.append(what)
        self.lines.append(line)
        self.causes.append(cause)

    def fold(self, rows: Rows, clock: Clock) -> None:
        """Put the histories of all devices into ``rows``.

        A failure before a complete download is one of it, but for logs in which successes have no complete download
        either, for clients that do not report it.
        """
        if not self.devices:
            return
        seen = {*self.what}
        if self.tells_stages and Happened.SUCCEEDED in seen and seen.isdisjoint(_LOADED):
            self.tells_stages = False
            rows.left_out.note(
                "No success in the log has the end of its download, so failures do not show at which stage they were."
            )
        parsed = parse_times(self.times, clock)
        wrong = parsed.wrong | np.isnan(parsed.seconds)
        for place in np.flatnonzero(wrong)[:1]:
            rows.left_out.add("its event has no time that can be read", self.file, self.lines[place], int(wrong.sum()))
        kept = np.flatnonzero(~wrong)
        ordered = sorted(
            ((self.devices[k], parsed.seconds[k], k) for k in kept.tolist()),
            key=lambda each: (each[0], each[1], each[2]),
        )
        for device, lines in groupby(ordered, key=itemgetter(0)):
            self._fold_one(device, [(float(at_s), k) for _, at_s, k in lines], rows)

    def _fold_one(self, device: str, lines: list[tuple[float, int]], rows: Rows) -> None:
        cells: dict[str, Any] = dict.fromkeys(("attempts", "download_failures", "install_failures", "refusals"), 0)
        ended, stored, loading = End.NEVER_REACHED, False, False
        for at_s, k in lines:
            what = self.what[k]
            if what is Happened.NOTHING:
                continue
            if what is Happened.FAILED and self.tells_stages:
                what = Happened.FAILED_INSTALL if stored else Happened.FAILED_DOWNLOAD
            if what is Happened.OFFERED:
                cells.setdefault("offered_s", at_s)
                continue
            if what is not Happened.CANCELLED:
                cells.setdefault("contact_s", at_s)
            if what is Happened.DOWNLOAD and not loading:
                cells.setdefault("download_s", at_s)
                cells["attempts"] += 1
                stored, loading = False, True
            elif what is Happened.DOWNLOADED:
                cells["downloaded_s"] = at_s
                stored, loading = True, False
            elif what is Happened.INSTALLING:
                stored, loading = True, False
            elif what is Happened.REFUSED:
                cells["refusals"] += 1
            elif what is Happened.FAILED_DOWNLOAD:
                cells["download_failures"] += 1
                cells["attempts"] += 0 if loading else 1
                stored = loading = False
            elif what in (Happened.FAILED_INSTALL, Happened.ROLLED_BACK):
                cells["install_failures"] += 1
                stored = loading = False
            elif what is Happened.FAILED:
                stored = loading = False
            cells["cause"] = self.causes[k]
            ended = _LASTING[what]
            cells["ended_s"] = at_s if ended in _FINAL else None
        if ended in (End.SUCCEEDED, End.FAILED_INSTALL, End.ROLLED_BACK, End.FAILED):
            cells["attempts"] = max(1, cells["attempts"])
        if not self.tells_stages:
            cells["download_failures"] = cells["install_failures"] = None
        rows.add(self.file, self.lines[lines[0][1]], device, ended, **cells)


_LOADED = (Happened.DOWNLOADED, Happened.INSTALLING)
_LASTING = {
    Happened.CONTACT: End.WAITING,
    Happened.REFUSED: End.REFUSED,
    Happened.DOWNLOAD: End.DOWNLOADING,
    Happened.DOWNLOADED: End.INSTALLING,
    Happened.INSTALLING: End.INSTALLING,
    Happened.SUCCEEDED: End.SUCCEEDED,
    Happened.FAILED: End.FAILED,
    Happened.FAILED_DOWNLOAD: End.FAILED_DOWNLOAD,
    Happened.FAILED_INSTALL: End.FAILED_INSTALL,
    Happened.ROLLED_BACK: End.ROLLED_BACK,
    Happened.CANCELLED: End.CANCELLED,
}
_FINAL = (
    *(End.REFUSED, End.SUCCEEDED, End.FAILED, End.FAILED_DOWNLOAD, End.FAILED_INSTALL),
    *(End.ROLLED_BACK, End.CANCELLED),
)
