"""AWS IoT Jobs: ``list-job-executions-for-job``, ``describe-job-execution``, ``describe-job`` and ``search-index``.

Fields and statuses are those of the service's API reference. A retry makes a new execution, and the list shows each
thing's latest only, so failures before it are not in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from fota_sim.histories.ends import End
from fota_sim.histories.opened import Opened
from fota_sim.histories.readers.reader import Reader
from fota_sim.histories.rows import Pages, Rows
from fota_sim.histories.view import EXECUTIONS

_STATUS: Final = {
    "queued": End.NEVER_REACHED,
    "in_progress": End.UNDER_WAY,
    "succeeded": End.SUCCEEDED,
    "failed": End.FAILED,
    "rejected": End.REFUSED,
    "timed_out": End.TIMED_OUT,
    "removed": End.CANCELLED,
    "canceled": End.CANCELLED,
}
_SELF_TEST: Final = {
    "receiving": (End.DOWNLOADING, End.FAILED_DOWNLOAD),
    "ready": (End.INSTALLING, End.FAILED_INSTALL),
    "active": (End.INSTALLING, End.FAILED_INSTALL),
    "accepted": (End.INSTALLING, End.FAILED_INSTALL),
    "rejected": (End.INSTALLING, End.ROLLED_BACK),
    "aborted": (End.INSTALLING, End.ROLLED_BACK),
}
"""What FreeRTOS agents say of an image in ``statusDetails``: under way, and failed."""
_KEYS = ("executionSummaries", "jobExecutionSummary", "execution", "things", "job")
_SIGNALS = ("rssi", "signal", "signal_dbm", "rssi_dbm")
_BATTERIES = ("battery", "battery_pct", "batterylevel", "battery_level", "soc")


def _is_one(opened: Opened) -> bool:
    if not opened.is_json:
        return False
    return any(_thing(each) or any(key in each for key in _KEYS) for _, each in opened.objects[:1])


def _thing(each: Mapping[str, Any]) -> bool:
    return "thingArn" in each or ("thingName" in each and "thingId" in each)


def _read(opened: Opened, rows: Rows) -> None:
    rows.hides_attempts = True
    for line, each in opened.objects:
        if "executionSummaries" in each:
            pages = rows.pages.setdefault("job execution", Pages())
            goes_on = bool(each.get("nextToken") or each.get("NextToken"))  # aws-cli's own, with --max-items
            pages.add(len(_list(opened, each, "executionSummaries")), going_on=goes_on)
            for number, summary in enumerate(_list(opened, each, "executionSummaries"), 1):
                _summary(opened, number, summary, rows)
        elif "jobExecutionSummary" in each:
            _summary(opened, line, each, rows)
        elif "execution" in each:
            _execution(opened, line, each["execution"], each["execution"], rows)
        elif "things" in each:
            for thing in _list(opened, each, "things"):
                _index(thing, rows)
        elif "job" in each:
            continue  # how the rollout was set up; fota-sim import reads it
        elif "jobId" in each and "status" in each:
            _execution(opened, line, each, each, rows)
        elif "thingName" in each:
            _index(each, rows)
        else:
            rows.left_out.add("it is no job execution", opened.name, line)


def _list(opened: Opened, each: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    found = each[key]
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise opened.wrong(f"{key} is no list of objects")
    return found


def _summary(opened: Opened, line: int, each: dict[str, Any], rows: Rows) -> None:
    summary = each.get("jobExecutionSummary", each)
    if not isinstance(summary, dict):
        raise opened.wrong(f"entry {line}: jobExecutionSummary is no object")
    _execution(opened, line, summary, each, rows)


def _execution(opened: Opened, line: int, told: Any, holder: Any, rows: Rows) -> None:
    if not isinstance(told, dict) or not isinstance(holder, dict):
        raise opened.wrong(f"entry {line} is no job execution")
    status = str(told.get("status", ""))
    if job := told.get("jobId") or holder.get("jobId"):
        rows.rollouts[f"job {job}"] += 1
    ended = rows.vocabulary.end(status, _STATUS, opened.name, line)
    details = _details(told)
    cause = next(iter(_free(details)), "")
    if ended is not None:
        ended = _staged(ended, details, rows)
    rows.add(
        opened.name,
        line,
        str(holder.get("thingArn") or holder.get("thingName") or "").rpartition("/")[2],
        ended,
        offered_s=told.get("queuedAt"),
        contact_s=told.get("startedAt"),
        ended_s=told.get("lastUpdatedAt"),
        attempts=_attempts(told),
        cause=cause,
    )


def _attempts(told: Mapping[str, Any]) -> float | None:
    again = told.get("retryAttempt")
    return None if not isinstance(again, int) else again + 1.0


def _details(told: Mapping[str, Any]) -> dict[str, str]:
    details = told.get("statusDetails") or {}
    inner = details.get("detailsMap", details) if isinstance(details, dict) else {}
    return {str(key): str(value) for key, value in inner.items()} if isinstance(inner, dict) else {}


def _free(details: Mapping[str, str]) -> Iterator[str]:
    """What the device's own software says; the last first, for that is where reasons stand."""
    yield from (value for key, value in reversed([*details.items()]) if key not in ("self_test", "updatedBy"))


def _staged(ended: End, details: Mapping[str, str], rows: Rows) -> End:
    """At which stage it is or failed: as the user explains details, else by an agent's ``self_test``."""
    if ended not in (End.UNDER_WAY, End.FAILED):
        return ended
    told = next((end for value in details.values() if (end := rows.vocabulary.told("details", value))), None)
    if told is not None:
        return told
    stages = _SELF_TEST.get(details.get("self_test", "").lower())
    if stages is not None:
        return stages[ended is End.FAILED]
    if ended is End.FAILED:
        rows.unstaged[next(_free(details), "")] = rows.unstaged.get(next(_free(details), ""), 0) + 1
    return ended


def _index(thing: Mapping[str, Any], rows: Rows) -> None:
    """A thing of the fleet index: its attributes, the reported part of its shadow, and when it was connected last."""
    device = str(thing.get("thingName", ""))
    said = {**_reported(thing.get("shadow")), **_small(thing.get("attributes"))}
    if "rsrp" in said and not any(key in said for key in _SIGNALS):
        rows.left_out.note("'rsrp' is not taken for the signal, which is 10 dB and more stronger; report rssi too.")
    rows.describe(
        device,
        signal_dBm=next((said[key] for key in _SIGNALS if key in said), None),
        battery_pct=next((said[key] for key in _BATTERIES if key in said), None),
        model=thing.get("thingTypeName") or said.get("model"),
        hardware=said.get("hardware") or said.get("hardwareversion"),
        group=said.get("group"),
        cell=said.get("cell"),
    )
    connectivity = thing.get("connectivity")
    if isinstance(connectivity, dict) and isinstance(connectivity.get("timestamp"), int | float):
        rows.heard_s[device] = float(connectivity["timestamp"]) / 1000.0


def _reported(shadow: Any) -> dict[str, Any]:
    try:
        state = json.loads(shadow) if isinstance(shadow, str) else shadow
    except ValueError:
        return {}
    if not isinstance(state, dict):
        return {}
    state = state.get("state", state)
    return _small(state.get("reported", state) if isinstance(state, dict) else None)


def _small(found: Any) -> dict[str, Any]:
    return {str(key).lower(): value for key, value in found.items()} if isinstance(found, dict) else {}


READER = Reader("aws-iot-jobs", "AWS IoT job executions", _is_one, EXECUTIONS, _read)
