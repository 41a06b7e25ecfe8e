"""ThingsBoard: the telemetry ``fw_state`` (and ``fw_error``) that devices report, with a time for each stage.

The telemetry API answers for one device and does not name it, so a file is named after its device; or one object holds
several devices by name, or lines say ``device``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from fota_sim.histories.events import fold, happened
from fota_sim.histories.happened import Happened
from fota_sim.histories.opened import Opened
from fota_sim.histories.readers.reader import Reader
from fota_sim.histories.rows import Rows
from fota_sim.histories.times import Clock
from fota_sim.histories.view import ACTIONS

_STATES: Final = {
    "queued": Happened.OFFERED,
    "initiated": Happened.CONTACT,
    "downloading": Happened.DOWNLOAD,
    "downloaded": Happened.DOWNLOADED,
    "verified": Happened.INSTALLING,
    "updating": Happened.INSTALLING,
    "updated": Happened.SUCCEEDED,
    "failed": Happened.FAILED,
}
_KEY = "fw_state"
_MILLISECONDS: Final = Clock(numbers="unix_ms", order="unix_ms")


def _is_one(opened: Opened) -> bool:
    return opened.is_json and any(
        True for _, each in opened.objects[:1] for _, told in _devices(each, opened) if _KEY in told
    )


def _devices(each: dict[str, Any], opened: Opened) -> Iterator[tuple[str, dict[str, Any]]]:
    if _KEY in each:
        yield str(each.get("device") or each.get("deviceName") or Path(opened.name).stem), each
    else:
        for name, told in each.items():
            if isinstance(told, dict):
                yield str(name), told


def _read(opened: Opened, rows: Rows) -> None:
    for line, each in opened.objects:
        for device, told in _devices(each, opened):
            states = told.get(_KEY)
            if not isinstance(states, list):
                rows.left_out.add(f"it has no list of {_KEY}", opened.name, line)
                continue
            errors = {entry.get("ts"): str(entry.get("value", "")) for entry in told.get("fw_error") or ()}
            for entry in states:
                word = str(entry.get("value", "")) if isinstance(entry, dict) else ""
                what = happened(word, _STATES, rows, opened.name, line)
                if what is not None:
                    cause = errors.get(entry.get("ts"), "")
                    rows.events.add(opened.name, line, device, entry.get("ts"), what, cause)
            rows.describe(device, **{name: _latest(told.get(key)) for key, name in _ATTRIBUTES.items() if key in told})


def _finish(rows: Rows) -> None:
    fold(rows, _MILLISECONDS)


_ATTRIBUTES: Final = {"rssi": "signal_dBm", "battery": "battery_pct", "model": "model", "hardware": "hardware"}


def _latest(values: Any) -> Any:
    """The first value that was told: what held when the update began."""
    entries = (
        [each for each in values if isinstance(each, dict) and "value" in each] if isinstance(values, list) else []
    )
    return min(entries, key=lambda each: float(each.get("ts", 0)))["value"] if entries else values


READER = Reader("thingsboard", "ThingsBoard firmware telemetry", _is_one, ACTIONS, _read, _finish)
