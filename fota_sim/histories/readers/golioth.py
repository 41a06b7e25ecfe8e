"""Golioth: the OTA events of a cohort (``ota-events?cohortId=C``), and the cohort itself for how many devices it has.

An event says of a device what kind it is (``eventType``) and when; fields are those of the service's API. Pages follow
each other by ``nextPageToken``. A device without an event has not asked.
"""

from __future__ import annotations

from typing import Any, Final

from fota_sim.histories.events import fold, happened
from fota_sim.histories.happened import Happened
from fota_sim.histories.opened import Opened
from fota_sim.histories.readers.reader import Reader
from fota_sim.histories.rows import Pages, Rows
from fota_sim.histories.times import Clock
from fota_sim.histories.view import REPORTED

_KINDS: Final = {
    "queued": Happened.OFFERED,
    "downloading": Happened.DOWNLOAD,
    "applying": Happened.INSTALLING,
    "completed": Happened.SUCCEEDED,
    "failed": Happened.FAILED,
}


def _inner(each: dict[str, Any]) -> dict[str, Any]:
    """Without the ``result`` that some versions of the API put around an answer."""
    result = each.get("result")
    return result if isinstance(result, dict) else each


def _entries(each: dict[str, Any]) -> list[dict[str, Any]]:
    inner = _inner(each)
    listed = inner.get("list")
    return [entry for entry in (listed if isinstance(listed, list) else [inner]) if isinstance(entry, dict)]


def _is_event(entry: dict[str, Any]) -> bool:
    return "eventType" in entry and "deviceId" in entry


def _is_cohort(entry: dict[str, Any]) -> bool:
    return "deviceCount" in entry and "activeDeploymentId" in entry


def _is_one(opened: Opened) -> bool:
    return opened.is_json and any(
        _is_event(entry) or _is_cohort(entry) for _, each in opened.objects[:1] for entry in _entries(each)[:1]
    )


def _read(opened: Opened, rows: Rows) -> None:
    for line, each in opened.objects:
        entries = _entries(each)
        if isinstance(_inner(each).get("list"), list) and entries and _is_event(entries[0]):
            pages = rows.pages.setdefault("OTA event", Pages())
            pages.add(len(entries), going_on=bool(_inner(each).get("nextPageToken")))
        for number, entry in enumerate(entries, line):
            if _is_event(entry):
                _event(opened, number, entry, rows)
            elif _is_cohort(entry):
                count = entry["deviceCount"]
                rows.targeted = (rows.targeted or 0) + int(count) if str(count).isdecimal() else rows.targeted
            else:
                rows.left_out.add("it is no OTA event", opened.name, number)


def _event(opened: Opened, line: int, entry: dict[str, Any], rows: Rows) -> None:
    if version := entry.get("targetVersion"):
        rows.rollouts[f"version {version}"] += 1
    what = happened(str(entry["eventType"]), _KINDS, rows, opened.name, line)
    if what is not None:
        cause = str(entry.get("message") or "")
        rows.events.add(opened.name, line, str(entry["deviceId"]), entry.get("timestamp"), what, cause)


def _finish(rows: Rows) -> None:
    fold(rows, Clock())
    begun = rows.columns["download_s"]
    begun[:] = [None] * len(begun)  # that it downloads is what is heard first of a device, so it is its contact


READER = Reader("golioth", "Golioth's OTA events", _is_one, REPORTED, _read, _finish)
