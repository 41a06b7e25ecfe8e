"""Azure Device Update for IoT Hub: the device states of a deployment, and the deployment itself for when it began.

Fields and words are those of the service's REST API (``deployments/{id}/devicestates``). A state has no time, and
``InProgress`` is told of a device that was never heard of as of one that installs.
"""

from __future__ import annotations

from typing import Any, Final

from fota_sim.histories.ends import End
from fota_sim.histories.opened import Opened
from fota_sim.histories.readers.reader import Reader
from fota_sim.histories.rows import Pages, Rows
from fota_sim.histories.view import DEPLOYED

_STATES: Final = {
    "inprogress": End.NEVER_REACHED,
    "succeeded": End.SUCCEEDED,
    "failed": End.FAILED,
    "canceled": End.CANCELLED,
    "incompatible": End.NOT_APPLICABLE,
}


def _fields(each: dict[str, Any]) -> dict[str, Any]:
    """The same with small first letters, which some versions of the API write large."""
    return {name[:1].lower() + name[1:]: value for name, value in each.items()}


def _entries(each: dict[str, Any]) -> list[dict[str, Any]]:
    value = each.get("value")
    listed = value if isinstance(value, list) else [each]
    return [_fields(entry) for entry in listed if isinstance(entry, dict)]


def _is_deployment(each: dict[str, Any]) -> bool:
    return "deploymentId" in each and "startDateTime" in each


def _is_one(opened: Opened) -> bool:
    return opened.is_json and any(
        {"deviceId", "deviceState"} <= entry.keys() or _is_deployment(entry)
        for _, each in opened.objects[:1]
        for entry in _entries(each)[:1]
    )


def _read(opened: Opened, rows: Rows) -> None:
    rows.hides_attempts = True
    for line, each in opened.objects:
        entries = _entries(each)
        if "value" in each and entries and "deviceState" in entries[0]:
            rows.pages.setdefault("device state", Pages()).add(len(entries), going_on=bool(each.get("nextLink")))
        for number, entry in enumerate(entries, line):
            if _is_deployment(entry):
                rows.offered = entry["startDateTime"]
            elif "deviceState" in entry:
                _device(opened, number, entry, rows)
            else:
                rows.left_out.add("it is no state of a device", opened.name, number)


def _device(opened: Opened, line: int, entry: dict[str, Any], rows: Rows) -> None:
    ended = rows.vocabulary.end(str(entry["deviceState"]), _STATES, opened.name, line)
    if ended is End.NEVER_REACHED and str(entry.get("movedOnToNewDeployment")).lower() == "true":
        ended = End.CANCELLED
    if ended is End.FAILED:
        rows.unstaged[""] = rows.unstaged.get("", 0) + 1
    module = entry.get("moduleId")
    rows.add(opened.name, line, f"{entry.get('deviceId') or ''}{f'/{module}' if module else ''}", ended)


READER = Reader("azure-device-update", "device states of an Azure Device Update deployment", _is_one, DEPLOYED, _read)
