"""Memfault: the installs of a release, as its API lists them.

An install is one attempt of a device, from its begin to the last change of its state; a device that has not begun has
none. Which stage failed is not told.
"""

from __future__ import annotations

from typing import Any, Final

from fota_sim.histories.ends import End
from fota_sim.histories.opened import Opened
from fota_sim.histories.readers.reader import Reader
from fota_sim.histories.rows import Pages, Rows
from fota_sim.histories.view import INSTALLS

_STATUS: Final = {
    "success": End.SUCCEEDED,
    "in_progress": End.UNDER_WAY,
    "failure": End.FAILED,
    "failed": End.FAILED,
}


def _entries(each: dict[str, Any]) -> list[dict[str, Any]]:
    data = each.get("data")
    listed = data if isinstance(data, list) else [data] if isinstance(data, dict) else [each]
    return [entry for entry in listed if isinstance(entry, dict)]


def _is_install(entry: dict[str, Any]) -> bool:
    return isinstance(entry.get("device"), dict) and "release_to" in entry


def _is_one(opened: Opened) -> bool:
    return opened.is_json and any(_is_install(entry) for _, each in opened.objects[:1] for entry in _entries(each)[:1])


def _read(opened: Opened, rows: Rows) -> None:
    for line, each in opened.objects:
        entries = _entries(each)
        paging = each.get("paging")
        total = paging.get("total_count") if isinstance(paging, dict) else None
        if isinstance(each.get("data"), list):
            rows.pages.setdefault("install", Pages()).add(len(entries), total if isinstance(total, int) else 0)
        for number, entry in enumerate(entries, line):
            if _is_install(entry):
                _install(opened, number, entry, rows)
            else:
                rows.left_out.add("it is no install", opened.name, number)


def _install(opened: Opened, line: int, entry: dict[str, Any], rows: Rows) -> None:
    device, release = entry["device"], entry["release_to"]
    if isinstance(release, dict) and release.get("version"):
        rows.rollouts[f"release {release['version']}"] += 1
    ended = rows.vocabulary.end(str(entry.get("status", "")), _STATUS, opened.name, line)
    if ended is End.FAILED:
        rows.unstaged[""] = rows.unstaged.get("", 0) + 1
    name = str(device.get("device_serial") or "")
    rows.add(
        opened.name,
        line,
        name,
        ended,
        contact_s=entry.get("started_at"),
        ended_s=entry.get("transitioned_at"),
        attempts=1,
    )
    rows.describe(name, hardware=device.get("hardware_version"))


READER = Reader("memfault", "Memfault's installs", _is_one, INSTALLS, _read)
