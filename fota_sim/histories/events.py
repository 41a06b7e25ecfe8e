"""Histories from logs of events: what happened to each device, one line after the other."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from itertools import groupby
from typing import Any, NamedTuple

from fota_sim.histories.ends import End
from fota_sim.histories.rows import Rows


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


class Event(NamedTuple):
    """A line, with a time that can be put in order; ``at_s`` since 1970."""

    device: str
    at_s: float
    what: Happened
    line: int
    cause: str = ""


_LASTING = {
    Happened.OFFERED: End.NEVER_REACHED,
    Happened.CONTACT: End.WAITING,
    Happened.REFUSED: End.REFUSED,
    Happened.DOWNLOAD: End.DOWNLOADING,
    Happened.DOWNLOADED: End.INSTALLING,
    Happened.INSTALLING: End.INSTALLING,
    Happened.SUCCEEDED: End.SUCCEEDED,
    Happened.FAILED_DOWNLOAD: End.FAILED_DOWNLOAD,
    Happened.FAILED_INSTALL: End.FAILED_INSTALL,
    Happened.ROLLED_BACK: End.ROLLED_BACK,
    Happened.CANCELLED: End.CANCELLED,
}
_FINAL = (End.REFUSED, End.SUCCEEDED, End.FAILED_DOWNLOAD, End.FAILED_INSTALL, End.ROLLED_BACK, End.CANCELLED)


def fold(events: Iterable[Event], file: str, rows: Rows) -> None:
    """Put the histories of all devices into ``rows``. A failure before a complete download is one of downloading."""
    ordered = sorted(events, key=lambda each: (each.device, each.at_s))
    for device, lines in groupby(ordered, key=lambda each: each.device):
        _fold_one(device, list(lines), file, rows)


def _fold_one(device: str, lines: list[Event], file: str, rows: Rows) -> None:
    cells: dict[str, Any] = dict.fromkeys(("attempts", "download_failures", "install_failures", "refusals"), 0)
    ended, stored, loading = End.NEVER_REACHED, False, False
    for each in lines:
        what = each.what
        if what is Happened.NOTHING:
            continue
        if what is Happened.FAILED:
            what = Happened.FAILED_INSTALL if stored else Happened.FAILED_DOWNLOAD
        if what is Happened.OFFERED:
            cells.setdefault("offered_s", each.at_s)
            continue
        if what is not Happened.CANCELLED:
            cells.setdefault("contact_s", each.at_s)
        if what is Happened.DOWNLOAD and not loading:
            cells.setdefault("download_s", each.at_s)
            cells["attempts"] += 1
            stored, loading = False, True
        elif what is Happened.DOWNLOADED:
            cells["downloaded_s"] = each.at_s
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
        cells["cause"] = each.cause
        ended = _LASTING[what]
        cells["ended_s"] = each.at_s if ended in _FINAL else None
    rows.add(file, lines[0].line, device, ended, **cells)
