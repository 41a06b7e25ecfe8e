"""A spreadsheet of devices: a row each, with status and times; or an inventory, which only says what devices are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fota_sim.histories.ends import End
from fota_sim.histories.opened import Opened
from fota_sim.histories.readers.reader import Reader
from fota_sim.histories.rows import Rows
from fota_sim.histories.times import says_no_time
from fota_sim.histories.view import MONITORED, View
from fota_sim.quoting import listed, quoted
from fota_sim.scenario.device_rows.cells import CellError, value_of
from fota_sim.scenario.device_rows.written import is_nothing
from fota_sim.scenario.inspect.headers import unit_of

ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "device": ("device", "deviceid", "devicename", "devicekey", "dk", "id", "imei", "serial", "serialnumber", "thing",
               "thingname", "controller", "controllerid", "name", "mac"),
    "status": ("status", "state", "result", "outcome", "ended", "componentstatus", "upgradestatus"),
    "offered": ("offered", "queued", "queuedat", "created", "createdat", "issued", "planissued", "assigned"),
    "contact": ("contact", "firstcontact", "planreceived", "received", "receivedat"),
    "confirmed": ("confirmed", "upgradeconfirmed", "accepted"),
    "download": ("download", "downloadstart", "downloadstarted", "downloadbegan", "downloading"),
    "downloaded": ("downloaded", "downloadend", "downloadfinished", "downloadsucceeded"),
    "start": ("start", "started", "startdate", "starttime", "startedat", "begin"),
    "end": ("end", "endtime", "enddate", "finished", "finishedat", "completed", "completedat", "updated", "updatedat",
            "lastupdatedat", "reportupdatedtime", "ended"),
    "attempts": ("attempts", "tries", "upgradetimes"),
    "download_failures": ("downloadfailures",),
    "install_failures": ("installfailures", "upgradefailures"),
    "refusals": ("refusals",),
    "cause": ("cause", "reason", "error", "message", "failurereason"),
    "signal": ("signal", "signaldbm", "rssi", "rssidbm", "rssimeandbm", "csq", "csqindex", "atcsq", "rssicsq",
               "signalcsq"),
    "battery": ("battery", "batterypct", "batterylevel", "batterystartpct", "soc", "charge"),
    "model": ("model", "module", "devicemodel", "devicetype", "product", "productmodel"),
    "hardware": ("hardware", "hw", "hardwareversion", "hardwarerevision"),
    "group": ("group", "batch", "site"),
    "cell": ("cell", "cellid"),
    "size": ("size", "sizeb", "bytes"),
}  # fmt: skip
"""What columns mean, by what they are usually called, in small letters and digits."""

_ELSEWHERE: Final[Mapping[str, tuple[str, ...]]] = {
    "device": ("gerat", "geraet", "gerateid", "geraeteid", "geratename", "seriennummer", "设备", "设备id", "设备名称"),
    "status": ("zustand", "ergebnis", "状态", "升级状态"),
    "offered": ("angeboten",),
    "contact": ("erstkontakt",),
    "start": ("beginn", "gestartet", "begonnen", "开始时间"),
    "end": ("ende", "beendet", "abgeschlossen", "结束时间", "完成时间"),
    "attempts": ("versuche",),
    "cause": ("ursache", "grund", "fehler", "原因", "失败原因"),
    "signal": ("signalstarke", "empfang", "信号", "信号强度"),
    "battery": ("akku", "akkustand", "batterie", "batteriestand", "电量"),
    "model": ("modell", "gerattyp", "geratetyp"),
    "group": ("gruppe", "standort"),
    "cell": ("zelle", "zellid"),
}  # fmt: skip
"""The same in German and Chinese, without dots above letters; English names count before them."""
_TIMES: Final = ("offered", "contact", "confirmed", "download", "downloaded", "start", "end")

_WORDS: Final = {
    **{str(end).replace("_", " "): end for end in End},
    **{str(end): end for end in End},
    **dict.fromkeys(("success", "successful", "ok", "upgraded", "updated", "completed", "done"), End.SUCCEEDED),
    **dict.fromkeys(("fail", "failure", "error"), End.FAILED),
    **dict.fromkeys(("download failed", "download error"), End.FAILED_DOWNLOAD),
    **dict.fromkeys(("install failed", "installation failed", "flash failed", "verify failed"), End.FAILED_INSTALL),
    **dict.fromkeys(("rollback", "rolledback", "reverted"), End.ROLLED_BACK),
    **dict.fromkeys(("timeout", "timed-out", "timedout"), End.TIMED_OUT),
    **dict.fromkeys(("canceled", "aborted", "stopped", "removed"), End.CANCELLED),
    **dict.fromkeys(("rejected", "declined"), End.REFUSED),
    **dict.fromkeys(("in progress", "in_progress", "started", "processing", "running"), End.UNDER_WAY),
    **dict.fromkeys(("offline", "not reached", "never seen", "queued", "not started"), End.NEVER_REACHED),
    **dict.fromkeys(("already on target", "no update required", "up to date", "incompatible"), End.NOT_APPLICABLE),
}
"""Words of spreadsheets; ``pending`` and others that could be several things are left to the user."""

_VENDOR: Final = {
    "plan not received": End.NEVER_REACHED,
    "plan received": End.WAITING,
    "upgrade confirmed": End.UNDER_WAY,
    "ready to download": End.DOWNLOADING,
    "downloading": End.DOWNLOADING,
    "download failed": End.FAILED_DOWNLOAD,
    "download succeeded": End.INSTALLING,
    "upgrading": End.INSTALLING,
    "upgrade failed": End.FAILED,
    "upgrade succeeded": End.SUCCEEDED,
    "no update required": End.NOT_APPLICABLE,
    "expired upgrade plan": End.CANCELLED,
    "not upgraded": End.WAITING,
    "upgraded": End.SUCCEEDED,
    "start": End.WAITING,
    "confirm": End.UNDER_WAY,
    "confirmed by device": End.UNDER_WAY,
    "download": End.DOWNLOADING,
    "success": End.SUCCEEDED,
    "fail": End.FAILED,
}
"""The Developer Center's words of 2025 and 2022, of components and of devices. ``Start`` is both before and after the
plan is received; a row with it is reached where it has a time of contact."""
_SIZES: Final = {"kb": "kB", "mb": "MB", "kib": "KiB", "mib": "MiB"}
"""Units that the name of a column of sizes may say, in small letters."""
_PROBE_ROWS = 200
_WORTH_NAMING = ("status", "offered", "contact", "end", "signal", "battery")
"""What of a history is worth a look among columns that are not read."""


_DURATIONS: Final = ("duration", "elapsed", "took", "timetaken")
"""How columns begin, in small letters and digits, that say how long something took: a download, an attempt or all, with
its waiting or without. Where both ends have times they add nothing; where one has none, nothing tells which it was."""


def _places(opened: Opened, columns: Mapping[str, str]) -> dict[str, int]:
    """Where each role stands; a column that the user names counts before its usual names."""
    found: dict[str, int] = {}
    for role, name in columns.items():
        if role not in ROLES:
            raise opened.wrong(f"--columns {role}={name}: there is no {role}; there are {', '.join(ROLES)}")
        if name not in opened.header:
            raise opened.wrong(f"--columns {role}={name}: it has no column {name!r}; it has {', '.join(opened.header)}")
        found[role] = opened.header.index(name)
    squeezed = opened.squeezed
    usual = [(role, name) for names in (ROLES, _ELSEWHERE) for role in names for name in names[role]]
    for role, name in usual:
        if role not in found and name in squeezed and squeezed.index(name) not in found.values():
            found[role] = squeezed.index(name)
    return found


def _is_sheet(opened: Opened) -> bool:
    return not opened.is_json and "device" in (found := _places(opened, {})) and len(found) > 1


def _is_vendor(opened: Opened) -> bool:
    if not _is_sheet(opened):
        return False
    status = _places(opened, {}).get("status")
    if status is None:
        return False
    words = {cells[status].lower() for _, (_, cells) in zip(range(_PROBE_ROWS), opened.rows(), strict=False)
             if len(cells) > status}  # fmt: skip
    return len(words & set(_VENDOR)) > len(words & set(_WORDS))  # also with a word that neither of them knows


def _read_sheet(opened: Opened, rows: Rows) -> None:
    _read(opened, rows, _WORDS)


def _read_vendor(opened: Opened, rows: Rows) -> None:
    _read(opened, rows, _VENDOR)


def _read(opened: Opened, rows: Rows, words: Mapping[str, End]) -> None:
    place = _places(opened, rows.named)
    if "device" not in place:
        raise opened.wrong(f"no column names the devices; say which: --columns device=..., of {listed(opened.header)}")
    width = len(opened.header)
    _say_unread(opened, rows, place)
    if "status" not in place:
        rows.no_status.append((opened.name, opened.header))
    is_csq = "signal" in place and "csq" in opened.squeezed[place["signal"]]
    start = "contact" if "contact" not in place else "download" if "download" not in place else ""
    size_unit = _SIZES.get(unit_of(opened.header[place["size"]]), "") if "size" in place else ""
    for line, cells in opened.rows():
        if len(cells) < width:
            rows.left_out.add("half a row: it has fewer cells than the line of column names", opened.name, line)
            continue
        said = {role: "" if role in _TIMES and says_no_time(cells[at]) else cells[at] for role, at in place.items()}
        device = said["device"]
        if not rows.names_a_device(opened.name, line, device):  # its status would be a word that nobody knows
            continue
        rows.describe(
            device,
            signal_dBm=_of_csq(said["signal"]) if is_csq else said.get("signal"),
            battery_pct=said.get("battery"),
            **{name: said.get(name) for name in ("model", "hardware", "group", "cell")},
        )
        if "status" not in place:
            continue
        ended = rows.vocabulary.end(said["status"], words, opened.name, line)
        contact = said.get("contact") or said.get("confirmed") or (said.get("start") if start == "contact" else "")
        if ended is End.WAITING and said["status"].lower() == "start" and not contact:
            ended = End.NEVER_REACHED
        rows.add(
            opened.name,
            line,
            device,
            ended,
            offered_s=said.get("offered"),
            contact_s=contact,
            download_s=said.get("download") or (said.get("start") if start == "download" else ""),
            downloaded_s=said.get("downloaded"),
            ended_s=said.get("end"),
            attempts=said.get("attempts") or None,
            download_failures=said.get("download_failures") or None,
            install_failures=said.get("install_failures") or None,
            refusals=said.get("refusals") or None,
            size_B=_with_unit(said.get("size", ""), size_unit) or None,
            cause=said.get("cause"),
        )


def _say_unread(opened: Opened, rows: Rows, place: Mapping[str, int]) -> None:
    """Which columns of a table nothing is taken from."""
    read = {opened.header[at] for at in place.values()}
    unread = [name for at, name in enumerate(opened.header) if name and at not in place.values() and name not in read]
    for name in sorted(each for each in read if opened.header.count(each) > 1):
        count = opened.header.count(name)
        rows.left_out.note(f"{opened.name}: {count} columns are called {quoted(name, 30)}; the first is read.")
    if unread:
        of = listed([quoted(name, 30) for name in unread])
        missing = [role for role in _WORTH_NAMING if role not in place and (role != "contact" or "start" not in place)]
        how = f" Where one says {listed(missing)}, name it: --columns {missing[0]}=COLUMN." if missing else ""
        rows.left_out.note(f"{opened.name}: nothing is read from {of}.{how}")
    long = [
        quoted(name, 30)
        for at, (name, squeezed) in enumerate(zip(opened.header, opened.squeezed, strict=True))
        if squeezed.startswith(_DURATIONS) and at not in place.values()
    ]
    if long:
        both = {"start", "end"} <= place.keys()
        does = "the times of start and end do" if both else "times would: name them, --columns start=COLUMN end=COLUMN"
        rows.left_out.note(f"{opened.name}: {listed(long)} says how long it took, and not what; {does}.")


def _of_csq(cell: str) -> float | str | None:
    """A level in dBm of what AT+CSQ answered; what is no answer of it as it is, to be told."""
    if not cell or is_nothing(cell):
        return None
    try:
        level: float | None = value_of("rssi", cell, "csq")
    except CellError:
        return cell
    return level


def _with_unit(cell: str, unit: str) -> str:
    """A size with the unit that its column's name says, where it says none itself."""
    return f"{cell}{unit}" if cell[-1:].isdecimal() else cell


SPREADSHEET = Reader("spreadsheet", "a spreadsheet of devices", _is_sheet, View(own_words=True), _read_sheet)
VENDOR = Reader(
    "quecthing", "the monitoring rows of the vendor's Developer Center", _is_vendor, MONITORED, _read_vendor
)
