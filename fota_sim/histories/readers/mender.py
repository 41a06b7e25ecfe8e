"""Mender: ``deployments/{id}/devices/list``, and the deployment itself for how many devices it is for.

The list has a device once it has asked; the others have never been reached. From ``created`` to ``started`` a device
waits for its next poll; from ``started`` to ``finished`` download, installation and reboot are one sum.
"""

from __future__ import annotations

from typing import Any, Final

from fota_sim.histories.ends import End
from fota_sim.histories.opened import Opened
from fota_sim.histories.readers.reader import Reader
from fota_sim.histories.rows import Rows
from fota_sim.histories.view import LISTED

_STATUS: Final = {
    "pending": End.WAITING,
    "downloading": End.DOWNLOADING,
    "installing": End.INSTALLING,
    "rebooting": End.INSTALLING,
    "pause_before_installing": End.INSTALLING,
    "pause_before_rebooting": End.INSTALLING,
    "pause_before_committing": End.INSTALLING,
    "success": End.SUCCEEDED,
    "failure": End.FAILED,
    "noartifact": End.NOT_APPLICABLE,
    "already-installed": End.NOT_APPLICABLE,
    "aborted": End.CANCELLED,
    "decommissioned": End.CANCELLED,
}
_STATES: Final = {
    "download": End.FAILED_DOWNLOAD,
    "downloading": End.FAILED_DOWNLOAD,
    "artifactinstall": End.FAILED_INSTALL,
    "artifactreboot": End.FAILED_INSTALL,
    "artifactcommit": End.FAILED_INSTALL,
    "artifactverifyreboot": End.FAILED_INSTALL,
    "artifactfailure": End.FAILED_INSTALL,
    "artifactrollback": End.ROLLED_BACK,
    "artifactrollbackreboot": End.ROLLED_BACK,
    "artifactverifyrollbackreboot": End.ROLLED_BACK,
}
"""``state`` of a failure: the client's state machine, by the names of its state scripts."""
_NEVER = "0001-01-01"
"""How Go writes a time that was never set."""


def _is_one(opened: Opened) -> bool:
    if not opened.is_json or not opened.objects:
        return False
    first = opened.objects[0][1]
    return "device_type" in first or ("device_count" in first and "artifact_name" in first) or "devices" in first


def _read(opened: Opened, rows: Rows) -> None:
    rows.hides_attempts = True
    for line, each in opened.objects:
        if "device_count" in each:
            count = each.get("max_devices") or each["device_count"]
            rows.targeted = int(count) if isinstance(count, int) else None
        listed = each.get("devices") if isinstance(each.get("devices"), list) else None
        for number, device in enumerate(listed or (), 1):
            if isinstance(device, dict):
                _device(opened, number, device, rows)
        if listed is None and "device_count" not in each:
            _device(opened, line, each, rows)


def _device(opened: Opened, line: int, each: dict[str, Any], rows: Rows) -> None:
    name = str(each.get("id") or "")
    ended = rows.vocabulary.end(str(each.get("status", "")), _STATUS, opened.name, line)
    cause = str(each.get("state") or each.get("substate") or "")
    if ended is End.FAILED:
        told = rows.vocabulary.told("state", cause)
        ended = told or _STATES.get(cause.lower().removesuffix("_enter").removesuffix("_leave"), End.FAILED)
        if ended is End.FAILED:
            rows.unstaged[cause] = rows.unstaged.get(cause, 0) + 1
    image = each.get("image")
    size = image.get("size") if isinstance(image, dict) else None
    rows.add(
        opened.name,
        line,
        name,
        ended,
        offered_s=_set(each.get("created")),
        contact_s=_set(each.get("started")),
        ended_s=_set(each.get("finished")),
        size_B=size,
        cause=cause,
    )
    rows.describe(name, model=each.get("device_type"))


def _set(at: Any) -> Any:
    return None if isinstance(at, str) and at.startswith(_NEVER) else at


READER = Reader("mender", "a Mender deployment's device list", _is_one, LISTED, _read)
