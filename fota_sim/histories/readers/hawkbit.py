"""Eclipse hawkBit: actions with their status entries from its management API, or its database as one joined CSV.

Each entry has a time, so stages are told apart: an error before ``downloaded`` is one of the download. There is no
timeout, so what hangs is still under way. The API's list of entries does not say whose they are; its address does, so a
file of entries is named after it (``targets/T/actions/A/status``), or entries stand in their action as
``statusEntries``. An action without entries says how it stands as ``detailStatus`` (MgmtAction of its API).
"""

from __future__ import annotations

import re
from typing import Any, Final

from fota_sim.histories.ends import End
from fota_sim.histories.events import fold, happened
from fota_sim.histories.happened import Happened
from fota_sim.histories.opened import Opened
from fota_sim.histories.readers.reader import Reader
from fota_sim.histories.rows import Pages, Rows
from fota_sim.histories.times import Clock
from fota_sim.histories.view import ACTIONS
from fota_sim.quoting import number_of

_TYPES: Final = {
    "finished": Happened.SUCCEEDED,
    "error": Happened.FAILED,
    "warning": Happened.NOTHING,
    "running": Happened.NOTHING,
    "canceled": Happened.CANCELLED,
    "canceling": Happened.NOTHING,
    "retrieved": Happened.CONTACT,
    "download": Happened.DOWNLOAD,
    "scheduled": Happened.OFFERED,
    "cancel_rejected": Happened.NOTHING,
    "downloaded": Happened.DOWNLOADED,
    "wait_for_confirmation": Happened.OFFERED,
}
"""Types of entries, and what happened."""
_STANDS: Final = {
    "pending": End.NEVER_REACHED,
    "scheduled": End.NEVER_REACHED,
    "wait_for_confirmation": End.NEVER_REACHED,
    "retrieved": End.WAITING,
    "running": End.UNDER_WAY,
    "warning": End.UNDER_WAY,
    "cancel_rejected": End.UNDER_WAY,
    "download": End.DOWNLOADING,
    "downloaded": End.INSTALLING,
    "finished": End.SUCCEEDED,
    "error": End.FAILED,
    "canceled": End.CANCELLED,
    "canceling": End.CANCELLED,
}
"""Where an action stands, by its detailStatus."""
_CAME_AT: Final = {
    End.WAITING: "contact_s",
    End.UNDER_WAY: "contact_s",
    End.DOWNLOADING: "download_s",
    End.INSTALLING: "downloaded_s",
    End.SUCCEEDED: "ended_s",
    End.FAILED: "ended_s",
    End.CANCELLED: "ended_s",
}
"""What the last change of such an action was."""
_NUMBERS: Final = (
    *("finished", "error", "warning", "running", "canceled", "canceling", "retrieved", "download", "scheduled"),
    *("cancel_rejected", "downloaded", "wait_for_confirmation"),
)
"""As the database numbers them."""
_ADDRESS: Final = re.compile(r"targets[/_-](?P<device>[^/]+?)[/_-]actions[/_-](?P<action>\d+)[/_-]status")
_MILLISECONDS: Final = Clock(numbers="unix_ms", order="unix_ms")
_COLUMNS: Final = ("controller", "status", "occurredat")


def _is_one(opened: Opened) -> bool:
    if not opened.is_json:
        return all(name in opened.squeezed or f"{name}id" in opened.squeezed for name in _COLUMNS)
    return any(_looks(entry) for _, each in opened.objects[:1] for entry in _entries(each)[:1])


def _looks(entry: dict[str, Any]) -> bool:
    return (
        "controllerId" in entry
        or "lastStatusCode" in entry
        or "statusEntries" in entry
        or ("type" in entry and "reportedAt" in entry)
        or (("rollout" in entry or "detailStatus" in entry) and "_links" in entry)
    )


def _entries(each: dict[str, Any]) -> list[dict[str, Any]]:
    """What a page of the API holds."""
    content = each.get("content")
    return [entry for entry in content if isinstance(entry, dict)] if isinstance(content, list) else [each]


def _read(opened: Opened, rows: Rows) -> None:
    if opened.is_json:
        address = _ADDRESS.search(opened.name)
        for line, each in opened.objects:
            _count(each, rows)
            for number, entry in enumerate(_entries(each), line):
                _entry(opened, number, entry, address, rows)
    else:
        _table(opened, rows)


def _count(each: dict[str, Any], rows: Rows) -> None:
    """A page of targets or actions, which says how many there are; each action has a list of status entries."""
    entries, total = _entries(each), each.get("total")
    if "content" in each and entries and isinstance(total, int):
        kind = "target" if "controllerId" in entries[0] else "action" if "status" in entries[0] else ""
        if kind:
            rows.pages.setdefault(kind, Pages()).add(len(entries), total)


def _entry(opened: Opened, line: int, entry: dict[str, Any], address: re.Match[str] | None, rows: Rows) -> None:
    if "controllerId" in entry:
        _target(entry, rows)
    elif "reportedAt" in entry or "messages" in entry:
        if address is None:
            raise opened.wrong(
                "holds status entries and does not say whose; name the file after the address that gave it, "
                "targets/DEVICE/actions/NUMBER/status.json, or put them into their action as statusEntries"
            )
        _status(opened, line, address["device"], entry, rows)
    elif "id" in entry and "status" in entry:
        device = _device(entry)
        if rollout := entry.get("rollout"):
            rows.rollouts[f"rollout {rollout}"] += 1
        if "statusEntries" not in entry:
            rows.summed_up.append((opened.name, line, device, entry))
            return
        rows.events.add(opened.name, line, device, entry.get("createdAt"), Happened.OFFERED)
        for each in entry["statusEntries"] or ():
            _status(opened, line, device, each, rows)
    else:
        rows.left_out.add("it is no action, target or status entry", opened.name, line)


def _finish(rows: Rows) -> None:
    """Actions without status entries: their entries are in other files, or all that is known is how they stand."""
    fold(rows, _MILLISECONDS)
    alone = 0
    for file, line, device, action in rows.summed_up:
        offered_s = _seconds(action.get("createdAt"))
        if device in rows.with_entries:
            rows.add(file, line, device, End.NEVER_REACHED, offered_s=offered_s)
            continue
        word = str(action.get("detailStatus") or action["status"])
        if word == "finished" and not action.get("detailStatus"):
            why = "an action is closed, and neither detailStatus nor status entries say whether it succeeded"
            rows.left_out.add(f"{why}; export those of targets/DEVICE/actions/NUMBER/status", file, line)
            continue
        alone += 1
        ended = rows.vocabulary.end(word, _STANDS, file, line)
        came_at = None if ended is None else _CAME_AT.get(ended)
        when = {} if came_at is None else {came_at: _seconds(action.get("lastModifiedAt"))}
        rows.add(file, line, device, ended, offered_s=offered_s, **when)
    if alone:
        rows.left_out.note(
            f"{number_of(alone, 'action')} without status entries: how {'it stands' if alone == 1 else 'they stand'} "
            "is said by detailStatus, and since when by the last change. Export targets/DEVICE/actions/NUMBER/status "
            "for the steps."
        )


def _seconds(at: Any) -> Any:
    """Milliseconds since 1970 as seconds; what is no number as it is."""
    return float(at) / 1000.0 if isinstance(at, int | float) and not isinstance(at, bool) else at


def _device(action: dict[str, Any]) -> str:
    link = ((action.get("_links") or {}).get("target") or {}).get("href", "")
    return str(action.get("target") or link.rstrip("/").rpartition("/")[2])


def _status(opened: Opened, line: int, device: str, entry: Any, rows: Rows) -> None:
    rows.with_entries.add(device)
    word = str(entry.get("type", "")) if isinstance(entry, dict) else ""
    what = happened(word, _TYPES, rows, opened.name, line)
    if what is not None:
        messages = entry.get("messages") or [""]
        at = entry.get("timestamp", entry.get("reportedAt"))
        rows.events.add(opened.name, line, device, at, what, str(messages[-1]))


def _target(entry: dict[str, Any], rows: Rows) -> None:
    device = str(entry["controllerId"])
    attributes = {str(key).lower(): value for key, value in (entry.get("attributes") or {}).items()}
    asked = entry.get("lastControllerRequestAt")
    if isinstance(asked, int | float):
        rows.heard_s[device] = float(asked) / 1000.0
    rows.describe(
        device,
        signal_dBm=attributes.get("rssi") or attributes.get("signal"),
        battery_pct=attributes.get("battery"),
        model=attributes.get("model") or entry.get("targetTypeName"),
        hardware=attributes.get("hardware") or attributes.get("hw_revision"),
        group=attributes.get("group") or entry.get("group"),
        cell=attributes.get("cell"),
    )


def _table(opened: Opened, rows: Rows) -> None:
    place = {name.removesuffix("id") if name == "controllerid" else name: k for k, name in enumerate(opened.squeezed)}
    device, status, at = (place[name] for name in _COLUMNS)
    created, action, message = place.get("createdat"), place.get("action"), place.get("message")
    width = max(filter(lambda k: k is not None, (device, status, at)), default=0)
    seen: set[tuple[str, str]] = set()
    for line, cells in opened.rows():
        if len(cells) <= width:
            rows.left_out.add("half a row: it has fewer cells than the line of column names", opened.name, line)
            continue
        name = cells[device]
        key = name, cells[action] if action is not None else ""
        if key not in seen:
            seen.add(key)
            if created is not None and cells[created]:
                rows.events.add(opened.name, line, name, cells[created], Happened.OFFERED)
        word = cells[status]
        if not word:
            continue  # an outer join: an action without any entry
        if word.isdecimal() and int(word) < len(_NUMBERS):
            word = _NUMBERS[int(word)]
        what = happened(word, _TYPES, rows, opened.name, line)
        if what is not None:
            cause = cells[message] if message is not None and message < len(cells) else ""
            rows.events.add(opened.name, line, name, cells[at], what, cause)


READER = Reader("hawkbit", "hawkBit actions", _is_one, ACTIONS, _read, _finish)
