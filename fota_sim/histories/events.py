"""Histories from logs of events: what happened to each device, one line after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np

from fota_sim.histories.ends import End
from fota_sim.histories.happened import Events, Happened
from fota_sim.histories.rows import Rows
from fota_sim.histories.times import Clock, parse_times


def happened(word: str, known: Mapping[str, Happened], rows: Rows, file: str, line: int) -> Happened | None:
    """What a status says that has happened to a device; None if nobody knows, which is counted."""
    told = rows.vocabulary.told("status", word)
    if told is not None and str(told) in set(Happened):
        return Happened(str(told))
    found = known.get(word.strip().lower())
    if found is None:
        rows.vocabulary.unknown("status", word.strip(), file, line)
    return found


def fold(rows: Rows, clock: Clock, tells_stages: bool = True) -> None:
    """Put the histories of all devices with events into ``rows``, once all files are read.

    ``tells_stages``: whether the log has a line for the end of a download, so that a failure's stage is known.

    A failure before a complete download is one of it, but for logs in which successes have no complete download either,
    for clients that do not report it.
    """
    events, rows.events = rows.events, Events()
    if not events.devices:
        return
    seen = {*events.what}
    if tells_stages and Happened.SUCCEEDED in seen and seen.isdisjoint(_LOADED):
        tells_stages = False
        rows.left_out.note(
            "No success in the log has the end of its download, so failures do not show at which stage they were."
        )
    parsed = parse_times(events.times, clock)
    wrong = parsed.wrong | np.isnan(parsed.seconds)
    for place in np.flatnonzero(wrong)[:1]:
        why = "its event has no time that can be read"
        rows.left_out.add(why, events.files[place], events.lines[place], int(wrong.sum()))
    kept = np.flatnonzero(~wrong)
    ordered = sorted(
        ((events.devices[k], parsed.seconds[k], k) for k in kept.tolist()),
        key=lambda each: (each[0], each[1], each[2]),
    )
    for device, lines in groupby(ordered, key=itemgetter(0)):
        _fold_one(events, device, [(float(at_s), k) for _, at_s, k in lines], rows, tells_stages)


def _fold_one(events: Events, device: str, lines: Sequence[tuple[float, int]], rows: Rows, tells_stages: bool) -> None:
    cells: dict[str, Any] = dict.fromkeys(("attempts", "download_failures", "install_failures", "refusals"), 0)
    ended, stored, loading = End.NEVER_REACHED, False, False
    told: set[tuple[float, Happened]] = set()
    for at_s, k in lines:
        what = events.what[k]
        if what is Happened.NOTHING or (at_s, what) in told:
            continue  # pages may overlap
        told.add((at_s, what))
        if what is Happened.FAILED and tells_stages:
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
        cells["cause"] = events.causes[k]
        ended = _LASTING[what]
        cells["ended_s"] = at_s if ended in _FINAL else None
    if ended in (End.SUCCEEDED, End.FAILED_INSTALL, End.ROLLED_BACK, End.FAILED):
        cells["attempts"] = max(1, cells["attempts"])
    if not tells_stages:
        cells["download_failures"] = cells["install_failures"] = None
    first = lines[0][1]
    rows.add(events.files[first], events.lines[first], device, ended, **cells)


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
