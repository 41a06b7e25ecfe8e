"""Histories written as each platform exports them, field by field; what a reader makes of them is then known."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from fota_sim.histories import view as views
from fota_sim.histories.ends import End
from fota_sim.histories.table import Histories
from fota_sim.histories.view import View

AWS_STATUS = {
    End.NEVER_REACHED: "QUEUED",
    End.WAITING: "QUEUED",
    End.REFUSED: "REJECTED",
    End.UNDER_WAY: "IN_PROGRESS",
    End.DOWNLOADING: "IN_PROGRESS",
    End.INSTALLING: "IN_PROGRESS",
    End.FAILED_DOWNLOAD: "FAILED",
    End.FAILED_INSTALL: "FAILED",
    End.FAILED: "FAILED",
    End.ROLLED_BACK: "FAILED",
    End.SUCCEEDED: "SUCCEEDED",
    End.TIMED_OUT: "TIMED_OUT",
    End.CANCELLED: "CANCELED",
    End.NOT_APPLICABLE: "REMOVED",
}
AWS_DETAILS = {
    End.DOWNLOADING: "receiving",
    End.FAILED_DOWNLOAD: "receiving",
    End.INSTALLING: "ready",
    End.FAILED_INSTALL: "active",
    End.ROLLED_BACK: "rejected",
    End.SUCCEEDED: "accepted",
}
MENDER_STATUS = {
    End.WAITING: "pending",
    End.DOWNLOADING: "downloading",
    End.INSTALLING: "installing",
    End.SUCCEEDED: "success",
    End.CANCELLED: "aborted",
    End.NOT_APPLICABLE: "already-installed",
}
MENDER_STATE = {
    End.FAILED_DOWNLOAD: "Download",
    End.FAILED_INSTALL: "ArtifactInstall",
    End.ROLLED_BACK: "ArtifactRollback",
}
MONITORED = {
    End.NEVER_REACHED: "Plan Not Received",
    End.WAITING: "Plan Received",
    End.UNDER_WAY: "Upgrade Confirmed",
    End.DOWNLOADING: "Downloading",
    End.INSTALLING: "Upgrading",
    End.FAILED: "Upgrade Failed",
    End.SUCCEEDED: "Upgrade Succeeded",
    End.CANCELLED: "Expired Upgrade Plan",
    End.TIMED_OUT: "Upgrade Failed",
    End.NOT_APPLICABLE: "No Update Required",
}


class Platform(NamedTuple):
    """A platform: what it can show, and how it exports that into a folder."""

    view: View
    write: Callable[[Histories, Path], None]


def iso(at_s: float) -> str:
    return datetime.fromtimestamp(at_s, UTC).isoformat()


def told(row: Any, name: str) -> bool:
    return bool(pd.notna(getattr(row, name)))


def aws(histories: Histories, folder: Path) -> None:
    """``describe-job-execution`` of each thing, a line each, and the fleet index in pages."""
    lines, things = [], []
    for row in histories.frame.itertuples():
        end = End(row.ended)
        details = {"self_test": AWS_DETAILS[end]} if end in AWS_DETAILS else {}
        execution = {
            "jobId": "fw-2",
            "status": AWS_STATUS[end],
            "statusDetails": {"detailsMap": details},
            "thingArn": f"arn:aws:iot:eu-west-1:111122223333:thing/{row.device}",
            "queuedAt": iso(row.offered_s),
            "lastUpdatedAt": iso(row.ended_s if told(row, "ended_s") else row.contact_s if told(row, "contact_s")
                                 else row.offered_s),
            "executionNumber": 1,
            "versionNumber": 3,
        }  # fmt: skip
        if told(row, "contact_s"):
            execution["startedAt"] = iso(row.contact_s)
        lines.append(json.dumps({"execution": execution}))
        attributes = {"hardware": row.hardware} | (
            {"battery": f"{row.battery_pct}"} if told(row, "battery_pct") else {}
        )
        things.append(
            {
                "thingName": row.device,
                "thingId": str(row.Index),
                "thingTypeName": row.model,
                "attributes": attributes,
                "shadow": json.dumps({"reported": {"rssi": row.signal_dBm}} if told(row, "signal_dBm") else {}),
            }
        )
    (folder / "executions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "things.json").write_text(json.dumps({"things": things}), encoding="utf-8")


def stages(row: Any, until_s: float) -> Iterator[tuple[float, str]]:
    """Entries of a device in hawkBit's words, in their order; attempts between known times are spread evenly."""
    end = End(row.ended)
    if not told(row, "contact_s"):
        if end is End.CANCELLED:
            yield row.ended_s, "canceled"
        return
    yield row.contact_s, "retrieved"
    failures = int(row.download_failures) if told(row, "download_failures") else 0
    again = int(row.install_failures) if told(row, "install_failures") else 0
    last_fails = end in (End.FAILED_INSTALL, End.FAILED_DOWNLOAD)
    if told(row, "download_s"):
        over_s = row.ended_s if told(row, "ended_s") else until_s
        whole = failures + again + (not last_fails)
        parts = [row.download_s + (over_s - row.download_s) * k / max(1, whole) for k in range(whole + 1)]
        kinds = ["install"] * again + ["download"] * failures
        if end is End.FAILED_INSTALL and kinds:
            kinds = kinds[::-1] if kinds[0] == "install" else kinds
        for k, kind in enumerate(kinds):
            yield parts[k], "download"
            if kind == "install":
                yield parts[k] + 0.4 * (parts[k + 1] - parts[k]), "downloaded"
            last = last_fails and k == whole - 1
            yield over_s if last else parts[k] + 0.8 * (parts[k + 1] - parts[k]), "error"
        if not last_fails:
            yield parts[whole - 1], "download"
            if told(row, "downloaded_s") and end in (End.SUCCEEDED, End.INSTALLING):
                yield max(row.downloaded_s, parts[whole - 1]), "downloaded"
    if end is End.SUCCEEDED:
        yield row.ended_s, "finished"
    if end is End.CANCELLED:
        yield row.ended_s, "canceled"


def hawkbit(histories: Histories, folder: Path) -> None:
    """Actions with their entries, and targets with attributes; a refusal is a warning that the device never goes on."""
    actions, targets = [], []
    for number, row in enumerate(histories.frame.itertuples(), 1):
        entries = [
            {"id": k, "type": word, "messages": [], "reportedAt": round(at * 1000), "timestamp": round(at * 1000)}
            for k, (at, word) in enumerate(stages(row, histories.until_s))
        ]
        actions.append(
            {
                "id": number,
                "type": "update",
                "status": "finished" if told(row, "ended_s") else "pending",
                "active": not told(row, "ended_s"),
                "rollout": 6,
                "createdAt": round(row.offered_s * 1000),
                "_links": {"target": {"href": f"https://hawkbit.example/rest/v1/targets/{row.device}"}},
                "statusEntries": entries,
            }
        )
        attributes = {"hw_revision": row.hardware, "model": row.model}
        attributes |= {"rssi": f"{row.signal_dBm}"} if told(row, "signal_dBm") else {}
        attributes |= {"battery": f"{row.battery_pct}"} if told(row, "battery_pct") else {}
        targets.append({"controllerId": row.device, "attributes": attributes})
    (folder / "actions.json").write_text(json.dumps({"content": actions, "total": len(actions)}), encoding="utf-8")
    (folder / "targets.json").write_text(json.dumps({"content": targets, "total": len(targets)}), encoding="utf-8")


def hawkbit_csv(histories: Histories, folder: Path) -> None:
    """The joined CSV of its database, with numbers for statuses."""
    numbers = {"finished": 0, "error": 1, "canceled": 4, "retrieved": 6, "download": 7, "downloaded": 10}
    with (folder / "hawkbit.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["controller_id", "action", "created_at", "status", "occurred_at", "code", "message"])
        for number, row in enumerate(histories.frame.itertuples(), 1):
            created = round(row.offered_s * 1000)
            entries = [*stages(row, histories.until_s)]
            for at, word in entries:
                out.writerow([row.device, number, created, numbers[word], round(at * 1000), "", ""])
            if not entries:
                out.writerow([row.device, number, created, "", "", "", ""])
    _inventory(histories, folder)


def _inventory(histories: Histories, folder: Path) -> None:
    frame = histories.frame[["device", "signal_dBm", "battery_pct", "model", "hardware"]]
    frame.rename(columns={"signal_dBm": "rssi", "battery_pct": "battery"}).to_csv(folder / "inventory.csv", index=False)


def mender(histories: Histories, folder: Path) -> None:
    """The deployment, and its devices as they asked."""
    never = "0001-01-01T00:00:00Z"
    devices = []
    for row in histories.frame.itertuples():
        end = End(row.ended)
        devices.append(
            {
                "id": row.device,
                "status": MENDER_STATUS.get(end, "failure"),
                "state": MENDER_STATE.get(end, ""),
                "created": iso(row.offered_s),
                "started": iso(row.contact_s) if told(row, "contact_s") else never,
                "finished": iso(row.ended_s) if told(row, "ended_s") else never,
                "device_type": row.model,
                "log": False,
                "image": {"name": "fw-2", "size": int(row.size_B)},
            }
        )
    deployment = {"artifact_name": "fw-2", "device_count": histories.targeted, "status": "finished"}
    (folder / "deployment.json").write_text(json.dumps(deployment), encoding="utf-8")
    (folder / "devices.json").write_text(json.dumps(devices), encoding="utf-8")
    _inventory(histories, folder)


def thingsboard(histories: Histories, folder: Path) -> None:
    """The telemetry of all devices in one object."""
    words = {"retrieved": "INITIATED", "download": "DOWNLOADING", "downloaded": "DOWNLOADED", "error": "FAILED",
             "finished": "UPDATED"}  # fmt: skip
    found = {}
    for row in histories.frame.itertuples():
        entries = [(row.offered_s, "QUEUED")]
        entries += [(at, words[word]) for at, word in stages(row, histories.until_s) if word in words]
        told_of = {"fw_state": [{"ts": round(at * 1000), "value": word} for at, word in reversed(entries)]}
        told_of["model"] = [{"ts": 0, "value": row.model}]
        told_of["hardware"] = [{"ts": 0, "value": row.hardware}]
        if told(row, "signal_dBm"):
            told_of["rssi"] = [{"ts": 0, "value": f"{row.signal_dBm}"}]
        found[row.device] = told_of
    (folder / "telemetry.json").write_text(json.dumps(found), encoding="utf-8")


def nerveshub(histories: Histories, folder: Path) -> None:
    """Audit logs, newest first, each cell as JSON."""
    lines = []
    for row in histories.frame.itertuples():
        device = row.device
        if not told(row, "contact_s"):
            continue
        lines.append((row.contact_s, f"Deployment all update triggered device {device} to update firmware 0b7f"))
        attempts = int(row.attempts) if told(row, "attempts") else 0
        over_s = row.ended_s if told(row, "ended_s") else histories.until_s
        begun_s = row.download_s if told(row, "download_s") else row.contact_s  # or it failed before
        for k in range(attempts):
            at_s = begun_s + (over_s - begun_s) * k / attempts
            lines.append((at_s, f"Device {device} is attempting to update"))
            if k < attempts - 1 or End(row.ended) is End.FAILED:
                failed_s = over_s if k == attempts - 1 else at_s + 0.9 * (over_s - begun_s) / attempts
                said = 'reported an error ("timeout") while trying to update its firmware during a deployment release.'
                lines.append((failed_s, f"Device {device} {said} Updates will be blocked for 60 minutes.\n"))
        if End(row.ended) is End.SUCCEEDED:
            lines.append((row.ended_s, f"Device {device} firmware set to version 2.0.0 (0b7f)"))
        if End(row.ended) is End.REFUSED:
            said = f'Device {device} ignored the scheduled firmware upgrade request because of "low".'
            lines.append((row.ended_s, f"{said}\nFirmware upgrades are blocked for 60 minutes.\n"))
    with (folder / "audit.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "actor_id", "description", "org_id", "inserted_at"])
        for number, (at_s, text) in enumerate(sorted(lines, reverse=True)):
            at = datetime.fromtimestamp(at_s, UTC).replace(tzinfo=None).isoformat()
            out.writerow([json.dumps(each) for each in (str(number), 7, text, 1, at)])
    _inventory(histories, folder)


def quecthing(histories: Histories, folder: Path) -> None:
    """Rows of the monitoring page, copied into a table."""
    with (folder / "monitoring.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(
            [
                *("Device Key", "Component status", "Upgrade Times", "Battery", "Signal", "Plan issued"),
                *("Plan received", "Download start", "Download succeeded", "Updated at", "Module", "Hardware"),
            ]
        )
        for row in histories.frame.itertuples():
            times = [iso(getattr(row, name)).replace("T", " ") if told(row, name) else "" for name in
                     ("offered_s", "contact_s", "download_s", "downloaded_s", "ended_s")]  # fmt: skip
            battery = f"{row.battery_pct:.4f}%" if told(row, "battery_pct") else ""
            signal = f"{row.signal_dBm:.4f} dBm" if told(row, "signal_dBm") else ""
            attempts = int(row.attempts) if told(row, "attempts") else ""
            out.writerow(
                [row.device, MONITORED[End(row.ended)], attempts, battery, signal, *times, row.model, row.hardware]
            )


def spreadsheet(histories: Histories, folder: Path) -> None:
    """What somebody keeps by hand: seven columns."""
    with (folder / "rollout.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(["device", "signal", "battery", "status", "offered", "start", "end"])
        for row in histories.frame.itertuples():
            times = [
                iso(getattr(row, name)) if told(row, name) else "" for name in ("offered_s", "contact_s", "ended_s")
            ]
            battery = f"{row.battery_pct}" if told(row, "battery_pct") else ""
            signal = f"{row.signal_dBm}" if told(row, "signal_dBm") else ""
            out.writerow([row.device, signal, battery, row.ended.replace("_", " "), *times])


def azure(histories: Histories, folder: Path) -> None:
    """The deployment, and pages of its device states."""
    words = {End.NEVER_REACHED: "InProgress", End.SUCCEEDED: "Succeeded", End.FAILED: "Failed",
             End.CANCELLED: "Canceled", End.NOT_APPLICABLE: "Incompatible"}  # fmt: skip
    states = [
        {"deviceId": row.device, "retryCount": 0, "movedOnToNewDeployment": False, "deviceState": words[End(row.ended)]}
        for row in histories.frame.itertuples()
    ]
    half = len(states) // 2
    for number, part in enumerate((states[:half], states[half:])):
        page = {"value": part} | ({} if number else {"nextLink": "https://u/deployments/d/devicestates?page=2"})
        (folder / f"states{number}.json").write_text(json.dumps(page), encoding="utf-8")
    deployment = {"deploymentId": "d", "startDateTime": iso(histories.began_s), "groupId": "meters"}
    (folder / "deployment.json").write_text(json.dumps(deployment), encoding="utf-8")


def memfault(histories: Histories, folder: Path) -> None:
    """A page of installs for each attempt: those before the last have failed."""
    words = {End.SUCCEEDED: "success", End.UNDER_WAY: "in_progress", End.FAILED: "failure"}
    installs: list[dict[str, Any]] = []
    for row in histories.frame.itertuples():
        tries = max(1, int(row.attempts)) if told(row, "attempts") else 1
        end_s = row.ended_s if told(row, "ended_s") else histories.until_s
        for k in range(tries):
            last, step = k == tries - 1, (end_s - row.contact_s) / tries
            installs.append(
                {
                    "started_at": iso(row.contact_s + k * step),
                    "transitioned_at": iso(row.contact_s + (k + 1) * step),
                    "status": words[End(row.ended)] if last else "failure",
                    "device": {"device_serial": row.device, "hardware_version": row.hardware},
                    "release_to": {"version": "2.0"},
                }
            )
    page = {"data": installs, "paging": {"total_count": len(installs)}}
    (folder / "installs.json").write_text(json.dumps(page), encoding="utf-8")


def golioth(histories: Histories, folder: Path) -> None:
    """Pages of events, the newest first, so that what a device did may stand on several; and the cohort."""
    words = {"download": "downloading", "downloaded": "applying", "error": "failed", "finished": "completed"}
    events = []
    for row in histories.frame.itertuples():
        entries = [(row.offered_s, "queued")]
        over_s = row.ended_s if told(row, "ended_s") else histories.until_s
        if End(row.ended) is not End.NEVER_REACHED:  # a download begins with the contact, and ends at some time
            begun = row._replace(download_s=row.contact_s, downloaded_s=(row.contact_s + over_s) / 2)
            entries += [(at, words[word]) for at, word in stages(begun, histories.until_s) if word in words]
        events += [
            {"deviceId": row.device, "eventType": word, "timestamp": iso(at), "targetVersion": "2.0.0", "status": 0}
            for at, word in entries
        ]
    events.sort(key=lambda each: str(each["timestamp"]), reverse=True)
    size = 100
    for number, first in enumerate(range(0, len(events), size)):
        page = {"list": events[first : first + size]}
        page |= {"nextPageToken": "more"} if first + size < len(events) else {}
        (folder / f"events{number:03d}.json").write_text(json.dumps(page), encoding="utf-8")
    cohort = {"result": {"id": "c1", "deviceCount": str(histories.targeted), "activeDeploymentId": "d1"}}
    (folder / "cohort.json").write_text(json.dumps(cohort), encoding="utf-8")
    _inventory(histories, folder)


_NO_REFUSALS = views.ACTIONS.without([End.REFUSED, End.WAITING, End.CANCELLED], [], ["refusals"])
PLATFORMS: dict[str, Platform] = {
    "aws-iot-jobs": Platform(views.EXECUTIONS, aws),
    "hawkbit": Platform(views.ACTIONS, hawkbit),
    "hawkbit-csv": Platform(views.ACTIONS, hawkbit_csv),
    "mender": Platform(views.LISTED, mender),
    "thingsboard": Platform(views.ACTIONS, thingsboard),
    "nerveshub": Platform(views.AUDITED, nerveshub),
    "quecthing": Platform(views.MONITORED, quecthing),
    "spreadsheet": Platform(
        views.View().without([], ["download_s", "downloaded_s"], ["attempts", "download_failures", "install_failures",
                                                                "refusals"]), spreadsheet),
}  # fmt: skip
"""By name."""
EXPORTED: dict[str, Platform] = {
    **PLATFORMS,
    "azure-device-update": Platform(views.DEPLOYED, azure),
    "memfault": Platform(views.INSTALLS, memfault),
    "golioth": Platform(views.REPORTED, golioth),
}
"""Those too of which the calibration of fits takes none, for they tell too little or were read later."""


def export(name: str, histories: Histories, folder: Path) -> list[Path]:
    """Write histories as a platform would; the files. They have to be seen by its view already."""
    folder.mkdir(parents=True, exist_ok=True)
    EXPORTED[name].write(histories, folder)
    return sorted(folder.iterdir())
